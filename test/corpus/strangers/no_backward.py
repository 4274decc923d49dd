"""Updates by other transforms, by rules without a loss, and by no gradient at all."""

import jax
import jax.numpy as jnp

from corpus.cases.blocks import C, D, f32, key
from corpus.strangers import stranger
from corpus.strangers.backward import linear, two_matrices
from corpus.strangers.models import (
    E, N, ListedStep, dense, descend, equal_mlp, made, two_layer,
)


@stranger("JAX autodiff cookbook, jacrev", "a Jacobian of losses of rows", may_refuse=True)
def jacobian_of_losses():
    def step(params, x, y):
        def losses(params):
            h = jax.nn.sigmoid(x @ params["w1"])
            return ((h @ params["w2"] - y) ** 2).mean(1)

        jacobian = jax.jacrev(losses)(params)
        return jax.tree.map(lambda p, j: p - 0.1 * j.mean(0), params, jacobian)

    return made(step, two_matrices())


@stranger(
    "JAX autodiff cookbook, jacfwd", "forward mode: no product at all", may_refuse=True
)
def forward_mode():
    model = linear()

    def step(params, x, y):
        return descend(params, jax.jacfwd(model.loss)(params, x, y))

    # Every entry of the gradient is a mean over the loss's own rows.
    return ListedStep(step, (model.params, *model.batch), model.loss, (1, 2))


@stranger("perceptron rule (Rosenblatt)", "a hard threshold, no loss at all")
def perceptron():
    def step(params, x, y):
        error = y - (x @ params["w"] > 0).astype(jnp.float32)
        return {"w": params["w"] + 0.1 * jnp.dot(x.T, error)}, jnp.abs(error).sum()

    return made(step, linear())


@stranger("RBM, CD-1 (Hinton)", "a positive and a negative phase", may_refuse=True)
def contrastive_divergence():
    def step(params, rng, v):
        w = params["w"]
        h = jax.nn.sigmoid(v @ w)
        sampled = jax.random.bernoulli(rng, h).astype(jnp.float32)
        back = jax.nn.sigmoid(sampled @ w.T)
        h2 = jax.nn.sigmoid(back @ w)
        return {"w": w + 0.1 * (v.T @ h - back.T @ h2) / N}

    # Each phase is the gradient of a free energy in `w`.
    sites = (dense("params['w']", N), dense("params['w']", N))
    arguments = ({"w": f32(D, E)}, key(), f32(N, D))
    return ListedStep(step, arguments, lambda *_: 0.0, (2,), sites=sites)


@stranger("forward gradients (Baydin et al.)", "a directional derivative times a direction")
def forward_gradient():
    model = equal_mlp()

    def step(params, rng, x, y):
        leaves, tree = jax.tree.flatten(params)
        keys = jax.random.split(rng, len(leaves))
        noise = [jax.random.normal(k, p.shape) for k, p in zip(keys, leaves)]
        v = jax.tree.unflatten(tree, noise)
        value, slope = jax.jvp(lambda p: model.loss(p, x, y), (params,), (v,))
        return jax.tree.map(lambda p, v: p - 0.1 * slope * v, params, v), value

    return ListedStep(step, (model.params, key(), *model.batch), model.loss, (2, 3))


@stranger("MeZO (Malladi et al.), SPSA", "two losses and a direction: no gradient")
def zeroth_order():
    model = two_layer()

    def step(params, rng, x, y):
        leaves, tree = jax.tree.flatten(params)
        keys = jax.tree.unflatten(tree, list(jax.random.split(rng, len(leaves))))
        z = jax.tree.map(lambda k, p: jax.random.normal(k, p.shape), keys, params)
        up = model.loss(jax.tree.map(lambda p, z: p + 1e-3 * z, params, z), x, y)
        down = model.loss(jax.tree.map(lambda p, z: p - 1e-3 * z, params, z), x, y)
        slope = (up - down) / 2e-3
        return jax.tree.map(lambda p, z: p - 1e-4 * slope * z, params, z), (up + down) / 2

    return ListedStep(step, (model.params, key(), *model.batch), model.loss, (2, 3))


@stranger(
    "OpenAI evolution strategies; evosax", "fitness times noise, contracted over members"
)
def evolution_strategy():
    model = linear()

    def step(params, rng, x, y):
        noise = jax.random.normal(rng, (31, D, C))
        fitness = jax.vmap(lambda e: -model.loss({"w": params["w"] + 0.1 * e}, x, y))(noise)
        fitness = (fitness - fitness.mean()) / (fitness.std() + 1e-8)
        return {"w": params["w"] + 0.01 / 3.1 * jnp.einsum("n,ndc->dc", fitness, noise)}

    return ListedStep(step, (model.params, key(), *model.batch), model.loss, (2, 3))


@stranger(
    "REINFORCE on weights; NES", "gradient of a log density of weights", may_refuse=True
)
def natural_evolution():
    model = linear()

    def step(params, rng, x, y):
        samples = params["w"] + 0.1 * jax.random.normal(rng, (31, D, C))
        fitness = jax.vmap(lambda w: model.loss({"w": w}, x, y))(samples)

        def objective(w):
            return jnp.mean(fitness * -jnp.sum((samples - w) ** 2, (1, 2)) / 0.02)

        return {"w": params["w"] - 0.1 * jax.grad(objective)(params["w"])}

    return ListedStep(step, (model.params, key(), *model.batch), model.loss, (2, 3))
