"""Models of Hugging Face transformers through PyTorch, of small random configurations."""

from typing import Any

import torch
import transformers

from corpus.case import case
from corpus.cases.blocks import B, F, S, V
from corpus.cases.with_torch import TorchStep

LIBRARY = "transformers"
WIDTH, HEADS, LAYERS = 12, 2, 2
SPECIAL = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 2}


def language_step(model: torch.nn.Module, **batch: torch.Tensor) -> TorchStep:
    """The step with the loss that the model computes of ids and labels, by AdamW."""

    # Without a mask of their own, some look whether the ids form one sequence.
    batch["attention_mask"] = torch.ones_like(batch["input_ids"])

    def loss(model: torch.nn.Module, batch: dict[str, Any]) -> torch.Tensor:
        return model(**batch).loss

    model.train()
    return TorchStep(model, loss, torch.optim.AdamW(model.parameters()), batch)


def ids(length: int = S) -> torch.Tensor:
    return torch.ones(B, length, dtype=torch.long)


@case(LIBRARY, "GPT-2: fused q, k, v, flattened tokens, tied embedding")
def transformers_gpt2():
    config = transformers.GPT2Config(
        vocab_size=V, n_positions=17, n_embd=WIDTH, n_layer=LAYERS, n_head=HEADS, n_inner=F,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, use_cache=False, **SPECIAL,
    )
    return language_step(transformers.GPT2LMHeadModel(config), input_ids=ids(), labels=ids())


@case(LIBRARY, "Llama: grouped queries, rotary positions, gated MLP")
def transformers_llama():
    config = transformers.LlamaConfig(
        vocab_size=V, hidden_size=WIDTH, intermediate_size=F, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=1, max_position_embeddings=17,
        use_cache=False, **SPECIAL,
    )
    return language_step(transformers.LlamaForCausalLM(config), input_ids=ids(), labels=ids())


@case(LIBRARY, "BERT: three tables that are added, a tied decoder")
def transformers_bert():
    config = transformers.BertConfig(
        vocab_size=V, hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        intermediate_size=F, max_position_embeddings=17, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model = transformers.BertForMaskedLM(config)
    return language_step(model, input_ids=ids(), labels=ids())


@case(LIBRARY, "T5: encoder and decoder, relative positions")
def transformers_t5():
    config = transformers.T5Config(
        vocab_size=V, d_model=WIDTH, d_kv=7, d_ff=F, num_layers=LAYERS, num_heads=HEADS,
        dropout_rate=0.0, decoder_start_token_id=0, use_cache=False,
    )
    model = transformers.T5ForConditionalGeneration(config)
    return language_step(model, input_ids=ids(), labels=ids(S + 2))
