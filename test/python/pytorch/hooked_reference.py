"""Entangled steps by PyTorch itself: hooks catch what each site sees.

Shares no code with the package. The functions that apply a parameter to an
activation are replaced by ones that keep the activation `x` and hook the
output for its gradient `dy`; the formulas are then applied in float64, and the
optimizer's own `step` updates with the re-weighted gradients.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from unittest import mock

import numpy as np
import torch
import transformers

from reference import ops


@dataclasses.dataclass
class Use:
    """One use of a parameter: `y = x . w` with `w` as `[D, K]`, or a lookup.

    `x` is `[T..., D]` or the ids `[T...]`, `y` and `dy` are `[T..., K]`.
    """

    name: str
    kind: str
    x: torch.Tensor
    y: torch.Tensor
    weight: torch.Tensor
    """`[D, K]`, or the table."""
    transposed: bool
    dy: torch.Tensor | None = None

    def entangled(self, options: dict[str, Any]) -> tuple[np.ndarray, dict[str, float]]:
        """The re-weighted gradient in the parameter's layout, and the audit metrics."""
        x, y, dy = (_double(t) for t in (self.x, self.y, self.dy))
        # A token's gradient that is 0 in exact arithmetic may come out as rounding
        # of PyTorch's kernels (the query of a causal layer's first position), and
        # would count as active then.
        sizes = np.linalg.norm(dy, axis=-1, keepdims=True)
        dy = np.where(sizes <= ROUNDING[self.dy.dtype] * sizes.max(), 0.0, dy)
        tokens = list(range(dy.ndim - 1))
        c, g = y, dy
        if self.kind == "dense" and self.x.requires_grad and options["context"] == "input":
            c, g = x, dy @ _double(self.weight).T
        # The type tells the reference what counts as rounding of rows that cancel.
        element = np.float32 if self.dy.dtype == torch.float32 else np.float64
        own = {k: options[k] for k in ("kernel", "windows", "decay")}
        scored = ops.score(
            c.astype(element),
            g.astype(element),
            context_tokens=tokens,
            gradient_tokens=tokens,
            context_features=[dy.ndim - 1],
            gradient_features=[dy.ndim - 1],
            **own,
        )
        how = {k: options[k] for k in ("weighting", "temperature", "sign")}
        alpha = ops.weigh(
            *scored, options["strength"], normalization=options["normalize"], **how
        )
        metrics = ops.audit(scored.scores, alpha, scored.active, options["strength"])
        rows = (alpha[..., None] * dy).reshape(-1, dy.shape[-1])
        if self.kind == "embedding":
            gradient = np.zeros(self.weight.shape)
            np.add.at(gradient, self.x.numpy().reshape(-1), rows)
        else:
            gradient = x.reshape(-1, x.shape[-1]).T @ rows
        named = dict(zip(ops.AUDIT_METRICS, metrics))
        return (gradient.T if self.transposed else gradient), named


def _double(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().double().numpy()


# The share of the largest token gradient below which one is rounding.
ROUNDING = {torch.float32: 1e-6, torch.float64: 1e-14}

# Tables that are read at places which no data reach: a position, or a type that is
# the same for all tokens. Such a lookup is no site.
PLACES = ("wpe", "position_embeddings", "token_type_embeddings", "relative_attention_bias")

DEFAULTS = {
    "strength": 0.1,
    "kernel": "cosine",
    "windows": (1, 16, 128),
    "decay": 1.0,
    "weighting": "tanh",
    "temperature": 0.1,
    "sign": "positive",
    "normalize": "mean",
    "context": "input",
}


class Recorder:
    """Keeps every use of a model's parameters while it is active."""

    def __init__(self, model: torch.nn.Module):
        self._names = {id(p): name for name, p in model.named_parameters()}
        # The tokens of an activation, and whether the batch is not its first
        # dimension, where the module that multiplies it changes its shape before.
        self._tokens: dict[int, tuple[tuple[int, ...], bool]] = {}
        self._reshaping = [
            m
            for m in model.modules()
            if isinstance(m, (torch.nn.MultiheadAttention, transformers.pytorch_utils.Conv1D))
        ]
        self.uses: list[Use] = []

    @contextlib.contextmanager
    def active(self) -> Iterator[None]:
        def keep_tokens(module, arguments):
            swapped = getattr(module, "batch_first", False)
            for parameter in module.parameters():
                self._tokens[id(parameter)] = tuple(arguments[0].shape[:-1]), swapped

        hooks = [m.register_forward_pre_hook(keep_tokens) for m in self._reshaping]
        functional = torch.nn.functional
        with (
            mock.patch.object(functional, "linear", self._linear(functional.linear)),
            mock.patch.object(functional, "embedding", self._embedding(functional.embedding)),
            mock.patch.object(torch, "addmm", self._addmm(torch.addmm)),
        ):
            yield
        for hook in hooks:
            hook.remove()

    def _keep(self, kind, parameter, x, y, weight, transposed) -> None:
        def as_called(tensor: torch.Tensor) -> torch.Tensor:
            """In the layout of the input of the module, `[T..., F]`."""
            if id(parameter) not in self._tokens:
                return tensor
            tokens, swapped = self._tokens[id(parameter)]
            order = reversed(tokens) if swapped else tokens
            rows = tensor.reshape(*order, tensor.shape[-1])
            return rows.transpose(0, 1) if swapped else rows

        use = Use(
            self._names[id(parameter)], kind, as_called(x), as_called(y), weight, transposed
        )

        def keep_gradient(gradient: torch.Tensor) -> None:
            use.dy = as_called(gradient.detach())

        y.register_hook(keep_gradient)
        self.uses.append(use)

    def _linear(self, function):
        def linear(x, weight, bias=None):
            y = function(x, weight)
            if id(weight) in self._names:
                self._keep("dense", weight, x, y, weight.detach().T, True)
            return y if bias is None else y + bias

        return linear

    def _embedding(self, function):
        def embedding(ids, weight, *args, **kwargs):
            y = function(ids, weight, *args, **kwargs)
            if not any(place in self._names[id(weight)] for place in PLACES):
                self._keep("embedding", weight, ids, y, weight.detach(), False)
            return y

        return embedding

    def _addmm(self, function):
        def addmm(bias, x, weight):
            y = torch.mm(x, weight)
            self._keep("dense", weight, x, y, weight.detach(), False)
            return y + bias

        return addmm


def step(
    model: torch.nn.Module,
    loss,
    optimizer: torch.optim.Optimizer,
    batch: Any,
    **choices: Any,
) -> tuple[torch.Tensor, dict[str, list[dict[str, float]]]]:
    """One entangled step of the model in place; the loss and the audit by parameter."""
    options = DEFAULTS | choices
    recorder = Recorder(model)
    optimizer.zero_grad()
    with recorder.active():
        value = loss(model, batch)
        value.backward()
    by_name: dict[str, list[tuple[np.ndarray, dict[str, float]]]] = defaultdict(list)
    for use in recorder.uses:
        if use.dy is not None:
            by_name[use.name].append(use.entangled(options))
    parameters = dict(model.named_parameters())
    for name, found in by_name.items():
        plain, total = parameters[name].grad, sum(gradient for gradient, _ in found)
        parameters[name].grad = torch.from_numpy(total).to(plain.dtype).reshape(plain.shape)
    optimizer.step()
    return value.detach(), {name: [m for _, m in found] for name, found in by_name.items()}
