"""What a step takes and gives back: gradients alone, updates alone, metrics, orders."""

import jax
import jax.numpy as jnp
import optax
from jax.flatten_util import ravel_pytree

from corpus.case import JaxStep, shapes
from corpus.cases.blocks import i32
from corpus.strangers import stranger
from corpus.strangers.models import (
    ListedStep, classifier, descend, equal_mlp, gated, like, made, norm_of, transformer,
    two_layer,
)


GIVEN = {"parameters": "params"}


@stranger("Horovod and Ray style workers", "loss and gradients; the server applies them")
def gradients_only():
    model = equal_mlp()

    def step(params, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        return {"loss": loss, "grads": grads}

    return made(step, model, options=GIVEN)


@stranger("workers, nothing said of parameters", "gradients only, unnamed", may_refuse=True)
def gradients_only_unnamed():
    model = gated()
    return made(lambda params, x, y: jax.grad(model.loss)(params, x, y), model)


@stranger("clipped gradients of a parameter server", "clipped and cast to half precision")
def gradients_clipped():
    model = transformer()

    def step(params, tokens, labels):
        grads = jax.grad(model.loss)(params, tokens, labels)
        scale = jnp.minimum(1.0, 1.0 / (norm_of(grads) + 1e-6))
        return jax.tree.map(lambda g: (g * scale).astype(jnp.bfloat16), grads)

    return made(step, model, options=GIVEN)


@stranger("scipy.optimize.minimize with jac=True", "loss and a flat vector of gradients")
def gradients_flat():
    model = two_layer()

    def step(params, x, y):
        value, grads = jax.value_and_grad(model.loss)(params, x, y)
        return value, ravel_pytree(grads)[0]

    return made(step, model, options=GIVEN)


@stranger(
    "accumulation outside of the step", "gradients added to a buffer that is returned"
)
def gradients_added():
    model = gated()

    def step(params, buffer, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        return jax.tree.map(jnp.add, buffer, grads), loss

    return made(step, model, like(model.params), options=GIVEN)


@stranger(
    "optax updates applied elsewhere", "updates and state, no parameters", may_refuse=True
)
def updates_only():
    model = equal_mlp()
    tx = optax.adamw(1e-3)

    def step(params, opt_state, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        return (*tx.update(grads, opt_state, params), loss)

    return made(step, model, shapes(tx.init, model.params), options=GIVEN)


@stranger(
    "debugging steps of Flax users", "gradients, updates and new parameters all returned"
)
def everything():
    model = gated()
    tx = optax.adam(1e-3)

    def step(params, opt_state, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        updates, opt_state = tx.update(grads, opt_state)
        new = optax.apply_updates(params, updates)
        ratio = jax.tree.map(
            lambda u, p: jnp.linalg.norm(u) / (jnp.linalg.norm(p) + 1e-9), updates, params
        )
        return new, opt_state, loss, grads, updates, ratio

    return made(step, model, shapes(tx.init, model.params))


@stranger("wandb style metrics", "histograms and norms of each gradient")
def metrics():
    model = classifier()

    def step(state, batch):
        params, count = state
        loss, grads = jax.value_and_grad(model.loss)(params, batch["x"], batch["y"])
        report = {f"grad/{n}": norm_of(g) for n, g in grads.items()}
        report |= {f"hist/{n}": jnp.histogram(g["kernel"], 5)[0] for n, g in grads.items()}
        return (descend(params, grads), count + 1), {"loss": loss, **report}

    def loss(state, batch):
        return model.loss(state[0], batch["x"], batch["y"])

    batch = {"x": model.batch[0], "y": model.batch[1]}
    return JaxStep(step, ((model.params, i32()), batch), loss, batch=(1,))


@stranger("evaluation by mistake in a corpus of train steps", "a loss and nothing else")
def evaluation():
    model = equal_mlp()
    arguments = (model.params, *model.batch)
    return ListedStep(lambda params, x, y: model.loss(params, x, y), arguments, model.loss, (1, 2))


@stranger("gradient norm probes", "the norm is returned, nothing moves", may_refuse=True)
def norm_only():
    model = gated()

    def step(params, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        return loss, norm_of(grads)

    # No parameter is updated, and no gradient leaves the step.
    return ListedStep(step, (model.params, *model.batch), model.loss, (1, 2))
