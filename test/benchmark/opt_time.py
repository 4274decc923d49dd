"""Time and memory of `cegm-opt --inject-entanglement` by the size of a module.

The modules are made from the train step of a real deep transformer, its main
function repeated side by side: all copies keep their own parameters, and share
the private functions. Compared is parsing and printing alone.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import re
import statistics
import subprocess
import time

LAYERS = 12


def emit_step(layers: int) -> str:
    import jax
    import optax
    from transformer import Transformer, make_step, start

    optimizer = optax.adamw(1e-3)
    model = Transformer(64, layers)
    arguments = start(model, optimizer, 2, 32)
    step = make_step(model, optimizer)
    return jax.jit(step, keep_unused=True).lower(*arguments).as_text()


def count_operations(text: str) -> int:
    return len(re.findall(r"^\s+(?:%[\w:#, %]+ = )?\"?\w+\.\w+", text, re.M))


class Step:
    """The parts of the text of a step."""

    _MAIN = re.compile(
        r"(?P<head>.*?)  func\.func public @main\((?P<inputs>.*?)\) -> "
        r"\((?P<results>.*?)\) \{\n(?P<body>.*?)"
        r"    return (?P<values>[^:\n]*) : (?P<types>[^\n]*)\n  \}\n(?P<tail>.*)",
        re.S,
    )

    def __init__(self, text: str):
        self._parts = self._MAIN.fullmatch(text).groupdict()

    def repeated(self, copies: int) -> str:
        """A step that does the work of `copies` of them."""

        def copy(text, number):
            return re.sub(r"%(\w+)", rf"%c{number}_\1", text)

        part = self._parts
        body = "".join(copy(part["body"], i) for i in range(copies))
        inputs = ", ".join(copy(part["inputs"], i) for i in range(copies))
        values = ", ".join(copy(part["values"], i) for i in range(copies))
        results = ", ".join([part["results"]] * copies)
        types = ", ".join([part["types"]] * copies)
        return (
            f"{part['head']}  func.func public @main({inputs}) -> ({results}) {{\n"
            f"{body}    return {values} : {types}\n  }}\n{part['tail']}"
        )


def run(command: list[str]) -> tuple[float, int]:
    """Seconds and peak bytes of a process."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if status != 0:
        raise RuntimeError(f"{' '.join(command)}: exit status {status}")
    return seconds, usage.ru_maxrss * 1024


def measure(tool: str, path: pathlib.Path, operations: int, rounds: int) -> dict:
    commands = {
        "parse and print": [tool, str(path), "-o", os.devnull],
        "inject": [tool, "--inject-entanglement", str(path), "-o", os.devnull],
        "inject, to StableHLO": [
            tool,
            "--inject-entanglement",
            "--convert-cegm-to-stablehlo",
            str(path),
            "-o",
            os.devnull,
        ],
    }
    seconds = {name: [] for name in commands}
    peak = dict.fromkeys(commands, 0)
    for command in commands.values():
        run(command)
    for _ in range(rounds):
        for name, command in commands.items():
            took, size = run(command)
            seconds[name].append(took)
            peak[name] = max(peak[name], size)
    medians = {name: statistics.median(took) for name, took in seconds.items()}
    return {
        "operations": operations,
        "rounds": rounds,
        "seconds": medians,
        "peak_bytes": peak,
        "inject / parse and print": medians["inject"] / medians["parse and print"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tool", default="cegm-opt")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.output.parent.mkdir(parents=True, exist_ok=True)
    # The peak of a process counts the memory of the one that it was forked
    # from, so that JAX must not be in this one.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        step = Step(pool.apply(emit_step, (LAYERS,)))
    results = []
    for copies in options.copies:
        text = step.repeated(copies)
        path = options.output.parent / f"step-{copies}.mlir"
        path.write_text(text)
        result = measure(options.tool, path, count_operations(text), options.rounds)
        path.unlink()
        results.append(result)
        print(json.dumps(result), flush=True)
    options.output.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
