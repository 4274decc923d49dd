"""The ops that torch-mlir's linalg form has beside linalg, against NumPy."""

import ml_dtypes
import numpy as np
import pytest

from cegm import native
from stablehlo_runner import MLIR_TYPES

MLIR = MLIR_TYPES | {np.dtype(np.int64): "i64", np.dtype(np.int32): "i32"}
RANDOM = np.random.default_rng(0)


def normal(*shape, dtype=np.float32):
    return RANDOM.normal(size=shape).astype(dtype)


def text_of(array, dynamic=False):
    """The tensor type of an array."""
    sizes = "".join("?x" if dynamic else f"{size}x" for size in array.shape)
    return f"tensor<{sizes}{MLIR[array.dtype]}>"


def run(op, inputs, outputs, body, dynamic=False):
    """The results of a tm_tensor op, whose text is `op` before its operands."""
    arrays = [*inputs, *outputs]
    types = [text_of(array, dynamic) for array in arrays]
    names = [f"%a{number}" for number in range(len(arrays))]
    arguments = ", ".join(f"{name}: {type}" for name, type in zip(names, types))

    def operands(part):
        return f"({', '.join(names[part])} : {', '.join(types[part])})"

    ins = "ins" + operands(slice(0, len(inputs))) if inputs else ""
    outs = "outs" + operands(slice(len(inputs), None))
    results = ", ".join(types[len(inputs) :])
    values = ", ".join(f"%r#{number}" for number in range(len(outputs)))
    text = f"""
func.func @main({arguments}) -> ({results}) {{
  %r:{len(outputs)} = tm_tensor.{op} {ins} {outs} {body} -> {results}
  return {values} : {results}
}}"""
    return native.compile(text)(*arrays)


def join(op):
    return f"{{\n^bb0(%p: f32, %q: f32):\n  %s = {op}\n  tm_tensor.yield %s : f32\n}}"


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("dimension", [0, 1, 2])
def test_scan(dimension, dynamic):
    x = normal(3, 4, 5)
    zeros = np.zeros_like(x), np.zeros_like(x.take(0, dimension))
    add = join("arith.addf %p, %q : f32")
    op = f"scan dimension({dimension}) inclusive"
    sums, total = run(op + "(true)", [x], zeros, add, dynamic)
    np.testing.assert_allclose(sums, x.cumsum(dimension), 1e-5, 1e-5)
    np.testing.assert_allclose(total, x.sum(dimension), 1e-5, 1e-5)

    # The order of the operands counts in a difference.
    start = normal(*zeros[1].shape)
    before, last = run(op + "(false)", [x], [x, start], join("arith.subf %p, %q : f32"), dynamic)
    wanted = np.expand_dims(start, dimension) - x.cumsum(dimension) + x
    np.testing.assert_allclose(before, wanted, 1e-5, 1e-5)
    np.testing.assert_allclose(last, wanted.take(-1, dimension), 1e-5, 1e-5)


def test_scan_of_one_and_of_none():
    add = join("arith.addf %p, %q : f32")
    for count in (0, 1):
        x = normal(3, count)
        start = normal(3)
        got, last = run("scan dimension(1) inclusive(true)", [x], [x, start], add)
        np.testing.assert_array_equal(got, x)
        np.testing.assert_array_equal(last, x[:, 0] if count else start)


ORDER = """{{
^bb0({arguments}):
  %s = arith.cmpf {predicate}, %p, %q : f32
  tm_tensor.yield %s : i1
}}"""


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("dimension", [0, 1])
def test_sort(dimension, dynamic):
    x = normal(33, 7).round(1)
    numbers = np.broadcast_to(np.arange(7), x.shape) if dimension else None
    if numbers is None:
        numbers = np.broadcast_to(np.arange(33)[:, None], x.shape)
    numbers = np.ascontiguousarray(numbers, np.int64)
    body = ORDER.format(arguments="%p: f32, %q: f32, %i: i64, %j: i64", predicate="ogt")
    got, places = run(f"sort dimension({dimension})", [], [x, numbers], body, dynamic)
    wanted = np.argsort(-x, dimension, stable=True)
    np.testing.assert_array_equal(places, wanted)
    np.testing.assert_array_equal(got, np.take_along_axis(x, wanted, dimension))


@pytest.mark.parametrize("dynamic", [False, True])
def test_scatter(dynamic):
    """Rows, single elements, and windows of several dimensions."""
    i = np.array([[1], [0], [1], [3]])
    x, rows = normal(5, 3), normal(4, 1, 3)
    add = join("arith.addf %q, %p : f32")
    op = "scatter {dimension_map = array<i64: 0>} unique_indices(false)"
    (got,) = run(op, [rows, i], [x], add, dynamic)
    wanted = x.copy()
    np.add.at(wanted, i[:, 0], rows[:, 0])
    np.testing.assert_allclose(got, wanted, 1e-6, 1e-6)

    places = np.array([[2, 4], [0, 1], [2, 4]])
    elements = normal(3)
    op = "scatter {dimension_map = array<i64: 1, 0>} unique_indices(false)"
    (got,) = run(op, [elements, places], [x], join("arith.subf %q, %p : f32"), dynamic)
    wanted = x.copy()
    np.subtract.at(wanted, (places[:, 1], places[:, 0]), elements)
    np.testing.assert_allclose(got, wanted, 1e-6, 1e-6)

    windows, corners = normal(2, 2, 2), np.array([[3, 1], [0, 0]])
    op = "scatter {dimension_map = array<i64: 0, 1>} unique_indices(true)"
    (got,) = run(op, [windows, corners], [x], join("arith.mulf %p, %q : f32"), dynamic)
    for window, (row, column) in zip(windows, corners):
        x[row : row + 2, column : column + 2] *= window
    np.testing.assert_allclose(got, x, 1e-6, 1e-6)


@pytest.mark.parametrize("dimension", [0, 1])
@pytest.mark.parametrize("numbered", [False, True])
def test_topk(dimension, numbered):
    x = normal(9, 11)
    x[0, 0], x[4, 4] = np.inf, -np.inf
    shape = [9, 11]
    shape[dimension] = 4
    outputs = [np.full(shape, -np.inf, np.float32), np.zeros(shape, np.int32)]
    inputs = [x]
    if numbered:
        inputs.append(RANDOM.permutation(x.size).reshape(x.shape).astype(np.int32))
    body = ORDER.format(arguments="%p: f32, %q: f32", predicate="ogt")
    got, places = run(f"topk dimension({dimension})", inputs, outputs, body)
    wanted = np.argsort(-x, dimension, stable=True).take(np.arange(4), dimension)
    np.testing.assert_array_equal(got, np.take_along_axis(x, wanted, dimension))
    if numbered:
        wanted = np.take_along_axis(inputs[1], wanted, dimension)
    np.testing.assert_array_equal(places, wanted)


def test_topk_starts_from_its_outputs():
    x = np.array([3, 1, 2], np.float32)
    outputs = [np.array([2.5, 0], np.float32), np.array([7, 8], np.int32)]
    body = ORDER.format(arguments="%p: f32, %q: f32", predicate="ogt")
    got, places = run("topk dimension(0)", [x], outputs, body)
    np.testing.assert_array_equal(got, [3, 2.5])
    np.testing.assert_array_equal(places, [0, 7])


def attention(query, key, value, mask=None):
    """The definition, in float64; a row without scores gives zeros."""
    query, key, value = (array.astype(np.float64) for array in (query, key, value))
    scores = query @ np.swapaxes(key, -1, -2) / np.sqrt(query.shape[-1])
    if mask is not None:
        scores = scores + mask
    weights = np.exp(scores - np.nan_to_num(scores.max(-1, keepdims=True), neginf=0.0))
    sums = weights.sum(-1, keepdims=True)
    return weights / np.where(sums == 0, 1, sums) @ value


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, ml_dtypes.bfloat16, np.float64])
def test_attention(dtype, dynamic):
    tolerance = {np.float32: 1e-5, np.float64: 1e-12}.get(dtype, 2**-7)
    for batch in [(), (3,), (2, 3)]:
        query, key, value = (
            normal(*batch, *rest, dtype=dtype) for rest in ((5, 4), (7, 4), (7, 6))
        )
        mask = np.where(RANDOM.random((*batch, 5, 7)) < 0.5, -np.inf, 3.0).astype(dtype)
        mask[..., 2, :] = -np.inf
        for masks in ([], [mask]):
            inputs = [query, key, value, *masks]
            (got,) = run("attention", inputs, [normal(*batch, 5, 6, dtype=dtype)], "", dynamic)
            assert got.dtype == np.dtype(dtype)
            wanted = attention(*inputs)
            np.testing.assert_allclose(got.astype(np.float64), wanted, tolerance, tolerance)
