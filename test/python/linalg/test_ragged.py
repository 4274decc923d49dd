"""Products of groups of unequal sizes (chlo.ragged_dot), against JAX."""

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pytest
from jax import lax

from cegm import native

RANDOM = np.random.default_rng(0)


def normal(*shape, dtype=np.float32):
    return RANDOM.normal(size=shape).astype(dtype)


def assert_matches(function, *args, ragged: int, tolerance: float = 1e-5) -> None:
    """Compares with JAX on CPU what JAX writes for TPU, which keeps the ragged
    products: so many of them."""
    lowered = jax.jit(function).trace(*args).lower(lowering_platforms=("tpu",))
    text = lowered.as_text()
    assert text.count('"chlo.ragged_dot"') == ragged
    wanted = jax.tree.leaves(jax.jit(function)(*args))
    got = native.compile(text)(*args)
    for number, (a, b) in enumerate(zip(got, wanted, strict=True)):
        b = np.asarray(b)
        assert a.dtype == b.dtype and a.shape == b.shape
        np.testing.assert_allclose(
            a.astype(np.float64), b.astype(np.float64), tolerance, tolerance, err_msg=number
        )


# The sizes fill the rows, leave some, or have empty groups; one is all.
SIZES = [[2, 1, 4], [2, 0, 3], [0, 0, 0], [0, 7, 0]]


def test_rows_and_contracted():
    """The product and both of its gradients: a ragged dimension of rows, and one
    that is contracted."""

    def function(x, w, *sizes):
        for size in sizes:
            y, gradients = jax.vjp(lambda x, w: lax.ragged_dot(x, w, size), x, w)
            yield y
            yield from gradients(jnp.sin(y))

    sizes = np.array(SIZES, np.int32)
    assert_matches(lambda *args: list(function(*args)), normal(7, 4), normal(3, 4, 5), *sizes,
                   ragged=12)  # fmt: skip


def test_batch_of_sizes():
    """Sizes that differ from one element of the batch to the next."""

    def function(x, w, sizes):
        y, gradients = jax.vjp(lambda *a: jax.vmap(lax.ragged_dot)(*a, sizes), x, w)
        return [y, *gradients(jnp.cos(y))]

    sizes = np.array(SIZES, np.int32)
    assert_matches(function, normal(4, 7, 2), normal(4, 3, 2, 5), sizes, ragged=3)


def test_other_dimension_orders():
    def function(x, w, y, sizes):
        # Rows before the ragged ones, and none of the weight's dimensions in order.
        numbers = lax.RaggedDotDimensionNumbers((((0,), (2,)), ((), ())), [2], [1])
        yield lax.ragged_dot_general(x, w, sizes, numbers)
        # Contracted in two dimensions, with a batch.
        numbers = lax.RaggedDotDimensionNumbers((((1, 2), (0, 1)), ((), ())), [2], [])
        yield lax.ragged_dot_general(x, y, sizes, numbers)

    args = normal(4, 3, 7), normal(5, 3, 4, 2), normal(3, 7, 2)
    sizes = np.array([3, 1, 2], np.int32)
    assert_matches(lambda *a: list(function(*a)), *args, sizes, ragged=2)


def test_groups_of_a_batch():
    def function(x, w, sizes):
        numbers = lax.RaggedDotDimensionNumbers((((2,), (1,)), ((0,), (0,))), [0], [])
        return [lax.ragged_dot_general(x, w, sizes, numbers)]

    sizes = np.array([2, 1, 3], np.int32)
    assert_matches(function, normal(6, 3, 4), normal(6, 4, 5), sizes, ragged=1)


@pytest.mark.parametrize("dtype", [ml_dtypes.bfloat16, np.int32])
def test_other_types(dtype):
    def function(x, w, sizes):
        yield lax.ragged_dot(x, w, sizes)
        yield lax.ragged_dot(x, w, sizes, preferred_element_type=jnp.float32)

    x, w = normal(6, 16) * 8, normal(3, 16, 4) * 8
    preferred = 2 if dtype != np.int32 else 1
    assert_matches(
        lambda *a: list(function(*a))[:preferred], x.astype(dtype), w.astype(dtype),
        np.array([1, 3, 2], np.int32), ragged=preferred, tolerance=2**-7,
    )  # fmt: skip


def test_sizes_beyond_the_rows():
    """What is not there is not multiplied."""
    x, w = normal(5, 4), normal(3, 4, 2)
    lowered = jax.jit(lax.ragged_dot).trace(x, w, np.zeros(3, np.int32))
    run = native.compile(lowered.lower(lowering_platforms=("tpu",)).as_text())
    for sizes, cut in [([3, 9, 2], [3, 2, 0]), ([-4, 2, 2], [0, 2, 2])]:
        (got,) = run(x, w, np.array(sizes, np.int32))
        (wanted,) = run(x, w, np.array(cut, np.int32))
        np.testing.assert_array_equal(got, wanted)
