"""Injected steps on several simulated devices.

They compute what one device computes, leave results where the plain step
leaves them, and gather no activation that the plain step does not gather.
"""

import pytest

from structures.devices import elements, run

# A scalar or the statistics of tokens: at most one number for each token.
TOKENS = 8 * 13


@pytest.fixture(scope="module", params=[4, 8])
def outcomes(request):
    return run(request.param)


def test_all_cases_ran(outcomes):
    cases = {(o["case"], o["declared"]) for o in outcomes}
    assert len(cases) == len(outcomes) == 9


def test_numbers_are_those_of_one_device(outcomes):
    for outcome in outcomes:
        assert outcome["error"] <= 1e-5, outcome["case"]
        assert outcome["effect"] > 1e-3, outcome["case"]


def test_results_lie_where_the_plain_step_leaves_them(outcomes):
    for outcome in outcomes:
        assert outcome["same_shardings"], outcome["case"]


def test_no_activation_is_gathered(outcomes):
    """What is added are sums of token statistics."""
    for outcome in outcomes:
        for collective in outcome["added"]:
            operation = collective.split()[0]
            assert operation == "all-reduce", (outcome["case"], collective)
            assert elements(collective) <= TOKENS, (outcome["case"], collective)
