"""Gradients that add up over parts of a batch.

Weights are normalised per contraction, so the wanted gradient of an
accumulated step is the sum of those of its micro-batches.
"""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
import optax

from models.common import make_batch, masked_cross_entropy
from structures import transformer
from structures.forms import SGD, Part, Structure, Update, differentiated, update_of

MICRO_BATCHES = 2


def two_batches(seed: int):
    return make_batch(seed, batch=2 * MICRO_BATCHES)


def _micro(index: int, batch):
    return jax.tree.map(lambda a: a[2 * index : 2 * index + 2], batch)


PARTS = tuple(
    functools.partial(_micro, index) for index in range(MICRO_BATCHES)
)


def _mean_of(loss):
    return tuple(Part(loss, select, 1 / MICRO_BATCHES) for select in PARTS)


def _split(batch):
    """Each array as `[micro-batches, batch, ...]`."""
    return jax.tree.map(lambda a: a.reshape(MICRO_BATCHES, 2, *a.shape[1:]), batch)


def _added(total, value_and_grads):
    return jax.tree.map(lambda t, v: t + v / MICRO_BATCHES, total, value_and_grads)


def _zeros(params):
    return jnp.zeros(()), jax.tree.map(jnp.zeros_like, params)


def _scan(loss, params, batch):
    def add(total, micro):
        return _added(total, jax.value_and_grad(loss)(params, micro)), None

    return jax.lax.scan(add, _zeros(params), _split(batch))[0]


def _fori_loop(loss, params, batch):
    def add(index, total):
        micro = jax.tree.map(
            lambda a: jax.lax.dynamic_slice_in_dim(a, 2 * index, 2), batch
        )
        return _added(total, jax.value_and_grad(loss)(params, micro))

    return jax.lax.fori_loop(0, MICRO_BATCHES, add, _zeros(params))


def _python_loop(loss, params, batch):
    total = _zeros(params)
    for select in PARTS:
        total = _added(total, jax.value_and_grad(loss)(params, select(batch)))
    return total


def _mapped(loss, params, batch):
    """The gradients of `jax.lax.map`, averaged at the end."""
    results = jax.lax.map(
        lambda micro: jax.value_and_grad(loss)(params, micro), _split(batch)
    )
    return jax.tree.map(lambda r: r.mean(0), results)


def loss_of_scan(params, batch):
    """The loop is inside the loss, so that its gradient is one backward loop."""

    def add(total, micro):
        return total + transformer.unrolled(params, micro) / MICRO_BATCHES, None

    return jax.lax.scan(add, jnp.zeros(()), _split(batch))[0]


def loss_of_parts(params, batch):
    """The same, written out."""
    losses = [transformer.unrolled(params, select(batch)) for select in PARTS]
    return sum(losses) / MICRO_BATCHES


def _accumulated(example, loop, loss=transformer.unrolled, **more):
    more = {"looped": True, "stack": "layers"} | more
    return Structure(
        "gradient accumulation",
        example,
        transformer.init,
        functools.partial(loop, loss),
        _mean_of(transformer.unrolled),
        batch=two_batches,
        stack_order=(0, 1, 2),
        **more,
    )


CHUNKS = 3


def _chunk(index: int, batch):
    """A third of the sequence, of 15 positions."""
    return jax.tree.map(lambda a: a[:, 5 * index : 5 * index + 5], batch)


def _chunk_sum(params, x, batch):
    """Sum of the losses of some positions; x: `[batch, positions, features]`."""
    mean = masked_cross_entropy(transformer.normalized(x) @ params["head"], batch)
    return mean * batch["weights"].sum()


def _trunk(params, batch):
    x = params["embed"][batch["inputs"]]
    for index in range(transformer.LAYERS):
        x = transformer.block(transformer.layer(params["layers"], index), x)
    return x


def _chunked_plain(params, batch):
    x = _trunk(params, batch)
    sums = [
        _chunk_sum(params, x[:, 5 * i : 5 * i + 5], _chunk(i, batch))
        for i in range(CHUNKS)
    ]
    return sum(sums) / batch["weights"].sum()


def _chunked_scan(params, batch):
    """The logits of a long sequence, a part of it at a time."""

    def chunks(a):
        return jnp.moveaxis(a.reshape(a.shape[0], CHUNKS, 5, *a.shape[2:]), 1, 0)

    @jax.checkpoint
    def add(total, inputs):
        x, part = inputs
        return total + _chunk_sum(params, x, part), None

    x = _trunk(params, batch)
    total, _ = jax.lax.scan(
        add, jnp.zeros(()), (chunks(x), jax.tree.map(chunks, batch))
    )
    return total / batch["weights"].sum()


def _multi_steps() -> Update:
    return update_of(optax.MultiSteps(optax.sgd(0.1, momentum=0.9), 2))


def _steps(params, rest, batch):
    """A step on each micro-batch, in one graph."""

    def step(state, micro):
        loss, grads = jax.value_and_grad(transformer.scanned)(state[0], micro)
        return SGD.apply(*state, grads), loss

    (params, rest), losses = jax.lax.scan(step, (params, rest), _split(batch))
    return params, rest, losses[-1]


ACCUMULATION = [
    _accumulated("`jax.lax.scan` over micro-batches", _scan),
    _accumulated("`jax.lax.fori_loop` over micro-batches", _fori_loop),
    _accumulated("a loop of Python over micro-batches", _python_loop, looped=False),
    _accumulated("`jax.lax.map` over micro-batches", _mapped),
    _accumulated(
        "scan over micro-batches and, in it, over layers", _scan, transformer.scanned
    ),
    Structure(
        "gradient accumulation",
        "`optax.MultiSteps`",
        transformer.init,
        differentiated(transformer.unrolled),
        (Part(transformer.unrolled),),
        update=_multi_steps(),
        stack="layers",
        stack_order=(0, 1, 2),
    ),
    Structure(
        "loss in chunks",
        "`jax.lax.scan` over parts of the sequence, recomputed",
        transformer.init,
        differentiated(_chunked_scan),
        (Part(_chunked_plain),),
        update=SGD,
        batch=functools.partial(make_batch, length=15),
        stack="layers",
        stack_order=(0, 1, 2),
        shared="head",
    ),
    Structure(
        "several steps in one graph",
        "`jax.lax.scan` of a step over batches",
        transformer.init,
        None,
        tuple(Part(transformer.unrolled, select) for select in PARTS),
        batch=two_batches,
        loop=_steps,
        looped=True,
        stack="layers",
        stack_order=(0, 1, 2),
    ),
]
