"""The check of the options that a user gives, by one table of all.

The passes check their options, too, but when a step is compiled; and what LLVM
says of a value that it cannot read goes to standard error.
"""

from __future__ import annotations

import difflib
import operator
from collections.abc import Iterable, Mapping
from typing import Any

from cegm._option_table import OPTIONS, Option
from cegm._pipeline import OptionError, check_text


def choosing(options: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the options that choose sites."""
    return {k: v for k, v in options.items() if k in OPTIONS and OPTIONS[k].chooses}


def nearest(name: str, names: Iterable[str]) -> str:
    """`; did you mean 'x'?`, or nothing."""
    found = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f"; did you mean {found[0]!r}?" if found else ""


def check_choice(name: str, value: Any, choices: Iterable[str]) -> None:
    """OptionError where `value` is none of `choices`."""
    choices = tuple(choices)
    if value not in choices:
        expected = Option(name, "choice", None, "", choices=choices).expected
        hint = nearest(value, choices) if isinstance(value, str) else ""
        raise OptionError(f"option {name}: expected {expected}, got {_shown(value)}{hint}")


def checked(
    options: Mapping[str, Any],
    known: Iterable[str] = OPTIONS,
    others: Iterable[str] = (),
    caller: str = "the injection",
) -> dict[str, Any]:
    """The options as plain values, those that are None left out.

    OptionError, for `caller`, where one is not among the `known`, or its value is
    not allowed. `others` are names that the caller has beside these, which a
    misspelled name may mean.
    """
    result = {}
    for name, value in options.items():
        if name not in known:
            raise _unknown(name, [*known, *others], caller)
        if value is not None:
            result[name] = _read(OPTIONS[name], value)
    return result


def checked_keywords(
    options: Mapping[str, Any],
    strength: Any,
    strength_arg: Any,
    audit: Any,
    others: Iterable[str] = (),
) -> dict[str, Any]:
    """`checked`, for a function that has those three as keywords of its own.

    What they are is checked, too; a strength that is a function is not.
    """
    own = {"strength_arg": strength_arg, "audit": audit}
    if not callable(strength):
        own["strength"] = strength
    if None in own.values():
        name = next(k for k, v in own.items() if v is None)
        raise _refused(OPTIONS[name], None)
    checked(own)
    return checked(options, others=others)


def checked_explain(options: Mapping[str, Any]) -> dict[str, Any]:
    """As `checked`, for the options that choose sites."""
    return checked(options, choosing(OPTIONS), caller="the explanation")


def _unknown(name: str, names: list[str], caller: str) -> OptionError:
    dashed = name.replace("_", "-")
    spelled = "" if dashed == name else f" ({dashed} of the pass)"
    hint = nearest(name, names) or "; its options are " + ", ".join(names)
    return OptionError(f"{caller} has no such option {name!r}{spelled}{hint}")


def _shown(value: Any) -> str:
    is_plain = isinstance(value, (str, int, float, tuple, list))
    return repr(value) if is_plain else f"{type(value).__name__} {value!r}"


def _refused(option: Option, value: Any) -> OptionError:
    return OptionError(
        f"option {option.name}: expected {option.expected}, got {_shown(value)}"
    )


def _plain(value: Any) -> Any:
    """NumPy's and JAX's scalars are numbers, too."""
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        return value.item()
    return value


def _items(value: Any) -> list[Any]:
    """One value, or those of an iterable."""
    value = _plain(value)
    if isinstance(value, (str, int, float)) or not isinstance(value, Iterable):
        return [value]
    is_unordered = isinstance(value, (set, frozenset))
    return [_plain(item) for item in (sorted(value, key=str) if is_unordered else value)]


def _read(option: Option, value: Any) -> Any:
    value = _plain(value)
    if option.kind == "bool":
        if not isinstance(value, bool):
            raise _refused(option, value)
        return value
    if option.kind in ("number", "integer"):
        return _read_number(option, value)
    if option.kind == "choice":
        check_choice(option.name, value, option.choices)
        return value
    if option.kind == "choices":
        for item in (items := _items(value)):
            check_choice(option.name, item, option.choices)
        return tuple(items)
    return _read_sizes(option, value) if option.kind == "sizes" else _read_names(option, value)


def _read_number(option: Option, value: Any) -> Any:
    if option.kind == "integer":
        try:
            number = None if isinstance(value, bool) else operator.index(value)
        except TypeError:
            number = None
    else:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        number = float(value) if is_number else None
    if number is None or not option.accepts(number):
        raise _refused(option, value)
    return number


def _read_sizes(option: Option, value: Any) -> tuple[int, ...]:
    sizes = _items(value)
    for i, size in enumerate(sizes):
        is_integer = isinstance(size, int) and not isinstance(size, bool)
        is_whole = is_integer and size == 0 and i + 1 == len(sizes)
        if not is_integer or (size <= 0 and not is_whole):
            raise OptionError(
                f"option {option.name}: expected {option.expected}, got {_shown(size)} at "
                f"position {i} of {_shown(value)}"
            )
        if i and not is_whole and size <= sizes[i - 1]:
            raise OptionError(
                f"option {option.name}: expected {option.expected}, got {size} after "
                f"{sizes[i - 1]}"
            )
    return tuple(sizes)


def _read_names(option: Option, value: Any) -> tuple[str | int, ...]:
    names = _items(value)
    for name in names:
        is_index = isinstance(name, int) and not isinstance(name, bool) and name >= 0
        if not is_index and not isinstance(name, str):
            raise _refused(option, name)
        if isinstance(name, str):
            check_text(option.name, name)
    return tuple(names)


def table() -> str:
    """The options as a table of Markdown."""
    rows = ["| option | default | allowed values | meaning |", "| --- | --- | --- | --- |"]
    for option in OPTIONS.values():
        default = f"`{option.default!r}`" if option.default != () else "none"
        rows.append(
            f"| `{option.name}` | {default} | {option.expected} | {option.meaning} |"
        )
    return "\n".join(rows) + "\n"

