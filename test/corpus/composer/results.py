"""What a step returns beside its new state: metrics that are no gradients."""

from typing import Any

import jax
import jax.numpy as jnp

from corpus.composer.layouts import Arrays
from corpus.composer.recipe import Recipe


def _norm(tree: Any) -> jax.Array:
    leaves = jax.tree.leaves(tree)
    return jnp.sqrt(sum(jnp.sum(jnp.square(x.astype(jnp.float32))) for x in leaves))


def _gram(h: jax.Array) -> jax.Array:
    rows = h.reshape(-1, h.shape[-1])
    return rows.T @ rows


def _histogram(p: Arrays) -> jax.Array:
    edges = jnp.linspace(-1, 1, 5)
    return sum(jnp.sum(w.reshape(-1, 1) > edges, 0) for w in p.values())


def observed(
    recipe: Recipe, value: Any, aux: Any, grads: Arrays, old: Arrays, new: Arrays, rest: Any
) -> dict[str, Any]:
    """The metrics that the recipe asks for; `aux` are output and activations."""
    out, seen = aux
    metrics = {} if "no loss" in recipe.extras else {"loss": value}
    for extra in recipe.extras:
        if extra == "gradient norm":
            metrics[extra] = _norm(grads)
        elif extra == "logits":
            metrics[extra] = out
        elif extra == "activation means":
            metrics[extra] = [h.mean() for h in seen]
        elif extra == "gram":
            metrics[extra] = [_gram(h) for h in (*seen, out)]
        elif extra == "update ratio":
            metrics[extra] = _norm({n: new[n] - old[n] for n in new}) / (_norm(old) + 1e-6)
        elif extra == "histogram":
            metrics[extra] = _histogram(new)
        elif extra == "noise":
            metrics[extra] = jax.random.normal(rest["key"], (3,))
        elif extra == "gradients":
            metrics[extra] = grads
        elif extra == "gradient means":
            metrics[extra] = {name: g.mean(0) for name, g in grads.items()}
    return metrics
