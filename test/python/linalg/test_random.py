"""Random numbers by way of linalg: bits like those of XLA, and distributions."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from cegm import native
from linalg_comparison import assert_matches
from stablehlo_runner import compile_stablehlo

ELEMENTS = {
    "ui8": np.uint8, "i8": np.int8, "ui16": np.uint16, "i16": np.int16, "ui32": np.uint32,
    "i32": np.int32, "ui64": np.uint64, "i64": np.int64,
}  # fmt: skip
SHAPES = [(), (1,), (5,), (0, 3), (7, 3), (3, 4, 5), (9, 1, 3), (2, 3, 2)]


def tensor(shape, element):
    """The text of a tensor type."""
    return "tensor<" + "".join(f"{size}x" for size in shape) + element + ">"


def bits_text(algorithm, length, outputs):
    """A module that draws tensors of the given shapes and elements, each from the
    same state of so many integers; all final states come first."""
    state = tensor((length,), "ui64")
    lines, states, bits = [], [], []
    for number, (shape, element) in enumerate(outputs):
        result = tensor(shape, element)
        lines.append(
            f"  %s{number}, %b{number} = stablehlo.rng_bit_generator %s, algorithm = {algorithm}"
            f" : ({state}) -> ({state}, {result})"
        )
        states.append((f"%s{number}", state))
        bits.append((f"%b{number}", result))
    names, types = zip(*states, *bits)
    body = "\n".join(lines)
    return (
        f"func.func public @main(%s: {state}) -> ({', '.join(types)}) {{\n{body}\n"
        f"  return {', '.join(names)} : {', '.join(types)}\n}}"
    )


@pytest.mark.parametrize(
    "algorithm, length", [("DEFAULT", 2), ("PHILOX", 3), ("THREE_FRY", 2)]
)
def test_bits(algorithm, length):
    """Every element type, and shapes that do not fill the last block."""
    outputs = [((7, 3), element) for element in ELEMENTS]
    outputs += [(shape, element) for shape in SHAPES for element in ("ui32", "ui64")]
    text = bits_text(algorithm, length, outputs)
    # The second state makes the low half of the counter overflow.
    states = [np.arange(length) + 5, np.full(length, 2**64 - 1)]
    states = [state.astype(np.uint64) for state in states]
    results = [((length,), np.uint64)] * len(outputs)
    results += [(shape, ELEMENTS[element]) for shape, element in outputs]
    theirs = compile_stablehlo(text, states[:1], results)
    ours = native.compile(text)
    for state in states:
        for number, (a, b) in enumerate(zip(ours(state), theirs(state), strict=True)):
            assert a.dtype == results[number][1]
            # XLA calls all bits unsigned.
            np.testing.assert_array_equal(a, b.view(a.dtype), f"result {number}", strict=True)


def test_bits_as_floats():
    """The bits of a float are those of the integer as wide."""
    pairs = [("f16", "ui16", np.uint16), ("f32", "ui32", np.uint32), ("f64", "ui64", np.uint64)]
    outputs = [((5,), element) for floating, integer, _ in pairs for element in (floating, integer)]
    results = native.compile(bits_text("THREE_FRY", 2, outputs))(np.array([1, 2], np.uint64))
    for number, (_, _, dtype) in enumerate(pairs):
        floating, integer = results[6 + 2 * number : 8 + 2 * number]
        np.testing.assert_array_equal(floating.view(dtype), integer)


@pytest.mark.parametrize("implementation", ["rbg", "unsafe_rbg", "threefry2x32"])
def test_distributions_of_jax(implementation):
    def function(seed):
        key = jax.random.key(seed, impl=implementation)
        keys = jax.random.split(key, 4)
        yield jax.random.bits(keys[0], (5,), jnp.uint8)
        yield jax.random.bits(keys[0], (3, 5), jnp.uint16)
        yield jax.random.uniform(keys[1], (7,))
        yield jax.random.normal(keys[2], (3, 3))
        yield jax.random.bernoulli(keys[3], 0.3, (11,))
        yield jax.random.permutation(keys[3], 9)

    assert_matches(lambda seed: list(function(seed)), np.int32(3), tolerance=1e-5)


def rng_text(distribution, element, count, draws=1):
    """Draws vectors of numbers with the parameters %a and %b."""
    scalar, vector = tensor((), element), tensor((count,), element)
    lines = [
        f"  %{number} = stablehlo.rng %a, %b, %n, distribution = {distribution}"
        f" : ({scalar}, {scalar}, tensor<1xi64>) -> {vector}"
        for number in range(draws)
    ]
    names = ", ".join(f"%{number}" for number in range(draws))
    types = ", ".join([vector] * draws)
    body = "\n".join(lines)
    return (
        f"func.func public @main(%a: {scalar}, %b: {scalar}) -> ({types}) {{\n"
        f"  %n = stablehlo.constant dense<{count}> : tensor<1xi64>\n{body}\n"
        f"  return {names} : {types}\n}}"
    )


FLOATS = {"f16": np.float16, "f32": np.float32, "f64": np.float64}


@pytest.mark.parametrize("element", FLOATS)
def test_uniform_floats(element):
    run = native.compile(rng_text("UNIFORM", element, 20001))
    (x,) = run(*np.array([-1, 3], FLOATS[element]))
    assert x.min() >= -1 and x.max() < 3
    # Five deviations of the mean of so many numbers, and of their squares.
    x = x.astype(np.float64)
    assert abs(x.mean() - 1) < 5 * np.sqrt(16 / 12 / x.size)
    assert abs(x.var() - 16 / 12) < 0.05
    counts, _ = np.histogram(x, 16, (-1, 3))
    assert ((counts - x.size / 16) ** 2 / (x.size / 16)).sum() < 60


@pytest.mark.parametrize("element", FLOATS)
def test_normal(element):
    run = native.compile(rng_text("NORMAL", element, 20001))
    (x,) = run(*np.array([2, 0.5], FLOATS[element]))
    x = (x.astype(np.float64) - 2) / 0.5
    for power, moment in [(1, 0), (2, 1), (3, 0), (4, 3)]:
        assert abs((x**power).mean() - moment) < 0.3
    assert abs(x.mean()) < 5 / np.sqrt(x.size)
    assert np.isfinite(x).all() and np.abs(x).max() < 6
    assert abs((np.abs(x) < 1).mean() - 0.6827) < 0.02


@pytest.mark.parametrize(
    "element, low, high", [("i32", -3, 4), ("ui8", 250, 255), ("i64", -(2**63), 2**63 - 1)]
)
def test_uniform_integers(element, low, high):
    run = native.compile(rng_text("UNIFORM", element, 7001))
    dtype = ELEMENTS[element]
    (x,) = run(dtype(low), dtype(high))
    assert x.min() >= low and x.max() < high
    if high - low < 10:
        _, counts = np.unique(x, return_counts=True)
        assert len(counts) == high - low
        assert np.abs(counts - 7001 / len(counts)).max() < 5 * np.sqrt(7001 / len(counts))
    else:
        assert len(np.unique(x)) == x.size
    (same,) = run(dtype(high), dtype(high))
    assert (same == high).all()


def test_numbers_are_drawn_once():
    """Two ops, and two calls, give numbers that differ."""
    text = rng_text("UNIFORM", "f32", 33, draws=2)
    bounds = np.array([0, 1], np.float32)
    run = native.compile(text)
    drawn = np.stack([*run(*bounds), *run(*bounds)])
    assert len(np.unique(drawn)) > 125
    assert np.abs(np.corrcoef(drawn) - np.eye(4)).max() < 0.7
