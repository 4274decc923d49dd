"""Runs `structures.sharded` on simulated devices, in a process of its own."""

from __future__ import annotations

import json
import math
import os
import pathlib
import subprocess
import sys
from typing import Any


def run(devices: int) -> dict[str, Any]:
    """What `structures.sharded` prints, on that many devices."""
    folder = str(pathlib.Path(__file__).resolve().parents[1])
    paths = filter(None, [folder, os.environ.get("PYTHONPATH")])
    environment = dict(
        os.environ,
        JAX_PLATFORMS="cpu",
        XLA_FLAGS=f"--xla_force_host_platform_device_count={devices}",
        PYTHONPATH=os.pathsep.join(paths),
    )
    done = subprocess.run(
        [sys.executable, "-m", "structures.sharded"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
    )
    return json.loads(done.stdout)


def elements(collective: str) -> int:
    """Of the array in `"operation type[shape]"`."""
    sizes = collective.split("[")[1].rstrip("]")
    return math.prod(int(size) for size in sizes.split(",") if size)
