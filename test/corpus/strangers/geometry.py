"""Updates that stay in a set or a geometry: projections, proximal steps, noise, signs."""

import jax
import jax.numpy as jnp

from corpus.strangers import stranger
from corpus.strangers.models import attention, equal_mlp, gated, like, made


@stranger("L1 by the loss, sklearn-like", "an absolute value in the loss, then its sign")
def lasso():
    model = gated()

    def loss(params, x, y):
        return model.loss(params, x, y) + 1e-3 * sum(
            jnp.abs(p).sum() for p in jax.tree.leaves(params)
        )

    def step(params, x, y):
        value, grads = jax.value_and_grad(loss)(params, x, y)
        return jax.tree.map(lambda p, g: p + -0.1 * g, params, grads), value

    return made(step, model)


@stranger("jaxopt, ProximalGradient", "soft thresholding after the step")
def proximal():
    model = equal_mlp()

    def step(params, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        moved = jax.tree.map(lambda p, g: p - 0.1 * g, params, grads)
        return jax.tree.map(
            lambda p: jnp.sign(p) * jnp.maximum(jnp.abs(p) - 1e-4, 0), moved
        )

    return made(step, model)


@stranger("WGAN, jaxopt projections", "parameters clipped to a box")
def projected_box():
    model = gated()

    def step(params, x, y):
        g = jax.grad(model.loss)(params, x, y)
        return jax.tree.map(lambda p, g: jnp.clip(p - 0.05 * g, -0.01, 0.01), params, g)

    return made(step, model)


@stranger("max-norm constraint (Hinton et al.), Keras constraints", "columns put in a ball")
def projected_norm():
    model = equal_mlp()

    def step(params, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        new = {}
        for name, p in params.items():
            w = p - 0.1 * grads[name]
            norms = jnp.sqrt(jnp.sum(w**2, axis=0, keepdims=True))
            new[name] = w * (jnp.clip(norms, 0, 2.0) / (1e-7 + norms))
        return new

    return made(step, model)


@stranger("nGPT (Loshchilov et al.)", "rows of unit norm after the step")
def normalized_rows():
    model = attention()

    def step(params, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        new = jax.tree.map(lambda p, g: p - 1e-2 * g, params, grads)
        return jax.tree.map(lambda p: p / jnp.linalg.norm(p, axis=-1, keepdims=True), new)

    return made(step, model)


@stranger("Riemannian SGD on the sphere, geoopt", "gradient projected on the tangent space")
def riemannian():
    model = gated()

    def step(params, x, y):
        grads = jax.grad(model.loss)(params, x, y)

        def move(p, g):
            g = g - jnp.sum(g * p, 0, keepdims=True) * p
            q = p - 0.1 * g
            return q / jnp.linalg.norm(q, axis=0)

        return jax.tree.map(move, params, grads)

    return made(step, model)


@stranger("exponentiated gradient (Kivinen and Warmuth)", "p * exp(-lr * g)")
def exponentiated():
    model = gated()

    def step(params, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        return jax.tree.map(lambda p, g: p * jnp.exp(-0.1 * g), params, grads)

    return made(step, model)


@stranger("LMC and SGLD (Welling and Teh), blackjax", "noise by a key, half a step")
def langevin():
    model = equal_mlp()

    def step(params, key, x, y):
        key, sub = jax.random.split(key)
        grads = jax.grad(model.loss)(params, x, y)
        leaves, tree = jax.tree.flatten(params)
        keys = jax.tree.unflatten(tree, list(jax.random.split(sub, len(leaves))))

        def move(p, g, k):
            return p - 0.5 * 1e-3 * (g + p) + 1e-3**0.5 * jax.random.normal(k, p.shape)

        return jax.tree.map(move, params, grads, keys), key

    return made(step, model, jax.ShapeDtypeStruct((2,), jnp.uint32))


@stranger("HMC leapfrog, blackjax", "momenta before and after", may_refuse=True)
def leapfrog():
    model = gated()

    def step(q, p, x, y):
        grad = jax.grad(model.loss)
        p = jax.tree.map(lambda p, g: p - 0.05 * g, p, grad(q, x, y))
        q = jax.tree.map(lambda q, p: q + 0.1 * p, q, p)
        p = jax.tree.map(lambda p, g: p - 0.05 * g, p, grad(q, x, y))
        return q, p

    # The gradient at the first point moves `q`; the second one moves the momenta alone.
    return made(step, model, like(model.params))


@stranger("sign SGD (Bernstein et al.)", "sign only, lists, in place")
def signs():
    model = attention()

    def step(params, x, y):
        value, grads = jax.value_and_grad(model.loss)(params, x, y)
        params = dict(params)
        for name in list(params):
            params[name] -= 1e-3 * jnp.sign(grads[name])
        return {"loss": value, "params": params}

    return made(step, model)


@stranger(
    "normalized gradient descent; LARS without momentum", "divided by the global norm"
)
def unit_gradient():
    model = gated()

    def step(params, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        norm = jnp.sqrt(sum(jnp.sum(g**2) for g in jax.tree.leaves(grads)))
        params = jax.tree.map(lambda p, g: p - 0.1 * g / (norm + 1e-8), params, grads)
        return params, norm

    return made(step, model)
