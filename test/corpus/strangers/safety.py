"""What surrounds the update: clipping, noise, loss scales, checks, precision, masks."""

import functools

import jax
import jax.numpy as jnp
import optax

from corpus.case import shapes
from corpus.cases.blocks import f32, i32, key
from corpus.strangers import stranger
from corpus.strangers.models import (
    attention, classifier, descend, equal_mlp, gated, like, made, norm_of, transformer,
)
from corpus.strangers.players import apply


@stranger("jax.example_libraries.optimizers.clip_grads", "a global norm, by where")
def clip_where():
    model = equal_mlp()

    def step(params, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        norm = norm_of(grads)
        grads = jax.tree.map(lambda g: jnp.where(norm < 1.0, g, g * (1.0 / norm)), grads)
        return descend(params, grads)

    return made(step, model)


@stranger("torch.nn.utils.clip_grad_norm_", "a coefficient that is clamped to one")
def clip_coefficient():
    model = transformer()

    def step(params, tokens, labels):
        value, grads = jax.value_and_grad(model.loss)(params, tokens, labels)
        norms = jnp.stack([jnp.linalg.norm(g.reshape(-1)) for g in jax.tree.leaves(grads)])
        total = jnp.linalg.norm(norms)
        coefficient = jnp.minimum(1.0 / (total + 1e-6), 1.0)
        params = jax.tree.map(lambda p, g: p - 0.1 * (g * coefficient), params, grads)
        return params, value, total

    return made(step, model)


@stranger("baselines, clip by value", "each entry clipped")
def clip_value():
    model = gated()

    def step(params, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        return descend(params, jax.tree.map(lambda g: jnp.clip(g, -0.5, 0.5), grads))

    return made(step, model)


@stranger(
    "NFNets (Brock et al.), adaptive clipping", "unit-wise norms of weight and gradient"
)
def clip_adaptive():
    model = equal_mlp()

    def clip(p, g):
        limit = jnp.maximum(jnp.linalg.norm(p, axis=0, keepdims=True), 1e-3) * 0.01
        norm = jnp.linalg.norm(g, axis=0, keepdims=True)
        return jnp.where(norm > limit, g * (limit / jnp.maximum(norm, 1e-6)), g)

    def step(params, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        return descend(params, jax.tree.map(clip, params, grads))

    return made(step, model)


@stranger("StableAdamW (Wortsman et al.)", "the update is clipped by its RMS")
def clip_update_rms():
    model = gated()

    def step(params, v, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        v = jax.tree.map(lambda v, g: 0.99 * v + 0.01 * g**2, v, grads)

        def move(p, g, v):
            rms = jnp.sqrt(jnp.mean(g**2 / jnp.maximum(v, 1e-8)))
            return p - 0.01 / jnp.maximum(1.0, rms) * g / (jnp.sqrt(v) + 1e-8)

        return jax.tree.map(move, params, grads, v), v

    return made(step, model, like(model.params))


@stranger("AutoClip, ZClip", "a threshold from running statistics of the norm")
def clip_by_history():
    model = equal_mlp()

    def step(params, mean, var, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        norm = norm_of(grads)
        z = (norm - mean) / (jnp.sqrt(var) + 1e-6)
        target = jnp.where(z > 2.5, mean + 2.5**2 / z * jnp.sqrt(var), norm)
        grads = jax.tree.map(lambda g: g * (target / (norm + 1e-6)), grads)
        mean, var = 0.97 * mean + 0.03 * target, 0.97 * var + 0.03 * (target - mean) ** 2
        return descend(params, grads), mean, var

    return made(step, model, f32(), f32())


@stranger("Neelakantan et al., gradient noise", "annealed noise by folding the step in")
def gradient_noise():
    model = classifier()

    def step(params, rng, t, x, labels):
        grads = jax.grad(model.loss)(params, x, labels)
        leaves, tree = jax.tree.flatten(grads)
        sigma = jnp.sqrt(0.01 / (1 + t) ** 0.55)
        keys = jax.random.split(jax.random.fold_in(rng, t), len(leaves))
        noisy = [g + sigma * jax.random.normal(k, g.shape) for g, k in zip(leaves, keys)]
        return descend(params, jax.tree.unflatten(tree, noisy)), t + 1

    return made(step, model, key(), i32())


@stranger("gradient dropout (Tseng et al.)", "a random mask on gradients")
def gradient_dropout():
    model = equal_mlp()

    def step(params, rng, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        names = sorted(params)
        keys = dict(zip(names, jax.random.split(rng, len(names))))
        masks = {n: jax.random.bernoulli(keys[n], 0.8, params[n].shape) for n in names}
        return {n: params[n] - 0.1 * jnp.where(masks[n], grads[n] / 0.8, 0) for n in names}

    return made(step, model, key())


@stranger("Flax examples, skip on NaN", "jnp.where over params and state")
def skip_nan_where():
    model = gated()
    tx = optax.adamw(1e-3)

    def step(params, opt_state, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        updates, new_state = tx.update(grads, opt_state, params)
        new_params = optax.apply_updates(params, updates)
        ok = jnp.isfinite(loss) & jnp.isfinite(optax.global_norm(grads))
        keep = functools.partial(jax.tree.map, functools.partial(jnp.where, ok))
        return keep(new_params, params), keep(new_state, opt_state), loss

    return made(step, model, shapes(tx.init, model.params))


@stranger("levanter, skip bad steps", "jax.lax.cond on a finite loss")
def skip_nan_cond():
    model = equal_mlp()

    def step(params, m, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)

        def apply(args):
            params, m = args
            m = jax.tree.map(lambda m, g: 0.9 * m + g, m, grads)
            return descend(params, m), m

        ok = jnp.isfinite(loss)
        params, m = jax.lax.cond(ok, apply, lambda args: args, (params, m))
        return params, m, loss

    return made(step, model, like(model.params))


@stranger("lucidrains style trainers", "nan_to_num on gradients, then multiplied by a flag")
def nan_to_zero():
    model = classifier()

    def step(params, x, labels):
        loss, grads = jax.value_and_grad(model.loss)(params, x, labels)
        flag = jnp.isfinite(loss).astype(jnp.float32)
        grads = jax.tree.map(lambda g: jnp.nan_to_num(g) * flag, grads)
        return descend(params, grads), loss, flag

    return made(step, model)


@stranger(
    "PaLM style spike skipping", "the update is kept only if the loss is near its mean"
)
def skip_spikes():
    model = attention()

    def step(params, mean, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        lr = jax.lax.select(loss > 3 * mean, 0.0, 0.1)
        params = jax.tree.map(lambda p, g: p - lr * g, params, grads)
        return params, 0.99 * mean + 0.01 * loss

    return made(step, model, f32())


@stranger("lottery ticket code", "a mask on gradients and on weights after the step")
def pruned_after():
    model = equal_mlp()

    def step(params, mask, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        return jax.tree.map(lambda p, g, m: (p - 0.1 * g * m) * m, params, grads, mask)

    return made(step, model, like(model.params))


@stranger("JaxPruner; RigL", "magnitude mask computed from the weights themselves")
def pruned_by_magnitude():
    model = gated()

    def step(params, x, y):
        value, grads = jax.value_and_grad(model.loss)(params, x, y)
        new = {}
        for k, p in params.items():
            w = p - 0.1 * grads[k]
            cut = jnp.sort(jnp.abs(w).reshape(-1))[w.size // 2]
            new[k] = jnp.where(jnp.abs(w) >= cut, w, 0.0)
        return new, value

    return made(step, model)


@stranger("RigL (Evci et al.)", "masked forward; the gradient of all weights is returned")
def rigl():
    model = gated()

    def step(params, mask, x, y):
        masked = jax.tree.map(jnp.multiply, params, mask)
        dense = jax.grad(model.loss)(masked, x, y)
        params = jax.tree.map(lambda p, g, m: p - 0.1 * g * m, params, dense, mask)
        return params, jax.tree.map(jnp.abs, dense)

    return made(step, model, like(model.params))


@stranger(
    "top-k sparsified SGD with memory (Stich et al.)", "only large entries are applied"
)
def error_feedback():
    model = equal_mlp()

    def step(params, memory, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        out, kept = {}, {}
        for k, p in params.items():
            total = memory[k] + 0.1 * grads[k]
            values, _ = jax.lax.top_k(jnp.abs(total).reshape(-1), 10)
            sent = jnp.where(jnp.abs(total) >= values[-1], total, 0)
            out[k], kept[k] = p - sent, total - sent
        return out, kept

    return made(step, model, like(model.params))
