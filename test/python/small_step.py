"""A step of two layers and its arguments, which tests of the package share."""

import jax
import jax.numpy as jnp
import pytest


def loss(params, x, y):
    hidden = jnp.tanh(x @ params["first"]["w"] + params["first"]["b"])
    return jnp.mean((hidden @ params["second"]["w"] - y) ** 2)


def step(params, x, y, rate=0.5):
    value, grads = jax.value_and_grad(loss)(params, x, y)
    return jax.tree.map(lambda p, g: p - rate * g, params, grads), value


@pytest.fixture
def arguments():
    keys = jax.random.split(jax.random.key(0), 4)
    params = {
        "first": {"w": jax.random.normal(keys[0], (3, 8)), "b": jnp.zeros(8)},
        "second": {"w": jax.random.normal(keys[1], (8, 2))},
    }
    x = jax.random.normal(keys[2], (4, 11, 3))
    return params, x, jax.random.normal(keys[3], (4, 11, 2))
