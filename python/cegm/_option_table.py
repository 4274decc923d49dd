"""The options of the injection: what each means and which values it has.

A test compares the table with the passes, which have the same options.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any


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
