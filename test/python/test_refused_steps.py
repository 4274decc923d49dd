"""What is no train step for `cegm.jax.entangle`: the errors say what to do."""

import equinox as eqx
import jax
import jax.numpy as jnp
import optax
import pytest
from flax import nnx

import cegm
import cegm.equinox
import cegm.jax
import cegm.nnx

PARAMS = {"hid": jnp.full((4, 6), 0.1), "out": jnp.full((6, 3), 0.2)}
DATA = jnp.ones((2, 5, 4)), jnp.ones((2, 5, 3))


def loss(params, x, y):
    return jnp.mean((jnp.tanh(x @ params["hid"]) @ params["out"] - y) ** 2)


def step(params, x, y):
    value, grads = jax.value_and_grad(loss)(params, x, y)
    return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads), value


def test_an_evaluation_function():
    with pytest.raises(cegm.CegmError, match=r"float32\[\] and no new parameters.*evaluation"):
        cegm.jax.entangle(loss)(PARAMS, *DATA)


def test_a_dict_that_is_updated_in_place():
    def in_place(params, x, y):
        new, value = step(dict(params), x, y)
        params.update(new)
        return value

    with pytest.raises(cegm.CegmError, match="updates in place .* is lost"):
        cegm.jax.entangle(in_place)(dict(PARAMS), *DATA)


def test_a_method_that_updates_its_object():
    class Trainer:
        params = PARAMS

        def step(self, x, y):
            self.params, value = step(self.params, x, y)
            return value

    with pytest.raises(cegm.CegmError, match="self is such an object"):
        cegm.jax.entangle(Trainer().step)(*DATA)


def test_an_object_that_is_no_pytree():
    class Box:
        pass

    with pytest.raises(TypeError, match=r"holds an object of type .*Box, which is no array"):
        cegm.jax.entangle(lambda box, x, y: step(PARAMS, x, y))(Box(), *DATA)


def test_an_nnx_step_is_sent_to_its_adapter():
    model = nnx.Linear(4, 3, rngs=nnx.Rngs(0))
    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)

    def train(model, optimizer, x, y):
        value, grads = nnx.value_and_grad(lambda m: jnp.mean((m(x) - y) ** 2))(model)
        optimizer.update(model, grads)
        return value

    with pytest.raises(TypeError, match="nnx.nn.linear.Linear; .*use cegm.nnx.entangle"):
        cegm.jax.entangle(train)(model, optimizer, *DATA)
    with pytest.raises(TypeError, match="under nnx.jit; use cegm.nnx.entangle"):
        cegm.jax.entangle(nnx.jit(train))
    with pytest.raises(TypeError, match="under nnx.jit; entangle the function itself"):
        cegm.nnx.entangle(nnx.jit(train))


def test_an_equinox_step_is_sent_to_its_adapter():
    model = eqx.nn.MLP(4, 3, 6, 1, key=jax.random.key(0))

    def train(model, x, y):
        grads = eqx.filter_grad(lambda m: jnp.mean((jax.vmap(jax.vmap(m))(x) - y) ** 2))(model)
        return eqx.apply_updates(model, jax.tree.map(lambda g: -0.1 * g, grads))

    with pytest.raises(TypeError, match=r"equinox.nn._mlp.MLP; .*use cegm.equinox.entangle"):
        cegm.jax.entangle(train)(model, *DATA)
    with pytest.raises(TypeError, match="under eqx.filter_jit; use cegm.equinox.entangle"):
        cegm.jax.entangle(eqx.filter_jit(train))
    with pytest.raises(TypeError, match="under eqx.filter_jit; entangle the function itself"):
        cegm.equinox.entangle(eqx.filter_jit(train))


@pytest.mark.parametrize(
    "entangle", [cegm.jax.entangle, cegm.nnx.entangle, cegm.equinox.entangle]
)
def test_an_entangled_step_is_not_entangled_again(entangle):
    inner = entangle(step)
    for outer in (cegm.jax.entangle, cegm.nnx.entangle, cegm.equinox.entangle):
        with pytest.raises(TypeError, match="the step is entangled already"):
            outer(inner)

    def caller(params, x, y):
        return inner(params, x, y)

    with pytest.raises(TypeError, match="calls step, which is entangled already"):
        cegm.jax.entangle(caller)(PARAMS, *DATA)
    # The failed call leaves nothing behind.
    inner(PARAMS, *DATA)
    jax.jit(caller)(PARAMS, *DATA)


def test_a_step_under_jit_with_static_arguments():
    def train(params, x, y, act):
        return step(params, x, y) if act == "tanh" else params

    for jitted in (
        jax.jit(train, static_argnums=3),
        jax.jit(train, static_argnames="act"),
    ):
        with pytest.raises(TypeError, match="static_argnums or static_argnames to cegm"):
            cegm.jax.entangle(jitted)(PARAMS, *DATA, 7)
        entangled = cegm.jax.entangle(jitted, static_argnames="act")
        assert jax.tree.structure(entangled(PARAMS, *DATA, act="tanh")) == jax.tree.structure(
            step(PARAMS, *DATA)
        )


@pytest.mark.parametrize(
    "value, words",
    [
        (PARAMS, "expected a function, the train step itself, got an object of type dict"),
        (3, "an object of type int"),
        (jnp.ones(2), "ArrayImpl; it is used like jax.jit"),
    ],
)
def test_no_function(value, words):
    with pytest.raises(TypeError, match=words):
        cegm.jax.entangle(value)


def test_positions_of_arguments_are_checked_at_once():
    with pytest.raises(ValueError, match="donate_argnums"):
        cegm.jax.entangle(step, donate_argnums=7)
    with pytest.raises(ValueError, match="static_argnames"):
        cegm.jax.entangle(step, static_argnames="nothing")


def test_a_decorator_with_and_without_options():
    plain = cegm.jax.entangle(step, strength=0.2)(PARAMS, *DATA)

    @cegm.jax.entangle(strength=0.2, donate_argnums=())
    def decorated(params, x, y):
        return step(params, x, y)

    class Trainer:
        @cegm.jax.entangle(strength=0.2, static_argnums=0)
        def train(self, params, x, y):
            return step(params, x, y)

    for results in (decorated(PARAMS, *DATA), Trainer().train(PARAMS, *DATA)):
        assert jax.tree.all(jax.tree.map(jnp.array_equal, results, plain))
