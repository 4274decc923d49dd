"""Where the report differs from what is expected, each with its reason."""

import dataclasses
import re

from corpus.compare import Outcome


@dataclasses.dataclass(frozen=True)
class KnownDifference:
    """Problems of one case whose line matches `pattern` from its beginning."""

    case: str
    pattern: str
    reason: str


KNOWN: tuple[KnownDifference, ...] = (
    KnownDifference(
        "meta_learning",
        r"missed: params\['w[12]'\]: dense",
        "the second-order part of a gradient through an inner step is left alone together "
        "with the inner gradients, for which the code is inner-gradient",
    ),
    KnownDifference(
        "hessian_diagonal",
        r"wrong: params\['w[12]'\]: dense, depth [12], tokens 5x11$",
        "derivatives of a gradient in a direction are sums over tokens of the same form, and "
        "reach the update through the moments: nothing in the graph tells them apart",
    ),
    KnownDifference(
        "scan_layers_by_two",
        r"(missed|wrong): params\['blocks'\]\['\w+'\]: dense, depth \d+, layer \d, tokens 5x11$",
        "of a loop that is unrolled in part, depth counts each group of layers once",
    ),
    KnownDifference(
        "branch",
        r"unexplained: params\['branch'\]: expected in-branch, got no-gradient$",
        "the gradient stands in a branch of its own, where it is not looked for",
    ),
    KnownDifference(
        "input_ascent",
        r"wrong: x: dense",
        "the graph is that of a step which trains x on the data params: give "
        "parameters=params, and it has no gradient of a parameter",
    ),
    KnownDifference(
        "adversarial_training",
        r"(missed|wrong): params\['w[12]'\]: dense, depth [1256], tokens 5x11$",
        "depth counts each product with a weight that has a site, so those too that compute "
        "the adversarial inputs; it decides nothing but which layers are coupled",
    ),
)


def split(outcome: Outcome) -> tuple[list[tuple[str, str]], list[str]]:
    """The problems of a case: those that are known, with the reason, and the others."""
    known, unknown = [], []
    for line in outcome.problems:
        for entry in KNOWN:
            if entry.case == outcome.case.name and re.match(entry.pattern, line):
                known.append((line, entry.reason))
                break
        else:
            unknown.append(line)
    return known, unknown


def unused(outcome: Outcome) -> list[KnownDifference]:
    """The entries for a case that match none of its problems: they must go."""
    return [
        entry
        for entry in KNOWN
        if entry.case == outcome.case.name
        and not any(re.match(entry.pattern, line) for line in outcome.problems)
    ]
