"""The cases, by subject and library. Importing this package fills `corpus.case.ALL`."""

from corpus.cases import (
    architectures,
    flax_linen,
    flax_nnx,
    gradients,
    loops,
    plain,
    weights,
    with_equinox,
    with_haiku,
)

__all__ = [
    "architectures",
    "flax_linen",
    "flax_nnx",
    "gradients",
    "loops",
    "plain",
    "weights",
    "with_equinox",
    "with_haiku",
]
