"""Injecting entanglement into the text of a train step, and explaining it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from cegm import _cegm, _options, _pipeline, records
from cegm.records import Record


@dataclasses.dataclass(frozen=True)
class TensorType:
    """The shape and type of a value that the injection added."""

    shape: tuple[int, ...]
    dtype: np.dtype


# The injection adds values of the type that scores have: one of these.
_DTYPES = {"f32": np.dtype(np.float32), "f64": np.dtype(np.float64)}


@dataclasses.dataclass(frozen=True)
class AuditLayout:
    """What the rows and columns of the audit result mean.

    Row i belongs to the parameter `parameters[i]`, column j is the metric
    `names[j]`. A parameter has a row for each of its uses; a stack of layers
    one for each layer; and each of these one for each iteration of a loop over
    micro-batches.
    """

    parameters: tuple[str, ...]
    names: tuple[str, ...]

    def metrics(self, rows: Any) -> dict[str, dict[str, Any]]:
        """Parameter -> metric -> array `[rows of the parameter]`.

        `rows` is the audit result, `[rows, metrics]`. The entries of an array
        have the order of the rows: a stack's are its layers from the first to
        the last, in a loop over micro-batches first all those of the first one.
        """
        uses: dict[str, list[int]] = {}
        for row, parameter in enumerate(self.parameters):
            uses.setdefault(parameter, []).append(row)
        return {
            parameter: {
                name: rows[:, column][np.asarray(where)]
                for column, name in enumerate(self.names)
            }
            for parameter, where in uses.items()
        }


@dataclasses.dataclass(frozen=True)
class Injected:
    """An injected step: its text, and what it has that the plain one had not."""

    text: str
    added_inputs: tuple[TensorType, ...]
    added_results: tuple[TensorType, ...]
    audit: AuditLayout


def _passes(options: dict[str, Any], call_kernels: bool = False) -> list[str]:
    options = _options.checked(options)
    passes = [_pipeline.pass_text("inject-entanglement", options)]
    if call_kernels:
        passes.append("convert-cegm-to-custom-call")
    return [*passes, "convert-cegm-to-stablehlo"]


def inject(text: str, **options: Any) -> str:
    """The train step with its parameter gradients re-weighted.

    Args:
      text: a module in the textual form of StableHLO, as `as_text()` of JAX
        prints it; with `debug_info=True` it carries the parameter names.
      **options: see `Options`.

    Returns:
      A module of StableHLO alone, its debug locations kept. With
      `strength_arg` its entry function has one more input, the last: a
      scalar. With `audit`, which `audit_gradients` and `mode="audit"` imply,
      it has one more result, the last: `[rows, metrics]`.

    Raises:
      CegmError: the text does not parse, holds no train step or is injected
        already, or an option is unknown or out of range.
    """
    return _pipeline.run(text, _passes(options), "the injection").text


def inject_step(
    text: str, inputs: int, results: int, call_kernels: bool = False, **options: Any
) -> Injected:
    """`inject` for a caller that needs to know what was added.

    `inputs` and `results` are the numbers of the plain step's. With
    `call_kernels` the text calls compiled kernels, by custom calls.
    """
    outcome = _pipeline.run(text, _passes(options, call_kernels), "the injection")

    def types(values):
        return tuple(TensorType(tuple(t.shape), _DTYPES[t.element_type]) for t in values)

    return Injected(
        outcome.text,
        types(outcome.inputs[inputs:]),
        types(outcome.results[results:]),
        AuditLayout(tuple(outcome.audit_parameters), tuple(outcome.audit_metrics)),
    )


def changed_results(text: str, inputs: int, **options: Any) -> list[bool]:
    """Of each result of the injected step: does its value depend on the weights?

    `text` is the plain step's and `inputs` the number of its arguments. What
    entanglement changes is what depends on its strength.
    """
    options = {**options, "strength_arg": True}
    injected = _pipeline.run(text, _passes(options), "the injection").text
    found = _cegm.find_dependence(injected, inputs)
    _pipeline.checked(found.outcome, "the injection")
    return list(found.results)


def explain(text: str, **options: Any) -> list[Record]:
    """Every parameter of the train step: its sites, or why it has none.

    Args:
      text: as of `inject`.
      **options: those of the injection that choose sites (`context`, `sites`,
        `include`, `exclude`, `max_sites`) or help to find them (`parameters`,
        `sequence_length`).

    Raises:
      CegmError: as `inject`.
    """
    options = _options.checked_explain(options)
    choices = _pipeline.options_text({**options, "format": "json"})
    outcome = _pipeline.checked(_cegm.explain(text, choices), "the explanation")
    return records.parse(outcome.text)
