"""Boolean constants as frontends print them: masks that are made outside of a step."""

import pathlib
import shutil
import subprocess

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import cegm
import cegm.jax
from cegm import native
from comparison import assert_close
from jax._src.interpreters import mlir as jax_mlir

SHAPES = [(2,), (9,), (100,), (101,), (128,), (1000,), (3, 37), (64, 64), (5, 1, 33), (0, 4)]


def mask(shape):
    values = np.random.default_rng(len(shape) + sum(shape)).random(shape) < 0.4
    if values.size > 1:
        values.flat[0], values.flat[-1] = True, False  # not all of one value
    return values


def text_of(values, **options):
    def function(x):
        return jnp.where(values, x, 0.0)

    example = jax.ShapeDtypeStruct(values.shape, jnp.float32)
    return jax.jit(function).lower(example).as_text(**options)


def generic(text):
    with jax_mlir.make_ir_context():
        module = jax_mlir.ir.Module.parse(text)
        return module.operation.get_asm(print_generic_op_form=True)


def opt(text, *arguments, tool="cegm-opt"):
    return subprocess.run(
        [tool, *arguments], input=text, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_masks_reach_machine_code(shape):
    values = mask(shape)
    x = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    text = text_of(values)
    for form in (text, generic(text), opt(text), opt(text, "--mlir-print-op-generic")):
        (got,) = native.compile(form)(x)
        np.testing.assert_array_equal(got, np.where(values, x, np.float32(0)))


@pytest.mark.parametrize("shape", [(101,), (3, 37), (64, 64)], ids=str)
def test_what_is_printed_is_read_by_frontends(shape):
    text = text_of(mask(shape))
    wanted = generic(text)
    assert 'dense<"0x' in wanted
    assert generic(opt(text)) == wanted
    assert generic(cegm._cegm.run_pipeline(text, "symbol-dce").text) == wanted


def test_the_plugin_reads_masks():
    """By MLIR's own parser, in the form in which a frontend prints them."""
    build = pathlib.Path(shutil.which("cegm-opt")).resolve().parents[1]
    plugin = build / "lib" / "CegmPlugin.so"
    text = text_of(mask((3, 37)))
    printed = opt(text, f"--load-dialect-plugin={plugin}", tool="/usr/lib/llvm-22/bin/mlir-opt")
    assert 'dense<"0x' in printed
    assert generic(opt(printed)) == generic(text)


def test_nested_in_attributes():
    values = mask((3, 37))
    constant = text_of(values).partition("dense<")[2].partition("\n")[0]
    text = f"module attributes {{a.list = [1, {{b = dense<{constant}}}]}} {{}}"
    words = str(values.tolist()).lower()
    assert f"a.list = [1, {{b = dense<{words}> : tensor<3x37xi1>}}]" in opt(text)


def test_masks_in_resources():
    values = mask((9,))
    blob = "01000000" + values.tobytes().hex()
    text = f"""
    func.func @main() -> tensor<9xi1> {{
      %0 = stablehlo.constant dense_resource<m> : tensor<9xi1>
      return %0 : tensor<9xi1>
    }}
    {{-# dialect_resources: {{ builtin: {{ m: "0x{blob}" }} }} #-}}"""
    (got,) = native.compile(text)()
    np.testing.assert_array_equal(got, values)


def test_a_size_that_does_not_fit_is_an_error():
    text = text_of(mask((101,))).replace("101xi1", "102xi1")
    with pytest.raises(cegm.CegmError, match="constant in hexadecimal has 101 bytes"):
        cegm.explain(text)


def test_a_step_with_a_causal_mask():
    """`np.tril` in the closure, the form of many tutorials."""
    length = 64
    causal = np.tril(np.ones((length, length), bool))

    def loss(params, x):
        q, k, v = (x @ params[name] for name in "qkv")
        scores = jnp.where(causal, q @ k.swapaxes(-1, -2), -1e9)
        return jnp.mean((jax.nn.softmax(scores) @ v @ params["o"] - x) ** 2)

    def step(params, x):
        value, grads = jax.value_and_grad(loss)(params, x)
        return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads), value

    keys = jax.random.split(jax.random.key(0), 5)
    params = {name: 0.3 * jax.random.normal(k, (8, 8)) for name, k in zip("qkvo", keys)}
    x = jax.random.normal(keys[4], (3, length, 8))
    results = {
        kernels: cegm.jax.entangle(step, kernels=kernels)(params, x)
        for kernels in ("xla", "native")
    }
    assert_close(results["native"], results["xla"], 1e-5)
    off = cegm.jax.entangle(step, strength_arg=True)(params, x, strength=0.0)
    assert_close(off, jax.jit(step)(params, x), 1e-5)
