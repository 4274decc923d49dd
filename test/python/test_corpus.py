"""`--explain-entanglement` on the corpus: every expected site is found, and no other.

`python -m corpus` in the folder `test` shows the same as a table; `docs/corpus.md` says
where the expected sites come from.
"""

import pathlib
import sys

import pytest

sys.path.append(str(pathlib.Path(__file__).parents[1]))

import corpus.cases  # noqa: E402, F401
from corpus.case import ALL  # noqa: E402
from corpus.compare import run  # noqa: E402
from corpus.exceptions import KNOWN, split, unused  # noqa: E402


@pytest.mark.parametrize("name", list(ALL))
def test_case(name):
    outcome = run(ALL[name])
    _, unknown = split(outcome)
    assert not unknown, "\n".join(unknown)
    assert not unused(outcome), "these differences are no more: remove them from the table"


def test_the_corpus_is_wide():
    assert len(ALL) >= 40
    assert len({case.library for case in ALL.values()}) >= 6


def test_known_differences_are_of_cases():
    assert {entry.case for entry in KNOWN} <= ALL.keys()
