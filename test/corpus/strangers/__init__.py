"""Train steps written in the way of public code: optimizers and what surrounds them.

Each follows the form of some repository, tutorial or paper, which `source` names; none
was written with the analysis in view. `python -m corpus.strangers` runs them.
"""

import dataclasses
import importlib
import random
from collections.abc import Callable

from corpus.case import Case, Step

HELD_OUT, _SEED = 50, 7


@dataclasses.dataclass(frozen=True)
class Stranger(Case):
    """A step in the way of `source`. `may_refuse`: the graph alone does not decide it."""

    source: str = ""
    may_refuse: bool = False


STRANGERS: dict[str, Stranger] = {}


def stranger(
    source: str, feature: str, *, may_refuse: bool = False
) -> Callable[[Callable[[], Step]], Callable[[], Step]]:
    """Adds the function that it decorates to `STRANGERS`, under the function's name."""

    def add(build: Callable[[], Step]) -> Callable[[], Step]:
        name = build.__name__
        assert name not in STRANGERS, f"there are two strangers named {name}"
        STRANGERS[name] = Stranger(name, "stranger", feature, build, source, may_refuse)
        return build

    return add


_MODULES = (
    "adapters",
    "algebra",
    "attention_forms",
    "backward",
    "examples",
    "frozen",
    "games",
    "geometry",
    "no_backward",
    "optax_aliases",
    "optax_wrappers",
    "papers",
    "perturbed",
    "players",
    "precision",
    "preconditioned",
    "returned",
    "rounds",
    "safety",
    "sparse",
    "tasks",
    "teachers",
    "torch_optim",
    "trainers",
    "weight_forms",
)

for _module in _MODULES:
    importlib.import_module(f"corpus.strangers.{_module}")


def held_out() -> frozenset[str]:
    """The names that are kept for the end.

    Each name draws a number by itself, and those with the smallest ones are taken: a step
    that is added later moves at most one other.
    """
    draws = {name: random.Random(f"{_SEED} {name}").random() for name in sorted(STRANGERS)}
    return frozenset(sorted(draws, key=draws.__getitem__)[:HELD_OUT])
