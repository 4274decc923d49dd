"""Plain JAX: weights that are frozen, merged, normalised, quantised or noisy."""

import functools

import jax
import jax.numpy as jnp
import optax

from corpus.case import JaxStep, case, train_step
from corpus.cases.blocks import (
    B, C, D, F, K, S,
    block_params, f32, i32, in_turn, key, lm_loss, lm_params, squared_error,
)

LIBRARY = "jax + optax"
TOKENS = i32(B, S), i32(B, S)
RANK = 3
language_loss = functools.partial(lm_loss, in_turn)


def lora_params():
    return {"a": f32(D, RANK), "b": f32(RANK, C)}


def adapted(base, lora, x):
    return jnp.tanh(x @ base["w1"]) @ base["w2"] + x @ lora["a"] @ lora["b"]


BASE = {"w1": f32(D, F), "w2": f32(F, C)}
DATA = f32(B, S, D), f32(B, S, C)


def adapter_step(return_base: bool) -> JaxStep:
    """`step(lora, base, x, y)`, which trains `lora` alone."""

    def loss(lora, base, x, y):
        return squared_error(adapted(base, lora, x), y)

    def step(lora, base, x, y):
        value, gradients = jax.value_and_grad(loss)(lora, base, x, y)
        lora = jax.tree.map(lambda p, g: p - 0.1 * g, lora, gradients)
        return (lora, base, value) if return_base else (lora, value)

    frozen = {f"base['{name}']": frozenset({"not-updated"}) for name in BASE}
    return JaxStep(
        step,
        (lora_params(), BASE, *DATA),
        loss,
        batch=(2, 3),
        skipped=frozen if return_base else {},
    )


@case(LIBRARY, "LoRA beside a frozen base that the step returns as it is")
def lora_base_returned():
    return adapter_step(return_base=True)


@case(LIBRARY, "LoRA beside a frozen base that the step does not return")
def lora_base_not_returned():
    return adapter_step(return_base=False)


@case(LIBRARY, "LoRA merged into its frozen base, which is returned")
def lora_merged():
    params = {"base": f32(D, C), "a": f32(D, RANK), "b": f32(RANK, C), "head": f32(C, K)}

    def loss(params, x, y):
        merged = jax.lax.stop_gradient(params["base"]) + params["a"] @ params["b"]
        return squared_error(jnp.tanh(x @ merged) @ params["head"], y)

    optimizer = optax.multi_transform(
        {"train": optax.adam(1e-3), "freeze": optax.set_to_zero()},
        {"base": "freeze", "a": "train", "b": "train", "head": "train"},
    )
    return train_step(
        loss,
        params,
        f32(B, S, D),
        f32(B, S, K),
        optimizer=optimizer,
        is_frozen=lambda path: path == "params['base']",
    )


@case(LIBRARY, "weights that are pruned by boolean masks")
def pruned():
    params = {"embed": f32(K, D), "up": f32(D, F), "down": f32(F, C)}
    masks = jax.tree.map(lambda p: jax.ShapeDtypeStruct(p.shape, bool), params)

    def loss(params, masks, tokens, y):
        params = jax.tree.map(lambda p, m: jnp.where(m, p, 0), params, masks)
        return squared_error(jnp.tanh(params["embed"][tokens] @ params["up"]) @ params["down"], y)

    return train_step(loss, params, masks, i32(B, S), f32(B, S, C), batch=(3, 4))


@case(LIBRARY, "embedding frozen by stop_gradient, its head trained")
def frozen_embedding():
    params = lm_params([block_params()])

    def loss(params, tokens, labels):
        params = {**params, "embed": jax.lax.stop_gradient(params["embed"])}
        return language_loss(params, tokens, labels)

    return train_step(
        loss,
        params,
        *TOKENS,
        optimizer=optax.sgd(0.1),
        is_frozen=lambda path: path == "params['embed']",
    )


@case(LIBRARY, "weight normalisation")
def weight_norm():
    params = [{"v": f32(i, o), "g": f32(o)} for i, o in ((D, F), (F, C))]

    def loss(params, x, y):
        for p in params:
            norm = jnp.sqrt(jnp.sum(p["v"] ** 2, 0))
            x = jnp.tanh(x @ (p["v"] * (p["g"] / norm)))
        return squared_error(x, y)

    return train_step(loss, params, *DATA)


@case(LIBRARY, "quantisation-aware training, straight-through")
def fake_quantized():
    params = {"w1": f32(D, F), "w2": f32(F, C)}

    def quantize(w):
        scale = jnp.max(jnp.abs(w), 0, keepdims=True) / 7
        rounded = jnp.clip(jnp.round(w / scale), -7, 7) * scale
        return w + jax.lax.stop_gradient(rounded - w)

    def loss(params, x, y):
        params = jax.tree.map(quantize, params)
        return squared_error(jnp.tanh(x @ params["w1"]) @ params["w2"], y)

    return train_step(loss, params, *DATA)


@case(LIBRARY, "ternary weights by custom_vjp, the gradient clipped")
def custom_vjp_ternary():
    @jax.custom_vjp
    def ternary(w):
        return jnp.sign(w) * (jnp.abs(w) > 0.5)

    ternary.defvjp(
        lambda w: (ternary(w), w), lambda w, g: (jnp.where(jnp.abs(w) < 1, g, 0),)
    )

    def loss(params, x, y):
        return squared_error(jnp.tanh(x @ ternary(params["w1"])) @ ternary(params["w2"]), y)

    return train_step(loss, {"w1": f32(D, F), "w2": f32(F, C)}, *DATA)


@case(LIBRARY, "weights with noise from a random key (Bayes by backprop)")
def noisy_weights():
    pair = lambda *shape: {"mean": f32(*shape), "deviation": f32(*shape)}  # noqa: E731
    params = {"w1": pair(D, F), "w2": pair(F, C)}

    def loss(params, key, x, y):
        def sample(p, key):
            noise = jax.random.normal(key, p["mean"].shape)
            return p["mean"] + jax.nn.softplus(p["deviation"]) * noise

        first, second = jax.random.split(key)
        h = jnp.tanh(x @ sample(params["w1"], first))
        return squared_error(h @ sample(params["w2"], second), y)

    return train_step(loss, params, key(), *DATA, batch=(3, 4))
