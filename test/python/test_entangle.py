"""`cegm.jax.entangle`, used like `jax.jit`."""

import os
import pathlib
import subprocess
import sys
import textwrap

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import rich.console

import cegm
import cegm.jax
from comparison import assert_close, assert_identical
from small_step import (
    arguments,  # noqa: F401: a fixture
    loss,
    step,
)


def test_results_have_the_structure_of_the_step(arguments):
    plain = jax.jit(step)(*arguments)
    entangled = cegm.jax.entangle(step)(*arguments)
    assert jax.tree.structure(plain) == jax.tree.structure(entangled)
    assert_close(entangled[1], plain[1], 1e-6)
    changed = entangled[0]["second"]["w"] - plain[0]["second"]["w"]
    assert float(jnp.abs(changed).max()) > 1e-4
    # A parameter without a site is updated as before.
    assert_close(entangled[0]["first"]["b"], plain[0]["first"]["b"], 1e-6)


def test_several_shapes_and_one_compilation_each(arguments):
    params, x, y = arguments
    traces = []

    def counted(params, x, y):
        traces.append(x.shape)
        return step(params, x, y)

    entangled = cegm.jax.entangle(counted)
    for length in (11, 5, 11, 5):
        new, _ = entangled(params, x[:, :length], y[:, :length])
        assert new["second"]["w"].shape == (8, 2)
    assert sorted(traces) == [(4, 5, 3), (4, 11, 3)]


def test_static_arguments(arguments):
    def chosen(params, x, y, activation, *, scale="small"):
        def inner(p):
            hidden = getattr(jnp, activation)(x @ p["first"]["w"])
            return jnp.mean((hidden @ p["second"]["w"] - y) ** 2)

        rate = {"small": 0.1, "large": 1.0}[scale]
        value, grads = jax.value_and_grad(inner)(params)
        return jax.tree.map(lambda p, g: p - rate * g, params, grads), value

    statics = {"static_argnums": 3, "static_argnames": "scale"}
    entangled = cegm.jax.entangle(chosen, strength=0.0, **statics)
    plain = jax.jit(chosen, **statics)
    for activation in ("tanh", "sin"):
        for scale in ("small", "large"):
            assert_identical(
                entangled(*arguments, activation, scale=scale),
                plain(*arguments, activation, scale=scale),
            )
    # By name, too, what is static by its number.
    assert_identical(entangled(*arguments, activation="cos"), plain(*arguments, "cos"))


def test_donation(arguments):
    params, x, y = jax.tree.map(jnp.copy, arguments)
    entangled = cegm.jax.entangle(step, donate_argnums=0)
    new, _ = entangled(params, x, y)
    assert all(leaf.is_deleted() for leaf in jax.tree.leaves(params))
    assert not x.is_deleted()
    again, _ = cegm.jax.entangle(step, donate_argnames="params")(params=new, x=x, y=y)
    assert all(leaf.is_deleted() for leaf in jax.tree.leaves(new))
    assert np.isfinite(again["second"]["w"]).all()


def test_an_argument_cannot_be_donated_and_static():
    with pytest.raises(ValueError, match="donated and static"):
        cegm.jax.entangle(step, donate_argnums=0, static_argnames="params")


def test_strength_of_a_call_compiles_once(arguments):
    traces = []

    def counted(*args):
        traces.append(1)
        return step(*args)

    entangled = cegm.jax.entangle(counted, strength_arg=True, strength=0.2)
    by_default = entangled(*arguments)
    same = entangled(*arguments, strength=0.2)
    other = entangled(*arguments, strength=jnp.float32(0.6))
    assert_identical(by_default, same)
    assert len(traces) == 1
    constant = cegm.jax.entangle(step, strength=0.6)(*arguments)
    assert_close(other, constant, 1e-6)


@pytest.mark.parametrize(
    "strength", [1.5, -3, 20, float("nan"), np.float32(1), jnp.array(-0.1), np.ones(2)]
)
def test_strength_of_a_call_is_checked(strength, arguments):
    entangled = cegm.jax.entangle(step, strength_arg=True)
    with pytest.raises(ValueError, match="strength: expected a "):
        entangled(*arguments, strength=strength)


@pytest.mark.parametrize("kernels", ["xla", "native"])
@pytest.mark.parametrize("weighting", ["tanh", "linear", "exp", "softmax"])
def test_traced_strength_out_of_range_gives_nan(weighting, kernels, arguments):
    entangled = cegm.jax.entangle(
        lambda params, x, y, strength: step(params, x, y),
        strength=lambda params, x, y, strength: strength,
        weighting=weighting,
        kernels=kernels,
    )
    for strength in (1.0, 20.0, -0.5, np.nan):
        params, value = entangled(*arguments, jnp.float32(strength))
        weights = params["first"]["w"], params["second"]["w"]
        assert all(np.isnan(w).all() for w in weights)
        assert np.isfinite(value)


def test_strength_as_a_schedule(arguments):
    params, x, y = arguments

    def counting(carry, x, y):
        params, count = carry
        params, value = step(params, x, y)
        return (params, count + 1), value

    entangled = cegm.jax.entangle(
        counting, strength=lambda carry, x, y: 0.1 * carry[1]
    )
    carry = (params, jnp.float32(0))
    for count in range(3):
        fixed = cegm.jax.entangle(step, strength=0.1 * count)(carry[0], x, y)
        carry, value = entangled(carry, x, y)
        assert_close((carry[0], value), fixed, 1e-5)


def test_strength_parameter_of_the_step_is_not_hidden():
    with pytest.raises(ValueError, match="parameter of the name strength"):
        cegm.jax.entangle(lambda params, strength: params, strength_arg=True)


def test_audit_is_one_more_result(arguments):
    results, metrics = cegm.jax.entangle(step, audit=True, strength=0.3)(*arguments)
    assert_close(results, cegm.jax.entangle(step, strength=0.3)(*arguments), 1e-6)
    assert set(metrics) == {"params['first']['w']", "params['second']['w']"}
    row = metrics["params['second']['w']"]
    assert row["active"].shape == (1,) and float(row["active"][0]) == 44
    assert 0.5 < float(row["weight_minimum"][0]) < 1 < float(row["weight_maximum"][0])
    np.testing.assert_allclose(row["energy"], 0.3 * row["mean"], rtol=1e-5)


def test_side_effects_are_refused(arguments):
    def noisy(params, x, y):
        jax.debug.print("loss {}", loss(params, x, y))
        return step(params, x, y)

    with pytest.raises(ValueError, match="cannot be exported.*callbacks"):
        cegm.jax.entangle(noisy)(*arguments)


def test_jitted_steps_and_lowering(arguments):
    entangled = cegm.jax.entangle(jax.jit(step))
    text = entangled.lower(*arguments).as_text()
    assert "stablehlo.dot_general" in text
    assert_close(entangled(*arguments), cegm.jax.entangle(step)(*arguments), 1e-6)


def same(results, expected):
    return jax.tree.all(jax.tree.map(np.array_equal, results, expected))


def test_compiling_ahead_of_time(arguments):
    """The compiled step is called with the arguments of the step."""
    params, x, y = arguments
    entangled = cegm.jax.entangle(
        step, static_argnames="rate", donate_argnums=0, strength_arg=True
    )
    compiled = entangled.lower(params, x, y=y, rate=0.3).compile()
    expected = entangled(jax.tree.map(jnp.copy, params), x, y, 0.3, strength=0.2)
    donated = jax.tree.map(jnp.copy, params)
    assert same(compiled(donated, x, y=y, strength=0.2), expected)
    assert all(leaf.is_deleted() for leaf in jax.tree.leaves(donated))


@pytest.mark.parametrize("options", [{"mode": "audit"}, {"audit_gradients": True}])
def test_options_that_imply_the_audit(arguments, options):
    results, metrics = cegm.jax.entangle(step, **options)(*arguments)
    row = metrics["params['second']['w']"]
    assert float(row["active"][0]) == 44
    if "mode" in options:
        assert same(results, jax.jit(step)(*arguments))
    else:
        assert 0.9 < float(row["gradient_cosine"][0]) < 1


def test_steps_that_return_gradients(arguments):
    gradients = jax.grad(loss)
    with pytest.raises(cegm.CegmError, match="option 'parameters'"):
        cegm.jax.entangle(gradients)(*arguments)
    entangled = cegm.jax.entangle(gradients, parameters=["params"])
    sites = [r for r in entangled.explain(*arguments) if r.is_site]
    assert [r.parameter for r in sites] == [
        "params['first']['w']",
        "params['second']['w']",
    ]
    change = entangled(*arguments)["second"]["w"] - gradients(*arguments)["second"]["w"]
    assert float(jnp.abs(change).max()) > 1e-4


def test_layers_of_a_stack_have_records_and_metrics(arguments):
    stack = jax.random.normal(jax.random.key(5), (3, 4, 4)) / 2
    x = jax.random.normal(jax.random.key(6), (2, 5, 4))

    def scanned(params, x):
        def inner(params):
            body = lambda x, w: (jnp.tanh(x @ w), None)
            return jnp.mean(jax.lax.scan(body, x, params["layers"])[0] ** 2)

        return {"layers": params["layers"] - 0.1 * jax.grad(inner)(params)["layers"]}

    entangled = cegm.jax.entangle(scanned, audit=True)
    records = entangled.explain({"layers": stack}, x)
    assert [(r.layer, r.repeats, r.depth) for r in records] == [
        (0, 1, 1),
        (1, 1, 2),
        (2, 1, 3),
    ]
    _, metrics = entangled({"layers": stack}, x)
    energies = metrics["params['layers']"]["energy"]
    assert energies.shape == (3,) and len(set(energies.tolist())) == 3
    console = rich.console.Console(width=160, record=True, file=open(os.devnull, "w"))
    console.print(cegm.table(records))
    assert "params['layers'] layer 2" in console.export_text()


def test_entangle_explains_what_it_does(arguments):
    entangled = cegm.jax.entangle(step, exclude=["first"])
    status = {r.parameter: r.status for r in entangled.explain(*arguments)}
    assert status["params['second']['w']"] == "site"
    assert status["params['first']['w']"] == "skipped"


def run_python(script: str, **environment: str) -> str:
    """Runs a script in a process of its own; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={**os.environ, **environment},
        cwd=pathlib.Path(__file__).parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_shardings():
    """Two devices: the batch is split, the parameters are on both."""
    printed = run_python(
        """
        import jax, jax.numpy as jnp, numpy as np
        from jax.sharding import Mesh, NamedSharding, PartitionSpec as P
        import cegm.jax
        from small_step import step

        mesh = Mesh(np.asarray(jax.devices()), ("data",))
        whole, split = NamedSharding(mesh, P()), NamedSharding(mesh, P("data"))
        keys = jax.random.split(jax.random.key(0), 4)
        params = {
            "first": {"w": jax.random.normal(keys[0], (3, 8)), "b": jnp.zeros(8)},
            "second": {"w": jax.random.normal(keys[1], (8, 2))},
        }
        x = jax.random.normal(keys[2], (4, 11, 3))
        y = jax.random.normal(keys[3], (4, 11, 2))
        single = cegm.jax.entangle(step)(params, x, y)
        for given in ("arguments", "options", "options, ahead of time"):
            if given.startswith("options"):
                entangled = cegm.jax.entangle(
                    step, audit=True, in_shardings=(whole, split, split),
                    out_shardings=(whole, whole), donate_argnums=0)
            else:
                entangled = cegm.jax.entangle(step, audit=True)
            args = (jax.device_put(jax.tree.map(jnp.copy, params), whole),
                    jax.device_put(x, split), jax.device_put(y, split))
            if given.endswith("ahead of time"):
                compiled = entangled.lower(params, x, y).compile()
                assert compiled.input_shardings[0][1] == split
                results, metrics = compiled(*args)
            else:
                results, metrics = entangled(*args)
            for a, b in zip(jax.tree.leaves(results), jax.tree.leaves(single)):
                np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-6)
                assert len(a.sharding.device_set) == 2, a.sharding
            print(given, float(metrics["params['first']['w']"]["active"][0]))
        """,
        XLA_FLAGS="--xla_force_host_platform_device_count=2",
    )
    assert printed.splitlines() == [
        "arguments 44.0",
        "options 44.0",
        "options, ahead of time 44.0",
    ]


CACHED = """
    import jax, jax.numpy as jnp
    import cegm.jax
    from small_step import step

    jax.config.update("jax_compilation_cache_dir", {folder!r})
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    keys = jax.random.split(jax.random.key(0), 4)
    params = {{
        "first": {{"w": jax.random.normal(keys[0], (3, 8)), "b": jnp.zeros(8)}},
        "second": {{"w": jax.random.normal(keys[1], (8, 2))}},
    }}
    x = jax.random.normal(keys[2], (4, 11, 3))
    y = jax.random.normal(keys[3], (4, 11, 2))
    {setup}
    new, _ = cegm.jax.entangle(step, {options})(params, x, y)
    print(float(new["second"]["w"].sum()).hex())
"""

# Stands for a rebuilt library whose injection gives another module.
REBUILT = """
    from cegm import injection
    run = injection._pipeline.run
    def other(text, passes, request):
        passes = [p.replace("strength=0.1", "strength=0.9") for p in passes]
        return run(text, passes, request)
    injection._pipeline.run = other
"""


def test_persistent_cache_is_never_stale(tmp_path):
    """Each process finds the compilation of its own module or makes it."""

    def run(options, setup="", folder="cache"):
        folder = str(tmp_path / folder)
        setup = textwrap.indent(textwrap.dedent(setup), "    ").strip()
        return run_python(CACHED.format(folder=folder, options=options, setup=setup))

    def entries():
        return {p.name for p in (tmp_path / "cache").iterdir() if "step" in p.name}

    first = run("strength=0.1")
    filled = entries()
    assert filled, "the compilation was not kept, so that the test tells nothing"
    assert run("strength=0.1") == first and entries() == filled
    for options in ("strength=0.9", "strength=0.1, sign='negative'"):
        fresh = run(options, folder="other")
        assert fresh != first
        assert run(options) == fresh
    rebuilt = run("strength=0.1", setup=REBUILT)
    assert rebuilt != first and rebuilt == run("strength=0.9")
