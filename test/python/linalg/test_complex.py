"""Complex numbers and Fourier transforms by way of linalg, against JAX."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from linalg_comparison import assert_matches

RANDOM = np.random.default_rng(0)


def normal(*shape, dtype=np.complex64):
    pair = RANDOM.normal(size=(2, *shape))
    return (pair[0] + 1j * pair[1]).astype(dtype)


TYPES = [(np.complex64, 1e-5), (np.complex128, 1e-12)]


@pytest.mark.parametrize("dtype, tolerance", TYPES)
def test_arithmetic(dtype, tolerance):
    def function(x, y):
        yield from (lax.real(x), lax.imag(x), lax.complex(lax.real(x), lax.imag(y)))
        yield from (x + y, x - y, x * y, x / y, -x, lax.abs(x), lax.sign(x), lax.conj(x))
        yield from (x == y, x != y, lax.select(lax.real(x) > 0, x, y), x[0] * y[1])
        yield from (x.real.astype(dtype), x.astype(np.complex64), jnp.full((3,), 1 + 2j, dtype))
        yield from (jnp.array([1j, 2], dtype) * y[:2], x.reshape(3, 4).T + 1, jnp.square(x))

    x, y = normal(12, dtype=dtype), normal(12, dtype=dtype)
    y[3] = x[3]
    assert_matches(lambda x, y: list(function(x, y)), x, y, tolerance=tolerance, x64=True)


def test_special_numbers():
    """Parts, signs and sums of NaN and infinities."""
    values = np.array([0.0, -0.0, 1.0, np.inf, -np.inf, np.nan], np.float32)
    real, imaginary = (array.ravel() for array in np.meshgrid(values, values))

    def function(real, imaginary):
        x = lax.complex(real, imaginary)
        yield from (lax.real(x), lax.imag(x), x + 1, x - 2j, x == x, x != x)
        yield from (lax.real(lax.conj(x)), lax.imag(lax.conj(x)))

    assert_matches(lambda *args: list(function(*args)), real, imaginary)


FUNCTIONS = [
    lax.exp, lax.expm1, lax.log, lax.log1p, lax.sqrt, lax.rsqrt, lax.sin, lax.cos, lax.tan,
    lax.tanh, lax.logistic,
]  # fmt: skip


@pytest.mark.parametrize("dtype, tolerance", TYPES)
def test_functions(dtype, tolerance):
    def function(x, y):
        return [*(f(x) for f in FUNCTIONS), lax.pow(x, y)]

    x, y = normal(37, dtype=dtype), normal(37, dtype=dtype)
    assert_matches(function, x, y, tolerance=4 * tolerance, x64=True)


def test_structure():
    """Products, sums, indexing and gradients, whose conjugates count."""

    def function(x, y):
        yield from (jnp.dot(x, y.T), jnp.sum(x, 0), jnp.outer(x[0], y[0]), x.at[1].add(y[0]))
        yield from (jnp.pad(x, 1), x[::2, 1:], lax.dynamic_slice(x, (1, 0), (2, 2)))
        yield jax.grad(lambda x: jnp.sum(jnp.abs(jnp.dot(x, y.T)) ** 2))(x)
        yield lax.fori_loop(0, 3, lambda i, c: c * y + x, x)

    assert_matches(lambda *args: list(function(*args)), normal(4, 5), normal(4, 5), tolerance=1e-5)


# A prime, powers of two and three, mixed factors, the smallest.
LENGTHS = [1, 2, 3, 8, 9, 17, 30, 64, 100]


@pytest.mark.parametrize("dtype, tolerance", TYPES)
def test_fourier(dtype, tolerance):
    def function(*arrays):
        for x in arrays:
            length = x.shape[-1]
            yield from (jnp.fft.fft(x), jnp.fft.ifft(x), jnp.fft.rfft(x.real))
            yield jnp.fft.irfft(x[..., : length // 2 + 1], length)

    arrays = [normal(2, length, dtype=dtype) for length in LENGTHS]
    # Errors grow with the sums.
    assert_matches(
        lambda *args: list(function(*args)), *arrays, tolerance=20 * tolerance, x64=True
    )


def test_fourier_of_several_dimensions():
    def function(x):
        yield from (jnp.fft.fft2(x), jnp.fft.ifft2(x), jnp.fft.fftn(x, axes=(0, 1, 2)))
        yield from (jnp.fft.rfft2(x.real), jnp.fft.irfft2(x), jnp.fft.irfftn(x, (3, 4, 7)))
        yield from (jnp.fft.rfftn(x.real), jnp.fft.fft(x, axis=1))
        yield jax.grad(lambda r: jnp.sum(jnp.abs(jnp.fft.rfft(r)) ** 3))(x.real)

    assert_matches(lambda x: list(function(x)), normal(3, 4, 6), tolerance=1e-4)
