"""The injected step computes what the formulas say, on real models.

The step that comes out of `cegm.jax.entangle` is compared with a reference
that shares no code with it (`reference/step.py`): all parameters and all of
the optimizer's state, which holds the gradients.
"""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import cegm.jax
import models
from comparison import assert_close, assert_identical, relative_errors, rounded
from models.common import make_batch
from reference.step import Options, Reference

F32, F64 = 1e-5, 1e-10
# One step: bf16 has 8 bits, and the second moments of Adam are squares.
BF16 = 1.5e-2


def options_of(choices: Options) -> dict:
    return dataclasses.asdict(choices)


def run(model, reference, optimizer, params, length, choices, tolerance, steps):
    """Steps of both from one start, on batches of their own.

    Each step starts from the reference's state, so that it is the step that is
    compared and not how rounding grows from one to the next.
    """
    reference = reference.with_optimizer(optimizer)
    injected = cegm.jax.entangle(
        models.make_step(model, optimizer), **options_of(choices)
    )
    wanted = (params, optimizer.init(params))
    for number in range(steps):
        batch = make_batch(number, length=length)
        got = injected(*wanted, batch)
        nearby = reference(*rounded(wanted), batch, choices)
        results = reference(*wanted, batch, choices)
        assert_close(got, results, tolerance, nearby)
        *wanted, _ = results


# No window divides the lengths.
LENGTHS = dict.fromkeys(models.ALL, 13) | {"linen": 37, "equinox": 37}


@pytest.mark.parametrize("name", list(models.ALL))
def test_steps_of_real_models(name):
    model = models.ALL[name]()
    params = model.init(jax.random.key(3))
    length = LENGTHS[name]
    reference = Reference(model.loss, None, params, make_batch(0, length=length))
    choices = Options(windows=(1, 5, 16), strength=0.2)
    tolerance = F32 if model.exact else BF16
    for make_optimizer in models.OPTIMIZERS.values():
        optimizer = make_optimizer()
        run(model, reference, optimizer, params, length, choices, tolerance, 4)


OPTION_CASES = [
    Options(),
    Options(strength=0.7, temperature=0.5),
    Options(kernel="inner"),
    Options(kernel="inner", weighting="linear", sign="negative"),
    Options(weighting="linear", temperature=0.3),
    Options(weighting="exp", sign="magnitude"),
    Options(weighting="softmax", temperature=0.5),
    Options(weighting="softmax", sign="negative", normalize="none"),
    Options(sign="negative"),
    Options(sign="magnitude", kernel="inner"),
    Options(normalize="none", weighting="exp", strength=0.4),
    Options(windows=(1,)),
    Options(windows=(4,)),
    Options(windows=(0,)),
    Options(windows=(2, 4, 8, 0), decay=0.5),
    Options(windows=(3, 7), decay=2.0),
    Options(context="output"),
    Options(context="output", kernel="inner", weighting="softmax"),
    Options(apply="flow"),
    Options(apply="flow", context="output", sign="magnitude", strength=0.4),
    Options(radial="remove"),
    Options(radial="remove", apply="flow", normalize="none"),
    Options(coupling=0.5),
    Options(coupling=0.9, apply="flow", kernel="inner"),
]


def case_name(choices: Options) -> str:
    plain = dataclasses.asdict(Options())
    changed = {
        key: value for key, value in options_of(choices).items() if plain[key] != value
    }
    return " ".join(f"{k}={v}" for k, v in changed.items()) or "defaults"


@pytest.mark.parametrize("choices", OPTION_CASES, ids=case_name)
def test_option_values(choices, tied_reference):
    """One step each, of a model with a tied embedding, so of both kinds."""
    model, optimizer, params, state, batch, reference, plain = tied_reference
    injected = cegm.jax.entangle(
        models.make_step(model, optimizer), **options_of(choices)
    )
    *got, loss = injected(params, state, batch)
    wanted_params, wanted_state, wanted_loss = reference(params, state, batch, choices)
    assert_close(loss, wanted_loss, F32)
    assert_close(got, [wanted_params, wanted_state], F32)
    # The option changes something: the test could not pass on the plain step.
    assert max(relative_errors(got, plain).values()) > 100 * F32


@pytest.fixture(scope="module")
def tied_reference():
    model = models.ALL["linen_tied"]()
    optimizer = models.OPTIMIZERS["sgd"]()
    params = model.init(jax.random.key(5))
    state = optimizer.init(params)
    batch = make_batch(2, length=21)
    reference = Reference(model.loss, optimizer, params, batch)
    *plain, _ = jax.jit(models.make_step(model, optimizer))(params, state, batch)
    return model, optimizer, params, state, batch, reference, plain


def test_formulas_in_double_precision():
    """With f64 nothing hides behind rounding."""
    with jax.enable_x64(True):
        model = models.ALL["linen_tied"]()
        params = jax.tree.map(
            lambda p: p.astype(jnp.float64), model.init(jax.random.key(3))
        )
        reference = Reference(model.loss, None, params, make_batch(0))
        optimizer = models.OPTIMIZERS["adamw"]()
        for choices in (
            Options(windows=(1, 5, 16), apply="flow"),
            Options(kernel="inner", coupling=0.4),
        ):
            run(model, reference, optimizer, params, 13, choices, F64, 2)


def test_audit_metrics(tied_reference):
    model, optimizer, params, state, batch, reference, _ = tied_reference
    choices = Options(windows=(1, 6), strength=0.3)
    injected = cegm.jax.entangle(
        models.make_step(model, optimizer), audit=True, **options_of(choices)
    )
    _, metrics = injected(params, state, batch)
    audits = reference.gradients_and_step(params, state, batch, choices)[-1]
    wanted: dict[str, list] = {}
    for entry in audits:
        (parameter,) = entry.site.parameters
        path = "params" + reference.parameter_paths[parameter]
        wanted.setdefault(path, []).append(entry.metrics)
    assert set(metrics) == set(wanted)
    for path, rows in wanted.items():
        assert set(metrics[path]) == set(rows[0])
        for name in rows[0]:
            np.testing.assert_allclose(
                np.sort(metrics[path][name]),
                np.sort([row[name] for row in rows]),
                rtol=2e-4,
                atol=2e-6,
                err_msg=f"{path} {name}",
            )


def test_masked_positions_are_not_active(tied_reference):
    """The output projection has one active token for each unmasked position."""
    model, optimizer, params, state, batch, *_ = tied_reference
    injected = cegm.jax.entangle(models.make_step(model, optimizer), audit=True)
    _, metrics = injected(params, state, batch)
    active = metrics["params['Embed_0']['embedding']"]["active"]
    assert float(batch["weights"].sum()) in np.asarray(active)


@pytest.mark.parametrize("name", ["linen_tied", "linen_bf16", "equinox"])
def test_strength_zero_and_audits_are_bit_identical(name):
    """Weights of exactly one, in a step that XLA compiles as it does the plain one."""
    model = models.ALL[name]()
    optimizer = models.OPTIMIZERS["sgd"]()
    params = model.init(jax.random.key(5))
    arguments = params, optimizer.init(params), make_batch(2, length=21)
    step = models.make_step(model, optimizer)
    wanted = jax.jit(step)(*arguments)
    injected = cegm.jax.entangle(step, strength_arg=True, keep_order=True)
    assert_identical(injected(*arguments, strength=0.0), wanted)
    changed = injected(*arguments, strength=0.3)
    assert max(relative_errors(changed[0], wanted[0]).values()) > 1e-4
    # The tied model is one whose results one more reader of a gradient changes.
    for gradients in {False, name == "linen_tied"}:
        audited, _ = cegm.jax.entangle(
            step, mode="audit", audit_gradients=gradients
        )(*arguments)
        assert_identical(audited, wanted)


def test_strength_argument_matches_the_constant(tied_reference):
    model, optimizer, params, state, batch, reference, _ = tied_reference
    injected = cegm.jax.entangle(
        models.make_step(model, optimizer), strength_arg=True
    )
    for strength in (0.05, 0.5):
        *got, loss = injected(params, state, batch, strength=strength)
        wanted = reference(params, state, batch, Options(strength=strength))
        assert_close((*got, loss), wanted, F32)


@pytest.mark.parametrize(
    "choices, chosen",
    [
        ({"sites": ["dense"]}, lambda site, paths: site.kind == "dense"),
        ({"sites": ["embedding"]}, lambda site, paths: site.kind == "embedding"),
        ({"include": ["Dense_*kernel"]}, lambda site, paths: "Dense_" in paths[0]),
        ({"exclude": ["embedding"]}, lambda site, paths: "embedding" not in paths[0]),
    ],
    ids=["dense", "embedding", "include", "exclude"],
)
def test_chosen_sites(choices, chosen, tied_reference):
    model, optimizer, params, state, batch, *_ = tied_reference
    reference = Reference(model.loss, optimizer, params, batch, chosen)
    injected = cegm.jax.entangle(models.make_step(model, optimizer), **choices)
    got = injected(params, state, batch)
    assert_close(got, reference(params, state, batch, Options()), F32)
