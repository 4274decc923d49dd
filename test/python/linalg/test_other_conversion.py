"""The same StableHLO by way of torch-mlir's conversion to linalg, where it has the op."""

import shutil
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from cegm import native

_TOOL = shutil.which("torch-mlir-opt", path=f"{sys.prefix}/bin")


def function(x, y, i):
    """Ops that both conversions have."""
    yield from (x + y, x * y - y, jnp.tanh(x), jnp.exp(x), lax.rsqrt(jnp.abs(y)), -x)
    yield from (lax.max(x, y), lax.select(x < y, x, y), lax.floor(x), lax.sign(x))
    yield from (jnp.dot(x, y.T), lax.dot_general(x, y, (((0,), (0,)), ((), ()))))
    yield from (x.T, jnp.broadcast_to(x[0], (3, 4, 5)), x.reshape(2, 10))
    yield from (lax.concatenate([x, y], 1), x[1:3, ::2], lax.pad(x, 1.0, [(1, 1, 0), (0, 2, 0)]))
    yield from (jnp.sum(x, 0), jnp.max(x, 1), lax.iota(jnp.int32, 4) + i, i // 3, i % 3)
    yield lax.dynamic_update_slice(x, y[:1] * 2, (i[0], 0))


@pytest.mark.skipif(_TOOL is None, reason="torch-mlir is not installed")
def test_same_results():
    random = np.random.default_rng(0)
    x, y = random.normal(size=(2, 4, 5)).astype(np.float32)
    i = np.array([2, -7, 8, 0], np.int32)
    text = jax.jit(lambda *args: list(function(*args))).lower(x, y, i).as_text()
    done = subprocess.run(
        [_TOOL, "--inline", "--stablehlo-legalize-to-linalg"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "stablehlo." not in done.stdout
    assert "linalg." in done.stdout
    theirs = native.compile(done.stdout)(x, y, i)
    ours = native.compile(text)(x, y, i)
    for number, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6, err_msg=f"result {number}")
