"""The interface of `cegm.torch` on small models: optimizers, buffers, errors."""

import copy
import inspect
import sys

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
pytest.importorskip("torch_mlir.fx", reason="torch-mlir is not installed")
pytest.importorskip("iree.compiler", reason="IREE's compiler is not installed")
pytest.importorskip("iree.runtime", reason="IREE's runtime is not installed")

from torch import nn

import cegm
import cegm.torch
from cegm.torch import _engine
from torch_comparison import assert_same, eager_step, error, state_nearby, state_of


class Network(nn.Module):
    """Two layers with a batch norm between, a frozen layer and an unused one."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.first = nn.Linear(4, 6, bias=False)
        self.norm = nn.BatchNorm1d(6)
        self.second = nn.Linear(6, 3)
        self.frozen = nn.Linear(3, 3).requires_grad_(False)
        self.unused = nn.Linear(2, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = self.norm(self.first(x).transpose(1, 2)).transpose(1, 2)
        return self.frozen(self.second(torch.tanh(hidden)))


def loss(model: nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    return ((model(batch["x"]) - batch["y"]) ** 2).mean()


def make_batch(number: int) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(number)
    return {
        "x": torch.randn(2, 5, 4, generator=generator),
        "y": torch.randn(2, 5, 3, generator=generator),
    }


def groups(model: nn.Module, **second) -> list[dict]:
    """Two parameter groups, the second with options of its own."""
    last = list(model.second.parameters())
    others = [p for p in model.parameters() if all(p is not q for q in last)]
    return [{"params": others}, {"params": last, **second}]


SGD, Adam, AdamW = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
OPTIMIZERS = {
    "sgd": lambda m: SGD(m.parameters(), 0.1),
    "sgd_dampened": lambda m: SGD(
        m.parameters(), 0.1, momentum=0.9, dampening=0.2, weight_decay=0.01
    ),
    "sgd_nesterov_groups": lambda m: SGD(
        groups(m, lr=0.02, weight_decay=0.1), 0.1, momentum=0.8, nesterov=True
    ),
    "adam": lambda m: Adam(m.parameters(), 1e-2, weight_decay=0.1),
    "adam_amsgrad_maximize": lambda m: Adam(m.parameters(), 1e-2, amsgrad=True, maximize=True),
    "adamw_groups": lambda m: AdamW(groups(m, lr=1e-3, weight_decay=0.2), 1e-2, betas=(0.8, 0.9)),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_follow_eager(name):
    """With a learning rate that a scheduler changes, and a step of PyTorch's midway.

    Each step starts from one state, so that rounding does not grow.
    """
    ours = Network()
    optimizer = OPTIMIZERS[name](ours)
    step = cegm.torch.entangle(ours, loss, optimizer, make_batch(0), strength=0.0)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.7)
    for number in range(4):
        batch = make_batch(number)
        eager, eager_optimizer = copy.deepcopy((ours, optimizer))
        nearby = state_nearby(
            eager, eager_optimizer, lambda m, o: eager_step(m, loss, o, batch)
        )
        wanted = eager_step(eager, loss, eager_optimizer, batch)
        got = eager_step(ours, loss, optimizer, batch) if number == 2 else step(batch)
        schedule.step()
        assert error(got, wanted) < 1e-5
        wanted_state = state_of(eager, eager_optimizer)
        assert_same(state_of(ours, optimizer), wanted_state, 2e-5, nearby)


def test_bfloat16_follows_eager():
    """Within a few roundings of the type, 2 ** -8 each."""

    def typed(number):
        return {key: value.bfloat16() for key, value in make_batch(number).items()}

    eager = linear_pair().bfloat16()
    ours = copy.deepcopy(eager)
    eager_optimizer, optimizer = (AdamW(m.parameters(), 1e-2) for m in (eager, ours))
    step = cegm.torch.entangle(ours, loss, optimizer, typed(0), strength=0.0)
    for number in range(2):
        wanted = eager_step(eager, loss, eager_optimizer, typed(number))
        assert error(step(typed(number)), wanted) < 2e-2
        assert_same(state_of(ours, optimizer), state_of(eager, eager_optimizer), 2e-2)


def test_double_precision_is_refused_where_it_would_be_lost():
    model, batch = linear().double(), {k: v.double() for k, v in make_batch(0).items()}
    assert "xf64>" in cegm.torch.export_train_step(model, loss, sgd(model), batch)
    with pytest.raises(NotImplementedError, match="weight is of float64"):
        cegm.torch.entangle(model, loss, sgd(model), batch)


@pytest.fixture(scope="module")
def compiled():
    """A step with `strength_arg`, and what it was made from."""
    model = Network()
    optimizer = OPTIMIZERS["adam"](model)
    step = cegm.torch.entangle(
        model, loss, optimizer, make_batch(0), strength_arg=True, audit=True
    )
    return model, optimizer, step


def test_the_audit_names_parameters(compiled):
    _, _, step = compiled
    value, metrics = step(make_batch(0), strength=0.2)
    assert value.shape == ()
    assert set(metrics) == {"first.weight", "second.weight"}
    assert metrics["second.weight"]["active"].tolist() == [10.0]
    assert metrics["second.weight"]["weight_maximum"] > 1


def test_explain_tells_frozen_parameters(compiled):
    _, _, step = compiled
    records = {record.parameter: record for record in step.explain()}
    assert records["first.weight"].is_site and records["second.weight"].is_site
    assert records["first.weight"].token_shape == (2, 5)
    assert records["frozen.weight"].code == "not-updated"
    assert records["second.bias"].code == "no-contraction"


def test_explain_says_where_in_the_model_a_site_is(compiled):
    """The line of the forward pass, though the products stand in the backward pass."""
    _, _, step = compiled
    lines, first = inspect.getsourcelines(Network.forward)
    places = {
        name: first + next(i for i, line in enumerate(lines) if f"self.{name}(" in line)
        for name in ("first", "second")
    }
    records = {record.parameter: record for record in step.explain()}
    for name, line in places.items():
        assert records[f"{name}.weight"].location == f"{__file__}:{line}"


def test_other_shapes_are_refused(compiled):
    _, _, step = compiled
    batch = make_batch(0)
    with pytest.raises(ValueError, match=r"batch\['x'\] is .*\(2, 4, 4\).* exported for .*\(2, 5, 4\)"):
        step({**batch, "x": batch["x"][:, :4]})
    with pytest.raises(ValueError, match="float64"):
        step({**batch, "y": batch["y"].double()})
    with pytest.raises(ValueError, match="structure"):
        step((batch["x"], batch["y"]))


def test_changes_that_the_step_would_not_see_are_refused(compiled):
    model, optimizer, step = compiled
    optimizer.param_groups[0]["weight_decay"] = 0.3
    with pytest.raises(ValueError, match="weight_decay of group 0 was 0.1 .* is 0.3"):
        step(make_batch(0))
    optimizer.param_groups[0]["weight_decay"] = 0.1
    model.norm.eval()
    with pytest.raises(ValueError, match="norm.training changed from True to False"):
        step(make_batch(0))
    model.norm.train()
    model.frozen.weight.requires_grad_(True)
    with pytest.raises(ValueError, match="frozen.weight.requires_grad changed"):
        step(make_batch(0))
    model.frozen.weight.requires_grad_(False)
    held = model.second.weight
    model.second.weight = nn.Parameter(torch.zeros(3, 6))
    with pytest.raises(ValueError, match="identity of second.weight changed"):
        step(make_batch(0))
    model.second.weight = held


def test_states_that_do_not_agree_are_refused(compiled):
    model, optimizer, step = compiled
    step(make_batch(0))
    held = optimizer.state.pop(model.second.bias)
    with pytest.raises(ValueError, match="do not agree on 'step' .*second.bias: 0"):
        step(make_batch(0))
    optimizer.state[model.second.bias] = held
    step(make_batch(0))


def test_the_mode_audit_leaves_the_step_alone():
    models = [linear_pair() for _ in range(2)]
    steps = [
        cegm.torch.entangle(m, loss, SGD(m.parameters(), 0.1), make_batch(0), **options)
        for m, options in zip(models, ({"strength": 0.0}, {"mode": "audit", "strength": 0.3}))
    ]
    value = steps[0](make_batch(0))
    audited, metrics = steps[1](make_batch(0))
    assert torch.equal(value, audited)
    assert metrics["2.weight"]["weight_maximum"] > 1
    for plain, other in zip(models[0].parameters(), models[1].parameters()):
        assert error(other.detach(), plain.detach()) < 1e-6


def test_strength_needs_strength_arg():
    model = nn.Linear(4, 3)
    step = cegm.torch.entangle(
        model, loss, SGD(model.parameters(), 0.1), make_batch(0), strength=0.2, context="output"
    )
    with pytest.raises(TypeError, match="strength_arg"):
        step(make_batch(0), strength=0.1)


def test_data_of_a_parameters_type_is_data():
    """Without the names of parameters, `x` would be taken for one."""
    model = linear_pair()
    batch = {"x": torch.randn(6, 4), "y": torch.randn(6, 3)}
    step = cegm.torch.entangle(model, loss, SGD(model.parameters(), 0.1), batch)
    sites = [r.parameter for r in step.explain() if r.is_site]
    assert sites == ["0.weight", "2.weight"]


class Branching(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 3)

    def forward(self, x):
        y = self.layer(x)
        return y if x.sum() > 0 else -y


class Selecting(Branching):
    def forward(self, x):
        return self.layer(x[x[..., 0] > 0])


def selecting_loss(model, batch):
    return model(batch["x"]).mean()


def first_loss(model, batch):
    return model(batch["x"]).mean(0)


def constant_loss(model, batch):
    return batch["x"].mean()


def python_loss(model, batch):
    return 3.0


def linear() -> nn.Module:
    return nn.Linear(4, 3)


def linear_pair() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))


def sgd(model):
    return SGD(model.parameters(), 0.1)


def foreign(model):
    return SGD(nn.Linear(4, 3).parameters(), 0.1)


def frozen(model):
    return SGD(model.requires_grad_(False).parameters(), 0.1)


def differentiable(model):
    return SGD(model.parameters(), 0.1, differentiable=True)


def rmsprop(model):
    return torch.optim.RMSprop(model.parameters(), 0.1)


class Sampling(Branching):
    def forward(self, x):
        return self.layer(x[:, torch.randperm(5)])


@pytest.mark.parametrize(
    "make, loss_fn, optimizer, exception, words",
    [
        (Branching, loss, sgd, ValueError, r"depend on values of its inputs.*steps.py:\d+\. "),
        (Selecting, selecting_loss, sgd, ValueError, "depend on values of its inputs"),
        (Sampling, loss, sgd, NotImplementedError, r"numbers by aten.randperm.*, at .*py:\d+"),
        (linear, first_loss, sgd, ValueError, "expected a scalar.*shape"),
        (linear, constant_loss, sgd, ValueError, "depends on no trained parameter"),
        (linear, python_loss, sgd, TypeError, "expected a scalar tensor, got float"),
        (linear, loss, foreign, ValueError, "is not a parameter of the model"),
        (linear, loss, frozen, ValueError, "none of its parameters requires a gradient"),
        (linear, loss, differentiable, NotImplementedError, "differentiable=True"),
        (linear, loss, rmsprop, NotImplementedError, "expected torch.optim.SGD.*RMSprop"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_errors_of_the_export(make, loss_fn, optimizer, exception, words):
    model = make()
    with pytest.raises(exception, match=words):
        cegm.torch.export_train_step(model, loss_fn, optimizer(model), make_batch(0))


def test_an_unknown_dialect_is_refused():
    model = linear()
    with pytest.raises(ValueError, match="expected one of stablehlo, linalg-on-tensors"):
        cegm.torch.export_train_step(model, loss, sgd(model), make_batch(0), dialect="tosa")


def test_an_unknown_option_is_refused():
    model = linear()
    with pytest.raises(cegm.CegmError, match="no-such-option"):
        cegm.torch.entangle(model, loss, sgd(model), make_batch(0), no_such_option=1)


@pytest.mark.parametrize("missing, package", [
    ("torch_mlir.fx", "torch-mlir"),
    ("iree.compiler", "iree-base-compiler"),
])
def test_missing_packages_are_named(monkeypatch, missing, package):
    model = linear()
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ImportError, match=f"pip install .*{package}"):
        cegm.torch.entangle(model, loss, sgd(model), make_batch(0), context="output")


def test_the_export_leaves_the_model_alone():
    model = Network()
    optimizer = OPTIMIZERS["adam"](model)
    before = copy.deepcopy(state_of(model, optimizer))
    text = cegm.torch.export_train_step(model, loss, optimizer, make_batch(0))
    assert_same(state_of(model, optimizer), before, 0.0)
    assert not optimizer.state
    for name, _ in model.named_parameters():
        assert f'loc("{name}")' in text
    assert "optimizer.state['first.weight']['exp_avg']" in text
    # The weights are arguments, not constants.
    assert len(text) < 100_000


IDENTITY = """
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
"""


def test_a_step_that_iree_refuses_is_compiled_with_other_options(monkeypatch):
    refused, taken = ["--no-such-option"], []
    monkeypatch.setattr(_engine, "_LEVELS", (refused, taken))
    x = torch.randn(2)
    assert torch.equal(_engine.Executable(IDENTITY)([x])[0], x)
    monkeypatch.setattr(_engine, "_LEVELS", (refused, refused))
    with pytest.raises(RuntimeError, match="IREE cannot compile the step.*(?s:.)*no-such-option"):
        _engine.Executable(IDENTITY)
