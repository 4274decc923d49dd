"""cegm-opt and jaxlib understand each other's StableHLO, CHLO and Shardy.

Every module goes through cegm-opt, in the pretty and in the generic form. What
comes out must be the text that jaxlib prints, and jaxlib must read it as the
module that went in.
"""

import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import textwrap

import pytest

jax = pytest.importorskip("jax")
import jax.numpy as jnp  # noqa: E402
from jax.interpreters import mlir as jax_mlir  # noqa: E402
from jaxlib.mlir import ir  # noqa: E402

import conformance_modules  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPT = os.environ.get("CEGM_OPT", ROOT / "build" / "bin" / "cegm-opt")

# jaxlib does not register the quantized types, so it cannot read these.
QUANTIZED = {"stablehlo.uniform_quantize", "stablehlo.uniform_dequantize"}

OPERATION = re.compile(r"\b(?:stablehlo|chlo|sdy)\.[a-z_][a-z_0-9-]*")


def emitted():
    """Functions that give the modules of JAX, by name."""
    return conformance_modules.modules() | {
        "shard_map": lambda: _sharded()["shard_map"],
        "sharding_constraint": lambda: _sharded()["constraint"],
        "symbolic_batch": _dynamic,
        "train_step": _train_step,
    }


def written():
    """The round-trip tests, whose text is official."""
    return {
        f"{path.parent.name}/{path.stem}": path.read_text()
        for path in sorted((ROOT / "test" / "Dialect").glob("*/*.mlir"))
        if "the text is the official one" in path.read_text()
    }


@functools.cache
def _sharded():
    """Modules for four devices, which need a process of their own."""
    source = textwrap.dedent("""
        import json, jax, jax.numpy as jnp
        from jax.sharding import PartitionSpec as P, NamedSharding
        auto = jax.sharding.AxisType.Auto
        mesh = jax.make_mesh((2, 2), ("x", "y"), axis_types=(auto, auto))
        a = jnp.ones((4, 8))
        def local(v):
            v = jax.lax.psum(v, "x") + jax.lax.pmax(v, "y")
            v = jax.lax.all_gather(v, "x").sum(0)
            v = jax.lax.ppermute(v, "x", [(0, 1), (1, 0)])
            v = jax.lax.all_to_all(v, "y", 1, 0, tiled=True)
            v = v + jax.lax.axis_index("x")
            return jax.lax.psum_scatter(v, "y", tiled=True)
        mapped = jax.shard_map(local, mesh=mesh, in_specs=P("x", "y"),
                               out_specs=P("x", "y"), check_vma=False)
        def constrained(v):
            s = NamedSharding(mesh, P("x", None))
            return jax.lax.with_sharding_constraint(v, s) * 2
        put = jax.device_put(a, NamedSharding(mesh, P("x", "y")))
        print(json.dumps({
            "shard_map": jax.jit(mapped).lower(put).as_text(),
            "constraint": jax.jit(constrained).lower(put).as_text()}))
        """)
    environment = dict(os.environ, JAX_PLATFORMS="cpu",
                       XLA_FLAGS="--xla_force_host_platform_device_count=4")
    run = subprocess.run([sys.executable, "-c", source], env=environment,
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def _dynamic():
    """A module with a batch size that is not known."""
    from jax import export
    (batch,) = export.symbolic_shape("b")
    shape = jax.ShapeDtypeStruct((batch, 8), jnp.float32)

    def function(x):
        index = jnp.arange(x.shape[0])
        padded = jnp.pad(x, ((0, 1), (0, 0)))
        return (x.reshape(-1), x[index], index, padded, x[: x.shape[0] - 1],
                jnp.broadcast_to(x[0], x.shape), x @ x.T)

    return export.export(jax.jit(function))(shape).mlir_module()


def _train_step():
    flax = pytest.importorskip("flax.linen")
    optax = pytest.importorskip("optax")

    class Model(flax.Module):
        @flax.compact
        def __call__(self, tokens):
            x = flax.Embed(32, 16)(tokens)
            mask = flax.make_causal_mask(tokens)
            y = flax.MultiHeadDotProductAttention(4)(flax.LayerNorm()(x),
                                                     mask=mask)
            y = x + flax.Dropout(0.1, deterministic=False)(y)
            return flax.Dense(32)(flax.gelu(flax.Dense(64)(y)))

    tokens = jnp.zeros((2, 8), jnp.int32)
    key = jax.random.key(0)
    parameters = Model().init({"params": key, "dropout": key}, tokens)
    optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(1e-3))

    def step(parameters, state, tokens, key):
        def loss(p):
            logits = Model().apply(p, tokens, rngs={"dropout": key})
            return optax.softmax_cross_entropy_with_integer_labels(
                logits, tokens).mean()

        value, gradient = jax.value_and_grad(loss)(parameters)
        update, state = optimizer.update(gradient, state, parameters)
        return optax.apply_updates(parameters, update), state, value

    jitted = jax.jit(step, donate_argnums=(0, 1))
    return jitted.lower(parameters, optimizer.init(parameters), tokens,
                        key).as_text()


def run_opt(text, *arguments):
    run = subprocess.run([str(OPT), *arguments], input=text,
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


def read(text, generic):
    """The text as jaxlib prints it."""
    with jax_mlir.make_ir_context():
        return ir.Module.parse(text).operation.get_asm(
            print_generic_op_form=generic)


def check(text):
    for generic in (False, True):
        ours = run_opt(text, *(["--mlir-print-op-generic"] if generic else []))
        assert read(ours, generic=True) == read(text, generic=True)
        assert ours.strip() == read(text, generic).strip()


EMITTED, WRITTEN = emitted(), written()


@pytest.mark.parametrize("name", EMITTED)
def test_emitted(name):
    check(EMITTED[name]())


@pytest.mark.parametrize("name", WRITTEN)
def test_written(name):
    check(WRITTEN[name])


def test_locations_survive():
    text = jax.jit(lambda x: jnp.sin(x).sum()).lower(
        jnp.ones((4, 8))).as_text(debug_info=True)
    assert run_opt(text, "--mlir-print-debuginfo").strip() == text.strip()


def test_every_operation_of_jaxlib_is_checked():
    from jaxlib.mlir.dialects import _chlo_ops_gen, _sdy_ops_gen
    from jaxlib.mlir.dialects import _stablehlo_ops_gen
    known = set()
    for module in (_stablehlo_ops_gen, _chlo_ops_gen, _sdy_ops_gen):
        source = pathlib.Path(module.__file__).read_text()
        known.update(re.findall(r'OPERATION_NAME = "([^"]+)"', source))
    assert len(known) > 180
    seen = set()
    texts = [function() for function in EMITTED.values()]
    for text in (*texts, *WRITTEN.values()):
        seen.update(OPERATION.findall(text))
    assert known - seen == QUANTIZED
