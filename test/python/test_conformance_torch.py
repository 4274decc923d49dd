"""torch-mlir-opt understands cegm-opt's StableHLO and CHLO, and the reverse.

A second opinion beside jaxlib's: torch-mlir-opt is built from StableHLO's own
sources, verifies what it reads, and knows quantized types. It has no Shardy.
"""

import importlib.util
import os
import pathlib
import shutil
import subprocess

import pytest

import test_conformance


def find_tool():
    """The path of torch-mlir-opt, or None."""
    named = os.environ.get("TORCH_MLIR_OPT") or shutil.which("torch-mlir-opt")
    if named:
        return named
    package = importlib.util.find_spec("torch_mlir")
    for folder in package.submodule_search_locations if package else ():
        tool = pathlib.Path(folder) / "_mlir_libs" / "torch-mlir-opt"
        if tool.exists():
            return str(tool)
    return None


TOOL = find_tool()
pytestmark = pytest.mark.skipif(
    TOOL is None,
    reason="torch-mlir-opt is not installed: it comes with the torch-mlir "
           "package, or name it in TORCH_MLIR_OPT")

WRITTEN = {name: text for name, text in test_conformance.WRITTEN.items()
           if not name.startswith("Shardy/")}
WRITTEN["StableHLO/quantized"] = (
    test_conformance.ROOT / "test/Dialect/StableHLO/quantized.mlir").read_text()


def read(text):
    run = subprocess.run([TOOL, "--mlir-print-op-generic",
                          "--allow-unregistered-dialect"],
                         input=text, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


def check(text):
    expected = read(text)
    assert read(test_conformance.run_opt(text)) == expected
    assert read(test_conformance.run_opt(
        text, "--mlir-print-op-generic")) == expected
    # And what torch-mlir-opt prints is read here as the same module.
    assert read(test_conformance.run_opt(expected)) == expected


@pytest.mark.parametrize("name", WRITTEN)
def test_written(name):
    check(WRITTEN[name])


@pytest.mark.parametrize("name", test_conformance.EMITTED)
def test_emitted(name):
    text = test_conformance.EMITTED[name]()
    if "sdy." in text:
        pytest.skip("torch-mlir-opt has no Shardy dialect")
    check(text)


def test_quantized_operations_are_checked():
    seen = set(test_conformance.OPERATION.findall("".join(WRITTEN.values())))
    assert test_conformance.QUANTIZED <= seen
