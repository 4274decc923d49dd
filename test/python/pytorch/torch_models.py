"""Small models of several kinds, each with a loss and batches."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import torch
import transformers
from torch import nn

VOCABULARY = 61


@dataclasses.dataclass(frozen=True)
class Case:
    """A kind of model: how to make one, its loss, and its batches by number."""

    make: Callable[[], nn.Module]
    loss: Callable[[nn.Module, Any], torch.Tensor]
    batch: Callable[[int], Any]


def _tokens(number: int, *shape: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1000 + number)
    return torch.randint(2, VOCABULARY, shape, generator=generator)


def _language_batch(number: int) -> dict[str, torch.Tensor]:
    """Ids and labels `[3, 13]`; the last five positions of one row are padding."""
    ids = _tokens(number, 3, 13)
    mask = torch.ones_like(ids)
    mask[1, 8:] = 0
    labels = ids.masked_fill(mask == 0, -100)
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def _hugging_face_loss(model: nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    return model(**batch, use_cache=False).loss


def _bert_loss(model: nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    return model(**batch).loss


def _gpt2() -> nn.Module:
    return transformers.GPT2LMHeadModel(
        transformers.GPT2Config(
            vocab_size=VOCABULARY, n_positions=24, n_embd=32, n_layer=2, n_head=4,
            resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=0, eos_token_id=1,
        )
    )


def _llama() -> nn.Module:
    return transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=VOCABULARY, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=24,
            bos_token_id=0, eos_token_id=1,
        )
    )


def _bert() -> nn.Module:
    return transformers.BertForMaskedLM(
        transformers.BertConfig(
            vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=1, num_attention_heads=4,
            intermediate_size=48, max_position_embeddings=24, hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    )


def _t5() -> nn.Module:
    return transformers.T5ForConditionalGeneration(
        transformers.T5Config(
            vocab_size=VOCABULARY, d_model=32, d_kv=8, d_ff=48, num_layers=1, num_heads=4,
            dropout_rate=0.0, decoder_start_token_id=0,
        )
    )


def _t5_batch(number: int) -> dict[str, torch.Tensor]:
    """The decoder's sequence is shorter than the encoder's."""
    batch = _language_batch(number)
    return {**batch, "labels": _tokens(500 + number, 3, 7)}


class Classifier(nn.Module):
    """`nn.TransformerEncoder` between an embedding and a linear layer."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(VOCABULARY, 32)
        layer = nn.TransformerEncoderLayer(32, 4, 48, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(32, 10)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.head(self.encoder(self.embed(ids)))


def _classifier_loss(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    ids, classes = batch
    return nn.functional.cross_entropy(model(ids).flatten(0, 1), classes.flatten())


def _classifier_batch(number: int) -> tuple[torch.Tensor, torch.Tensor]:
    return _tokens(number, 3, 13), _tokens(700 + number, 3, 13) % 10


CASES = {
    "gpt2": Case(_gpt2, _hugging_face_loss, _language_batch),
    "llama": Case(_llama, _hugging_face_loss, _language_batch),
    "bert": Case(_bert, _bert_loss, _language_batch),
    "t5": Case(_t5, _hugging_face_loss, _t5_batch),
    "encoder": Case(Classifier, _classifier_loss, _classifier_batch),
}


def make(name: str, seed: int = 0) -> nn.Module:
    """The model of a case, its weights drawn from a seed, in training mode.

    No parameter starts at 0, where relative errors would say nothing.
    """
    torch.manual_seed(seed)
    model = CASES[name].make().train()
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn_like(p), alpha=0.02)
    return model


# The epsilon of `adamw` lies above the rounding of gradients that are exactly zero
# in exact arithmetic, as those of the biases of attention keys: Adam divides them
# by their own size.
OPTIMIZERS: dict[str, Callable[[nn.Module], torch.optim.Optimizer]] = {
    "sgd": lambda m: torch.optim.SGD(m.parameters(), 0.1),
    "sgd_momentum": lambda m: torch.optim.SGD(
        m.parameters(), 0.05, momentum=0.9, dampening=0.1, weight_decay=0.01
    ),
    "sgd_nesterov": lambda m: torch.optim.SGD(
        m.parameters(), 0.05, momentum=0.9, nesterov=True
    ),
    "adam": lambda m: torch.optim.Adam(m.parameters(), 1e-3, weight_decay=0.01),
    "adam_amsgrad": lambda m: torch.optim.Adam(m.parameters(), 1e-3, amsgrad=True),
    "adamw": lambda m: torch.optim.AdamW(m.parameters(), 1e-3, eps=1e-4, weight_decay=0.1),
}
