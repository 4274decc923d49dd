"""Paths and settings that every Python test of the project shares."""

import functools
import os
import pathlib
import sys

# Threads of the numerical libraries would only compete on a small machine.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("KERAS_BACKEND", "jax")

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import pytest  # noqa: E402


@pytest.fixture(autouse=True, scope="module")
def release_programs():
    """A process may map a limited number of pieces of memory (65,530 on Linux), and
    each program that XLA keeps takes some: one process runs all tests on one core."""
    yield
    jax.clear_caches()


@functools.cache
def _xla_has_f16() -> bool:
    try:
        jax.jit(lambda x: x.astype(jnp.float32))(jnp.ones(4, jnp.float16))
    except jax.errors.JaxRuntimeError:
        return False
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """XLA converts f16 by an instruction (F16C) that not every x86-64 processor has."""
    try:
        return (yield)
    except jax.errors.JaxRuntimeError as error:
        if "Failed to materialize symbols" not in str(error) or _xla_has_f16():
            raise
        pytest.skip("XLA cannot compile f16 for this processor")
