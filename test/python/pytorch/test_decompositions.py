"""Gradients of convolutions and pools, written with other ops: those of PyTorch."""

import itertools

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from cegm.torch import _windows

aten = torch.ops.aten


def drawn(*shape: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randn(shape, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("sizes", [[11], [11, 9]], ids=["1d", "2d"])
@pytest.mark.parametrize("transposed", [False, True], ids=["plain", "transposed"])
def test_gradients_of_convolutions(groups, sizes, transposed):
    x = drawn(3, 4, *sizes)
    for stride, padding, dilation, window in itertools.product((1, 2, 3), (0, 2), (1, 2), (1, 3)):
        if transposed:
            weight = drawn(4, 8 // groups, *[window] * len(sizes))
        else:
            weight = drawn(8, 4 // groups, *[window] * len(sizes))
        more = [stride - 1 if transposed else 0]
        how = ([stride], [padding], [dilation], transposed, more, groups)
        dy = drawn(*aten.convolution(x, weight, None, *how).shape)
        wanted = aten.convolution_backward(dy, x, weight, [8], *how, [True] * 3)
        got = _windows.TABLE[aten.convolution_backward.default](
            dy, x, weight, [8], *how, [True] * 3
        )
        for ours, right in zip(got, wanted):
            torch.testing.assert_close(ours, right)


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_largest_of_windows_with_equal_elements(ceil_mode):
    x = drawn(2, 3, 11, 10).round()
    for kernel, stride, padding, dilation in itertools.product((2, 3), (1, 2, 3), (0, 1), (1, 2)):
        how = ([kernel], [stride], [padding], [dilation], ceil_mode)
        wanted, places = aten.max_pool2d_with_indices(x, *how)
        got = _windows.TABLE[aten.max_pool2d_with_indices.default](x, *how)
        assert torch.equal(got[0], wanted) and torch.equal(got[1], places)
        dy = drawn(*wanted.shape)
        torch.testing.assert_close(
            _windows.TABLE[aten.max_pool2d_with_indices_backward.default](dy, x, *how, places),
            aten.max_pool2d_with_indices_backward(dy, x, *how, places),
        )


@pytest.mark.parametrize("divisor", [None, 5])
def test_gradients_of_averages(divisor):
    x = drawn(2, 3, 12, 8)
    for kernel, stride, padding in itertools.product((2, 3), (1, 2, 3), (0, 1)):
        how = ([kernel], [stride], [padding], False, True, divisor)
        dy = drawn(*aten.avg_pool2d(x, *how).shape)
        torch.testing.assert_close(
            _windows.TABLE[aten.avg_pool2d_backward.default](dy, x, *how),
            aten.avg_pool2d_backward(dy, x, *how),
        )
    for sizes in ([1, 1], [4, 2]):
        dy = drawn(2, 3, *sizes)
        torch.testing.assert_close(
            _windows.TABLE[aten._adaptive_avg_pool2d_backward.default](dy, x),
            aten._adaptive_avg_pool2d_backward(dy, x),
        )


def test_enlarged_images():
    x, size = drawn(2, 3, 4, 5), [8, 15]
    wanted = aten.upsample_nearest2d(x, size)
    assert torch.equal(_windows.TABLE[aten.upsample_nearest2d.default](x, size), wanted)
    dy = drawn(*wanted.shape)
    torch.testing.assert_close(
        _windows.TABLE[aten.upsample_nearest2d_backward.default](dy, size, list(x.shape)),
        aten.upsample_nearest2d_backward(dy, size, list(x.shape)),
    )
