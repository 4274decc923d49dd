"""How compound ATen ops are written with simple ones, for torch-mlir."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch._decomp import get_decompositions

from cegm.torch import _windows
from cegm.torch._optimizers import wide
from cegm.torch._requirements import required

Table = dict[torch._ops.OperatorBase, Callable[..., Any]]

_aten = torch.ops.aten


def while_tracing() -> Table:
    """Ops that an exported program keeps whatever table it is given."""
    return get_decompositions([_aten.silu_backward])


def for_torch_mlir() -> Table:
    """torch-mlir's own table, with ops that it lowers wrongly or slowly."""
    table = required("torch_mlir.extras.fx_decomp_util").get_decomposition_table()
    return {**table, **_windows.TABLE, **_OWN}


def _slice_scatter(x, source, dim=0, start=None, end=None, step=1):
    """Slices side by side; torch-mlir's lowering runs out of memory on open ends."""
    if step != 1:
        return NotImplemented
    start, end, _ = slice(start, end).indices(x.shape[dim])
    if start >= end:
        return x.clone()
    before, after = x.narrow(dim, 0, start), x.narrow(dim, end, x.shape[dim] - end)
    return torch.cat([before, source.to(x.dtype), after], dim)


def _slice_backward(gradient, sizes, dim, start, end, step):
    """Padding with zeros."""
    if step != 1:
        return NotImplemented
    start, end, _ = slice(start, end).indices(sizes[dim])
    if start >= end:
        return gradient.new_zeros(sizes)
    padding = [0, 0] * (len(sizes) - 1 - dim % len(sizes)) + [start, sizes[dim] - end]
    return _aten.constant_pad_nd(gradient, padding, 0)


def _variance(x, dim=None, *, correction=None, keepdim=False):
    """In the type of eager mode's; torch-mlir's own goes through f64."""
    return _moments(x, dim, correction, keepdim)[0]


def _variance_and_mean(x, dim=None, *, correction=None, keepdim=False):
    return _moments(x, dim, correction, keepdim)


def _moments(x, dim, correction, keepdim):
    dims = list(range(x.dim())) if not dim else [d % x.dim() for d in dim]
    values = x.to(wide(x.dtype))
    mean = values.mean(dims, keepdim=True)
    count = torch.Size(x.shape[d] for d in dims).numel()
    divisor = max(0, count - (1 if correction is None else correction))
    variance = ((values - mean) ** 2).sum(dims, keepdim=True) / divisor
    if not keepdim:
        variance, mean = variance.squeeze(dims), mean.squeeze(dims)
    return variance.to(x.dtype), mean.to(x.dtype)


def _weight_norm_backward(gradient, v, g, norms, dim):
    """Of `v * (g / norms)`, where `norms` are those of `v` over all dimensions but `dim`."""
    others = [d for d in range(v.dim()) if d != dim % v.dim()]
    along = (gradient * v).sum(others, keepdim=True) / norms
    return (gradient - v * (along / norms)) * (g / norms), along


def _of_tensors(op: torch._ops.OpOverload) -> Callable[..., Any]:
    """The op of a tensor and a number by the one of two tensors."""
    return lambda x, number: op(x, torch.full((), number, dtype=x.dtype, device=x.device))


_OWN: Mapping[torch._ops.OperatorBase, Callable[..., Any]] = {
    _aten.slice_scatter.default: _slice_scatter,
    _aten.slice_backward.default: _slice_backward,
    _aten.var.correction: _variance,
    _aten.var_mean.correction: _variance_and_mean,
    _aten._weight_norm_interface_backward.default: _weight_norm_backward,
    _aten.__rshift__.Scalar: _of_tensors(_aten.bitwise_right_shift.Tensor),
    _aten.__lshift__.Scalar: _of_tensors(_aten.bitwise_left_shift.Tensor),
    _aten.bitwise_right_shift.Tensor_Scalar: _of_tensors(_aten.bitwise_right_shift.Tensor),
    _aten.bitwise_left_shift.Tensor_Scalar: _of_tensors(_aten.bitwise_left_shift.Tensor),
    _aten.bitwise_or.Scalar: _of_tensors(_aten.bitwise_or.Tensor),
    _aten.bitwise_xor.Scalar: _of_tensors(_aten.bitwise_xor.Tensor),
}
