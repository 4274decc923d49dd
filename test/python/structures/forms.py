"""A train step in two forms: as users write it, and as the reference reads it.

The form under test loops, recomputes, maps or casts; the plain form is the
same function written out, on which `reference/step.py` works. A `Structure`
holds both, and what lies around the gradients: optimizer, averages, scaling.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import jax
import optax

from models.common import make_batch

Batch = dict[str, jax.Array]
Loss = Callable[..., jax.Array]

F32 = 1e-5
# bf16 has 8 bits; the two forms round at different places.
BF16 = 1.5e-2


def everything(batch: Batch) -> Batch:
    return batch


@dataclasses.dataclass(frozen=True)
class Part:
    """A loss in plain form on a part of the batch; its gradient counts `factor`."""

    loss: Loss
    select: Callable[[Batch], Batch] = everything
    factor: float = 1.0


@dataclasses.dataclass(frozen=True)
class Update:
    """What a step does with its gradients.

    `init(params)` is the rest of the state; `apply(params, rest, grads)` is
    `(params, rest)`.
    """

    init: Callable[[Any], Any]
    apply: Callable[[Any, Any, Any], tuple[Any, Any]]


def update_of(optimizer: optax.GradientTransformation) -> Update:
    def apply(params, state, grads):
        updates, state = optimizer.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    return Update(optimizer.init, apply)


# The momentum of the first step is the gradient: what differs there shows.
SGD = update_of(optax.sgd(0.1, momentum=0.9))


def no_constants() -> tuple:
    return ()


@dataclasses.dataclass(frozen=True)
class Structure:
    """One feature of train steps, with an example of it.

    Attributes:
      feature, example: for the table of the documentation.
      init: parameters from a random key.
      gradients: `(loss, gradients)` of `(params, batch, *frozen)`, in the form
        under test.
      parts: the plain form; the gradients of the parts add up.
      frozen: inputs of the step that are weights and not trained.
      returns_frozen: whether the step hands them back.
      looped: the parts are rounds of one loop, so that their sites are one
        record that counts its repetitions.
      stack: text in the pytree paths of parameters that are stacks of layers.
      stack_order: the layers in the order in which the model runs them.
      round: layers that a round of the loop runs and that the report gives one
        depth, that of the last.
      loop: the whole step, where it takes several steps; the parts are then the
        losses of one step after the other, and the loss is that of the last.
      shared: text in the paths of parameters that no stack holds and that each
        round of a loop inside of the model uses.
      sites_of: the loss whose sites are those of the form under test, where the
        plain form has others.
      untrained: names of parameters whose gradient the update ignores.
      symbolic: the sizes that each array of the batch is exported with, as
        `jax.export.symbolic_shape` reads them; those of the batch at hand by
        default.
      parameters: names for the option of that name, none by default.
      options: of the injection, beside those that all structures share.
    """

    feature: str
    example: str
    init: Callable[[jax.Array], Any]
    gradients: Callable[..., tuple[jax.Array, Any]] | None
    parts: tuple[Part, ...]
    update: Update = SGD
    batch: Callable[[int], Batch] = make_batch
    frozen: Callable[[], tuple] = no_constants
    returns_frozen: bool = False
    looped: bool = False
    stack: str | None = None
    stack_order: tuple[int, ...] = ()
    round: int = 1
    loop: Callable[..., tuple] | None = None
    shared: str | None = None
    sites_of: Loss | None = None
    untrained: tuple[str, ...] = ()
    symbolic: str | None = None
    parameters: tuple[str, ...] = ()
    tolerance: float = F32
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.feature}: {self.example}".replace("`", "")

    def step(self, params, rest, batch, *frozen):
        """`(params, rest, loss)`, and `frozen` where the step returns them."""
        if self.loop is not None:
            return self.loop(params, rest, batch)
        loss, grads = self.gradients(params, batch, *frozen)
        params, rest = self.update.apply(params, rest, grads)
        result = params, rest, loss
        return (*result, *frozen) if self.returns_frozen else result


def differentiated(loss: Loss) -> Callable[..., tuple[jax.Array, Any]]:
    """`gradients` of a structure whose form under test is one loss."""
    return jax.value_and_grad(loss)


@dataclasses.dataclass(frozen=True)
class Partial:
    """A step that is re-weighted in part, or not at all.

    `reasons` maps names of parameters to the code of their reason; the others
    have sites. `plain` is the loss in the form that the reference reads.
    """

    feature: str
    example: str
    init: Callable[[jax.Array], Any]
    gradients: Callable[..., tuple[jax.Array, Any]]
    plain: Loss | None
    reasons: tuple[tuple[str, str], ...]
    batch: Callable[[int], Batch] = make_batch


    @property
    def name(self) -> str:
        return f"{self.feature}: {self.example}".replace("`", "")

    def step(self, params, rest, batch):
        loss, grads = self.gradients(params, batch)
        return (*SGD.apply(params, rest, grads), loss)
