"""Ops of CHLO that broadcast their operands, of known and unknown shapes."""

import numpy as np
import pytest

from cegm import native

X = np.arange(12, dtype=np.float32).reshape(3, 4)


@pytest.mark.parametrize(
    "left, right, y",
    [
        ("3x4", "4", [1, 2, 0, 4]),
        ("?x4", "4", [1, 2, 0, 4]),
        ("?x?", "?", [1, 2, 0, 4]),
        ("3x4", "3x1", [[2], [3], [5]]),
        ("?x?", "?x?", [[2], [3], [5]]),
        ("?x?", "?x?", [[7]]),
        ("3x?", "", 5),
    ],
    ids=str,
)
def test_shapes(left, right, y):
    y = np.array(y, np.float32)
    x_type, y_type, flags = f"tensor<{left}xf32>", f"tensor<{right}xf32>", f"tensor<{left}xi1>"
    y_type = y_type.replace("<x", "<")
    text = f"""
func.func @main(%x: {x_type}, %y: {y_type}) -> ({x_type}, {flags}, {x_type}) {{
  %0 = chlo.broadcast_subtract %y, %x : ({y_type}, {x_type}) -> {x_type}
  %1 = chlo.broadcast_compare %x, %y {{comparison_direction = #chlo<comparison_direction LT>}}
      : ({x_type}, {y_type}) -> {flags}
  %2 = chlo.broadcast_select %1, %x, %y : ({flags}, {x_type}, {y_type}) -> {x_type}
  return %0, %1, %2 : {x_type}, {flags}, {x_type}
}}"""
    difference, less, chosen = native.compile(text)(X, y)
    np.testing.assert_array_equal(difference, y - X)
    np.testing.assert_array_equal(less, X < y)
    np.testing.assert_array_equal(chosen, np.where(X < y, X, y))


def test_signs_and_dimensions():
    """Integers without a sign stay so; `broadcast_dimensions` says where."""
    text = """
func.func @main(%x: tensor<3xui32>, %y: tensor<2x3xui32>, %c: tensor<2xf32>, %d: tensor<2x3xf32>)
    -> (tensor<2x3xui32>, tensor<2x3xf32>) {
  %0 = chlo.broadcast_divide %x, %y : (tensor<3xui32>, tensor<2x3xui32>) -> tensor<2x3xui32>
  %1 = chlo.broadcast_power %c, %d {broadcast_dimensions = array<i64: 0>}
      : (tensor<2xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0, %1 : tensor<2x3xui32>, tensor<2x3xf32>
}"""
    x, y = np.array([4_000_000_000, 7, 3], np.uint32), np.array([[2, 0, 3], [1, 1, 1]], np.uint32)
    c, d = np.array([2, 3], np.float32), np.array([[1, 2, 3]] * 2, np.float32)
    quotients, powers = native.compile(text)(x, y, c, d)
    np.testing.assert_array_equal(quotients, [[2_000_000_000, 2**32 - 1, 1], x])
    np.testing.assert_allclose(powers, c[:, None] ** d)
