"""Injected steps on several simulated devices.

They compute what one device computes, leave results where the plain step
leaves them, and gather no activation that the plain step does not gather.
"""

import numpy as np
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
    assert len(cases) == len(outcomes) == 18


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


def test_manual_computations_add_small_sums_alone(outcomes):
    """Across devices, of one number each; else nothing."""
    manual = [o for o in outcomes if o["case"].startswith(("shard_map", "pmap"))]
    assert len(manual) == 7
    for outcome in manual:
        added = {c for c in outcome["added"] if elements(c) == 1}
        assert added == set(outcome["added"]), outcome["case"]
        assert bool(added) == ("across devices" in outcome["case"]), outcome["case"]
        assert all(c.startswith("all-reduce ") for c in added), outcome["case"]


@pytest.fixture(params=[False, True], ids=["each device", "across devices"])
def beside_reference(results, request):
    (outcome,) = (o for o in results["reference"] if o["across"] == request.param)
    return outcome


def test_a_divided_batch_follows_the_reference(beside_reference):
    """With a strength that is given at run time."""
    assert beside_reference["error"] <= 1e-5


def test_metrics_leave_the_devices(beside_reference):
    """A row for each device; across devices one for all."""
    metrics, wanted = beside_reference["metrics"], beside_reference["wanted"]
    assert set(metrics) == set(wanted[0])
    for path, columns in metrics.items():
        for name, column in columns.items():
            np.testing.assert_allclose(
                column,
                [rows[path][name] for rows in wanted],
                rtol=2e-4,
                atol=1e-5,
                err_msg=f"{path} {name}",
            )
