"""Mapped models, per-example gradients, grouped queries, experts, ensembles."""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
import optax

from models.common import FEATURES, VOCABULARY, attention_mask, masked_cross_entropy
from structures.forms import Part, Structure, differentiated
from structures.transformer import normal, normalized

HIDDEN = 24


def _init_mlp(key):
    keys = jax.random.split(key, 4)
    return {
        "embed": normal(keys[0], VOCABULARY, FEATURES),
        "up": normal(keys[1], HIDDEN, FEATURES),
        "down": normal(keys[2], FEATURES, HIDDEN),
        "head": normal(keys[3], VOCABULARY, FEATURES),
    }


def _token(params, x):
    """One token; the parameters are left operands."""
    y = x + params["down"] @ jnp.tanh(params["up"] @ x)
    return params["head"] @ y


def _mlp(params, batch):
    """The same for `[batch, sequence]`, written out."""
    x = params["embed"][batch["inputs"]]
    y = jnp.tanh(jnp.einsum("bsd,hd->bsh", x, params["up"]))
    y = x + jnp.einsum("bsh,dh->bsd", y, params["down"])
    return masked_cross_entropy(jnp.einsum("bsd,vd->bsv", y, params["head"]), batch)


def _mapped_tokens(params, batch):
    x = params["embed"][batch["inputs"]]
    logits = jax.vmap(jax.vmap(functools.partial(_token, params)))(x)
    return masked_cross_entropy(logits, batch)


def _mapped_last(params, batch):
    """Features lead, the sequence is mapped last to last: `[batch, d, s]`."""
    x = params["embed"][batch["inputs"]]
    columns = jax.vmap(functools.partial(_token, params), in_axes=1, out_axes=1)
    logits = jax.vmap(columns)(jnp.swapaxes(x, 1, 2))
    return masked_cross_entropy(jnp.swapaxes(logits, 1, 2), batch)


def _batch_inside(params, batch):
    """The batch is the last dimension: `[sequence, features, batch]`."""
    x = jnp.transpose(params["embed"][batch["inputs"]], (1, 2, 0))
    columns = jax.vmap(functools.partial(_token, params), in_axes=1, out_axes=1)
    logits = jax.vmap(columns)(x)
    return masked_cross_entropy(jnp.transpose(logits, (2, 0, 1)), batch)


def _example_loss(params, example):
    """One sequence's share of the loss of a batch."""
    batch = jax.tree.map(lambda a: a[None], example)
    logits = jax.vmap(functools.partial(_token, params))(
        params["embed"][example["inputs"]]
    )
    return masked_cross_entropy(logits[None], batch)


def _mean_of_examples(params, batch):
    """What `_example_gradients` differentiates, as one loss of the batch."""
    x = params["embed"][batch["inputs"]]
    y = jnp.tanh(jnp.einsum("bsd,hd->bsh", x, params["up"]))
    y = x + jnp.einsum("bsh,dh->bsd", y, params["down"])
    logits = jnp.einsum("bsd,vd->bsv", y, params["head"])
    losses = optax.softmax_cross_entropy_with_integer_labels(logits, batch["targets"])
    weights = batch["weights"]
    return ((losses * weights).sum(1) / weights.sum(1)).mean()


def _example_gradients(params, batch):
    losses, grads = jax.vmap(jax.value_and_grad(_example_loss), (None, 0))(
        params, batch
    )
    return losses.mean(), jax.tree.map(lambda g: g.mean(0), grads)


GROUPS, GROUP_HEADS, HEAD = 2, 2, 4


def _init_grouped(key):
    keys = jax.random.split(key, 6)
    return {
        "embed": normal(keys[0], VOCABULARY, FEATURES),
        "q": normal(keys[1], FEATURES, GROUPS, GROUP_HEADS, HEAD),
        "k": normal(keys[2], FEATURES, GROUPS, HEAD),
        "v": normal(keys[3], FEATURES, GROUPS, HEAD),
        "o": normal(keys[4], GROUPS, GROUP_HEADS, HEAD, FEATURES),
        "head": normal(keys[5], FEATURES, VOCABULARY),
    }


def _grouped_queries(params, batch):
    """Two heads of queries share one of keys and values."""
    x = params["embed"][batch["inputs"]]
    y = normalized(x)
    q = jnp.einsum("bsd,dgnf->bsgnf", y, params["q"])
    k = jnp.einsum("bsd,dgf->bsgf", y, params["k"])
    v = jnp.einsum("bsd,dgf->bsgf", y, params["v"])
    scores = jnp.einsum("bsgnf,btgf->bgnst", q, k) / HEAD**0.5
    scores = jnp.where(attention_mask(x.shape[1]), scores, -1e9)
    mixed = jnp.einsum("bgnst,btgf->bsgnf", jax.nn.softmax(scores), v)
    x = x + jnp.einsum("bsgnf,gnfd->bsd", mixed, params["o"])
    return masked_cross_entropy(normalized(x) @ params["head"], batch)


def _grouped_by_name(params, batch):
    """The same with `jax.nn.dot_product_attention` and flat projections."""
    x = params["embed"][batch["inputs"]]
    y = normalized(x)
    heads = GROUPS * GROUP_HEADS
    q = (y @ params["q"].reshape(FEATURES, -1)).reshape(*y.shape[:2], heads, HEAD)
    k = (y @ params["k"].reshape(FEATURES, -1)).reshape(*y.shape[:2], GROUPS, HEAD)
    v = (y @ params["v"].reshape(FEATURES, -1)).reshape(*y.shape[:2], GROUPS, HEAD)
    mask = attention_mask(x.shape[1])[None, None]
    mixed = jax.nn.dot_product_attention(q, k, v, mask=mask)
    mixed = mixed.reshape(*y.shape[:2], -1)
    x = x + mixed @ params["o"].reshape(-1, FEATURES)
    return masked_cross_entropy(normalized(x) @ params["head"], batch)


EXPERTS, CAPACITY = 3, 7


def _init_experts(key):
    keys = jax.random.split(key, 5)
    return {
        "embed": normal(keys[0], VOCABULARY, FEATURES),
        "router": normal(keys[1], FEATURES, EXPERTS),
        "experts": {
            "up": normal(keys[2], EXPERTS, FEATURES, HIDDEN),
            "down": normal(keys[3], EXPERTS, HIDDEN, FEATURES),
        },
        "head": normal(keys[4], FEATURES, VOCABULARY),
    }


def _dispatch(gates):
    """One-hot `[batch, sequence, experts, capacity]`: who computes which token."""
    chosen = jax.nn.one_hot(gates.argmax(-1), EXPERTS)
    place = (jnp.cumsum(chosen, 1) * chosen - 1).astype(jnp.int32)
    return jax.nn.one_hot(place, CAPACITY)


def _experts(params, batch):
    """Tokens are sent to experts and back by contractions."""
    x = params["embed"][batch["inputs"]]
    gates = jax.nn.softmax(x @ params["router"])
    sent = _dispatch(jax.lax.stop_gradient(gates))
    inputs = jnp.einsum("bsec,bsd->ebcd", sent, x)
    hidden = jnp.tanh(jnp.einsum("ebcd,edh->ebch", inputs, params["experts"]["up"]))
    outputs = jnp.einsum("ebch,ehd->ebcd", hidden, params["experts"]["down"])
    y = jnp.einsum("bsec,ebcd,bse->bsd", sent, outputs, gates)
    return masked_cross_entropy(normalized(x + y) @ params["head"], batch)


def _experts_one_by_one(params, batch):
    x = params["embed"][batch["inputs"]]
    gates = jax.nn.softmax(x @ params["router"])
    sent = _dispatch(jax.lax.stop_gradient(gates))
    y = 0.0
    for e in range(EXPERTS):
        inputs = jnp.einsum("bsc,bsd->bcd", sent[:, :, e], x)
        hidden = jnp.tanh(inputs @ params["experts"]["up"][e])
        outputs = hidden @ params["experts"]["down"][e]
        back = jnp.einsum("bsc,bcd->bsd", sent[:, :, e], outputs)
        y = y + back * gates[:, :, e, None]
    return masked_cross_entropy(normalized(x + y) @ params["head"], batch)


def _dense_experts(params, batch):
    """Each expert sees every token; the gates choose from the results."""
    x = params["embed"][batch["inputs"]]
    gates = jax.nn.softmax(x @ params["router"])
    hidden = jnp.tanh(jnp.einsum("bsd,edh->bseh", x, params["experts"]["up"]))
    y = jnp.einsum("bseh,ehd->bsed", hidden, params["experts"]["down"])
    y = jnp.einsum("bsed,bse->bsd", y, gates)
    return masked_cross_entropy(normalized(x + y) @ params["head"], batch)


def _direct(feature, example, init, loss, plain=None, **more):
    return Structure(
        feature, example, init, differentiated(loss), (Part(plain or loss),), **more
    )


# Where each example or expert has a contraction of its own in the plain form,
# the weights must not depend on what is normalised together.
APART = (("normalize", "none"),)

BATCHING = [
    _direct("mapped models", "`jax.vmap` twice, parameters on the left",
            _init_mlp, _mapped_tokens, _mlp),
    _direct("mapped models", "`jax.vmap(in_axes=1, out_axes=1)`",
            _init_mlp, _mapped_last, _mlp),
    _direct("mapped models", "the batch as the last dimension",
            _init_mlp, _batch_inside),
    Structure("per-example gradients", "mean of `jax.vmap(jax.grad)`",
              _init_mlp, _example_gradients, (Part(_mean_of_examples),)),
    _direct("grouped queries", "`einsum` with groups as dimensions",
            _init_grouped, _grouped_queries),
    _direct("grouped queries", "`jax.nn.dot_product_attention`, flat projections",
            _init_grouped, _grouped_by_name),
    _direct("experts", "dispatch by `einsum`, all experts in one contraction",
            _init_experts, _experts),
    _direct("experts", "dispatch by `einsum`, against experts one by one",
            _init_experts, _experts, _experts_one_by_one, options=APART,
            sites_of=_experts),
    _direct("experts", "a loop of Python over experts",
            _init_experts, _experts_one_by_one, stack="experts", stack_order=(0, 1, 2)),
    _direct("experts", "all experts see all tokens",
            _init_experts, _dense_experts),
]
