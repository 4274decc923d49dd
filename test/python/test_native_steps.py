"""Whole train steps as machine code beside JAX and PyTorch, over several steps."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import cegm.jax
import models
from cegm import native
from comparison import assert_close, rounded
from models.common import make_batch

TOLERANCE = 2e-5


def exported_text(step, *arguments) -> str:
    return jax.jit(step, donate_argnums=(0, 1)).lower(*arguments).as_text(debug_info=True)


@pytest.mark.parametrize("passes", [[], ["inject-entanglement"]], ids=["plain", "injected"])
def test_flax_adamw_follows_jax(passes):
    model = models.ALL["linen"]()
    optimizer = models.OPTIMIZERS["adamw"]()
    step = models.make_step(model, optimizer)
    params = model.init(jax.random.key(3))
    state = optimizer.init(params)
    batch = make_batch(0, length=24)
    function = native.compile(exported_text(step, params, state, batch), passes=passes)
    reference = cegm.jax.entangle(step) if passes else jax.jit(step)

    # Each step starts from the reference's state: what is compared is the step.
    wanted = (params, state)
    for number in range(4):
        batch = make_batch(number, length=24)
        results = function(*map(np.array, jax.tree.leaves((wanted, batch))))
        nearby = reference(*rounded(wanted), batch)
        results_wanted = reference(*wanted, batch)
        got = jax.tree.unflatten(jax.tree.structure(results_wanted), results)
        assert_close(got, results_wanted, TOLERANCE, nearby)
        *wanted, _ = results_wanted


@pytest.mark.parametrize("strength", [0.0, 0.5], ids=["plain", "injected"])
def test_gpt2_follows_pytorch(strength, monkeypatch):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    pytest.importorskip("torch_mlir.fx", reason="torch-mlir is not installed")
    pytest.importorskip("transformers", reason="Hugging Face transformers is not installed")
    import copy
    import pathlib

    monkeypatch.syspath_prepend(str(pathlib.Path(__file__).parent / "pytorch"))
    import hooked_reference
    import torch_models
    from torch_comparison import assert_same, eager_step, error, state_nearby, state_of

    import cegm.torch

    class Executable:
        """The step's engine, by this project's code."""

        def __init__(self, text: str):
            self._function = native.compile(text, donate=False)

        def __call__(self, inputs):
            results = self._function(*inputs)
            assert all(isinstance(result, torch.Tensor) for result in results)
            return results

    monkeypatch.setattr("cegm.torch._step.Executable", Executable)
    case = torch_models.CASES["gpt2"]
    model = torch_models.make("gpt2")
    optimizer = torch_models.OPTIMIZERS["adamw"](model)
    windows = (1, 5, 16)
    step = cegm.torch.entangle(
        model, case.loss, optimizer, case.batch(0), strength=strength, windows=windows
    )
    for number in range(3):
        eager = copy.deepcopy(model)
        eager_optimizer = torch_models.OPTIMIZERS["adamw"](eager)
        eager_optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))
        batch = case.batch(number)

        def reference(model, optimizer, batch=batch):
            if not strength:
                return eager_step(model, case.loss, optimizer, batch)
            return hooked_reference.step(
                model, case.loss, optimizer, batch, strength=strength, windows=windows
            )[0]

        nearby = state_nearby(eager, eager_optimizer, reference)
        wanted = reference(eager, eager_optimizer)
        assert error(step(batch), wanted) < 2e-6
        wanted_state = state_of(eager, eager_optimizer)
        assert_same(state_of(model, optimizer), wanted_state, 2e-5, nearby)


@pytest.mark.parametrize("options", ["audit=true", "coupling=0.7 audit=true audit-gradients=true"])
def test_loops_over_layers_in_linalg(options):
    """Sites in scf.for, after the conversion to linalg, give what those of StableHLO give."""

    def loss(p, x):
        def layer(h, w):
            return h + jnp.tanh(h @ w), None

        h, _ = jax.lax.scan(layer, x @ p["in"], p["stack"])
        return jnp.mean((h @ p["out"]) ** 2)

    def step(p, x):
        value, gradients = jax.value_and_grad(loss)(p, x)
        return jax.tree.map(lambda a, g: a - 0.1 * g, p, gradients), value

    rng = np.random.default_rng(0)
    shapes = {"in": (4, 6), "out": (6, 3), "stack": (5, 6, 6)}
    params = {
        name: (0.4 * rng.standard_normal(shape)).astype(np.float32)
        for name, shape in shapes.items()
    }
    x = rng.standard_normal((2, 7, 4)).astype(np.float32)
    text = jax.jit(step).lower(params, x).as_text()
    inject = f"inject-entanglement{{strength=0.9 {options}}}"
    inputs = jax.tree.leaves((params, x))
    wanted = native.compile(text, passes=[inject], donate=False)(*inputs)
    got = native.compile(
        text, passes=["convert-stablehlo-to-linalg", inject], donate=False
    )(*inputs)
    assert got[-1].shape[0] == 7
    for result, reference in zip(got, wanted, strict=True):
        np.testing.assert_allclose(result, reference, rtol=1e-5, atol=1e-6)
