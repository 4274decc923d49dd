"""Structures of train steps: loops, recomputation, maps, casts, shared weights.

`ALL` holds one `Structure` for each example of the table in `docs/structures.md`;
`REFUSED` the steps that are re-weighted in part or not at all.
`structures.checks` runs them against the reference.
"""

from structures.accumulation import ACCUMULATION
from structures.batching import BATCHING
from structures.forms import Structure
from structures.refused import REFUSED
from structures.stacks import STACKS
from structures.steps import STEPS
from structures.symbolic import SYMBOLIC
from structures.weights import WEIGHTS

ALL: tuple[Structure, ...] = (
    *STACKS,
    *ACCUMULATION,
    *BATCHING,
    *WEIGHTS,
    *STEPS,
    *SYMBOLIC,
)

__all__ = ["ALL", "REFUSED", "Structure"]
