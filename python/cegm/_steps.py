"""What is no train step for `cegm.jax.entangle`, in words that say what to do."""

from __future__ import annotations

import contextlib
import contextvars
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import jax

from cegm._pipeline import CegmError, Diagnostic

#: Where objects and functions under `jit` of a library are at home.
_ADAPTERS = {"flax": "cegm.nnx", "equinox": "cegm.equinox", "keras": "cegm.keras"}

_is_plain_traced: contextvars.ContextVar[bool] = contextvars.ContextVar(
    "is_plain_traced", default=False
)


def _library(value: Any) -> str:
    """The library with an adapter that the type of `value` comes from, or ''."""
    for base in type(value).__mro__:
        name = base.__module__.partition(".")[0]
        if name == "flax" and not base.__module__.startswith("flax.nnx"):
            continue  # Structures of Flax's older interface are plain pytrees.
        if name in (*_ADAPTERS, "torch"):
            return name
    return ""


def _use(library: str) -> str:
    if library == "torch":
        return "use cegm.torch.entangle"
    if library == "keras":
        return "use cegm.keras.entangle(model), then model.fit"
    return f"use {_ADAPTERS[library]}.entangle"


def check(step: Any) -> None:
    """TypeError where `step` is no function that can be a train step."""
    library = _library(step)
    if library == "keras":
        raise TypeError(
            "cegm.jax.entangle: expected a train step, got a Keras model; "
            f"{_use(library)}"
        )
    if not callable(step):
        raise TypeError(
            "cegm.jax.entangle: expected a function, the train step itself, got "
            f"{_a(step)}; it is used like jax.jit: entangle(step)(*arguments)"
        )
    if is_entangled(step):
        raise TypeError(
            "cegm.jax.entangle: the step is entangled already; entangle the plain step "
            "once, with all options in that call"
        )
    if library in ("flax", "equinox") and "jit" in type(step).__name__.lower():
        jit = {"flax": "nnx.jit", "equinox": "eqx.filter_jit"}[library]
        raise TypeError(
            f"cegm.jax.entangle: the step is under {jit}; {_use(library)} on the "
            "function itself, in place of it"
        )
    if library == "torch":
        raise TypeError(
            f"cegm.jax.entangle: expected a train step, got {_a(step)}; {_use(library)}"
        )


def is_entangled(step: Any) -> bool:
    return getattr(type(step), "is_entangled_step", False)


def _a(value: Any) -> str:
    kind = type(value)
    name = kind.__qualname__
    if kind.__module__ != "builtins":
        name = f"{kind.__module__}.{name}"
    return f"an object of type {name}"


@contextlib.contextmanager
def plain_is_traced() -> Iterator[None]:
    """While the plain step is traced, which must not call an entangled one."""
    token = _is_plain_traced.set(True)
    try:
        yield
    finally:
        _is_plain_traced.reset(token)


def check_outermost(step: Any) -> None:
    """TypeError where an entangled step is called by a step that is to be one."""
    if _is_plain_traced.get():
        raise TypeError(
            f"cegm.jax.entangle: the step calls {getattr(step, '__name__', 'a step')}, "
            "which is entangled already; entangle either the outer or the inner one"
        )


def explained(
    error: Exception, plain: Callable[..., Any], args: tuple, kwargs: dict[str, Any]
) -> Exception | None:
    """A better error in place of `error`, which a call of a step raised; or None."""
    text = str(error)
    if isinstance(error, ValueError) and "Non-hashable static arguments" in text:
        return TypeError(
            "cegm.jax.entangle: the step, or a function that it calls, is under jax.jit "
            "with static arguments, which got traced values: hand static_argnums or "
            "static_argnames to cegm.jax.entangle, too, and leave the inner jax.jit away"
        )
    is_inert = isinstance(error, CegmError) and "no gradient of a parameter" in text
    is_no_array = isinstance(error, TypeError) and "as an abstract array" in text
    if not is_inert and not is_no_array:
        return None
    leaves = jax.tree.leaves((args, kwargs), is_leaf=lambda v: bool(_library(v)))
    libraries = [(value, library) for value in leaves if (library := _library(value))]
    if libraries:
        value, library = libraries[0]
        result: Exception = TypeError(
            f"cegm.jax.entangle: an argument is {_a(value)}; a step for cegm.jax.entangle "
            "takes pytrees of arrays and returns the new ones, and what it updates in "
            f"place is lost: {_use(library)}"
        )
    elif is_no_array:
        value = next((v for v in leaves if not _is_array(v)), None)
        result = TypeError(
            f"cegm.jax.entangle: an argument holds {_a(value)}, which is no array; a step "
            "takes pytrees of arrays and returns the new ones. An object that it updates "
            "in place has to be a pytree that it returns; a constant may be named in "
            "static_argnums or static_argnames"
        )
    else:
        result = _without_update(error, plain, args, kwargs)
    return result


def _is_array(value: Any) -> bool:
    try:
        jax.typeof(value)
    except TypeError:
        return False
    return True


def _without_update(error, plain, args, kwargs) -> Exception:
    """For a step in which no parameter gradient is found."""
    try:
        results = jax.tree.leaves(jax.eval_shape(plain, *args, **kwargs))
    except Exception:  # noqa: BLE001: the first error is the one to show.
        return error
    shapes = {tuple(v.shape) for v in jax.tree.leaves((args, kwargs)) if hasattr(v, "shape")}
    # Gradients have the shapes of the parameters, of which one at least is a matrix.
    if any(r.shape in shapes and r.ndim > 1 for r in results):
        return error
    listed = ", ".join(f"{r.dtype}{list(r.shape)}" for r in results[:4]) or "nothing"
    message = (
        f"the function returns {listed}{', ...' if len(results) > 4 else ''} and no new "
        "parameters, so that there is no gradient of a parameter to re-weight. An evaluation "
        "function needs no entanglement: leave it under jax.jit. A train step returns its "
        "new parameters; what it updates in place (an attribute, an entry of a dict) is lost, "
        "as under jax.jit"
    )
    if inspect.ismethod(inspect.unwrap(plain)):
        message += " (self is such an object)"
    return CegmError("cegm.jax.entangle", [Diagnostic("error", message, "-")])
