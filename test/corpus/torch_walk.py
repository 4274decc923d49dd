"""The sites that a PyTorch step should have, from the exported graph of its loss.

The same rule as for JAX, on the graph that `torch.export` makes of model and loss,
before any decomposition: `linear`, `matmul`, `addmm` and `embedding` are still what the
module called. No gradient is in it.
"""

from collections.abc import Callable
from typing import Any

import torch

from corpus.expected import Expected, resolve
from corpus.walk import Mark, Source, Walk, join

aten = torch.ops.aten

# The positions of data and weight among the operands of each product.
_PRODUCTS = {
    aten.linear.default: (0, 1),
    aten.matmul.default: (0, 1),
    aten.mm.default: (0, 1),
    aten.addmm.default: (1, 2),
}
_CONVOLUTIONS = {aten.conv1d.default, aten.conv2d.default, aten.convolution.default}
_VIEWS = {aten.view.default, aten.reshape.default, aten._unsafe_view.default}


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
    numbers = {name: i for i, (name, _) in enumerate(model.named_parameters())}
    trained = {name for name, p in model.named_parameters() if p.requires_grad}
    signature = program.graph_signature
    parameters = {
        node: name.removeprefix("model.")
        for node, name in signature.inputs_to_parameters.items()
    }
    walk = _TorchWalk()
    for node in program.graph.nodes:
        if node.op == "placeholder":
            name = parameters.get(node.name)
            source = Source(numbers[name]) if name in trained else None
            walk.marks[node] = walk.argument(node.name in signature.user_inputs, source)
        elif node.op == "call_function":
            walk.visit(node)
    (result,) = (node for node in program.graph.nodes if node.op == "output")
    (output,) = result.args[0]
    return resolve(walk.uses, walk.marks[output], list(numbers))


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
        # A flattened batch and sequence, as a user's `x.view(-1, d)` makes it.
        source = data
        while source.target in _VIEWS:
            source = source.args[0]
            if source.meta["val"].shape[-1] == data.meta["val"].shape[-1]:
                tokens = source.meta["val"].shape[:-1]
        return self._use_if(mark, "dense", weight, data, tokens)

    def _use_if(self, mark: Mark, kind: str, weight, data, tokens) -> Mark:
        weight, data = self.marks[weight], self.marks[data]
        if not (weight.weight_like and data.data):
            return mark
        self.path = (len(self.uses),)
        return self.use(mark, kind, weight, data, tuple(tokens))
