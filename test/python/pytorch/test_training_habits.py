"""What training programs do beside a loss: dropout, clipping, schedules, odd batches."""

import copy
import dataclasses
import warnings

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
pytest.importorskip("torch_mlir.fx", reason="torch-mlir is not installed")
pytest.importorskip("iree.compiler", reason="IREE's compiler is not installed")
pytest.importorskip("iree.runtime", reason="IREE's runtime is not installed")

from torch import nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

import cegm.torch
from torch_comparison import assert_same, error, state_of


def layers() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))


def loss(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
    return (model(x) ** 2).mean()


class Noisy(nn.Module):
    """Adds to the product of a layer the sums of `noise`, drawn as usual and recomputed.

    The loss is linear in `noise`, whose gradient is so the numbers that were drawn.
    """

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 3)
        self.noise = nn.Parameter(torch.ones(5, 2000))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows = [
            functional.dropout(self.noise[0], 0.3),
            checkpoint(functional.dropout, self.noise[1], 0.3, use_reentrant=False),
            self.noise[2] * torch.randn(2000),
            self.noise[3] * torch.rand_like(self.noise[3]),
            self.noise[4] * torch.randint(3, 8, (2000,)),
        ]
        return self.layer(x), torch.stack(rows).sum()


def noisy_loss(model: Noisy, x: torch.Tensor) -> torch.Tensor:
    y, noise = model(x)
    return (y**2).mean() * 0 + noise


def test_random_numbers():
    model = Noisy()
    optimizer = torch.optim.SGD(model.parameters(), 1.0)
    x = torch.randn(5, 4)
    step = cegm.torch.entangle(model, noisy_loss, optimizer, x)
    assert any(record.is_site for record in step.explain())

    def drawn() -> torch.Tensor:
        with torch.no_grad():
            model.noise.fill_(1.0)
        value = step(x)
        numbers = 1.0 - model.noise.detach()
        # The backward pass has the numbers of the forward pass.
        assert error(value, numbers.sum()) < 1e-5
        return numbers

    torch.manual_seed(3)
    first, second = drawn(), drawn()
    torch.manual_seed(3)
    # A seed gives the same numbers; the others share nothing.
    assert torch.equal(drawn(), first)
    shared = torch.corrcoef(torch.cat([first, second])) - torch.eye(10)
    assert shared.abs().max() < 0.09
    for numbers in (first, second):
        for dropped in numbers[:2]:
            assert error(dropped.unique(), torch.tensor([0.0, 1 / 0.7])) < 1e-5
            assert abs((dropped == 0).float().mean() - 0.3) < 0.04
        normal, uniform, integers = numbers[2:]
        assert abs(normal.mean()) < 0.1 and abs(normal.std() - 1) < 0.06
        assert abs((normal.abs() < 1).float().mean() - 0.683) < 0.04
        assert 0 <= uniform.min() and uniform.max() < 1 and abs(uniform.mean() - 0.5) < 0.03
        assert integers.round().unique().tolist() == [3, 4, 5, 6, 7]


def test_a_layer_that_drops_activations_follows_its_mask():
    """The mask shows in the gradient of the last bias, and tells the whole step."""

    class Dropping(nn.Module):
        def __init__(self):
            super().__init__()
            torch.manual_seed(0)
            self.first, self.second = nn.Linear(4, 6), nn.Linear(6, 8, bias=False)
            self.mask = nn.Parameter(torch.ones(5, 6))

        def forward(self, x):
            return self.second(functional.dropout(self.first(x) * self.mask, 0.4, self.training))

    ours = Dropping()
    theirs = copy.deepcopy(ours)
    optimizer = torch.optim.SGD(ours.parameters(), 0.1)
    x = torch.randn(5, 4)
    step = cegm.torch.entangle(ours, loss, optimizer, x, strength=0.0)
    value = step(x)
    kept = (ours.mask.detach() != 1).float() / 0.6
    assert 0 < kept.mean() < 1 / 0.6
    hidden = theirs.first(x) * theirs.mask * kept
    wanted = (theirs.second(hidden) ** 2).mean()
    wanted.backward()
    torch.optim.SGD(theirs.parameters(), 0.1).step()
    assert error(value, wanted.detach()) < 1e-5
    for got, right in zip(ours.parameters(), theirs.parameters()):
        assert error(got.detach(), right.detach()) < 1e-5


@pytest.mark.parametrize("max_norm", [0.01, 1e3])
def test_clipped_gradients_follow_eager(max_norm):
    ours, theirs = layers(), layers()
    optimizers = [torch.optim.SGD(m.parameters(), 0.5, momentum=0.9) for m in (ours, theirs)]
    x = torch.randn(7, 4)
    step = cegm.torch.entangle(ours, loss, optimizers[0], x, strength=0.0, max_norm=max_norm)
    for _ in range(2):
        step(x)
        optimizers[1].zero_grad()
        loss(theirs, x).backward()
        nn.utils.clip_grad_norm_(theirs.parameters(), max_norm)
        optimizers[1].step()
    assert_same(state_of(ours, optimizers[0]), state_of(theirs, optimizers[1]), 2e-5)


def test_schedulers_do_not_warn_of_their_order():
    model = layers()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    step = cegm.torch.entangle(model, loss, optimizer, torch.randn(7, 4))
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        step(torch.randn(7, 4))
        schedule.step()
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.01)


@dataclasses.dataclass
class Batch:
    x: torch.Tensor


@pytest.mark.parametrize("batch, words", [
    (Batch(torch.ones(7, 4)), r"batch is of .*\.Batch, expected tensors"),
    ({"x": [np.ones((7, 4))]}, r"batch\['x'\]\[0\] is of numpy.ndarray"),
])
def test_batches_whose_tensors_would_be_constants_are_refused(batch, words):
    model = layers()
    with pytest.raises(TypeError, match=words):
        cegm.torch.export_train_step(
            model, lambda m, b: m(b).mean(), torch.optim.SGD(model.parameters(), 0.1), batch
        )


class Heads(nn.Module):
    """One attention-like layer, its products written as sums of products or as layers."""

    def __init__(self, with_sums: bool, sequence_first: bool):
        super().__init__()
        torch.manual_seed(0)
        self.with_sums, self.sequence_first = with_sums, sequence_first
        self.table = nn.Embedding(11, 6)
        self.split = nn.Parameter(torch.randn(6, 2, 4))
        self.join = nn.Parameter(torch.randn(2, 4, 6))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.table(ids.T if self.sequence_first else ids)
        if self.with_sums:
            x = torch.tanh(torch.einsum("bsd,dhk->bshk", x, self.split))
            x = torch.einsum("bshk,hkd->bsd", x, self.join)
        else:
            x = functional.linear(x, self.split.flatten(1).T)
            x = functional.linear(torch.tanh(x), self.join.flatten(0, 1).T)
        return x.transpose(0, 1) if self.sequence_first else x


@pytest.mark.parametrize("with_sums, sequence_first", [(True, False), (False, True)])
def test_sites_of_other_spellings_have_the_same_windows(with_sums, sequence_first):
    """Those of plain linear layers on a batch of sequences, by what the step leaves."""
    ids = torch.randint(11, (3, 7), generator=torch.Generator().manual_seed(1))
    kinds = {"plain": (False, False), "other": (with_sums, sequence_first)}
    models = {name: Heads(*kind) for name, kind in kinds.items()}
    records = {}
    for name, model in models.items():
        options = {"sequence_length": 7} if name == "other" and sequence_first else {}
        optimizer = torch.optim.SGD(model.parameters(), 0.1)
        step = cegm.torch.entangle(
            model, loss, optimizer, ids, strength=0.5, windows=(1, 3), **options
        )
        step(ids)
        records[name] = {r.parameter: r.token_shape for r in step.explain() if r.is_site}
    assert records["other"] == records["plain"] == dict.fromkeys(
        ("table.weight", "split", "join"), (3, 7)
    )
    for (name, p), q in zip(models["other"].named_parameters(), models["plain"].parameters()):
        assert error(p.detach(), q.detach()) < 1e-5, name
