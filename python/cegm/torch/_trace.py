"""Tracing a whole train step: forward, backward and update in one graph."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch._subclasses.fake_tensor import (
    DataDependentOutputException,
    DynamicOutputShapeException,
    FakeTensorMode,
)
from torch.fx.experimental.proxy_tensor import make_fx
from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode
from torch.nn.attention import SDPBackend, sdpa_kernel

from cegm.torch import _locations
from cegm.torch._calling import BatchLayout, Slot, Training
from cegm.torch._decompositions import while_tracing
from cegm.torch._optimizers import Tensors
from cegm.torch._random import SEED, Draws

Loss = Callable[[torch.nn.Module, Any], torch.Tensor]


class _LossModule(torch.nn.Module):
    """The loss as a module, so that `functional_call` swaps the model's tensors."""

    def __init__(self, model: torch.nn.Module, loss: Loss):
        super().__init__()
        self.model = model
        self._loss = loss

    def forward(self, batch: Any) -> torch.Tensor:
        return self._loss(self.model, batch)


@dataclasses.dataclass(frozen=True)
class Traced:
    """A traced step.

    `inputs` and `results` name the inputs and results of `program`; `unused`
    are the trained parameters that the loss does not depend on.
    """

    program: torch.export.ExportedProgram
    inputs: tuple[str, ...]
    results: tuple[str, ...]
    unused: frozenset[str]


class _Step:
    """The step as a function of a flat list of tensors."""

    def __init__(
        self,
        training: Training,
        loss: Loss,
        layout: BatchLayout,
        names: Sequence[str],
        max_norm: float | None,
    ):
        self.training, self.layout, self.names = training, layout, names
        self.module, self.max_norm = _LossModule(training.model, loss), max_norm
        self.draws = Draws()
        self.results: tuple[str, ...] = ()
        self.unused: frozenset[str] = frozenset()

    def __call__(self, *flat: torch.Tensor) -> list[torch.Tensor]:
        tensors = dict(zip(self.names, flat))
        self.draws.seed = tensors[SEED]
        # The model may write into its buffers; the inputs stay as they are.
        buffers = {name: tensors[name].clone() for name in self.training.buffers}
        loss, gradients = self._differentiate(tensors, buffers)
        with torch.no_grad():
            if self.max_norm is not None:
                gradients = _clipped(gradients, self.max_norm)
            new = tensors | buffers | self._update(tensors, gradients)
        self.results = (*self.training.results(), "loss")
        self.unused = frozenset(self.training.trained) - gradients.keys()
        return [*(new[name] for name in self.training.results()), loss]

    def _differentiate(self, tensors: Tensors, buffers: Tensors) -> tuple[torch.Tensor, Tensors]:
        trained = self.training.trained
        used = {
            name: tensors[name].detach().requires_grad_(name in trained)
            for name in self.training.parameters
        }
        swapped = {"model." + name: tensor for name, tensor in (used | buffers).items()}
        batch = self.layout.join(tensors)
        # Fused attention has a gradient of its own, which hides its products.
        # So have recurrent layers, which are steps in time otherwise.
        plain = torch.backends.mkldnn.flags(enabled=False)
        with torch.enable_grad(), sdpa_kernel(SDPBackend.MATH), plain:
            with _locations.recorded():
                loss = torch.func.functional_call(self.module, swapped, (batch,))
            _check_loss(loss)
            with _locations.led_back(loss):
                gradients = torch.autograd.grad(
                    loss, [used[name] for name in trained], allow_unused=True
                )
        found = {name: g for name, g in zip(trained, gradients) if g is not None}
        for name, gradient in found.items():
            if gradient.layout != torch.strided:
                raise NotImplementedError(
                    f"{name}: expected a dense gradient, got one of {gradient.layout}: make the "
                    "embedding with sparse=False"
                )
        if not found:
            raise ValueError("loss_fn: its result depends on no trained parameter")
        return loss.detach(), found

    def _update(self, tensors: Tensors, gradients: Tensors) -> Tensors:
        """New parameters and state, by name."""
        results: Tensors = {}
        for group in self.training.groups:
            rule = group.rule
            scalars = {key: tensors[group.scalar_name(key)] for key in rule.inputs}
            if rule.counts_steps:
                step = tensors[group.scalar_name("step")] + 1
                scalars["step"] = results[group.scalar_name("step")] = step
            shared = rule.prepare(scalars)
            for name in group.names:
                keys = {key: self.training.state_name(name, key) for key in rule.state}
                state = {key: tensors[full] for key, full in keys.items()}
                new = tensors[name]
                if name in gradients:
                    new, state = rule.update(new, gradients[name], state, shared)
                results[name] = new
                results |= {keys[key]: tensor for key, tensor in state.items()}
        return results


def _clipped(gradients: Tensors, max_norm: float) -> Tensors:
    """As `torch.nn.utils.clip_grad_norm_` leaves them."""
    total = torch.nn.utils.get_total_norm(gradients.values(), foreach=False)
    share = torch.clamp(max_norm / (total + 1e-6), max=1.0)
    return {name: gradient * share.to(gradient.dtype) for name, gradient in gradients.items()}


def _check_loss(loss: Any) -> None:
    if not isinstance(loss, torch.Tensor):
        raise TypeError(f"loss_fn: expected a scalar tensor, got {type(loss).__name__}")
    if loss.dim() != 0 or not loss.is_floating_point():
        raise ValueError(
            f"loss_fn: expected a scalar, got a tensor of {loss.dtype} of shape "
            f"{tuple(loss.shape)}"
        )
    if not loss.requires_grad:
        raise ValueError("loss_fn: its result depends on no trained parameter")


_DATA_DEPENDENT = (
    DataDependentOutputException,
    DynamicOutputShapeException,
    GuardOnDataDependentSymNode,
)


def trace(
    training: Training, loss: Loss, layout: BatchLayout, max_norm: float | None = None
) -> Traced:
    """The step for batches of this layout, as a graph of functional ATen ops."""
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    inputs = training.slots() | layout.slots() | {SEED: Slot((), torch.int64)}
    with mode:
        flat = [torch.empty(slot.shape, dtype=slot.dtype) for slot in inputs.values()]
    step = _Step(training, loss, layout, tuple(inputs), max_norm)
    table = while_tracing() | step.draws.table()
    try:
        # What is drawn while tracing numbers the ops that draw.
        with mode, torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            graph = make_fx(step, table, _allow_non_fake_inputs=True, record_stack_traces=True)(
                *flat
            )
        _locations.keep_the_users(graph.graph)
        _check_deterministic(graph)
        *_, seed = graph.graph.find_nodes(op="placeholder")
        if not seed.users:
            graph.graph.erase_node(seed)
            del inputs[SEED], flat[-1]
        _loosen_views(graph)
        with mode:
            program = torch.export.export(graph, tuple(flat), strict=False)
        _locations.keep_the_users(program.graph)
    except _DATA_DEPENDENT as error:
        raise ValueError(
            "the model's control flow or shapes depend on values of its inputs, so that "
            f"one graph cannot hold it: {str(error).splitlines()[0]}"
            f"{_locations.raised_at(error)}. Choose by torch.where, multiply by masks, or make "
            "what is selected a part of the batch"
        ) from error
    return Traced(program, tuple(inputs), step.results, step.unused)


def _loosen_views(graph: torch.fx.GraphModule) -> None:
    """Replaces views by reshapes: the export may lay out a tensor in another way."""
    for node in graph.graph.find_nodes(op="call_function", target=torch.ops.aten.view.default):
        node.target = torch.ops.aten.reshape.default
    graph.recompile()


def _check_deterministic(graph: torch.fx.GraphModule) -> None:
    """Refuses random numbers that `Draws` has no rule for."""
    for node in graph.graph.nodes:
        tags = getattr(node.target, "tags", ())
        if torch.Tag.nondeterministic_seeded in tags:
            raise NotImplementedError(
                f"the model draws random numbers by {node.target}, for which a compiled "
                f"step has no equivalent{_locations.place(node)}"
            )
