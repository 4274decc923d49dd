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
        for block in (64, 128, 256)
        for warps in (4, 8)
        for stages in (2, 3)
    ],
    key=["features"],
)
@triton.jit
def _score(c_ptr, g_ptr, scores_ptr, features, BLOCK: tl.constexpr):
    """One program takes 128 rows: its tokens, eight windows of 16, one of 128."""
    row = tl.program_id(0).to(tl.int64) * 128 + tl.arange(0, 128)
    column = tl.arange(0, BLOCK)
    cc = tl.zeros((128,), tl.float32)
    gg = tl.zeros((128,), tl.float32)
    cg = tl.zeros((128,), tl.float32)
    cc16 = tl.zeros((8,), tl.float32)
    gg16 = tl.zeros((8,), tl.float32)
    cg16 = tl.zeros((8,), tl.float32)
    cc128 = 0.0
    gg128 = 0.0
    cg128 = 0.0
    for start in range(0, features, BLOCK):
        at = row[:, None] * features + start + column[None, :]
        c = tl.load(c_ptr + at).to(tl.float32)
        g = tl.load(g_ptr + at).to(tl.float32)
        cc += tl.sum(c * c, 1)
        gg += tl.sum(g * g, 1)
        cg += tl.sum(c * g, 1)
        c16 = tl.sum(tl.reshape(c, (8, 16, BLOCK)), 1)
        g16 = tl.sum(tl.reshape(g, (8, 16, BLOCK)), 1)
        cc16 += tl.sum(c16 * c16, 1)
        gg16 += tl.sum(g16 * g16, 1)
        cg16 += tl.sum(c16 * g16, 1)
        c128 = tl.sum(c16, 0)
        g128 = tl.sum(g16, 0)
        cc128 += tl.sum(c128 * c128, 0)
        gg128 += tl.sum(g128 * g128, 0)
        cg128 += tl.sum(c128 * g128, 0)
    token = tl.where(cc * gg > 0, cg / tl.sqrt(cc) / tl.sqrt(gg), 0.0)
    window = tl.where(cc16 * gg16 > 0, cg16 / tl.sqrt(cc16) / tl.sqrt(gg16), 0.0)
    whole = cg128 / tl.sqrt(cc128) / tl.sqrt(gg128)
    spread = tl.reshape(tl.broadcast_to(window[:, None], (8, 16)), (128,))
    tl.store(scores_ptr + row, (token + spread + whole) / 3)


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
