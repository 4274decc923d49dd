"""Train steps of PyTorch, entangled.

    step = cegm.torch.entangle(model, loss_fn, optimizer, example_batch, strength=0.1)
    for batch in batches:
        loss = step(batch)

`loss_fn(model, batch)` returns a scalar tensor. A batch is a pytree of tensors
(tensors in tuples, lists, dicts); numbers, strings and None in it are constants.

PyTorch and torch-mlir are needed, and IREE to run steps.
"""

from __future__ import annotations

from typing import Any

from cegm.torch._requirements import required

required("torch")

import torch

from cegm.torch import _lower, _trace
from cegm.torch._calling import BatchLayout, Training
from cegm.torch._step import EntangledStep

__all__ = ["EntangledStep", "entangle", "export_train_step"]


def export_train_step(
    model: torch.nn.Module,
    loss_fn: _trace.Loss,
    optimizer: torch.optim.Optimizer,
    example_batch: Any,
    *,
    max_norm: float | None = None,
    dialect: str = "stablehlo",
) -> str:
    """The text of a whole train step: forward, backward and optimizer update.

    The entry function `main` takes the parameters, the buffers, the state of the
    optimizer, its hyperparameters and the tensors of a batch, and returns the
    new parameters, buffers and state, and the loss. Locations name the arguments:
    parameters and buffers as in `named_parameters` and `named_buffers`.
    Nothing is computed, and the model and the optimizer stay as they are.

    Args:
      model: the module to train, on any device. Parameters that do not require
        a gradient, or that the optimizer does not hold, are not trained.
      loss_fn: called as `loss_fn(model, batch)`; returns a floating-point scalar.
      optimizer: a `torch.optim.SGD`, `Adam` or `AdamW` of the model's parameters.
      example_batch: a batch of the shapes and types that the step is for.
      max_norm: gradients of a larger total norm are scaled down to it, as by
        `torch.nn.utils.clip_grad_norm_`.
      dialect: `stablehlo`, or `linalg-on-tensors`.

    Raises:
      ImportError: torch-mlir is not installed.
      NotImplementedError: another optimizer, an option of it that has no
        equivalent, or an op that torch-mlir cannot lower.
      ValueError: control flow that depends on the batch's values, a loss that is
        no scalar, or parameters that are not the model's.
      TypeError: a batch that holds something else, or a loss that is no tensor.
    """
    layout = BatchLayout.of(example_batch)
    traced = _trace.trace(Training(model, optimizer), loss_fn, layout, max_norm)
    return _lower.lower(traced, dialect)


def entangle(
    model: torch.nn.Module,
    loss_fn: _trace.Loss,
    optimizer: torch.optim.Optimizer,
    example_batch: Any,
    *,
    max_norm: float | None = None,
    strength: float = 0.1,
    strength_arg: bool = False,
    audit: bool = False,
    **options: Any,
) -> EntangledStep:
    """A compiled train step with entangled parameter gradients.

    It replaces `optimizer.zero_grad()`, the loss, `backward()` and
    `optimizer.step()`: called with a batch, it updates the parameters and buffers
    of the model and the state of the optimizer in place, and returns the loss.
    Learning rates may change from call to call.

    Args:
      model, loss_fn, optimizer, example_batch, max_norm: as of
        `export_train_step`. The norm is that of the entangled gradients.
      strength: how far token weights may go from 1, in [0, 1); a constant of
        the compiled step.
      strength_arg: makes `strength` a keyword of each call that may change
        without a compilation; `strength` is then its default.
      audit: calls return `(loss, metrics)`. `metrics` maps the name of each
        re-weighted parameter to a dict from metric name to a tensor of shape
        `[uses]`: one value for each place where the step uses the parameter.
      **options: the further options of the injection (`windows`, `kernel`,
        `weighting`, `sign`, `include`, ...), see `cegm.Options`. Those that
        ask for metrics make calls return them, as `audit` does.

    Raises:
      ImportError, NotImplementedError, ValueError: as `export_train_step`; IREE
        has to be installed too.
      cegm.CegmError: the step has no re-weightable gradient, or an option is
        refused; the diagnostics of the compiler say which and why.
      RuntimeError: IREE cannot compile the step.
    """
    return EntangledStep(
        model, loss_fn, optimizer, example_batch, max_norm, audit, strength, strength_arg, options
    )
