"""Contextually entangled gradient mapping.

`inject` and `explain` work on the StableHLO text of a train step, from
whichever frontend. `cegm.jax` does the same for a Python function.
"""

from cegm._pipeline import CegmError, Diagnostic, OptionError, Options
from cegm.injection import explain, inject
from cegm.records import Record, table

__all__ = [
    "CegmError",
    "Diagnostic",
    "OptionError",
    "Options",
    "Record",
    "explain",
    "inject",
    "table",
]
