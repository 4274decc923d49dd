"""Backward passes of convolutions and pools, of ops that torch-mlir lowers.

torch-mlir refuses the gradients of most convolutions (and of all groups of them) and of
pools. Here they are convolutions and sums of strided slices.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch

_aten = torch.ops.aten


def _spread(x: torch.Tensor, steps: Sequence[int]) -> torch.Tensor:
    """Zeros between the elements along the last dimensions: one element in `steps`."""
    for dim, step in zip(range(x.dim() - len(steps), x.dim()), steps):
        if step > 1:
            inner = [0] * 2 * (x.dim() - 1 - dim)
            wide = torch.constant_pad_nd(x.unsqueeze(dim + 1), [*inner, 0, step - 1])
            size = (x.shape[dim] - 1) * step + 1
            x = wide.flatten(dim, dim + 1).narrow(dim, 0, size)
    return x


def _padded(x: torch.Tensor, before: Sequence[int], after: Sequence[int]) -> torch.Tensor:
    """Zeros around the last dimensions; negative counts take elements away."""
    pairs = [count for pair in zip(reversed(before), reversed(after)) for count in pair]
    return torch.constant_pad_nd(x, pairs) if any(pairs) else x


def _by_group(x: torch.Tensor, groups: int) -> torch.Tensor:
    """`[G * A, B, ...]` as `[G * B, A, ...]`."""
    rows, columns, *rest = x.shape
    parts = x.reshape(groups, rows // groups, columns, *rest).transpose(1, 2)
    return parts.reshape(groups * columns, rows // groups, *rest)


def _input_gradient(dy, space, weight, stride, padding, dilation, groups) -> torch.Tensor:
    """A convolution of the spread gradient with the turned kernel. `space` is the input's."""
    sizes = list(zip(space, dy.shape[2:], weight.shape[2:], stride, padding, dilation))
    before = [(w - 1) * d - p for _, _, w, _, p, d in sizes]
    after = [s + p - 1 - (y - 1) * t for s, y, _, t, p, _ in sizes]
    turned = _by_group(weight, groups).flip(list(range(2, dy.dim())))
    spread = _padded(_spread(dy, stride), before, after)
    ones, none = [1] * len(space), [0] * len(space)
    return torch.convolution(spread, turned, None, ones, none, dilation, False, none, groups)


def _weight_gradient(x, dy, window, stride, padding, dilation, groups) -> torch.Tensor:
    """A convolution whose batch are the channels, and whose channels are the batch."""
    n, channels, *space = x.shape
    sizes = list(zip(space, dy.shape[2:], window, stride, padding, dilation))
    rows = x.reshape(n, groups, channels // groups, *space).transpose(0, 2).flatten(1, 2)
    after = [(w - 1) * d + (y - 1) * t + 1 - s - p for s, y, w, t, p, d in sizes]
    rows, none = _padded(rows, padding, after), [0] * len(space)
    turned = dy.transpose(0, 1)
    return torch.convolution(
        rows, turned, None, dilation, none, stride, False, none, groups
    ).transpose(0, 1)


def _convolution_backward(
    dy, x, weight, bias_sizes, stride, padding, dilation, transposed, output_padding, groups, mask
):
    """`dy` is `[N, K, P...]`, `x` is `[N, C, S...]`, `weight` is `[K, C / G, W...]`.

    A transposed convolution is the gradient of another one, and its weight `[C, K / G, W...]`
    belongs to that one.
    """
    space = x.dim() - 2
    stride, padding, dilation = (
        list(v) * space if len(v) == 1 else list(v) for v in (stride, padding, dilation)
    )
    how = (stride, padding, dilation, groups)
    dx = dweight = dbias = None
    if mask[0] and transposed:
        dx = torch.convolution(dy, weight, None, *how[:3], False, [0] * space, groups)
    elif mask[0]:
        dx = _input_gradient(dy, x.shape[2:], weight, *how)
    if mask[1]:
        inputs, outputs = (dy, x) if transposed else (x, dy)
        dweight = _weight_gradient(inputs, outputs, weight.shape[2:], *how)
    if mask[2]:
        dbias = dy.sum([0, *range(2, dy.dim())])
    return dx, dweight, dbias


def _pairs(values: Sequence[int], default: Sequence[int] = ()) -> list[int]:
    values = list(values) or list(default)
    return values * 2 if len(values) == 1 else values


def _places(kernel, stride, padding, dilation, sizes) -> Iterator[tuple[list[int], torch.Tensor]]:
    """For each element of the kernel: where its first one is in the padded input, and the
    numbers `[P, Q]` of the elements of the input that it meets."""
    for at in itertools.product(*map(range, kernel)):
        start = [k * d for k, d in zip(at, dilation)]
        row, column = (
            torch.arange(size) * step + begin - before
            for size, step, begin, before in zip(sizes[1], stride, start, padding)
        )
        yield start, row[:, None] * sizes[0][1] + column


def _max_pool(x, kernel, stride=(), padding=(0,), dilation=(1,), ceil_mode=False):
    """The largest elements and their numbers, the first of equal ones."""
    kernel, padding, dilation = _pairs(kernel), _pairs(padding), _pairs(dilation)
    stride = _pairs(stride, kernel)
    out = []
    for size, k, step, pad, d in zip(x.shape[-2:], kernel, stride, padding, dilation):
        reached = size + 2 * pad - d * (k - 1) - 1
        count = (-(-reached // step) if ceil_mode else reached // step) + 1
        # The last window has to start inside of the input or the padding before it.
        out.append(count - (ceil_mode and (count - 1) * step >= size + pad))
    reach = [(o - 1) * s + (k - 1) * d + 1 for o, s, k, d in zip(out, stride, kernel, dilation)]
    after = [max(0, r - size - p) for r, size, p in zip(reach, x.shape[-2:], padding)]
    padded = torch.constant_pad_nd(
        x, [padding[1], after[1], padding[0], after[0]], float("-inf")
    )
    best = numbers = None
    for start, number in _places(kernel, stride, padding, dilation, (x.shape[-2:], out)):
        part = padded
        for dim, (begin, step, size) in enumerate(zip(start, stride, out), x.dim() - 2):
            end = begin + (size - 1) * step + 1
            part = _aten.slice.Tensor(part, dim, begin, end, step)
        number = number.expand(part.shape)
        if best is None:
            best, numbers = part, number
        else:
            larger = (part > best) | (part != part)
            best, numbers = torch.where(larger, part, best), torch.where(larger, number, numbers)
    return best, numbers


def _max_pool_backward(dy, x, kernel, stride, padding, dilation, ceil_mode, indices):
    kernel, padding, dilation = _pairs(kernel), _pairs(padding), _pairs(dilation)
    stride = _pairs(stride, kernel)
    sizes = (x.shape[-2:], dy.shape[-2:])
    return _gathered_back(
        [
            (start, torch.where(indices == number, dy, 0.0))
            for start, number in _places(kernel, stride, padding, dilation, sizes)
        ],
        x.shape[-2:],
        stride,
        padding,
    )


def _gathered_back(parts, sizes, stride, padding) -> torch.Tensor:
    """The sum of all parts, each laid on the input from its start in strides."""
    total = None
    for start, part in parts:
        part = _spread(part, stride)
        before = [begin - pad for begin, pad in zip(start, padding)]
        after = [size - b - p for size, b, p in zip(sizes, before, part.shape[-2:])]
        part = _padded(part, before, after)
        total = part if total is None else total + part
    return total


def _average_pool_backward(
    dy, x, kernel, stride, padding, ceil_mode, count_include_pad, divisor_override
):
    kernel, padding = _pairs(kernel), _pairs(padding)
    stride = _pairs(stride, kernel)
    sizes = (x.shape[-2:], dy.shape[-2:])
    if divisor_override:
        share = dy / divisor_override
    elif any(padding) and not count_include_pad or ceil_mode:
        return NotImplemented
    else:
        share = dy / (kernel[0] * kernel[1])
    places = _places(kernel, stride, padding, [1, 1], sizes)
    return _gathered_back([(start, share) for start, _ in places], sizes[0], stride, padding)


def _adaptive_average_pool_backward(dy, x):
    """Of sizes that divide the input's; others are left to torch-mlir."""
    kernel = [size // out for size, out in zip(x.shape[-2:], dy.shape[-2:])]
    if any(size % out for size, out in zip(x.shape[-2:], dy.shape[-2:])):
        return NotImplemented
    return _average_pool_backward(dy, x, kernel, kernel, [0, 0], False, True, None)


def _factors(small: Sequence[int], large: Sequence[int]) -> list[int] | None:
    """How many times the last two sizes fit into others, if they do."""
    pairs = list(zip(small[-2:], large[-2:]))
    return None if any(b % a for a, b in pairs) else [b // a for a, b in pairs]


def _nearest(x, size, *scales):
    """Of sizes that divide the result's; others are left to torch-mlir."""
    factors = _factors(x.shape, size)
    if factors is None:
        return NotImplemented
    (height, width), lead = factors, x.shape[:-2]
    wide = x[..., :, None, :, None].expand(*lead, x.shape[-2], height, x.shape[-1], width)
    return wide.reshape(*lead, *size)


def _nearest_backward(dy, size, input_size, *scales):
    factors = _factors(input_size, size)
    if factors is None:
        return NotImplemented
    parts = dy.reshape(*input_size[:-1], factors[0], input_size[-1], factors[1])
    return parts.sum([-3, -1])


TABLE: Mapping[torch._ops.OperatorBase, Callable[..., Any]] = {
    _aten.convolution_backward.default: _convolution_backward,
    _aten.max_pool2d_with_indices.default: _max_pool,
    _aten.max_pool2d_with_indices_backward.default: _max_pool_backward,
    _aten.avg_pool2d_backward.default: _average_pool_backward,
    _aten._adaptive_avg_pool2d_backward.default: _adaptive_average_pool_backward,
    _aten.upsample_nearest2d.default: _nearest,
    _aten.upsample_nearest2d_backward.default: _nearest_backward,
}
