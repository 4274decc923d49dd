"""Rewriting the module of an exported JAX function, by JAX's public interface.

`jax.export.Exported` describes the calling convention of its module: shapes,
trees, shardings. Where the rewriting adds an input or results, the description
of the new module is taken from an export of a function that only has the right
signature, so that no field has to be known here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import jax
import jax.export
from jax.extend.mlir import serialize_portable_artifact
from jax.extend.mlir.dialects import stablehlo


@dataclasses.dataclass(frozen=True)
class Shardings:
    """`in_shardings` and `out_shardings` as `jax.jit` takes them."""

    given: dict[str, Any]

    def around(self, extra_inputs: int, has_extra_results: bool) -> dict[str, Any]:
        """For a function of `(args, kwargs, *extras)`, and of `(result, extra)`."""
        result = {}
        if "in_shardings" in self.given:
            inner = self.given["in_shardings"]
            result["in_shardings"] = (inner, None) + (None,) * extra_inputs
        if "out_shardings" in self.given:
            inner = self.given["out_shardings"]
            result["out_shardings"] = (inner, None) if has_extra_results else inner
        return result

    def place(self, args: list) -> list:
        """Shapes and types of the positional arguments, on their devices."""
        if "in_shardings" not in self.given:
            return args
        inner = self.given["in_shardings"]
        if not isinstance(inner, tuple):
            inner = (inner,) * len(args)

        def placed(sharding, value):
            if sharding is None:
                return value
            aval = jax.typeof(value)
            return jax.ShapeDtypeStruct(aval.shape, aval.dtype, sharding=sharding)

        def is_none(value):
            return value is None

        return [
            jax.tree.map(
                placed,
                jax.tree.broadcast(prefix, arg, is_leaf=is_none),
                arg,
                is_leaf=is_none,
            )
            for prefix, arg in zip(inner, args, strict=True)
        ]


def abstract(tree: Any) -> Any:
    """The leaves as shapes and types, weak ones kept weak."""

    def leaf(value):
        aval = jax.typeof(value)
        return jax.ShapeDtypeStruct(
            aval.shape, aval.dtype, weak_type=getattr(aval, "weak_type", False)
        )

    return jax.tree.map(leaf, tree)


def export(jitted, args: tuple, kwargs: dict) -> jax.export.Exported:
    """The export of one signature, refused where it could not be called again."""
    try:
        exported = jax.export.export(jitted)(*args, **kwargs)
    except NotImplementedError as error:
        raise ValueError(
            "cegm.jax: the step cannot be exported, so that it cannot be "
            f"injected: {str(error).splitlines()[0]}"
        ) from error
    if exported.ordered_effects or exported.unordered_effects:
        effects = exported.ordered_effects + exported.unordered_effects
        raise ValueError(
            "cegm.jax: the step has side effects, which an exported "
            f"module cannot carry: {', '.join(map(str, effects))}"
        )
    return exported


def as_structs(types: Sequence[Any]) -> list[jax.ShapeDtypeStruct]:
    """Shapes and types of values that the injection added."""
    return [jax.ShapeDtypeStruct(t.shape, t.dtype) for t in types]


def serialize(text: str) -> bytes:
    """The text of a StableHLO module as an `Exported` holds it."""
    return serialize_portable_artifact(text, stablehlo.get_current_version(), True)


def with_module(
    exported: jax.export.Exported,
    text: str,
    shardings: Shardings,
    extra_inputs: Sequence[jax.ShapeDtypeStruct] = (),
    extra_results: Any = None,
) -> jax.export.Exported:
    """`exported` with another module, called as `(args, kwargs, *extra_inputs)`.

    Its result is that of `exported` or, with `extra_results` (a pytree of
    shapes and types), a pair of it and them.
    """

    def zeros(aval):
        return jax.lax.full(aval.shape, 0, aval.dtype)

    def signature(args, kwargs, *extras):
        result = jax.tree.unflatten(
            exported.out_tree, [zeros(aval) for aval in exported.out_avals]
        )
        if extra_results is None:
            return result
        return result, jax.tree.map(zeros, extra_results)

    args, kwargs = jax.tree.unflatten(
        exported.in_tree,
        [jax.ShapeDtypeStruct(a.shape, a.dtype) for a in exported.in_avals],
    )
    description = jax.export.export(
        jax.jit(
            signature,
            keep_unused=True,
            **shardings.around(len(extra_inputs), extra_results is not None),
        )
    )(args, kwargs, *extra_inputs)
    return dataclasses.replace(
        description,
        fun_name=exported.fun_name,
        nr_devices=exported.nr_devices,
        mlir_module_serialized=serialize(text),
    )
