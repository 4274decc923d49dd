"""The optimizers of `torch.optim` and Keras, written again with arrays of JAX.

In their way: a loop over lists, one parameter at a time, each moment changed in turn.
"""

import jax
import jax.numpy as jnp

from corpus.case import JaxStep
from corpus.cases.blocks import f32
from corpus.strangers import stranger
from corpus.strangers.models import (
    Model, attention, bag_of_words, classifier, equal_mlp, gated, like, made, transformer,
    two_layer,
)


def each(model: Model, count: int, rule, *, extra=()) -> JaxStep:
    """`rule(p, g, moments, t)` over the leaves, with `count` moments a leaf."""
    moments = [jax.tree.leaves(like(model.params)) for _ in range(count)]

    def step(params, state, t, *batch):
        leaves, tree = jax.tree.flatten(params)
        grads = jax.tree.leaves(jax.grad(model.loss)(params, *batch))
        t = t + 1
        new, kept = [], [[] for _ in range(count)]
        for i, (p, g) in enumerate(zip(leaves, grads)):
            p, *slots = rule(p, g, *(moment[i] for moment in state), t)
            new.append(p)
            for slot, value in zip(kept, slots):
                slot.append(value)
        return jax.tree.unflatten(tree, new), kept, t

    return made(step, model, moments, f32())


@stranger("torch.optim.SGD", "momentum with dampening, Nesterov, decay in the gradient")
def torch_sgd_nesterov():
    def rule(p, g, buf, t):
        g = g + 1e-4 * p
        buf = buf * 0.9 + (1 - 0.1) * g
        return p + -0.1 * (g + 0.9 * buf), buf

    return each(equal_mlp(), 1, rule)


@stranger("torch.optim.Adam", "the single-tensor form: addcmul, addcdiv")
def torch_adam():
    def rule(p, g, m, v, t):
        m = m + (g - m) * (1 - 0.9)
        v = v * 0.999 + (1 - 0.999) * (g * g)
        step_size = 1e-3 / (1 - 0.9**t)
        denom = jnp.sqrt(v) / jnp.sqrt(1 - 0.999**t) + 1e-8
        return p + (-step_size) * (m / denom), m, v

    return each(classifier(), 2, rule)


@stranger("torch.optim.AdamW", "the decay first: param.mul_(1 - lr * wd)")
def torch_adamw():
    def rule(p, g, m, v, t):
        p = p * (1 - 1e-3 * 0.01)
        m = m + (g - m) * (1 - 0.9)
        v = v * 0.999 + (1 - 0.999) * (g * g)
        denom = jnp.sqrt(v) / (1 - 0.999**t) ** 0.5 + 1e-8
        return p - (1e-3 / (1 - 0.9**t)) * m / denom, m, v

    return each(transformer(), 2, rule)


@stranger("torch.optim.Adam(amsgrad=True)", "a maximum of second moments")
def torch_amsgrad():
    def rule(p, g, m, v, vmax, t):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        vmax = jnp.maximum(vmax, v)
        return p - 1e-3 * m / (jnp.sqrt(vmax) + 1e-8), m, v, vmax

    return each(gated(), 3, rule)


@stranger("torch.optim.RAdam", "a rectified step by where")
def torch_radam():
    def rule(p, g, m, v, t):
        m, v = m + 0.1 * (g - m), v * 0.999 + 0.001 * g * g
        c2 = 1 - 0.999**t
        rho_inf = 2 / (1 - 0.999) - 1
        rho = rho_inf - 2 * t * 0.999**t / c2
        top = (rho - 4) * (rho - 2) * rho_inf
        rect = jnp.sqrt(jnp.maximum(top / ((rho_inf - 4) * (rho_inf - 2) * rho), 0))
        scale = jnp.where(rho > 5.0, rect * c2**0.5 / (jnp.sqrt(v) + 1e-8), 1.0)
        return p + (m / (1 - 0.9**t)) * 1e-3 * scale * -1.0, m, v

    return each(equal_mlp(), 2, rule)


@stranger("torch.optim.NAdam", "two additions in turn, a product of decays")
def torch_nadam():
    def rule(p, g, m, v, t):
        mu = 0.9 * (1.0 - 0.5 * (0.96 ** (t * 0.004)))
        mu_next = 0.9 * (1.0 - 0.5 * (0.96 ** ((t + 1) * 0.004)))
        m, v = m + 0.1 * (g - m), v * 0.999 + 0.001 * g * g
        denom = jnp.sqrt(v / (1 - 0.999**t)) + 1e-8
        p = p + g * (-1e-3 * (1 - mu) / (1 - mu**t)) / denom
        return p + m * (-1e-3 * mu_next / (1 - mu_next**t)) / denom, m, v

    return each(gated(), 2, rule)


@stranger("torch.optim.Rprop", "signs and step sizes; the gradient is kept")
def torch_rprop():
    def rule(p, g, prev, size, t):
        sign = jnp.sign(g * prev)
        factor = jnp.where(sign > 0, 1.2, jnp.where(sign < 0, 0.5, 1.0))
        size = jnp.clip(size * factor, 1e-6, 50.0)
        g = jnp.where(factor == 0.5, 0.0, g)
        return p - jnp.sign(g) * size, g, size

    return each(equal_mlp(), 2, rule)


@stranger("torch.optim.ASGD", "decay, step, then a running average")
def torch_asgd():
    def rule(p, g, ax, t):
        eta = 0.01 / (1 + 1e-4 * 0.01 * t) ** 0.75
        p = p * (1 - 1e-4 * eta)
        p = p - g * eta
        mu = 1 / jnp.maximum(1.0, t - 1e6)
        return p, ax + (p - ax) * mu

    return each(attention(), 1, rule)


@stranger("torch.optim.Adadelta", "two accumulators, the second one of updates")
def torch_adadelta():
    def rule(p, g, square, acc, t):
        square = square * 0.9 + 0.1 * g * g
        delta = jnp.sqrt(acc + 1e-6) / jnp.sqrt(square + 1e-6) * g
        return p - 1.0 * delta, square, acc * 0.9 + delta * delta * 0.1

    return each(two_layer(), 2, rule)


@stranger("torch.optim.Adagrad", "a rate that decays, a sum of squares")
def torch_adagrad():
    def rule(p, g, total, t):
        clr = 0.01 / (1 + (t - 1) * 1e-3)
        total = total + g * g
        return p + -clr * (g / (jnp.sqrt(total) + 1e-10)), total

    return each(bag_of_words(), 1, rule)


@stranger("torch.optim.Adamax", "an infinity norm by a maximum")
def torch_adamax():
    def rule(p, g, m, u, t):
        m = m + (g - m) * 0.1
        u = jnp.maximum(u * 0.999, jnp.abs(g) + 1e-8)
        return p - 2e-3 / (1 - 0.9**t) * m / u, m, u

    return each(gated(), 2, rule)


@stranger("torch.optim.RMSprop(centered=True, momentum=0.9)", "a centered variance")
def torch_rmsprop_centered():
    def rule(p, g, square, mean, buf, t):
        square = 0.99 * square + 0.01 * g * g
        mean = mean + (g - mean) * 0.01
        avg = jnp.sqrt(square - mean * mean) + 1e-8
        buf = buf * 0.9 + g / avg
        return p - 0.01 * buf, square, mean, buf

    return each(equal_mlp(), 3, rule)


@stranger("torch.optim.Adafactor", "row and column variances, norms of both")
def torch_adafactor():
    model = equal_mlp()
    rows = jax.tree.map(lambda p: f32(p.shape[0], 1), model.params)
    cols = jax.tree.map(lambda p: f32(1, p.shape[1]), model.params)

    def step(params, row, col, t, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        t, out = t + 1, {}
        for k, p in params.items():
            g, w = grads[k], t**-0.8
            row_mean = jnp.linalg.norm(g, axis=-1, keepdims=True) ** 2 / g.shape[-1]
            row = {**row, k: row[k] + w * (row_mean - row[k])}
            col_mean = jnp.linalg.norm(g, axis=-2, keepdims=True) ** 2 / g.shape[-2]
            col = {**col, k: col[k] + w * (col_mean - col[k])}
            var = row[k] @ col[k] / jnp.maximum(row[k].mean(-2, keepdims=True), 1e-7)
            update = jax.lax.rsqrt(jnp.maximum(var, 1e-14)) * g
            denom = jnp.maximum(1.0, jnp.linalg.norm(update) / update.size**0.5)
            alpha = jnp.maximum(1e-3, jnp.linalg.norm(p) / p.size**0.5) * t**-0.5
            out[k] = p * (1 - 0.01 * 0.1) - alpha / denom * update
        return out, row, col, t

    return made(step, model, rows, cols, f32())


@stranger("torch.optim.Muon", "Newton and Schulz on half-precision copies of gradients")
def torch_muon():
    def zeropower(g):
        x = g.astype(jnp.bfloat16)
        if g.shape[0] > g.shape[1]:
            x = x.T
        x = x / jnp.maximum(jnp.linalg.norm(x), 1e-7)
        for _ in range(5):
            a = x @ x.T
            b = -4.7750 * a + 2.0315 * a @ a
            x = 3.4445 * x + b @ x
        return x.T if g.shape[0] > g.shape[1] else x

    def rule(p, g, buf, t):
        buf = buf + (g - buf) * (1 - 0.95)
        update = zeropower(g + (buf - g) * 0.95)
        p = p * (1 - 1e-3 * 0.1)
        return p - 1e-3 * max(1, p.shape[0] / p.shape[1]) ** 0.5 * update, buf

    return each(gated(), 1, rule)


@stranger("torch.optim.SparseAdam", "moments of the rows that the batch looked up")
def torch_sparse_adam():
    model = bag_of_words()

    def step(params, m, v, tokens, labels):
        table, ids = params["table"], tokens.reshape(-1)
        rows = table[ids]

        def from_rows(rows, out):
            looked = rows.reshape(*tokens.shape, -1)
            scores = jax.nn.log_softmax(looked.mean(1) @ out)
            return -jnp.take_along_axis(scores, labels[:, None], 1).mean()

        g, g_out = jax.grad(from_rows, (0, 1))(rows, params["out"])
        g = jnp.zeros_like(table).at[ids].add(g)[ids]
        m = m.at[ids].set(0.9 * m[ids] + 0.1 * g)
        v = v.at[ids].set(0.999 * v[ids] + 0.001 * g**2)
        table = table.at[ids].set(rows - 1e-3 * m[ids] / (jnp.sqrt(v[ids]) + 1e-8))
        return {"table": table, "out": params["out"] - 1e-3 * g_out}, m, v

    table = model.params["table"]
    return made(step, model, like(table), like(table))


@stranger("torch.optim.swa_utils.AveragedModel", "SWA beside SGD")
def torch_swa():
    def rule(p, g, averaged, t):
        p = p - 0.05 * g
        return p, averaged + (p - averaged) / (t + 1)

    return each(transformer(), 1, rule)


@stranger("keras.optimizers.Ftrl", "FTRL: the parameter is computed from accumulators")
def keras_ftrl():
    def rule(p, g, n, z, t):
        new_n = n + g * g
        sigma = (jnp.sqrt(new_n) - jnp.sqrt(n)) / 0.01
        z = z + g - sigma * p
        quadratic = jnp.sqrt(new_n) / 0.01 + 2 * 0.1
        return (jnp.clip(z, -0.05, 0.05) - z) / quadratic, new_n, z

    return each(equal_mlp(), 2, rule)


@stranger("keras.optimizers.Lion", "sign of a mixture, decay by assign_sub")
def keras_lion():
    def rule(p, g, m, t):
        p = p - p * 0.004 * 1e-3
        p = p - 1e-3 * jnp.sign(m * 0.9 + g * (1.0 - 0.9))
        return p, m * 0.99 + g * (1.0 - 0.99)

    return each(attention(), 1, rule)


@stranger("keras.optimizers.Lamb", "a trust ratio by two wheres")
def keras_lamb():
    def rule(p, g, m, v, t):
        m, v = m + (g - m) * (1 - 0.9), v + (g * g - v) * (1 - 0.999)
        u = m / (1 - 0.9**t) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-7)
        w, n = jnp.linalg.norm(p), jnp.linalg.norm(u)
        ratio = jnp.where(w > 0, jnp.where(n > 0, w / n, 1.0), 1.0)
        return p - ratio * 1e-3 * u, m, v

    return each(gated(), 2, rule)
