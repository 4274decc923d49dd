"""The compiled kernels of this project in executables of XLA."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import jax

from cegm import _cegm

#: The name of the custom calls, which `--convert-cegm-to-custom-call` writes.
TARGET = "cegm.kernel"


@functools.cache
def register() -> None:
    """Makes `TARGET` known to XLA's CPU backend, once in a process.

    The calls carry the text of their kernel, which is compiled when XLA loads
    the executable.
    """
    # A backend that starts up registers handlers before the types that they
    # need, so it has to be up.
    jax.local_devices(backend="cpu")
    jax.ffi.register_ffi_type(TARGET, _cegm.xla_kernel_type(), platform="cpu")
    jax.ffi.register_ffi_target(TARGET, _cegm.xla_kernel_handler(), platform="cpu")


def chosen(kernels: str, platforms: Sequence[str]) -> bool:
    """Whether a step for these platforms calls compiled kernels.

    `kernels` is the option of `cegm.jax.entangle`.
    """
    if kernels not in ("auto", "native", "xla"):
        raise ValueError(f"kernels: expected 'auto', 'native' or 'xla', got {kernels!r}")
    possible = tuple(platforms) == ("cpu",)
    if kernels == "native" and not possible:
        raise ValueError(
            "kernels: 'native' runs on platform cpu, the step is compiled for "
            + ", ".join(platforms)
        )
    if kernels == "auto":
        # A step without shardings of its own is divided, too, where its arguments
        # are; with one device none is.
        return possible and jax.device_count() == 1
    return kernels == "native"
