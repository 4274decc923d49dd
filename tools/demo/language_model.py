"""A small transformer language model of characters, and text to train it on."""

import dataclasses
import pydoc_data.topics

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax


class Block(nn.Module):
    """Pre-norm causal attention and MLP; x: [batch, sequence, features]."""

    heads: int

    @nn.compact
    def __call__(self, x: jax.Array, mask: jax.Array) -> jax.Array:
        features = x.shape[-1]
        y = nn.LayerNorm()(x)
        x = x + nn.MultiHeadDotProductAttention(self.heads)(y, y, mask=mask)
        y = nn.LayerNorm()(x)
        return x + nn.Dense(features)(nn.gelu(nn.Dense(4 * features)(y)))


class LanguageModel(nn.Module):
    """Logits of the next character; tokens: [batch, sequence]."""

    vocabulary: int
    features: int = 64
    heads: int = 4
    layers: int = 2
    longest: int = 256

    @nn.compact
    def __call__(self, tokens: jax.Array) -> jax.Array:
        positions = self.param(
            "positions", nn.initializers.normal(0.02), (self.longest, self.features)
        )
        x = nn.Embed(self.vocabulary, self.features)(tokens)
        x = x + positions[: tokens.shape[1]]
        mask = nn.make_causal_mask(tokens)
        for _ in range(self.layers):
            x = Block(self.heads)(x, mask)
        return nn.Dense(self.vocabulary, use_bias=False)(nn.LayerNorm()(x))


@dataclasses.dataclass(frozen=True)
class Text:
    """Characters as numbers, the last tenth kept for validation."""

    train: np.ndarray
    valid: np.ndarray
    vocabulary: int

    def batch(self, random: np.random.Generator, size: int, length: int, part="train"):
        """Random pieces `[size, length + 1]`."""
        data = getattr(self, part)
        starts = random.integers(0, len(data) - length - 1, size)
        return np.stack([data[s : s + length + 1] for s in starts])


def python_documentation() -> Text:
    """The help topics that come with Python: half a million characters of English."""
    text = "\n".join(pydoc_data.topics.topics.values())
    characters, numbers = np.unique(list(text), return_inverse=True)
    numbers = numbers.astype(np.int32)
    split = len(numbers) * 9 // 10
    return Text(numbers[:split], numbers[split:], len(characters))


def make_loss(model: LanguageModel):
    """Mean cross entropy of the next character; tokens: [batch, sequence + 1]."""

    def loss(params, tokens):
        logits = model.apply({"params": params}, tokens[:, :-1])
        return optax.softmax_cross_entropy_with_integer_labels(
            logits, tokens[:, 1:]
        ).mean()

    return loss


def make_step(loss, optimizer: optax.GradientTransformation):
    """One update: `(params, state, tokens) -> (params, state, loss)`."""

    def train_step(params, state, tokens):
        value, grads = jax.value_and_grad(loss)(params, tokens)
        updates, state = optimizer.update(grads, state, params)
        return optax.apply_updates(params, updates), state, value

    return train_step
