"""Small models that the train steps share, and the making of a step from its parts.

A model is its loss, its parameters and its batch; `loss(params, *batch)` is a scalar.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from corpus.case import JaxStep
from corpus.cases.blocks import (
    B, C, D, F, K, S, V, attend, cross_entropy, f32, i32, normalize, squared_error,
)
from corpus.expected import Expected, ExpectedSite, argument_names

# Rows of a flat batch, hidden units, the rank of an adapter, micro-batches.
N, E, R, M = 7, 19, 3, 4


class Model(NamedTuple):
    loss: Callable[..., jax.Array]
    params: Any
    batch: tuple[Any, ...]


def bf16(*shape: int) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(shape, jnp.bfloat16)


def f16(*shape: int) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(shape, jnp.float16)


def old_key() -> jax.ShapeDtypeStruct:
    """A key as `jax.random.PRNGKey` makes it."""
    return jax.ShapeDtypeStruct((2,), jnp.uint32)


def like(tree: Any, dtype: Any = None) -> Any:
    """Shapes of a state that has the form of the parameters."""
    return jax.tree.map(lambda t: jax.ShapeDtypeStruct(t.shape, dtype or t.dtype), tree)


def split_in(batch: tuple[Any, ...], count: int) -> tuple[Any, ...]:
    """The batch with one more dimension in front, of micro-batches or rounds."""
    return tuple(jax.ShapeDtypeStruct((count, *x.shape), x.dtype) for x in batch)


def equal_mlp() -> Model:
    """Three weights of one shape on raw inputs and a head; a dict."""

    def loss(params, x, y):
        h = jnp.tanh(x @ params["w0"])
        h = jnp.tanh(h @ params["w1"])
        h = jnp.tanh(h @ params["w2"])
        return squared_error(h @ params["head"], y)

    params = {name: f32(D, D) for name in ("w0", "w1", "w2")} | {"head": f32(D, C)}
    return Model(loss, params, (f32(B, S, D), f32(B, S, C)))


def two_layer() -> Model:
    """Two layers with biases on rows; a list of pairs, as in the tutorials of JAX."""

    def loss(params, x, y):
        (w0, b0), (w1, b1) = params
        h = jax.nn.relu(jnp.dot(x, w0) + b0)
        return jnp.mean(jnp.sum((jnp.dot(h, w1) + b1 - y) ** 2, axis=1))

    return Model(loss, [(f32(D, F), f32(F)), (f32(F, C), f32(C))], (f32(N, D), f32(N, C)))


def classifier() -> Model:
    """Three layers with biases on rows, labels as integers; nested dicts as in Flax."""

    def loss(params, x, labels):
        for name in ("Dense_0", "Dense_1"):
            x = jax.nn.relu(x @ params[name]["kernel"] + params[name]["bias"])
        logits = x @ params["Dense_2"]["kernel"] + params["Dense_2"]["bias"]
        return cross_entropy(logits, labels)

    sizes = ((D, F), (F, E), (E, C))
    params = {
        f"Dense_{i}": {"kernel": f32(a, b), "bias": f32(b)} for i, (a, b) in enumerate(sizes)
    }
    return Model(loss, params, (f32(N, D), i32(N)))


def gated() -> Model:
    """A gated pair of equal shapes on raw inputs."""

    def loss(params, x, y):
        h = jax.nn.silu(x @ params["gate"]) * (x @ params["up"])
        return squared_error(h @ params["down"], y)

    params = {"gate": f32(D, F), "up": f32(D, F), "down": f32(F, C)}
    return Model(loss, params, (f32(B, S, D), f32(B, S, C)))


def attention() -> Model:
    """Queries, keys and values on raw inputs, one head."""

    def loss(params, x, y):
        q, k, v = (x @ params[name] for name in ("wq", "wk", "wv"))
        mixed = attend(q[:, :, None], k[:, :, None], v[:, :, None])[:, :, 0]
        return squared_error(mixed @ params["wo"], y)

    params = {name: f32(D, K) for name in ("wq", "wk", "wv")} | {"wo": f32(K, D)}
    return Model(loss, params, (f32(B, S, D), f32(B, S, D)))


def transformer() -> Model:
    """An embedding, one block with one head, a head of its own."""

    def loss(params, tokens, labels):
        p = params["block"]
        x = params["wte"][tokens] + params["wpe"][:S]
        y = normalize(x, p["ln1"])
        q, k, v = (y @ p[name] for name in ("wq", "wk", "wv"))
        x = x + attend(q[:, :, None], k[:, :, None], v[:, :, None])[:, :, 0] @ p["wo"]
        x = x + jax.nn.gelu(normalize(x, p["ln2"]) @ p["fc"]) @ p["proj"]
        return cross_entropy(normalize(x, params["lnf"]) @ params["head"], labels)

    block = {name: f32(D, K) for name in ("wq", "wk", "wv")} | {"wo": f32(K, D)}
    block |= {"ln1": f32(D), "ln2": f32(D), "fc": f32(D, F), "proj": f32(F, D)}
    params = {"wte": f32(V, D), "wpe": f32(37, D), "block": block, "lnf": f32(D)}
    return Model(loss, params | {"head": f32(D, V)}, (i32(B, S), i32(B, S)))


def bag_of_words() -> Model:
    """A lookup, a mean over the sequence, a layer."""

    def loss(params, tokens, labels):
        return cross_entropy(params["table"][tokens].mean(1) @ params["out"], labels)

    return Model(loss, {"table": f32(V, D), "out": f32(D, C)}, (i32(B, S), i32(B)))


def norm_of(tree):
    """The global norm."""
    return jnp.sqrt(sum(jnp.sum(jnp.square(x)) for x in jax.tree.leaves(tree)))


def descend(params, grads, lr=0.1):
    """One step of gradient descent."""
    return jax.tree.map(lambda p, g: p - lr * g, params, grads)


def cast(tree, dtype):
    """All leaves in another type."""
    return jax.tree.map(lambda x: x.astype(dtype), tree)


def made(
    step: Callable[..., Any],
    model: Model,
    *state: Any,
    loss: Callable[..., jax.Array] | None = None,
    aliases: dict[str, str] | None = None,
    **fields: Any,
) -> JaxStep:
    """`step(params, *state, *batch)`; `loss(params, *batch)` is that of the model.

    `aliases` maps the beginning of a parameter's name to that of another argument under
    which its sites may be reported as well, as the master copy of a half-precision weight.
    """
    loss = loss or model.loss
    first = 1 + len(state)

    def total(params, *rest):
        return loss(params, *rest[len(state) :])

    fields = {"batch": range(first, first + len(model.batch)), **fields}
    arguments = (model.params, *state, *model.batch)
    if aliases:
        return AliasedStep(step, arguments, total, **fields, aliases=aliases)
    return JaxStep(step, arguments, total, **fields)


@dataclasses.dataclass(frozen=True)
class AliasedStep(JaxStep):
    """A step of which some parameters have another name that is right as well."""

    aliases: dict[str, str] = dataclasses.field(default_factory=dict)

    def expected(self) -> Expected:
        result = super().expected()
        sites = tuple(
            dataclasses.replace(site, parameters=self._with_aliases(site.parameters))
            for site in result.sites
        )
        return dataclasses.replace(result, sites=sites)

    def _with_aliases(self, names: frozenset[str]) -> frozenset[str]:
        found = set(names)
        for name in names:
            for prefix, other in self.aliases.items():
                if name.startswith(prefix):
                    found.add(other + name[len(prefix) :])
        return frozenset(found)


@dataclasses.dataclass(frozen=True)
class ListedStep(JaxStep):
    """A step whose sites are listed by hand, since no one loss has them."""

    sites: tuple[ExpectedSite, ...] = ()

    def expected(self) -> Expected:
        names = argument_names(self.step, self.arguments)
        return Expected(self.sites, {}, tuple(name for group in names for name in group))


def dense(name: str, *tokens: int, repeats: int = 1) -> ExpectedSite:
    """A site of a list, its depth left open."""
    return ExpectedSite("dense", frozenset({name}), tuple(sorted(tokens)), 0, None, repeats)
