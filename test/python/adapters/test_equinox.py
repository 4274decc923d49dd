"""`cegm.equinox`: steps as users of Equinox write them, beside `eqx.filter_jit`."""

import functools
from collections.abc import Callable

import equinox as eqx
import jax
import jax.numpy as jnp
import optax
import pytest

import cegm
import cegm.equinox
from training import BATCH, LENGTH, OUT, WIDTH, data, distance

X, Y = data()
OPTIMIZER = optax.sgd(0.1, momentum=0.9)


class Model(eqx.Module):
    """Layers in a list, functions and strings among the fields, batch statistics."""

    first: eqx.nn.Linear
    layers: list
    norm: eqx.nn.BatchNorm
    out: eqx.nn.Linear
    dropout: eqx.nn.Dropout
    activation: Callable
    name: str = eqx.field(static=True, default="model")
    scale: float = 1.0

    def __init__(self, key, activation=jnp.tanh):
        keys = jax.random.split(key, 4)
        self.first = eqx.nn.Linear(WIDTH, 8, key=keys[0])
        self.layers = [eqx.nn.Linear(8, 8, key=k) for k in keys[1:3]]
        self.norm = eqx.nn.BatchNorm(8, "batch", mode="batch")
        self.out = eqx.nn.Linear(8, OUT, key=keys[3])
        self.dropout = eqx.nn.Dropout(0.25)
        self.activation = activation

    def __call__(self, x, state, key):
        """x: [LENGTH, WIDTH]."""
        x = self.activation(jax.vmap(self.first)(x))
        for layer in self.layers:
            x = x + self.activation(jax.vmap(layer)(x))
        x, state = self.norm(x.T, state)
        return jax.vmap(self.out)(self.dropout(x.T, key=key)) * self.scale, state


@eqx.filter_value_and_grad(has_aux=True)
def loss_fn(model, state, x, y, key):
    keys = jax.random.split(key, x.shape[0])
    forward = jax.vmap(model, axis_name="batch", in_axes=(0, None, 0), out_axes=(0, None))
    prediction, state = forward(x, state, keys)
    return jnp.mean((prediction - y) ** 2), state


def train_step(model, state, opt_state, x, y, key):
    (loss, state), grads = loss_fn(model, state, x, y, key)
    updates, opt_state = OPTIMIZER.update(grads, opt_state, eqx.filter(model, eqx.is_array))
    return eqx.apply_updates(model, updates), state, opt_state, loss


def start():
    model, state = eqx.nn.make_with_state(Model)(jax.random.key(0))
    return model, state, OPTIMIZER.init(eqx.filter(model, eqx.is_array))


def trained(step, steps=3, **strength):
    model, state, opt_state = start()
    losses = []
    for number in range(steps):
        model, state, opt_state, loss = step(
            model, state, opt_state, X, Y, jax.random.key(number), **strength
        )
        losses.append(float(loss))
    return model, state, opt_state, losses


def arrays(tree):
    return eqx.filter(tree, eqx.is_inexact_array)


@functools.cache
def plain():
    return trained(eqx.filter_jit(train_step))


@functools.cache
def entangled():
    """A step whose strength comes with each call."""
    return cegm.equinox.entangle(train_step, strength_arg=True)


def test_strength_zero_is_filter_jit():
    model, state, opt_state, losses = trained(entangled(), strength=0.0)
    assert distance(arrays(model), arrays(plain()[0])) < 1e-5
    assert distance(arrays(opt_state), arrays(plain()[2])) < 1e-5
    assert distance(losses, plain()[3]) < 1e-5
    assert distance(jax.tree.leaves(state), jax.tree.leaves(plain()[1])) < 1e-5
    assert model.activation is jnp.tanh and model.name == "model" and model.scale == 1.0


def test_entanglement_trains_otherwise():
    model, _, _, losses = trained(entangled(), strength=0.3)
    assert losses[0] == pytest.approx(plain()[3][0]) and losses[-1] < losses[0]
    assert distance(arrays(model), arrays(plain()[0])) > 1e-3


def test_names_and_audit():
    step = cegm.equinox.entangle(train_step, audit=True, include=["layers", "out/weight"])
    arguments = *start(), X, Y, jax.random.key(0)
    (model, *_), metrics = step(*arguments)
    assert sorted(metrics) == [
        "model.layers[0].weight",
        "model.layers[1].weight",
        "model.out.weight",
    ]
    assert int(metrics["model.out.weight"]["active"][0]) == BATCH * LENGTH
    assert isinstance(model, Model)
    records = {r.parameter: r for r in step.explain(*arguments)}
    assert records["model.first.weight"].code == "not-included"


def test_what_is_no_array_is_static():
    traces = []

    @cegm.equinox.entangle(strength=0.1)
    def step(model, x, y, mode="mean", factor=1.0):
        traces.append((mode, factor))
        reduce = getattr(jnp, mode)
        loss, grads = eqx.filter_value_and_grad(
            lambda m: factor * reduce((jax.vmap(jax.vmap(m))(x) - y) ** 2)
        )(model)
        updates = jax.tree.map(lambda g: -0.01 * g, grads)
        return eqx.apply_updates(model, updates), {"loss": loss, "mode": mode, "of": step}

    model = eqx.nn.MLP(WIDTH, OUT, 8, 1, activation=jax.nn.gelu, key=jax.random.key(0))
    for arguments in ({}, {"mode": "sum"}, {"mode": "sum", "factor": 2.0}, {"mode": "sum"}):
        new, results = step(model, X, Y, **arguments)
        assert results["mode"] == arguments.get("mode", "mean") and results["of"] is step
        assert isinstance(results["loss"], jax.Array) and new.activation is model.activation
    assert len(set(traces)) == 3
    count = len(traces)
    step(model, X, Y, mode="sum")
    assert len(traces) == count, "no further compilation"
    with pytest.raises(TypeError, match="has to be hashable.*got Unhashable"):
        step(model, X, Y, mode=Unhashable())


class Unhashable:
    __hash__ = None


@pytest.mark.parametrize(
    "donate, deleted",
    [("none", (False, False)), ("all", (True, True)), ("all-except-first", (False, True))],
)
def test_donation(donate, deleted):
    model, state, opt_state = start()
    step = cegm.equinox.entangle(train_step, donate=donate)
    step(model, state, opt_state, jnp.copy(X), jnp.copy(Y), jax.random.key(0))
    trace = jax.tree.leaves(arrays(opt_state))[0]
    assert (model.first.weight.is_deleted(), trace.is_deleted()) == deleted


def test_a_schedule_of_the_strength():
    arguments = *start(), X, Y, jax.random.key(0)
    scheduled = cegm.equinox.entangle(
        train_step, strength=lambda model, *_: 0.3 * (model.first.weight.size > 0)
    )
    wanted = entangled()(*arguments, strength=0.3)[0]
    assert distance(arrays(scheduled(*arguments)[0]), arrays(wanted)) < 1e-6


def test_what_filter_jit_has_not_is_refused():
    with pytest.raises(TypeError, match="static_argnums is not supported"):
        cegm.equinox.entangle(train_step, static_argnums=1)
    with pytest.raises(cegm.OptionError, match="option donate: .*did you mean 'all'"):
        cegm.equinox.entangle(train_step, donate="al")
