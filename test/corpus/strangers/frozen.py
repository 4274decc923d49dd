"""Parts that are frozen or move at rates of their own; weights that are rounded."""

import jax
import jax.numpy as jnp
import optax

from corpus.case import JaxStep, shapes
from corpus.cases.blocks import B, C, D, F, S, cross_entropy, f32, i32, squared_error
from corpus.strangers import stranger
from corpus.strangers.adapters import BASE, BATCH
from corpus.strangers.models import (
    Model, classifier, descend, equal_mlp, like, made, transformer,
)


@stranger(
    "prompt tuning (Lester et al.)", "trained vectors before the tokens of a frozen table"
)
def prompt_tuning():
    base = {"table": f32(29, D), "w": f32(D, F), "head": f32(F, C)}

    def loss(p, base, tokens, labels):
        x = base["table"][tokens]
        soft = jnp.broadcast_to(p["prompt"], (B, 4, D))
        h = jnp.tanh(jnp.concatenate([soft, x], 1) @ base["w"]).mean(1)
        return cross_entropy(h @ base["head"], labels)

    def step(p, base, tokens, labels):
        return descend(p, jax.grad(loss)(p, base, tokens, labels))

    return JaxStep(step, ({"prompt": f32(4, D)}, base, i32(B, S), i32(B)), loss, batch=(2, 3))


@stranger("BitFit (Zaken et al.)", "biases only: set_to_zero for the rest")
def bitfit():
    model = classifier()

    def labels_of(params):
        return {n: {"kernel": "frozen", "bias": "free"} for n in params}

    tx = optax.multi_transform({"frozen": optax.set_to_zero(), "free": optax.sgd(0.1)}, labels_of)

    def step(params, state, x, labels):
        value, grads = jax.value_and_grad(model.loss)(params, x, labels)
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state, value

    return made(
        step, model, shapes(tx.init, model.params), is_frozen=lambda path: "kernel" in path
    )


@stranger("Flax transfer learning guide", "a frozen backbone, partition by name")
def frozen_backbone():
    model = equal_mlp()
    tx = optax.multi_transform(
        {"trainable": optax.adam(1e-3), "frozen": optax.set_to_zero()},
        {"w0": "frozen", "w1": "frozen", "w2": "trainable", "head": "trainable"},
    )

    def step(params, state, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    def is_frozen(path):
        return "w0" in path or "w1" in path

    return made(step, model, shapes(tx.init, model.params), is_frozen=is_frozen)


@stranger(
    "Equinox and Haiku partition of parameters",
    "trained and frozen dicts merged in the loss",
)
def partitioned():
    model = transformer()
    frozen = {k: model.params[k] for k in ("wte", "wpe")}
    trained = {k: model.params[k] for k in ("block", "lnf", "head")}

    def loss(trained, frozen, *batch):
        return model.loss({**frozen, **trained}, *batch)

    def step(trained, frozen, tokens, labels):
        value, grads = jax.value_and_grad(loss)(trained, frozen, tokens, labels)
        return descend(trained, grads), value

    return JaxStep(step, (trained, frozen, *model.batch), loss, batch=(2, 3))


@stranger("gradual unfreezing (ULMFiT)", "a mask of layers by the step, as factors")
def gradual_unfreezing():
    model = equal_mlp()

    def step(params, count, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        names = ("head", "w2", "w1", "w0")
        free = {n: (count >= 100 * i).astype(jnp.float32) for i, n in enumerate(names)}
        return {n: p - 0.1 * free[n] * grads[n] for n, p in params.items()}, count + 1

    return made(step, model, i32())


@stranger("layer-wise rate decay (BEiT, ELECTRA)", "a rate for each layer")
def layer_rates():
    model = classifier()

    def step(params, lr, x, labels):
        grads = jax.grad(model.loss)(params, x, labels)
        rates = {f"Dense_{i}": lr * 0.8 ** (2 - i) for i in range(3)}
        return {
            n: jax.tree.map(lambda p, g, n=n: p - rates[n] * g, params[n], grads[n])
            for n in params
        }

    return made(step, model, f32())


@stranger("muP (Yang et al.), by hand", "rates by the width of each matrix, Adam")
def mup():
    model = equal_mlp()

    def step(params, v, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g**2, v, grads)
        new = {}
        for n, p in params.items():
            lr = 1e-2 * (8 / p.shape[0])
            new[n] = p - lr * grads[n] / (jnp.sqrt(v[n]) + 1e-8)
        return new, v

    return made(step, model, like(model.params))


@stranger(
    "straight-through quantization (Bengio et al.), AQT",
    "weights rounded in the forward pass",
)
def quantization_aware():
    def quantize(w):
        scale = jnp.abs(w).max() / 7
        return w + jax.lax.stop_gradient(jnp.round(w / scale) * scale - w)

    def loss(p, x, y):
        return squared_error(jnp.tanh(x @ quantize(p["w"])) @ quantize(p["head"]), y)

    def step(p, x, y):
        value, grads = jax.value_and_grad(loss)(p, x, y)
        return descend(p, grads), value

    return made(step, Model(loss, BASE, BATCH))


@stranger(
    "BinaryConnect (Courbariaux et al.)", "signs go forward, real weights are clipped"
)
def binary_connect():
    def signs(p):
        return jax.tree.map(jnp.sign, p)

    def loss(p, x, y):
        return squared_error(jnp.tanh(x @ p["w"]) @ p["head"], y)

    def step(p, x, y):
        grads = jax.grad(loss)(signs(p), x, y)
        return jax.tree.map(lambda w, g: jnp.clip(w - 0.01 * g, -1, 1), p, grads)

    return made(step, Model(loss, BASE, BATCH))
