"""Transformations of JAX around an entangled step, against the plain step."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import cegm.jax
from comparison import assert_close

TOLERANCE = 1e-5


def loss(params, x, y):
    hidden = jnp.tanh(x @ params["hidden"] + params["bias"])
    return jnp.mean((hidden @ params["out"] - y) ** 2)


def step(params, count, x, y):
    value, grads = jax.value_and_grad(loss)(params, x, y)
    norm = jnp.sqrt(sum(jnp.vdot(g, g) for g in jax.tree.leaves(grads)))
    new = jax.tree.map(lambda p, g: p - 0.1 * g, params, grads)
    return {"params": new, "count": count + 1, "loss": value, "norm": norm}


@pytest.fixture
def arguments():
    keys = jax.random.split(jax.random.key(0), 4)
    params = {
        "hidden": jax.random.normal(keys[0], (3, 7)),
        "bias": jnp.ones(7),
        "out": jax.random.normal(keys[1], (7, 2)),
    }
    x = jax.random.normal(keys[2], (4, 11, 3))
    return params, jnp.int32(3), x, jax.random.normal(keys[3], (4, 11, 2))


@pytest.fixture
def entangled():
    return cegm.jax.entangle(step, strength=0.4)


def of_params(function, arguments):
    return lambda params: function(params, *arguments[1:])


def loss_of(function, arguments):
    return lambda params: function(params, *arguments[1:])["loss"]


WAYS = {
    "grad": jax.grad,
    "value_and_grad": jax.value_and_grad,
    "jit of grad": lambda f: jax.jit(jax.grad(f)),
    "grad of jit": lambda f: jax.grad(jax.jit(f)),
    "grad of checkpoint": lambda f: jax.grad(jax.checkpoint(f)),
    "vjp": lambda f: lambda p: jax.vjp(f, p)[1](1.0),
    "linearize": lambda f: lambda p: jax.linearize(f, p)[1](p),
    "jit of jvp": lambda f: jax.jit(lambda p: jax.jvp(f, (p,), (p,))),
    "jit of hvp": lambda f: jax.jit(lambda p: jax.jvp(jax.grad(f), (p,), (p,))),
    "grad of scan": lambda f: jax.grad(
        lambda p: jax.lax.scan(lambda c, s: (c, f(scaled(p, s))), 0, jnp.ones(3))[1].sum()
    ),
    "vmap of grad": lambda f: lambda p: jax.vmap(lambda s: jax.grad(f)(scaled(p, s)))(
        jnp.array([0.5, 1.0, 2.0])
    ),
}


def scaled(params, scale):
    return jax.tree.map(lambda p: p * scale, params)


@pytest.mark.parametrize("way", WAYS)
def test_the_loss_has_the_derivative_of_the_plain_step(way, entangled, arguments):
    derive = WAYS[way]
    params = arguments[0]
    wanted = derive(loss_of(step, arguments))(params)
    assert all(np.abs(leaf).max() > 0 for leaf in jax.tree.leaves(wanted))
    assert_close(derive(loss_of(entangled, arguments))(params), wanted, TOLERANCE)


def test_derivative_by_the_data(entangled, arguments):
    params, count, x, y = arguments

    def at(function):
        return jax.grad(lambda x: function(params, count, x, y)["loss"])(x)

    assert_close(at(entangled), at(step), TOLERANCE)


REFUSED = {
    "grad of a parameter": lambda f: jax.grad(lambda p: f(p)["params"]["out"].sum()),
    "grad of the norm": lambda f: jax.grad(lambda p: f(p)["norm"]),
    "grad through two steps": lambda f: jax.grad(lambda p: f(f(p)["params"])["loss"]),
    "jacrev of parameters": lambda f: jax.jacrev(lambda p: f(p)["params"]),
    "jvp of parameters": lambda f: lambda p: jax.jvp(
        lambda p: f(p)["params"], (p,), (p,)
    ),
    "vmap of grad of a parameter": lambda f: lambda p: jax.vmap(
        lambda s: jax.grad(lambda p: f(p)["params"]["out"].sum())(scaled(p, s))
    )(jnp.ones(2)),
}


@pytest.mark.parametrize("way", REFUSED)
def test_what_gradients_reach_has_no_derivative(way, entangled, arguments):
    derive = REFUSED[way]
    with pytest.raises(NotImplementedError, match="depends on re-weighted gradients"):
        derive(of_params(entangled, arguments))(arguments[0])


def test_results_that_the_chosen_sites_do_not_reach_have_derivatives(arguments):
    """The bias is moved by no site: its derivative is the plain step's."""
    entangled = cegm.jax.entangle(step, include=["out"])

    def new_hidden(function):
        return jax.grad(
            lambda p: function(p, *arguments[1:])["params"]["hidden"].sum()
        )(arguments[0])

    assert_close(new_hidden(entangled), new_hidden(step), TOLERANCE)
    with pytest.raises(NotImplementedError, match=r"\['params'\]\['out'\]"):
        jax.grad(lambda p: entangled(p, *arguments[1:])["params"]["out"].sum())(
            arguments[0]
        )


def test_derivatives_of_audited_steps(arguments):
    audited = cegm.jax.entangle(step, mode="audit")
    params = arguments[0]

    def through(function, take):
        return jax.grad(lambda p: take(function(p, *arguments[1:])))(params)

    # An audit changes no result, so that all but the metrics can be derived.
    wanted = through(step, lambda results: results["norm"])
    assert_close(through(audited, lambda pair: pair[0]["norm"]), wanted, TOLERANCE)
    with pytest.raises(NotImplementedError, match="depends on"):
        through(audited, lambda pair: pair[1]["params['out']"]["energy"].sum())


def test_derivatives_by_the_strength(arguments):
    entangled = cegm.jax.entangle(step, strength_arg=True)

    def at(name):
        return jax.grad(lambda s: entangled(*arguments, strength=s)[name])(0.2)

    assert at("loss") == 0
    with pytest.raises(NotImplementedError, match="depends on"):
        at("norm")


@pytest.mark.parametrize("axes", [(None, None, 0, 0), (0, None, 0, None), (0, 0, 1, 2)])
def test_vmap_runs_the_step_for_each_element(axes, entangled, arguments):
    factors = (1.0, 2.0, -1.0)
    elements = [
        tuple(
            argument
            if axis is None
            else jax.tree.map(lambda a: (a * f).astype(a.dtype), argument)
            for axis, argument in zip(axes, arguments)
        )
        for f in factors
    ]
    stacked = tuple(
        argument
        if axis is None
        else jax.tree.map(lambda *a: jnp.stack(a, axis), *(e[i] for e in elements))
        for i, (axis, argument) in enumerate(zip(axes, arguments))
    )
    wanted = jax.tree.map(lambda *a: jnp.stack(a), *(entangled(*e) for e in elements))
    got = jax.vmap(entangled, in_axes=axes)(*stacked)
    assert_close(got, wanted, TOLERANCE)


def test_scan_around_the_step(entangled, arguments):
    params, count, x, y = arguments
    xs = jnp.stack([x, 2 * x, x - 1])

    def body(carry, x):
        results = entangled(*carry, x, y)
        return (results["params"], results["count"]), results["loss"]

    got = jax.lax.scan(body, (params, count), xs)
    losses = []
    for x in xs:
        results = entangled(params, count, x, y)
        params, count = results["params"], results["count"]
        losses.append(results["loss"])
    assert_close(got, ((params, count), jnp.stack(losses)), TOLERANCE)


@pytest.mark.parametrize("backend", ["xla", "native"])
def test_a_loop_of_training_compiles_once(backend, arguments):
    """The results are committed where the arguments are, as under `jax.jit`."""
    compiled = []

    def listen(name, *_, **__):
        if name == "/jax/core/compile/backend_compile_duration":
            compiled.append(name)

    entangled = cegm.jax.entangle(step, kernels=backend, donate_argnums=0)
    params, count, x, y = arguments
    params, x, y = jax.tree.map(jnp.array, (params, x, y))
    jax.block_until_ready((params, x, y))
    jax.monitoring.register_event_duration_secs_listener(listen)
    try:
        for _ in range(3):
            results = entangled(params, count, x, y)
            params = results["params"]
            assert not any(leaf.committed for leaf in jax.tree.leaves(results))
    finally:
        jax.monitoring.unregister_event_duration_listener(listen)
    assert len(compiled) == 1


def test_results_are_committed_where_arguments_are(entangled, arguments):
    placed = jax.device_put(arguments, jax.devices()[0])
    results = entangled(*placed)
    assert all(leaf.committed for leaf in jax.tree.leaves(results))
