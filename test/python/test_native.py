"""Compiled programs: types, shapes, donation, errors and memory."""

import ml_dtypes
import numpy as np
import pytest

from cegm import CegmError, native

ADD = """
func.func @main(%x: tensor<{shape}x{type}>, %y: tensor<{shape}x{type}>)
    -> tensor<{shape}x{type}> {{
  %0 = arith.{op} %x, %y : tensor<{shape}x{type}>
  return %0 : tensor<{shape}x{type}>
}}
"""
DTYPES = {
    "f16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "f32": np.float32,
    "f64": np.float64,
    "i8": np.int8,
    "i16": np.int16,
    "i32": np.int32,
    "i64": np.int64,
}
STEP = """
func.func @step(%p: tensor<8x4xf32> {tf.aliasing_output = 1 : i32}, %g: tensor<8x4xf32>)
    -> (tensor<f32>, tensor<8x4xf32>) {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %loss = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> ()>],
      iterator_types = ["reduction", "reduction"]}
      ins(%p : tensor<8x4xf32>) outs(%zero : tensor<f32>) {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %a, %sum : f32
    linalg.yield %0 : f32
  } -> tensor<f32>
  %new = arith.subf %p, %g : tensor<8x4xf32>
  return %loss, %new : tensor<f32>, tensor<8x4xf32>
}
"""


@pytest.mark.parametrize("name", DTYPES)
def test_types(name):
    dtype = DTYPES[name]
    op = "addf" if "f" in name else "addi"
    function = native.compile(ADD.format(shape="3x5", type=name, op=op))
    x = np.arange(-7, 8).reshape(3, 5).astype(dtype)
    (result,) = function(x, x)
    assert result.dtype == dtype
    np.testing.assert_array_equal(result, x + x)


@pytest.mark.parametrize("size", [0, 1, 9])
def test_dynamic_shapes(size):
    function = native.compile(ADD.format(shape="?x2", type="f32", op="addf"))
    x = np.random.default_rng(size).normal(size=(size, 2)).astype(np.float32)
    (result,) = function(x, x)
    assert result.shape == (size, 2)
    np.testing.assert_array_equal(result, 2 * x)


def test_strided_and_transposed_inputs():
    function = native.compile(ADD.format(shape="3x5", type="f32", op="addf"))
    x = np.arange(30, dtype=np.float32).reshape(5, 6)[:, ::2].T
    np.testing.assert_array_equal(function(x, x)[0], 2 * x)


def test_donation():
    function = native.compile(STEP)
    assert function.donated == {0}
    p = np.ones((8, 4), np.float32)
    loss, new = function(p, np.full((8, 4), 0.25, np.float32))
    assert loss == 32 and new is p
    np.testing.assert_array_equal(new, 0.75)


def test_donation_copies_what_is_read_only():
    p = np.ones((8, 4), np.float32)
    p.flags.writeable = False
    _, new = native.compile(STEP)(p, p)
    np.testing.assert_array_equal(new, 0)
    np.testing.assert_array_equal(p, 1)


def test_donation_by_option():
    kept = native.compile(STEP, donate=False)
    assert not kept.donated
    p = np.ones((8, 4), np.float32)
    _, new = kept(p, p)
    np.testing.assert_array_equal(new, 0)
    np.testing.assert_array_equal(p, 1)
    text = ADD.format(shape="4", type="f32", op="addf")
    assert native.compile(text, donate=[1]).donated == {1}


def test_errors():
    function = native.compile(STEP)
    ok = np.zeros((8, 4), np.float32)
    with pytest.raises(TypeError, match=r"step takes 2 arguments, got 1"):
        function(ok)
    with pytest.raises(
        TypeError, match=r"argument 1 of step: expected float32\[8x4\], got float64\[8x4\]"
    ):
        function(ok, ok.astype(np.float64))
    with pytest.raises(TypeError, match=r"expected float32\[8x4\], got float32\[4x8\]"):
        function(ok, ok.T)
    with pytest.raises(CegmError, match="no entry function"):
        native.compile("module {}")
