"""Entangled train steps for JAX, by its public export interface.

    step = cegm.jax.entangle(train_step, strength=0.1, donate_argnums=(0, 1))
    params, state, loss = step(params, state, batch)

A step under `entangle` may be exported in turn, also with symbolic sizes of batch
and sequence; `entangle_exported` takes a step that was exported before.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import jax
import jax.export
import jax.numpy as jnp

import cegm
from cegm import _export, _options, _steps, _strength, _xla, injection
from cegm._arguments import Parts, Roles
from cegm._call import Call
from cegm._xla import register as register_kernels
from cegm.records import Record

__all__ = ["EntangledStep", "emit", "entangle", "register_kernels"]

_UNSET: Any = object()


def entangle(
    step: Callable[..., Any] | None = None,
    *,
    strength: float | Callable[..., Any] = 0.1,
    strength_arg: bool = False,
    audit: bool = False,
    kernels: str = "auto",
    donate_argnums: int | Sequence[int] | None = None,
    donate_argnames: str | Iterable[str] | None = None,
    static_argnums: int | Sequence[int] | None = None,
    static_argnames: str | Iterable[str] | None = None,
    in_shardings: Any = _UNSET,
    out_shardings: Any = _UNSET,
    **options: Any,
) -> EntangledStep | Callable[[Callable[..., Any]], EntangledStep]:
    """A train step with entangled parameter gradients, used like `jax.jit`.

    `step` is a function of pytrees that updates parameters: it computes
    gradients, applies an optimizer and returns the new parameters, in
    whatever structure. (If it only returns gradients, `parameters` has to name
    the parameters.) Each new combination of shapes, types, structure and
    static values is traced, injected and compiled once.

    Args:
      step: the train step, as it would be given to `jax.jit`.
      strength: how far token weights may go from 1, in [0, 1). A number is a
        constant of the compiled step. A callable takes the arguments of the
        step and returns a scalar; it is traced with the step, so that a
        schedule over a step count in the optimizer state costs nothing and
        compiles once. Where what it returns is not in [0, 1), or NaN, the
        re-weighted gradients are NaN.
      strength_arg: makes `strength` a keyword of each call, a scalar that may
        change without a compilation; `strength` is then its default. A number
        outside of [0, 1) is a ValueError; a value that is traced, or not yet
        computed, gives NaN gradients there.
      audit: returns `(results, metrics)` instead of the results alone.
        `metrics` maps the pytree path of each re-weighted parameter, as in
        `params['dense']['kernel']`, to a dict from metric name to an array
        of shape `[rows]`: one value for each place where the step uses the
        parameter, most often one. The stacked weights of a scanned model have
        one for each layer, the first layer first, and a loop over
        micro-batches one for each of these. `mode="audit"` and
        `audit_gradients=True` imply it.
      kernels: what computes scores and weights. `"xla"`: XLA, from the formulas
        as StableHLO. `"native"`: machine code of this project that XLA calls, on
        platform `cpu` only; XLA cannot divide it among devices, and gathers its
        operands where they are divided. `"auto"`, the faster: `"native"` where
        JAX has one device, a processor, else `"xla"`.
      donate_argnums, donate_argnames, static_argnums, static_argnames,
        in_shardings, out_shardings: as of `jax.jit`. `out_shardings`
        describes the results without the metrics.
      **options: the further options of the injection (`windows`, `kernel`,
        `weighting`, `sign`, `include`, `parameters`, `mode`, ...), see
        `cegm.Options`.

    Returns:
      A callable with the arguments of `step`. Without a step, a decorator:
      `@cegm.jax.entangle(strength=0.05)`.

    Raises:
      cegm.OptionError: an option is unknown, or its value is not allowed.
      TypeError: `step` is no function, or is entangled already.

    Raises (when it is called):
      cegm.CegmError: the step has no re-weightable gradient; the diagnostics
        of the compiler say why.
      ValueError: the step has side effects such as `jax.debug.print`, or
        `kernels="native"` is asked for on another platform.
      TypeError: an argument holds something that is no array.
    """
    if step is None:
        given = {k: v for k, v in locals().items() if k not in ("step", "options")}
        return functools.partial(entangle, **given, **options)
    return EntangledStep(
        step,
        strength,
        strength_arg,
        audit,
        kernels,
        jit={
            "donate_argnums": donate_argnums,
            "donate_argnames": donate_argnames,
            "static_argnums": static_argnums,
            "static_argnames": static_argnames,
        },
        shardings={
            name: value
            for name, value in (
                ("in_shardings", in_shardings),
                ("out_shardings", out_shardings),
            )
            if value is not _UNSET
        },
        options=options,
    )


def emit(step: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """The StableHLO text of a step for these arguments, with parameter names.

    `step` may be a plain function, or one under `jax.jit` or `jax.pmap`. The
    arguments may be arrays or `jax.ShapeDtypeStruct`s. All of them stay inputs
    of the text, in the order of the flattened pytrees, used or not.
    """
    if not isinstance(step, type(jax.jit(emit))):
        step = jax.jit(step, keep_unused=True)
    return _export.export(step, args, kwargs).mlir_module()


def entangle_exported(
    exported: jax.export.Exported, *, strength: float = 0.1, **options: Any
) -> jax.export.Exported:
    """An exported train step with entangled parameter gradients.

    `exported` is what `jax.export.export(jax.jit(step))(...)` gives for a train
    step, or what was deserialized from that. Sizes of the batch and of the
    sequence may be symbolic: the result is then compiled for each size that it
    is called with. It has the arguments and the results of `exported`.

    For a strength that varies or for metrics, export the entangled step
    instead, `jax.export.export(jax.jit(cegm.jax.entangle(step, ...)))`.

    Args:
      exported: the train step.
      strength: how far token weights may go from 1, in [0, 1).
      **options: as of `entangle`.

    Raises:
      cegm.CegmError: as `entangle`.
      ValueError: an option that adds arguments or results.
    """
    for name in ("strength_arg", "audit", "audit_gradients"):
        if options.get(name):
            raise ValueError(f"{name}: {_SIGNATURE}")
    if options.get("mode") == "audit":
        raise ValueError(f"mode=audit: {_SIGNATURE}")
    text = cegm.inject(exported.mlir_module(), strength=strength, **options)
    return dataclasses.replace(
        exported, mlir_module_serialized=_export.serialize(text)
    )


_SIGNATURE = (
    "an exported step keeps its arguments and results; export the entangled step "
    "instead, jax.export.export(jax.jit(cegm.jax.entangle(step, ...)))"
)


class EntangledStep:
    """What `entangle` returns. Call it as the step itself."""

    is_entangled_step = True

    def __init__(
        self, step, strength, strength_arg, audit, kernels, jit, shardings, options
    ):
        _steps.check(step)
        others = inspect.signature(entangle).parameters
        options = _options.checked_keywords(options, strength, strength_arg, audit, others)
        _options.check_choice("kernels", kernels, ("auto", "native", "xla"))
        self._roles = Roles(step, **jit)
        if strength_arg and callable(strength):
            raise TypeError("strength: with strength_arg expected a number")
        if strength_arg and "strength" in self._roles.all_names:
            raise ValueError(
                "strength_arg: the step has a parameter of the name strength itself"
            )
        self._strength = strength
        self._kernels = kernels
        self._strength_arg = strength_arg
        self._audit = (
            audit or options.get("mode") == "audit" or options.get("audit_gradients", False)
        )
        self._shardings = _export.Shardings(shardings)
        self._options = options
        # Unused inputs are kept, so that the inputs of the module are the
        # leaves of the arguments.
        static = self._roles.static_options()
        self._plain = jax.jit(step, keep_unused=True, **static, **shardings)
        # Only for its check of the numbers and names of arguments.
        jax.jit(step, **self._roles.jit_options())
        self._jits: dict[Any, Any] = {}
        # Not its attributes: a step under `jax.pmap` has its own `lower`.
        functools.update_wrapper(self, step, updated=())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        _steps.check_outermost(self)
        try:
            jitted, arguments = self._prepare(args, kwargs)
            return jitted(*arguments)
        except (TypeError, ValueError) as error:
            if self._strength_arg:
                kwargs.pop("strength", None)
            better = _steps.explained(error, self._plain, args, kwargs)
            if better is None:
                raise
            raise better from error

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """As a method, where a class holds the step as a function of its own."""
        return self if instance is None else functools.partial(self, instance)

    @property
    def returns_metrics(self) -> bool:
        """Whether a call returns `(results, metrics)`."""
        return bool(self._audit)

    @property
    def takes_strength(self) -> bool:
        """Whether a call takes `strength` as a keyword."""
        return bool(self._strength_arg)

    def lower(self, *args: Any, **kwargs: Any) -> jax.stages.Lowered:
        """As `jax.jit(step).lower`, of the injected step.

        `entangled.lower(*args).compile()` compiles ahead of time; the result is
        called as the step, without its static arguments. With `strength_arg`
        it takes `strength`, and has no default for it.
        """

        def whole(*args, **kwargs):
            strength = kwargs.pop("strength") if self._strength_arg else None
            return self._traced(self._roles.split(args, kwargs), strength)

        whole.__name__ = getattr(self, "__name__", "step")
        if self._strength_arg:
            kwargs = {"strength": self._strength, **kwargs}
        # `jax.jit` with in_shardings takes no keyword, and so no strength: the
        # arguments say where they are.
        parts = self._roles.split(args, kwargs)
        moved = sorted([*parts.donated[0], *parts.kept[0]])
        placed = dict(zip(moved, self._shardings.place([args[i] for i in moved])))
        args = tuple(placed.get(i, value) for i, value in enumerate(args))
        options = {**self._roles.jit_options(), **self._out_shardings()}
        return jax.jit(whole, **options).lower(*args, **kwargs)

    def plain_text(self, *args: Any, **kwargs: Any) -> str:
        """The StableHLO text of the step before the injection."""
        return self._exported(args, kwargs).mlir_module()

    def _exported(self, args: tuple, kwargs: dict[str, Any]) -> jax.export.Exported:
        with _steps.plain_is_traced():
            return _export.export(self._plain, args, kwargs)

    def injected_text(self, *args: Any, **kwargs: Any) -> str:
        """The StableHLO text of the step after the injection."""
        text = self.plain_text(*args, **kwargs)
        return cegm.inject(text, **self._pass_options())

    def explain(self, *args: Any, **kwargs: Any) -> list[Record]:
        """Which parameters are re-weighted and which not, with the reasons."""
        text = self.plain_text(*args, **kwargs)
        return cegm.explain(text, **_options.choosing(self._options))

    # How the parts fit: `jax.jit` around `_traced` keeps the cache, donates,
    # and keeps static arguments apart. `_traced` runs while `jax.jit` traces:
    # it exports the step for the shapes at hand, injects, and calls the
    # result, which `jax.jit` inlines. So the injected module is a part of what
    # JAX's persistent cache keys on, and a change of it is never missed.

    def _prepare(self, args: tuple, kwargs: dict[str, Any]):
        """The `jax.jit` for a call of this form, and what to call it with."""
        strength = None
        if self._strength_arg:
            kwargs = dict(kwargs)
            strength = kwargs.pop("strength", self._strength)
            _strength.check(strength)
        parts = self._roles.split(args, kwargs)
        form = (len(args), tuple(sorted(kwargs)))
        if form not in self._jits:
            self._jits[form] = self._jit(parts)
        return self._jits[form], (parts.donated, parts.kept, strength, parts.static)

    def _jit(self, parts: Parts):
        shardings = self._out_shardings()
        if "in_shardings" in self._shardings.given:
            given = self._shardings.given["in_shardings"]
            donated, kept = self._roles.split_shardings(given, parts)
            shardings["in_shardings"] = (donated, kept, None)

        def traced(donated, kept, strength, static):
            return self._traced(Parts(donated, kept, static), strength)

        traced.__name__ = getattr(self, "__name__", "step")
        return jax.jit(traced, donate_argnums=0, static_argnums=3, **shardings)

    def _out_shardings(self) -> dict[str, Any]:
        """`out_shardings` for `jax.jit`, with room for the metrics."""
        if "out_shardings" not in self._shardings.given:
            return {}
        given = self._shardings.given["out_shardings"]
        return {"out_shardings": (given, None) if self._audit else given}

    def _traced(self, parts: Parts, strength: Any):
        args, kwargs = parts.join()
        dynamic = parts.dynamic()
        if callable(self._strength):
            strength = self._strength(*args, **kwargs)
        abstract_args, abstract_kwargs = Parts(
            *_export.abstract((parts.donated, parts.kept)), parts.static
        ).join()
        exported = self._exported(abstract_args, abstract_kwargs)
        call_kernels = _xla.chosen(self._kernels, exported.platforms)
        if call_kernels:
            _xla.register()
        injected = injection.inject_step(
            exported.mlir_module(),
            len(exported.in_avals),
            len(exported.out_avals),
            call_kernels,
            **self._pass_options(),
        )
        rewritten = _export.with_module(
            exported,
            injected.text,
            self._shardings,
            _export.as_structs(injected.added_inputs),
            _export.as_structs(injected.added_results) if self._audit else None,
        )
        extras = [
            jnp.asarray(strength, t.dtype).reshape(t.shape)
            for t in injected.added_inputs
        ]
        leaves = jax.tree.leaves((dynamic, extras))
        call = self._call(exported, rewritten, parts, leaves)
        results = jax.tree.unflatten(rewritten.out_tree, call(*leaves))
        if not self._audit:
            return results
        results, (rows,) = results
        return results, injected.audit.metrics(rows)

    def _call(self, exported, rewritten, parts: Parts, leaves: list) -> Call:
        """The step as an operation, with what its derivatives need."""

        def plain(*leaves):
            dynamic = jax.tree.unflatten(exported.in_tree, leaves)
            args, kwargs = parts.with_dynamic(*dynamic).join()
            return jax.tree.leaves(self._plain(*args, **kwargs))

        def find_changed():
            options = self._pass_options()
            options.pop("strength", None)
            text = exported.mlir_module()
            return injection.changed_results(text, len(exported.in_avals), **options)

        return Call.of(rewritten, plain, len(exported.in_avals), find_changed, leaves)

    def _pass_options(self) -> dict[str, Any]:
        options = dict(self._options)
        if self._strength_arg or callable(self._strength):
            options["strength_arg"] = True
        else:
            options["strength"] = float(self._strength)
        if self._audit:
            options["audit"] = True
        return options
