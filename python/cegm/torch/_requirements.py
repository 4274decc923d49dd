"""Packages that only a part of the interface needs."""

from __future__ import annotations

import importlib
from types import ModuleType

# Top-level module -> what to install.
_PACKAGES = {
    "torch": "torch",
    "torch_mlir": "torch-mlir",
    "iree": "iree-base-compiler iree-base-runtime",
}


def required(name: str) -> ModuleType:
    """The module, or an ImportError that says what to install."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        packages = _PACKAGES[name.partition(".")[0]]
        raise ImportError(
            f"cegm.torch needs the module {name}, which cannot be imported ({error}). "
            f"Install it: pip install {packages}",
            name=name,
        ) from error
