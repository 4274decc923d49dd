"""The cases, by subject and library. Importing this package fills `corpus.case.ALL`."""

from corpus.cases import plain

__all__ = ["plain"]
