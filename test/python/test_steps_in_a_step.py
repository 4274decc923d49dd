"""Steps that take gradients at weights that another gradient has moved.

The reference puts them together by hand: plain gradients for what only moves, and a
function that returns re-weighted gradients, entangled by itself, for what updates.
"""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import cegm.jax

OPTIONS = {"strength": 0.4, "windows": (1, 3), "context": "output"}
RATE = 0.3


def _loss(params, x, y):
    h = jnp.tanh(params["table"][x] @ params["up"])
    return jnp.mean((h @ params["down"] - y) ** 2)


def _arguments():
    keys = jax.random.split(jax.random.key(0), 5)
    params = {
        "table": jax.random.normal(keys[0], (11, 6)),
        "up": jax.random.normal(keys[1], (6, 7)) / 2,
        "down": jax.random.normal(keys[2], (7, 3)) / 2,
    }
    x = jax.random.randint(keys[3], (4, 5), 0, 11)
    return params, x, jax.random.normal(keys[4], (4, 5, 3))


def _moved(params, gradients, rate):
    return jax.tree.map(lambda p, g: p + rate * g, params, gradients)


def _ascent(params, gradient, x, y):
    """Sharpness-aware: the first gradient moves, the second one updates."""
    first = jax.grad(_loss)(params, x, y)
    norm = jnp.sqrt(sum(jnp.sum(g * g) for g in jax.tree.leaves(first)))
    return _moved(params, gradient(_moved(params, first, 0.2 / norm), x, y), -RATE)


def _first_order(params, gradient, x, y):
    """Meta-learning of first order, on the other half of the batch."""
    adapted = _moved(params, jax.grad(_loss)(params, x[:2], y[:2]), -RATE)
    return _moved(params, gradient(adapted, x[2:], y[2:]), -RATE)


def _twice(params, gradient, x, y):
    """Two steps of descent in one, both of which update."""
    params = _moved(params, gradient(params, x[:2], y[:2]), -RATE)
    return _moved(params, gradient(params, x[2:], y[2:]), -RATE)


@pytest.mark.parametrize("form", [_ascent, _first_order, _twice], ids=lambda f: f.__name__)
def test_what_updates_is_reweighted(form):
    params, x, y = _arguments()
    plain = jax.grad(_loss)
    step = cegm.jax.entangle(lambda params, x, y: form(params, plain, x, y), **OPTIONS)
    gradient = cegm.jax.entangle(
        lambda params, x, y: plain(params, x, y), parameters="params", **OPTIONS
    )
    found = step(params, x, y)
    expected = form(params, gradient, x, y)
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=2e-5, atol=2e-6, err_msg=name)
    unweighted = form(params, plain, x, y)
    assert any(
        np.abs(found[name] - unweighted[name]).max() > 1e-4 for name in unweighted
    ), "nothing was re-weighted"


def test_the_report_names_the_gradient_that_updates():
    params, x, y = _arguments()
    step = functools.partial(_ascent, params, jax.grad(_loss))
    records = cegm.explain(
        cegm.jax.emit(lambda params, x, y: _ascent(params, jax.grad(_loss), x, y), params, x, y)
    )
    del step
    assert sorted(record.parameter for record in records if record.code is None) == [
        "params['down']", "params['table']", "params['up']",
    ]
