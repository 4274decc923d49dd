"""The pages of the documentation, run as a reader would.

A page has a folder of its own. Its blocks run in their order:

- `bash` blocks by `bash -euo pipefail`, each in a new shell, with `cegm-opt` on
  the path and the repository at `$CEGM`;
- `python` blocks in one namespace, as in an interpreter that was started there;
- `sh` blocks install or build, and are not run: the files that they name must
  be there;
- a `text` block with `<!-- output -->` before it is what the block before it
  writes, both streams together, but for blanks at the end of a line.
"""

import contextlib
import dataclasses
import io
import os
import pathlib
import re
import shlex
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CEGM_OPT = pathlib.Path(os.environ.get("CEGM_OPT", ROOT / "build" / "bin" / "cegm-opt"))
MARK = "<!-- output -->"


@dataclasses.dataclass
class Block:
    language: str
    line: int
    text: str
    output: str | None = None


def read_blocks(page: pathlib.Path) -> list[Block]:
    """The blocks that count, each with the output that the page shows for it."""
    blocks: list[Block] = []
    opened, is_output = None, False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if opened is not None and line.strip() != "```":
            opened.text += line + "\n"
        elif opened is not None:
            if is_output:
                assert opened.language == "text", f"{page}:{opened.line}: not text"
                assert blocks, f"{page}:{opened.line}: no block writes this output"
                blocks[-1].output = opened.text
            elif opened.language in ("bash", "python", "sh"):
                blocks.append(opened)
            opened, is_output = None, False
        elif line.startswith("```"):
            opened = Block(line[3:].strip(), number, "")
        elif line.strip():
            assert not is_output, f"{page}:{number}: no block after {MARK}"
            is_output = line.strip() == MARK
    assert opened is None, f"{page}:{opened.line}: the block does not end"
    return blocks


def run_bash(block: Block, folder: pathlib.Path) -> str:
    environment = dict(os.environ, CEGM=str(ROOT))
    python = pathlib.Path(sys.executable).parent
    environment["PATH"] = os.pathsep.join(
        [str(CEGM_OPT.resolve().parent), str(python), os.environ["PATH"]]
    )
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block.text],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"exit code {done.returncode}:\n{done.stdout}"
    return done.stdout


def run_python(block: Block, page: pathlib.Path, names: dict) -> str:
    # Blank lines before it, so that a traceback shows the line of the page.
    code = compile("\n" * block.line + block.text, str(page), "exec")
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        exec(code, names)
    return written.getvalue()


def check_files(block: Block) -> None:
    """Every relative path of a command names a file of the repository."""
    for word in shlex.split(block.text, comments=True):
        path = word.removeprefix("./")
        if re.fullmatch(r"(?:tools|test|docs|python)(?:/[\w.-]+)*", path):
            assert (ROOT / path).exists(), f"there is no {path}"


def trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = {page: blocks for page in PAGES if (blocks := read_blocks(page))}


@pytest.mark.parametrize("page", BLOCKS, ids=lambda page: page.stem)
def test_page(page, tmp_path, monkeypatch):
    assert CEGM_OPT.exists(), f"there is no {CEGM_OPT}; build it or set CEGM_OPT"
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    loaded = set(sys.modules)
    names = {"__name__": "__main__"}
    for block in BLOCKS[page]:
        where = f"{page.relative_to(ROOT)}:{block.line}"
        if block.language == "sh":
            check_files(block)
            continue
        try:
            if block.language == "bash":
                written = run_bash(block, tmp_path)
            else:
                written = run_python(block, page, names)
        except Exception as error:
            raise AssertionError(f"{where}: {error}") from error
        if block.output is not None:
            assert trimmed(written) == trimmed(block.output), where


    # Modules that the page wrote are no other page's.
    for name in set(sys.modules) - loaded:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if file.startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links(page):
    """Links to files of the repository lead somewhere."""
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: no {target}"
