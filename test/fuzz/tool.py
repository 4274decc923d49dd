"""A process of cegm-mutate, and what its findings are told apart by."""

import json
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).parents[2]


class Tool:
    """Answers requests one after the other; started anew after it ended."""

    def __init__(self, path: pathlib.Path):
        self._path = path
        self._process: subprocess.Popen | None = None

    def ask(self, request: dict) -> dict:
        if self._process is None or self._process.poll() is not None:
            self._process = self._start()
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._path} ended at {request}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def close(self) -> None:
        if self._process is not None:
            assert self._process.stdin
            self._process.stdin.close()
            self._process.wait()

    def _start(self) -> subprocess.Popen:
        environment = dict(os.environ)
        environment.setdefault("LLVM_SYMBOLIZER_PATH", "/usr/lib/llvm-22/bin/llvm-symbolizer")
        # Containers and allocators cross the border to libraries that are not
        # instrumented, and what a child has at its end is no leak.
        environment.setdefault(
            "ASAN_OPTIONS",
            "allow_user_poisoning=0:detect_container_overflow=0:detect_leaks=0",
        )
        environment.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
        return subprocess.Popen(
            [self._path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )


# Frames that say nothing: signal handlers, the C library, the harness.
_NOISE = re.compile(
    r"^(llvm::sys::|SignalHandler|abort|raise|gsignal|__|_start|main$|\(|std::|llvm::report"
    r"|llvm::function_ref|llvm::llvm_unreachable|\(anonymous namespace\)::Errors)"
)


def frames(text: str) -> list[str]:
    """The functions of a stack, innermost first, without arguments."""
    names = []
    for line in text.splitlines():
        found = re.match(r"\s*#\d+ 0x[0-9a-f]+ (?:in )?(.+)", line)
        if not found or found[1].startswith(("(/", "/")):
            continue
        name = re.sub(r"\(anonymous namespace\)", "anonymous", found[1])
        name = re.sub(r"[(<].*", "", name)
        if name and not _NOISE.match(name):
            names.append(name)
    return names


def key(finding: dict) -> str:
    """The same for findings that have most likely one cause."""
    detail = finding["detail"]
    if finding["kind"] in ("crash", "hang", "memory"):
        stack = frames(detail)
        if "AddressSanitizer" in detail or "runtime error" in detail:
            error = re.search(r"(AddressSanitizer: [\w-]+|runtime error: .*)", detail)
            stack = [re.sub(r"0x[0-9a-f]+|\d+", "N", error[1]) if error else "", *stack]
        if "Assertion" in detail:
            stack = [re.search(r"Assertion.*", detail)[0][:120], *stack]
        return " < ".join([finding["kind"], *(stack[:4] or [_shape(detail.strip()[-200:])])])
    return f"{finding['kind']}: {_shape(detail)}"


def _shape(message: str) -> str:
    message = re.sub(r"tensor<[^ ]*>", "T", message)
    message = re.sub(r"%[\w#:.-]+", "%", message)
    return re.sub(r"-?\d+", "N", message)[:160]
