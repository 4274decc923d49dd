"""Compiled programs: types, shapes, donation, errors and memory."""

import shutil
import subprocess

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


def test_donation_copies_what_is_shared():
    p = np.ones((8, 4), np.float32)
    loss, new = native.compile(STEP)(p, p)
    assert loss == 32 and new is not p
    np.testing.assert_array_equal(new, 0)
    np.testing.assert_array_equal(p, 1)


def test_torch_tensors():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    p = torch.ones(8, 4)
    loss, new = native.compile(STEP)(p, torch.full((8, 4), 0.25))
    assert isinstance(loss, torch.Tensor) and loss.item() == 32
    assert new is p and (p == 0.75).all()
    function = native.compile(ADD.format(shape="3", type="bf16", op="addf"))
    x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.bfloat16)
    (result,) = function(x, x)
    assert result.dtype == torch.bfloat16 and torch.equal(result, x + x)


def test_jax_arrays():
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    p = jax.numpy.ones((8, 4))
    loss, new = native.compile(STEP)(p, p * 0.25)
    assert isinstance(new, jax.Array) and loss == 32
    np.testing.assert_array_equal(new, 0.75)
    np.testing.assert_array_equal(p, 1)


def test_code_is_cached():
    text = ADD.format(shape="6", type="f32", op="mulf")
    first = native.compile(text)
    assert native.compile(text)._program is first._program
    assert native.compile(text, donate=[0])._program is not first._program


def test_no_memory_is_lost():
    """Temporaries of 4 MB and a returned result of 4 MB, 200 times."""
    import resource

    text = """
    func.func @main(%x: tensor<?x1024xf32>) -> tensor<?x1024xf32> {
      %0 = math.tanh %x : tensor<?x1024xf32>
      %1 = arith.addf %0, %x : tensor<?x1024xf32>
      %2 = arith.mulf %1, %0 : tensor<?x1024xf32>
      return %2 : tensor<?x1024xf32>
    }
    """
    function = native.compile(text)
    x = np.ones((1024, 1024), np.float32)
    for _ in range(5):
        function(x)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(200):
        function(x)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 50_000, f"{grown} KB more after 200 calls"


MATMUL = """
func.func @main(%a: tensor<96x160xf32>, %b: tensor<160x72xf32>) -> tensor<96x72xf32> {
  %zero = arith.constant dense<0.0> : tensor<96x72xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<96x160xf32>, tensor<160x72xf32>)
      outs(%zero : tensor<96x72xf32>) -> tensor<96x72xf32>
  return %0 : tensor<96x72xf32>
}
"""


@pytest.mark.parametrize("blas", [None, False])
@pytest.mark.parametrize("threads", [1, 2])
def test_matrix_products(blas, threads):
    function = native.compile(MATMUL, blas=blas, threads=threads)
    random = np.random.default_rng(0)
    a = random.normal(size=(96, 160)).astype(np.float32)
    b = random.normal(size=(160, 72)).astype(np.float32)
    for _ in range(3):
        (result,) = function(a, b)
        np.testing.assert_allclose(result, a @ b, rtol=1e-4, atol=1e-4)


def test_missing_libraries():
    with pytest.raises(OSError, match="/nowhere/libblas.so has no cblas_sgemm"):
        native.compile(MATMUL, blas="/nowhere/libblas.so")
    with pytest.raises(ValueError, match="threads: expected at least 1, got 0"):
        native.compile(MATMUL, threads=0)


SCHEDULE = """
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %product = transform.structured.match ops{["linalg.matmul"]} in %root
        : (!transform.any_op) -> !transform.any_op
    %tiled, %i, %j = transform.structured.tile_using_for %product tile_sizes [32, 24, 0]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}
"""


def test_schedule(tmp_path):
    """A schedule of the user's tiles the product, whose blocks remain one call each."""
    file = tmp_path / "schedule.mlir"
    file.write_text(SCHEDULE)
    function = native.compile(MATMUL, schedule=file, blas=False)
    a = np.random.default_rng(0).normal(size=(96, 160)).astype(np.float32)
    np.testing.assert_allclose(
        function(a, np.ones((160, 72), np.float32))[0],
        np.repeat(a.sum(axis=1, keepdims=True), 72, axis=1),
        rtol=1e-4,
        atol=1e-4,
    )
    with pytest.raises(CegmError):
        native.compile(MATMUL, schedule=tmp_path / "nothing.mlir")


C_PROGRAM = """
#include "step.h"
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  float p[32], g[32], loss;
  for (int i = 0; i < 32; ++i) {
    p[i] = 1;
    g[i] = 0.25f;
  }
  step(p, g, &loss);
  printf("%g %g\\n", loss, p[31]);
  float x[6] = {1, 2, 3, 4, 5, 6};
  struct twice_returned returned;
  twice(&returned, x, 3, x, 3);
  const float *y = returned.result0.data;
  printf("%d %g\\n", (int)returned.result0.sizes[0], y[5]);
  free(returned.result0.allocation);
  return 0;
}
"""


def test_object_file(tmp_path):
    """An object file and its header, used from C."""
    header = native.compile_object(STEP, tmp_path / "step.o")
    assert header == tmp_path / "step.h"
    text = ADD.format(shape="?x2", type="f32", op="addf").replace("@main", "@twice")
    other = native.compile_object(text, tmp_path / "twice.o")
    program = '#include "twice.h"\n' + C_PROGRAM
    (tmp_path / "program.c").write_text(program)
    compiler = shutil.which("clang-22") or shutil.which("cc")
    assert compiler, "there is no C compiler"
    subprocess.run(
        [compiler, "-Wall", "-Werror", "program.c", "step.o", "twice.o", "-lm", "-o", "program"],
        cwd=tmp_path,
        check=True,
    )
    done = subprocess.run(
        [tmp_path / "program"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "32 0.75\n3 12\n"
    assert "overwritten by result 1" in header.read_text()
    assert "twice_returned" in other.read_text()


def test_an_entry_function_called_main(tmp_path):
    """Modules of JAX have one, and a C program its own."""
    text = ADD.format(shape="4", type="f32", op="addf")
    header = native.compile_object(text, tmp_path / "my-step.o").read_text()
    assert "static inline void my_step(const float *arg0" in header
    assert " main(" not in header


def test_passes_that_add_arguments_and_results():
    """The callable is that of the module after the passes."""
    text = """
    func.func @main(%x: tensor<2x5x3xf32>, %y: tensor<2x5x4xf32>, %w: tensor<3x4xf32>)
        -> tensor<3x4xf32> {
      %p = stablehlo.dot_general %x, %w, contracting_dims = [2] x [0]
          : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
      %d = stablehlo.subtract %p, %y : tensor<2x5x4xf32>
      %g = stablehlo.dot_general %x, %d, contracting_dims = [0, 1] x [0, 1]
          : (tensor<2x5x3xf32>, tensor<2x5x4xf32>) -> tensor<3x4xf32>
      %n = stablehlo.subtract %w, %g : tensor<3x4xf32>
      return %n : tensor<3x4xf32>
    }
    """
    random = np.random.default_rng(3)
    x, y, w = (random.normal(size=s).astype("f") for s in ((2, 5, 3), (2, 5, 4), (3, 4)))
    expected = w - np.tensordot(x, x @ w - y, ((0, 1), (0, 1)))
    step = native.compile(text, passes=["inject-entanglement{strength-arg=true audit=true}"])
    new, audit = step(x, y, w, np.float32(0))
    np.testing.assert_allclose(new, expected, rtol=1e-5)
    assert audit.shape[0] == 1 and 10 in audit[0]  # one site, of ten active tokens


def test_names_of_the_frontend_in_a_header(tmp_path):
    text = """
    func.func @main(%w: tensor<4xf32> {tf.aliasing_output = 0 : i32} loc("params['w']"))
        -> (tensor<4xf32> {jax.result_info = "result['w']"}) {
      return %w : tensor<4xf32>
    }
    """
    header = native.compile_object(text, tmp_path / "step.o").read_text()
    assert "arg0 (params['w']): f32[4], read, then overwritten by result 0 (result['w'])" in header


@pytest.mark.parametrize(
    "options", [{"cpu": "nosuch"}, {"features": "+nosuch"}, {"features": "avx2"}], ids=str
)
def test_processors_that_there_are_not(options):
    """They are errors, and no end of the process."""
    name, value = next(iter(options.items()))
    with pytest.raises(CegmError, match=rf"{name}: .*'\{value}'" if "+" in value else f"{name}: "):
        native.compile(STEP, **options)


def test_object_file_of_another_processor(tmp_path):
    native.compile_object(STEP, tmp_path / "step.o", triple="aarch64-linux-gnu", cpu="generic")
    assert (tmp_path / "step.o").read_bytes()[18:20] == b"\xb7\x00", "no code for AArch64"
