"""The strength of a call: checked where it is a number that is known already."""

from __future__ import annotations

from typing import Any

import numpy as np

from cegm._option_table import OPTIONS


def check(value: Any) -> None:
    """ValueError where `value` is a number outside of [0, 1).

    A value that a device still computes, or that stands for one while a function
    is traced, is not looked at: the compiled step turns the weights to NaN where it
    is out of range.
    """
    is_known = isinstance(value, (bool, int, float, np.number, np.ndarray))
    if not is_known:
        # An array of JAX; a traced value has no such method.
        try:
            is_known = bool(value.is_ready())
        except Exception:  # noqa: BLE001: whatever a traced value says of it
            return
    if not is_known:
        return
    number = np.asarray(value)
    if number.size != 1:
        raise ValueError(
            f"strength: expected a scalar, got an array of shape {number.shape}"
        )
    option = OPTIONS["strength"]
    if not option.accepts(number.item()):
        raise ValueError(f"strength: expected {option.expected}, got {number.item()!r}")
