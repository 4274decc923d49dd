"""Shapes that are known at run time only, by way of linalg, against JAX."""

import jax
import jax.export
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from cegm import native

RANDOM = np.random.default_rng(0)


def normal(*shape):
    return RANDOM.normal(size=shape).astype(np.float32)


def assert_matches(function, shapes, *calls, constraints=(), tolerance=1e-5):
    """One program for all calls. `shapes` are those of the arguments, with letters
    for what is not known (1 at least), which fulfils the constraints; `calls` are lists of
    arguments."""
    scope = jax.export.SymbolicScope(constraints)
    specifications = [
        jax.ShapeDtypeStruct(jax.export.symbolic_shape(shape, scope=scope), x.dtype)
        for shape, x in zip(shapes, calls[0], strict=True)
    ]
    exported = jax.export.export(jax.jit(function))(*specifications)
    run = native.compile(exported.mlir_module())
    for args in calls:
        wanted = jax.tree.leaves(jax.jit(function)(*args))
        for number, (a, b) in enumerate(zip(run(*args), wanted, strict=True)):
            b = np.asarray(b)
            assert a.dtype == b.dtype and a.shape == b.shape, f"result {number}"
            np.testing.assert_allclose(a, b, tolerance, tolerance, err_msg=f"result {number}")


def test_pads():
    def function(x):
        yield lax.pad(x, 1.5, [(1, 2, 0), (0, 1, 2)])
        yield lax.pad(x, 0.0, [(-2, 1, 1), (3, -3, 2)])
        yield lax.pad(x, 0.0, [(-1, -1, 3), (0, 0, 0)])

    calls = [[normal(n, m)] for n, m in [(6, 5), (2, 1), (3, 8)]]
    assert_matches(lambda x: list(function(x)), ["n, m"], *calls, constraints=["n >= 2"])


def test_gathers_and_scatters():
    """Indices of an unknown number, some outside, into an unknown number of rows."""

    def function(x, i, v, u):
        yield from (x[i], x[i, i % 4], jnp.take(x, i, axis=0, mode="clip"))
        yield x.at[i].get(mode="fill", fill_value=-1.0)
        yield from (x.at[i].add(v), x.at[i].set(v, mode="drop"), x.at[i, 1].max(u))
        yield from (x.at[:, i].add(2.0), x.at[i].multiply(v, mode="clip"))
        yield jax.grad(lambda x: jnp.sum(x[i] ** 2 * v))(x)

    def call(rows, count):
        i = RANDOM.integers(-rows - 2, rows + 3, count).astype(np.int32)
        return [normal(rows, 4), i, normal(count, 4), normal(count)]

    calls = [call(6, 5), call(3, 1), call(4, 9)]
    assert_matches(lambda *args: list(function(*args)), ["n, 4", "k", "k, 4", "k"], *calls)


def test_scatters_of_long_rows():
    """Windows of a size that is not known."""

    def function(x, i, v):
        yield from (x.at[i].add(v), x.at[i].set(v, mode="drop"), x.at[:, i].add(v.T))

    def call(size, count):
        i = RANDOM.integers(-size - 2, size + 3, count).astype(np.int32)
        return [normal(size, size), i, normal(count, size)]

    calls = [call(6, 5), call(1, 3)]
    assert_matches(lambda *args: list(function(*args)), ["n, n", "k", "k, n"], *calls)


def test_windows_of_scatters_and_gathers():
    """Windows that lie partly outside an unknown number of elements."""
    scattering = lax.ScatterDimensionNumbers((1,), (), (0,))
    gathering = lax.GatherDimensionNumbers((1,), (), (0,))

    def function(x, i, v):
        yield lax.scatter_add(x, i, v, scattering, mode=lax.GatherScatterMode.FILL_OR_DROP)
        yield lax.gather(x, i, gathering, (3,), mode=lax.GatherScatterMode.CLIP)

    calls = [
        [normal(n), RANDOM.integers(-2, n + 2, (k, 1)).astype(np.int32), normal(k, 3)]
        for n, k in [(8, 6), (3, 4)]
    ]
    assert_matches(lambda *args: list(function(*args)), ["n", "k, 1", "k, 3"], *calls,
                   constraints=["n >= 3"])  # fmt: skip


CONVOLUTIONS = [
    # kernel, layouts, shape, keywords
    ((3, 2, 3, 5), ("NHWC", "HWIO", "NHWC"), "b, 8, 7, 3", {"window_strides": (2, 1)}),
    ((3, 2, 3, 5), ("NHWC", "HWIO", "NHWC"), "b, h, w, 3", {"rhs_dilation": (2, 1)}),
    ((5, 3, 3, 2), ("NCHW", "OIHW", "NCHW"), "b, 3, h, w", {"window_strides": (2, 3)}),
    ((5, 3, 3, 2), ("NCHW", "OIHW", "NHWC"), "b, 3, h, w", {"lhs_dilation": (1, 2)}),
    ((3, 2, 1, 6), ("NHWC", "HWIO", "NHWC"), "b, h, 7, 3", {"feature_group_count": 3}),
]


@pytest.mark.parametrize("kernel, layouts, shape, options", CONVOLUTIONS)
def test_convolutions(kernel, layouts, shape, options):
    """Batch and positions of unknown size, with and without groups, and the
    gradients, where the batch is contracted."""
    options = {"window_strides": (1, 1)} | options

    def convolve(x, k):
        numbers = lax.conv_dimension_numbers(x.shape, k.shape, layouts)
        return lax.conv_general_dilated(
            x, k, padding=[(1, 2), (0, 1)], dimension_numbers=numbers, **options
        )

    def function(x, k):
        yield convolve(x, k)
        # A gradient of unknown positions pads by unknown amounts.
        if "w" not in shape and "h" not in shape:
            yield jax.grad(lambda x, k: jnp.sum(convolve(x, k) ** 2), argnums=(0, 1))(x, k)

    letters = {"b": 2, "h": 8, "w": 7}
    calls = []
    for change in ({}, {"b": 1, "h": 5, "w": 9}, {"b": 3, "h": 11, "w": 4}):
        sizes = letters | change
        x = normal(*(sizes.get(part.strip()) or int(part) for part in shape.split(",")))
        calls.append([x, normal(*kernel)])
    assert_matches(
        lambda x, k: list(function(x, k)), [shape, ", ".join(map(str, kernel))], *calls,
        tolerance=1e-4,
    )  # fmt: skip


def test_shapes():
    """Ops whose operands are sizes: iota, reshape, broadcast, slice."""

    def function(x, y):
        n, m = x.shape
        yield from (jnp.arange(n) + 1, lax.broadcasted_iota(jnp.float32, (n, m), 1))
        yield from (x.reshape(-1), x.reshape(m, n), jnp.broadcast_to(y, (3, n, m)))
        yield from (jnp.full((m, 2), 7.0), lax.slice(x, (1, 0), (n, m)), lax.rev(x, (0, 1)))
        yield from (lax.slice(x, (0, 0), (n - 1, m), (1, 2)), jnp.concatenate([x, x * 2]), x.T + 1)
        yield from (jnp.sum(x, 0), jnp.max(x), jnp.mean(x, 1), x + y, jnp.float32(n * m))

    calls = [[normal(n, m), normal(1, m)] for n, m in [(4, 5), (2, 1), (1, 3)]]
    assert_matches(lambda x, y: list(function(x, y)), ["n, m", "1, m"], *calls,
                   constraints=["n >= 1", "m >= 1"])  # fmt: skip


def test_parts_at_computed_places():
    def function(x, y, i):
        for start in (i, i + 100, i - 100):
            yield lax.dynamic_slice(x, (start, start), (2, 1))
            yield lax.dynamic_slice(x, (start, 0), (2, 3))
            yield lax.dynamic_update_slice(x, y * 3, (start, start))

    calls = [[normal(n, m), normal(2, 3), np.int32(i)]
             for n, m, i in [(6, 5, 2), (2, 3, 0), (3, 4, 1)]]  # fmt: skip
    assert_matches(
        lambda *args: list(function(*args)), ["n, m", "2, 3", ""], *calls,
        constraints=["n >= 2", "m >= 3"],
    )  # fmt: skip


def test_sorting():
    """Rows of a length that is not known, and an unknown number of rows."""

    def function(x):
        yield from (jnp.sort(x), jnp.sort(x, 0), lax.sort((x % 1, x), num_keys=1))
        yield from (jnp.sort(x.reshape(-1)), jnp.argsort(x, descending=True))

    calls = [[normal(n, m).round(1)] for n, m in [(3, 37), (1, 1), (2, 2), (5, 64), (4, 65)]]
    assert_matches(lambda x: list(function(x)), ["n, m"], *calls)
    calls = [[normal(n, 9).round(1)] for n in (1, 4)]
    assert_matches(lambda x: lax.top_k(x, 3), ["n, 9"], *calls)


@pytest.mark.parametrize("rows, columns", [(0, 3), (3, 0), (1, 1), (2, 5)])
def test_sizes_of_zero(rows, columns):
    """Without the assertion of JAX that there is something."""
    text = """
func.func public @main(%x: tensor<?x?xf32>, %i: tensor<?x1xi32>, %v: tensor<?x?xf32>)
    -> (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x3xf32>) {
  %s = "stablehlo.sort"(%x) <{dimension = 1 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %0 = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %0 : tensor<i1>
  }) : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %u = "stablehlo.scatter"(%x, %i, %v) <{scatter_dimension_numbers = #stablehlo.scatter<
      update_window_dims = [1], inserted_window_dims = [0],
      scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %0 = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %0 : tensor<f32>
  }) : (tensor<?x?xf32>, tensor<?x1xi32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %c = stablehlo.constant dense<7.0> : tensor<f32>
  %p = stablehlo.pad %x, %c, low = [1, 2], high = [0, 1], interior = [2, 0]
      : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %q = stablehlo.slice %p [0:1, 0:3] : (tensor<?x?xf32>) -> tensor<1x3xf32>
  %r = tensor.cast %q : tensor<1x3xf32> to tensor<?x3xf32>
  return %s, %u, %r : tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x3xf32>
}"""
    x = normal(rows, columns)
    i = np.array([[0], [rows], [-1]], np.int32)
    v = normal(3, columns)
    ordered, updated, padded = native.compile(text)(x, i, v)
    np.testing.assert_array_equal(ordered, np.sort(x))
    if rows:
        x[0] += v[0]
    np.testing.assert_array_equal(updated, x)
    np.testing.assert_array_equal(padded, [[7, 7, 7]])


SIZES = [(3, 4), (1, 1), (5, 2)]


def test_products():
    """Matrices, batches, vectors and products without a sum."""

    def function(x, y, w):
        yield from (x @ w, x.T @ x, x @ x.T, jnp.outer(x[:, 0], y[0]), jnp.vdot(x, x))
        yield from (jnp.einsum("nm,nk->nmk", x, y), jnp.einsum("nm,nm->n", x, x))
        yield lax.dot_general(
            x.astype(jnp.bfloat16), w.astype(jnp.bfloat16), (((1,), (0,)), ((), ())),
            preferred_element_type=jnp.float32,
        )  # fmt: skip

    calls = [[normal(n, m), normal(n, m + 1), normal(m, 7)] for n, m in SIZES]
    assert_matches(
        lambda *args: list(function(*args)), ["n, m", "n, k", "m, 7"], *calls, tolerance=1e-4
    )


def test_attention():
    """Heads beside the batch, and the gradient of a projection."""

    def function(x, w):
        q = jnp.einsum("bsd,dhk->bshk", x, w)
        scores = jax.nn.softmax(jnp.einsum("bshk,bthk->bhst", q, q))
        yield jnp.einsum("bhst,bthk->bshk", scores, q)
        yield jax.grad(lambda w: jnp.sum(jnp.einsum("bsd,dhk->bshk", x, w) ** 2))(w)

    calls = [[normal(b, s, 6), normal(6, 2, 3)] for b, s in SIZES]
    assert_matches(lambda *args: list(function(*args)), ["b, s, 6", "6, 2, 3"], *calls)


def test_computed_pads_and_slices():
    """Padding by sizes, gradients of slices, slices of a size that is computed."""

    def function(x, i):
        yield jnp.pad(x, ((0, x.shape[1]), (x.shape[0], 0)), constant_values=1.5)
        yield lax.pad(x, 1.0, [(x.shape[0] - 2, 0, 1), (0, -1, 0)])
        yield from (x[:, :-1], x[:, i], jnp.take(x, i, axis=1))
        yield jax.grad(lambda x: jnp.sum(x[:-1] * x[1:]) + jnp.sum(x[::2] ** 2))(x)
        yield jax.grad(lambda x: jnp.sum(x[:, i] ** 2))(x)

    calls = [[normal(n, m), np.array([0, m - 1, -1], np.int32)] for n, m in [(3, 4), (2, 2), (5, 3)]]
    assert_matches(
        lambda *args: list(function(*args)), ["n, m", "3"], *calls,
        constraints=["n >= 2", "m >= 2"],
    )  # fmt: skip


def test_pads_between_and_inwards():
    """Amounts that are arguments: elements that are removed, and space between."""
    text = """
func.func @main(%x: tensor<?x3xf32>, %v: tensor<f32>, %low: tensor<2xi32>, %high: tensor<2xi32>,
                %interior: tensor<2xi32>) -> tensor<?x?xf32> {
  %0 = stablehlo.dynamic_pad %x, %v, %low, %high, %interior : (tensor<?x3xf32>, tensor<f32>,
      tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}"""
    run = native.compile(text)
    for rows, *amounts in [
        (4, (-1, 2), (3, -1), (2, 0)),
        (1, (0, -2), (0, 0), (1, 3)),
        (0, (2, 1), (0, 1), (1, 1)),
        (5, (-2, -1), (-2, -1), (0, 1)),
    ]:
        x = normal(rows, 3)
        (got,) = run(x, np.float32(7), *(np.array(amount, np.int32) for amount in amounts))
        wanted = lax.pad(x, np.float32(7), list(zip(*amounts, strict=True)))
        np.testing.assert_array_equal(got, wanted)
