"""`--explain-entanglement` on the corpus: every expected site is found, and no other.

`python -m corpus` in the folder `test` shows the same as a table; `docs/corpus.md` says
where the expected sites come from. The tests at the end are of the corpus itself: its
walk over a loss is compared with sites that are written out here.
"""

import pathlib
import sys

import jax
import jax.numpy as jnp
import pytest

sys.path.append(str(pathlib.Path(__file__).parents[1]))

import corpus.cases  # noqa: E402, F401
from corpus.case import ALL  # noqa: E402
from corpus.compare import compare_sites, compare_skipped, describe, run  # noqa: E402
from corpus.exceptions import KNOWN, split, unused  # noqa: E402
from corpus.expected import expected_of  # noqa: E402


@pytest.mark.parametrize("name", list(ALL))
def test_case(name):
    outcome = run(ALL[name])
    _, unknown = split(outcome)
    assert not unknown, "\n".join(unknown)
    assert not unused(outcome), "these differences are no more: remove them from the table"


def test_the_corpus_is_wide():
    assert len(ALL) >= 40
    assert len({case.library for case in ALL.values()}) >= 6


def test_known_differences_are_of_cases_and_on_the_page():
    cases = {entry.case for entry in KNOWN}
    assert cases <= ALL.keys()
    page = pathlib.Path(__file__).parents[2] / "docs" / "corpus.md"
    rows = page.read_text().partition("## Exceptions")[2]
    assert cases == {line.split("`")[1] for line in rows.splitlines() if line.startswith("| `")}


def f32(*shape):
    return jax.ShapeDtypeStruct(shape, jnp.float32)


def expected(loss, params, *batch):
    """The sites in words, and the codes of the parameters without one."""
    names = [[f"p{i}" for i in range(len(params))], *([f"x{i}"] for i in range(len(batch)))]
    result = expected_of(
        loss, (params, *batch), names, parameters=(0,), batch=range(1, 1 + len(batch))
    )
    return [describe(site) for site in result.sites], result.skipped


def test_walk_over_a_scan_of_layers():
    def loss(params, x):
        body = lambda x, w: (jnp.tanh(x @ w + params[1]), None)  # noqa: E731
        x, _ = jax.lax.scan(body, x, params[0])
        return jnp.sum(x @ params[2])

    sites, skipped = expected(loss, (f32(2, 4, 4), f32(4), f32(4, 3)), f32(5, 7, 4))
    assert sites == [
        "p0: dense, depth 1, layer 0, tokens 5x7",
        "p0: dense, depth 2, layer 1, tokens 5x7",
        "p2: dense, depth 3, tokens 5x7",
    ]
    assert skipped == {"p1": {"no-contraction"}}


def test_walk_over_a_stack_of_stacks_and_flattened_tokens():
    def loss(params, x):
        body = lambda x, w: (jnp.tanh(x.reshape(35, 4) @ w).reshape(5, 7, 4), None)  # noqa: E731
        outer = lambda x, group: (jax.lax.scan(body, x, group)[0], None)  # noqa: E731
        return jnp.sum(jax.lax.scan(outer, x, params[0], reverse=True)[0])

    sites, _ = expected(loss, (f32(2, 3, 4, 4),), f32(5, 7, 4))
    assert sites == [
        f"p0: dense, depth {depth}, layer {layer}, tokens 5x7"
        for depth, layer in enumerate((3, 4, 5, 0, 1, 2), 1)
    ]


def test_walk_over_micro_batches_and_an_embedding():
    def loss(params, ids):
        part = lambda ids: jnp.sum(jnp.tanh(params[0][ids]) @ params[0].T)  # noqa: E731
        return jax.lax.scan(lambda total, ids: (total + part(ids), None), 0.0, ids)[0]

    ids = jax.ShapeDtypeStruct((3, 5, 7), jnp.int32)
    sites, skipped = expected(loss, (f32(11, 4),), ids)
    assert sites == [
        "p0: embedding, depth 1, tokens 5x7, 3 times",
        "p0: dense, depth 2, tokens 5x7, 3 times",
    ]
    assert not skipped


def test_walk_over_time():
    def loss(params, x):
        cell = lambda h, x: (jnp.tanh(x + h @ params[1]), None)  # noqa: E731
        h, _ = jax.lax.scan(cell, jnp.zeros((7, 3)), x @ params[0])
        return jnp.sum(h)

    sites, skipped = expected(loss, (f32(4, 3), f32(3, 3)), f32(5, 7, 4))
    assert sites == ["p0: dense, depth 1, tokens 5x7"]
    assert skipped == {"p1": {"recurrent"}}


def test_walk_where_no_gradient_passes():
    def loss(params, x):
        frozen = x @ jax.lax.stop_gradient(params[0])
        chosen = jnp.argmax(x @ params[1], -1)
        merged = params[2] + params[3] @ params[4]
        return jnp.sum(params[5][chosen]) + jnp.sum(frozen @ merged)

    shapes = f32(4, 3), f32(4, 11), f32(3, 6), f32(3, 2), f32(2, 6), f32(11, 8)
    sites, skipped = expected(loss, shapes, f32(5, 7, 4))
    assert sites == [
        "p5: embedding, depth 1, tokens 5x7",
        "p2 + p3 + p4: dense, depth 1, tokens 5x7",
    ]
    assert skipped == {name: {"part-of-weight"} for name in ("p2", "p3", "p4")}


def test_walk_over_experts_and_examples():
    def loss(params, x):
        one = lambda x: jnp.einsum("esd,edk->esk", x, params[0])  # noqa: E731
        return jnp.sum(jax.vmap(one)(x))

    sites, _ = expected(loss, (f32(3, 4, 6),), f32(5, 3, 7, 4))
    assert sites == ["p0: dense, depth 1, tokens 3x5x7"]


def test_the_comparison_sees_each_difference():
    def loss(params, x):
        return jnp.sum(jnp.tanh(x @ params[0] + params[2]) @ params[1])

    shapes = f32(4, 3), f32(3, 6), f32(3)
    names = [["a", "b", "bias"], ["x"]]
    right = expected_of(
        loss, (shapes, f32(5, 7, 4)), names, parameters=(0,), batch=(1,)
    )
    records = [
        {"parameter": name, "argument": i, "kind": "dense", "depth": i + 1, "layer": None}
        | {"token_shape": [5, 7], "repeats": 1}
        for i, name in enumerate(("a", "b"))
    ]
    assert compare_sites(right, records) == ((), ())
    assert compare_sites(right, records[:1]) == (("b: dense, depth 2, tokens 5x7",), ())
    assert compare_sites(right, [*records, records[0]]) == (
        (),
        ("a: dense, depth 1, tokens 5x7",),
    )
    for change in ({"depth": 3}, {"layer": 0}, {"repeats": 2}, {"token_shape": [5]}):
        missed, wrong = compare_sites(right, [records[0], records[1] | change])
        assert len(missed) == len(wrong) == 1
    bias = {"parameter": "bias", "code": "no-contraction"}
    assert not compare_skipped(right, {"sites": records, "skipped": [bias]})
    for skipped in ([], [bias | {"code": "layout"}]):
        assert len(compare_skipped(right, {"sites": records, "skipped": skipped})) == 1
