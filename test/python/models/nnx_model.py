"""A Flax NNX transformer, its state handed to the step as a pytree."""

import jax
from flax import nnx

from models.common import FEATURES, HEADS, VOCABULARY, Model
from models.common import attention_mask, masked_cross_entropy


class Transformer(nnx.Module):
    """One block, RMS norms, a gated MLP."""

    def __init__(self, rngs: nnx.Rngs):
        self.embed = nnx.Embed(VOCABULARY, FEATURES, rngs=rngs)
        self.norm1 = nnx.RMSNorm(FEATURES, rngs=rngs)
        self.attention = nnx.MultiHeadAttention(
            HEADS, FEATURES, use_bias=False, decode=False, rngs=rngs
        )
        self.norm2 = nnx.RMSNorm(FEATURES, rngs=rngs)
        self.gate = nnx.Linear(FEATURES, 24, use_bias=False, rngs=rngs)
        self.up = nnx.Linear(FEATURES, 24, use_bias=False, rngs=rngs)
        self.down = nnx.Linear(24, FEATURES, rngs=rngs)
        self.head = nnx.Linear(FEATURES, VOCABULARY, rngs=rngs)

    def __call__(self, tokens: jax.Array) -> jax.Array:
        x = self.embed(tokens)
        mask = attention_mask(tokens.shape[1])
        x = x + self.attention(self.norm1(x), mask=mask)
        y = self.norm2(x)
        x = x + self.down(nnx.silu(self.gate(y)) * self.up(y))
        return self.head(x)


def transformer() -> Model:
    def init(key: jax.Array):
        model = Transformer(nnx.Rngs(params=key))
        return nnx.to_pure_dict(nnx.state(model, nnx.Param))

    def loss(params, batch):
        template = nnx.eval_shape(lambda: Transformer(nnx.Rngs(0)))
        graph, state, rest = nnx.split(template, nnx.Param, ...)
        nnx.replace_by_pure_dict(state, params)
        model = nnx.merge(graph, state, rest)
        return masked_cross_entropy(model(batch["inputs"]), batch)

    return Model("nnx", init, loss)
