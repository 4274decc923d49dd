"""Keys of pytrees that print as a whole path, so that parameters have short names."""

from __future__ import annotations


class Path:
    """A key for the leaf of a pytree that is several levels deep."""

    def __init__(self, text: str):
        self.text = text

    def __str__(self) -> str:
        return self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Path) and self.text == other.text
