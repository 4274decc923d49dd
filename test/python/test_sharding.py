"""Injected steps on several simulated devices.

They compute what one device computes, leave results where the plain step
leaves them, and gather no activation that the plain step does not gather.
"""

import pytest

from structures.devices import elements, run

# Tokens by the narrowest features: what has more is no statistic of tokens.
ACTIVATION = 8 * 13 * 16


@pytest.fixture(scope="module", params=[4, 8])
def outcomes(request):
    return run(request.param)


def test_all_cases_ran(outcomes):
    cases = {(o["case"], o["declared"]) for o in outcomes}
    assert len(cases) == len(outcomes) == 11


def test_numbers_are_those_of_one_device(outcomes):
    for outcome in outcomes:
        assert outcome["error"] <= 1e-5, outcome["case"]
        assert outcome["effect"] > 1e-3, outcome["case"]


def test_results_lie_where_the_plain_step_leaves_them(outcomes):
    for outcome in outcomes:
        assert outcome["same_shardings"], outcome["case"]


def test_no_activation_is_gathered(outcomes):
    """Of the size of an activation, only what the plain step has, too."""
    for outcome in outcomes:
        large = {
            collective: count
            for collective, count in outcome["added"].items()
            if elements(collective) >= ACTIVATION
        }
        assert sum(large.values()) == outcome["gathers"], (outcome["case"], large)
        assert all(c.startswith("all-gather ") for c in large), (outcome["case"], large)
