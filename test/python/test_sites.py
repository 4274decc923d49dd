"""`explain` finds the sites of real models: all of them, and no others.

The expected sites come from the jaxpr of the loss (`reference/sites.py`), the
found ones from the StableHLO of the whole train step.
"""

import jax
import jax.numpy as jnp
import optax
import pytest

import cegm
import cegm.jax
import models
from models.common import make_batch
from reference.step import Reference


def expected_sites(model, optimizer, params, batch):
    reference = Reference(model.loss, optimizer, params, batch)
    return sorted(
        (
            "params" + reference.parameter_paths[parameter],
            site.kind,
            site.depth,
            token_shape,
        )
        for site, token_shape in zip(
            reference.sites, reference.token_shapes, strict=True
        )
        for parameter in site.parameters
    )


OPTIMIZERS = {
    "adamw": models.OPTIMIZERS["adamw"],
    "sgd": models.OPTIMIZERS["sgd"],
    "lion": lambda: optax.lion(1e-3),
    "adafactor": lambda: optax.adafactor(1e-3, min_dim_size_to_factor=8),
    "accumulated": lambda: optax.MultiSteps(optax.adam(1e-3), 2),
}


def check_sites(name: str, optimizer) -> None:
    model = models.ALL[name]()
    params = jax.eval_shape(model.init, jax.random.key(0))
    state = jax.eval_shape(optimizer.init, params)
    batch = make_batch(0, length=37)
    text = cegm.jax.emit(models.make_step(model, optimizer), params, state, batch)
    records = cegm.explain(text)
    found = sorted(
        (r.parameter, r.kind, r.depth, r.token_shape) for r in records if r.is_site
    )
    assert found == expected_sites(model, optimizer, params, batch)
    # Every parameter is in at least one of the lists.
    names = {
        "params" + jax.tree_util.keystr(path)
        for path, _ in jax.tree_util.tree_flatten_with_path(params)[0]
    }
    assert names <= {r.parameter for r in records}


@pytest.mark.parametrize("name", list(models.ALL))
def test_sites_of_each_model(name):
    check_sites(name, models.OPTIMIZERS["adamw"]())


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_sites_with_each_optimizer(optimizer):
    check_sites("linen_tied", OPTIMIZERS[optimizer]())


def test_first_layer_on_raw_inputs_uses_the_output_pair():
    """The graph computes no gradient of the raw inputs."""

    def step(params, x, y):
        def loss(p):
            return jnp.mean((jnp.tanh(x @ p["a"]) @ p["b"] - y) ** 2)

        value, grads = jax.value_and_grad(loss)(params)
        return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads), value

    params = {"a": jnp.ones((3, 4)), "b": jnp.ones((4, 2))}
    text = cegm.jax.emit(step, params, jnp.ones((5, 6, 3)), jnp.ones((5, 6, 2)))
    contexts = {r.parameter: r.context for r in cegm.explain(text)}
    assert contexts == {"params['a']": "output", "params['b']": "input"}
