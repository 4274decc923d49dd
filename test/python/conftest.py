"""Paths and settings that every Python test of the project shares."""

import os
import pathlib
import sys

# Threads of the numerical libraries would only compete on a small machine.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("KERAS_BACKEND", "jax")

sys.path.insert(0, str(pathlib.Path(__file__).parent))
