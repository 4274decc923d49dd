"""Plain JAX: layers, micro-batches and time in loops; recomputation."""

import functools

import jax
import jax.numpy as jnp
import optax
from jax.ad_checkpoint import checkpoint_name

from corpus.case import JaxStep, case, train_step
from corpus.cases.blocks import (
    B, C, D, F, LAYERS, S, V,
    block, block_params, cross_entropy, f32, i32, in_turn, lm_loss, lm_params, mlp, stacked,
)

LIBRARY = "jax + optax"
TOKENS = i32(B, S), i32(B, S)
MICRO = 4


def scanned(blocks, x, body=block, **options):
    """`x` through a stack of blocks by `lax.scan`."""
    return jax.lax.scan(lambda x, p: (body(p, x), None), x, blocks, **options)[0]


def scanned_model(run=scanned, blocks=None, **fields):
    params = lm_params(stacked(block_params()) if blocks is None else blocks)
    return train_step(functools.partial(lm_loss, run), params, *TOKENS, **fields)


@case(LIBRARY, "scan over layers, AdamW")
def scan_layers():
    return scanned_model(optimizer=optax.adamw(1e-3))


@case(LIBRARY, "scan over layers from the last to the first")
def scan_layers_reverse():
    return scanned_model(functools.partial(scanned, reverse=True))


@case(LIBRARY, "scan over layers, unrolled by scan itself")
def scan_layers_unrolled():
    return scanned_model(functools.partial(scanned, unroll=True))


@case(LIBRARY, "scan over layers, unrolled two by two")
def scan_layers_by_two():
    run = functools.partial(scanned, unroll=2)
    return scanned_model(run, stacked(block_params(), 4))


@case(LIBRARY, "scan over layers that the step stacks itself")
def scan_layers_stacked_inside():
    def run(blocks, x):
        return scanned(jax.tree.map(lambda *parts: jnp.stack(parts), *blocks), x)

    return scanned_model(run, [block_params() for _ in range(LAYERS)])


@case(LIBRARY, "fori_loop over a stack that is read at the counter")
def fori_layers():
    def run(blocks, x):
        def body(i, x):
            return block(jax.tree.map(lambda p: p[i], blocks), x)

        return jax.lax.fori_loop(0, LAYERS, body, x)

    return scanned_model(run)


@case(LIBRARY, "scan over layers with jax.checkpoint, nothing saved")
def scan_checkpoint_nothing():
    return scanned_model(functools.partial(scanned, body=jax.checkpoint(block)))


@case(LIBRARY, "scan over layers with jax.checkpoint, products saved, SGD")
def scan_checkpoint_dots():
    policy = jax.checkpoint_policies.dots_with_no_batch_dims_saveable
    body = jax.checkpoint(block, policy=policy)
    return scanned_model(functools.partial(scanned, body=body), optimizer=optax.sgd(0.1))


@case(LIBRARY, "jax.checkpoint of unrolled blocks, nothing saved")
def checkpoint_nothing():
    def run(blocks, x):
        for p in blocks:
            x = jax.checkpoint(block)(p, x)
        return x

    return scanned_model(run, [block_params()] * 2)


@case(LIBRARY, "jax.checkpoint of unrolled blocks, named values saved")
def checkpoint_names():
    policy = jax.checkpoint_policies.save_only_these_names("hidden")

    @functools.partial(jax.checkpoint, policy=policy)
    def body(p, x):
        h = checkpoint_name(jnp.tanh(x @ p["up"]), "hidden")
        return x + jnp.sin(h) @ p["down"]

    def run(blocks, x):
        for p in blocks:
            x = body(p, x)
        return x

    return scanned_model(run, [{"up": f32(D, F), "down": f32(F, D)}] * 2)


@case(LIBRARY, "jax.checkpoint of the whole loss")
def checkpoint_all():
    loss = jax.checkpoint(functools.partial(lm_loss, in_turn))
    return train_step(loss, lm_params([block_params()]), *TOKENS)


@case(LIBRARY, "scan over groups of layers, each a scan, with jax.checkpoint of both")
def scan_nested():
    def run(blocks, x):
        inner = functools.partial(scanned, body=jax.checkpoint(block))
        return scanned(blocks, x, body=jax.checkpoint(inner))

    return scanned_model(run, stacked(stacked(block_params(), 2)))


@case(LIBRARY, "scan over a frozen stack with low-rank adapters beside it")
def scan_adapters():
    rank = 4
    base, adapters = {"w": f32(D, D)}, {"a": f32(D, rank), "b": f32(rank, D)}
    params = lm_params({"base": stacked(base), "adapters": stacked(adapters)})

    def body(p, x):
        frozen = jax.lax.stop_gradient(p["base"]["w"])
        return x + jnp.tanh(x @ frozen + x @ p["adapters"]["a"] @ p["adapters"]["b"])

    groups = {"train": optax.adam(1e-3), "freeze": optax.set_to_zero()}
    labels = {"embed": "train", "norm": "train", "head": "train"}
    labels["blocks"] = {"base": "freeze", "adapters": "train"}
    return train_step(
        functools.partial(lm_loss, functools.partial(scanned, body=body)),
        params,
        *TOKENS,
        optimizer=optax.multi_transform(groups, labels),
        is_frozen=lambda path: "base" in path,
    )


def accumulated(run, blocks) -> JaxStep:
    """A step that sums gradients over micro-batches in a loop."""
    part = functools.partial(lm_loss, run)
    optimizer = optax.adam(1e-3)

    def loss(params, state, tokens, labels):
        def body(total, batch):
            return total + part(params, *batch), None

        return jax.lax.scan(body, 0.0, (tokens, labels))[0] / MICRO

    def step(params, state, tokens, labels):
        def body(carry, batch):
            value, gradients = jax.value_and_grad(part)(params, *batch)
            return jax.tree.map(jnp.add, carry, (value, gradients)), None

        zero = 0.0, jax.tree.map(jnp.zeros_like, params)
        (value, gradients), _ = jax.lax.scan(body, zero, (tokens, labels))
        gradients = jax.tree.map(lambda g: g / MICRO, gradients)
        updates, state = optimizer.update(gradients, state, params)
        return optax.apply_updates(params, updates), state, value / MICRO

    params = lm_params(blocks)
    state = jax.eval_shape(optimizer.init, params)
    batch = i32(MICRO, B, S), i32(MICRO, B, S)
    return JaxStep(step, (params, state, *batch), loss, batch=(2, 3))


@case(LIBRARY, "gradients summed over micro-batches by scan")
def accumulate():
    return accumulated(in_turn, [block_params()])


@case(LIBRARY, "micro-batches by scan around a scan over layers with jax.checkpoint")
def accumulate_scan_layers():
    body = jax.checkpoint(block)
    return accumulated(functools.partial(scanned, body=body), stacked(block_params()))


@case(LIBRARY, "several whole steps in one graph, by scan over their batches")
def several_steps():
    part = functools.partial(lm_loss, in_turn)

    def loss(params, tokens, labels):
        body = lambda total, batch: (total + part(params, *batch), None)  # noqa: E731
        return jax.lax.scan(body, 0.0, (tokens, labels))[0]

    def steps(params, tokens, labels):
        def body(params, batch):
            value, gradients = jax.value_and_grad(part)(params, *batch)
            return jax.tree.map(lambda p, g: p - 0.1 * g, params, gradients), value

        return jax.lax.scan(body, params, (tokens, labels))

    batch = i32(MICRO, B, S), i32(MICRO, B, S)
    return JaxStep(steps, (lm_params([block_params()]), *batch), loss, batch=(1, 2))


@case(LIBRARY, "a chunked loss: the head and its labels by scan over the sequence")
def chunked_loss():
    params = {"embed": f32(V, D), "block": {"up": f32(D, F), "down": f32(F, D)}}
    params["head"] = f32(D, V)
    chunks = 2

    def loss(params, tokens, labels):
        x = mlp(params["block"], params["embed"][tokens])
        x = jnp.moveaxis(x.reshape(B, chunks, -1, D), 1, 0)
        labels = jnp.moveaxis(labels.reshape(B, chunks, -1), 1, 0)

        def body(total, chunk):
            return total + cross_entropy(chunk[0] @ params["head"], chunk[1]), None

        return jax.lax.scan(body, 0.0, (x, labels))[0] / chunks

    return train_step(loss, params, i32(B, S + 1), i32(B, S + 1))


@case(LIBRARY, "one layer used at every iteration of a scan")
def scan_shared_layer():
    def run(p, x):
        return jax.lax.scan(lambda x, _: (jnp.tanh(mlp(p, x)), None), x, length=LAYERS)[0]

    return scanned_model(run, {"up": f32(D, F), "down": f32(F, D)})


@case(LIBRARY, "a gated recurrent net, scan over time")
def recurrent_net():
    params = {"embed": f32(V, D), "input": f32(D, 3 * F), "hidden": f32(F, 3 * F)}
    params["head"] = f32(F, V)

    def loss(params, tokens, labels):
        x = params["embed"][tokens] @ params["input"]

        def cell(h, x):
            r, z, n = jnp.split(x, 3, -1)
            hr, hz, hn = jnp.split(h @ params["hidden"], 3, -1)
            z = jax.nn.sigmoid(z + hz)
            h = (1 - z) * jnp.tanh(n + jax.nn.sigmoid(r + hr) * hn) + z * h
            return h, h

        _, h = jax.lax.scan(cell, jnp.zeros((B, F)), jnp.moveaxis(x, 1, 0))
        return cross_entropy(jnp.moveaxis(h, 0, 1) @ params["head"], labels)

    return train_step(loss, params, *TOKENS)


@case(LIBRARY, "a layer that a branch of lax.cond skips")
def branch():
    params = {"first": f32(D, F), "branch": f32(F, F), "last": f32(F, C)}

    def loss(params, x, labels):
        h = jnp.tanh(x @ params["first"])
        deep = lambda h: jnp.tanh(h @ params["branch"])  # noqa: E731
        h = jax.lax.cond(jnp.mean(x) > 0, deep, lambda h: h, h)
        return cross_entropy(h @ params["last"], labels)

    return train_step(loss, params, f32(B, S, D), i32(B, S))
