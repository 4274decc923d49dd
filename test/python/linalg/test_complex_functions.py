"""Inverse and hyperbolic functions of complex numbers, against mpmath and NumPy."""

import mpmath
import numpy as np
import pytest

from cegm import native

NAMES = ["asin", "acos", "atan", "asinh", "acosh", "atanh", "sinh", "cosh"]
TYPES = {"f32": (np.float32, np.complex64), "f64": (np.float64, np.complex128)}


def compiled(name, element, count):
    vector = f"tensor<{count}xcomplex<{element}>>"
    return native.compile(f"""
func.func @main(%z: {vector}) -> {vector} {{
  %0 = chlo.{name} %z : {vector} -> {vector}
  return %0 : {vector}
}}""")


def grid(values, element):
    """All pairs of the values as real and imaginary part, zeros with their sign."""
    real, imaginary = np.meshgrid(values, values)
    z = np.empty(real.size, TYPES[element][1])
    z.real, z.imag = real.ravel(), imaginary.ravel()
    return z


def numpy_function(name):
    return getattr(np, name.replace("a", "arc", 1) if name[0] == "a" else name)


@pytest.mark.parametrize("element", TYPES)
@pytest.mark.parametrize("name", NAMES)
def test_numbers(name, element):
    """Each part to a few units in the last place, from the smallest number to the largest.

    The signs are NumPy's: that of a zero picks the side of a branch cut.
    """
    info = np.finfo(TYPES[element][0])
    root, far = np.sqrt(info.tiny), np.sqrt(info.max)
    if name in ("sinh", "cosh"):
        # Up to where exp(x) overflows, and exp(x) sin(y) does not.
        sizes = [0, info.smallest_subnormal, info.tiny, 1e-10, 0.5, 1, 3, 20, np.log(info.max) + 0.4]
    else:
        sizes = [0, info.smallest_subnormal, info.tiny, root, 1e-10, 1e-3, 0.5, 1 - info.eps, 1]
        sizes += [1 + info.eps, 1.2, 2, 10, 1e3, 9 / info.eps, far / 9, far * 3, info.max]
    values = np.array(sizes, info.dtype)
    z = grid(np.concatenate([values, -values]), element)
    with np.errstate(all="ignore"):
        signs = numpy_function(name)(z)
    (got,) = compiled(name, element, z.size)(z)
    with mpmath.workprec(2600):
        function = getattr(mpmath, name)
        for number, result, sign in zip(z.tolist(), got, signs):
            if number in {"atanh": (1, -1), "atan": (1j, -1j)}.get(name, ()):
                continue  # infinite
            exact = function(mpmath.mpc(number))
            for a, b, c in zip(
                (result.real, result.imag), (exact.real, exact.imag), (sign.real, sign.imag)
            ):
                assert np.signbit(a) == np.signbit(c), (number, result, sign)
                if np.isinf(a):
                    assert abs(b) > info.max * (1 - info.eps), (number, result)
                    continue
                # On a cut mpmath is on one side, which gives the other sign.
                error = abs(abs(mpmath.mpf(float(a))) - abs(b))
                bound = 4 * float(info.eps) * max(abs(b), mpmath.mpf(float(info.tiny)))
                assert error <= bound, (number, result)


# Signs that the C standard leaves open.
OPEN = {
    "sinh": lambda z: (np.isinf(z.real) & ~np.isfinite(z.imag), np.zeros(z.shape, bool)),
    "cosh": lambda z: (np.zeros(z.shape, bool), (z.real == 0) & ~np.isfinite(z.imag)),
}


@pytest.mark.parametrize("element", TYPES)
@pytest.mark.parametrize("name", NAMES)
def test_special_numbers(name, element):
    """Zeros, poles, infinities and NaN as annex G of the C standard has them."""
    z = grid(np.array([0, -0.0, 1, -1, 0.5, np.inf, -np.inf, np.nan]), element)
    with np.errstate(all="ignore"):
        wanted = numpy_function(name)(z)
    (got,) = compiled(name, element, z.size)(z)
    is_open = OPEN.get(name, lambda z: (np.zeros(z.shape, bool),) * 2)(z)
    for part, sign_is_open in zip(("real", "imag"), is_open):
        a, b = getattr(got, part), getattr(wanted, part)
        np.testing.assert_allclose(
            np.where(sign_is_open, abs(a), a), np.where(sign_is_open, abs(b), b), 1e-6, 0
        )
        checked = ~np.isnan(b) & ~sign_is_open
        np.testing.assert_array_equal(np.signbit(a)[checked], np.signbit(b)[checked])
