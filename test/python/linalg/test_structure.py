"""Shapes, parts, indexing, reductions and products by way of linalg, against JAX."""

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pytest
from jax import lax

from linalg_comparison import assert_matches

RANDOM = np.random.default_rng(0)


def normal(*shape, dtype=np.float32):
    return RANDOM.normal(size=shape).astype(dtype)


def test_shapes():
    def function(x, s):
        yield lax.broadcast_in_dim(x, (2, 3, 5, 4), (1, 3))
        yield lax.broadcast_in_dim(x[:1], (3, 4), (0, 1))
        yield lax.broadcast_in_dim(x, (4, 3), (1, 0))
        yield lax.broadcast_in_dim(x, (3, 1, 4), (0, 2))
        yield lax.broadcast_in_dim(s, (2, 2), ())
        yield from (x.reshape(2, 6), x.reshape(12), x.reshape(1, 3, 4, 1), x[:1, :1].reshape(()))
        yield x.reshape(2, 2, 3).transpose(2, 0, 1)
        yield from (x.T + 1, lax.rev(x, (0,)), lax.rev(x, (0, 1)) * 2)
        yield from (lax.broadcasted_iota(jnp.int32, (3, 4), 1), lax.iota(jnp.float32, 5))
        yield from (jnp.array([[1, 2], [3, 4]], jnp.uint8), jnp.full((2, 3), 7.0))

    assert_matches(lambda x, s: list(function(x, s)), normal(3, 4), np.float32(2))


def test_parts():
    def function(x, i, u):
        yield from (x[1:5:3, 2:], x[:0], lax.slice(x, (0, 1), (6, 4), (2, 2)))
        yield lax.concatenate([x, x[:2] * 2, x[:0]], 0)
        yield lax.concatenate([x, x[:, :1]], 1)
        yield lax.pad(x, 1.5, [(1, 2, 0), (0, 1, 2)])
        yield lax.pad(x, 0.0, [(-2, 1, 1), (3, -3, 2)])
        yield lax.pad(x, 0.0, [(-9, 9, 0), (0, 0, 0)])
        for start in (i, i + 100, i - 100):
            yield lax.dynamic_slice(x, (start, start), (2, 3))
            yield lax.dynamic_update_slice(x, x[:2, :3] * 3, (start, start))
        yield lax.dynamic_slice(x, (u, u), (2, 3)) + 5

    assert_matches(
        lambda x, i, u: list(function(x, i, u)), normal(6, 5), np.int32(2), np.uint32(3)
    )


PRODUCTS = [
    # shapes, contracting, batching
    ((4, 5), (5, 6), ((1,), (0,)), ((), ())),
    ((5, 4), (6, 5), ((0,), (1,)), ((), ())),
    ((2, 3, 4), (4, 5), ((2,), (0,)), ((), ())),
    ((2, 3, 4), (2, 3, 5), ((0, 1), (0, 1)), ((), ())),
    ((2, 3, 4), (3, 2, 5), ((0, 1), (1, 0)), ((), ())),
    ((3, 2, 4), (3, 4, 5), ((2,), (1,)), ((0,), (0,))),
    ((2, 6, 3, 4), (2, 5, 3, 4), ((3,), (3,)), ((0, 2), (0, 2))),
    ((2, 3, 6, 5), (2, 5, 3, 4), ((3,), (1,)), ((0, 1), (0, 2))),
    ((4,), (4,), ((0,), (0,)), ((), ())),
    ((4,), (4, 3), ((0,), (0,)), ((), ())),
    ((4,), (3,), ((), ()), ((), ())),
    ((2, 4), (2, 3), ((), ()), ((0,), (0,))),
    ((4, 0), (0, 3), ((1,), (0,)), ((), ())),
]


def test_products():
    operands = [(normal(*left), normal(*right)) for left, right, _, _ in PRODUCTS]

    def function(operands):
        for (x, y), (_, _, contracting, batching) in zip(operands, PRODUCTS):
            yield lax.dot_general(x, y, (contracting, batching))

    assert_matches(lambda operands: list(function(operands)), operands, tolerance=1e-5)


def test_products_of_other_types():
    def function(x, y, i, u):
        yield from (jnp.dot(x, y), jnp.dot(x, y, preferred_element_type=jnp.float32))
        yield from (jnp.dot(i, i), jnp.dot(u, u, preferred_element_type=jnp.int32))

    x, y = normal(8, 16, dtype=ml_dtypes.bfloat16), normal(16, 4, dtype=ml_dtypes.bfloat16)
    i = RANDOM.integers(-100, 100, (4, 4), np.int32)
    u = RANDOM.integers(0, 255, (4, 4)).astype(np.uint8)
    assert_matches(lambda *args: list(function(*args)), x, y, i, u, tolerance=2**-8)


def test_reductions():
    def function(x, i):
        yield from (jnp.sum(x), jnp.sum(x, 1), jnp.max(x, (0, 2)), jnp.min(x, 0), jnp.prod(x, 2))
        yield from (jnp.argmax(x, 1), jnp.argmin(x), jnp.any(x > 2), jnp.all(x > -9, 1))
        yield from (jnp.sum(i, 0), jnp.max(i), jnp.max(i.astype(jnp.uint32)))
        yield lax.reduce((x, i), (0.0, 1), lambda a, b: (a[0] + b[0], a[1] * b[1]), (0,))
        yield lax.reduce(x, 1.0, lambda a, b: jnp.where(a > b, a, b * 0.5), (1,))
        yield from (jnp.sum(x[:0]), jnp.max(x[:0], 0, initial=-1.0), lax.reduce_and(i, (0,)))
        yield jax.nn.logsumexp(x.at[0, 0, 0].set(jnp.nan), axis=0)

    x = normal(3, 4, 5)
    i = RANDOM.integers(-(2**30), 2**30, (3, 4, 5), np.int32)
    assert_matches(lambda x, i: list(function(x, i)), x, i, tolerance=1e-5)


def test_sums_of_narrow_floats():
    x = np.ones((3, 4096), ml_dtypes.bfloat16)
    assert_matches(lambda x: [lax.reduce_sum(x, (1,)), jnp.sum(x)], x)


def test_gathers_and_scatters():
    def function(x, i, v):
        yield from (x[i], x[:, i[:3]], x[i, i % 4], jnp.take(x, i, axis=1, mode="clip"))
        yield x.at[i].get(mode="fill", fill_value=-1.0)
        yield jnp.take_along_axis(x, i[:, None] % 4, 1)
        yield jax.vmap(lambda row, j: lax.dynamic_slice(row, (j,), (2,)))(x, i)
        yield from (x.at[i].add(v), x.at[i].set(v, mode="drop"), x.at[i, 1].max(v[:, 0]))
        yield from (x.at[:, i].add(2.0), x.at[i].multiply(v, mode="clip"))
        yield jax.vmap(lambda row, j, w: row.at[j].add(w))(x, i, v[:, 0])
        yield jax.vmap(lambda row, j: lax.dynamic_update_slice(row, row[:2] * 2, (j,)))(x, i)
        yield x.at[2].set(5.0)

    # Numbers below 0 count from the end; others lie outside.
    i = np.array([0, 3, 3, -1, 9, -20], np.int32)
    assert_matches(lambda *args: list(function(*args)), normal(6, 4), i, normal(6, 4))


def test_windows_that_lie_partly_outside():
    numbers = lax.ScatterDimensionNumbers((1,), (), (0,))
    gathering = lax.GatherDimensionNumbers((1,), (), (0,))

    def function(x, i, v):
        yield lax.scatter_add(x, i, v, numbers, mode=lax.GatherScatterMode.FILL_OR_DROP)
        yield lax.gather(x, i, gathering, (3,), mode=lax.GatherScatterMode.CLIP)
        yield lax.gather(x, i, gathering, (3,), mode=lax.GatherScatterMode.FILL_OR_DROP)

    i = np.array([[0], [6], [5], [7], [-1], [40]], np.int32)
    assert_matches(lambda *args: list(function(*args)), normal(8), i, normal(6, 3))


@pytest.mark.parametrize("dtype", [np.float32, np.int32, np.uint8])
def test_sorting(dtype):
    x = (normal(3, 37) * 50).astype(dtype)
    if dtype == np.float32:
        x[0, :6] = [np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0]

    def function(x):
        yield from (jnp.sort(x), jnp.sort(x, 0), jnp.argsort(x, descending=True))
        yield lax.sort((x, lax.iota(jnp.int32, 37) + x.astype(jnp.int32) * 0), num_keys=1)
        yield lax.sort((x % 3, x), num_keys=2)
        yield lax.top_k(x, 5)
        yield from (jnp.sort(x[:, :1]), jnp.sort(x[0, :2]))

    assert_matches(lambda x: list(function(x)), x)


def test_windows():
    def function(x):
        yield lax.reduce_window(x, -jnp.inf, lax.max, (1, 3, 2, 1), (1, 2, 1, 1), "SAME")
        yield lax.reduce_window(
            x, 0.0, lax.add, (1, 2, 2, 1), (1, 1, 1, 1), ((0, 0), (1, 0), (2, 1), (0, 0)),
            base_dilation=(1, 2, 1, 1), window_dilation=(1, 1, 3, 1),
        )  # fmt: skip
        yield from (jnp.cumsum(x, 1), jnp.cumprod(x, 2), lax.cummax(x, 1, reverse=True))
        yield from (jnp.cumsum(x[0, :, 0, 0]), lax.cumsum(x, 3, reverse=True))
        yield from (lax.cummin(x, 0), lax.cumlogsumexp(x, 2))
        yield jnp.cumsum(x.astype(jnp.int32), 2)

        def pooled(x):
            return lax.reduce_window(x, -jnp.inf, lax.max, (1, 3, 2, 1), (1, 2, 2, 1), "SAME")

        yield jax.grad(lambda x: jnp.sum(pooled(x) ** 2))(x)

    assert_matches(lambda x: list(function(x)), normal(2, 7, 6, 3), tolerance=1e-5)


CONVOLUTIONS = [
    # input, kernel, layouts, keywords
    ((2, 8, 7, 3), (3, 2, 3, 5), ("NHWC", "HWIO", "NHWC"), {}),
    ((2, 8, 7, 3), (3, 2, 3, 5), ("NHWC", "HWIO", "NHWC"), {"rhs_dilation": (2, 1)}),
    ((2, 3, 8, 7), (5, 3, 3, 2), ("NCHW", "OIHW", "NCHW"), {}),
    ((2, 3, 8, 7), (5, 3, 3, 2), ("NCHW", "OIHW", "NHWC"), {"lhs_dilation": (1, 2)}),
    ((2, 8, 4), (3, 2, 6), ("NHC", "HIO", "NHC"), {"feature_group_count": 2}),
    ((4, 8, 3), (3, 3, 6), ("NHC", "HIO", "NHC"), {"batch_group_count": 2}),
    ((2, 9, 4), (3, 4, 6), ("NHC", "HIO", "NHC"), {}),
    ((1, 4, 5, 3, 2), (2, 2, 2, 2, 3), ("NDHWC", "DHWIO", "NDHWC"), {}),
]


def test_convolutions():
    operands = [(normal(*left), normal(*right)) for left, right, _, _ in CONVOLUTIONS]

    def function(operands):
        for (x, k), (_, _, layouts, options) in zip(operands, CONVOLUTIONS):
            spatial = x.ndim - 2
            numbers = lax.conv_dimension_numbers(x.shape, k.shape, layouts)
            yield lax.conv_general_dilated(
                x, k, (2, 1, 1)[:spatial], [(1, 2), (0, 1), (-1, 1)][:spatial],
                dimension_numbers=numbers, **options,
            )  # fmt: skip
        x, k = operands[0]

        def loss(x, k):
            numbers = lax.conv_dimension_numbers(x.shape, k.shape, CONVOLUTIONS[0][2])
            y = lax.conv_general_dilated(x, k, (2, 1), "SAME", dimension_numbers=numbers)
            return jnp.sum(y**2)

        yield jax.grad(loss, argnums=(0, 1))(x, k)

    assert_matches(lambda operands: list(function(operands)), operands, tolerance=1e-4)


def test_control_flow():
    def function(x, n):
        yield lax.fori_loop(0, n, lambda i, c: c * 1.5 + i, x)
        yield lax.scan(lambda c, row: (c + row, c * row), x[0], x)
        yield lax.scan(lambda c, row: (c + row, c[0]), x[0], x, reverse=True)
        yield lax.while_loop(lambda c: jnp.sum(c) < 100, lambda c: c * 2 + 1, jnp.abs(x))
        yield lax.cond(n > 2, lambda c: (c * 2, jnp.sum(c)), lambda c: (c + 1, c[0, 0]), x)
        for index in (n - 9, n - 2, n + 9):
            yield lax.switch(index, [jnp.sin, jnp.cos, lambda c: c * 3], x)
        yield jax.checkpoint(lambda c: jnp.sin(jnp.sin(c)))(x)
        yield jax.grad(lambda c: jnp.sum(lax.scan(lambda s, r: (s * r, s), c[0], c)[1]))(x)

    assert_matches(
        lambda x, n: list(function(x, n)), normal(3, 4), np.int32(3), tolerance=1e-5
    )
