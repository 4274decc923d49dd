"""The cases, by subject and library. Importing this package fills `corpus.case.ALL`."""

from corpus.cases import loops, plain, weights

__all__ = ["loops", "plain", "weights"]
