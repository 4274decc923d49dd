"""Random numbers of a step, as ordinary ops on a seed that is an input of it.

A compiled step has no generator. Each op that draws numbers while the step is traced
is replaced by the generator SplitMix64 (Steele, Lea and Flood, "Fast splittable
pseudorandom number generators") in a form that has no state: each element hashes the
sum of the seed, a number of the op, and a multiple of the element's place. So the
numbers of one seed are always the same, in the backward pass too. They are
distributed as PyTorch's are, but they are others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.utils._python_dispatch import _disable_current_modes

_aten = torch.ops.aten

SEED = "random.seed"
"""The name of the input: an integer scalar."""

# The increment of the generator, and its shifts and multipliers.
_INCREMENT = 0x9E3779B97F4A7C15
_MIXING = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_LAST_SHIFT = 31


class Draws:
    """Decompositions of the ops that draw random numbers.

    `seed` is set to the traced input before the first of them is met.
    """

    seed: torch.Tensor | None = None

    def table(self) -> dict[torch._ops.OperatorBase, Callable[..., Any]]:
        """Decompositions by op."""
        return {
            _aten.bernoulli.default: lambda p, **_: self._bernoulli(p, p),
            _aten.bernoulli.p: lambda x, p, **_: self._bernoulli(x, p),
            _aten.bernoulli_.float: lambda x, p=0.5, **_: x.copy_(self._bernoulli(x, p)),
            _aten.bernoulli_.Tensor: lambda x, p, **_: x.copy_(self._bernoulli(x, p)),
            _aten.native_dropout.default: self._dropout,
            _aten.rand.default: self._new(self._uniform),
            _aten.randn.default: self._new(self._normal),
            _aten.rand_like.default: self._like(self._uniform),
            _aten.randn_like.default: self._like(self._normal),
            _aten.randint.default: lambda high, size, **k: self._new_integers(0, high, size, **k),
            _aten.randint.low: self._new_integers,
            _aten.randint_like.default: lambda x, high, **k: self._integers_like(x, 0, high, **k),
            _aten.randint_like.low_dtype: self._integers_like,
            _aten.uniform_.default: lambda x, low=0.0, high=1.0, **_: x.copy_(
                low + (high - low) * self._uniform(x.shape)
            ),
            _aten.normal_.default: lambda x, mean=0.0, std=1.0, **_: x.copy_(
                mean + std * self._normal(x.shape)
            ),
            _aten.exponential_.default: lambda x, rate=1.0, **_: x.copy_(
                -torch.log1p(-self._uniform(x.shape)) / rate
            ),
        }

    def _bits(self, shape: torch.Size | Sequence[int]) -> torch.Tensor:
        """An integer of 64 random bits for each element.

        An op is told from others by a number of PyTorch's generator, whose state
        `torch.utils.checkpoint` restores before it runs a part again.
        """
        with _disable_current_modes():
            op = int(torch.randint(torch.iinfo(torch.int64).max, ()))
        places = torch.arange(math.prod(shape)).reshape(shape)
        bits = places * _signed(_INCREMENT) + (self.seed + op)
        for shift, multiplier in _MIXING:
            bits = (bits ^ _shifted(bits, shift)) * _signed(multiplier)
        return bits ^ _shifted(bits, _LAST_SHIFT)

    def _uniform(self, shape) -> torch.Tensor:
        """In [0, 1)."""
        return _fraction(self._bits(shape), 40)

    def _normal(self, shape) -> torch.Tensor:
        """By the method of Box and Muller, from two numbers of the same bits."""
        bits = self._bits(shape)
        radius = torch.sqrt(-2 * torch.log1p(-_fraction(bits, 40)))
        return radius * torch.cos(2 * math.pi * _fraction(bits, 16))

    def _bernoulli(self, like: torch.Tensor, p: float | torch.Tensor) -> torch.Tensor:
        return (self._uniform(like.shape) < p).to(like.dtype)

    def _dropout(self, x: torch.Tensor, p: float, train: bool | None):
        if train is False or p == 0:
            return x.clone(), torch.ones_like(x, dtype=torch.bool)
        kept = self._uniform(x.shape) >= p
        return x * kept * (1 / (1 - p) if p < 1 else 0.0), kept

    def _new(self, draw):
        def new(size, *, dtype=None, **_):
            return draw(size).to(dtype or torch.get_default_dtype())

        return new

    def _like(self, draw):
        def like(x, *, dtype=None, **_):
            return draw(x.shape).to(dtype or x.dtype)

        return like

    def _new_integers(self, low, high, size, *, dtype=None, **_):
        # The share of 32 bits that the range has; ranges beyond have a remainder's bias.
        range_, bits = high - low, self._bits(size)
        drawn = _shifted(bits, 32) * range_ >> 32 if range_ < 2**31 else bits % range_
        return (low + drawn).to(dtype or torch.int64)

    def _integers_like(self, x, low, high, *, dtype=None, **_):
        return self._new_integers(low, high, x.shape, dtype=dtype or x.dtype)


def _signed(word: int) -> int:
    """The integer of 64 bits with a sign that has the bits of `word`."""
    return word - 2**64 if word >= 2**63 else word


def _shifted(bits: torch.Tensor, by: int) -> torch.Tensor:
    """Shifted to the right, with zeros from the left."""
    return (bits >> by) & (2 ** (64 - by) - 1)


def _fraction(bits: torch.Tensor, by: int) -> torch.Tensor:
    """24 bits from bit `by` on, as a number in [0, 1) that f32 holds exactly."""
    return ((bits >> by) & (2**24 - 1)).to(torch.float32) * 2.0**-24
