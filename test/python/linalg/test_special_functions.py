"""Functions that the math dialect lacks or gets wrong, against mpmath, SciPy and NumPy."""

import ml_dtypes
import mpmath
import numpy as np
import pytest
import scipy.special

from cegm import native

TYPES = {
    "f16": np.float16, "bf16": ml_dtypes.bfloat16, "f32": np.float32, "f64": np.float64,
}  # fmt: skip


def compute(op, element, *operands):
    """The results in double precision."""
    operands = [np.asarray(operand, TYPES[element]) for operand in operands]
    vector = f"tensor<{operands[0].size}x{element}>"
    names = ", ".join(f"%a{i}" for i in range(len(operands)))
    types = ", ".join([vector] * len(operands))
    arguments = ", ".join(f"%a{i}: {vector}" for i in range(len(operands)))
    signature = vector if op.startswith("stablehlo.") else f"{types} -> {vector}"
    (result,) = native.compile(f"""
func.func @main({arguments}) -> {vector} {{
  %0 = {op} {names} : {signature}
  return %0 : {vector}
}}""")(*operands)
    assert result.dtype == TYPES[element]
    return result


def epsilon(element):
    return float(ml_dtypes.finfo(TYPES[element]).eps)


@pytest.mark.parametrize("element", ["f32", "f64"])
def test_small_numbers(element):
    """exp(x) - 1 and log(1 + x) keep all digits of a small x."""
    info = np.finfo(TYPES[element])
    sizes = 10.0 ** -np.linspace(0.001, -np.log10(float(info.tiny)), 200)
    x = np.concatenate([sizes, -sizes, [0.0, -0.0, -1, 50, -50, np.inf, np.nan]]).astype(info.dtype)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs, powers = np.log1p(x.astype(np.float64)), np.expm1(x.astype(np.float64))
    got = compute("stablehlo.log_plus_one", element, x)
    np.testing.assert_allclose(got, logs, 4 * info.eps, 0)
    known = ~np.isnan(logs)
    np.testing.assert_array_equal(np.signbit(got[known]), np.signbit(logs[known]))
    np.testing.assert_allclose(
        compute("stablehlo.exponential_minus_one", element, x), powers, 4 * info.eps, 0
    )
    assert compute("stablehlo.exponential_minus_one", element, [-np.inf]) == -1


@pytest.mark.parametrize("element", TYPES)
def test_bessel(element):
    sizes = np.array([0, 1e-7, 0.1, 1, 3, 7.9, 8, 8.1, 20, 500, 6e4, np.inf, np.nan])
    x = np.concatenate([sizes, -sizes]).astype(TYPES[element])
    wanted = scipy.special.i1e(x.astype(np.float64))
    got = compute("chlo.bessel_i1e", element, x).astype(np.float64)
    np.testing.assert_allclose(got, wanted, 10 * epsilon(element), epsilon(element) * 1e-7)
    np.testing.assert_array_equal(np.signbit(got[:12]), np.zeros(12, bool))
    np.testing.assert_array_equal(np.signbit(got[13:25]), np.ones(12, bool))


@pytest.mark.parametrize("element", TYPES)
def test_next_after(element):
    """Bit for bit, from and to zeros of both signs, the smallest and the largest."""
    dtype = TYPES[element]
    info = ml_dtypes.finfo(dtype)
    sizes = [0, info.smallest_subnormal, info.smallest_normal, 1, 2, 3.5, info.max, np.inf]
    values = np.array([float(size) for size in sizes] + [np.nan]).astype(dtype)
    x, y = (array.ravel() for array in np.meshgrid(np.concatenate([values, -values]), values))
    # From a number to itself it stays, also from one zero to the other.
    with np.errstate(over="ignore"):
        wanted = np.where(x == y, y, np.nextafter(x, y))
    got = compute("chlo.next_after", element, x, y)
    is_nan = np.isnan(wanted)
    np.testing.assert_array_equal(np.isnan(got), is_nan)
    bits = np.dtype(f"u{np.dtype(dtype).itemsize}")
    np.testing.assert_array_equal(got[~is_nan].view(bits), wanted[~is_nan].view(bits))


def exact_zeta(s, q):
    """The sum by its definition up to the first positive place."""
    total, s, q = mpmath.mpf(0), mpmath.mpf(s), mpmath.mpf(q)
    while q < 0:
        total, q = total + q ** -int(s), q + 1
    return float(total + mpmath.zeta(s, q))


@pytest.mark.parametrize("element", ["f16", "bf16", "f32", "f64"])
def test_zeta(element):
    orders, places = [1.5, 2, 3, 4, 7, 10, 40], [0.5, 1, 1.5, 3, 10, 100, -0.25, -3.75]
    s, q = (array.ravel().astype(TYPES[element]) for array in np.meshgrid(orders, places))
    got = compute("chlo.zeta", element, s, q).astype(np.float64)
    with mpmath.workprec(300), np.errstate(over="ignore", under="ignore"):
        wanted = [
            exact_zeta(a, b) if b > 0 or a == int(a) else np.nan
            for a, b in zip(s.tolist(), q.tolist())
        ]
        wanted = np.array(wanted).astype(TYPES[element]).astype(np.float64)
    np.testing.assert_allclose(
        got, wanted, 20 * epsilon(element), float(ml_dtypes.finfo(TYPES[element]).smallest_normal)
    )


def test_edges_of_zeta():
    """No sum below 1, none at 1; poles have a sign for an even order only."""
    s = [np.inf, 1, 0.5, np.nan, 2, 2, 3, 2, 4]
    q = [2, 3, 3, 1, np.nan, -2, -2, np.inf, 0]
    wanted = [0, np.inf, np.nan, np.nan, np.nan, np.inf, np.nan, 0, np.inf]
    np.testing.assert_array_equal(compute("chlo.zeta", "f64", s, q), wanted)


@pytest.mark.parametrize("element, tolerance", [("f16", 4e-3), ("f32", 2e-5), ("f64", 2e-13)])
def test_polygamma(element, tolerance):
    n = [0, 1, 2, 3, 4, 5, 1, 2, 0, 0.5, -1]
    x = [2.5, 0.25, 3, 7, 10, 50, -1.5, -0.25, -0.5, 1, 1]
    got = compute("chlo.polygamma", element, n, x).astype(np.float64)
    wanted = [float(mpmath.polygamma(int(a), b)) for a, b in zip(n[:-2], x[:-2])]
    np.testing.assert_allclose(got, [*wanted, np.nan, np.nan], tolerance, 1e-5 * (element == "f16"))


@pytest.mark.parametrize("op", ["next_after", "zeta", "polygamma"])
def test_broadcasts(op):
    x, y = np.array([[1.0], [2.0], [3.0]], np.float32), np.array([1.5, 2.5], np.float32)
    text = """
func.func @main(%x: tensor<3x1xf32>, %y: tensor<2xf32>) -> (tensor<3x2xf32>, tensor<3x2xf32>) {
  %0 = chlo.broadcast_OP %x, %y : (tensor<3x1xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %1 = stablehlo.broadcast_in_dim %x, dims = [0, 1] : (tensor<3x1xf32>) -> tensor<3x2xf32>
  %2 = stablehlo.broadcast_in_dim %y, dims = [1] : (tensor<2xf32>) -> tensor<3x2xf32>
  %3 = chlo.OP %1, %2 : tensor<3x2xf32>, tensor<3x2xf32> -> tensor<3x2xf32>
  return %0, %3 : tensor<3x2xf32>, tensor<3x2xf32>
}"""
    got, wanted = native.compile(text.replace("OP", op))(x, y)
    np.testing.assert_array_equal(got, wanted)
