"""The calling convention of an exported step: which tensor is which input.

The inputs of a step are, in this order, the parameters and buffers of the
model, the state of the optimizer, its scalars, and the tensors of a batch. The
results are the new parameters, buffers and state, and the loss.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import torch
from torch.utils import _pytree as pytree

from cegm.torch._optimizers import Rule, Tensors, make_rule, wide


class Slot(NamedTuple):
    """What one input of a step looks like."""

    shape: tuple[int, ...]
    dtype: torch.dtype


@dataclasses.dataclass(frozen=True)
class Group:
    """A parameter group of the optimizer.

    `names` are its trained parameters; `dtype` is the type of its scalars.
    """

    index: int
    rule: Rule
    names: tuple[str, ...]
    dtype: torch.dtype

    def scalar_name(self, key: str) -> str:
        return f"optimizer.param_groups[{self.index}]['{key}']"


class Training:
    """A model with its optimizer, as named tensors that can be read and set."""

    def __init__(self, model: torch.nn.Module, optimizer: torch.optim.Optimizer):
        self.model, self.optimizer = model, optimizer
        self.parameters: dict[str, torch.nn.Parameter] = dict(model.named_parameters())
        self.buffers: dict[str, torch.Tensor] = dict(model.named_buffers())
        names = {id(p): name for name, p in self.parameters.items()}
        self.groups: list[Group] = []
        for index, options in enumerate(optimizer.param_groups):
            for position, p in enumerate(options["params"]):
                if id(p) not in names:
                    raise ValueError(
                        f"optimizer: parameter {position} of group {index}, of shape "
                        f"{tuple(p.shape)}, is not a parameter of the model"
                    )
            trained = [p for p in options["params"] if p.requires_grad]
            dtype = max((wide(p.dtype) for p in trained), key=lambda d: d.itemsize, default=None)
            if dtype is not None:
                rule = make_rule(optimizer, options)
                where = tuple(names[id(p)] for p in trained)
                self.groups.append(Group(index, rule, where, dtype))
        if not self.groups:
            raise ValueError("optimizer: none of its parameters requires a gradient")
        self._traits = self._read_traits()

    def _read_traits(self) -> dict[str, Any]:
        """What a compiled step takes for granted, by a name for it."""
        groups = len(self.optimizer.param_groups)
        traits: dict[str, Any] = {"the number of parameter groups": groups}
        for name, module in self.model.named_modules():
            traits[f"{name or 'model'}.training"] = module.training
        for name, p in self.model.named_parameters():
            traits[f"{name}.requires_grad"] = p.requires_grad
            traits[f"the identity of {name}"] = id(p)
        for name, buffer in self.model.named_buffers():
            traits[f"the identity of {name}"] = id(buffer)
        for group in self.groups:
            params = self.optimizer.param_groups[group.index]["params"]
            traits[f"the number of parameters of group {group.index}"] = len(params)
        return traits

    @property
    def trained(self) -> list[str]:
        """The parameters that the optimizer updates."""
        return [name for group in self.groups for name in group.names]

    @staticmethod
    def state_name(parameter: str, key: str) -> str:
        """The name of a tensor of the optimizer's state."""
        return f"optimizer.state['{parameter}']['{key}']"

    def slots(self) -> dict[str, Slot]:
        """All inputs but the batch, in their order."""
        held = self.parameters | self.buffers
        slots = {name: Slot(tuple(t.shape), t.dtype) for name, t in held.items()}
        for group in self.groups:
            for name in group.names:
                for key in group.rule.state:
                    slots[self.state_name(name, key)] = slots[name]
        for group in self.groups:
            steps = ("step",) if group.rule.counts_steps else ()
            for key in (*steps, *group.rule.inputs):
                slots[group.scalar_name(key)] = Slot((), group.dtype)
        return slots

    def results(self) -> list[str]:
        """The inputs that have a result: all but the hyperparameters."""
        given = {g.scalar_name(key) for g in self.groups for key in g.rule.inputs}
        return [name for name in self.slots() if name not in given]

    def positions(self) -> list[int]:
        """Where the parameters and buffers are among the inputs.

        Whatever comes of a parameter with these, frozen ones and masks too, is a
        weight; all other inputs are data, whatever their types.
        """
        return list(range(len(self.parameters) + len(self.buffers)))

    def read(self, unused: frozenset[str]) -> Tensors:
        """All inputs but the batch, by name.

        State that the optimizer does not hold yet is zero. `unused` are trained
        parameters without a gradient, which PyTorch keeps no state of.
        """
        tensors: Tensors = {name: p.detach() for name, p in self.parameters.items()}
        tensors |= self.buffers
        for group in self.groups:
            for name in group.names:
                p = self.parameters[name]
                for key in group.rule.state:
                    held = self.optimizer.state.get(p, {}).get(key)
                    tensors[self.state_name(name, key)] = (
                        torch.zeros_like(p) if held is None else held
                    ).detach()
        for group in self.groups:
            for key, value in self._read_scalars(group, unused).items():
                tensors[group.scalar_name(key)] = torch.tensor(value, dtype=group.dtype)
        return tensors

    def _read_scalars(self, group: Group, unused: frozenset[str]) -> dict[str, float]:
        options = self.optimizer.param_groups[group.index]
        scalars = {}
        if group.rule.counts_steps:
            scalars["step"] = self._common(group, unused, "step", lambda step: float(step or 0))
        for key in group.rule.inputs:
            scalars[key] = float(options[key])
        if "dampening" in scalars and not self._common(
            group, unused, "momentum_buffer", lambda buffer: buffer is not None
        ):
            scalars["dampening"] = 0.0
        return scalars

    def _common(
        self, group: Group, unused: frozenset[str], key: str, read: Callable[[Any], float]
    ) -> float:
        """A fact about the state that the parameters of a group must agree on."""
        values: dict[float, str] = {}
        for name in group.names:
            if name not in unused:
                state = self.optimizer.state.get(self.parameters[name], {})
                values.setdefault(read(state.get(key)), name)
        if len(values) > 1:
            (low, first), *_, (high, last) = sorted(values.items())
            raise ValueError(
                f"optimizer: the parameters of group {group.index} do not agree on '{key}' "
                f"of the state ({first}: {low:g}, {last}: {high:g}), as some have taken more "
                "steps than others: put them into groups of their own"
            )
        return next(iter(values), 0.0)

    def check_unchanged(self) -> None:
        """Raises where something changed that the step holds as a constant."""
        traits = self._read_traits()
        for name in self._traits | traits:
            was, now = self._traits.get(name), traits.get(name)
            if was != now:
                values = "" if "identity" in name else f" from {was} to {now}"
                raise ValueError(
                    f"{name} changed{values} since the step was compiled: call "
                    "cegm.torch.entangle for a step of its own"
                )
        for group in self.groups:
            options = self.optimizer.param_groups[group.index]
            for key, value in group.rule.options.items():
                if options[key] != value:
                    raise ValueError(
                        f"optimizer option {key} of group {group.index} was {value} when the "
                        f"step was compiled and is {options[key]} now; only the learning rate "
                        "may change"
                    )

    @torch.no_grad()
    def write(self, results: Mapping[str, torch.Tensor], unused: frozenset[str]) -> None:
        """Sets parameters, buffers and state in place.

        Parameters without a gradient, `unused`, are left as PyTorch leaves them.
        """
        for name in self.trained:
            if name not in unused:
                self.parameters[name].copy_(results[name])
        for name, buffer in self.buffers.items():
            buffer.copy_(results[name])
        for group in self.groups:
            for name in group.names:
                if name not in unused:
                    self._write_state(group, name, results)
        # What `Optimizer.step` leaves for schedulers, which else warn of their order.
        self.optimizer._opt_called = True

    def _write_state(self, group: Group, name: str, results: Mapping[str, torch.Tensor]) -> None:
        p = self.parameters[name]
        state = self.optimizer.state[p]
        for key in group.rule.state:
            if state.get(key) is None:
                state[key] = torch.empty_like(p, memory_format=torch.preserve_format)
            state[key].copy_(results[self.state_name(name, key)])
        if group.rule.counts_steps:
            if state.get("step") is None:
                state["step"] = torch.tensor(0.0, dtype=torch.get_default_dtype())
            state["step"].copy_(results[group.scalar_name("step")])


@dataclasses.dataclass(frozen=True)
class BatchLayout:
    """The structure of a batch: a pytree whose leaves are tensors and constants."""

    tree: pytree.TreeSpec
    names: tuple[str, ...]
    examples: tuple[Any, ...]
    """Tensors of the `meta` device, which have a shape and a type only, or constants."""

    @staticmethod
    def of(batch: Any) -> BatchLayout:
        paths, tree = pytree.tree_flatten_with_path(plain(batch))
        for path, leaf in paths:
            if not isinstance(leaf, (torch.Tensor, *_CONSTANTS)):
                raise TypeError(
                    f"batch{pytree.keystr(path)} is of {type(leaf).__module__}."
                    f"{type(leaf).__qualname__}, expected tensors, numbers, strings and None, "
                    "in tuples, lists and dicts"
                )
        examples = tuple(
            leaf.to("meta") if isinstance(leaf, torch.Tensor) else leaf for _, leaf in paths
        )
        return BatchLayout(tree, tuple("batch" + pytree.keystr(p) for p, _ in paths), examples)

    def slots(self) -> dict[str, Slot]:
        """The tensors of a batch, in their order."""
        return {
            name: Slot(tuple(example.shape), example.dtype)
            for name, example in zip(self.names, self.examples)
            if isinstance(example, torch.Tensor)
        }

    def tensors(self, batch: Any) -> Tensors:
        """The tensors of a batch by name.

        Raises ValueError where its structure, a shape, a type or a constant is
        not that of the example.
        """
        leaves, tree = pytree.tree_flatten(plain(batch))
        if tree != self.tree:
            raise ValueError(
                f"the batch has the structure {tree}, the step was exported for {self.tree}"
            )
        tensors = {}
        for name, leaf, example in zip(self.names, leaves, self.examples):
            got, wanted = _described(leaf), _described(example)
            if got != wanted:
                raise ValueError(
                    f"{name} is {got}, the step was exported for {wanted}: call "
                    "cegm.torch.entangle with such a batch for a step of its own"
                )
            if isinstance(leaf, torch.Tensor):
                tensors[name] = leaf.detach()
        return tensors

    def join(self, tensors: Mapping[str, torch.Tensor]) -> Any:
        """A batch of these tensors and the constants of the example."""
        leaves = [
            tensors[name] if isinstance(example, torch.Tensor) else example
            for name, example in zip(self.names, self.examples)
        ]
        return pytree.tree_unflatten(leaves, self.tree)


# What a batch may hold beside tensors.
_CONSTANTS = (bool, int, float, complex, str, bytes, type(None), enum.Enum, torch.dtype)


def plain(batch: Any) -> Any:
    """The batch with every mapping as a dict, as tokenizers return others."""
    if isinstance(batch, Mapping):
        return {key: plain(value) for key, value in batch.items()}
    if type(batch) in (tuple, list):
        return type(batch)(map(plain, batch))
    return batch


def _described(leaf: Any) -> str:
    if isinstance(leaf, torch.Tensor):
        kind = str(leaf.dtype).removeprefix("torch.")
        return f"a tensor of {kind} of shape {tuple(leaf.shape)}"
    return f"the constant {leaf!r}"
