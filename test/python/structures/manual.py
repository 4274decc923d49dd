"""Steps whose code each device runs for itself, and what they mean on one device.

`shard_map` and `pmap` with explicit sums. On one device the same step is one
contraction over all tokens, or, with statistics of each device, one for each
part of the batch.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.sharding import Mesh
from jax.sharding import PartitionSpec as P

from models.common import attention_mask
from reference.scores import Options
from reference.step import Reference
from structures.sharded_model import logits, update

Batch = dict[str, jax.Array]


def summed_loss(params, batch: Batch, **parts: Any) -> jax.Array:
    """Sum over tokens, so that losses of parts of the batch add up.

    `parts` are those of `logits`.
    """
    losses = optax.softmax_cross_entropy_with_integer_labels(
        logits(params, batch["inputs"], **parts), batch["targets"]
    )
    return (losses * batch["weights"]).sum()


def _gradients(params, batch: Batch, axes, **parts: Any):
    """Loss and gradients, summed over the devices along the axes."""
    count = jax.lax.psum(batch["weights"].sum(), axes)
    loss = functools.partial(summed_loss, **parts)
    value, grads = jax.value_and_grad(loss)(params, batch)
    return jax.tree.map(lambda a: jax.lax.psum(a, axes) / count, (value, grads))


def _stepping(gradients: Callable) -> Callable:
    """The step by the loss and the gradients that `gradients(params, batch)` returns."""

    def step(params, state, batch):
        value, grads = gradients(params, batch)
        return (*update(params, state, grads), value)

    return step


def batch_step(mesh: Mesh):
    """The batch divided by `shard_map` along all axes of the mesh."""
    axes = mesh.axis_names
    gradients = jax.shard_map(
        functools.partial(_gradients, axes=axes),
        mesh=mesh,
        in_specs=(P(), P(axes)),
        out_specs=(P(), P()),
        check_vma=False,
    )
    return _stepping(gradients)


def stacked_step(mesh: Mesh):
    """The batch divided by `shard_map`, whose gradients are added up outside."""
    axis = mesh.axis_names[0]

    @functools.partial(
        jax.shard_map,
        mesh=mesh,
        in_specs=(P(), P(axis)),
        out_specs=(P(axis), P(axis)),
        check_vma=False,
    )
    def of_devices(params, batch):
        found = jax.value_and_grad(summed_loss)(params, batch)
        return jax.tree.map(lambda a: a[None], found)

    def gradients(params, batch):
        count = batch["weights"].sum()
        return jax.tree.map(lambda a: a.sum(0) / count, of_devices(params, batch))

    return _stepping(gradients)


def context_step(mesh: Mesh):
    """Batch and sequence divided; each device gathers keys and values."""
    _, sequence = mesh.axis_names

    def gradients(params, batch):
        size = batch["inputs"].shape[1]
        length = size * jax.lax.axis_size(sequence)
        mask = jax.lax.dynamic_slice_in_dim(
            attention_mask(length), size * jax.lax.axis_index(sequence), size
        )
        gather = functools.partial(
            jax.lax.all_gather, axis_name=sequence, axis=1, tiled=True
        )
        return _gradients(params, batch, mesh.axis_names, mask=mask, gather=gather)

    mapped = jax.shard_map(
        gradients,
        mesh=mesh,
        in_specs=(P(), P(*mesh.axis_names)),
        out_specs=(P(), P()),
        check_vma=False,
    )
    return _stepping(mapped)


def pmap_step(mesh: Mesh):
    """Parameters, state and batch with a leading dimension of devices."""

    @functools.partial(jax.pmap, axis_name="data", devices=list(mesh.devices.flat))
    def step(params, state, batch):
        value, grads = _gradients(params, batch, "data")
        return (*update(params, state, grads), value)

    return step


def for_pmap(values, devices: int):
    """Copies of parameters and state, and parts of the batch, for `pmap_step`."""
    params, state, batch = values
    copied = jax.tree.map(
        lambda a: jnp.broadcast_to(a, (devices, *a.shape)), (params, state)
    )
    parts = jax.tree.map(
        lambda a: a.reshape(devices, a.shape[0] // devices, *a.shape[1:]), batch
    )
    return (*copied, parts)


def of_one_device(results):
    """What the first device has of the results of `pmap_step`; all have the same."""
    for leaf in jax.tree.leaves(results):
        np.testing.assert_array_equal(leaf, np.broadcast_to(leaf[:1], leaf.shape))
    return jax.tree.map(lambda a: a[0], results)


def _parts(batch: Batch, count: int) -> list[Batch]:
    size = batch["inputs"].shape[0] // count
    return [
        jax.tree.map(lambda a: a[size * i : size * (i + 1)], batch)
        for i in range(count)
    ]


def parts_step(count: int) -> Callable:
    """A contraction for each part of the batch, on one device."""

    def step(params, state, batch):
        value, total = 0.0, None
        for part in _parts(batch, count):
            more, grads = jax.value_and_grad(summed_loss)(params, part)
            value = value + more
            total = grads if total is None else jax.tree.map(jnp.add, total, grads)
        tokens = batch["weights"].sum()
        total = jax.tree.map(lambda g: g / tokens, total)
        return (*update(params, state, total), value / tokens)

    return step


class _Kept:
    """Stands for an optimizer where only the gradients are asked for."""

    @staticmethod
    def update(grads, state, params):
        return grads, state


def reference_step(params, state, batch: Batch, parts: int, options: Options):
    """`(results, metrics)` of the injected step by the reference.

    `metrics` are those of the parts, each a dict from parameter to a dict from
    metric to number.
    """
    value, total, audits = 0.0, None, []
    pieces = _parts(batch, parts)
    reference = Reference(summed_loss, _Kept, params, pieces[0])
    for piece in pieces:
        _, _, more, grads, found = reference.gradients_and_step(
            params, (), piece, options
        )
        value = value + more
        total = grads if total is None else jax.tree.map(jnp.add, total, grads)
        audits.append(
            {
                "params" + reference.parameter_paths[index]: audit.metrics
                for audit in found
                for index in audit.site.parameters
            }
        )
    tokens = batch["weights"].sum()
    total = jax.tree.map(lambda g: g / tokens, total)
    return (*update(params, state, total), value / tokens), audits

