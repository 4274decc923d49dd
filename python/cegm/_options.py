"""The options of the injection: one table, and the check of what a user gives.

The passes check their options, too, but when a step is compiled; and what LLVM
says of a value that it cannot read goes to standard error. A test compares this
table with the passes, and docs/options.md with this table.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cegm._pipeline import OptionError, check_text


@dataclasses.dataclass(frozen=True)
class Option:
    """One option.

    `kind` says what a value is: a number, integer, bool, one of `choices`, any of
    `choices`, window sizes, or names of parameters. `allowed` says which values
    there are, `accepts` whether a number is one of them. `chooses` is true where
    the option chooses sites, so that `explain` has it, too.
    """

    name: str
    kind: str
    default: Any
    meaning: str
    allowed: str = ""
    accepts: Callable[[Any], bool] = lambda value: True
    choices: tuple[str, ...] = ()
    chooses: bool = False

    @property
    def pass_name(self) -> str:
        return self.name.replace("_", "-")

    @property
    def expected(self) -> str:
        """What a value has to be, for messages and the table."""
        if self.allowed:
            return self.allowed
        if self.kind == "bool":
            return "True or False"
        quoted = [repr(choice) for choice in self.choices]
        listed = ", ".join(quoted[:-1]) + " or " + quoted[-1]
        return listed if self.kind == "choice" else f"a sequence of {listed}"


def _share(value: float) -> bool:
    return 0 <= value < 1


def _positive(value: float) -> bool:
    return 0 < value < math.inf


_NAMES = "names of parameters, parts of names with * for any text, or argument indices"

_ALL = (
    Option(
        "strength",
        "number",
        0.1,
        "how far the weights of tokens may go from 1",
        "a number in [0, 1)",
        _share,
    ),
    Option(
        "temperature",
        "number",
        0.1,
        "scale of the scores: a smaller one lets smaller scores reach the full strength",
        "a number above 0",
        _positive,
    ),
    Option(
        "mode",
        "choice",
        "full",
        "'audit' changes nothing and gives metrics, 'canary' re-weights a share of the "
        "sites, 'full' all of them",
        choices=("audit", "canary", "full"),
    ),
    Option(
        "canary_share",
        "number",
        0.1,
        "share of the sites that mode='canary' re-weights",
        "a number in (0, 1]",
        lambda value: 0 < value <= 1,
    ),
    Option(
        "windows",
        "sizes",
        (1, 16, 128),
        "sizes of the windows of the sequence whose averages are scored",
        "ascending integers above 0, or 0 as the last for the whole sequence",
    ),
    Option(
        "decay",
        "number",
        1.0,
        "factor from the share of one level of windows to that of the next",
        "a number above 0",
        _positive,
    ),
    Option(
        "coupling",
        "number",
        0.0,
        "share of the next deeper layer's scores in a site's score",
        "a number in [0, 1)",
        _share,
    ),
    Option(
        "kernel",
        "choice",
        "cosine",
        "how the agreement of gradient and context is measured",
        choices=("cosine", "inner"),
    ),
    Option(
        "weighting",
        "choice",
        "tanh",
        "the map from scores to weights",
        choices=("tanh", "linear", "exp", "softmax"),
    ),
    Option(
        "sign",
        "choice",
        "positive",
        "which scores gain weight: high ones, low ones, those far from zero",
        choices=("positive", "negative", "magnitude"),
    ),
    Option(
        "normalize",
        "choice",
        "mean",
        "what the weights are divided by: their mean, or nothing",
        choices=("mean", "none"),
    ),
    Option(
        "apply",
        "choice",
        "weight",
        "which gradients are re-weighted: the parameter's, or the input's as well",
        choices=("weight", "flow"),
    ),
    Option(
        "radial",
        "choice",
        "keep",
        "'remove' takes the part of the change that lies along the parameter away",
        choices=("keep", "remove"),
    ),
    Option(
        "across_devices",
        "bool",
        False,
        "in manual computations: means over the tokens of all devices",
    ),
    Option(
        "context",
        "choice",
        "input",
        "the pair that is scored: input and its gradient, or output and its gradient",
        choices=("input", "output"),
        chooses=True,
    ),
    Option(
        "sites",
        "choices",
        (),
        "the kinds of sites that are re-weighted; none given: all",
        choices=("dense", "embedding"),
        chooses=True,
    ),
    Option(
        "include",
        "names",
        (),
        "only these parameters; none given: all",
        _NAMES,
        chooses=True,
    ),
    Option("exclude", "names", (), "all but these parameters", _NAMES, chooses=True),
    Option(
        "parameters",
        "names",
        (),
        "the arguments that are parameters, where the step does not update them",
        _NAMES,
        chooses=True,
    ),
    Option(
        "sequence_length",
        "integer",
        0,
        "length of a sequence, where the graph does not tell; 0 for what it says",
        "an integer of 0 or more",
        lambda value: value >= 0,
        chooses=True,
    ),
    Option(
        "max_sites",
        "integer",
        -1,
        "at most this many sites, in the order of the report; -1 for all",
        "an integer of -1 or more",
        lambda value: value >= -1,
        chooses=True,
    ),
    Option("strength_arg", "bool", False, "the strength is an argument of each call"),
    Option("audit", "bool", False, "metrics of each site beside the results"),
    Option(
        "audit_gradients",
        "bool",
        False,
        "metrics of how the gradients change, too; implies audit",
    ),
    Option("keep_order", "bool", False, "contractions stay in the order of the frontend"),
)

OPTIONS: dict[str, Option] = {option.name: option for option in _ALL}


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

