"""Half precision, integers, loss scales, compensated sums."""

import jax
import jax.numpy as jnp

from corpus.cases.blocks import f32, i32
from corpus.strangers import stranger
from corpus.strangers.models import (
    bf16, cast, descend, equal_mlp, f16, gated, like, made, norm_of, transformer, two_layer,
)


@stranger("jmp and the mixed precision guide", "a static loss scale")
def loss_scale_static():
    model = transformer()

    def step(params, tokens, labels):
        def scaled(p):
            return model.loss(cast(p, jnp.bfloat16), tokens, labels) * 1024.0

        value, grads = jax.value_and_grad(scaled)(params)
        grads = jax.tree.map(lambda g: g / 1024.0, grads)
        return descend(params, grads), value / 1024.0

    return made(step, model)


@stranger("jmp.DynamicLossScale; Flax DynamicScale", "a scale that grows and shrinks")
def loss_scale_dynamic():
    model = equal_mlp()

    def step(params, scale, good, x, y):
        def scaled(p):
            half = model.loss(cast(p, jnp.float16), cast(x, jnp.float16), y)
            return half.astype(jnp.float32) * scale

        grads = jax.tree.map(lambda g: g / scale, jax.grad(scaled)(params))
        finite = jnp.all(jnp.stack([jnp.isfinite(g).all() for g in jax.tree.leaves(grads)]))
        moved = descend(params, grads)
        params = jax.tree.map(lambda a, b: jnp.where(finite, a, b), moved, params)
        good = jnp.where(finite, good + 1, 0)
        grown = jnp.where(good >= 2000, scale * 2, scale)
        return params, jnp.where(finite, grown, scale / 2), jnp.where(good >= 2000, 0, good)

    def loss(params, x, y):
        return model.loss(cast(params, jnp.float16), cast(x, jnp.float16), y)

    return made(step, model, f32(), i32(), loss=loss)


@stranger("apex O2, mixed precision training (Micikevicius et al.)", "half copy and master")
def master_weights():
    model = equal_mlp()
    half = like(model.params, jnp.bfloat16)

    def step(params, master, m, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        m = jax.tree.map(lambda m, g: 0.9 * m + g.astype(jnp.float32), m, grads)
        master = jax.tree.map(lambda w, m: w - 0.1 * m, master, m)
        return cast(master, jnp.bfloat16), master, m

    batch = (bf16(5, 11, 16), bf16(5, 11, 13))
    return made(
        step, model._replace(params=half, batch=batch), model.params, like(model.params),
        aliases={"params": "master"},
    )


@stranger(
    "levanter, jmp policy 'p=f32,c=bf16'", "cast inside the loss, gradients in float32"
)
def cast_in_loss():
    model = gated()

    def loss(params, x, y):
        return model.loss(cast(params, jnp.bfloat16), x.astype(jnp.bfloat16), y)

    def step(params, x, y):
        value, grads = jax.value_and_grad(loss)(params, x, y)
        return descend(params, grads), value

    return made(step, model, loss=loss)


@stranger("maxtext, gradients in bfloat16", "cast gradients, then clip in float32")
def gradients_in_half():
    model = transformer()

    def step(params, tokens, labels):
        half = cast(params, jnp.bfloat16)
        grads = jax.grad(model.loss)(half, tokens, labels)
        grads = cast(grads, jnp.float32)
        scale = jnp.minimum(1.0, 1.0 / norm_of(grads))
        return jax.tree.map(lambda p, g: p - 0.1 * scale * g, params, grads)

    def loss(params, *batch):
        return model.loss(cast(params, jnp.bfloat16), *batch)

    return made(step, model, loss=loss)


@stranger("Kahan summation in bfloat16 (optimi)", "a compensation for each parameter")
def kahan():
    model = gated()
    half = like(model.params, jnp.bfloat16)

    def step(params, carry, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        out, new = {}, {}
        for k, p in params.items():
            update = (-0.1 * grads[k] + carry[k]).astype(jnp.bfloat16)
            out[k] = p + update
            new[k] = update - (out[k] - p)
        return out, new

    batch = (bf16(5, 11, 16), bf16(5, 11, 13))
    return made(step, model._replace(params=half, batch=batch), half)


@stranger("bitsandbytes and 8-bit Adam by hand", "a quantized moment with a scale")
def quantized_moment():
    model = equal_mlp()
    q = {k: jax.ShapeDtypeStruct(p.shape, jnp.int8) for k, p in model.params.items()}
    scales = {k: f32() for k in model.params}

    def step(params, q, scales, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        out, q2, s2 = {}, {}, {}
        for k, p in params.items():
            m = 0.9 * q[k].astype(jnp.float32) * scales[k] + 0.1 * grads[k]
            s2[k] = jnp.abs(m).max() / 127
            q2[k] = jnp.round(m / s2[k]).astype(jnp.int8)
            out[k] = p - 1e-2 * m
        return out, q2, s2

    return made(step, model, q, scales)


@stranger("float16 parameters in old tutorials", "all in float16")
def all_half():
    model = two_layer()
    half = like(model.params, jnp.float16)

    def step(params, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        return [(w - 0.01 * a, b - 0.01 * c) for (w, b), (a, c) in zip(params, grads)]

    return made(step, model._replace(params=half, batch=(f16(7, 16), f16(7, 13))))
