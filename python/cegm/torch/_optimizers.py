"""The updates of `torch.optim` optimizers as functions of tensors.

Each rule repeats the arithmetic of PyTorch's own single-tensor implementation,
rounding where that one rounds: tensors of f16 and bf16 are read into f32, and
an in-place operation of the optimizer rounds to the element type once.
"""

from __future__ import annotations

import abc
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import torch

Tensors = dict[str, torch.Tensor]


def wide(dtype: torch.dtype) -> torch.dtype:
    """The type that PyTorch computes elementwise operations of `dtype` in."""
    return torch.float64 if dtype == torch.float64 else torch.float32


class Rule(abc.ABC):
    """The update of one parameter, with a group's hyperparameters fixed.

    A hyperparameter is a constant of the step but for those in `inputs`, which
    are scalar inputs of it: schedulers change them from step to step.
    """

    fixed: ClassVar[tuple[str, ...]]
    """The hyperparameters that are constants of the step."""

    def __init__(self, group: Mapping[str, Any]):
        self.options = {key: group[key] for key in self.fixed}
        for key, value in self.options.items():
            if isinstance(value, torch.Tensor) or any(
                isinstance(item, torch.Tensor)
                for item in (value if isinstance(value, tuple) else ())
            ):
                raise NotImplementedError(
                    f"optimizer option {key}: expected a number, got a tensor"
                )
        if group["differentiable"]:
            raise NotImplementedError(
                "optimizer option differentiable=True is not supported: the step "
                "is not differentiated"
            )

    @property
    @abc.abstractmethod
    def state(self) -> tuple[str, ...]:
        """Names of the state tensors of a parameter, each of its shape and type."""

    @property
    @abc.abstractmethod
    def inputs(self) -> tuple[str, ...]:
        """Names of the scalar inputs of a group."""

    @property
    @abc.abstractmethod
    def counts_steps(self) -> bool:
        """Whether the number of steps taken is a part of the state."""

    def prepare(self, scalars: Tensors) -> Tensors:
        """What the updates of a group share, from its scalars.

        `scalars` holds `inputs`, and `step` (of this step, from 1) where the
        rule counts steps.
        """
        return scalars

    @abc.abstractmethod
    def update(
        self, parameter: torch.Tensor, gradient: torch.Tensor, state: Tensors, shared: Tensors
    ) -> tuple[torch.Tensor, Tensors]:
        """The new parameter and state."""


class SGD(Rule):
    """Stochastic gradient descent, with or without momentum.

    `dampening` is an input: PyTorch leaves it out in a parameter's first step,
    which here is a dampening of 0 beside a momentum buffer of zeros.
    """

    fixed = ("momentum", "nesterov", "weight_decay", "maximize")

    def __init__(self, group: Mapping[str, Any]):
        super().__init__(group)
        self._dampened = bool(self.options["momentum"] and group["dampening"])

    @property
    def state(self) -> tuple[str, ...]:
        return ("momentum_buffer",) if self.options["momentum"] else ()

    @property
    def inputs(self) -> tuple[str, ...]:
        return ("lr", "dampening") if self._dampened else ("lr",)

    @property
    def counts_steps(self) -> bool:
        return False

    def update(self, parameter, gradient, state, shared):
        dtype, momentum = parameter.dtype, self.options["momentum"]
        p, g = parameter.to(wide(dtype)), gradient.to(wide(dtype))
        if self.options["maximize"]:
            g = -g
        if self.options["weight_decay"]:
            g = _rounded(g + self.options["weight_decay"] * p, dtype)
        if not momentum:
            return (p - shared["lr"] * g).to(dtype), {}
        kept = _rounded(momentum * state["momentum_buffer"].to(wide(dtype)), dtype)
        added = (1 - shared["dampening"]) * g if self._dampened else g
        buffer = (kept + added).to(dtype)
        if self.options["nesterov"]:
            g = _rounded(g + momentum * buffer.to(wide(dtype)), dtype)
        else:
            g = buffer.to(wide(dtype))
        return (p - shared["lr"] * g).to(dtype), {"momentum_buffer": buffer}


class Adam(Rule):
    """Adam, and AdamW where the group decouples its weight decay."""

    fixed = ("betas", "eps", "weight_decay", "amsgrad", "maximize", "decoupled_weight_decay")

    @property
    def state(self) -> tuple[str, ...]:
        names = ("exp_avg", "exp_avg_sq")
        return (*names, "max_exp_avg_sq") if self.options["amsgrad"] else names

    @property
    def inputs(self) -> tuple[str, ...]:
        return ("lr",)

    @property
    def counts_steps(self) -> bool:
        return True

    def prepare(self, scalars):
        # 1 - beta ** step, without the cancellation of beta near 1 in f32.
        correction1, correction2 = (
            -torch.expm1(scalars["step"] * math.log(beta)) if beta > 0 else 1.0
            for beta in self.options["betas"]
        )
        return {
            **scalars,
            "step_size": scalars["lr"] / correction1,
            "denominator_scale": correction2**0.5,
        }

    def update(self, parameter, gradient, state, shared):
        dtype, (beta1, beta2) = parameter.dtype, self.options["betas"]
        decay = self.options["weight_decay"]
        p, g = parameter.to(wide(dtype)), gradient.to(wide(dtype))
        if self.options["maximize"]:
            g = -g
        if decay and self.options["decoupled_weight_decay"]:
            p = _rounded(p * (1 - shared["lr"] * decay), dtype)
        elif decay:
            g = _rounded(g + decay * p, dtype)
        mean, square = (state[name].to(wide(dtype)) for name in self.state[:2])
        mean = _rounded(mean + (1 - beta1) * (g - mean), dtype)
        square = _rounded(beta2 * square, dtype)
        square = _rounded(square + (1 - beta2) * g * g, dtype)
        new, used = {"exp_avg": mean.to(dtype), "exp_avg_sq": square.to(dtype)}, square
        if self.options["amsgrad"]:
            used = torch.maximum(state["max_exp_avg_sq"].to(wide(dtype)), square)
            new["max_exp_avg_sq"] = used.to(dtype)
        root = _rounded(used.sqrt(), dtype)
        denominator = _rounded(root / shared["denominator_scale"], dtype)
        denominator = _rounded(denominator + self.options["eps"], dtype)
        return (p - shared["step_size"] * mean / denominator).to(dtype), new


def _rounded(value: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """`value` with the precision of `dtype`, in the type that it is computed in."""
    return value if value.dtype == dtype else value.to(dtype).to(value.dtype)


_RULES = {torch.optim.SGD: SGD, torch.optim.Adam: Adam, torch.optim.AdamW: Adam}


def make_rule(optimizer: torch.optim.Optimizer, group: Mapping[str, Any]) -> Rule:
    """The rule of a parameter group.

    Raises NotImplementedError for an optimizer or an option that has none. A
    subclass is refused too: its update may be another one.
    """
    rule = _RULES.get(type(optimizer))
    if rule is None:
        raise NotImplementedError(
            "optimizer: expected torch.optim.SGD, Adam or AdamW, got "
            f"{type(optimizer).__module__}.{type(optimizer).__qualname__}"
        )
    return rule(group)
