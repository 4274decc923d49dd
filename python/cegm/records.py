"""What `explain` found, as records and as a table for people."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from typing import Any

import rich.box
import rich.table


@dataclasses.dataclass(frozen=True)
class Record:
    """A site, or a parameter or candidate that is none, with the reason.

    `argument` is the index of the parameter among the inputs of the step
    (its flattened pytree), None where it could not be told; `parameter` its
    pytree path, None where the text carries no names. `code` and `message` say
    why there is no site. The other facts are those of sites, None otherwise:

    - `kind`: `dense` or `embedding`;
    - `depth`: one more than the number of layers before the site;
    - `layer`: where the weight is a slice of a stack, its index there (each
      layer has a record, and `parameter`, `argument` and `shape` are the
      stack's); None where it is not;
    - `repeats`: how often the step computes the gradient of this layer, for
      another micro-batch each time, say: 1 outside of loops, None where the
      text does not tell;
    - `token_shape`: sizes of the dimensions that the gradient sums over, batch
      before sequence, a size None where it is dynamic;
    - `sequence_dim`: the position of the sequence in `token_shape`, the last;
      None where the tokens are the examples of a batch, which are scored alone;
    - `context`: `input` or `output`, the pair of vectors that is scored.
    """

    status: str
    argument: int | None
    parameter: str | None
    shape: tuple[int | None, ...] | None
    location: str | None
    id: int | str | None = None
    kind: str | None = None
    function: str | None = None
    depth: int | None = None
    layer: int | None = None
    repeats: int | None = None
    token_shape: tuple[int | None, ...] | None = None
    sequence_dim: int | None = None
    context: str | None = None
    code: str | None = None
    message: str | None = None

    @property
    def is_site(self) -> bool:
        return self.status == "site"


_FIELDS = {field.name for field in dataclasses.fields(Record)}


def _record(status: str, entry: dict[str, Any]) -> Record:
    facts = {key: value for key, value in entry.items() if key in _FIELDS}
    for key in ("shape", "token_shape"):
        if facts.get(key) is not None:
            facts[key] = tuple(facts[key])
    for key in ("argument", "parameter", "shape", "location"):
        facts.setdefault(key, None)
    return Record(status=status, **facts)


def parse(report: str) -> list[Record]:
    """The records of a report with `format=json`; sites come first."""
    data = json.loads(report)
    if data.get("version") != 1:
        raise ValueError(
            f"explain report: expected version 1, got {data.get('version')!r}"
        )
    return [_record("site", entry) for entry in data["sites"]] + [
        _record("skipped", entry) for entry in data["skipped"]
    ]


def _shape_text(shape: Iterable[int | None] | None) -> str:
    if shape is None:
        return ""
    return "x".join("?" if size in (None, -1) else str(size) for size in shape)


def _parameter_text(record: Record) -> str:
    if record.parameter is not None:
        name = record.parameter
    elif record.argument is not None:
        name = f"argument {record.argument}"
    else:
        name = "(computed)"
    return name if record.layer is None else f"{name} layer {record.layer}"


def _tokens_text(record: Record) -> str:
    shape = _shape_text(record.token_shape)
    if not record.is_site or record.repeats == 1:
        return shape
    if record.repeats is None:
        return f"{shape}, in a loop"
    return f"{shape}, {record.repeats} times"


def table(records: Iterable[Record]) -> rich.table.Table:
    """A table of the records, for `rich.print`."""
    result = rich.table.Table(box=rich.box.SIMPLE_HEAD, pad_edge=False)
    for heading, justify in (
        ("parameter", "left"),
        ("shape", "right"),
        ("status", "left"),
        ("depth", "right"),
        ("tokens", "right"),
        ("context", "left"),
        ("why", "left"),
    ):
        # The reason gives way first where the console is narrow.
        width = 24 if heading == "parameter" else None
        result.add_column(
            heading, justify=justify, overflow="fold", min_width=width
        )
    for record in records:
        reason = record.message or ""
        result.add_row(
            _parameter_text(record),
            _shape_text(record.shape),
            record.kind or record.status,
            "" if record.depth is None else str(record.depth),
            _tokens_text(record),
            record.context or "",
            f"{record.code}: {reason}" if record.code else reason,
            style=None if record.is_site else "dim",
        )
    return result
