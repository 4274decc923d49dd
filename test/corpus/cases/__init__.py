"""The cases, by subject and library. Importing this package fills `corpus.case.ALL`."""

from corpus.cases import architectures, gradients, loops, plain, weights

__all__ = ["architectures", "gradients", "loops", "plain", "weights"]
