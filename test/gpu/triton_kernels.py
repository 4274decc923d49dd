"""The default formulas of `cegm.entangle` in Triton, to compare times with.

Cosine scores at windows of 1, 16 and 128 positions, `tanh` weights divided by
their mean. Only what the formulas need: rows whose squares leave the range of
f32, tokens that are not finite and gradients that cancel are not provided for,
which is in Triton's favour. Sizes must be multiples of 128 along the sequence.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl


@triton.autotune(
    configs=[
        triton.Config({"BLOCK": block}, num_warps=warps, num_stages=stages)
        for block in (16, 32, 64, 128)
        for warps in (4, 8, 16)
        for stages in (1, 3)
    ],
    key=["features"],
)
@triton.jit
def _score(c_ptr, g_ptr, scores_ptr, features, BLOCK: tl.constexpr):
    """One program takes 128 rows: its tokens, eight windows of 16, one of 128.
    Sums over features are made after the loop."""
    window = tl.arange(0, 8)[:, None, None] * 16
    row = tl.program_id(0).to(tl.int64) * 128 + window + tl.arange(0, 16)[None, :, None]
    column = tl.arange(0, BLOCK)[None, None, :]
    cc = tl.zeros((8, 16, BLOCK), tl.float32)
    gg = tl.zeros((8, 16, BLOCK), tl.float32)
    cg = tl.zeros((8, 16, BLOCK), tl.float32)
    cc16 = tl.zeros((8, BLOCK), tl.float32)
    gg16 = tl.zeros((8, BLOCK), tl.float32)
    cg16 = tl.zeros((8, BLOCK), tl.float32)
    cc128 = tl.zeros((BLOCK,), tl.float32)
    gg128 = tl.zeros((BLOCK,), tl.float32)
    cg128 = tl.zeros((BLOCK,), tl.float32)
    for start in range(0, features, BLOCK):
        at = row * features + start + column
        c = tl.load(c_ptr + at).to(tl.float32)
        g = tl.load(g_ptr + at).to(tl.float32)
        cc += c * c
        gg += g * g
        cg += c * g
        c16 = tl.sum(c, 1)
        g16 = tl.sum(g, 1)
        cc16 += c16 * c16
        gg16 += g16 * g16
        cg16 += c16 * g16
        c128 = tl.sum(c16, 0)
        g128 = tl.sum(g16, 0)
        cc128 += c128 * c128
        gg128 += g128 * g128
        cg128 += c128 * g128
    norms = tl.sqrt(tl.sum(cc, 2)) * tl.sqrt(tl.sum(gg, 2))
    token = tl.where(norms > 0, tl.sum(cg, 2) / norms, 0.0)
    norms16 = tl.sqrt(tl.sum(cc16, 1)) * tl.sqrt(tl.sum(gg16, 1))
    window16 = tl.where(norms16 > 0, tl.sum(cg16, 1) / norms16, 0.0)
    norms128 = tl.sqrt(tl.sum(cc128, 0)) * tl.sqrt(tl.sum(gg128, 0))
    whole = tl.where(norms128 > 0, tl.sum(cg128, 0) / norms128, 0.0)
    place = tl.arange(0, 8)[:, None] * 16 + tl.arange(0, 16)[None, :]
    scores = (token + window16[:, None] + whole) / 3
    tl.store(scores_ptr + tl.program_id(0) * 128 + place, scores)


@triton.jit
def _weigh(scores_ptr, weights_ptr, sums_ptr, strength, tau, BLOCK: tl.constexpr):
    token = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    u = tl.load(scores_ptr + token) / tau
    weight = 1 + strength * (2 * tl.sigmoid(2 * u) - 1)
    tl.store(weights_ptr + token, weight)
    tl.store(sums_ptr + tl.program_id(0), tl.sum(weight, 0))


@triton.autotune(
    configs=[
        triton.Config({"ROWS": rows, "BLOCK": block}, num_warps=warps)
        for rows in (4, 8, 16)
        for block in (512, 1024)
        for warps in (4, 8)
    ],
    key=["features"],
)
@triton.jit
def _scale(
    x_ptr, weights_ptr, sums_ptr, out_ptr, normalized_ptr, features, tokens,
    parts: tl.constexpr, ROWS: tl.constexpr, BLOCK: tl.constexpr,
):
    mean = tl.sum(tl.load(sums_ptr + tl.arange(0, parts)), 0) / tokens
    row = tl.program_id(0).to(tl.int64) * ROWS + tl.arange(0, ROWS)
    weight = tl.load(weights_ptr + row) / mean
    if tl.program_id(1) == 0:
        tl.store(normalized_ptr + row, weight)
    column = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    at = row[:, None] * features + column[None, :]
    inside = column[None, :] < features
    x = tl.load(x_ptr + at, mask=inside).to(tl.float32)
    tl.store(out_ptr + at, (x * weight[:, None]).to(out_ptr.dtype.element_ty), mask=inside)


class Entangle:
    """The composite, with its buffers, for tensors of `batch x sequence x d`."""

    def __init__(self, x: torch.Tensor) -> None:
        self.features = x.shape[-1]
        self.tokens = x.numel() // self.features
        self.parts = self.tokens // 256
        shape, device = x.shape[:-1], x.device
        self.scores = torch.empty(shape, device=device)
        self.raw = torch.empty(shape, device=device)
        self.weights = torch.empty(shape, device=device)
        self.sums = torch.empty(self.parts, device=device)
        self.out = torch.empty_like(x)

    def __call__(self, x: torch.Tensor, c: torch.Tensor, g: torch.Tensor) -> None:
        """Writes `out`, `scores` and `weights`."""
        _score[(self.tokens // 128,)](c, g, self.scores, self.features)
        _weigh[(self.parts,)](self.scores, self.raw, self.sums, 0.1, 0.1, BLOCK=256)
        _scale[
            lambda meta: (
                self.tokens // meta["ROWS"],
                triton.cdiv(self.features, meta["BLOCK"]),
            )
        ](
            x, self.raw, self.sums, self.out, self.weights, self.features, self.tokens,
            parts=self.parts,
        )
