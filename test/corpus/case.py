"""What a case is: a train step, its arguments, and the loss that it differentiates."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import jax
import optax

import cegm.jax
from corpus.expected import Expected, argument_names, expected_of


class Step(Protocol):
    """A train step of any frontend."""

    # Further options of `explain`, by name.
    options: dict[str, str]

    def text(self) -> str:
        """The module as the frontend emits it, with the names of the parameters."""

    def expected(self) -> Expected:
        """What the report on it should say."""


@dataclasses.dataclass(frozen=True)
class JaxStep:
    """A step of JAX.

    `arguments` are arrays or `jax.ShapeDtypeStruct`s; `loss` takes the same arguments
    as `step` and returns the scalar that `step` differentiates. `parameters` and
    `batch` are numbers of arguments: what is trained, and what holds data.
    `is_frozen` tells by its path which leaf of the parameters is not trained after
    all. `skipped` replaces the codes that are derived for some parameters, by path.
    """

    step: Callable[..., Any]
    arguments: Sequence[Any]
    loss: Callable[..., jax.Array]
    batch: Sequence[int]
    parameters: Sequence[int] = (0,)
    is_frozen: Callable[[str], bool] = lambda path: False
    skipped: dict[str, frozenset[str]] = dataclasses.field(default_factory=dict)
    options: dict[str, str] = dataclasses.field(default_factory=dict)

    def text(self) -> str:
        return cegm.jax.emit(self.step, *self.arguments)

    def expected(self) -> Expected:
        result = expected_of(
            self.loss,
            self.arguments,
            argument_names(self.step, self.arguments),
            parameters=self.parameters,
            batch=self.batch,
            is_frozen=self.is_frozen,
        )
        return dataclasses.replace(result, skipped={**result.skipped, **self.skipped})


@dataclasses.dataclass(frozen=True)
class Case:
    """A step of the corpus: where it comes from, what it shows, how it is made."""

    name: str
    library: str
    feature: str
    build: Callable[[], Step]


ALL: dict[str, Case] = {}


def case(library: str, feature: str) -> Callable[[Callable[[], Step]], Callable[[], Step]]:
    """Adds the function that it decorates to the corpus, under the function's name."""

    def add(build: Callable[[], Step]) -> Callable[[], Step]:
        name = build.__name__
        assert name not in ALL, f"the corpus has two cases named {name}"
        ALL[name] = Case(name, library, feature, build)
        return build

    return add


def shapes(function: Callable[..., Any], *arguments: Any) -> Any:
    """The results of a function as shapes and types."""
    return jax.eval_shape(function, *arguments)


def train_step(
    loss: Callable[..., jax.Array],
    params: Any,
    *batch: Any,
    optimizer: optax.GradientTransformation | None = None,
    **fields: Any,
) -> JaxStep:
    """The usual step: `step(params, state, *batch) -> (params, state, loss)`.

    `loss` is called as `loss(params, *batch)`; `fields` go to `JaxStep`.
    """
    optimizer = optimizer or optax.adam(1e-3)

    def step(params, state, *batch):
        value, gradients = jax.value_and_grad(loss)(params, *batch)
        updates, state = optimizer.update(gradients, state, params)
        return optax.apply_updates(params, updates), state, value

    def total(params, state, *batch):
        return loss(params, *batch)

    return JaxStep(
        step,
        (params, shapes(optimizer.init, params), *batch),
        total,
        **{"batch": range(2, 2 + len(batch)), **fields},
    )
