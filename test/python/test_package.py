"""The text of a step in, and the injected one or a report out."""

import os
import re

import pytest
import rich.console

import cegm
import cegm.jax
from small_step import (
    arguments,  # noqa: F401: a fixture
    loss,
    step,
)


@pytest.fixture
def text(arguments):
    return cegm.jax.emit(step, *arguments)


def test_inject_gives_pure_stablehlo_with_locations(text):
    injected = cegm.inject(text, windows=(1, 4), sign="magnitude")
    assert "cegm." not in re.sub(r"loc\(.*\)", "", injected).replace(
        "cegm.injected", ""
    )
    assert "loc(\"params['first']['w']\")" in injected
    assert injected != text


def test_inject_is_deterministic(text):
    assert cegm.inject(text, audit=True) == cegm.inject(text, audit=True)


def test_strength_zero_keeps_the_step(text):
    plain = re.findall(r"stablehlo\.\w+", text)
    assert re.findall(r"stablehlo\.\w+", cegm.inject(text, strength=0)) == plain


@pytest.mark.parametrize(
    "options, words",
    [
        ({"strength": 1.5}, ["strength", "1.5"]),
        ({"windows": (16, 4)}, ["windows", "4", "16"]),
        ({"no_such_option": 3}, ["no such option", "no-such-option"]),
        ({"kernel": "angle"}, ["kernel", "angle"]),
        ({"include": ["nothing_here"]}, ["include"]),
    ],
)
def test_refused_options_say_what_and_why(text, options, words):
    with pytest.raises(cegm.CegmError) as caught:
        cegm.inject(text, **options)
    assert any(d.severity == "error" for d in caught.value.diagnostics)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"exclude": ["secnd"]}, ["'secnd'", "nearest names are 'params['second']['w']'"]),
        ({"include": ["second", "frist"]}, ["'frist'", "'params['first']['w']'"]),
        ({"include": ["['b']"]}, ["'['b']'", "no parameter with a site", "no-contraction"]),
        ({"include": ["first,second"]}, ["'first,second'"]),
        ({"include": ["1", "77"]}, ["'77'", "number of one of the 5 arguments"]),
        ({"parameters": ["nothing at all"]}, ["names are 'params['first']['b']'", "of 5"]),
        ({"sequence_length": 7}, ["sequence-length", "7", "4, 11"]),
    ],
)
def test_entries_that_mean_nothing_are_refused(text, options, words):
    for function in (cegm.inject, cegm.explain):
        with pytest.raises(cegm.CegmError) as caught:
            function(text, **options)
        assert all(word in str(caught.value) for word in words), caught.value


def test_option_of_a_wrong_type_is_refused(text):
    with pytest.raises(TypeError, match="decay: expected a number.*got dict"):
        cegm.inject(text, decay={})
    for unpaired in ("params['first", "params[", "params(", "}{"):
        with pytest.raises(ValueError, match="include: braces, brackets and quotes"):
            cegm.explain(text, include=[unpaired])


@pytest.mark.parametrize(
    "include, sites",
    [
        (["params['first']['w']"], ["params['first']['w']"]),
        (["['w']"], ["params['first']['w']", "params['second']['w']"]),
        (["second*w"], ["params['second']['w']"]),
        ([1], ["params['first']['w']"]),
        # One text, not two.
    ],
)
def test_include_takes_names_and_indices(text, include, sites):
    records = cegm.explain(text, include=include)
    assert sorted(r.parameter for r in records if r.is_site) == sites


def test_errors_carry_the_place():
    with pytest.raises(cegm.CegmError) as caught:
        cegm.inject("func.func @main(%x: tensor<2xf32>) {\n  return %y : f32\n}")
    (error,) = [d for d in caught.value.diagnostics if d.severity == "error"]
    assert ":2:" in error.location and "undeclared" in error.message


def test_a_step_without_gradients_is_refused(arguments):
    forward = cegm.jax.emit(lambda params, x, y: loss(params, x, y), *arguments)
    with pytest.raises(cegm.CegmError, match="no gradient of a parameter"):
        cegm.inject(forward)


def test_an_injected_step_is_refused(text):
    once = cegm.inject(text)
    with pytest.raises(cegm.CegmError):
        cegm.inject(once)


def test_explain_has_every_parameter(text):
    records = cegm.explain(text)
    by_name = {record.parameter: record for record in records}
    assert set(by_name) == {
        "params['first']['b']",
        "params['first']['w']",
        "params['second']['w']",
    }
    # Flattened order: first.b, first.w, second.w.
    assert [by_name[name].argument for name in sorted(by_name)] == [0, 1, 2]
    site = by_name["params['second']['w']"]
    assert site.is_site and site.kind == "dense" and site.shape == (8, 2)
    assert site.token_shape == (4, 11) and site.depth == 2
    bias = by_name["params['first']['b']"]
    assert bias.status == "skipped" and bias.code and bias.message


def test_explain_as_a_table(text):
    console = rich.console.Console(width=160, record=True, file=open(os.devnull, "w"))
    console.print(cegm.table(cegm.explain(text)))
    shown = console.export_text()
    assert "params['second']['w']" in shown and "8x2" in shown and "4x11" in shown
