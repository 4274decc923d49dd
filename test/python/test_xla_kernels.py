"""Compiled kernels that XLA calls, beside XLA's own code and the reference."""

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pytest
from jax import export

import cegm
import cegm.jax
from cegm import _xla
from comparison import assert_close
from reference import ops
from stablehlo_runner import body_text, cegm_opt, compile_stablehlo, mlir_type

F32, F64, BF16 = np.float32, np.float64, ml_dtypes.bfloat16
TOLERANCES = {F32: 2e-5, F64: 1e-12, BF16: 2e-5}


@pytest.fixture(scope="module", autouse=True)
def registered():
    _xla.register()


def normal(seed, shape, dtype=F32):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def compile_calls(body, inputs, results, outputs):
    """The body with custom calls for what reads rows, compiled by XLA."""
    text = body_text(body, inputs, results, outputs)
    lowered = cegm_opt(
        text, "--convert-cegm-to-custom-call", "--convert-cegm-to-stablehlo"
    )
    assert "custom_call @cegm.kernel" in lowered
    return compile_stablehlo(lowered, list(inputs.values()), outputs)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_scores_of_values_in_any_layout(dtype, order):
    """XLA likes to leave a transposed value where it is; the call does not."""
    stored = normal(1, (3, 13, 5), dtype)
    gradient = normal(2, tuple(stored.shape[dim] for dim in order), dtype)
    tokens, features = [order.index(0), order.index(1)], [order.index(2)]
    score_type = F64 if dtype is F64 else F32
    turned = mlir_type(gradient.shape, dtype)
    body = f"""
  %t = stablehlo.transpose %c, dims = {list(order)}
      : ({mlir_type(stored.shape, dtype)}) -> {turned}
  %s, %a = cegm.score cosine %t, %g tokens = {tokens} x {tokens}
      features = {features} x {features} windows = [1, 4, 0]
      : ({turned}, {turned}) -> ({mlir_type((3, 13), score_type)}, tensor<3x13xi1>)"""
    run = compile_calls(
        body,
        {"c": stored, "g": gradient},
        ["s", "a"],
        [((3, 13), score_type), ((3, 13), np.bool_)],
    )
    scores, active = run(stored, gradient)
    wanted = ops.score(
        stored.transpose(order),
        gradient,
        context_tokens=tokens,
        gradient_tokens=tokens,
        context_features=features,
        gradient_features=features,
        windows=(1, 4, 0),
    )
    tolerance = TOLERANCES[dtype]
    np.testing.assert_allclose(scores, wanted.scores, rtol=tolerance, atol=tolerance)
    np.testing.assert_array_equal(active, wanted.active)


def attention_step(params, x, y):
    """Two layers in a loop, one before it, one that is frozen."""

    def loss(params):
        h = jnp.tanh(x @ params["first"])

        def layer(h, w):
            return h + jnp.tanh(h @ w), None

        h, _ = jax.lax.scan(layer, h, params["stack"])
        return jnp.mean((h @ jax.lax.stop_gradient(params["frozen"]) - y) ** 2)

    value, gradients = jax.value_and_grad(loss)(params)
    return jax.tree.map(lambda p, g: p - 0.1 * g, params, gradients), value


def inputs(dtype=F32):
    params = {
        "first": normal(1, (6, 8), dtype),
        "stack": 0.3 * normal(2, (2, 8, 8), dtype),
        "frozen": normal(3, (8, 4), dtype),
    }
    return params, normal(4, (3, 11, 6), dtype), normal(5, (3, 11, 4), dtype)


@pytest.mark.parametrize(
    "options",
    [{}, {"keep_order": True}, {"strength_arg": True}, {"coupling": 0.5}, {"audit": True}],
    ids=str,
)
def test_steps_with_either_kind_of_kernel(options):
    choices = {"strength": 0.5, "windows": [1, 4], **options}
    native = cegm.jax.entangle(attention_step, kernels="native", **choices)
    xla = cegm.jax.entangle(attention_step, kernels="xla", **choices)
    assert "cegm.kernel" in native.lower(*inputs()).as_text()
    assert "cegm.kernel" not in xla.lower(*inputs()).as_text()
    assert_close(native(*inputs()), xla(*inputs()), 2e-5)


def test_auto_is_native_on_one_processor():
    auto = cegm.jax.entangle(attention_step).lower(*inputs()).as_text()
    assert jax.device_count() == 1
    assert "custom_call @cegm.kernel" in auto
    # What is written out for other tools is StableHLO alone.
    text = cegm.jax.entangle(attention_step).injected_text(*inputs())
    assert "cegm.kernel" not in text


def test_choices_that_cannot_be():
    with pytest.raises(ValueError, match="kernels: expected 'auto', 'native' or 'xla'"):
        cegm.jax.entangle(attention_step, kernels="fast")(*inputs())
    with pytest.raises(ValueError, match="'native' runs on platform cpu.* cuda"):
        _xla.chosen("native", ["cuda"])
    assert not _xla.chosen("auto", ["cuda"])
    assert not _xla.chosen("auto", ["cpu", "cuda"])


def test_export_of_a_step_with_kernels():
    """JAX vouches for no call but its own, and says so; with XLA's code it does."""
    step = jax.jit(cegm.jax.entangle(attention_step, kernels="native"))
    with pytest.raises(ValueError, match="cegm.kernel"):
        export.export(step)(*inputs())
    allowed = export.DisabledSafetyCheck.custom_call(_xla.TARGET)
    exported = export.export(step, disabled_checks=[allowed])(*inputs())
    assert_close(exported.call(*inputs()), step(*inputs()), 1e-6)
    portable = jax.jit(cegm.jax.entangle(attention_step, kernels="xla"))
    assert_close(export.export(portable)(*inputs()).call(*inputs()), step(*inputs()), 2e-5)


def call_text(kernel: str) -> str:
    return f"""
func.func public @main(%x: tensor<4xf32>) -> tensor<4xf32> {{
  %0 = stablehlo.custom_call @cegm.kernel(%x) {{
      api_version = 4 : i32, backend_config = {{kernel = "{kernel}"}}}}
      : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}}"""


@pytest.mark.parametrize(
    "kernel, message",
    [
        ("func.func @kernel(%x: tensor<4xf32>) -> tensor<4xf32> {", "does not compile"),
        (
            "func.func @kernel(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {"
            " return %x : tensor<4xf32> }",
            "got 1 arguments and 1 results, expected 2 and 1",
        ),
        (
            "func.func @kernel(%x: tensor<?xf32>) -> tensor<?xf32> {"
            " %0 = arith.addf %x, %x : tensor<?xf32> return %0 : tensor<?xf32> }",
            "expected results of static shape",
        ),
    ],
)
def test_kernels_that_do_not_fit(kernel, message):
    x = np.ones(4, F32)
    with pytest.raises(jax.errors.JaxRuntimeError, match=message):
        compile_stablehlo(call_text(kernel), [x], [((4,), F32)])(x)


def test_a_kernel_that_returns_its_input():
    x = np.arange(4, dtype=F32)
    kernel = "func.func @kernel(%x: tensor<4xf32>) -> tensor<4xf32> { return %x : tensor<4xf32> }"
    (result,) = compile_stablehlo(call_text(kernel), [x], [((4,), F32)])(x)
    np.testing.assert_array_equal(result, x)
