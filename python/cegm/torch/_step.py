"""The compiled step that `cegm.torch.entangle` returns."""

from __future__ import annotations

from typing import Any

import torch

import cegm
from cegm import _options, _strength, injection
from cegm.records import Record
from cegm.torch import _lower, _trace
from cegm.torch._calling import BatchLayout, Slot, Training
from cegm.torch._engine import Executable
from cegm.torch._random import SEED

Metrics = dict[str, dict[str, torch.Tensor]]


class EntangledStep:
    """A train step that updates its model and optimizer in place. Call it with a batch.

    Attributes:
      plain_text: the StableHLO text of the step before the injection.
      injected_text: the text that is compiled.
    """

    def __init__(
        self,
        model: torch.nn.Module,
        loss: _trace.Loss,
        optimizer: torch.optim.Optimizer,
        example_batch: Any,
        max_norm: float | None,
        audit: bool,
        strength: float,
        strength_arg: bool,
        options: dict[str, Any],
    ):
        others = ("max_norm", "strength", "strength_arg", "audit")
        options = _options.checked_keywords(options, strength, strength_arg, audit, others)
        self._training = Training(model, optimizer)
        self._layout = BatchLayout.of(example_batch)
        _check_element_types(self._training.slots() | self._layout.slots())
        traced = _trace.trace(self._training, loss, self._layout, max_norm)
        self._unused, self._inputs, self._results = traced.unused, traced.inputs, traced.results
        self.plain_text: str = _lower.lower(traced, "stablehlo")
        self._options = {"parameters": self._training.positions(), **options}
        self._strength, self._strength_arg = strength, strength_arg
        self._injected = injection.inject_step(
            self.plain_text,
            len(self._inputs),
            len(self._results),
            **self._options,
            **({"strength_arg": True} if strength_arg else {"strength": strength}),
            audit=audit,
        )
        self.injected_text: str = self._injected.text
        # Options such as `mode` ask for the metrics too.
        self._audit = bool(self._injected.added_results)
        self._executable = Executable(self.injected_text)

    def __call__(
        self, batch: Any, *, strength: float | None = None
    ) -> torch.Tensor | tuple[torch.Tensor, Metrics]:
        """One step; returns the loss, or a pair of it and the metrics.

        Raises ValueError where the batch, the model's mode or an option of the
        optimizer is not what the step was compiled for.
        """
        if strength is not None and not self._strength_arg:
            raise TypeError("strength: the step was compiled without strength_arg")
        if self._strength_arg:
            strength = self._strength if strength is None else strength
            if isinstance(strength, torch.Tensor):
                strength = strength.item()
            _strength.check(strength)
        self._training.check_unchanged()
        tensors = self._training.read(self._unused) | self._layout.tensors(batch)
        if SEED in self._inputs:
            tensors[SEED] = torch.randint(torch.iinfo(torch.int64).max, ())
        arguments = [tensors[name] for name in self._inputs]
        for added in self._injected.added_inputs:
            arguments.append(
                torch.full(added.shape, strength, dtype=_torch_type(added.dtype))
            )
        results = self._executable(arguments)
        named = dict(zip(self._results, results))
        self._training.write(named, self._unused)
        if not self._audit:
            return named["loss"]
        return named["loss"], self._injected.audit.metrics(results[-1])

    def explain(self) -> list[Record]:
        """Which parameters are re-weighted and which not, with the reasons."""
        return cegm.explain(self.plain_text, **_options.choosing(self._options))


def _check_element_types(slots: dict[str, Slot]) -> None:
    for name, slot in slots.items():
        if slot.dtype == torch.float64:
            raise NotImplementedError(
                f"{name} is of float64, which IREE computes in float32: convert the model "
                "and the batch, by model.float() say"
            )


def _torch_type(dtype: Any) -> torch.dtype:
    return {"float32": torch.float32, "float64": torch.float64}[dtype.name]
