"""Plain JAX: usual models with the optimizers of optax."""

import functools

import jax
import jax.numpy as jnp
import optax

from corpus.case import case, train_step
from corpus.cases.blocks import (
    B, C, D, F, H, K, LAYERS, S, V,
    attend, block, block_params, cross_entropy, f32, i32, in_turn, lm_loss, lm_params,
    squared_error,
)

LIBRARY = "jax + optax"
TOKENS = i32(B, S), i32(B, S)


def language_model(optimizer, run_blocks=in_turn, blocks=None, **fields):
    """The train step of a language model of plain JAX."""
    params = lm_params([block_params()] * 2 if blocks is None else blocks)
    loss = functools.partial(lm_loss, run_blocks)
    return train_step(loss, params, *TOKENS, optimizer=optimizer, **fields)


@case(LIBRARY, "MLP with biases, SGD with momentum")
def mlp_momentum():
    params = [
        {"w": f32(i, o), "b": f32(o)} for i, o in ((D, F), (F, C), (C, K))
    ]

    def loss(params, x, y):
        for p in params[:-1]:
            x = jnp.tanh(x @ p["w"] + p["b"])
        return squared_error(x @ params[-1]["w"] + params[-1]["b"], y)

    return train_step(
        loss, params, f32(B, S, D), f32(B, S, K), optimizer=optax.sgd(0.1, momentum=0.9)
    )


@case(LIBRARY, "transformer with heads as dimensions, clipping, AdamW")
def transformer_adamw():
    return language_model(optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(1e-3)))


@case(LIBRARY, "transformer, Adafactor")
def transformer_adafactor():
    return language_model(optax.adafactor(1e-3, min_dim_size_to_factor=8))


@case(LIBRARY, "transformer, Muon (its own contractions of the gradient)")
def transformer_muon():
    return language_model(optax.contrib.muon(1e-3))


@case(LIBRARY, "transformer, schedule-free Adam")
def transformer_schedule_free():
    return language_model(optax.contrib.schedule_free_adamw(1e-3))


@case(LIBRARY, "parameter groups by multi_transform, a schedule")
def parameter_groups():
    schedule = optax.warmup_cosine_decay_schedule(0.0, 1e-3, 10, 100)
    labels = {"embed": "table", "blocks": "matrix", "norm": "scale", "head": "matrix"}
    groups = {
        "table": optax.sgd(0.1),
        "matrix": optax.adamw(schedule),
        "scale": optax.rmsprop(1e-3),
    }
    return language_model(optax.multi_transform(groups, labels))


@case(LIBRARY, "micro-batches by optax.MultiSteps")
def multi_steps():
    return language_model(optax.MultiSteps(optax.adam(1e-3), 4))


@case(LIBRARY, "fused q, k, v projection, Lion")
def fused_qkv_lion():
    params = lm_params({"qkv": f32(D, 3 * H * K), "out": f32(H * K, D)})

    def run(p, x):
        q, k, v = jnp.split((x @ p["qkv"]).reshape(B, S, 3 * H, K), 3, axis=2)
        return x + attend(q, k, v).reshape(B, S, H * K) @ p["out"]

    loss = functools.partial(lm_loss, run)
    return train_step(loss, params, *TOKENS, optimizer=optax.lion(1e-3))


@case(LIBRARY, "q, k, v as one parameter with a dimension for the three")
def stacked_qkv():
    params = lm_params({"qkv": f32(3, D, H, K), "out": f32(H, K, D)})

    def run(p, x):
        q, k, v = jnp.einsum("bsd,ndhk->nbshk", x, p["qkv"])
        return x + jnp.einsum("bshk,hkd->bsd", attend(q, k, v), p["out"])

    return train_step(functools.partial(lm_loss, run), params, *TOKENS)


@case(LIBRARY, "tied embedding, learned positions")
def tied_embedding():
    params = {"embed": f32(V, D), "positions": f32(37, D), "block": block_params()}

    def loss(params, tokens, labels):
        x = params["embed"][tokens] * D**0.5 + params["positions"][: tokens.shape[1]]
        return cross_entropy(block(params["block"], x) @ params["embed"].T, labels)

    return train_step(loss, params, *TOKENS)


@case(LIBRARY, "one-hot embedding, positions by lookup of given positions")
def one_hot_embedding():
    params = {"embed": f32(V, D), "positions": f32(37, D), "block": block_params()}
    params["head"] = f32(D, V)

    def loss(params, tokens, positions, labels):
        x = jax.nn.one_hot(tokens, V) @ params["embed"] + params["positions"][positions]
        return cross_entropy(block(params["block"], x) @ params["head"], labels)

    return train_step(loss, params, i32(B, S), i32(B, S), i32(B, S))


@case(LIBRARY, "positions by lookup of a constant range, which no data reach")
def position_lookup():
    params = {"embed": f32(V, D), "positions": f32(37, D), "block": block_params()}
    params["head"] = f32(D, V)

    def loss(params, tokens, labels):
        positions = jnp.take(params["positions"], jnp.arange(tokens.shape[1]), axis=0)
        x = params["embed"][tokens] + positions
        return cross_entropy(block(params["block"], x) @ params["head"], labels)

    return train_step(loss, params, *TOKENS)


@case(LIBRARY, "grouped-query attention with rotary positions")
def grouped_queries():
    kv = 3
    params = lm_params(
        {
            "q": f32(D, kv, H, K),
            "k": f32(D, kv, K),
            "v": f32(D, kv, K),
            "out": f32(kv, H, K, D),
        }
    )

    def rotate(x):
        angles = jnp.arange(S)[:, None] / 10.0 ** jnp.arange(K // 2)
        angles = angles.reshape(S, *[1] * (x.ndim - 3), K // 2)
        a, b = jnp.split(x, 2, -1)
        sin, cos = jnp.sin(angles), jnp.cos(angles)
        return jnp.concatenate([a * cos - b * sin, a * sin + b * cos], -1)

    def run(p, x):
        q = rotate(jnp.einsum("bsd,dghk->bsghk", x, p["q"]))
        k = rotate(jnp.einsum("bsd,dgk->bsgk", x, p["k"]))
        v = jnp.einsum("bsd,dgk->bsgk", x, p["v"])
        weights = jax.nn.softmax(jnp.einsum("bqghk,bsgk->bghqs", q, k))
        y = jnp.einsum("bghqs,bsgk->bqghk", weights, v)
        return x + jnp.einsum("bsghk,ghkd->bsd", y, p["out"])

    return train_step(functools.partial(lm_loss, run), params, *TOKENS)


@case(LIBRARY, "one layer used at several depths, unrolled")
def shared_layer():
    def run(p, x):
        for _ in range(LAYERS):
            x = block(p, x)
        return x

    return language_model(optax.adam(1e-3), run, block_params())


@case(LIBRARY, "experts by einsum dispatch, with a router and a balance loss")
def experts():
    e, capacity = 7, 9
    params = lm_params({"router": f32(D, e), "up": f32(e, D, F), "down": f32(e, F, D)})

    def loss(params, tokens, labels):
        balance = 0.0

        def run(p, x):
            nonlocal balance
            tokens = x.reshape(-1, D)
            gates = jax.nn.softmax(tokens @ p["router"])
            chosen = jax.nn.one_hot(jnp.argmax(gates, -1), e)
            place = (jnp.cumsum(chosen, 0) * chosen - 1).astype(jnp.int32)
            dispatch = chosen[..., None] * jax.nn.one_hot(place, capacity)
            balance = e * jnp.sum(jnp.mean(gates, 0) * jnp.mean(chosen, 0))
            y = jnp.einsum("td,tec->ecd", tokens, dispatch)
            y = jnp.einsum("ecd,edf->ecf", y, p["up"])
            y = jnp.einsum("ecf,efd->ecd", jax.nn.gelu(y), p["down"])
            combine = dispatch * gates[..., None]
            return x + jnp.einsum("ecd,tec->td", y, combine).reshape(x.shape)

        return lm_loss(run, params, tokens, labels) + 0.01 * balance

    return train_step(loss, params, *TOKENS)


@case(LIBRARY, "several losses, auxiliary outputs, weight decay in the loss")
def several_losses():
    params = {"trunk": f32(D, F), "a": f32(F, C), "b": f32(F, K), "probe": f32(F, H)}

    def loss(params, x, labels, y):
        h = jnp.tanh(x @ params["trunk"])
        probe = jax.lax.stop_gradient(h) @ params["probe"]
        decay = sum(jnp.sum(p**2) for p in jax.tree.leaves(params))
        total = cross_entropy(h @ params["a"], labels) + squared_error(h @ params["b"], y)
        return total + jnp.mean(jax.nn.softplus(probe)) + 1e-3 * decay

    return train_step(loss, params, f32(B, S, D), i32(B, S), f32(B, S, K))


@case(LIBRARY, "gated MLP whose two halves read the same input, swapped operands")
def weights_on_the_left():
    params = {"gate": f32(F, D), "up": f32(F, D), "down": f32(C, F)}

    def loss(params, x, y):
        gate = jnp.einsum("fd,bsd->fbs", params["gate"], x)
        up = jnp.einsum("fd,bsd->fbs", params["up"], x)
        return squared_error(jnp.einsum("cf,fbs->bsc", params["down"], jax.nn.silu(gate) * up), y)

    return train_step(loss, params, f32(B, S, D), f32(B, S, C))
