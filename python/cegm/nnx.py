"""Train steps of Flax NNX, entangled.

    @cegm.nnx.entangle(strength=0.1)
    def train_step(model, optimizer, batch):
        loss, grads = nnx.value_and_grad(loss_fn)(model, batch)
        optimizer.update(model, grads)
        return loss

It takes the place of `nnx.jit`: the step updates its objects in place.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
from flax import nnx

import cegm
import cegm.jax
from cegm import _steps
from cegm._named import Path
from cegm.records import Record

__all__ = ["EntangledStep", "entangle"]


def entangle(
    step: Callable[..., Any] | None = None,
    *,
    strength: float | Callable[..., Any] = 0.1,
    **options: Any,
) -> Any:
    """A train step with entangled parameter gradients, used like `nnx.jit`.

    `step` is a function of NNX objects (models, optimizers, metrics, `Rngs`) and of
    pytrees. What it does to the objects is done to those of the caller; objects may
    share variables. Static attributes are a part of the step, so that it is compiled
    once for `model.train()` and once for `model.eval()`.

    Args:
      step: the train step, as it would be given to `nnx.jit`. Without it, what is
        returned is a decorator.
      strength, **options: as of `cegm.jax.entangle`, but for the shardings: arrays
        stay where they are. A callable for `strength` takes the arguments of `step`,
        and must not change them. `audit=True` returns `(results, metrics)`. The
        parameters have names such as `model.hidden.kernel`.

    Raises: as `cegm.jax.entangle`.
    """
    if step is None:
        return functools.partial(entangle, strength=strength, **options)
    return EntangledStep(step, strength, options)


class EntangledStep:
    """What `entangle` returns. Call it as the step itself."""

    is_entangled_step = True

    def __init__(self, step: Callable[..., Any], strength: Any, options: dict[str, Any]):
        if isinstance(step, type(nnx.jit(_nothing))):
            raise TypeError(
                "cegm.nnx.entangle: the step is under nnx.jit; entangle the function "
                "itself, in place of it"
            )
        for name in ("in_shardings", "out_shardings"):
            if name in options:
                raise TypeError(
                    f"cegm.nnx.entangle: {name} is not supported; place the arrays of the "
                    "objects instead, which stay where they are"
                )
        _steps.check(step)

        @functools.wraps(step)
        def pure(*args, **kwargs):
            return self._run(step, args, kwargs)

        if callable(strength):
            strength = functools.partial(_strength_of, strength)
        self._step = cegm.jax.entangle(pure, strength=strength, **options)
        functools.update_wrapper(self, step)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with nnx.update_context(self):
            args, kwargs = self._split(args, kwargs)
            try:
                returned = self._step(*args, **kwargs)
            except cegm.CegmError as error:
                if not any(words in str(error) for words in _WITHOUT_UPDATE):
                    raise
                raise cegm.CegmError(
                    "cegm.nnx.entangle", [_NO_UPDATE, *error.diagnostics]
                ) from error
            metrics = ()
            if self._step.returns_metrics:
                returned, metrics = returned
            _, results = self._merge(returned, is_inner=False)
        return (results, metrics) if self._step.returns_metrics else results

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else functools.partial(self, instance)

    def explain(self, *args: Any, **kwargs: Any) -> list[Record]:
        """Which parameters are re-weighted and which not, with the reasons."""
        return self._with_copies(self._step.explain, args, kwargs)

    def lower(self, *args: Any, **kwargs: Any) -> jax.stages.Lowered:
        """As `jax.jit(step).lower`, of the injected step on the states of the objects."""
        return self._with_copies(self._step.lower, args, kwargs)

    def plain_text(self, *args: Any, **kwargs: Any) -> str:
        """The StableHLO text of the step before the injection."""
        return self._with_copies(self._step.plain_text, args, kwargs)

    def injected_text(self, *args: Any, **kwargs: Any) -> str:
        """The StableHLO text of the step after the injection."""
        return self._with_copies(self._step.injected_text, args, kwargs)

    def _with_copies(self, method: Callable[..., Any], args: tuple, kwargs: dict) -> Any:
        with nnx.update_context(self):
            args, kwargs = self._split(args, kwargs)
            return method(*args, **kwargs)

    # The four stages of `nnx.update_context`: the objects are split outside, merged
    # and split again inside, where the step runs on copies of them, and the results
    # are merged outside, into the objects of the caller.

    def _run(self, step: Callable[..., Any], args: tuple, kwargs: dict[str, Any]) -> Any:
        args, kwargs = self._merge((args, kwargs), is_inner=True)
        results = step(*args, **kwargs)
        objects = [v for v in jax.tree.leaves((args, kwargs), is_leaf=_is_object)
                   if _is_object(v)]
        return self._split(objects, results)

    def _split(self, *trees: Any) -> tuple:
        """The trees with each object as its state."""
        with nnx.split_context(self) as context:
            return jax.tree.map(
                lambda v: _Object(*context.split(v)) if _is_object(v) else v,
                trees,
                is_leaf=_is_object,
            )

    def _merge(self, trees: Any, is_inner: bool) -> Any:
        with nnx.merge_context(self, is_inner) as context:
            return _merged(context, trees)


_WITHOUT_UPDATE = ("no gradient of a parameter", "returns no new state of any")
_NO_UPDATE = cegm.Diagnostic(
    "error",
    "the step changes no parameter by its gradient. An evaluation function needs no "
    "entanglement: leave it under nnx.jit. A train step takes the model and the optimizer "
    "as arguments, and calls optimizer.update(model, grads); for one that returns gradients, "
    "name the model in the option parameters",
    "-",
)


def _nothing() -> None:
    pass


def _strength_of(strength: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """The strength of a call, from the states of its objects."""
    with nnx.merge_context(None, None) as context:
        args, kwargs = _merged(context, (args, kwargs))
    return strength(*args, **kwargs)


def _is_object(value: Any) -> bool:
    return isinstance(value, nnx.Variable) or nnx.graphlib.is_graph_node(value)


def _merged(context: Any, trees: Any) -> Any:
    return jax.tree.map(
        lambda v: context.merge(v.graph, v.state) if isinstance(v, _Object) else v,
        trees,
        is_leaf=lambda v: isinstance(v, _Object),
    )


@jax.tree_util.register_pytree_with_keys_class
class _Object:
    """The state of an object as a pytree. Its leaves have the names of attributes."""

    def __init__(self, graph: Any, state: Any):
        self.graph, self.state = graph, state

    def tree_flatten_with_keys(self):
        leaves, tree = jax.tree_util.tree_flatten_with_path(self.state)
        keyed = [(Path(_path_text(path)), leaf) for path, leaf in leaves]
        return keyed, (self.graph, tree)

    @classmethod
    def tree_unflatten(cls, description, leaves):
        graph, tree = description
        return cls(graph, jax.tree.unflatten(tree, leaves))


def _path_text(path: tuple) -> str:
    """The path as attributes: `.layers[0].kernel`."""
    keys = [getattr(k, "key", getattr(k, "idx", getattr(k, "name", k))) for k in path]
    if keys and keys[-1] in ("value", "raw_value", "_raw_value"):
        keys.pop()
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
