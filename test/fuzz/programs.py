"""Random train steps beside an independent reference: `python test/fuzz/programs.py --help`.

Each number is a model of random blocks, sizes and options, whose entangled step is
compared in double precision with `test/python/reference`, which shares no code with
the package, and whose audited step does what the plain one does but for the rounding
of another fusion. Loops over layers are written out for the reference.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import random
import sys
import time
import traceback
from collections.abc import Callable

os.environ.setdefault("JAX_PLATFORMS", "cpu")
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "python"))

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import optax  # noqa: E402

import cegm.jax  # noqa: E402
from comparison import assert_close, rounded  # noqa: E402
from reference.step import Options, Reference  # noqa: E402

TOLERANCE, ROUNDING = 1e-8, 1e-13
_ACTIVATIONS = (jnp.tanh, jax.nn.gelu, jax.nn.relu, jax.nn.silu, jax.nn.sigmoid, jnp.sin)

# A block: the shapes of its weights, and what it makes of `(weights, h)`.
Block = tuple[dict[str, tuple[int, ...]], Callable]


def _dense(rng: random.Random, width: int) -> Block:
    act, bias = rng.choice(_ACTIVATIONS), rng.random() < 0.5
    shapes = {"w": (width, width)} | ({"b": (width,)} if bias else {})

    def apply(p, h):
        return act(h @ p["w"] + (p["b"] if bias else 0.0))

    return shapes, apply


def _transposed(rng: random.Random, width: int) -> Block:
    """A product with the weight's last dimension, as PyTorch stores it."""
    act = rng.choice(_ACTIVATIONS)
    return {"w": (width, width)}, lambda p, h: act(jnp.einsum("...d,kd->...k", h, p["w"]))


def _gated(rng: random.Random, width: int) -> Block:
    inner, act = rng.randint(2, 9), rng.choice(_ACTIVATIONS)
    shapes = {"up": (width, inner), "gate": (width, inner), "down": (inner, width)}
    return shapes, lambda p, h: (act(h @ p["gate"]) * (h @ p["up"])) @ p["down"]


def _fused(rng: random.Random, width: int) -> Block:
    """One product for two, split after it."""

    def apply(p, h):
        a, b = jnp.split(h @ p["w"], 2, axis=-1)
        return jnp.tanh(a) * b

    return {"w": (width, 2 * width)}, apply


def _attention(rng: random.Random, width: int) -> Block:
    heads, size = rng.choice((1, 2, 3)), rng.randint(2, 5)
    joined, causal = rng.random() < 0.5, rng.random() < 0.7
    shapes = {"out": (heads, size, width)}
    names = ("qkv",) if joined else ("q", "k", "v")
    for name in names:
        shapes[name] = (width, 3, heads, size) if joined else (width, heads, size)

    def apply(p, h):
        if joined:
            q, k, v = jnp.moveaxis(jnp.einsum("...sd,dthk->...sthk", h, p["qkv"]), -3, 0)
        else:
            q, k, v = (jnp.einsum("...sd,dhk->...shk", h, p[name]) for name in names)
        logits = jnp.einsum("...qhk,...shk->...hqs", q, k) / np.sqrt(size)
        if causal:
            mask = np.tril(np.ones((h.shape[-2], h.shape[-2]), bool))
            logits = jnp.where(mask, logits, -1e9)
        mixed = jnp.einsum("...hqs,...shk->...qhk", jax.nn.softmax(logits), v)
        return jnp.einsum("...shk,hkd->...sd", mixed, p["out"])

    return shapes, apply


def _norm(rng: random.Random, width: int) -> Block:
    centred = rng.random() < 0.5

    def apply(p, h):
        if centred:
            h = h - h.mean(-1, keepdims=True)
        return h * jax.lax.rsqrt((h**2).mean(-1, keepdims=True) + 1e-3) * (1 + p["scale"])

    return {"scale": (width,)}, apply


_BLOCKS = (_dense, _transposed, _gated, _fused, _attention, _norm)


def _residual(block: Block) -> Block:
    shapes, apply = block
    return shapes, lambda p, h: h + apply(p, h)


def _chain(blocks: list[Block]) -> Block:
    shapes = {
        f"{i}_{name}": shape
        for i, (inner, _) in enumerate(blocks)
        for name, shape in inner.items()
    }

    def apply(p, h):
        for i, (inner, function) in enumerate(blocks):
            h = function({name: p[f"{i}_{name}"] for name in inner}, h)
        return h

    return shapes, apply


def _stack(rng: random.Random, block: Block) -> tuple[Block, Block]:
    """A loop over layers of one kind, and the same written out."""
    shapes, apply = block
    count, remat = rng.randint(2, 4), rng.random() < 0.3
    stacked = {name: (count, *shape) for name, shape in shapes.items()}

    def loop(p, h):
        body = lambda h, layer: (apply(layer, h), None)  # noqa: E731
        return jax.lax.scan(jax.checkpoint(body) if remat else body, h, p)[0]

    def unrolled(p, h):
        for i in range(count):
            h = apply({name: w[i] for name, w in p.items()}, h)
        return h

    return (stacked, loop), (stacked, unrolled)


@dataclasses.dataclass
class Program:
    """A random step: what is compiled, and the loss that the reference reads."""

    loss: Callable
    written_out: Callable
    params: dict
    batch: dict
    optimizer: optax.GradientTransformation
    options: Options

    @classmethod
    def make(cls, number: int) -> "Program":
        rng = random.Random(number)
        width, length, batch = rng.randint(3, 9), rng.randint(5, 19), rng.choice((2, 3, 5))
        forms: list[tuple[Block, Block]] = []
        for _ in range(rng.randint(1, 4)):
            block = rng.choice(_BLOCKS)(rng, width)
            if rng.random() < 0.5:
                block = _residual(block)
            if rng.random() < 0.25:
                forms.append(_stack(rng, _chain([block, _residual(_dense(rng, width))])))
            else:
                forms.append((block, block))
        body, written_out = (_chain([form[i] for form in forms]) for i in (0, 1))
        ids, classes = rng.random() < 0.5, rng.randint(4, 11)
        tied = ids and rng.random() < 0.4
        kind = rng.choice(("squares", "classes", "masked"))
        mapped = rng.random() < 0.25
        shapes = {
            **body[0],
            "in": (classes if ids else rng.randint(2, 6), width),
            **({} if tied else {"head": (width, classes)}),
        }
        numbers = np.random.default_rng(number)
        params = {
            name: jnp.asarray(numbers.standard_normal(shape) / np.sqrt(width))
            for name, shape in shapes.items()
        }
        size = (batch, length)
        data = {
            "x": numbers.integers(0, classes, size)
            if ids
            else numbers.standard_normal((*size, shapes["in"][0])),
            "y": numbers.integers(0, classes, size),
        }
        if kind == "masked":
            data["mask"] = (numbers.random(size) < 0.8).astype(np.float64)

        def make_loss(apply):
            def values(p, x, y):
                h = p["in"][x] if ids else x @ p["in"]
                h = apply({name: p[name] for name in body[0]}, h)
                logits = h @ (p["in"].T if tied else p["head"])
                if kind == "squares":
                    return (logits**2).mean(-1)
                picked = jnp.take_along_axis(logits, y[..., None], -1)[..., 0]
                return jax.nn.logsumexp(logits, -1) - picked

            def loss(p, data):
                each = jax.vmap(values, (None, 0, 0)) if mapped else values
                losses = each(p, data["x"], data["y"])
                if kind == "masked":
                    return (losses * data["mask"]).sum() / data["mask"].sum()
                return losses.mean()

            return loss

        optimizer = rng.choice(
            (
                optax.sgd(0.1),
                optax.sgd(0.1, momentum=0.9, nesterov=True),
                optax.chain(optax.clip_by_global_norm(0.5), optax.sgd(0.3)),
                optax.chain(optax.add_decayed_weights(0.01), optax.sgd(0.1)),
                optax.adamw(1e-2, eps=1e-3),
            )
        )
        return cls(
            make_loss(body[1]),
            make_loss(written_out[1]),
            params,
            jax.tree.map(jnp.asarray, data),
            optimizer,
            _choose_options(rng, any(a is not b for a, b in forms)),
        )

    def step(self, params, state, batch):
        value, gradients = jax.value_and_grad(self.loss)(params, batch)
        updates, state = self.optimizer.update(gradients, state, params)
        return optax.apply_updates(params, updates), state, value

    def check(self) -> None:
        state = self.optimizer.init(self.params)
        arguments = (self.params, state, self.batch)
        plain = jax.jit(self.step)(*arguments)
        audited, _ = cegm.jax.entangle(self.step, mode="audit")(*arguments)
        assert_close(audited, plain, ROUNDING)
        got = cegm.jax.entangle(self.step, **dataclasses.asdict(self.options))(*arguments)
        reference = Reference(self.written_out, self.optimizer, self.params, self.batch)
        # Where terms cancel, as gradients of keys do over a sequence, rounding is all
        # that is left.
        nearby = reference(*rounded((self.params, state)), self.batch, self.options)
        assert_close(got, reference(*arguments, self.options), TOLERANCE, nearby)


def _choose_options(rng: random.Random, has_loop: bool) -> Options:
    windows = rng.choice(((1,), (0,), (1, 4), (2, 5, 0), (1, 16, 128), (3, 7)))
    return Options(
        strength=rng.choice((0.05, 0.3, 0.9)),
        kernel=rng.choice(("cosine", "inner")),
        windows=windows,
        decay=rng.choice((0.5, 1.0, 2.0)),
        weighting=rng.choice(("tanh", "linear", "exp", "softmax")),
        temperature=rng.choice((0.1, 0.5, 1.0)),
        sign=rng.choice(("positive", "negative", "magnitude")),
        normalize=rng.choice(("mean", "none")),
        apply=rng.choice(("weight", "flow")),
        # A loop over layers keeps no outputs: its sites have their inputs' context.
        context="input" if has_loop else rng.choice(("input", "output")),
        radial=rng.choice(("keep", "remove")),
        # Scores of several layers have one shape where no loop is among them.
        coupling=0.0 if has_loop else rng.choice((0.0, 0.5)),
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=50, help="programs to run (default 50)")
    parser.add_argument("--first", type=int, default=0, help="number of the first of them")
    parser.add_argument("--time-limit", type=float, help="seconds after which none is begun")
    parser.add_argument("--summary", type=pathlib.Path, help="write the counts here as JSON")
    options = parser.parse_args()
    start, run, failed = time.monotonic(), 0, []
    with jax.enable_x64(True):
        for number in range(options.first, options.first + options.count):
            if options.time_limit and time.monotonic() - start > options.time_limit:
                break
            run += 1
            try:
                Program.make(number).check()
            except Exception as error:
                failed.append(number)
                lines = traceback.format_exception_only(error)
                print(f"[{number}] {''.join(lines).strip()[:2000]}", flush=True)
            if run % 20 == 0:
                jax.clear_caches()
    seconds = time.monotonic() - start
    print(f"{run} programs, {len(failed)} failed {failed}, {seconds:.0f} s")
    if options.summary:
        counts = {"programs": run, "failed": failed, "seconds": seconds}
        options.summary.write_text(json.dumps(counts, indent=1) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
