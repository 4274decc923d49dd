"""Matrix products that `cegm.native` compiles without a BLAS, beside NumPy's in f64."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import ml_dtypes
import numpy as np
import pytest

from cegm import native
from stablehlo_runner import mlir_type

TYPES = {"f16": np.float16, "bf16": ml_dtypes.bfloat16, "f32": np.float32, "f64": np.float64}
#: Of one rounding, and of one addition.
STEPS = {"f16": 2.0**-10, "bf16": 2.0**-7, "f32": 2.0**-22, "f64": 2.0**-51}


def _text(lhs: Sequence[int], rhs: Sequence[int], contracted: tuple[int, int], operand, result):
    """A product over one dimension of each operand, all dimensions before the last two batch."""
    batch = list(range(len(lhs) - 2))
    shape = [lhs[d] for d in batch]
    shape += [lhs[d] for d in (len(batch), len(batch) + 1) if d != contracted[0]]
    shape += [rhs[d] for d in (len(batch), len(batch) + 1) if d != contracted[1]]
    a, b, c = mlir_type(lhs, operand), mlir_type(rhs, operand), mlir_type(shape, result)
    return f"""
func.func @main(%a: {a}, %b: {b}) -> {c} {{
  %0 = stablehlo.dot_general %a, %b, batching_dims = {batch} x {batch},
      contracting_dims = [{contracted[0]}] x [{contracted[1]}] : ({a}, {b}) -> {c}
  return %0 : {c}
}}"""


def _check(sizes, transposed, operand="f32", result="f32", batch=(), threads=1):
    """Compares a product of ``sizes`` rows, columns and contracted elements."""
    rows, columns, depth = sizes
    lhs = [*batch, *((depth, rows) if transposed[0] else (rows, depth))]
    rhs = [*batch, *((columns, depth) if transposed[1] else (depth, columns))]
    contracted = (len(batch) + 1 - transposed[0], len(batch) + transposed[1])
    text = _text(lhs, rhs, contracted, TYPES[operand], TYPES[result])
    function = native.compile(text, blas=False, threads=threads)
    generator = np.random.default_rng(0)
    a, b = (generator.standard_normal(shape).astype(TYPES[operand]) for shape in (lhs, rhs))
    wide = [array.astype(np.float64) for array in (a, b)]
    for number in (0, 1):
        if transposed[number]:
            wide[number] = wide[number].swapaxes(-1, -2)
    want = wide[0] @ wide[1]
    got = function(a, b)[0].astype(np.float64)
    sums = STEPS["f64" if result == "f64" else "f32"] * (np.abs(wide[0]) @ np.abs(wide[1]))
    np.testing.assert_array_less(np.abs(got - want), sums + STEPS[result] * np.abs(want) + 1e-300)


@pytest.mark.parametrize("transposed", list(itertools.product((False, True), repeat=2)))
def test_no_size_divides(transposed):
    """Rows, columns and depth all end in the middle of a tile and of a block."""
    _check((101, 45, 300), transposed)


@pytest.mark.parametrize(
    "operand, result",
    [("f64", "f64"), ("bf16", "bf16"), ("f16", "f16"), ("bf16", "f32")],
)
def test_types(operand, result):
    """16-bit operands are summed in f32, and rounded once."""
    _check((40, 50, 300), (False, True), operand, result)


def test_several_blocks_of_columns():
    _check((13, 2100, 270), (False, False))


@pytest.mark.parametrize("threads", [1, 2])
def test_batches(threads):
    """The loops over the batch are shared by the threads."""
    _check((64, 24, 65), (False, True), batch=(2, 3), threads=threads)


@pytest.mark.parametrize("sizes", [(300, 40, 90), (40, 300, 90)])
def test_threads_share_rows_or_columns(sizes):
    _check(sizes, (False, False), threads=2)
