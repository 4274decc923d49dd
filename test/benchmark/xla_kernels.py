"""The kernel of one site inside XLA: our machine code, called, beside XLA's own.

Both are executables of XLA on the same arrays, with all of its threads; they run
by turns. Reported are medians, and medians of the ratios within a round.
"""

import argparse
import json
import pathlib
import sys

import jax
import numpy as np
from jax import numpy as jnp

from cegm import _xla
from native_time import KERNEL, interleave

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
from stablehlo_runner import cegm_opt, compile_stablehlo  # noqa: E402

SHAPES = [(2, 7, 5), (4, 32, 32), (8, 128, 64), (8, 128, 256), (4, 512, 768), (8, 1024, 512)]


def measure(shape: tuple[int, int, int], dtype: str, rounds: int) -> dict:
    b, s, d = shape
    sizes = f"{b}x{s}x{d}x"
    text = KERNEL.format(b=b, s=s, d=d).replace(sizes + "f32", sizes + dtype)
    random = np.random.default_rng(0)
    numpy_type = {"f32": np.float32, "bf16": jnp.bfloat16}[dtype]
    inputs = [jnp.asarray(random.normal(size=shape), numpy_type) for _ in range(3)]
    compiled = {}
    for name, passes in (("called", ["--convert-cegm-to-custom-call"]), ("XLA", [])):
        lowered = cegm_opt(text, *passes, "--convert-cegm-to-stablehlo", "--cse")
        function = compile_stablehlo(lowered, inputs, [(shape, numpy_type)], quick=False)
        compiled[name] = function.compiled
    got, wanted = (np.asarray(f(*inputs)[0], np.float32) for f in compiled.values())
    tolerance = 1e-4 if dtype == "f32" else 1e-2
    np.testing.assert_allclose(got, wanted, rtol=tolerance, atol=tolerance)
    variants = {
        name: lambda f=function: jax.block_until_ready(f(*inputs))
        for name, function in compiled.items()
    }
    return {"shape": shape, "type": dtype, **interleave(variants, rounds)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    options = parser.parse_args()
    _xla.register()
    results = []
    for dtype in ("f32", "bf16"):
        for shape in SHAPES:
            results.append(measure(shape, dtype, options.rounds))
            print(json.dumps(results[-1]), flush=True)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
