"""PyTorch through torch-mlir: usual modules, and models of Hugging Face."""

import dataclasses
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

import cegm.torch
from corpus.case import case
from corpus.cases.blocks import B, C, D, F, S, V
from corpus.expected import Expected
from corpus.torch_walk import expected_of_module

LIBRARY = "pytorch"


@dataclasses.dataclass(frozen=True)
class TorchStep:
    """The step of `loss(model, batch)` with an optimizer of the model's parameters."""

    model: nn.Module
    loss: Callable[[nn.Module, Any], torch.Tensor]
    optimizer: torch.optim.Optimizer
    batch: Any
    options: dict[str, str] = dataclasses.field(default_factory=dict)

    def text(self) -> str:
        return cegm.torch.export_train_step(self.model, self.loss, self.optimizer, self.batch)

    def expected(self) -> Expected:
        return expected_of_module(self.model, self.loss, self.batch)


def classify(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Cross entropy over the last dimension of the logits."""
    logits = model(batch[0])
    logits = getattr(logits, "logits", logits)
    return nn.functional.cross_entropy(logits.flatten(0, -2), batch[1].flatten())


def tokens() -> tuple[torch.Tensor, torch.Tensor]:
    return torch.zeros(B, S, dtype=torch.long), torch.zeros(B, S, dtype=torch.long)


@case(LIBRARY, "MLP of tokens, SGD with momentum")
def torch_mlp():
    model = nn.Sequential(nn.Linear(D, F), nn.Tanh(), nn.Linear(F, C))
    batch = torch.zeros(B, S, D), torch.zeros(B, S, dtype=torch.long)
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
    return TorchStep(model, classify, optimizer, batch)


class LanguageModel(nn.Module):
    """`nn.TransformerEncoder` with an embedding, a causal mask and a tied head."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(V, D)
        layer = nn.TransformerEncoderLayer(D, 2, F, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(D, V, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        mask = torch.full((ids.shape[1], ids.shape[1]), float("-inf")).triu(1)
        return self.head(self.encoder(self.embed(ids), mask, is_causal=True))


@case(LIBRARY, "nn.TransformerEncoder, tied embedding, AdamW")
def torch_transformer():
    model = LanguageModel()
    return TorchStep(model, classify, torch.optim.AdamW(model.parameters()), tokens())


@case(LIBRARY, "a frozen trunk under a trained head, Adam")
def torch_frozen():
    model = LanguageModel()
    model.head = nn.Linear(D, V)
    model.encoder.requires_grad_(False)
    trained = [p for p in model.parameters() if p.requires_grad]
    return TorchStep(model, classify, torch.optim.Adam(trained), tokens())
