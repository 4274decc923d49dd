"""From a traced step to the text of an MLIR module, by torch-mlir."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cegm.torch import _locations
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
    context = ir.Context()
    required("torch_mlir.dialects.torch").register_dialect(context)
    importer = required("torch_mlir.extras.fx_importer").FxImporter(context=context)
    refused: list[tuple[str, str]] = []
    context.attach_diagnostic_handler(
        lambda diagnostic: refused.append((diagnostic.message, str(diagnostic.location))) or True
    )
    try:
        module = fx.export_and_import(
            traced.program,
            output_type=dialect,
            fx_importer=importer,
            experimental_support_mutation=True,
            decomposition_table=for_torch_mlir(),
        )
    except errors.TorchMlirCompilerError as error:
        raise NotImplementedError(_refusal(importer.module, refused, error)) from error
    with module.context:
        errors.run_pipeline_with_repro_report(
            module, f"builtin.module({_CLEANING[dialect]})", "cleaning up"
        )
    (entry,) = [op for op in module.body if op.operation.name == "func.func"]
    for argument, name in zip(entry.arguments, traced.inputs, strict=True):
        argument.set_location(ir.Location.name(name, context=module.context))
    return module.operation.get_asm(enable_debug_info=True)


# What torch-mlir says of an op, and of a constant that such an op was left with.
_OP = re.compile(r"(?:failed to legalize operation|backend contract: \w+) '([\w.]+)'")
_NUMBER = re.compile(r"'torch\.constant\.\w+'.*<\{value = ([^ }]+)")
_PLACE = re.compile(r'"([^"]+)":(\d+)')


def _refusal(module: Any, refused: list[tuple[str, str]], error: Exception) -> str:
    """The ops that cannot be lowered, with the lines of the model, and what to do.

    torch-mlir may name a number that the op has instead of the op itself.
    """
    ops: dict[str, None] = {}
    for message, place in refused:
        if number := _NUMBER.search(message):
            ops |= dict.fromkeys(_users(module, number[1]))
        else:
            custom = re.search(r'"torch\.operator".*?name = "([\w.]+)"', message)
            name = custom or _OP.search(message)
            ops[_op_text(name[1] if name else message, place)] = None
    told = "; ".join(ops) or str(error).strip()
    return (
        f"torch-mlir cannot lower the step: {told}. Write the model without it, or keep the "
        "layer out of the step: compute what it makes in eager mode, as a part of the batch"
    )


def _users(module: Any, number: str) -> Iterator[str]:
    """The ops that have a constant of this value, of which one is refused."""
    for op in module.body.operations[0].regions[0].blocks[0].operations:
        for operand in op.operands:
            owner = operand.owner
            if getattr(owner, "name", "").startswith("torch.constant"):
                held = owner.attributes
                if "value" in held and str(held["value"]).partition(" ")[0] == number:
                    yield "one of " + _op_text(op.name, str(op.location))


def _op_text(op: str, location: str) -> str:
    place = _PLACE.search(location)
    known = place and not _locations.is_inside(place[1])
    return op.removeprefix("torch.") + (f", at {place[1]}:{place[2]}" if known else "")
