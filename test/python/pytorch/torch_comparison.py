"""Comparing what train steps of PyTorch leave behind."""

from __future__ import annotations

import copy

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


def state_nearby(model, optimizer, step) -> dict[str, torch.Tensor]:
    """What `step(model, optimizer)` leaves behind from parameters that are off by one
    rounding each. Both are copied."""
    model, optimizer = copy.deepcopy((model, optimizer))
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            signs = 2.0 * torch.randint(0, 2, parameter.shape, generator=generator) - 1
            parameter *= (1 + torch.finfo(parameter.dtype).eps * signs).to(parameter.dtype)
    step(model, optimizer)
    return state_of(model, optimizer)


# How many roundings of the parameters those inside of a step may amount to.
ROUNDINGS = 8


def assert_same(got: dict, wanted: dict, tolerance: float, nearby: dict | None = None) -> None:
    """Each tensor within `tolerance`, relative to its norm.

    With `nearby`, of `state_nearby`, it may be off by some times what rounding the
    parameters changed, too: Adam turns the rounding of a gradient that cancels into a
    full step.

    Of gradients and their moments, what lies far below the largest one is
    rounding: a key's bias has a gradient of exactly 0 in exact arithmetic.
    """
    assert got.keys() == wanted.keys()
    largest: dict[str, float] = {}
    for name, tensor in wanted.items():
        kind = name.rpartition(".")[2]
        largest[kind] = max(largest.get(kind, 0.0), tensor.double().norm().item())
    errors = {}
    for name, tensor in wanted.items():
        kind = name.rpartition(".")[2]
        share = {"momentum_buffer": 1e-3, "exp_avg": 1e-3, "exp_avg_sq": 1e-6}.get(kind, 0.0)
        scale = max(tensor.double().norm().item(), share * largest[kind]) or 1.0
        off = (got[name].double() - tensor.double()).norm().item()
        allowed = tolerance * scale
        if nearby is not None:
            allowed += ROUNDINGS * (nearby[name].double() - tensor.double()).norm().item()
        errors[name] = off / allowed if allowed else float("inf") if off else 0.0
    worst = max(errors, key=errors.get)
    assert errors[worst] <= 1, f"{worst}: {errors[worst]:.3g} times the error allowed"


def eager_step(model, loss, optimizer, batch) -> torch.Tensor:
    """One step of PyTorch itself; the loss before it."""
    optimizer.zero_grad()
    value = loss(model, batch)
    value.backward()
    optimizer.step()
    return value.detach()
