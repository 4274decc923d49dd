"""Plain JAX: models that are not language models of dense blocks."""

import functools

import jax
import jax.numpy as jnp
import optax

from corpus.case import case, train_step
from corpus.cases.blocks import (
    B, C, D, F, H, K, S, V,
    block, block_params, cross_entropy, f32, i32, lm_loss, lm_params, mlp, normalize,
    squared_error,
)

LIBRARY = "jax + optax"
TOKENS = i32(B, S), i32(B, S)


@case(LIBRARY, "convolution net with a dense head")
def convolution_net():
    params = {"conv1": f32(3, 3, 3, D), "conv2": f32(3, 3, D, F), "head": f32(F, C)}

    def loss(params, images, labels):
        x = images
        for name in ("conv1", "conv2"):
            numbers = ("NHWC", "HWIO", "NHWC")
            x = jax.lax.conv_general_dilated(
                x, params[name], (2, 2), "SAME", dimension_numbers=numbers
            )
            x = jax.nn.relu(x)
        return cross_entropy(jnp.mean(x, (1, 2)) @ params["head"], labels)

    return train_step(loss, params, f32(B, 14, 10, 3), i32(B))


@case(LIBRARY, "vision transformer: patches by reshape, a class token, pooled head")
def vision_transformer():
    rows, columns, size, channels = 3, 7, 4, 3
    params = {
        "patch": f32(size * size * channels, D),
        "class": f32(1, 1, D),
        "positions": f32(1, rows * columns + 1, D),
        "block": block_params(),
        "head": f32(D, C),
    }

    def loss(params, images, labels):
        x = images.reshape(B, rows, size, columns, size, channels).swapaxes(2, 3)
        x = x.reshape(B, rows * columns, -1) @ params["patch"]
        first = jnp.broadcast_to(params["class"], (B, 1, D))
        x = jnp.concatenate([first, x], 1) + params["positions"]
        return cross_entropy(block(params["block"], x)[:, 0] @ params["head"], labels)

    return train_step(loss, params, f32(B, rows * size, columns * size, channels), i32(B))


@case(LIBRARY, "MLP-mixer: weights that contract the sequence")
def mixer():
    params = {
        "tokens": {"up": f32(S, F), "down": f32(F, S)},
        "channels": {"up": f32(D, H * F), "down": f32(H * F, D)},
        "head": f32(D, C),
    }

    def loss(params, x, labels):
        x = x + mlp(params["tokens"], x.swapaxes(1, 2)).swapaxes(1, 2)
        x = x + mlp(params["channels"], x)
        return cross_entropy(jnp.mean(x, 1) @ params["head"], labels)

    return train_step(loss, params, f32(B, S, D), i32(B))


@case(LIBRARY, "graph network: messages along edges, segment_sum")
def graph_network():
    nodes, edges = 17, 41
    params = {"embed": f32(V, D), "message": f32(2 * D, F), "update": f32(F, D)}
    params["head"] = f32(D, C)

    def loss(params, atoms, senders, receivers, labels):
        x = params["embed"][atoms]
        for _ in range(2):
            pairs = jnp.concatenate([x[senders], x[receivers]], -1)
            messages = jnp.tanh(pairs @ params["message"])
            x = x + jax.ops.segment_sum(messages, receivers, nodes) @ params["update"]
        return cross_entropy(x @ params["head"], labels)

    return train_step(loss, params, i32(nodes), i32(edges), i32(edges), i32(nodes))


@case(LIBRARY, "selective state space by associative_scan, gated")
def state_space():
    state = 3
    params = {
        "in": f32(D, 2 * F),
        "delta": f32(F, F),
        "b": f32(F, state),
        "c": f32(F, state),
        "a": f32(F, state),
        "out": f32(F, D),
    }

    def run(p, x):
        x, gate = jnp.split(x @ p["in"], 2, -1)
        delta = jax.nn.softplus(x @ p["delta"])[..., None]
        decay = jnp.exp(-delta * jnp.exp(p["a"]))
        inputs = delta * (x @ p["b"])[..., None, :] * x[..., None]
        combine = lambda l, r: (l[0] * r[0], r[0] * l[1] + r[1])  # noqa: E731
        _, states = jax.lax.associative_scan(combine, (decay, inputs), axis=1)
        y = jnp.einsum("bsfn,bsn->bsf", states, x @ p["c"])
        return (y * jax.nn.silu(gate)) @ p["out"]

    return train_step(functools.partial(lm_loss, run), lm_params(params), *TOKENS)


@case(LIBRARY, "linear attention, its state by a scan over time")
def linear_attention():
    params = {name: f32(D, H, K) for name in "qkv"} | {"out": f32(H, K, D)}

    def run(p, x):
        q, k, v = (jnp.einsum("bsd,dhk->sbhk", x, p[name]) for name in "qkv")

        def body(state, item):
            q, k, v = item
            state = 0.9 * state + k[..., :, None] * v[..., None, :]
            return state, jnp.einsum("bhk,bhkv->bhv", q, state)

        _, y = jax.lax.scan(body, jnp.zeros((B, H, K, K)), (jax.nn.elu(q), jax.nn.elu(k), v))
        return x + jnp.einsum("sbhk,hkd->bsd", y, p["out"])

    return train_step(functools.partial(lm_loss, run), lm_params(params), *TOKENS)


@case(LIBRARY, "experts by ragged_dot over sorted tokens")
def ragged_experts():
    e = 7
    params = {"router": f32(D, e), "up": f32(e, D, F), "down": f32(e, F, D), "head": f32(D, C)}

    def loss(params, x, labels):
        gates = jax.nn.softmax(x @ params["router"])
        chosen = jnp.argmax(gates, -1)
        order = jnp.argsort(chosen)
        sizes = jnp.bincount(chosen, length=e)
        y = jax.nn.gelu(jax.lax.ragged_dot(x[order], params["up"], sizes))
        y = jax.lax.ragged_dot(y, params["down"], sizes)[jnp.argsort(order)]
        y = x + y * jnp.max(gates, -1, keepdims=True)
        return cross_entropy(y @ params["head"], labels)

    return train_step(loss, params, f32(B * S, D), i32(B * S))


@case(LIBRARY, "learned queries that attend to the data")
def learned_queries():
    queries = 7
    params = {
        "queries": f32(queries, D),
        "q": f32(D, F),
        "k": f32(D, F),
        "v": f32(D, F),
        "head": f32(queries * F, C),
    }

    def loss(params, x, labels):
        q = params["queries"] @ params["q"]
        scores = jnp.einsum("qf,bsf->bqs", q, jnp.tanh(x @ params["k"]))
        y = jax.nn.softmax(scores) @ (x @ params["v"])
        return cross_entropy(y.reshape(B, -1) @ params["head"], labels)

    return train_step(loss, params, f32(B, S, D), i32(B))


@case(LIBRARY, "two towers and a contrastive loss with a temperature")
def two_towers():
    params = {"embed": f32(V, D), "text": f32(D, F), "image": f32(C, F), "scale": f32()}

    def loss(params, tokens, images):
        unit = lambda x: x / jnp.linalg.norm(x, axis=-1, keepdims=True)  # noqa: E731
        text = unit(jnp.mean(params["embed"][tokens], 1) @ params["text"])
        image = unit(images @ params["image"])
        logits = text @ image.T * jnp.exp(params["scale"])
        labels = jnp.arange(B)
        return cross_entropy(logits, labels) + cross_entropy(logits.T, labels)

    return train_step(loss, params, i32(B, S), f32(B, C))


@case(LIBRARY, "several tables looked up at once, products of their rows, Adagrad")
def recommender():
    params = {
        "user": f32(V, D),
        "item": f32(V + 2, D),
        "words": f32(V + 2, D),
        "dense": f32(C, D),
        "head": f32(D, 1),
    }

    def loss(params, user, item, words, features, clicked):
        x = params["user"][user] * params["item"][item]
        x = x + jnp.sum(params["words"][words], 1)
        x = jnp.tanh(x + features @ params["dense"])
        return squared_error(jax.nn.sigmoid(x @ params["head"])[:, 0], clicked)

    data = i32(B), i32(B), i32(B, S), f32(B, C), f32(B)
    return train_step(loss, params, *data, optimizer=optax.adagrad(0.1))


@case(LIBRARY, "encoder and decoder with cross-attention and shared embedding")
def encoder_decoder():
    projections = {name: f32(D, H, K) for name in "qkv"} | {"out": f32(H, K, D)}
    params = {"embed": f32(V, D), "encoder": block_params(), "cross": projections}
    params["decoder"] = block_params()

    def loss(params, source, tokens, labels):
        memory = block(params["encoder"], params["embed"][source])
        x = block(params["decoder"], params["embed"][tokens])
        q = jnp.einsum("btd,dhk->bthk", x, params["cross"]["q"])
        k, v = (jnp.einsum("bsd,dhk->bshk", memory, params["cross"][n]) for n in "kv")
        weights = jax.nn.softmax(jnp.einsum("bthk,bshk->bhts", q, k))
        y = jnp.einsum("bhts,bshk->bthk", weights, v)
        x = x + jnp.einsum("bthk,hkd->btd", y, params["cross"]["out"])
        return cross_entropy(x @ params["embed"].T, labels)

    return train_step(loss, params, i32(B, S), i32(B, S + 2), i32(B, S + 2))


@case(LIBRARY, "a variational autoencoder with noise as an argument")
def autoencoder():
    latent = 3
    params = {"in": f32(C, F), "mean": f32(F, latent), "log": f32(F, latent)}
    params |= {"up": f32(latent, F), "out": f32(F, C), "scale": f32(C)}

    def loss(params, x, noise):
        h = jnp.tanh(normalize(x, params["scale"]) @ params["in"])
        mean, log = h @ params["mean"], h @ params["log"]
        z = mean + jnp.exp(log) * noise
        y = jnp.tanh(z @ params["up"]) @ params["out"]
        return squared_error(y, x) + jnp.mean(mean**2 + jnp.exp(2 * log) - 2 * log)

    return train_step(loss, params, f32(B, C), f32(B, latent))
