"""Where CUDA's assembler, ptxas, is on this machine."""

from __future__ import annotations

import pathlib
import shutil
import sysconfig
from typing import Optional


def find_ptxas() -> Optional[str]:
    """That of the package nvidia-cuda-nvcc of this Python, else one on PATH."""
    site = pathlib.Path(sysconfig.get_paths()["purelib"])
    for path in sorted((site / "nvidia").glob("*/bin/ptxas")):
        return str(path)
    return shutil.which("ptxas")


if __name__ == "__main__":
    print(find_ptxas() or "")
