"""Ops and steps whose batch and sequence have any size, at several sizes."""

from __future__ import annotations

import dataclasses

import jax
import jax.export
import jax.extend.mlir
import jax.numpy as jnp
import numpy as np
import pytest
from jax.extend.mlir.dialects import stablehlo

import cegm
import cegm.jax
from cegm import native
from comparison import assert_close, relative_errors, rounded
from models import nnx_model
from models.common import OPTIMIZERS, make_batch, make_step
from reference import ops
from reference.step import QUICKLY
from stablehlo_runner import MLIR_TYPES, cegm_opt
from structures.checks import exported_arguments
from structures.symbolic import SYMBOLIC

# A sequence of one position, shorter than a window, a multiple of some windows,
# and one that ends within a window.
SIZES = [(3, 1), (1, 4), (2, 16), (2, 37)]
SINGLE = {"rtol": 2e-5, "atol": 2e-6}


@dataclasses.dataclass(frozen=True)
class Tensor:
    """A type whose sizes may have names, as `jax.export.symbolic_shape` reads them."""

    sizes: str
    dtype: type = np.float32

    @property
    def text(self) -> str:
        names = [size.strip() for size in self.sizes.split(",") if size.strip()]
        sizes = "".join(f"{'?' if n.isidentifier() else n}x" for n in names)
        return f"tensor<{sizes}{MLIR_TYPES[np.dtype(self.dtype)]}>"


def compile_body(body: str, inputs: dict[str, Tensor], results: dict[str, Tensor]):
    """A function body of cegm ops, compiled anew for each size that it meets."""
    arguments = ", ".join(f"%{name}: {tensor.text}" for name, tensor in inputs.items())
    types = ", ".join(tensor.text for tensor in results.values())
    returned = ", ".join(f"%{name}" for name in results)
    text = cegm_opt(
        f"func.func public @main({arguments}) -> ({types}) {{\n{body}\n"
        f"  return {returned} : {types}\n}}\n",
        "--convert-cegm-to-stablehlo",
        "--cse",
    )
    scope = jax.export.SymbolicScope()

    def shape(tensor: Tensor):
        return jax.export.symbolic_shape(tensor.sizes, scope=scope)

    with jax.enable_x64(True):
        stand_in = jax.jit(
            lambda *args: [jnp.zeros(shape(t), t.dtype) for t in results.values()],
            keep_unused=True,
        )
        exported = jax.export.export(stand_in)(
            *(jax.ShapeDtypeStruct(shape(t), t.dtype) for t in inputs.values())
        )
    artifact = jax.extend.mlir.serialize_portable_artifact(
        text, stablehlo.get_current_version(), True
    )
    exported = dataclasses.replace(exported, mlir_module_serialized=artifact)

    def run(*values: np.ndarray) -> list[np.ndarray]:
        with jax.enable_x64(True):
            compiled = jax.jit(exported.call).lower(*values).compile(QUICKLY)
            return [np.asarray(result) for result in compiled(*values)]

    return run


def normal(seed: int, *shape: int, dtype=np.float32) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


SCORES = [
    {"kernel": "cosine", "windows": (1, 5, 16), "decay": 0.5},
    {"kernel": "cosine", "windows": (4, 0)},
    {"kernel": "inner", "windows": (3, 17)},
    {"kernel": "bilinear", "windows": (1, 0)},
]


@pytest.fixture(scope="module")
def scores():
    """All of `SCORES`, of a context with features on both sides of the tokens."""
    context, gradient = Tensor("3, b, s, 2"), Tensor("b, s, 3, 2")
    token = Tensor("b, s")
    flags = Tensor("b, s", np.bool_)
    lines, results = [], {}
    for index, case in enumerate(SCORES):
        metric = case["kernel"] == "bilinear"
        operands = [context.text, gradient.text] + [Tensor("3, 2").text] * metric
        lines.append(
            f"  %s{index}, %a{index} = cegm.score {case['kernel']} %c, %g"
            + (" metric(%m)" if metric else "")
            + " tokens = [1, 2] x [0, 1] features = [0, 3] x [2, 3]"
            f" windows = {list(case['windows'])} decay = {case.get('decay', 1.0):e}"
            f" : ({', '.join(operands)}) -> ({token.text}, {flags.text})"
        )
        results |= {f"s{index}": token, f"a{index}": flags}
    inputs = {"c": context, "g": gradient, "m": Tensor("3, 2")}
    return compile_body("\n".join(lines), inputs, results)


@pytest.mark.parametrize("batch, length", SIZES)
def test_score(scores, batch, length):
    context, gradient = normal(1, 3, batch, length, 2), normal(2, batch, length, 3, 2)
    gradient += 0.7 * context.transpose(1, 2, 0, 3)
    gradient[0, length // 2] = 0  # a token that is not active
    context[0, 0, -1, 1] = np.nan
    metric = normal(3, 3, 2)
    results = scores(context, gradient, metric)
    for index, case in enumerate(SCORES):
        expected = ops.score(
            context,
            gradient,
            context_tokens=(1, 2),
            gradient_tokens=(0, 1),
            context_features=(0, 3),
            gradient_features=(2, 3),
            metric=metric if case["kernel"] == "bilinear" else None,
            **case,
        )
        np.testing.assert_allclose(
            results[2 * index], expected.scores, err_msg=str(case), **SINGLE
        )
        np.testing.assert_array_equal(results[2 * index + 1], expected.active)


WEIGHINGS = [
    {"weighting": "tanh", "sign": "positive", "normalization": "mean"},
    {"weighting": "linear", "sign": "negative", "normalization": "none"},
    {"weighting": "exp", "sign": "magnitude", "normalization": "mean"},
    {"weighting": "softmax", "sign": "positive", "normalization": "mean"},
]


@pytest.fixture(scope="module")
def weighings():
    """Weights of coupled scores, a tensor scaled by the first, and its audit."""
    token, flags = Tensor("b, s"), Tensor("b, s", np.bool_)
    inputs = {"p": token, "q": token, "a": flags, "l": Tensor(""), "x": Tensor("s, 5, b")}
    t, x = token.text, inputs["x"].text
    lines = [f"  %s = cegm.couple %p with %q coupling = 0.25 : ({t}, {t}) -> {t}"]
    lines += [
        f"  %w{index} = cegm.weigh {case['weighting']} %s, %a, %l"
        f" temperature = 0.5 sign = {case['sign']}"
        f" normalization = {case['normalization']} : ({t}, {flags.text}, tensor<f32>) -> {t}"
        for index, case in enumerate(WEIGHINGS)
    ]
    lines += [
        f"  %r = cegm.scale %x by %w0 tokens = [2, 0] : ({x}, {t}) -> {x}",
        f"  %m = cegm.audit %s, %w0, %a, %l : ({t}, {t}, {flags.text}, tensor<f32>)"
        " -> tensor<10xf32>",
    ]
    results = {"s": token, **{f"w{i}": token for i in range(len(WEIGHINGS))}}
    results |= {"r": inputs["x"], "m": Tensor("10")}
    return compile_body("\n".join(lines), inputs, results)


@pytest.mark.parametrize("batch, length", SIZES)
def test_weights(weighings, batch, length):
    own, parent = 0.3 * normal(1, batch, length), 0.3 * normal(2, batch, length)
    x = normal(3, length, 5, batch)
    active = np.random.default_rng(4).random((batch, length)) > 0.2
    active[0, 0] = True
    parent[-1, -1] = np.nan
    strength = np.float32(0.4)
    scores, *weights, scaled, audit = weighings(own, parent, active, strength, x)
    wanted_scores = ops.couple(own, [parent], 0.25)
    np.testing.assert_allclose(scores, wanted_scores, **SINGLE)
    wanted = [
        ops.weigh(wanted_scores, active, strength, temperature=0.5, **case)
        for case in WEIGHINGS
    ]
    for case, got, expected in zip(WEIGHINGS, weights, wanted, strict=True):
        np.testing.assert_allclose(got, expected, err_msg=str(case), **SINGLE)
    np.testing.assert_allclose(scaled, ops.scale(x, wanted[0], (2, 0)), **SINGLE)
    expected = ops.audit(wanted_scores, wanted[0], active, strength)
    np.testing.assert_allclose(audit, expected, rtol=2e-4, atol=2e-6)


CHOICES = {"strength": 0.2, "windows": (1, 5, 16)}


@pytest.fixture(scope="module", params=["sgd", "adamw"])
def symbolic_step(request):
    """A step of a Flax transformer and its arguments, and for all sizes its injected
    export and its machine code."""
    model, optimizer = nnx_model.transformer(), OPTIMIZERS[request.param]()
    step = make_step(model, optimizer)
    params = model.init(jax.random.key(3))
    state = optimizer.init(params)
    arguments = jax.export.symbolic_args_specs(
        (params, state, make_batch(0)), ("...", "...", "b, s")
    )
    plain = jax.export.export(jax.jit(step))(*arguments)
    injected = cegm.jax.entangle_exported(plain, **CHOICES)
    injection = "inject-entanglement{strength=0.2 windows=1,5,16}"
    return step, (params, state), injected, native.compile(
        plain.mlir_module(), passes=[injection]
    )


@pytest.mark.parametrize("batch, length", [(1, 4), (2, 37)])
def test_a_step_of_any_size(symbolic_step, batch, length):
    """Exported once, it does what a step of that size does."""
    step, state, exported, code = symbolic_step
    inputs = (*state, make_batch(1, batch, length))
    sized = jax.jit(cegm.jax.entangle(step, **CHOICES)).lower(*inputs).compile(QUICKLY)
    wanted, nearby = sized(*inputs), sized(*rounded(inputs))
    got = jax.jit(exported.call).lower(*inputs).compile(QUICKLY)(*inputs)
    assert_close(got, wanted, 1e-6, nearby)
    results = code(*map(np.asarray, jax.tree.leaves(inputs)))
    results = jax.tree.unflatten(jax.tree.structure(got), results)
    assert_close(results, wanted, 2e-5, nearby)
    plain = jax.jit(step).lower(*inputs).compile(QUICKLY)(*inputs)
    assert max(relative_errors(plain, got).values()) > 1e-5


def _small_step(params, x):
    """Gradient descent of two layers on `[batch, sequence, 4]`."""

    def loss(params):
        return jnp.mean((jnp.tanh(x @ params["up"]) @ params["down"] - x) ** 2)

    value, grads = jax.value_and_grad(loss)(params)
    return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads), value


@pytest.fixture
def small():
    """`(parameters, symbolic input)`."""
    params = {"up": normal(1, 4, 6), "down": normal(2, 6, 4)}
    (x,) = jax.export.symbolic_args_specs([normal(3, 2, 5, 4)], "b, s, 4")
    return params, x


def test_all_of_entangle_may_be_exported(small):
    """A strength that varies, and metrics, with sizes that vary."""
    params, x = small
    entangled = cegm.jax.entangle(_small_step, strength_arg=True, audit=True)
    exported = jax.export.export(
        jax.jit(lambda params, x, strength: entangled(params, x, strength=strength))
    )(params, x, jax.ShapeDtypeStruct((), np.float32))
    for length in (1, 7):
        x = normal(3, 2, length, 4)
        for strength in np.float32([0, 0.3]):
            got = exported.call(params, x, strength)
            assert_close(got, entangled(params, x, strength=strength), 1e-6)
    (_, loss), metrics = got
    assert float(metrics["params['up']"]["active"][0]) == 14
    assert_close(loss, _small_step(params, x)[1], 1e-6)


@pytest.mark.parametrize(
    "option", [{"audit": True}, {"strength_arg": True}, {"mode": "audit"}], ids=str
)
def test_an_exported_step_keeps_its_signature(small, option):
    exported = jax.export.export(jax.jit(_small_step))(*small)
    with pytest.raises(ValueError, match=f"{next(iter(option))}.*cegm.jax.entangle"):
        cegm.jax.entangle_exported(exported, **option)


def test_coupling_in_a_loop_needs_sizes():
    """The scores that a loop over layers starts from are a constant."""
    (structure,) = (s for s in SYMBOLIC if s.stack)
    text = cegm.jax.emit(structure.step, *exported_arguments(structure))
    with pytest.raises(cegm.CegmError, match="coupling.*dynamic shape 'tensor<"):
        cegm.inject(text, coupling=0.5)


def test_an_export_without_unused_arguments(small):
    """What the step does not read is no input of the module."""
    params, x = small

    def step(unused, params, x):
        return _small_step(params, x)

    exported = jax.export.export(jax.jit(step))(params, params, x)
    injected = cegm.jax.entangle_exported(exported)
    x = normal(3, 2, 7, 4)
    wanted = cegm.jax.entangle(_small_step)(params, x)
    assert_close(injected.call(params, params, x), wanted, 1e-6)
