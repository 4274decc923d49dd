"""Comparing what train steps of PyTorch leave behind."""

from __future__ import annotations

import torch


def state_of(model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """Everything that a step changes, by name, copied."""
    tensors = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    for name, p in model.named_parameters():
        for key, value in optimizer.state.get(p, {}).items():
            if value is not None:
                tensors[f"{name}.{key}"] = value.clone()
    return tensors


def error(got: torch.Tensor, wanted: torch.Tensor) -> float:
    """The norm of the difference by the norm of what is wanted."""
    assert got.shape == wanted.shape and got.dtype == wanted.dtype
    got, wanted = got.double(), wanted.double()
    return (got - wanted).norm().item() / (wanted.norm().item() or 1.0)


def assert_same(got: dict, wanted: dict, tolerance: float) -> None:
    assert got.keys() == wanted.keys()
    errors = {name: error(got[name], wanted[name]) for name in wanted}
    worst = max(errors, key=errors.get)
    assert errors[worst] <= tolerance, f"{worst}: relative error {errors[worst]:.3g}"


def eager_step(model, loss, optimizer, batch) -> torch.Tensor:
    """One step of PyTorch itself; the loss before it."""
    optimizer.zero_grad()
    value = loss(model, batch)
    value.backward()
    optimizer.step()
    return value.detach()
