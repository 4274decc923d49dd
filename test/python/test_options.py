"""The options' table of the Python package: true to the passes, checked early."""

import functools
import os
import pathlib
import re
import subprocess

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import cegm
import cegm.jax
from cegm import _cegm, _options, _pipeline

ROOT = pathlib.Path(__file__).resolve().parents[2]
CEGM_OPT = pathlib.Path(os.environ.get("CEGM_OPT", ROOT / "build" / "bin" / "cegm-opt"))
STEP = (ROOT / "test" / "Transforms" / "Inputs" / "mlp-sgd.mlir").read_text()
# What the frontends' own keywords set, and the report's only option.
KINDS = {"number": "number", "integer": "long", "choice": "value", "choices": "string",
         "names": "string", "sizes": "long", "bool": ""}


def run(*arguments):
    return subprocess.run(
        [CEGM_OPT, *arguments], input=STEP, capture_output=True, text=True, check=True
    ).stdout


@functools.cache
def options_in_help(name):
    """Name -> (kind of value, allowed values), of one pass."""
    found, here, option = {}, False, None
    for line in run("--help").splitlines():
        if match := re.match(r"      --([\w-]+)", line):
            here = match[1] == name
        elif here and (match := re.match(r"        --([\w-]+)(?:=<(\w+)>)?", line)):
            option = found[match[1]] = (match[2] or "", [])
        elif here and option and (match := re.match(r"    =([\w-]+)", line)):
            option[1].append(match[1])
    return found


def test_the_table_is_that_of_the_pass():
    stated = {
        o.pass_name: (KINDS[o.kind], list(o.choices) if o.kind == "choice" else [])
        for o in _options.OPTIONS.values()
    }
    in_help = {name: (kind, sorted(values)) for name, (kind, values) in
               options_in_help("inject-entanglement").items()}
    assert in_help == {name: (kind, sorted(values)) for name, (kind, values) in stated.items()}


def test_options_that_choose_sites_are_those_of_the_report():
    chosen = {o.pass_name for o in _options.OPTIONS.values() if o.chooses}
    assert set(options_in_help("explain-entanglement")) - {"format"} == chosen


def test_defaults_are_those_of_the_pass():
    text = subprocess.run(
        [CEGM_OPT, "--inject-entanglement", "--dump-pass-pipeline", "-o", "/dev/null"],
        input=STEP, capture_output=True, text=True, check=True,
    ).stderr
    shown = dict(re.findall(r"([\w-]+)=(\S+?)[\s}]", text.partition("{")[2]))
    for option in _options.OPTIONS.values():
        if option.kind in ("sizes", "names", "choices"):
            assert option.pass_name not in shown
        elif option.kind in ("number", "integer"):
            assert float(shown.pop(option.pass_name)) == option.default
        else:
            assert shown.pop(option.pass_name) == _pipeline._value_text("", option.default)
    assert not shown


def test_default_windows_are_those_of_the_pass():
    given = cegm.inject(STEP, windows=_options.OPTIONS["windows"].default)
    assert cegm.inject(STEP) == given


def test_choices_of_kinds_of_sites_are_those_of_the_pass():
    for kind in (*_options.OPTIONS["sites"].choices, "convolution"):
        outcome = _cegm.explain(STEP, f"sites={kind}")
        assert outcome.succeeded == (kind in _options.OPTIONS["sites"].choices)


BORDERS = {
    "strength": (0.0, 0.999, 1.0, -1e-9, float("nan"), float("inf")),
    "coupling": (0.0, 0.999, 1.0, -1e-9, float("nan")),
    "temperature": (1e-9, 1e9, 0.0, -1.0, float("inf"), float("nan")),
    "decay": (1e-9, 1e9, 0.0, -1.0, float("inf"), float("nan")),
    "canary_share": (1e-9, 1.0, 0.0, 1.001, float("nan")),
    "max_sites": (-1, 1, -2),
    # No dimension of the step is 1 long, which is another error.
    "sequence_length": (0, 5, -1),
    "windows": ((1,), (0,), (1, 0), (2, 7), (2, 2), (3, 1), (0, 1), (-1,)),
}


@pytest.mark.parametrize("name", BORDERS)
def test_ranges_are_those_of_the_pass(name):
    """What the table allows, the pass accepts, and nothing else."""
    for value in BORDERS[name]:
        text = _pipeline.pass_text("inject-entanglement", {name: value})
        # A canary needs a mode; a share that selects no site is another error.
        accepted = _cegm.run_pipeline(STEP, text).succeeded
        try:
            _options.checked({name: value})
            allowed = True
        except cegm.OptionError:
            allowed = False
        assert allowed == accepted, (name, value)


REFUSED = [
    ({"temprature": 0.1}, "no such option 'temprature'; did you mean 'temperature'?"),
    ({"window": (1,)}, "did you mean 'windows'?"),
    ({"no_such_thing": 1}, r"no-such-thing.*its options are strength, temperature"),
    ({"strength": 1.5}, r"option strength: expected a number in \[0, 1\), got 1.5"),
    ({"strength": "high"}, r"option strength: .*got 'high'"),
    ({"strength": True}, r"option strength: .*got True"),
    ({"kernel": "cosin"}, "expected 'cosine' or 'inner', got 'cosin'; did you mean 'cosine'"),
    ({"kernel": "zzz"}, "expected 'cosine' or 'inner', got 'zzz'$"),
    ({"mode": 1}, "option mode: expected 'audit', 'canary' or 'full', got 1"),
    ({"windows": (4, 2)}, "option windows: expected ascending integers.*got 2 after 4"),
    ({"windows": (1, 2.5)}, r"option windows: .*got 2.5 at position 1 of \(1, 2.5\)"),
    ({"max_sites": 2.0}, "option max_sites: expected an integer of -1 or more, got 2.0"),
    ({"audit_gradients": 1}, "option audit_gradients: expected True or False, got 1"),
    ({"sites": ["dens"]}, "option sites: expected 'dense' or 'embedding'.*'dense'"),
    ({"include": [1.5]}, "option include: expected names of parameters.*got 1.5"),
    ({"exclude": [-1]}, "option exclude: expected names of parameters.*got -1"),
    ({"parameters": {"a": 1}, "decay": {}}, "option decay: expected a number.*got dict"),
]


def step(params, x, y):
    def loss(params):
        return jnp.mean((jnp.tanh(x @ params["hid"]) @ params["out"] - y) ** 2)

    value, grads = jax.value_and_grad(loss)(params)
    return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads), value


@pytest.mark.parametrize("options, words", REFUSED)
def test_refused_at_once_and_in_the_exception_alone(options, words, capfd):
    for function in (
        lambda: cegm.jax.entangle(step, **options),
        lambda: cegm.inject(STEP, **options),
    ):
        with pytest.raises(cegm.OptionError, match=words) as caught:
            function()
        assert isinstance(caught.value, (cegm.CegmError, TypeError))
        assert [d.severity for d in caught.value.diagnostics] == ["error"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "keywords, words",
    [
        ({"strenght": 0.1}, "did you mean 'strength'?"),
        ({"donate_argnum": 0}, "did you mean 'donate_argnums'?"),
        ({"kernels": "nativ"}, "kernels: expected 'auto', 'native' or 'xla'.*'native'"),
        ({"audit": "yes"}, "option audit: expected True or False, got 'yes'"),
        ({"strength_arg": None}, "option strength_arg: expected True or False, got NoneType"),
    ],
)
def test_keywords_of_entangle(keywords, words):
    with pytest.raises(cegm.OptionError, match=words):
        cegm.jax.entangle(step, **keywords)


def test_explain_has_no_options_of_the_weights():
    with pytest.raises(cegm.OptionError, match="the explanation has no such option 'strength'"):
        cegm.explain(STEP, strength=0.1)


def test_values_of_numpy_jax_and_any_iterable_are_taken():
    wanted = cegm.inject(STEP, strength=0.25, windows=(1, 4), include=[1, 2], audit=True)
    given = cegm.inject(
        STEP,
        strength=np.float64(0.25),
        windows=np.array([1, 4]),
        include=(i for i in (1, 2)),
        audit=np.True_,
    )
    assert given == wanted
    assert cegm.inject(STEP, strength=jnp.asarray(0.25), windows=range(1, 2)) == cegm.inject(
        STEP, strength=0.25, windows=1
    )
    # None is what is not given.
    assert cegm.inject(STEP, strength=0.1, mode=None) == cegm.inject(STEP)


def test_the_page_has_the_table():
    page = (ROOT / "docs" / "options.md").read_text()
    assert _options.table() in page, "paste what cegm._options.table() returns"


def test_an_iterator_of_names_serves_every_call():
    """The step is injected for each form of its arguments, with all its options."""
    params = {"hid": jnp.ones((4, 6)), "out": jnp.ones((6, 3))}
    entangled = cegm.jax.entangle(step, include=iter(["hid"]), audit=True)
    for batch in (2, 3):
        x, y = jnp.ones((batch, 5, 4)), jnp.ones((batch, 5, 3))
        _, metrics = entangled(params, x, y)
        assert list(metrics) == ["params['hid']"]


@pytest.mark.parametrize("name", ["hid", "params.hid", "['hid']", ".hid", "params['hid']", "params/hid", "/hid/"])
def test_all_notations_of_a_name(name):
    params = {"hid": jnp.ones((4, 6)), "out": jnp.ones((6, 3))}
    arguments = params, jnp.ones((2, 5, 4)), jnp.ones((2, 5, 3))
    for option, wanted in (("include", "params['hid']"), ("exclude", "params['out']")):
        records = cegm.jax.entangle(step, **{option: [name]}).explain(*arguments)
        assert [r.parameter for r in records if r.is_site] == [wanted]
