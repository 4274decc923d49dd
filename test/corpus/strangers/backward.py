"""Gradients that are not written `jax.grad`: backward passes by hand, other transforms.

Also updates that are made of no gradient at all, where nothing is to be found.
"""

import functools

import jax
import jax.numpy as jnp

from corpus.cases.blocks import B, C, D, F, S, cross_entropy, f32, i32, squared_error
from corpus.strangers import stranger
from corpus.strangers.models import (
    N, Model, classifier, descend, equal_mlp, gated, made, two_layer,
)
from corpus.strangers.players import apply


def linear() -> Model:
    """Least squares in one matrix."""

    def loss(params, x, y):
        return squared_error(x @ params["w"], y)

    return Model(loss, {"w": f32(D, C)}, (f32(N, D), f32(N, C)))


def two_matrices() -> Model:
    """Two layers without biases on rows."""

    def loss(params, x, y):
        return squared_error(jax.nn.sigmoid(x @ params["w1"]) @ params["w2"], y)

    return Model(loss, {"w1": f32(D, F), "w2": f32(F, C)}, (f32(N, D), f32(N, C)))


@stranger(
    "Nielsen, neural networks and deep learning, network2.py", "deltas and transposes"
)
def nielsen():
    def step(params, x, y):
        (w1, b1), (w2, b2) = params
        z1 = x @ w1 + b1
        a1 = jax.nn.sigmoid(z1)
        a2 = jax.nn.sigmoid(a1 @ w2 + b2)
        d2 = a2 - y
        d1 = (d2 @ w2.T) * a1 * (1 - a1)
        n = x.shape[0]
        return [
            (w1 - 3.0 / n * (x.T @ d1), b1 - 3.0 / n * d1.sum(0)),
            (w2 - 3.0 / n * (a1.T @ d2), b2 - 3.0 / n * d2.sum(0)),
        ]

    def loss(params, x, y):
        (w1, b1), (w2, b2) = params
        return squared_error(jax.nn.sigmoid(jax.nn.sigmoid(x @ w1 + b1) @ w2 + b2), y)

    return made(step, two_layer(), loss=loss)


@stranger("CS231n notes, minimal network case study", "softmax by hand, decay added to dW")
def cs231n():
    model = classifier()

    def step(params, x, labels):
        p0, p1, p2 = (params[f"Dense_{i}"] for i in range(3))
        h0 = jnp.maximum(0, jnp.dot(x, p0["kernel"]) + p0["bias"])
        h1 = jnp.maximum(0, jnp.dot(h0, p1["kernel"]) + p1["bias"])
        scores = jnp.exp(jnp.dot(h1, p2["kernel"]) + p2["bias"])
        probs = scores / jnp.sum(scores, axis=1, keepdims=True)
        d2 = probs.at[jnp.arange(N), labels].add(-1) / N
        d1 = jnp.dot(d2, p2["kernel"].T) * (h1 > 0)
        d0 = jnp.dot(d1, p1["kernel"].T) * (h0 > 0)
        new = {}
        for i, (h, d) in enumerate(((x, d0), (h0, d1), (h1, d2))):
            w, b = params[f"Dense_{i}"]["kernel"], params[f"Dense_{i}"]["bias"]
            dw = jnp.dot(h.T, d) + 1e-3 * w
            new[f"Dense_{i}"] = {"kernel": w + -1.0 * dw, "bias": b - jnp.sum(d, axis=0)}
        return new

    return made(step, model)


@stranger(
    "einsum style of Rush and of annotated notebooks", "gradients by einsum, tokens named"
)
def einsum_backward():
    model = gated()

    def step(params, x, y):
        a, b = x @ params["gate"], x @ params["up"]
        s = jax.nn.sigmoid(a)
        h = a * s * b
        d = 2 / (B * S * C) * (h @ params["down"] - y)
        dh = jnp.einsum("bsc,fc->bsf", d, params["down"])
        da = dh * b * (s + a * s * (1 - s))
        new = {
            "gate": params["gate"] - 0.1 * jnp.einsum("bsd,bsf->df", x, da),
            "up": params["up"] - 0.1 * jnp.einsum("bsf,bsd->df", dh * a * s, x),
            "down": params["down"] - 0.1 * jnp.tensordot(h, d, ([0, 1], [0, 1])),
        }
        return new

    return made(step, model)


@stranger(
    "llm.c (Karpathy), matmul_backward in arrays", "tokens flattened before the product"
)
def flattened_backward():
    model = gated()

    def step(params, x, y):
        flat, target = x.reshape(-1, D), y.reshape(-1, C)
        a, b = flat @ params["gate"], flat @ params["up"]
        s = jax.nn.sigmoid(a)
        h = s * a * b
        d = 2 * (h @ params["down"] - target) / target.size
        dh = d @ params["down"].T
        g = {
            "down": h.T @ d,
            "up": flat.T @ (dh * s * a),
            "gate": flat.T @ (dh * b * s * (1 + a * (1 - s))),
        }
        return descend(params, g)

    def loss(params, x, y):
        return model.loss(params, x.reshape(-1, D), y.reshape(-1, C))

    return made(step, model, loss=loss)


@stranger(
    "backprop in many blogs", "an outer product a row, then the mean", may_refuse=True
)
def outer_mean():
    def step(params, x, y):
        h = jax.nn.sigmoid(x @ params["w1"])
        d2 = h @ params["w2"] - y
        d1 = d2 @ params["w2"].T * h * (1 - h)
        outer = jax.vmap(jnp.outer)
        w1 = params["w1"] - 0.1 * outer(x, d1).mean(0)
        return {"w1": w1, "w2": params["w2"] - 0.1 * outer(h, d2).mean(axis=0)}

    return made(step, two_matrices())


@stranger("Lillicrap et al., feedback alignment", "a fixed random matrix goes backward")
def feedback_alignment():
    def step(params, feedback, x, y):
        h = jax.nn.sigmoid(x @ params["w1"])
        e = h @ params["w2"] - y
        d = (e @ feedback) * h * (1 - h)
        return {"w1": params["w1"] - 0.1 * x.T @ d, "w2": params["w2"] - 0.1 * h.T @ e}

    return made(step, two_matrices(), f32(C, F))


@stranger("Nokland, direct feedback alignment", "the error goes to every layer directly")
def direct_feedback():
    model = equal_mlp()

    def step(params, feedback, x, y):
        hidden = [x]
        for name in ("w0", "w1", "w2"):
            hidden.append(jnp.tanh(hidden[-1] @ params[name]))
        error = hidden[-1] @ params["head"] - y
        new = {"head": params["head"] - 0.1 * jnp.einsum("bsd,bsc->dc", hidden[-1], error)}
        for i, name in enumerate(("w0", "w1", "w2")):
            d = (error @ feedback[i]) * (1 - hidden[i + 1] ** 2)
            new[name] = params[name] - 0.1 * jnp.einsum("bsd,bse->de", hidden[i], d)
        return new

    return made(step, model, f32(3, C, D))


@stranger("JAX autodiff cookbook, vjp", "the cotangent by hand, vjp for the rest")
def vjp_by_hand():
    model = two_layer()

    def step(params, x, y):
        def predict(params):
            (w0, b0), (w1, b1) = params
            return jax.nn.relu(jnp.dot(x, w0) + b0) @ w1 + b1

        out, pull = jax.vjp(predict, params)
        (grads,) = pull(2 * (out - y) / x.shape[0])
        return descend(params, grads), jnp.mean((out - y) ** 2)

    return made(step, model)


@stranger("JAX docs, jax.linear_transpose", "the transpose of a linear layer")
def linear_transposed():
    def step(params, x, y):
        def apply(w):
            return x @ w

        (g,) = jax.linear_transpose(apply, params["w"])(apply(params["w"]) - y)
        return {"w": params["w"] - 0.1 * g}

    return made(step, linear())


@stranger("JAX docs, custom derivative rules", "a dense layer with its own backward pass")
def custom_vjp_dense():
    @jax.custom_vjp
    def layer(x, w):
        return x @ w

    def forward(x, w):
        return layer(x, w), (x, w)

    def backward(saved, g):
        x, w = saved
        return g @ w.T, jnp.einsum("nd,nf->df", x, g)

    layer.defvjp(forward, backward)

    def loss(params, x, y):
        return squared_error(layer(jnp.tanh(layer(x, params["w1"])), params["w2"]), y)

    def step(params, x, y):
        value, grads = jax.value_and_grad(loss)(params, x, y)
        return descend(params, grads), value

    return made(step, two_matrices(), loss=loss)


@stranger("JAX docs, gradient clipping by custom_vjp", "cotangents are clipped on the way")
def clip_on_the_way():
    @jax.custom_vjp
    def identity(x):
        return x

    identity.defvjp(lambda x: (x, None), lambda _, g: (jnp.clip(g, -1, 1),))

    def loss(params, x, y):
        h = identity(jax.nn.silu(x @ params["gate"])) * identity(x @ params["up"])
        return squared_error(identity(h @ params["down"]), y)

    def step(params, x, y):
        return descend(params, jax.grad(loss)(params, x, y))

    return made(step, gated(), loss=loss)


@stranger(
    "forward-forward (Hinton)", "each layer has a goodness of its own, inputs are stopped"
)
def forward_forward():
    model = equal_mlp()

    def goodness(w, x, sign):
        h = jax.nn.relu(x @ w)
        return jnp.mean(jax.nn.softplus(sign * (jnp.mean(h**2, -1) - 1.0))), h

    def loss(params, good, bad):
        total = 0.0
        for name in ("w0", "w1", "w2"):
            one, good = goodness(params[name], good, -1)
            two, bad = goodness(params[name], bad, 1)
            good, bad = (
                jax.lax.stop_gradient(h / (jnp.linalg.norm(h, axis=-1, keepdims=True) + 1e-6))
                for h in (good, bad)
            )
            total = total + one + two
        return total

    def step(params, good, bad):
        new = {}
        for name, w in params.items():
            def local(w, good=good, bad=bad):
                (one, good), (two, bad) = goodness(w, good, -1), goodness(w, bad, 1)
                return one + two, (good, bad)

            (_, both), g = jax.value_and_grad(local, has_aux=True)(w)
            good, bad = (
                h / (jnp.linalg.norm(h, axis=-1, keepdims=True) + 1e-6) for h in both
            )
            new[name] = w - 0.03 * g
        return new

    params = {name: f32(D, D) for name in ("w0", "w1", "w2")}
    batch = (f32(B, S, D), f32(B, S, D))
    return made(step, model._replace(params=params, batch=batch), loss=loss)


@stranger(
    "logistic regression in the JAX quickstart and scikit-learn", "a vector of weights"
)
def logistic_vector():
    model = Model(
        lambda params, x, y: squared_error(jax.nn.sigmoid(x @ params["w"] + params["b"]), y),
        {"w": f32(D), "b": f32()},
        (f32(N, D), f32(N)),
    )

    def step(params, x, y):
        error = jax.nn.sigmoid(jnp.dot(x, params["w"]) + params["b"]) - y
        w = params["w"] - 0.1 * (jnp.dot(error, x) / N + 1e-3 * params["w"])
        return {"w": w, "b": params["b"] - 0.1 * error.mean()}

    return made(step, model)


@stranger("softmax regression, numpy style", "one-hot targets, gradient by transposes")
def softmax_regression():
    def loss(params, x, labels):
        return cross_entropy(x @ params["w"], labels)

    def step(params, x, labels):
        logits = x @ params["w"]
        p = jnp.exp(logits - logits.max(1, keepdims=True))
        p = p / p.sum(1, keepdims=True)
        g = ((p - jnp.eye(C)[labels]).T @ x).T / N
        nll = -jnp.log(p[jnp.arange(N), labels]).mean()
        return {"w": params["w"] - 0.5 * g}, nll

    return made(step, Model(loss, {"w": f32(D, C)}, (f32(N, D), i32(N))))


@stranger(
    "functools.partial and nested jit, as in many repositories", "grad of a jitted loss"
)
def jit_in_jit():
    model = equal_mlp()

    @jax.jit
    def update(params, grads):
        return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads)

    @functools.partial(jax.jit, donate_argnums=(0,))
    def step(params, x, y):
        value, grads = jax.jit(jax.value_and_grad(jax.jit(model.loss)))(params, x, y)
        return update(params, grads), value

    return made(step, model)
