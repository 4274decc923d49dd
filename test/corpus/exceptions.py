"""Where the report differs from what is expected, each with its reason."""

import dataclasses
import re

from corpus.compare import Outcome


@dataclasses.dataclass(frozen=True)
class KnownDifference:
    """Problems of one case: so many lines that match `pattern` from their beginning."""

    case: str
    count: int
    pattern: str
    reason: str

    def matching(self, outcome: Outcome) -> list[str]:
        if self.case != outcome.case.name:
            return []
        return [line for line in outcome.problems if re.match(self.pattern, line)]


KNOWN: tuple[KnownDifference, ...] = (
    KnownDifference(
        "scan_layers_by_two",
        24,
        r"(missed|wrong): params\['blocks'\]\['\w+'\]: dense, depth \d+, layer \d, tokens 5x11$",
        "of a loop that is unrolled in part, depth counts each group of layers once",
    ),
    KnownDifference(
        "branch",
        1,
        r"unexplained: params\['branch'\]: expected in-branch, got no-gradient$",
        "the gradient stands in a branch of its own, where it is not looked for",
    ),
    KnownDifference(
        "input_ascent",
        1,
        r"wrong: x: dense",
        "the graph is that of a step which trains x on the data params: give "
        "parameters=params, and it has no gradient of a parameter",
    ),
    KnownDifference(
        "adversarial_training",
        4,
        r"(missed|wrong): params\['w[12]'\]: dense, depth [1256], tokens 5x11$",
        "depth counts each product with a weight that has a site, so those too that compute "
        "the adversarial inputs; it decides nothing but which layers are coupled",
    ),
)


def split(outcome: Outcome) -> tuple[dict[str, str], list[str]]:
    """The problems of a case: those that are known, each with its reason, and the others."""
    known = {}
    for entry in KNOWN:
        lines = entry.matching(outcome)
        if len(lines) == entry.count:
            known |= {line: entry.reason for line in lines}
    return known, [line for line in outcome.problems if line not in known]


def unused(outcome: Outcome) -> list[KnownDifference]:
    """The entries for a case that are not what it shows: they must go, or change."""
    entries = [entry for entry in KNOWN if entry.case == outcome.case.name]
    return [entry for entry in entries if len(entry.matching(outcome)) != entry.count]
