"""The cases, by subject and library. Importing this package fills `corpus.case.ALL`."""

import importlib
import importlib.util

_MODULES = {
    # What the project's tests always have.
    "architectures": (),
    "flax_linen": (),
    "flax_nnx": (),
    "gradients": (),
    "loops": (),
    "moments": (),
    "plain": (),
    "updates": (),
    "weights": (),
    "with_equinox": (),
    "with_haiku": (),
    # Where the packages are installed.
    "with_keras": ("keras",),
    "with_torch": ("torch", "torch_mlir", "cegm.torch"),
    "with_hugging_face": ("torch", "torch_mlir", "cegm.torch", "transformers"),
}

MISSING = {
    module: missing
    for module, packages in _MODULES.items()
    if (missing := [name for name in packages if importlib.util.find_spec(name) is None])
}

for _module in (name for name in _MODULES if name not in MISSING):
    importlib.import_module(f"corpus.cases.{_module}")
