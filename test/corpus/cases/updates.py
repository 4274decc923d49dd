"""Plain JAX: precision, state and structure around the update."""

import functools

import jax
import jax.numpy as jnp
import optax

from corpus.case import JaxStep, case, shapes, train_step
from corpus.cases.blocks import (
    B, C, D, F, S, V,
    block_params, cross_entropy, f32, i32, in_turn, key, lm_loss, lm_params, mlp,
    squared_error,
)

LIBRARY = "jax + optax"
TOKENS = i32(B, S), i32(B, S)
DATA = f32(B, S, D), f32(B, S, C)
language_loss = functools.partial(lm_loss, in_turn)


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


def with_prediction(predict, *data) -> JaxStep:
    """A step that returns what the model predicts, beside its state and loss.

    `predict(params, x)` is compared with the last of `data`.
    """

    def compare(params, *data):
        prediction = predict(params, data[0])
        return squared_error(prediction, data[-1]), prediction

    def step(params, *data):
        (value, prediction), gradients = jax.value_and_grad(compare, has_aux=True)(params, *data)
        params = jax.tree.map(lambda p, g: p - 0.1 * g, params, gradients)
        return params, value, prediction

    def loss(params, *data):
        return compare(params, *data)[0]

    params = {"in": f32(D, F), "out": f32(F, D)}
    return JaxStep(step, (params, *data), loss, batch=range(1, 1 + len(data)))


@case(LIBRARY, "an autoencoder whose reconstruction, of the input's type, is returned")
def returned_reconstruction():
    return with_prediction(lambda p, x: jnp.tanh(x @ p["in"]) @ p["out"], f32(B, S, D))


@case(LIBRARY, "a residual net whose prediction, of the input's type, is returned")
def returned_prediction():
    def predict(p, x):
        return x + jnp.tanh(x @ p["in"]) @ p["out"]

    return with_prediction(predict, f32(B, S, D), f32(B, S, D))


@case(LIBRARY, "epochs over shuffled mini-batches in nested scans, Adam (as PPO does)")
def shuffled_epochs():
    params = {"body": f32(D, F), "policy": f32(F, C), "value": f32(F, 1)}
    optimizer = optax.adam(1e-3)
    parts, epochs, count = 4, 3, 4 * B

    def loss_of_part(params, states, actions, returns):
        hidden = jnp.tanh(states @ params["body"])
        value = squared_error((hidden @ params["value"])[:, 0], returns)
        return cross_entropy(hidden @ params["policy"], actions) + value

    def split(data, order):
        return jax.tree.map(lambda t: t[order].reshape(parts, B, *t.shape[1:]), data)

    def step(params, state, key, *data):
        def update(carry, part):
            params, state = carry
            value, gradients = jax.value_and_grad(loss_of_part)(params, *part)
            updates, state = optimizer.update(gradients, state, params)
            return (optax.apply_updates(params, updates), state), value

        def epoch(carry, key):
            return jax.lax.scan(update, carry, split(data, jax.random.permutation(key, count)))

        keys = jax.random.split(key, epochs)
        (params, state), values = jax.lax.scan(epoch, (params, state), keys)
        return params, state, values.mean()

    def loss(params, state, key, *data):
        def part(total, data):
            return total + loss_of_part(params, *data), None

        def epoch(total, _):
            return jax.lax.scan(part, total, split(data, jnp.arange(count)))[0], None

        return jax.lax.scan(epoch, 0.0, None, length=epochs)[0]

    data = f32(count, D), i32(count), f32(count)
    arguments = params, shapes(optimizer.init, params), key(), *data
    return JaxStep(step, arguments, loss, batch=(3, 4, 5))


@case(LIBRARY, "AdamW as PyTorch writes it: the decay first; q, k and v of the inputs")
def decay_first():
    params = {name: f32(D, D) for name in ("q", "k", "v")} | {"out": f32(D, C)}

    def loss(params, means, squares, count, x, y):
        q, k, v = (x @ params[name] for name in ("q", "k", "v"))
        mixed = jax.nn.softmax(q @ k.swapaxes(-1, -2) / D**0.5) @ v
        return squared_error(mixed @ params["out"], y)

    def step(params, means, squares, count, x, y):
        value, gradients = jax.value_and_grad(loss)(
            params, means, squares, count, x, y
        )
        count = count + 1
        means = jax.tree.map(lambda m, g: m + 0.1 * (g - m), means, gradients)
        squares = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, squares, gradients)

        def update(p, m, v):
            p = p * (1 - 1e-3 * 0.01)
            root = jnp.sqrt(v) / jnp.sqrt(1 - 0.999**count) + 1e-8
            return p - 1e-3 / (1 - 0.9**count) * (m / root)

        return jax.tree.map(update, params, means, squares), means, squares, count, value

    return JaxStep(step, (params, params, params, f32(), *DATA), loss, batch=(4, 5))
