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
from torch_comparison import assert_same, eager_step, error, state_nearby, state_of
from torch_models import CASES, OPTIMIZERS

CHOICES = {"windows": (1, 5, 16)}


@pytest.fixture(scope="module", params=CASES)
def compiled(request):
    """`(case, model, optimizer, step)`: one compilation serves all strengths."""
    case = CASES[request.param]
    model = torch_models.make(request.param)
    optimizer = OPTIMIZERS["adamw"](model)
    step = cegm.torch.entangle(
        model, case.loss, optimizer, case.batch(0), strength_arg=True, audit=True, **CHOICES
    )
    return case, model, optimizer, step


def copies(model, optimizer):
    """The model and the optimizer in their present state, to be stepped apart."""
    model = copy.deepcopy(model)
    other = OPTIMIZERS["adamw"](model)
    other.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    return model, other


def test_strength_zero_follows_eager(compiled):
    """Each step starts from one state, so that rounding does not grow."""
    case, model, optimizer, step = compiled
    for number in range(4):
        batch = case.batch(number)
        eager, eager_optimizer = copies(model, optimizer)
        nearby = state_nearby(
            eager, eager_optimizer, lambda m, o: eager_step(m, case.loss, o, batch)
        )
        wanted = eager_step(eager, case.loss, eager_optimizer, batch)
        got, _ = step(batch, strength=0.0)
        assert error(got, wanted) < 2e-6
        wanted_state = state_of(eager, eager_optimizer)
        assert_same(state_of(model, optimizer), wanted_state, 2e-5, nearby)


def test_strength_follows_the_formulas(compiled):
    """Each step starts from one state, so that rounding does not grow."""
    case, model, optimizer, step = compiled
    for number, strength in enumerate((0.1, 0.5)):
        eager, eager_optimizer = copies(model, optimizer)
        plain, plain_optimizer = copies(model, optimizer)
        batch = case.batch(10 + number)

        def reference(model, optimizer, batch=batch, strength=strength):
            return hooked_reference.step(
                model, case.loss, optimizer, batch, strength=strength, **CHOICES
            )

        nearby = state_nearby(eager, eager_optimizer, reference)
        wanted, audits = reference(eager, eager_optimizer)
        eager_step(plain, case.loss, plain_optimizer, batch)
        got, metrics = step(batch, strength=strength)
        assert error(got, wanted) < 2e-6
        ours, theirs = state_of(model, optimizer), state_of(eager, eager_optimizer)
        assert_same(ours, theirs, 2e-5, nearby)
        changed = {k: error(v, state_of(plain, plain_optimizer)[k]) for k, v in ours.items()}
        # The strength changes something: the plain step would not pass.
        assert max(changed.values()) > 1e-2
        assert_audits(metrics, audits)


OPTIONS = [
    {"kernel": "inner", "weighting": "linear", "sign": "negative"},
    {"context": "output", "weighting": "softmax", "temperature": 0.5},
    {"windows": (2, 4, 0), "decay": 0.5, "weighting": "exp", "sign": "magnitude"},
]


@pytest.mark.parametrize("choices", OPTIONS, ids=lambda c: "-".join(map(str, c.values())))
def test_options(choices):
    """Of a model with both kinds of site."""

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            torch.manual_seed(0)
            self.table = torch.nn.Embedding(torch_models.VOCABULARY, 8)
            self.first, self.second = torch.nn.Linear(8, 12), torch.nn.Linear(12, 10)

        def forward(self, ids):
            return self.second(torch.tanh(self.first(self.table(ids))))

    case = CASES["encoder"]
    ours = Network()
    theirs = copy.deepcopy(ours)
    optimizer, reference_optimizer = (OPTIMIZERS["sgd_momentum"](m) for m in (ours, theirs))
    step = cegm.torch.entangle(
        ours, case.loss, optimizer, case.batch(0), strength=0.3, **choices
    )
    for number in range(2):
        batch = case.batch(number)
        wanted, _ = hooked_reference.step(
            theirs, case.loss, reference_optimizer, batch, strength=0.3, **choices
        )
        assert error(step(batch), wanted) < 2e-6
        assert_same(state_of(ours, optimizer), state_of(theirs, reference_optimizer), 2e-5)


def assert_audits(metrics, audits) -> None:
    """The same parameters with the same uses, in whichever order."""
    assert set(metrics) == set(audits)
    for name, uses in audits.items():
        for key in uses[0]:
            torch.testing.assert_close(
                metrics[name][key].double().sort().values,
                torch.tensor([use[key] for use in uses], dtype=torch.float64).sort().values,
                rtol=5e-4,
                atol=5e-6,
                msg=lambda text: f"{name} {key}: {text}",
            )
