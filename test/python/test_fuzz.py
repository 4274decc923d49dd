"""The long searches find nothing in a few seconds of them (`tools/soak.sh` runs more)."""

import json
import pathlib
import shutil
import subprocess
import sys

import jax
import pytest

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "test/fuzz"))

import programs  # noqa: E402


def test_mutants(tmp_path):
    tool = pathlib.Path(shutil.which("cegm-opt")).with_name("cegm-mutate")
    summary = tmp_path / "summary.json"
    command = [sys.executable, str(ROOT / "test/fuzz/fuzz.py"), "--count", "150", "--tool"]
    command += [str(tool), "--out", str(tmp_path / "findings"), "--summary", str(summary)]
    done = subprocess.run(command, capture_output=True, text=True)
    counts = json.loads(summary.read_text())
    assert counts["mutants"] == 150
    # Most mutants verify, and go through several pipelines each.
    assert counts["valid"] > 100 and counts["runs"] > 500
    assert counts["findings"] == 0 and done.returncode == 0, done.stdout


def test_a_pipeline_with_a_mistake_is_a_finding():
    tool = pathlib.Path(shutil.which("cegm-opt")).with_name("cegm-mutate")
    seed = ROOT / "test/Transforms/Inputs/mlp-sgd.mlir"
    request = {"seed": str(seed), "steps": [], "pipelines": ["no-such-pass"]}
    done = subprocess.run(
        [tool], input=json.dumps(request) + "\n", capture_output=True, text=True, check=True
    )
    findings = json.loads(done.stdout)["findings"]
    assert [finding["kind"] for finding in findings] == ["pipeline"]
    assert "no-such-pass" in findings[0]["detail"]


@pytest.mark.parametrize("number", [1, 3])
def test_random_programs(number):
    with jax.enable_x64(True):
        programs.Program.make(number).check()
