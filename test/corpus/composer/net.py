"""Sizes and layers of the models: what a weight is called, stored and multiplied as."""

import dataclasses
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

ACTIVATIONS: dict[str, Callable[[jax.Array], jax.Array]] = {
    "tanh": jnp.tanh,
    "relu": jax.nn.relu,
    "gelu": jax.nn.gelu,
    "silu": jax.nn.silu,
    "sigmoid": jax.nn.sigmoid,
    "square": lambda x: jnp.square(jnp.maximum(x, 0)),
    "leaky": lambda x: jnp.where(x > 0, x, 0.1 * x),
    "softplus": jax.nn.softplus,
}

# How a product with a weight is written.
PRODUCTS = ("matmul", "einsum", "transposed", "rows")


@dataclasses.dataclass(frozen=True)
class Sizes:
    """`lead` are the dimensions of tokens; `width` goes in, `hidden` between, `out` out."""

    batch: int
    length: int
    width: int
    hidden: int
    out: int
    vocabulary: int
    heads: int
    head: int
    has_sequence: bool = True

    @property
    def lead(self) -> tuple[int, ...]:
        return (self.batch, self.length) if self.has_sequence else (self.batch,)


SIZES = {
    "distinct": Sizes(4, 5, 6, 7, 3, 11, 2, 8),
    "square": Sizes(4, 5, 6, 6, 6, 11, 2, 3),
    "equal": Sizes(4, 4, 4, 4, 4, 4, 2, 2),
    "vectors": Sizes(4, 5, 6, 7, 3, 11, 2, 8, has_sequence=False),
    "square vectors": Sizes(4, 5, 6, 6, 6, 11, 2, 3, has_sequence=False),
}

Layer = Callable[[dict[str, jax.Array], jax.Array], jax.Array]


def f32(*shape: int) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(shape, jnp.float32)


def i32(*shape: int) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(shape, jnp.int32)


class Net:
    """Collects the shapes of the weights while a model is put together."""

    def __init__(self, recipe: Any):
        self.sizes = SIZES[recipe.sizes]
        self.act = ACTIVATIONS[recipe.activation]
        self.depth = recipe.depth
        self.product = recipe.product
        self.has_bias = recipe.bias
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.frozen: set[str] = set()

    def linear(self, name: str, inner: int, outer: int, bias: bool | None = None) -> Layer:
        """A layer `[..., inner] -> [..., outer]`, its weight stored as the recipe says."""
        turned = self.product == "transposed"
        self.shapes[name] = (outer, inner) if turned else (inner, outer)
        with_bias = self.has_bias if bias is None else bias
        if with_bias:
            self.shapes[f"{name}_bias"] = (outer,)

        def apply(p: dict[str, jax.Array], x: jax.Array) -> jax.Array:
            y = self._multiply(x, p[name])
            return y + p[f"{name}_bias"] if with_bias else y

        return apply

    def table(self, name: str, *shape: int) -> None:
        self.shapes[name] = shape

    def _multiply(self, x: jax.Array, w: jax.Array) -> jax.Array:
        if self.product == "transposed":
            return jnp.einsum("...i,oi->...o", x, w)
        if self.product == "einsum":
            return jnp.einsum("...i,io->...o", x, w)
        if self.product == "rows" and x.ndim > 2:
            return (x.reshape(-1, x.shape[-1]) @ w).reshape(*x.shape[:-1], w.shape[-1])
        return x @ w


def normalize(x: jax.Array, scale: jax.Array) -> jax.Array:
    """RMS norm over the last dimension."""
    return x * jax.lax.rsqrt(jnp.mean(x**2, -1, keepdims=True) + 1e-6) * scale


def attend(q: jax.Array, k: jax.Array, v: jax.Array) -> jax.Array:
    """Attention of one head; q, k, v: [..., S, K]."""
    scores = jnp.einsum("...qk,...sk->...qs", q, k) / q.shape[-1] ** 0.5
    return jnp.einsum("...qs,...sk->...qk", jax.nn.softmax(scores), v)
