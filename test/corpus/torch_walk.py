"""The sites that a PyTorch step should have, from the exported graph of its loss.

The same rule as for JAX, on the graph that `torch.export` makes of model and loss,
before any decomposition: `linear`, `matmul`, `addmm` and `embedding` are still what the
module called. No gradient is in it.
"""

import math
from collections.abc import Callable
from typing import Any

import torch

from corpus.expected import Expected, resolve
from corpus.marks import Mark, Source, join
from corpus.walk import Walk

aten = torch.ops.aten

# The positions of data and weight among the operands of each product.
_PRODUCTS = {
    aten.linear.default: (0, 1),
    aten.matmul.default: (0, 1),
    aten.mm.default: (0, 1),
    aten.addmm.default: (1, 2),
}
_CONVOLUTIONS = {aten.conv1d.default, aten.conv2d.default, aten.convolution.default}
_VIEWS = {
    aten.view.default,
    aten.reshape.default,
    aten.flatten.using_ints,
    aten.contiguous.default,
    aten.clone.default,
}


class _Loss(torch.nn.Module):
    def __init__(self, model: torch.nn.Module, loss: Callable[..., torch.Tensor]):
        super().__init__()
        self.model = model
        self.loss = loss

    def forward(self, batch: Any) -> torch.Tensor:
        return self.loss(self.model, batch)


def expected_of_module(
    model: torch.nn.Module, loss: Callable[..., torch.Tensor], batch: Any
) -> Expected:
    """What the step of `loss(model, batch)` should report.

    Trained are the parameters that require a gradient; their names are those of
    `named_parameters`, and they are the first arguments of the step.
    """
    program = torch.export.export(_Loss(model, loss), (batch,), strict=False)
    # A parameter under two names has the first of them.
    leaves = list(model.named_parameters())
    numbers = {id(parameter): i for i, (_, parameter) in enumerate(leaves)}
    by_name = dict(model.named_parameters(remove_duplicate=False))
    signature = program.graph_signature
    parameters = {
        node: by_name[name.removeprefix("model.")]
        for node, name in signature.inputs_to_parameters.items()
    }
    walk = _TorchWalk()
    for node in program.graph.nodes:
        if node.op == "placeholder":
            parameter = parameters.get(node.name)
            trained = parameter is not None and parameter.requires_grad
            source = Source(numbers[id(parameter)]) if trained else None
            data = node.name in signature.user_inputs or _is_ids(node)
            walk.marks[node] = walk.argument(data, source)
        elif node.op == "call_function":
            walk.visit(node)
    (result,) = (node for node in program.graph.nodes if node.op == "output")
    (output,) = result.args[0]
    return resolve(walk.uses, walk.marks[output], [name for name, _ in leaves])


def _is_ids(node: torch.fx.Node) -> bool:
    """Whether an argument holds integers: of a buffer, ids as those of a batch are."""
    value = node.meta["val"]
    return isinstance(value, torch.Tensor) and value.ndim > 0 and not value.is_floating_point()


class _TorchWalk(Walk):
    def __init__(self):
        super().__init__()
        self.marks: dict[torch.fx.Node, Mark] = {}

    def visit(self, node: torch.fx.Node) -> None:
        marks = [self.marks[operand] for operand in node.all_input_nodes if operand in self.marks]
        mark = join(marks)
        if node.target is aten.detach.default:
            mark = Mark(mark.data, behind=mark.behind)
        elif node.target in _PRODUCTS:
            data, weight = (node.args[i] for i in _PRODUCTS[node.target])
            mark = self._product(mark, data, weight)
        elif node.target is aten.embedding.default:
            weight, ids = node.args[:2]
            mark = self._use_if(mark, "embedding", weight, ids, ids.meta["val"].shape)
        elif node.target in _CONVOLUTIONS:
            data, weight = node.args[:2]
            mark = self._use_if(mark, "convolution", weight, data, ())
        value = node.meta.get("val")
        if isinstance(value, torch.Tensor) and not value.is_floating_point():
            mark = Mark(mark.data, behind=mark.behind)
        self.marks[node] = mark

    def _product(self, mark: Mark, data: torch.fx.Node, weight: torch.fx.Node) -> Mark:
        tokens = data.meta["val"].shape[:-1]
        # A flattened batch and sequence, as a user's `x.view(-1, d)` makes it, has the
        # dimensions that it is made of.
        source = data
        while source.target in _VIEWS:
            source = source.args[0]
            shape = source.meta["val"].shape
            for rank in range(len(tokens) + 1, len(shape)):
                if math.prod(shape[:rank]) == math.prod(tokens):
                    tokens = shape[:rank]
        return self._use_if(mark, "dense", weight, data, tokens)

    def _use_if(self, mark: Mark, kind: str, weight, data, tokens) -> Mark:
        weight, data = self.marks[weight], self.marks[data]
        if not (weight.weight_like and data.data):
            return mark
        self.path = (len(self.uses),)
        return self.use(mark, kind, weight, data, tuple(tokens))
