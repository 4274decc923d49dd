"""Train steps of Equinox, entangled.

    @cegm.equinox.entangle(strength=0.1)
    def train_step(model, state, batch):
        loss, grads = eqx.filter_value_and_grad(loss_fn)(model, batch)
        updates, state = optimizer.update(grads, state, model)
        return eqx.apply_updates(model, updates), state, loss

It takes the place of `eqx.filter_jit`: arrays are traced, all else is static.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax

import cegm.jax
from cegm import _options, _steps
from cegm._named import Path
from cegm.records import Record

__all__ = ["EntangledStep", "entangle"]

_DONATE = ("none", "all", "all-except-first", "warn", "warn-except-first")


def entangle(
    step: Callable[..., Any] | None = None,
    *,
    donate: str = "none",
    strength: float | Callable[..., Any] = 0.1,
    **options: Any,
) -> Any:
    """A train step with entangled parameter gradients, used like `eqx.filter_jit`.

    `step` is a function of any pytrees: modules with functions among their leaves,
    strings, Python's numbers. Arrays are traced, and all else has to be hashable and
    is a part of the step, which is compiled for each new value. Results, too, may
    hold what is no array.

    Args:
      step: the train step, as it would be given to `eqx.filter_jit`. Without it,
        what is returned is a decorator.
      donate: as of `eqx.filter_jit`, by positions of the arguments.
      strength, **options: as of `cegm.jax.entangle`, but for the shardings and the
        static arguments. A callable for `strength` takes the arguments of `step`.
        `audit=True` returns `(results, metrics)`. The parameters have names such as
        `model.layers[0].weight`.

    Raises: as `cegm.jax.entangle`.
    """
    if step is None:
        return functools.partial(entangle, donate=donate, strength=strength, **options)
    return EntangledStep(step, donate, strength, options)


class EntangledStep:
    """What `entangle` returns. Call it as the step itself."""

    is_entangled_step = True

    def __init__(
        self, step: Callable[..., Any], donate: str, strength: Any, options: dict[str, Any]
    ):
        if isinstance(step, type(eqx.filter_jit(_nothing))):
            raise TypeError(
                "cegm.equinox.entangle: the step is under eqx.filter_jit; entangle the "
                "function itself, in place of it"
            )
        for name in ("in_shardings", "out_shardings", "static_argnums", "static_argnames"):
            if name in options:
                raise TypeError(
                    f"cegm.equinox.entangle: {name} is not supported; arrays stay where "
                    "they are, and whatever is no array is static"
                )
        _steps.check(step)
        _options.check_choice("donate", donate, _DONATE)
        if donate != "none":
            first = 1 if donate.endswith("-except-first") else 0
            count = len(inspect.signature(step).parameters)
            options = {**options, "donate_argnums": range(first, count)}

        @functools.wraps(step)
        def pure(*args, **kwargs):
            args, kwargs = _joined((args, kwargs))
            return _split(step(*args, **kwargs))

        if callable(strength):
            strength = functools.partial(_strength_of, strength)
        self._step = cegm.jax.entangle(pure, strength=strength, **options)
        functools.update_wrapper(self, step, updated=())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        results = self._on_arrays(self._step, args, kwargs)
        if self._step.returns_metrics:
            return _joined(results[0]), results[1]
        return _joined(results)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else functools.partial(self, instance)

    def explain(self, *args: Any, **kwargs: Any) -> list[Record]:
        """Which parameters are re-weighted and which not, with the reasons."""
        return self._on_arrays(self._step.explain, args, kwargs)

    def lower(self, *args: Any, **kwargs: Any) -> jax.stages.Lowered:
        """As `jax.jit(step).lower`, of the injected step on the arrays."""
        return self._on_arrays(self._step.lower, args, kwargs)

    def plain_text(self, *args: Any, **kwargs: Any) -> str:
        """The StableHLO text of the step before the injection."""
        return self._on_arrays(self._step.plain_text, args, kwargs)

    def injected_text(self, *args: Any, **kwargs: Any) -> str:
        """The StableHLO text of the step after the injection."""
        return self._on_arrays(self._step.injected_text, args, kwargs)

    def _on_arrays(self, method: Callable[..., Any], args: tuple, kwargs: dict) -> Any:
        args = tuple(map(_split, args))
        # The strength of a call is no argument of the step.
        own = ("strength",) if self._step.takes_strength else ()
        kwargs = {k: v if k in own else _split(v) for k, v in kwargs.items()}
        return method(*args, **kwargs)


def _nothing() -> None:
    pass


def _strength_of(strength: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    args, kwargs = _joined((args, kwargs))
    return strength(*args, **kwargs)


@jax.tree_util.register_pytree_with_keys_class
class _Split:
    """A pytree whose children are the arrays of another, the rest static."""

    def __init__(self, paths: tuple, arrays: tuple, rest: tuple, tree: Any):
        self.paths, self.arrays, self.rest, self.tree = paths, arrays, rest, tree

    def tree_flatten_with_keys(self):
        keyed = [(Path(path), array) for path, array in zip(self.paths, self.arrays)]
        return keyed, (self.paths, self.rest, self.tree)

    @classmethod
    def tree_unflatten(cls, description, arrays):
        paths, rest, tree = description
        return cls(paths, tuple(arrays), rest, tree)


class _Here:
    """Stands for an array among what is none."""


def _split(tree: Any) -> _Split:
    leaves, structure = jax.tree_util.tree_flatten_with_path(tree)
    held = [(path, leaf) for path, leaf in leaves if eqx.is_array(leaf)]
    rest = tuple(_Here if eqx.is_array(leaf) else leaf for _, leaf in leaves)
    for leaf in rest:
        try:
            hash(leaf)
        except TypeError:
            raise TypeError(
                "cegm.equinox.entangle: whatever is no array has to be hashable, as it "
                f"is a part of the compiled step; got {type(leaf).__name__} {leaf!r}"
            ) from None
    paths = tuple(jax.tree_util.keystr(path) for path, _ in held)
    return _Split(paths, tuple(leaf for _, leaf in held), rest, structure)


def _joined(trees: Any) -> Any:
    def join(value):
        if not isinstance(value, _Split):
            return value
        arrays = iter(value.arrays)
        leaves = [next(arrays) if leaf is _Here else leaf for leaf in value.rest]
        return jax.tree.unflatten(value.tree, leaves)

    return jax.tree.map(join, trees, is_leaf=lambda value: isinstance(value, _Split))
