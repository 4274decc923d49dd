"""The examples of the page on PyTorch, run in their order."""

import contextlib
import io
import pathlib
import re

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed")
pytest.importorskip("torch_mlir.fx", reason="torch-mlir is not installed")
pytest.importorskip("iree.compiler", reason="IREE's compiler is not installed")
pytest.importorskip("iree.runtime", reason="IREE's runtime is not installed")

PAGE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "pytorch.md"
# A block, and the block of text right after it, which is what it prints.
EXAMPLE = re.compile(r"^```py\n(.*?)^```\n\n(?:^```text\n(.*?)^```\n)", re.M | re.S)


def test_examples():
    examples = EXAMPLE.findall(PAGE.read_text())
    assert len(examples) == PAGE.read_text().count("```py\n")
    names = {"__name__": "__main__"}
    for code, wanted in examples:
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            exec(compile(code, str(PAGE), "exec"), names)
        assert written.getvalue() == wanted
