"""Nothing, one element, NaN and infinities, places outside: edges of many ops."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from linalg_comparison import assert_matches

_NAN, _INF = np.nan, np.inf


def test_nothing():
    """Tensors without elements, as operands and as results."""

    def function(x, none, no_rows, no_columns, no_indices):
        yield from (jnp.sort(none), jnp.sort(no_rows), jnp.sort(no_columns), jnp.argsort(none))
        yield lax.top_k(x, 0)
        yield lax.top_k(no_rows, 2)
        yield from (x[no_indices], no_rows[no_indices], x.at[no_indices].add(1.0))
        yield from (x.at[no_indices].set(no_rows), lax.pad(no_rows, 2.0, [(1, 1, 1), (0, 1, 0)]))
        yield from (no_rows @ x.T, x @ no_rows.T, no_columns @ no_columns.T, x.T @ no_columns)
        yield from (jnp.sum(no_rows, 0), jnp.sum(no_columns, 1), lax.reduce_max(no_columns, (1,)))
        yield from (jnp.prod(none), jnp.concatenate([no_rows, no_rows]), lax.rev(none, (0,)))
        yield from (jnp.fft.fft(no_rows.astype(jnp.complex64)), jnp.fft.rfft(no_rows))
        yield lax.dynamic_slice(x, (3, 1), (0, 2))
        yield lax.dynamic_update_slice(x, no_rows, (3, 0))
        yield lax.fori_loop(0, 0, lambda i, c: c + 1, x)
        yield lax.scan(lambda c, row: (c + 1, row * 2), x[0], no_rows)
        numbers = lax.conv_dimension_numbers((0, 5, 1), (2, 1, 3), ("NHC", "HIO", "NHC"))
        images, kernel = jnp.zeros((0, 5, 1)), jnp.ones((2, 1, 3))
        yield lax.conv_general_dilated(images, kernel, (1,), "VALID", dimension_numbers=numbers)
        yield lax.ragged_dot(no_rows, jnp.ones((2, 4, 3)), jnp.zeros(2, jnp.int32))

    shapes = [(3, 4), (0,), (0, 4), (3, 0)]
    arrays = [np.arange(np.prod(shape)).reshape(shape).astype(np.float32) for shape in shapes]
    assert_matches(lambda *args: list(function(*args)), *arrays, np.zeros(0, np.int32))


def test_one_element():
    def function(x, i):
        yield from (jnp.sort(x), jnp.argsort(x), x[i], x.at[i].add(2.0), x.at[i].get(mode="clip"))
        yield lax.top_k(x, 1)
        yield lax.dynamic_slice(x, (i[0],), (1,))
        yield lax.dynamic_update_slice(x, x * 2, (i[1],))
        yield from (jnp.sum(x), jnp.argmax(x), x @ x, jnp.outer(x, x), lax.rev(x, (0,)))
        yield from (lax.pad(x, 0.0, [(-1, 0, 5)]), lax.pad(x, 1.0, [(1, 1, 3)]))
        yield jnp.fft.fft(x + 0j)
        yield lax.reduce_window(x, -_INF, lax.max, (3,), (2,), "SAME")
        yield lax.scan(lambda c, e: (c * e, c), x[0], x)

    places = np.array([0, 5, -1, -7], np.int32)
    assert_matches(lambda x, i: list(function(x, i)), np.array([3.0], np.float32), places)


def test_numbers_that_are_not():
    """Extrema, sums, orders and products with NaN and infinities."""
    values = [1.0, _NAN, -_INF, _INF, -0.0, 0.0, -_NAN, 3e38, -3e38]
    x = np.array(values, np.float32)

    def function(x):
        square = jnp.outer(x, jnp.ones(9))
        yield from (jnp.max(x), jnp.min(x), jnp.max(square, 1), jnp.min(square, 0))
        yield from (jnp.argmax(x), jnp.argmin(x), jnp.argmax(x[2:6]), jnp.argmin(x[2:6]))
        yield from (jnp.sum(x), jnp.sum(x[2:4]), jnp.sum(x[4:6]), jnp.prod(x[3:]))
        yield from (jnp.sort(x), jnp.sort(x, descending=True), lax.top_k(x, 4), jnp.argsort(x))
        yield from (x[:3] @ x[:3], jnp.outer(x, x), square.at[0].max(x), square.at[1].min(x))
        yield from (jnp.clip(x, -1, 1), jax.nn.softmax(x[4:]), jax.nn.relu(x), lax.cummax(x))
        yield lax.clamp(jnp.float32(-_INF), x, jnp.float32(_INF))

    assert_matches(lambda x: list(function(x)), x)


def test_places_outside():
    """Reads move inside or give a filling, writes are left out."""

    def function(x, i, j):
        yield from (x.at[i].get(mode=mode) for mode in ("clip", "fill"))
        yield from (x.at[i, j].get(mode=mode) for mode in ("clip", "fill"))
        yield from (x.at[i].set(7.0, mode=mode) for mode in ("clip", "drop"))
        yield from (x.at[i, j].add(1.0, mode=mode) for mode in ("clip", "drop"))
        yield jnp.take_along_axis(x, j[:5, None] % 3, 1)
        for start in (-100, -1, 0, 2, 3, 100):
            yield lax.dynamic_slice(x, (start + i[0] * 0, 1), (3, 2))
            yield lax.dynamic_update_slice(x, x[:3, :2] * 2, (start + i[0] * 0, -1))

    x = np.arange(15, dtype=np.float32).reshape(5, 3)
    largest = np.iinfo(np.int32)
    i = np.array([0, 4, 5, -1, -5, -6, 99, largest.max, largest.min], np.int32)
    j = np.array([3, 2, 0, -3, -4, 1, 1, 0, 2], np.int32)
    assert_matches(lambda *args: list(function(*args)), x, i, j)
