"""Compiled steps beside PyTorch's own: plain at strength 0, entangled with it."""

import copy

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
pytest.importorskip("torch_mlir.fx", reason="torch-mlir is not installed")
pytest.importorskip("iree.compiler", reason="IREE's compiler is not installed")
pytest.importorskip("iree.runtime", reason="IREE's runtime is not installed")
pytest.importorskip("transformers", reason="Hugging Face transformers is not installed")

import cegm.torch
import hooked_reference
import torch_models
from torch_models import CASES, OPTIMIZERS


def state_of(model, optimizer) -> dict[str, torch.Tensor]:
    """Everything that a step changes, by name, copied."""
    tensors = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    for name, p in model.named_parameters():
        for key, value in optimizer.state.get(p, {}).items():
            if value is not None:
                tensors[f"{name}.{key}"] = value.clone()
    return tensors


def error(got: torch.Tensor, wanted: torch.Tensor) -> float:
    """The norm of the difference by the norm of what is wanted."""
    got, wanted = got.double(), wanted.double()
    scale = wanted.norm().item() or 1.0
    return (got - wanted).norm().item() / scale


def assert_same(got, wanted, tolerance: float) -> None:
    assert got.keys() == wanted.keys()
    errors = {name: error(got[name], wanted[name]) for name in wanted}
    worst = max(errors, key=errors.get)
    assert errors[worst] <= tolerance, f"{worst}: relative error {errors[worst]:.3g}"


def eager_step(model, loss, optimizer, batch) -> torch.Tensor:
    optimizer.zero_grad()
    value = loss(model, batch)
    value.backward()
    optimizer.step()
    return value.detach()


@pytest.mark.parametrize("name", CASES)
def test_strength_zero_follows_eager(name):
    case, make_optimizer = CASES[name], OPTIMIZERS["adamw"]
    eager = torch_models.make(name)
    ours = copy.deepcopy(eager)
    eager_optimizer, optimizer = make_optimizer(eager), make_optimizer(ours)
    step = cegm.torch.entangle(ours, case.loss, optimizer, case.batch(0), strength=0.0)
    for number in range(3):
        wanted = eager_step(eager, case.loss, eager_optimizer, case.batch(number))
        got = step(case.batch(number))
        assert error(got, wanted) < 1e-6
        assert_same(state_of(ours, optimizer), state_of(eager, eager_optimizer), 2e-5)
