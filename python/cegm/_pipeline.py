"""Options as text, one run of a pipeline, and its errors as exceptions."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from cegm import _cegm


@dataclasses.dataclass(frozen=True)
class Diagnostic:
    """One message of the compiler.

    `severity` is `error`, `warning`, `remark` or `note`; `location` is the
    place in the text or, where the text has debug locations, in the program
    that it was made from; `"-"` where there is none.
    """

    severity: str
    message: str
    location: str
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = "" if self.location == "-" else f"{self.location}: "
        lines = [f"{place}{self.severity}: {self.message}"]
        return "\n  note: ".join(lines + list(self.notes))


class CegmError(ValueError):
    """The text or an option was refused. `diagnostics` says where and why."""

    def __init__(self, request: str, diagnostics: Sequence[Diagnostic]):
        self.diagnostics = tuple(diagnostics)
        errors = [str(d) for d in self.diagnostics if d.severity == "error"]
        super().__init__("\n".join([f"{request} failed", *errors]))


class OptionError(CegmError, TypeError):
    """An option is unknown or its value is not allowed, found before any text is read.

    A `TypeError` as well, as Python raises for an unknown keyword.
    """

    def __init__(self, message: str):
        super().__init__("", [Diagnostic("error", message, "-")])
        self.args = (message,)


class Options(TypedDict, total=False):
    """The options of the injection, by the pass's names with `_` for `-`.

    What each means, and its default, is in the options reference of the
    documentation. Sequences may be any iterable; `include`, `exclude` and
    `parameters` hold parameter names, parts of them, or indices among the
    flattened arguments. `parameters` says which arguments are parameters, for
    a step that returns gradients and no new parameters; `sequence_length` how
    long a sequence is, for text in which batch and sequence are one dimension.
    `mode` is `"audit"`, `"canary"` or `"full"`; `canary_share` goes with the
    second. `audit_gradients` adds to the audit how the gradients change.
    """

    strength: float
    kernel: str
    windows: Sequence[int]
    decay: float
    coupling: float
    weighting: str
    temperature: float
    sign: str
    normalize: str
    across_devices: bool
    apply: str
    context: str
    radial: str
    sites: Sequence[str]
    include: Sequence[str | int]
    exclude: Sequence[str | int]
    parameters: Sequence[str | int]
    sequence_length: int
    max_sites: int
    strength_arg: bool
    keep_order: bool
    audit: bool
    audit_gradients: bool
    mode: str
    canary_share: float


def check_text(name: str, value: str) -> None:
    """OptionError where a string cannot be written as the value of an option."""
    # What opens and does not close would take the following text with it.
    is_open = any(value.rfind(o) > value.rfind(c) for o, c in ("{}", "[]", "()"))
    balanced = value.count("{") == value.count("}") and not is_open
    if not balanced or value.count("'") % 2 or value.count('"') % 2:
        raise OptionError(
            f"option {name}: braces, brackets and quotes must come in pairs, got "
            f"{value!r}; a * stands for any text"
        )


def _string_text(name: str, value: str) -> str:
    """A string in braces, which keep it from being read as syntax."""
    if value.isidentifier():
        return value
    check_text(name, value)
    return "{" + value + "}"


def _value_text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return _string_text(name, value)
    if isinstance(value, (Sequence, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        texts = [_value_text(name, item) for item in items]
        # Braces around all, or those of a single item would be taken for them.
        return "{" + ",".join(texts) + "}"
    # NumPy's and JAX's scalars are numbers, too.
    item = value.item() if hasattr(value, "item") else value
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, (int, float)):
        return repr(item)
    raise TypeError(
        f"option {name}: expected a number, a string, a bool or a sequence of "
        f"them, got {type(value).__name__}"
    )


def options_text(options: Mapping[str, Any]) -> str:
    """`option=value ...`, leaving out the options that are None."""
    return " ".join(
        f"{key.replace('_', '-')}={_value_text(key, value)}"
        for key, value in options.items()
        if value is not None
    )


def pass_text(name: str, options: Mapping[str, Any]) -> str:
    """`name{option=value ...}`."""
    text = options_text(options)
    return name + ("{" + text + "}" if text else "")


def run(text: str, passes: Sequence[str], request: str):
    """The outcome of the passes on the module; CegmError where they fail."""
    outcome = _cegm.run_pipeline(text, ",".join(passes))
    return checked(outcome, request)


def diagnostics_of(outcome) -> list[Diagnostic]:
    return [
        Diagnostic(d.severity, d.message, d.location, tuple(d.notes))
        for d in outcome.diagnostics
    ]


def checked(outcome, request: str):
    if not outcome.succeeded:
        raise CegmError(request, diagnostics_of(outcome))
    return outcome
