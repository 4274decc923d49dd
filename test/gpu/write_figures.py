#!/usr/bin/env python3
"""Writes the figures of check_kernels.py into docs/gpu.md.

    python test/gpu/write_figures.py figures.json [more.json]

Each file is what `check_kernels.py --figures --json` wrote on one machine.
"""

from __future__ import annotations

import json
import pathlib
import sys

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "gpu.md"
BEGIN, END = "<!-- begin figures -->\n", "<!-- end figures -->\n"


def microseconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1e6:,.0f}"


def table(record: dict) -> str:
    """The table of one machine."""
    lines = [
        f"{record['device']}; a copy on the device moves {record['copy'] / 1e9:,.0f} GB/s.",
        "",
        "| tensors | element | time, us | in a graph, us | share of copy | in a graph | "
        "Triton, us | Triton, share of copy |",
        "| --- | --- |" + " ---: |" * 6,
    ]
    for row in record["rows"]:
        _, element, size = row["case"].split("_")
        graph = row["graph_seconds"]
        share = row["copy_share"]
        in_graph = "-" if graph is None else f"{share * row['seconds'] / graph:.2f}"
        lines.append(
            f"| `[{size.replace('x', ', ')}]` | {element} | {microseconds(row['seconds'])} | "
            f"{microseconds(graph)} | {share:.2f} | {in_graph} | "
            f"{microseconds(row.get('triton_seconds'))} | {row.get('triton_share', 0):.2f} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    records = [json.loads(pathlib.Path(name).read_text()) for name in sys.argv[1:]]
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(before + BEGIN + "\n".join(map(table, records)) + END + after)


if __name__ == "__main__":
    main()
