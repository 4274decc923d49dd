"""Which arguments of a call are donated, kept or static, as `jax.jit` says."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterable
from typing import Any


def _as_tuple(value: Any, kind: type) -> tuple:
    if value is None:
        return ()
    return (value,) if isinstance(value, kind) else tuple(value)


@dataclasses.dataclass(frozen=True)
class Parts:
    """The arguments of one call. The keys are positions and names.

    `donated` and `kept` are pairs of a dict by position and a dict by name;
    `static` is hashable where the values are.
    """

    donated: tuple[dict[int, Any], dict[str, Any]]
    kept: tuple[dict[int, Any], dict[str, Any]]
    static: tuple[tuple[int | str, Any], ...]

    def join(self) -> tuple[tuple, dict[str, Any]]:
        """`(args, kwargs)` of the call."""
        by_position = {**self.donated[0], **self.kept[0]}
        by_name = {**self.donated[1], **self.kept[1]}
        for key, value in self.static:
            (by_position if isinstance(key, int) else by_name)[key] = value
        return tuple(by_position[i] for i in range(len(by_position))), by_name

    def with_dynamic(self, args: tuple, kwargs: dict[str, Any]) -> Parts:
        """These parts with other dynamic arguments, as `dynamic` gives them.

        All of them are kept ones then.
        """
        positions = sorted([*self.donated[0], *self.kept[0]])
        return Parts(({}, {}), (dict(zip(positions, args)), kwargs), self.static)

    def dynamic(self) -> tuple[tuple, dict[str, Any]]:
        """`(args, kwargs)` without the static ones, as exports are called."""
        by_position = {**self.donated[0], **self.kept[0]}
        args = tuple(by_position[i] for i in sorted(by_position))
        return args, {**self.donated[1], **self.kept[1]}


class Roles:
    """The roles of a function's parameters, by number and by name."""

    def __init__(
        self,
        function: Callable[..., Any],
        donate_argnums: int | Iterable[int] | None,
        donate_argnames: str | Iterable[str] | None,
        static_argnums: int | Iterable[int] | None,
        static_argnames: str | Iterable[str] | None,
    ):
        try:
            parameters = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):
            parameters = ()
        positional = (
            inspect.Parameter.POSITIONAL_ONLY,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
        )
        self.names = [p.name for p in parameters if p.kind in positional]
        self.all_names = {p.name for p in parameters}
        self._donated = self._keys(donate_argnums, donate_argnames)
        self._static = self._keys(static_argnums, static_argnames)
        if both := self._donated & self._static:
            raise ValueError(
                "an argument cannot be both donated and static: "
                + ", ".join(sorted(map(str, both)))
            )

    def static_options(self) -> dict[str, list]:
        """Static arguments for `jax.jit`, each by number and by name."""
        return self._options("static", self._static)

    def jit_options(self) -> dict[str, list]:
        """Static and donated arguments for `jax.jit`."""
        return {**self.static_options(), **self._options("donate", self._donated)}

    @staticmethod
    def _options(role: str, keys: frozenset[int | str]) -> dict[str, list]:
        return {
            f"{role}_argnums": sorted(key for key in keys if isinstance(key, int)),
            f"{role}_argnames": sorted(key for key in keys if isinstance(key, str)),
        }

    def _keys(self, numbers, names) -> frozenset[int | str]:
        """Positions and names, each with its counterpart where it has one."""
        keys: set[int | str] = set()
        for number in _as_tuple(numbers, int):
            # Negative positions count from the last declared one.
            position = number + len(self.names) if number < 0 else number
            keys.add(position)
            if 0 <= position < len(self.names):
                keys.add(self.names[position])
        for name in _as_tuple(names, str):
            keys.add(name)
            if name in self.names:
                keys.add(self.names.index(name))
        return frozenset(keys)

    def split(self, args: tuple, kwargs: dict[str, Any]) -> Parts:
        donated: tuple[dict, dict] = ({}, {})
        kept: tuple[dict, dict] = ({}, {})
        static: list[tuple[int | str, Any]] = []
        for side, items in ((0, enumerate(args)), (1, sorted(kwargs.items()))):
            for key, value in items:
                if key in self._static:
                    static.append((key, value))
                else:
                    (donated if key in self._donated else kept)[side][key] = value
        return Parts(donated, kept, tuple(static))

    def split_shardings(self, given: Any, parts: Parts) -> tuple[Any, Any]:
        """`in_shardings` of a call of that form, for its two dynamic parts."""
        if not isinstance(given, tuple):
            return given, given
        positions = sorted([*parts.donated[0], *parts.kept[0]])
        if len(given) != len(positions):
            raise ValueError(
                f"in_shardings has {len(given)} entries, the call has "
                f"{len(positions)} positional arguments that are not static"
            )
        by_position = dict(zip(positions, given))
        donated, kept = (
            ({i: by_position[i] for i in side[0]}, None)
            for side in (parts.donated, parts.kept)
        )
        return donated, kept
