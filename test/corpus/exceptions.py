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


KNOWN: tuple[KnownDifference, ...] = ()


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
