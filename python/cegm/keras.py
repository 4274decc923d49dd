"""Keras models with JAX as the backend, entangled.

    model.compile(optimizer="adam", loss="mse")
    cegm.keras.entangle(model, strength=0.1, audit=True)
    model.fit(x, y)
    model.entanglement.metrics["dense/kernel"]["mean"]

`fit` and all else stay as they are.
"""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Callable
from typing import Any

import jax
import keras

import cegm.jax
from cegm import _options
from cegm._named import Path
from cegm.records import Record

__all__ = ["Entanglement", "entangle"]


def entangle(
    model: keras.Model,
    *,
    strength: float | Callable[[jax.Array], Any] = 0.1,
    audit: bool = False,
    **options: Any,
) -> keras.Model:
    """Entangles the parameter gradients of a model's train step, in place.

    `fit` and `train_on_batch` work as before: with callbacks, validation, a
    `train_step` of the model's own, `steps_per_execution`, and after another
    `compile`. A model that is loaded from a file is not entangled.

    Args:
      model: the model, built and compiled or not yet.
      strength: how far token weights may go from 1, in [0, 1). A callable takes the
        number of steps done, a scalar that is traced, and returns a scalar.
      audit: keeps the metrics of the last step in `model.entanglement.metrics`.
      **options: the further options of the injection, as of `cegm.jax.entangle`.
        Parameters have the names of `model.trainable_variables[i].path`, such as
        `dense/kernel`.

    Returns:
      The same model, with an attribute `entanglement`.

    Raises:
      RuntimeError: Keras runs on another backend than JAX.
      cegm.OptionError: an option is unknown, or its value is not allowed.
      TypeError: `model` is no Keras model.
      ValueError: it is entangled already.
    """
    if keras.backend.backend() != "jax":
        raise RuntimeError(
            f"cegm.keras: Keras runs on {keras.backend.backend()}; set the environment "
            "variable KERAS_BACKEND=jax before it is imported"
        )
    if keras.config.is_nnx_enabled():
        raise RuntimeError("cegm.keras: Keras runs with KERAS_NNX_ENABLED; unset it")
    if not isinstance(model, keras.Model):
        raise TypeError(
            f"cegm.keras.entangle: expected a Keras model, got {type(model).__name__}"
        )
    if getattr(model, "entanglement", None) is not None:
        raise ValueError(
            "cegm.keras.entangle: the model is entangled already; "
            "model.entanglement.remove() takes that back"
        )
    for name in _OF_KERAS:
        if name in options:
            raise _options.OptionError(f"cegm.keras.entangle: {name}: {_OF_KERAS[name]}")
    model.entanglement = Entanglement(model, strength, audit, options)
    return model


_OF_KERAS = {
    "strength_arg": "model.fit cannot hand a strength to the step; strength may be a "
    "function of the number of steps done",
    **dict.fromkeys(
        ("donate_argnums", "donate_argnames", "in_shardings", "out_shardings"),
        "Keras donates the state of a step and places it itself",
    ),
    **dict.fromkeys(("static_argnums", "static_argnames"), "a step has no static arguments"),
}

#: The entry of a step's logs that holds the metrics on their way out.
_LOG = "cegm.keras.entanglement"
#: What the names of arguments begin with: that of `_plain`'s first parameter.
_PREFIX = "model/"


class Entanglement:
    """The entanglement of one model.

    Attributes:
      metrics: of the last step, with `audit`: for each parameter by its path a dict
        from metric name to an array, as of `cegm.jax.entangle`. Else empty.
    """

    def __init__(self, model: keras.Model, strength: Any, audit: bool, options: dict):
        self._model = model
        self._strength, self._options = strength, {**options, "audit": audit}
        self.metrics: dict[str, dict[str, jax.Array]] = {}
        self._step: cegm.jax.EntangledStep = self._make()
        self._arguments: Any = None
        self._train_step = model.train_step
        self._make_train_function = model.make_train_function
        model.make_train_function = self._make_entangled
        model.train_function = None

    def remove(self) -> None:
        """Makes the model train as before."""
        model = self._model
        # What was the class's own method is found there again.
        for name, method in (
            ("train_step", self._train_step),
            ("make_train_function", self._make_train_function),
        ):
            model.__dict__.pop(name, None)
            if getattr(model, name) != method:
                setattr(model, name, method)
        model.train_function = None
        model.entanglement = None

    def explain(self) -> list[Record]:
        """Which parameters are re-weighted and which not, with the reasons.

        Of the step that was trained last, so that it can be called after it.
        """
        if self._arguments is None:
            raise RuntimeError(
                "model.entanglement.explain: the model has not been trained yet; call "
                "fit or train_on_batch first"
            )
        return [
            dataclasses.replace(record, parameter=record.parameter.removeprefix(_PREFIX))
            if record.parameter
            else record
            for record in self._step.explain(*self._arguments)
        ]

    def _make(self) -> cegm.jax.EntangledStep:
        strength = self._strength
        if callable(strength):
            strength = self._strength_of
        return cegm.jax.entangle(self._plain, strength=strength, **self._options)

    def _make_entangled(self, force: bool = False) -> None:
        """In place of the model's own `make_train_function`."""
        model = self._model
        if model.train_function is not None and not force:
            return
        if model.run_eagerly:
            raise ValueError(
                "cegm.keras: an entangled step is always compiled; compile the model "
                "with run_eagerly=False, or call model.entanglement.remove() to debug it"
            )
        # The model may have been compiled anew: nothing of the old step is kept.
        self._step = self._make()
        model.train_step = self._entangled
        self._make_train_function(force=True)
        inner = model.train_function

        def train_function(state, iterator):
            logs, state = inner(state, iterator)
            self.metrics = logs.pop(_LOG, {})
            return logs, state

        model.train_function = train_function

    def _entangled(self, state: Any, data: Any) -> Any:
        """In place of the model's own `train_step`."""
        parameters, *others = state
        arguments = (_Variables(self._paths(), parameters), tuple(others), data)
        self._arguments = jax.tree.map(
            lambda v: jax.ShapeDtypeStruct(v.shape, v.dtype) if hasattr(v, "shape") else v,
            arguments,
        )
        returned = self._step(*arguments)
        if not self._step.returns_metrics:
            return returned
        (logs, state), metrics = returned
        named = {name.removeprefix(_PREFIX): rows for name, rows in metrics.items()}
        return {**logs, _LOG: named}, state

    def _plain(self, model: _Variables, others: tuple, data: Any) -> Any:
        return self._train_step((model.values, *others), data)

    _plain.__name__ = "train_step"

    def _strength_of(self, parameters: _Variables, others: tuple, data: Any) -> Any:
        optimizer = self._model.optimizer
        for variable, value in zip(optimizer.variables, others[1]):
            if variable is optimizer.iterations:
                return self._strength(value)
        raise ValueError(
            f"strength: the optimizer {optimizer.name} does not count its steps among its "
            "variables; use a number"
        )

    def _paths(self) -> tuple[str, ...]:
        """A name for each trainable variable: its path, numbered where two have one."""
        paths = [variable.path for variable in self._model.trainable_variables]
        total, seen = collections.Counter(paths), collections.Counter[str]()
        names = []
        for path in paths:
            names.append(f"{path}[{seen[path]}]" if total[path] > 1 else path)
            seen[path] += 1
        return tuple(names)


@jax.tree_util.register_pytree_with_keys_class
class _Variables:
    """The values of variables, with their paths as keys."""

    def __init__(self, paths: tuple[str, ...], values: Any):
        self.paths, self.values = paths, list(values)

    def tree_flatten_with_keys(self):
        return [(Path("/" + path), v) for path, v in zip(self.paths, self.values)], self.paths

    @classmethod
    def tree_unflatten(cls, paths, values):
        return cls(paths, values)
