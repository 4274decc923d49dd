"""Training states of the JAX libraries that need no adapter, beside `jax.jit`."""

import flax.linen as nn
import haiku as hk
import jax
import jax.numpy as jnp
import optax
import orbax.checkpoint as ocp
import pytest
from flax import struct
from flax.training import train_state

import cegm
import cegm.jax
from training import BATCH, LENGTH, OUT, data, distance

X, Y = data()


class Net(nn.Module):
    """With dropout and batch statistics."""

    @nn.compact
    def __call__(self, x, train: bool):
        x = nn.tanh(nn.Dense(8, name="hid")(x))
        x = nn.BatchNorm(use_running_average=not train, name="norm")(x)
        x = nn.Dropout(0.1, deterministic=not train)(x)
        return nn.Dense(OUT, name="out")(x)


class State(train_state.TrainState):
    statistics: dict = struct.field(default_factory=dict)


def start(optimizer):
    variables = Net().init(jax.random.key(0), X, train=False)
    return State.create(
        apply_fn=Net().apply,
        params=variables["params"],
        tx=optimizer,
        statistics=variables["batch_stats"],
    )


def train_step(state, x, y, key):
    def loss_fn(params):
        prediction, changed = state.apply_fn(
            {"params": params, "batch_stats": state.statistics},
            x,
            train=True,
            rngs={"dropout": jax.random.fold_in(key, state.step)},
            mutable=["batch_stats"],
        )
        return jnp.mean((prediction - y) ** 2), changed["batch_stats"]

    (loss, statistics), grads = jax.value_and_grad(loss_fn, has_aux=True)(state.params)
    return state.apply_gradients(grads=grads, statistics=statistics), loss


def trained(step, state, steps=4):
    for number in range(steps):
        state, loss = step(state, X, Y, jax.random.key(0))
    return state


OPTIMIZERS = {
    "momentum": lambda: optax.sgd(0.1, momentum=0.9),
    "chain": lambda: optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.inject_hyperparams(optax.sgd)(learning_rate=optax.linear_schedule(0.1, 0.01, 10)),
    ),
    "accumulated": lambda: optax.MultiSteps(optax.sgd(0.1), every_k_schedule=2),
    "masked": lambda: optax.masked(
        optax.sgd(0.1), lambda params: jax.tree.map(lambda p: p.ndim > 1, params)
    ),
    "parted": lambda: optax.multi_transform(
        {"a": optax.sgd(0.1), "b": optax.set_to_zero()}, {"hid": "a", "norm": "a", "out": "b"}
    ),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_flax_train_states(name):
    """Plain, at strength 0, and at 0.3; the optimizers as they are."""
    state = start(OPTIMIZERS[name]())
    plain = trained(jax.jit(train_step), state)
    step = cegm.jax.entangle(train_step, strength_arg=True, audit=True)
    results = {}
    for strength in (0.0, 0.3):
        results[strength] = state
        for _ in range(4):
            (results[strength], _), metrics = step(
                results[strength], X, Y, jax.random.key(0), strength=strength
            )
    zero, some = results.values()
    wanted = (plain.params, plain.statistics, plain.opt_state)
    assert distance((zero.params, zero.statistics, zero.opt_state), wanted) < 1e-5
    trains_out = name != "parted"
    assert "state.params['hid']['kernel']" in metrics
    assert ("state.params['out']['kernel']" in metrics) == trains_out
    assert int(metrics["state.params['hid']['kernel']"]["active"][0]) == BATCH * LENGTH
    for layer in ("hid", "out") if trains_out else ("hid",):
        kernels = [s.params[layer]["kernel"] for s in (some, plain)]
        assert distance(*kernels) > 1e-4
    assert int(some.step) == 4


def test_names_of_parameters_do_not_mean_the_optimizer():
    """`hid/kernel` is part of the names of moments, too."""
    state = start(optax.adam(1e-2))
    for name in ("hid/kernel", "params.hid.kernel", "['hid']['kernel']"):
        step = cegm.jax.entangle(train_step, include=[name], audit=True)
        _, metrics = step(state, X, Y, jax.random.key(0))
        assert list(metrics) == ["state.params['hid']['kernel']"]


def test_haiku_with_state_and_random_numbers():
    def forward(x, is_training):
        x = jnp.tanh(hk.Linear(8, name="hid")(x))
        x = hk.BatchNorm(True, True, 0.9, name="norm")(x, is_training)
        if is_training:
            x = hk.dropout(hk.next_rng_key(), 0.1, x)
        return hk.Linear(OUT, name="out")(x)

    model = hk.transform_with_state(forward)
    optimizer = optax.sgd(0.1, momentum=0.9)

    def step(params, state, opt_state, key, x, y):
        def loss_fn(params):
            prediction, new = model.apply(params, state, key, x, True)
            return jnp.mean((prediction - y) ** 2), new

        (loss, new), grads = jax.value_and_grad(loss_fn, has_aux=True)(params)
        updates, opt_state = optimizer.update(grads, opt_state, params)
        return optax.apply_updates(params, updates), new, opt_state, loss

    params, state = model.init(jax.random.key(0), X, True)
    arguments = params, state, optimizer.init(params), jax.random.key(1), X, Y
    plain = jax.jit(step)(*arguments)
    assert distance(cegm.jax.entangle(step, strength=0.0)(*arguments), plain) < 1e-5
    audited = cegm.jax.entangle(step, strength=0.3, include=["out/w"], audit=True)
    some, metrics = audited(*arguments)
    assert list(metrics) == ["params['out']['w']"]
    assert distance(some[0]["out"]["w"], plain[0]["out"]["w"]) > 1e-4
    assert distance(some[0]["hid"], plain[0]["hid"]) < 1e-5


def test_orbax_saves_and_restores_an_entangled_training(tmp_path):
    """Two steps, a checkpoint and two more are four steps."""
    step = cegm.jax.entangle(train_step, strength=0.3, donate_argnums=0)
    optimizer = optax.adam(1e-2)
    wanted = trained(step, start(optimizer), 4)
    half = trained(step, start(optimizer), 2)
    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(tmp_path / "half", half)
        checkpointer.wait_until_finished()
        template = jax.tree.map(ocp.utils.to_shape_dtype_struct, start(optimizer))
        restored = checkpointer.restore(tmp_path / "half", template)
    assert int(restored.step) == 2
    assert distance(restored.params, half.params) == 0
    resumed = trained(step, restored, 2)
    assert distance(resumed.params, wanted.params) == 0
    assert distance(resumed.opt_state, wanted.opt_state) == 0
