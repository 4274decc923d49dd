"""Every structure of train steps: its sites, and the numbers of its steps.

A structure is written twice (`structures/forms.py`). The step under test is
injected as a whole; what it should compute comes from the reference, which
reads the plain form.
"""

import pytest

from structures import ALL, Structure
from structures.checks import explain, expected_sites, found_sites, measure
from structures.checks import parameter_names

structures = pytest.mark.parametrize("structure", ALL, ids=lambda s: s.name)


@structures
def test_numbers(structure: Structure):
    outcome = measure(structure)
    assert outcome.sites > 0
    assert outcome.error <= structure.tolerance
    # The plain step would not pass.
    assert outcome.effect > 10 * structure.tolerance


@structures
def test_sites(structure: Structure):
    records = explain(structure)
    assert found_sites(records) == expected_sites(structure)
    missing = parameter_names(structure) - {r.parameter for r in records}
    assert not missing, "parameters in no list"
