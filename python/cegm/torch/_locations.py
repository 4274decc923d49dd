"""Where in the user's program the ops of a traced step come from.

torch-mlir makes locations of the stack traces of a graph's nodes. An op of the
backward pass is made while `torch.autograd` runs; its place in the program is
that of the op in the forward pass which it differentiates.
"""

from __future__ import annotations

import contextlib
import os
import re
import traceback
from collections.abc import Iterator

import torch
from torch.fx import traceback as fx_traceback

import cegm

# Frames in these packages say nothing about the model.
_INSIDE = tuple(os.path.dirname(module.__file__) + os.sep for module in (torch, cegm))


@contextlib.contextmanager
def recorded() -> Iterator[None]:
    """While it lasts, autograd keeps the stack of each op of the forward pass."""
    kept = torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()
    torch.autograd.set_detect_anomaly(True, check_nan=False)
    try:
        yield
    finally:
        torch.autograd.set_detect_anomaly(*kept)


@contextlib.contextmanager
def led_back(loss: torch.Tensor) -> Iterator[None]:
    """While it lasts, what is traced of the backward pass of `loss` gets the stacks
    that were `recorded` in the forward pass."""
    seen: set[torch.autograd.graph.Node] = set()
    pending = [loss.grad_fn]
    while pending:
        node = pending.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        stack = node.metadata.get("traceback_", [])
        node.register_prehook(lambda _, stack=stack: fx_traceback.set_stack_trace(stack))
        pending += [following for following, _ in node.next_functions]
    with fx_traceback.preserve_node_meta():
        yield


def keep_the_users(graph: torch.fx.Graph) -> None:
    """Leaves of each stack trace the frames outside of PyTorch and this package."""
    for node in graph.nodes:
        if not node.stack_trace:
            continue
        frames = "".join(
            frame for frame in _frames(node.stack_trace) if not _is_inside(frame)
        )
        node.meta.pop("stack_trace", None)
        if frames:
            node.stack_trace = frames


def place(node: torch.fx.Node) -> str:
    """`, at FILE:LINE` of the model, for messages; empty where it is not known."""
    frames = [frame for frame in _frames(node.stack_trace or "") if not _is_inside(frame)]
    found = re.match(r'\s*File "(.*)", line (\d+)', frames[-1]) if frames else None
    return f", at {found[1]}:{found[2]}" if found else ""


def raised_at(error: BaseException) -> str:
    """As `place`, of the innermost frame outside of PyTorch that `error` came through."""
    frames = traceback.extract_tb(error.__traceback__)
    outside = [frame for frame in frames if not is_inside(frame.filename)]
    return f", at {outside[-1].filename}:{outside[-1].lineno}" if outside else ""


def _frames(trace: str) -> Iterator[str]:
    """The frames of a formatted trace, outermost first: one line or two each."""
    frame = ""
    for line in trace.splitlines(keepends=True):
        if line.lstrip().startswith('File "') and frame:
            yield frame
            frame = ""
        frame += line
    yield frame.rstrip("\n") + "\n"


def _is_inside(frame: str) -> bool:
    return is_inside(frame.lstrip().removeprefix('File "'))


def is_inside(path: str) -> bool:
    """Whether a file is one of PyTorch or of this package."""
    return path.startswith(_INSIDE)
