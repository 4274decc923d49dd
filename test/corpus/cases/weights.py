"""Plain JAX: weights that are not simply parameters, and what surrounds an update."""

import functools

import jax
import jax.numpy as jnp
import optax

from corpus.case import JaxStep, case, shapes, train_step
from corpus.cases.blocks import (
    B, C, D, F, K, S, V,
    block_params, cross_entropy, f32, i32, in_turn, key, lm_loss, lm_params, mlp,
    squared_error,
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


@case(LIBRARY, "bf16 compute with f32 masters")
def bfloat16_masters():
    params = lm_params([block_params()])

    def loss(params, tokens, labels):
        half = jax.tree.map(lambda p: p.astype(jnp.bfloat16), params)
        return language_loss(half, tokens, labels)

    return train_step(loss, params, *TOKENS)


@case(LIBRARY, "f16 with dynamic loss scaling; bad steps are not taken")
def loss_scaling():
    params = {"w1": f32(D, F), "w2": f32(F, C)}

    def loss(params, scale, x, y):
        half = jax.tree.map(lambda p: p.astype(jnp.float16), params)
        out = jnp.tanh(x.astype(jnp.float16) @ half["w1"]) @ half["w2"]
        return squared_error(out.astype(jnp.float32), y) * scale

    def step(params, scale, x, y):
        value, gradients = jax.value_and_grad(loss)(params, scale, x, y)
        gradients = jax.tree.map(lambda g: g / scale, gradients)
        good = jnp.stack([jnp.isfinite(g).all() for g in gradients.values()]).all()
        new = jax.tree.map(lambda p, g: jnp.where(good, p - 0.1 * g, p), params, gradients)
        return new, jnp.where(good, scale * 1.001, scale / 2), value / scale

    return JaxStep(step, (params, f32(), *DATA), loss, batch=(2, 3))


@case(LIBRARY, "bf16 parameters, updates rounded stochastically by a key")
def stochastic_rounding():
    bf16 = lambda *shape: jax.ShapeDtypeStruct(shape, jnp.bfloat16)  # noqa: E731
    params = {"w1": bf16(D, F), "w2": bf16(F, C)}

    def loss(params, key, x, y):
        out = jnp.tanh(x.astype(jnp.bfloat16) @ params["w1"]) @ params["w2"]
        return squared_error(out.astype(jnp.float32), y)

    def step(params, key, x, y):
        value, gradients = jax.value_and_grad(loss)(params, key, x, y)

        def update(p, g, key):
            exact = p.astype(jnp.float32) - 0.1 * g.astype(jnp.float32)
            bits = jax.lax.bitcast_convert_type(exact, jnp.uint32)
            bits += jax.random.bits(key, p.shape) & jnp.uint32(0xFFFF)
            bits &= jnp.uint32(0xFFFF0000)
            return jax.lax.bitcast_convert_type(bits, jnp.float32).astype(p.dtype)

        keys = dict(zip(params, jax.random.split(key, len(params))))
        return jax.tree.map(update, params, gradients, keys), value

    return JaxStep(step, (params, key(), *DATA), loss, batch=(2, 3))


@case(LIBRARY, "an EMA copy of the parameters, used as the teacher of the step")
def ema_teacher():
    params = {"w1": f32(D, F), "w2": f32(F, C)}

    def forward(p, x):
        return jnp.tanh(x @ p["w1"]) @ p["w2"]

    def loss(params, ema, x, view):
        teacher = jax.nn.softmax(forward(ema, view))
        return -jnp.mean(jnp.sum(teacher * jax.nn.log_softmax(forward(params, x)), -1))

    def step(params, ema, x, view):
        value, gradients = jax.value_and_grad(loss)(params, ema, x, view)
        params = jax.tree.map(lambda p, g: p - 0.1 * g, params, gradients)
        ema = jax.tree.map(lambda e, p: 0.99 * e + 0.01 * p, ema, params)
        return params, ema, value

    return JaxStep(step, (params, params, f32(B, S, D), f32(B, S, D)), loss, batch=(2, 3))


@case(LIBRARY, "dropout by a random key, donated arguments, a nested state")
def dropout_donated():
    params = lm_params({"up": f32(D, F), "down": f32(F, D)})
    optimizer = optax.adamw(1e-3)

    def loss(params, state, tokens, labels):
        def run(p, x):
            keep = jax.random.bernoulli(state["key"], 0.9, x.shape)
            return x + mlp(p, jnp.where(keep, x / 0.9, 0))

        return lm_loss(run, params, tokens, labels)

    def step(params, state, tokens, labels):
        value, gradients = jax.value_and_grad(loss)(params, state, tokens, labels)
        updates, inner = optimizer.update(gradients, state["optimizer"], params)
        new_key, _ = jax.random.split(state["key"])
        params = optax.apply_updates(params, updates)
        return params, {"key": new_key, "optimizer": inner}, {"loss": value}

    state = {"key": key(), "optimizer": shapes(optimizer.init, params)}
    jitted = jax.jit(step, donate_argnums=(0, 1), keep_unused=True)
    return JaxStep(jitted, (params, state, *TOKENS), loss, batch=(2, 3))


@case(LIBRARY, "layers behind functions under jit, called with several weights")
def nested_jit():
    @jax.jit
    def dense(w, x):
        return jnp.tanh(x @ w)

    @jax.jit
    def double(w, x):
        return dense(w["b"], dense(w["a"], x))

    params = {
        "first": {"a": f32(D, F), "b": f32(F, D)},
        "second": {"a": f32(D, F), "b": f32(F, D)},
        "embed": f32(V, D),
        "head": f32(D, V),
    }

    def loss(params, tokens, labels):
        x = jnp.take(params["embed"], tokens, axis=0)
        x = double(params["second"], double(params["first"], x))
        return cross_entropy(x @ params["head"], labels)

    return train_step(loss, params, *TOKENS)
