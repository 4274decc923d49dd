"""Every structure of train steps: its sites, and the numbers of its steps.

A structure is written twice (`structures/forms.py`). The step under test is
injected as a whole; what it should compute comes from the reference, which
reads the plain form.
"""

import cegm
import cegm.jax
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from comparison import assert_close, relative_errors
from structures import ALL, REFUSED, Structure
from structures import checks, table
from structures.forms import F32, SGD

structures = pytest.mark.parametrize("structure", ALL, ids=lambda s: s.name)
partials = pytest.mark.parametrize("partial", REFUSED, ids=lambda p: p.name)


@structures
def test_sites_and_numbers(structure: Structure):
    outcome = checks.measure(structure)
    found = checks.found_sites(structure, outcome.records)
    assert found == checks.expected_sites(structure)
    documented, _ = table.rows("sites")[structure.feature, structure.example]
    assert outcome.sites == int(documented)
    names = {record.parameter for record in outcome.records}
    missing = checks.parameter_names(structure) - names
    assert not missing, "parameters in no list"
    assert outcome.error <= structure.tolerance
    # The plain step would not pass.
    assert outcome.effect > 10 * structure.tolerance


@partials
def test_what_is_left_alone(partial):
    """Parameters that are no sites have their reason, and only they.

    What is re-weighted beside them is right; a step without sites is refused.
    """
    outcome = checks.measure_partial(partial)
    reasons = dict(partial.reasons)
    found: dict[str, set[str]] = {}
    for record in outcome.records:
        if record.parameter and record.parameter.startswith("params["):
            name = record.parameter.split("'")[-2]
            found.setdefault(name, set()).add("site" if record.is_site else record.code)
    params = jax.eval_shape(partial.init, jax.random.key(0))
    wanted = {
        path[-1].key: {reasons.get(path[-1].key, "site")}
        for path, _ in jax.tree_util.tree_flatten_with_path(params)[0]
    }
    assert found == wanted
    if partial.plain is not None:
        assert outcome.error <= F32
        assert outcome.effect > 10 * F32
    else:
        assert outcome.sites == 0
        inputs = partial.init(jax.random.key(3))
        with pytest.raises(cegm.CegmError, match="no gradient of a parameter"):
            cegm.jax.entangle(partial.step)(inputs, SGD.init(inputs), partial.batch(0))


def by_name(name: str) -> Structure:
    (structure,) = (s for s in ALL if s.name == name)
    return structure


UNROLLED = by_name("layers one by one: stack[i] in a loop of Python")
SCANNED = [
    by_name("scan over layers: jax.lax.scan"),
    by_name("recomputed layers: jax.checkpoint in a scan, dots_saveable"),
]


@pytest.fixture(scope="module")
def unrolled_audit():
    inputs = checks.arguments(UNROLLED, checks.stages(UNROLLED)[0])
    return checks.injected(UNROLLED.step, inputs, checks.CHOICES, audit=True)(*inputs)


@pytest.mark.parametrize("structure", SCANNED, ids=lambda s: s.name)
def test_a_loop_and_its_layers_agree(structure, unrolled_audit):
    """Injected one and injected other: the results, and the audit by layer."""
    inputs = checks.arguments(structure, checks.stages(structure)[0])
    step = checks.injected(structure.step, inputs, checks.CHOICES, audit=True)
    results, metrics = step(*inputs)
    wanted_results, wanted = unrolled_audit
    assert_close(results, wanted_results, F32)
    assert metrics.keys() == wanted.keys()
    for path, rows in wanted.items():
        for name, values in rows.items():
            np.testing.assert_allclose(
                metrics[path][name], values, rtol=2e-4, atol=2e-6, err_msg=f"{path} {name}"
            )


def test_the_audit_has_a_value_for_each_layer(unrolled_audit):
    """In the order of the layers, as the reference finds them."""
    _, metrics = unrolled_audit
    stage = checks.stages(UNROLLED)[0]
    reference = checks.reference_of(UNROLLED, UNROLLED.parts[0])
    audits = reference.gradients_and_step(
        stage.params, (), stage.batch, checks.CHOICES
    )[-1]
    wanted: dict[str, list] = {}
    for audit in audits:
        (parameter,) = audit.site.parameters
        path = "params" + reference.parameter_paths[parameter]
        wanted.setdefault(path, []).append(audit.metrics)
    assert metrics.keys() == wanted.keys()
    for path, rows in wanted.items():
        for name in rows[0]:
            np.testing.assert_allclose(
                metrics[path][name],
                [row[name] for row in rows],
                rtol=2e-4,
                atol=2e-6,
                err_msg=f"{path} {name}",
            )


def test_a_step_that_returns_gradients():
    """Its parameters are named, since no result takes their place."""
    stage = checks.stages(UNROLLED)[0]
    inputs = stage.params, stage.batch
    got = checks.injected(
        UNROLLED.gradients, inputs, checks.CHOICES, parameters=["params"]
    )(*inputs)
    wanted = checks.wanted_gradients(
        UNROLLED, stage.params, stage.batch, checks.CHOICES
    )
    assert_close(got, wanted, F32)
    plain = jax.jit(UNROLLED.gradients)(*inputs)
    assert max(relative_errors(plain, wanted).values()) > 10 * F32


def _saliency(params, x, targets):
    """How the loss depends on the inputs; x: `[batch, sequence, FEATURES]`."""

    def loss(x):
        y = x + jnp.tanh(x @ params["up"]) @ params["down"]
        return jnp.mean((y - targets) ** 2)

    return jax.grad(loss)(x)


@pytest.mark.parametrize("options", [{}, {"parameters": ["params"]}], ids=str)
def test_gradients_of_inputs_alone_are_no_sites(options):
    params = {"up": jnp.ones((4, 6)), "down": jnp.ones((6, 4))}
    x = jnp.ones((2, 5, 4))
    records = cegm.explain(cegm.jax.emit(_saliency, params, x, x), **options)
    assert not any(record.is_site for record in records)
    with pytest.raises(cegm.CegmError, match="parameter"):
        cegm.jax.entangle(_saliency, **options)(params, x, x)


@pytest.mark.parametrize(
    "example, reason",
    [
        ("`jax.lax.scan(unroll=2)`", "used again at the same depth"),
        ("scan in a scan, 2 groups of 2", "another loop"),
        ("a loop of Python over micro-batches", "used again at the same depth"),
    ],
)
def test_coupling_without_an_order_is_refused(example, reason):
    """Where depths do not tell whose scores belong together."""
    structure = next(s for s in ALL if s.example == example)
    inputs = checks.arguments(structure, checks.stages(structure)[0])
    with pytest.raises(cegm.CegmError, match="coupling.*" + reason):
        cegm.jax.entangle(structure.step, coupling=0.5)(*inputs)


def test_the_table_of_the_documentation():
    """It holds each structure, with an error within bounds."""
    rows = table.rows("sites")
    assert list(rows) == [(s.feature, s.example) for s in ALL]
    for structure in ALL:
        _, error = rows[structure.feature, structure.example]
        assert float(error) <= structure.tolerance
    rows = table.rows("none")
    assert list(rows) == [(p.feature, p.example) for p in REFUSED]
    for partial in REFUSED:
        _, reasons, _ = rows[partial.feature, partial.example]
        assert reasons == ", ".join(f"{n}: `{c}`" for n, c in partial.reasons)
