"""Trains a small language model with and without entanglement.

Prints what was found in its train step, both losses, the cost of a step and
the audit of each site, and draws them to a picture.
"""

import argparse
import pathlib
import re
import subprocess
import time

import jax
import jax.numpy as jnp
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import optax
import rich.box
from rich.console import Console
from rich.table import Table

import cegm.jax
from language_model import LanguageModel, make_loss, make_step, python_documentation

BATCH, LENGTH = 8, 128
console = Console(width=130, highlight=False)


def short(parameter: str) -> str:
    """`Dense_0/kernel` of the path `params['Dense_0']['kernel']`."""
    return "/".join(re.findall(r"\['([^']*)'\]", parameter))


def shell(arguments: list[str]) -> None:
    """Runs a command as a user would, and shows it."""
    console.print("\n[bold]$ " + " ".join(arguments) + "[/bold]", soft_wrap=True)
    subprocess.run(arguments, check=True)


def show_sites(step, example, folder: pathlib.Path) -> None:
    plain, injected = folder / "step.mlir", folder / "injected.mlir"
    plain.write_text(cegm.jax.emit(step, *example))
    console.print(
        f"[bold]1. The train step[/bold], as JAX emits it: {plain} "
        f"({len(plain.read_text().splitlines())} lines)"
    )
    shell(["cegm-opt", "--explain-entanglement", str(plain), "-o", "/dev/null"])
    shell(
        ["cegm-opt", "--inject-entanglement", "--convert-cegm-to-stablehlo"]
        + [str(plain), "-o", str(injected)]
    )


class Run:
    """One training: its state, its step and what it has seen."""

    def __init__(self, name, step, start):
        self.name, self.step = name, step
        self.state = jax.tree.map(jnp.copy, start)
        self.losses, self.seconds, self.validation, self.metrics = [], [], [], []

    def advance(self, tokens) -> None:
        began = time.perf_counter()
        result = jax.block_until_ready(self.step(*self.state, tokens))
        self.seconds.append(time.perf_counter() - began)
        if self.name == "entangled":
            result, metrics = result
            self.metrics.append(metrics)
        *self.state, loss = result
        self.losses.append(float(loss))

    @property
    def median_seconds(self) -> float:
        # The first call compiles.
        return float(np.median(self.seconds[1:]))


def train(runs, text, loss, steps: int, evaluate_every: int) -> list[int]:
    """Advances both by turns on the same batches; returns the evaluated steps."""
    random, held_out = np.random.default_rng(0), np.random.default_rng(1)
    valid = text.batch(held_out, 32, LENGTH, "valid")
    evaluate = jax.jit(loss)
    evaluated = []
    for number in range(1, steps + 1):
        tokens = text.batch(random, BATCH, LENGTH)
        for run in runs if number % 2 else reversed(runs):
            run.advance(tokens)
        if number % evaluate_every == 0 or number == steps:
            evaluated.append(number)
            for run in runs:
                run.validation.append(float(evaluate(run.state[0], valid)))
    return evaluated


def show_losses(plain: Run, entangled: Run, evaluated: list[int]) -> None:
    table = Table(
        title="Loss (nats per character)", box=rich.box.SIMPLE_HEAD, title_justify="left"
    )
    headings = ("plain, train", "entangled, train", "plain, valid", "entangled, valid")
    for heading in ("step", *headings):
        table.add_column(heading, justify="right")
    for row, step in enumerate(evaluated):
        window = slice(max(0, step - 20), step)
        values = (
            np.mean(plain.losses[window]),
            np.mean(entangled.losses[window]),
            plain.validation[row],
            entangled.validation[row],
        )
        table.add_row(str(step), *(f"{value:.4f}" for value in values))
    console.print(table)
    ratio = entangled.median_seconds / plain.median_seconds
    console.print(
        f"Median step: plain {1e3 * plain.median_seconds:.1f} ms, entangled "
        f"{1e3 * entangled.median_seconds:.1f} ms; ratio [bold]{ratio:.3f}[/bold] "
        "(the audit included)\n"
    )


def show_audit(entangled: Run) -> None:
    metrics = jax.device_get(entangled.metrics[-1])
    table = Table(
        title="Audit of the last step, one row a site",
        box=rich.box.SIMPLE_HEAD,
        title_justify="left",
    )
    table.add_column("parameter", overflow="fold")
    shown = {
        "energy": "energy",
        "mean": "score",
        "deviation": "deviation",
        "weight_minimum": "weight from",
        "weight_maximum": "to",
        "positive_share": "positive",
        "active": "tokens",
    }
    for heading in shown.values():
        table.add_column(heading, justify="right")
    for parameter, columns in metrics.items():
        for use in range(len(columns["mean"])):
            cells = (f"{columns[name][use]:.4g}" for name in shown)
            table.add_row(short(parameter), *cells)
    console.print(table)


def draw(plain: Run, entangled: Run, evaluated, path: pathlib.Path) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 4), layout="constrained")
    for run, color in ((plain, "tab:gray"), (entangled, "tab:blue")):
        smooth = np.convolve(run.losses, np.ones(10) / 10, "valid")
        left.plot(np.arange(10, len(run.losses) + 1), smooth, color=color, alpha=0.4)
        left.plot(evaluated, run.validation, "o-", color=color, ms=3, label=run.name)
    left.set(xlabel="step", ylabel="loss", title="loss (line with dots: validation)")
    left.legend()
    for parameter in entangled.metrics[0]:
        means = [float(np.mean(m[parameter]["mean"])) for m in entangled.metrics]
        smooth = np.convolve(means, np.ones(10) / 10, "valid")
        right.plot(smooth, lw=0.9, label=short(parameter))
    right.axhline(0, color="black", lw=0.5)
    right.set(xlabel="step", ylabel="mean score", title="entanglement of each parameter")
    figure.legend(*right.get_legend_handles_labels(), loc="outside right center", fontsize=6)
    figure.savefig(path, dpi=130)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--strength", type=float, default=0.1)
    parser.add_argument("--output", type=pathlib.Path, default="build/demo.png")
    arguments = parser.parse_args()
    folder = arguments.output.parent / "demo"
    folder.mkdir(parents=True, exist_ok=True)

    text = python_documentation()
    model = LanguageModel(text.vocabulary)
    loss = make_loss(model)
    optimizer = optax.adamw(2e-3, weight_decay=0.1)
    example = jnp.zeros((BATCH, LENGTH + 1), jnp.int32)
    params = model.init(jax.random.key(0), example[:, :-1])["params"]
    start = (params, optimizer.init(params))
    step = make_step(loss, optimizer)
    size = sum(leaf.size for leaf in jax.tree.leaves(params))
    console.print(
        f"Text: Python's help topics, {len(text.train) + len(text.valid):,} characters; "
        f"model: {size:,} parameters; {arguments.steps} steps of {BATCH} x {LENGTH}.\n"
    )
    show_sites(step, (*start, example), folder)

    console.print("\n[bold]2. Training[/bold] from one start, on the same batches\n")
    plain = Run("plain", jax.jit(step, donate_argnums=(0, 1)), start)
    injected = cegm.jax.entangle(
        step, strength=arguments.strength, audit=True, donate_argnums=(0, 1)
    )
    entangled = Run("entangled", injected, start)
    evaluated = train(
        [plain, entangled], text, loss, arguments.steps, max(1, arguments.steps // 6)
    )
    show_losses(plain, entangled, evaluated)
    show_audit(entangled)
    draw(plain, entangled, evaluated, arguments.output)
    console.print(f"Picture: {arguments.output}")


if __name__ == "__main__":
    main()
