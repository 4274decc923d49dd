"""The C header of a compiled entry function."""

from __future__ import annotations

import re
from collections.abc import Sequence

_C_TYPES = {
    "f64": "double",
    "f32": "float",
    "f16": "uint16_t",
    "bf16": "uint16_t",
    "i1": "bool",
    "index": "int64_t",
    "complex<f32>": "float _Complex",
    "complex<f64>": "double _Complex",
    **{f"{prefix}{n}": f"int{n}_t" for prefix in ("i", "si") for n in (8, 16, 32, 64)},
    **{f"ui{n}": f"uint{n}_t" for n in (8, 16, 32, 64)},
}

#: `(element type, sizes)`, -1 for a size that the caller says, and no sizes for
#: a number.
Tensor = tuple[str, tuple[int, ...] | None]


def _c_type(element_type: str) -> str:
    if element_type not in _C_TYPES:
        raise TypeError(f"there is no C type for {element_type}")
    return _C_TYPES[element_type]


def _identifier(name: str) -> str:
    text = re.sub(r"\W", "_", name)
    return text if not text[:1].isdigit() else "_" + text


def _memref(rank: int) -> list[str]:
    """The struct of a buffer of that rank, as MLIR's C interface has it."""
    name = f"cegm_memref_{rank}"
    arrays = [f"  int64_t sizes[{rank}], strides[{rank}];"] if rank else []
    return [
        f"#ifndef CEGM_MEMREF_{rank}",
        f"#define CEGM_MEMREF_{rank}",
        f"struct {name} {{",
        "  void *allocation, *data;",
        "  int64_t offset;",
        *arrays,
        "};",
        "#endif",
    ]


def _sizes_text(shape: Sequence[int], sizes: Sequence[str]) -> str:
    return "[" + "][".join(sizes) + "]" if shape else ""


def _initializer(name: str, sizes: Sequence[str]) -> str:
    strides = [" * ".join(sizes[i + 1 :]) or "1" for i in range(len(sizes))]
    parts = [f"(void *){name}", f"(void *){name}", "0"]
    if sizes:
        parts += ["{" + ", ".join(sizes) + "}", "{" + ", ".join(strides) + "}"]
    return "{" + ", ".join(parts) + "}"


def _named(label: str) -> str:
    """The frontend's name of something, for a comment."""
    return f" ({label.replace('*/', '* /')})" if label else ""


class _Argument:
    """One argument of the entry function in C."""

    def __init__(
        self,
        number: int,
        tensor: Tensor,
        label: str,
        num_inputs: int,
        result: int | None,
        result_labels: Sequence[str],
    ):
        element_type, shape = tensor
        self.shape = shape
        is_input = number < num_inputs
        self.name = f"arg{number}" if is_input else f"result{result}"
        self.type = _c_type(element_type)
        self.sizes = [
            f"{self.name}_size{i}" if size < 0 else str(size)
            for i, size in enumerate(shape or ())
        ]
        if shape is None:
            self.parameters = [f"{self.type} {self.name}"]
            self.comment = f"{self.name}{_named(label)}: a number"
            return
        is_read_only = is_input and result is None
        pointer = f"{'const ' if is_read_only else ''}{self.type} *{self.name}"
        dynamic = [f"int64_t {s}" for s, n in zip(self.sizes, shape) if n < 0]
        self.parameters = [pointer, *dynamic]
        role = "read"
        if result is not None:
            written = f"result {result}{_named(result_labels[result])}"
            role = f"read, then overwritten by {written}" if is_input else f"receives {written}"
        text = f"{element_type}{_sizes_text(shape, self.sizes)}"
        self.comment = f"{self.name}{_named(label) if is_input else ''}: {text}, {role}"


def header_text(
    name: str,
    function: str,
    arguments: Sequence[Tensor],
    num_inputs: int,
    results: Sequence[Tensor],
    destinations: Sequence[int],
    argument_names: Sequence[str],
    result_names: Sequence[str],
) -> str:
    """The header of the code for the entry function `name`: a comment on each
    parameter with the frontend's name of it, and an inline function `function`
    that calls it by MLIR's C interface."""
    receives = {d: r for r, d in enumerate(destinations) if d >= 0}
    parts = [
        _Argument(number, tensor, label, num_inputs, receives.get(number), result_names)
        for number, (tensor, label) in enumerate(zip(arguments, argument_names))
    ]
    returned = [
        (result, results[result]) for result, d in enumerate(destinations) if d < 0
    ]
    function = _identifier(function)
    guard = f"CEGM_{function.upper()}_H"
    ranks = {len(p.shape) for p in parts if p.shape is not None}
    ranks |= {len(shape or ()) for _, (_, shape) in returned}

    lines = [
        f"/* The entry function {name}. All arrays are contiguous, in row-major order,",
        "   and those that are written share no memory with others. 16-bit floats are",
        "   their bits. */",
        f"#ifndef {guard}",
        f"#define {guard}",
        "#include <stdbool.h>",
        "#include <stdint.h>",
        "#ifdef __cplusplus",
        'extern "C" {',
        "#endif",
    ]
    for rank in sorted(ranks):
        lines += _memref(rank)
    lines += _returned_struct(function, returned, result_names)
    parameters = [text for part in parts for text in part.parameters]
    native = ["struct " + f"cegm_memref_{len(p.shape)} *" if p.shape is not None else p.type
              for p in parts]
    if returned:
        parameters.insert(0, f"struct {function}_returned *returned")
        native.insert(0, f"struct {function}_returned *")
    lines.append(f"void _mlir_ciface_{name}({', '.join(native) or 'void'});")
    lines += ["/* " + "\n   ".join(part.comment for part in parts) + " */"] if parts else []
    lines.append(f"static inline void {function}({', '.join(parameters) or 'void'}) {{")
    calls = ["returned"] if returned else []
    for part in parts:
        if part.shape is None:
            calls.append(part.name)
            continue
        lines.append(
            f"  struct cegm_memref_{len(part.shape)} {part.name}_memref = "
            f"{_initializer(part.name, part.sizes)};"
        )
        calls.append(f"&{part.name}_memref")
    lines += [
        f"  _mlir_ciface_{name}({', '.join(calls)});",
        "}",
        "#ifdef __cplusplus",
        "}",
        "#endif",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def _returned_struct(
    function: str, returned: Sequence[tuple[int, Tensor]], names: Sequence[str]
) -> list[str]:
    """The results whose sizes are known after the call only."""
    if not returned:
        return []
    lines = [
        "/* The results that the call allocates: `data` has the elements; the caller",
        "   frees `allocation`. */",
        f"struct {function}_returned {{",
    ]
    for result, (element_type, shape) in returned:
        text = f"{_c_type(element_type)}[{']['.join('?' if n < 0 else str(n) for n in shape)}]"
        text += _named(names[result])
        lines.append(f"  struct cegm_memref_{len(shape)} result{result}; /* {text} */")
    return [*lines, "};"]
