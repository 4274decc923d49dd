"""Compiling and running StableHLO by IREE."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from cegm.torch._requirements import required

# The target of the compiler and the driver of the runtime that runs it.
_BACKENDS = {"llvm-cpu": "local-task"}
# Options to try in turn: some steps (of `nn.TransformerDecoder`) are mistaken by the
# passes of the default level, which those of another one arrange in another way.
_LEVELS = ([], ["--iree-opt-level=O2"])


class Executable:
    """The entry function of a compiled module, on torch tensors."""

    def __init__(self, text: str, backend: str = "llvm-cpu"):
        """Compiles the module.

        Raises ImportError without IREE, RuntimeError where IREE refuses the module.
        """
        compiler = required("iree.compiler")
        self._runtime = required("iree.runtime")
        errors = []
        for level in _LEVELS:
            try:
                binary = compiler.compile_str(
                    text,
                    target_backends=[backend],
                    input_type="stablehlo",
                    output_mlir_debuginfo=False,
                    strip_source_map=True,
                    extra_args=["--iree-llvmcpu-target-cpu=host", *level],
                )
                break
            except compiler.CompilerToolError as error:
                errors.append(error)
        else:
            raise RuntimeError(f"IREE cannot compile the step: {errors[0]}") from errors[0]
        config = self._runtime.Config(_BACKENDS[backend])
        module = self._runtime.VmModule.copy_buffer(config.vm_instance, binary)
        loaded = self._runtime.load_vm_module(module, config)
        self._device, self._main = config.device, loaded["main"]

    def __call__(self, inputs: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """The results, which share no memory with the inputs."""
        arrays = [
            self._runtime.asdevicearray(self._device, _to_numpy(tensor)) for tensor in inputs
        ]
        results = self._main(*arrays)
        if not isinstance(results, tuple):
            results = (results,)
        return [_to_torch(result.to_host()) for result in results]


def _to_numpy(tensor: torch.Tensor) -> np.ndarray:
    tensor = tensor.detach().cpu()
    if tensor.dtype != torch.bfloat16:
        return tensor.numpy()
    import ml_dtypes  # IREE's runtime needs it too.

    return tensor.contiguous().view(torch.int16).numpy().view(ml_dtypes.bfloat16)


def _to_torch(array: np.ndarray) -> torch.Tensor:
    # Mapped device memory is not writable and goes with its buffer.
    array = np.array(array)
    if array.dtype.name != "bfloat16":
        return torch.from_numpy(array)
    return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
