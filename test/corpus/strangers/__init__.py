"""Train steps written in the way of public code: optimizers and what surrounds them.

Each follows the form of some repository, tutorial or paper, which `source` names; none
was written with the analysis in view. `python -m corpus.strangers` runs them.
"""

import dataclasses
import importlib
import random
from collections.abc import Callable

from corpus.case import Case, Step

_SEED, _SHARE = 7, 0.25


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
    "optax_aliases",
    "torch_optim",
    "algebra",
    "safety",
    "papers",
    "preconditioned",
    "backward",
    "sparse",
    "rounds",
    "players",
    "teachers",
    "perturbed",
    "adapters",
    "returned",
)

for _module in _MODULES:
    importlib.import_module(f"corpus.strangers.{_module}")


def held_out() -> frozenset[str]:
    """About a quarter of the names, which are kept for the end.

    Each name is drawn by itself, so that a step that is added later moves no other one.
    """
    return frozenset(
        name
        for name in sorted(STRANGERS)
        if random.Random(f"{_SEED} {name}").random() < _SHARE
    )
