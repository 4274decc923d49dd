"""Weights that are computed, shared, masked, moved or made of noise."""

import jax
import jax.numpy as jnp

from corpus.cases.blocks import B, C, D, F, S, V, cross_entropy, f32, i32, key, squared_error
from corpus.strangers import stranger
from corpus.strangers.attention_forms import trained
from corpus.strangers.models import E, N, Model, descend, made, old_key

FLAT = f32(N, D), f32(N, C)


@stranger("spectral normalisation (Miyato et al.)", "a vector of the power iteration as state")
def spectral():
    def forward(p, u, x):
        v = p["w"].T @ u
        v = v / (jnp.linalg.norm(v) + 1e-6)
        new = p["w"] @ v
        new = jax.lax.stop_gradient(new / (jnp.linalg.norm(new) + 1e-6))
        sigma = new @ p["w"] @ jax.lax.stop_gradient(v)
        return jnp.tanh(x @ (p["w"] / sigma)) @ p["head"], new

    def loss(p, u, x, y):
        out, new = forward(p, u, x)
        return squared_error(out, y), new

    def step(p, u, x, y):
        (value, u), g = jax.value_and_grad(loss, has_aux=True)(p, u, x, y)
        return descend(p, g), u, value

    def plain(p, x, y):
        return squared_error(jnp.tanh(x @ p["w"]) @ p["head"], y)

    params = {"w": f32(D, F), "head": f32(F, C)}
    return made(step, Model(plain, params, FLAT), f32(D))


@stranger("weight standardisation (Qiao et al.)", "zero mean and unit deviation a column")
def standardised():
    def loss(p, x, y):
        w = p["w"] - p["w"].mean(0)
        w = w / (p["w"].std(0) + 1e-5)
        return squared_error(jnp.tanh(x @ w) @ p["head"], y)

    return trained(loss, {"w": f32(D, F), "head": f32(F, C)}, *FLAT)


@stranger("equalised learning rate (Karras et al.)", "a constant factor at each use")
def equalised():
    def loss(p, x, y):
        h = jnp.tanh(x @ (p["w"] * (2 / D) ** 0.5))
        return squared_error(h @ (p["head"] * (2 / F) ** 0.5), y)

    return trained(loss, {"w": f32(D, F), "head": f32(F, C)}, *FLAT)


@stranger("fake quantisation by a straight-through estimator", "int8 scales anew at each use")
def fake_quantised():
    def quantised(w):
        scale = jnp.max(jnp.abs(w)) / 127
        return w + jax.lax.stop_gradient(jnp.round(w / scale) * scale - w)

    def loss(p, x, y):
        h = jnp.tanh(x @ quantised(p["w"]))
        return squared_error(h @ quantised(p["head"]), y)

    return trained(loss, {"w": f32(D, F), "head": f32(F, C)}, *FLAT)


@stranger("lottery tickets (Frankle and Carbin)", "integer masks beside the parameters")
def integer_masks():
    def loss(p, masks, x, y):
        w = jax.tree.map(lambda p, m: p * m, p, masks)
        return squared_error(jnp.tanh(x @ w["w"]) @ w["head"], y)

    def step(p, masks, x, y):
        value, g = jax.value_and_grad(loss)(p, masks, x, y)
        return descend(p, jax.tree.map(lambda g, m: g * m, g, masks)), value

    def plain(p, x, y):
        return squared_error(jnp.tanh(x @ p["w"]) @ p["head"], y)

    params = {"w": f32(D, F), "head": f32(F, C)}
    masks = {"w": i32(D, F), "head": i32(F, C)}
    return made(step, Model(plain, params, FLAT), masks)


@stranger("DropConnect (Wan et al.)", "weights dropped by a key")
def drop_connect():
    def loss(p, rng, x, y):
        keep = jax.random.bernoulli(rng, 0.8, (D, F))
        return squared_error(jnp.tanh(x @ (p["w"] * keep / 0.8)) @ p["head"], y)

    def step(p, rng, x, y):
        rng, drop = jax.random.split(rng)
        value, g = jax.value_and_grad(loss)(p, drop, x, y)
        return descend(p, g), rng, value

    def plain(p, x, y):
        return squared_error(jnp.tanh(x @ p["w"]) @ p["head"], y)

    return made(step, Model(plain, {"w": f32(D, F), "head": f32(F, C)}, FLAT), old_key())


@stranger("Bayes by backprop (Blundell et al.)", "mu + softplus(rho) * noise")
def bayes_by_backprop():
    def drawn(p, rng):
        keys = dict(zip(p, jax.random.split(rng, len(p))))
        return {
            k: q["mu"] + jax.nn.softplus(q["rho"]) * jax.random.normal(keys[k], q["mu"].shape)
            for k, q in p.items()
        }

    def loss(p, rng, x, y):
        w = drawn(p, rng)
        kl = sum(jnp.sum(q["mu"] ** 2) - jnp.sum(q["rho"]) for q in p.values())
        return squared_error(jnp.tanh(x @ w["w"]) @ w["head"], y) + 1e-3 * kl

    def step(p, rng, x, y):
        value, g = jax.value_and_grad(loss)(p, rng, x, y)
        return descend(p, g), value

    def plain(p, x, y):
        w = {k: q["mu"] + jax.nn.softplus(q["rho"]) for k, q in p.items()}
        return squared_error(jnp.tanh(x @ w["w"]) @ w["head"], y)

    params = {k: {"mu": f32(*s), "rho": f32(*s)} for k, s in {"w": (D, F), "head": (F, C)}.items()}
    return made(step, Model(plain, params, FLAT), key())


@stranger("nGPT (Loshchilov et al.)", "rows of weights normalised after the update")
def normalised_after():
    def loss(p, x, y):
        return squared_error(jnp.tanh(x @ p["w"]) @ p["head"], y)

    def step(p, x, y):
        value, g = jax.value_and_grad(loss)(p, x, y)
        p = descend(p, g)
        return {k: w / jnp.linalg.norm(w, axis=0, keepdims=True) for k, w in p.items()}, value

    return made(step, Model(loss, {"w": f32(D, F), "head": f32(F, C)}, FLAT))


@stranger("ALBERT (Lan et al.)", "one layer three times, a factorised embedding")
def shared_layers():
    def loss(p, tokens, labels):
        x = p["table"][tokens] @ p["project"]
        for _ in range(3):
            x = x + jnp.tanh(x @ p["up"]) @ p["down"]
        return cross_entropy(x @ p["head"], labels)

    params = {
        "table": f32(V, 4), "project": f32(4, D), "up": f32(D, F), "down": f32(F, D),
        "head": f32(D, C),
    }
    return trained(loss, params, i32(B, S), i32(B, S))


@stranger("frozen embedding by jnp.take, LoRA on query and value", "peft, by hand")
def lora_on_frozen_embedding():
    def loss(p, frozen, tokens, labels):
        x = jnp.take(frozen["table"], tokens, axis=0)
        q = x @ frozen["q"] + x @ p["qa"] @ p["qb"]
        v = x @ frozen["v"] + x @ p["va"] @ p["vb"]
        a = jax.nn.softmax(q @ (x @ frozen["k"]).transpose(0, 2, 1))
        return cross_entropy(a @ v @ frozen["head"], labels)

    def step(p, frozen, tokens, labels):
        value, g = jax.value_and_grad(loss)(p, frozen, tokens, labels)
        return descend(p, g), value

    frozen = {
        "table": f32(V, D), "q": f32(D, E), "k": f32(D, E), "v": f32(D, E), "head": f32(E, C),
    }
    params = {"qa": f32(D, 3), "qb": f32(3, E), "va": f32(D, 3), "vb": f32(3, E)}

    def total(p, frozen, tokens, labels):
        return loss(p, frozen, tokens, labels)

    from corpus.case import JaxStep

    arguments = (params, frozen, i32(B, S), i32(B, S))
    return JaxStep(step, arguments, total, batch=(1, 2, 3))


@stranger("prompt tuning (Lester et al.)", "learned rows before the frozen embedding")
def prompt_rows():
    def loss(p, table, w, tokens, labels):
        prompt = jnp.broadcast_to(p["prompt"], (B, 3, D))
        x = jnp.concatenate([prompt, table[tokens]], axis=1)
        return cross_entropy((jnp.tanh(x @ w)[:, 3:]) @ p["head"], labels)

    def step(p, table, w, tokens, labels):
        value, g = jax.value_and_grad(loss)(p, table, w, tokens, labels)
        return descend(p, g), value

    from corpus.case import JaxStep

    params = {"prompt": f32(3, D), "head": f32(F, C)}
    arguments = (params, f32(V, D), f32(D, F), i32(B, S), i32(B, S))
    return JaxStep(step, arguments, loss, batch=(1, 2, 3, 4))


@stranger("low rank plus diagonal", "x @ (diag(d) + u @ v) written as one weight")
def low_rank_diagonal():
    def loss(p, x, y):
        w = jnp.diag(p["d"]) + p["u"] @ p["v"]
        return squared_error(jnp.tanh(x @ w) @ p["head"], y)

    params = {"d": f32(D), "u": f32(D, 3), "v": f32(3, D), "head": f32(D, C)}
    return trained(loss, params, *FLAT)


@stranger("hand-written SGD in a NumPy course", "2 / n * x.T @ err, no autodiff")
def numpy_course():
    def step(w, b, x, y):
        err = x @ w + b - y
        return w - 0.1 * (2 / N) * x.T @ err, b - 0.1 * (2 / N) * err.sum(0), (err**2).mean()

    def plain(w, b, x, y):
        return squared_error(x @ w + b, y)

    from corpus.case import JaxStep

    return JaxStep(step, (f32(D, C), f32(C), *FLAT), plain, batch=(2, 3), parameters=(0, 1))


@stranger("diffusion tutorials (annotated DDPM)", "noise and time steps from a key in the step")
def diffusion():
    def predict(p, x, t):
        angles = t[:, None] * jnp.exp(jnp.linspace(0.0, -4.0, 4))
        time = jnp.concatenate([jnp.sin(angles), jnp.cos(angles)], -1) @ p["time"]
        return jnp.tanh(x @ p["w1"] + time) @ p["w2"]

    def loss(p, rng, x):
        first, second = jax.random.split(rng)
        t = jax.random.uniform(first, (N,))
        noise = jax.random.normal(second, x.shape)
        mixed = jnp.sqrt(1 - t)[:, None] * x + jnp.sqrt(t)[:, None] * noise
        return squared_error(predict(p, mixed, t), noise)

    def step(p, rng, x):
        rng, now = jax.random.split(rng)
        value, g = jax.value_and_grad(loss)(p, now, x)
        return descend(p, g), rng, value

    def plain(p, x):
        # The time steps are data: they are drawn anew.
        t = x[:, 0]
        return squared_error(predict(p, x, t), x)

    params = {"time": f32(8, F), "w1": f32(D, F), "w2": f32(F, D)}
    return made(step, Model(plain, params, (f32(N, D),)), key())


@stranger("physics-informed nets (Raissi et al.)", "collocation points in the closure")
def collocation():
    import numpy as np

    points = np.random.default_rng(0).uniform(size=(N, 2)).astype(np.float32)

    def u(p, x):
        return jnp.tanh(jnp.tanh(x @ p["w1"] + p["b1"]) @ p["w2"]) @ p["w3"]

    def loss(p, x):
        return jnp.mean(u(p, x) ** 2)

    def step(p):
        value, g = jax.value_and_grad(loss)(p, jnp.asarray(points))
        return descend(p, g), value

    from corpus.case import JaxStep
    from corpus.expected import argument_names
    import dataclasses

    params = {"w1": f32(2, D), "b1": f32(D), "w2": f32(D, F), "w3": f32(F, 1)}

    class Closure(JaxStep):
        """The truth is that of the step with its points as an argument."""

        def expected(self):
            other = JaxStep(lambda p, x: step(p), (params, f32(N, 2)), loss, batch=(1,))
            result = other.expected()
            names = tuple(argument_names(step, (params,))[0])
            return dataclasses.replace(result, names=names)

    return Closure(step, (params,), lambda p: loss(p, jnp.asarray(points)), batch=())


@stranger("autoencoder tutorials", "the reconstruction is returned for a picture")
def returns_reconstruction():
    def forward(p, x):
        return jnp.tanh(x @ p["enc"]) @ p["dec"]

    def loss(p, x):
        return squared_error(forward(p, x), x)

    def step(p, x):
        value, g = jax.value_and_grad(loss)(p, x)
        return descend(p, g), value, forward(p, x)

    return made(step, Model(loss, {"enc": f32(D, E), "dec": f32(E, D)}, (f32(N, D),)))


@stranger("recommenders with hashed ids", "ids as unsigned words")
def unsigned_ids():
    def loss(p, user, item, rating):
        score = jnp.sum(p["user"][user] * p["item"][item], -1)
        return squared_error(score, rating)

    ids = jax.ShapeDtypeStruct((N,), jnp.uint32)
    return trained(loss, {"user": f32(V, D), "item": f32(C, D)}, ids, ids, f32(N))


@stranger("layers in lax.switch", "one of two heads by a flag")
def switched_heads():
    def loss(p, which, x, y):
        h = jnp.tanh(x @ p["w"])
        out = jax.lax.cond(which > 0, lambda h: h @ p["a"], lambda h: h @ p["b"], h)
        return squared_error(out, y)

    def step(p, which, x, y):
        value, g = jax.value_and_grad(loss)(p, which, x, y)
        return descend(p, g), value

    params = {"w": f32(D, F), "a": f32(F, C), "b": f32(F, C)}
    from corpus.case import JaxStep

    return JaxStep(step, (params, i32(), *FLAT), loss, batch=(1, 2, 3))


@stranger("learned positions (GPT-2)", "a table read at constant places")
def learned_positions():
    def loss(p, tokens, labels):
        x = p["tokens"][tokens] + p["positions"][jnp.arange(S)]
        return cross_entropy(jnp.tanh(x @ p["w"]) @ p["head"], labels)

    params = {"tokens": f32(V, D), "positions": f32(S, D), "w": f32(D, F), "head": f32(F, C)}
    return trained(loss, params, i32(B, S), i32(B, S))
