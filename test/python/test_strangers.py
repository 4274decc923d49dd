"""Train steps in the way of public code: no site is wrong, and each that is missed has
its reason. `python -m corpus.strangers` in the folder `test` shows them.
"""

import pathlib
import sys

import jax
import pytest

sys.path.append(str(pathlib.Path(__file__).parents[1]))

from corpus.strangers import STRANGERS  # noqa: E402
from corpus.strangers.__main__ import judge  # noqa: E402

# What the graph does not tell apart, each with its reason.
KNOWN = {
    "orthogonal_tuning": "a trained matrix meets a frozen one, an input of the step, before "
    "data meet the product: its rows are taken for tokens",
    "sam_subtract": "the first gradient is added to the parameters and taken away again: it "
    "reaches the new state as the second one does",
}


@pytest.fixture(scope="module", autouse=True)
def _released():
    yield
    jax.clear_caches()


def test_no_site_is_wrong():
    results = [judge(name) for name in STRANGERS]
    found = {result.name: result for result in results if result.verdict not in ("right", "refused")}
    lines = [f"{name}: {'; '.join(r.lines)}" for name, r in found.items() if name not in KNOWN]
    assert not lines, "\n".join(lines)
    assert found.keys() == KNOWN.keys(), "these are no more: remove them from the table"
    right = sum(result.verdict == "right" for result in results)
    assert right >= 0.95 * len(results)
