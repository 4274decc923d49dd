"""Time of a train step: plain, injected, and entangled by hand.

All variants run by turns in one process on the same inputs; each round takes
every variant once, in an order that rotates. Reported are the medians and the
median of the ratios within a round.
"""

import argparse
import json
import pathlib
import statistics
import time

import jax
import optax

import by_hand
import cegm.jax
from transformer import Transformer, make_step, start


def compile_variants(features: int, length: int, batch: int, layers: int):
    """Name -> compiled step, and the arguments for them."""
    optimizer = optax.adamw(1e-3)
    plain = Transformer(features, layers)
    handmade = Transformer(
        features, layers, dot_general=by_hand.dot_general, lookup=by_hand.lookup
    )
    arguments = start(plain, optimizer, batch, length)
    step = make_step(plain, optimizer)
    variants = {
        "plain": jax.jit(step),
        "injected": cegm.jax.entangle(step),
        "injected, kernels by XLA": cegm.jax.entangle(step, kernels="xla"),
        "injected, keep-order": cegm.jax.entangle(step, keep_order=True),
        "custom_vjp": jax.jit(make_step(handmade, optimizer)),
    }
    compiled = {name: f.lower(*arguments).compile() for name, f in variants.items()}
    check_same_work(variants, arguments)
    return variants, compiled, arguments


def check_same_work(variants, arguments) -> None:
    """What is compared computes the same: one step by hand and injected."""
    by_hand_params = variants["custom_vjp"](*arguments)[0]
    injected_params = variants["injected"](*arguments)[0]
    plain_params = variants["plain"](*arguments)[0]

    def distance(a, b):
        return optax.global_norm(jax.tree.map(lambda x, y: x - y, a, b))

    error = distance(injected_params, by_hand_params)
    effect = distance(injected_params, plain_params)
    if not error < 0.05 * effect:
        raise RuntimeError(
            f"the injected step and the one by hand differ by {error:.3g}, which "
            f"is not small beside the effect of the injection, {effect:.3g}"
        )


def peak_bytes(compiled) -> int:
    memory = compiled.memory_analysis()
    return (
        memory.argument_size_in_bytes
        + memory.output_size_in_bytes
        + memory.temp_size_in_bytes
    )


def measure(features, length, batch, layers, rounds) -> dict:
    calls, compiled, arguments = compile_variants(features, length, batch, layers)
    names = list(calls)
    for name in names:
        for _ in range(2):
            jax.block_until_ready(calls[name](*arguments))
    seconds = {name: [] for name in names}
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            began = time.perf_counter()
            jax.block_until_ready(calls[name](*arguments))
            seconds[name].append(time.perf_counter() - began)

    def ratio(name, to):
        return statistics.median(
            a / b for a, b in zip(seconds[name], seconds[to], strict=True)
        )

    return {
        "features": features,
        "length": length,
        "batch": batch,
        "layers": layers,
        "rounds": rounds,
        "milliseconds": {n: 1e3 * statistics.median(seconds[n]) for n in names},
        "peak_bytes": {n: peak_bytes(compiled[n]) for n in names},
        "injected / plain": ratio("injected", "plain"),
        "injected, kernels by XLA / plain": ratio("injected, kernels by XLA", "plain"),
        "injected, keep-order / plain": ratio("injected, keep-order", "plain"),
        "injected / custom_vjp": ratio("injected", "custom_vjp"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=int, nargs="+", default=[128, 256, 512])
    parser.add_argument("--lengths", type=int, nargs="+", default=[128, 256])
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    options = parser.parse_args()
    results = []
    for features in options.features:
        for length in options.lengths:
            result = measure(
                features, length, options.batch, options.layers, options.rounds
            )
            results.append(result)
            print(json.dumps(result), flush=True)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
