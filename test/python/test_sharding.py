"""Injected steps on several simulated devices.

They compute what one device computes, leave results where the plain step
leaves them, and gather no activation that the plain step does not gather.
"""

import pytest

from structures.devices import elements, run

# Tokens by the narrowest features: what has more is no statistic of tokens.
ACTIVATION = 8 * 13 * 16


@pytest.fixture(scope="module", params=[4, 8])
def results(request):
    return run(request.param)


@pytest.fixture
def outcomes(results):
    return results["outcomes"]


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


def test_a_divided_batch_adds_sums_alone(outcomes):
    """Of one number each, and gradients summed in another order."""
    (outcome, *_) = (o for o in outcomes if o["case"] == "batch")
    kinds = {collective.split()[0] for collective in outcome["added"]}
    assert kinds == {"all-reduce"}


def test_options_that_a_manual_computation_does_not_take(results):
    """Inputs and results would pass through its boundary."""
    assert set(results["refusals"]) == {"audit", "strength_arg"}
    for message in results["refusals"].values():
        assert "do not reach into 'sdy.manual_computation'" in message
