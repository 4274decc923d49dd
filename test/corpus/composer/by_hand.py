"""The loss and gradients of an MLP, written out layer by layer."""

import jax
import jax.numpy as jnp

from corpus.composer.layouts import Arrays
from corpus.composer.net import ACTIVATIONS
from corpus.composer.recipe import Recipe

_SLOPES = {
    "tanh": lambda z, h: 1 - h**2,
    "relu": lambda z, h: (z > 0).astype(h.dtype),
    "sigmoid": lambda z, h: h * (1 - h),
}


def _of_weight(x: jax.Array, dy: jax.Array, form: int) -> jax.Array:
    """The gradient of a weight `[in, out]` in several writings."""
    if form % 4 == 0:
        return jnp.einsum("...i,...o->io", x, dy)
    if form % 4 == 1:
        dims = tuple(range(x.ndim - 1))
        return jnp.tensordot(x, dy, (dims, dims))
    if form % 4 == 2:
        return x.reshape(-1, x.shape[-1]).T @ dy.reshape(-1, dy.shape[-1])
    return jnp.einsum("...o,...i->oi", dy, x).T


def _of_output(recipe: Recipe, out: jax.Array, target: jax.Array):
    """The loss and its slope at the output."""
    if recipe.loss == "squares":
        gap = out - target
        return jnp.mean(gap**2), 2 * gap / gap.size
    scores = jax.nn.log_softmax(out)
    hot = jax.nn.one_hot(target, out.shape[-1])
    return -jnp.sum(scores * hot) / target.size, (jnp.exp(scores) - hot) / target.size


def backward(recipe: Recipe, p: Arrays, batch) -> tuple[jax.Array, Arrays]:
    """The loss of a batch, and a gradient for each weight."""
    p = {name: w.astype(jnp.float32) for name, w in p.items()}
    x, target = batch
    act, slope = ACTIVATIONS[recipe.activation], _SLOPES[recipe.activation]
    turned = recipe.product == "transposed"
    inputs, before, after = [], [], []
    for i in range(recipe.depth):
        w = p[f"w{i}"].T if turned else p[f"w{i}"]
        z = x @ w + (p[f"w{i}_bias"] if recipe.bias else 0.0)
        h = z if i == recipe.depth - 1 else act(z)
        inputs.append(x)
        before.append(z)
        after.append(h)
        x = h
    value, dz = _of_output(recipe, x, target)
    grads = {}
    for i in reversed(range(recipe.depth)):
        dw = _of_weight(inputs[i], dz, recipe.form)
        grads[f"w{i}"] = dw.T if turned else dw
        if recipe.bias:
            grads[f"w{i}_bias"] = dz.sum(tuple(range(dz.ndim - 1)))
        if i:
            w = p[f"w{i}"].T if turned else p[f"w{i}"]
            dz = (dz @ w.T) * slope(before[i - 1], after[i - 1])
    return value, grads
