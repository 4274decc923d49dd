"""Ops that JAX itself does not write (or no longer), against XLA and NumPy."""

import numpy as np
import pytest

from cegm import native
from stablehlo_runner import compile_stablehlo

ELEMENTS = {
    "i8": np.int8, "ui8": np.uint8, "i32": np.int32, "ui32": np.uint32, "i64": np.int64,
}  # fmt: skip


def assert_matches(text, inputs, outputs, tolerance=0.0):
    """The module's results like those of XLA."""
    wanted = compile_stablehlo(text, inputs, outputs)(*inputs)
    for number, (a, b) in enumerate(zip(native.compile(text)(*inputs), wanted, strict=True)):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, tolerance, tolerance, err_msg=f"result {number}")


@pytest.mark.parametrize("element", ["i8", "ui8", "i32", "ui32", "i64"])
def test_integer_power(element):
    """Powers wrap; 0 to the power of 0 is 1. XLA reads six bits of the exponent."""
    dtype = ELEMENTS[element]
    bases = np.array([0, 1, -1, 2, -2, 3, 7, -7, 100], np.int64).astype(dtype)
    exponents = np.array([0, 1, 2, 3, 5, 7, 8, 31, 33, 63, 64, 100], dtype)
    x, y = (array.ravel() for array in np.meshgrid(bases, exponents))
    vector = f"tensor<{x.size}x{element}>"
    text = f"""
func.func public @main(%x: {vector}, %y: {vector}) -> {vector} {{
  %r = stablehlo.power %x, %y : {vector}
  return %r : {vector}
}}"""
    (got,) = native.compile(text)(x, y)
    bits = np.iinfo(dtype).bits
    wanted = [pow(int(a), int(b), 2**bits) for a, b in zip(x, y)]
    np.testing.assert_array_equal(got, np.array(wanted, np.uint64).astype(dtype))
    (xla,) = compile_stablehlo(text, [x, y], [(x.shape, dtype)])(x, y)
    np.testing.assert_array_equal(got[y < 64], xla[y < 64])


def test_integer_power_to_a_negative():
    """Rounded to zero: only 1 and -1 have such powers."""
    x = np.array([1, -1, -1, 2, -2, 100, -100], np.int32)
    y = np.array([-3, -3, -2, -1, -1, -7, -(2**31)], np.int32)
    vector = f"tensor<{x.size}xi32>"
    (got,) = native.compile(f"""
func.func public @main(%x: {vector}, %y: {vector}) -> {vector} {{
  %r = stablehlo.power %x, %y : {vector}
  return %r : {vector}
}}""")(x, y)
    np.testing.assert_array_equal(got, [1, -1, 1, 0, 0, 0, 0])


def test_map():
    """One and two inputs, a result of another type, a call in the region."""
    text = """
func.func private @twice(%a: tensor<f32>) -> tensor<f32> {
  %r = stablehlo.add %a, %a : tensor<f32>
  return %r : tensor<f32>
}
func.func public @main(%x: tensor<3x4xf32>, %y: tensor<3x4xf32>)
    -> (tensor<3x4xf32>, tensor<3x4xi1>) {
  %r = "stablehlo.map"(%x, %y) ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %0 = func.call @twice(%b) : (tensor<f32>) -> tensor<f32>
    %1 = stablehlo.subtract %a, %0 : tensor<f32>
    %2 = stablehlo.tanh %1 : tensor<f32>
    stablehlo.return %2 : tensor<f32>
  }) {dimensions = array<i64: 0, 1>} : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %p = "stablehlo.map"(%x) ({
  ^bb0(%a: tensor<f32>):
    %0 = stablehlo.constant dense<0.5> : tensor<f32>
    %1 = stablehlo.compare GT, %a, %0 : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }) {dimensions = array<i64: 0, 1>} : (tensor<3x4xf32>) -> tensor<3x4xi1>
  return %r, %p : tensor<3x4xf32>, tensor<3x4xi1>
}"""
    x, y = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)
    x[0, 0], x[1, 1] = np.nan, np.inf
    expected = [np.tanh(x - (y + y)), x > 0.5]
    for a, b in zip(native.compile(text)(x, y), expected, strict=True):
        np.testing.assert_allclose(a, b, 1e-6, 1e-6)


def test_composite():
    """A composite is its decomposition, also inside of another."""
    text = """
func.func private @inner(%a: tensor<4xf32>) -> tensor<4xf32> {
  %r = stablehlo.exponential %a : tensor<4xf32>
  return %r : tensor<4xf32>
}
func.func private @outer(%a: tensor<4xf32>, %b: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = stablehlo.composite "test.inner" %a {decomposition = @inner}
      : (tensor<4xf32>) -> tensor<4xf32>
  %1 = stablehlo.multiply %0, %b : tensor<4xf32>
  return %1, %0 : tensor<4xf32>, tensor<4xf32>
}
func.func public @main(%x: tensor<4xf32>, %y: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>) {
  %r:2 = stablehlo.composite "test.outer" %x, %y
      {composite_attributes = {axis = 1 : i64}, decomposition = @outer, version = 1 : i32}
      : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  return %r#0, %r#1 : tensor<4xf32>, tensor<4xf32>
}"""
    x, y = np.random.default_rng(0).normal(size=(2, 4)).astype(np.float32)
    assert_matches(text, [x, y], [(x.shape, np.float32)] * 2, tolerance=1e-6)
