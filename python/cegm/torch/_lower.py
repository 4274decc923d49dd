"""From a traced step to the text of an MLIR module, by torch-mlir."""

from __future__ import annotations

from cegm.torch._decompositions import for_torch_mlir
from cegm.torch._requirements import required
from cegm.torch._trace import Traced

# Dialect -> the passes that simplify it.
_CLEANING = {
    "stablehlo": "func.func(stablehlo-aggressive-simplification),canonicalize,cse",
    "linalg-on-tensors": "canonicalize,cse",
}
DIALECTS = tuple(_CLEANING)


def lower(traced: Traced, dialect: str) -> str:
    """The module's text, its arguments named by locations.

    The entry function is `main`. Raises NotImplementedError where torch-mlir
    cannot lower an op.
    """
    if dialect not in DIALECTS:
        raise ValueError(f"dialect: expected one of {', '.join(DIALECTS)}, got {dialect!r}")
    fx = required("torch_mlir.fx")
    ir = required("torch_mlir.ir")
    errors = required("torch_mlir.compiler_utils")
    try:
        module = fx.export_and_import(
            traced.program,
            output_type=dialect,
            experimental_support_mutation=True,
            decomposition_table=for_torch_mlir(),
        )
    except errors.TorchMlirCompilerError as error:
        raise NotImplementedError(_lowering_message(str(error))) from error
    with module.context:
        errors.run_pipeline_with_repro_report(
            module, f"builtin.module({_CLEANING[dialect]})", "cleaning up"
        )
    (entry,) = [op for op in module.body if op.operation.name == "func.func"]
    for argument, name in zip(entry.arguments, traced.inputs, strict=True):
        argument.set_location(ir.Location.name(name, context=module.context))
    return module.operation.get_asm(enable_debug_info=True)


def _lowering_message(text: str) -> str:
    """What the user can act on, out of a report for torch-mlir's developers."""
    lines = [line.strip() for line in text.splitlines() if "error:" in line]
    return "torch-mlir cannot lower the step: " + (lines[0] if lines else text.strip())
