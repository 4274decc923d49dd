"""The loss of a recipe and the ways in which its gradient is taken."""

import dataclasses
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from corpus.composer.by_hand import backward
from corpus.composer.layouts import Arrays
from corpus.composer.losses import AUXILIARY, LABELS, LOSSES, SIGNS
from corpus.composer.models import MODELS, Forward
from corpus.composer.net import Net, f32, i32
from corpus.composer.recipe import Recipe

_SCALE = 1024.0
# Ways in which the loss itself is a mean over parts of the batch.
_HALVES, _EXAMPLES = ("halves", "accumulate"), ("vmap", "per example")


@dataclasses.dataclass(frozen=True)
class Objective:
    """A model with its loss. `batch` are the inputs and, last, the target.

    `shapes` are of all weights, `frozen` the names of those that are not trained.
    """

    recipe: Recipe
    shapes: dict[str, tuple[int, ...]]
    frozen: frozenset[str]
    batch: tuple[jax.ShapeDtypeStruct, ...]
    forward: Forward
    classes: int

    @classmethod
    def of(cls, recipe: Recipe) -> "Objective":
        net = Net(recipe)
        inputs, forward = MODELS[recipe.model](net)
        weights = {name: f32(*shape) for name, shape in net.shapes.items()}
        out = jax.eval_shape(lambda p, *x: forward(p, *x)[0], weights, *inputs)
        kind = LOSSES[recipe.loss][0]
        target = i32(*out.shape[:-1]) if kind == LABELS else f32(*out.shape)
        frozen = frozenset(net.frozen)
        return cls(recipe, dict(net.shapes), frozen, (*inputs, target), forward, out.shape[-1])

    @property
    def trained(self) -> list[str]:
        return [name for name in self.shapes if name not in self.frozen]

    def sample(self, seed: int) -> tuple[np.ndarray, ...]:
        """A batch of random numbers."""
        rng = np.random.default_rng(seed)
        made = []
        for like in self.batch:
            if like.dtype == jnp.int32:
                limit = self.classes if like is self.batch[-1] else self.shapes["embed"][0]
                made.append(rng.integers(0, limit, like.shape).astype(np.int32))
            else:
                made.append(rng.standard_normal(like.shape).astype(np.float32))
        if LOSSES[self.recipe.loss][0] == SIGNS:
            made[-1] = np.sign(made[-1])
        return tuple(made)

    def __call__(self, trained: Arrays, fixed: Arrays, teacher: Arrays | None, batch: Any):
        """The loss of a batch, and the output and activations."""
        if self.recipe.precision == "f32":
            narrow = wide = lambda tree: tree  # noqa: E731
        else:
            narrow, wide = _to(jnp.bfloat16), _to(jnp.float32)
        inputs = narrow(batch[:-1])
        out, seen = wide(self.forward(narrow({**fixed, **trained}), *inputs))
        value = LOSSES[self.recipe.loss][1](out, batch[-1])
        weights = wide(trained)
        value = value + AUXILIARY[self.recipe.auxiliary](weights, out, seen)
        if teacher is not None:
            other = wide(self.forward(narrow(teacher), *inputs)[0])
            gap = jax.nn.softmax(out) - jax.nn.softmax(other)
            value = value + 0.1 * jnp.mean(gap**2)
        return value, (out, seen)

    def total(self, trained: Arrays, fixed: Arrays, teacher: Arrays | None, batch: Any):
        """The loss as a scalar, in the parts of the batch that the gradient is taken of."""
        way = self.recipe.gradient

        def value(batch):
            return self(trained, fixed, teacher, batch)[0]

        if way == "halves":
            return 0.5 * sum(value(part) for part in halves(batch))
        if way == "accumulate":
            return jax.lax.scan(lambda t, b: (t + 0.5 * value(b), None), 0.0, parts(batch))[0]
        if way in _EXAMPLES:
            return jnp.mean(jax.vmap(value)(batch))
        return value(batch)


def _to(dtype):
    def cast(array):
        is_float = jnp.issubdtype(array.dtype, jnp.floating)
        return array.astype(dtype) if is_float else array

    return lambda tree: jax.tree.map(cast, tree)


def halves(batch: Any) -> tuple[Any, Any]:
    cut = batch[0].shape[0] // 2
    return tuple(b[:cut] for b in batch), tuple(b[cut:] for b in batch)


def parts(batch: Any) -> Any:
    """The batch with a dimension for its two halves in front."""
    return tuple(b.reshape(2, b.shape[0] // 2, *b.shape[1:]) for b in batch)


Gradient = tuple[jax.Array, Arrays, Any]


def gradient(
    objective: Objective, trained: Arrays, fixed: Arrays, teacher: Arrays | None, batch: Any
) -> Gradient:
    """The loss, its gradient in `trained`, and output and activations if they are at hand."""
    recipe = objective.recipe
    if recipe.gradient == "by hand":
        everything = {**fixed, **trained}
        value, grads = backward(recipe, everything, batch)
        return value, {name: grads[name] for name in trained}, None
    scale = _SCALE if recipe.guard == "scaled" else None

    def value_of(weights, batch):
        value, aux = objective(weights, fixed, teacher, batch)
        return (value if scale is None else value * scale), aux

    value, grads, aux = _WAYS.get(recipe.gradient, _usual)(value_of, trained, batch)
    if scale is not None:
        value, grads = value / scale, jax.tree.map(lambda g: g / scale, grads)
    return value, grads, aux


def _usual(function: Callable, p: Arrays, batch: Any) -> Gradient:
    (value, aux), grads = jax.value_and_grad(function, has_aux=True)(p, batch)
    return value, grads, aux


def _grad(function, p, batch):
    grads = jax.grad(lambda p: function(p, batch)[0])(p)
    return function(p, batch)[0], grads, None


def _vjp(function, p, batch):
    value, back, aux = jax.vjp(lambda p: function(p, batch), p, has_aux=True)
    return value, back(jnp.ones_like(value))[0], aux


def _remat(function, p, batch):
    return _usual(jax.checkpoint(function), p, batch)


def _jit(function, p, batch):
    return _usual(jax.jit(function), p, batch)


def _argnums(function, p, batch):
    """Each parameter as an argument of its own."""

    def of_all(*values):
        return function(dict(zip(p, values)), batch)

    run = jax.value_and_grad(of_all, argnums=tuple(range(len(p))), has_aux=True)
    (value, aux), grads = run(*p.values())
    return value, dict(zip(p, grads)), aux


def _halves(function, p, batch):
    def of_both(p):
        return 0.5 * sum(function(p, part)[0] for part in halves(batch))

    value, grads = jax.value_and_grad(of_both)(p)
    return value, grads, None


def _accumulate(function, p, batch):
    def add(total, part):
        (value, _), grads = jax.value_and_grad(function, has_aux=True)(p, part)
        return jax.tree.map(lambda t, new: t + 0.5 * new, total, (value, grads)), None

    zero = jnp.zeros(()), jax.tree.map(jnp.zeros_like, p)
    value, grads = jax.lax.scan(add, zero, parts(batch))[0]
    return value, grads, None


def _vmap(function, p, batch):
    def mean(p):
        return jnp.mean(jax.vmap(lambda example: function(p, example)[0])(batch))

    value, grads = jax.value_and_grad(mean)(p)
    return value, grads, None


def _per_example(function, p, batch):
    run = jax.value_and_grad(lambda p, example: function(p, example)[0])
    values, grads = jax.vmap(run, (None, 0))(p, batch)
    return values.mean(), jax.tree.map(lambda g: g.mean(0), grads), None


_WAYS = {
    "grad": _grad,
    "vjp": _vjp,
    "remat": _remat,
    "jit": _jit,
    "argnums": _argnums,
    "halves": _halves,
    "accumulate": _accumulate,
    "vmap": _vmap,
    "per example": _per_example,
}
