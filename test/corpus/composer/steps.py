"""The train step of a recipe."""

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

import cegm.jax
from corpus.composer import containers, guards
from corpus.composer.layouts import Arrays, Layout, make
from corpus.composer.net import f32, i32
from corpus.composer.objective import Objective, gradient
from corpus.composer.recipe import Recipe
from corpus.composer.results import observed
from corpus.composer.rules import RULES, Numbers
from corpus.expected import Expected, ExpectedSite, argument_names, expected_of

_RATE = 0.1
# Stands among the parameters of a weight that comes out of an update before.
COMPUTED = "an update"


@dataclasses.dataclass(frozen=True)
class Composition:
    """A step with its arguments, and its parts for the check of the truth."""

    recipe: Recipe
    objective: Objective

    @classmethod
    def of(cls, recipe: Recipe) -> "Composition":
        return cls(recipe, Objective.of(recipe))

    @property
    def layout(self) -> Layout:
        return make(self.recipe.layout, self.recipe.rule, self.recipe.form)

    @property
    def order(self) -> containers.Order:
        return containers.ORDERS[self.recipe.order]

    @property
    def kept(self) -> list[str]:
        """Names of the weights that the container of parameters holds."""
        apart = self.recipe.frozen == "apart"
        return self.objective.trained if apart else list(self.objective.shapes)

    @property
    def groups(self) -> list[list[str]]:
        """Names of the trained weights, in the groups that are updated one after another."""
        names = self.objective.trained
        if self.recipe.turns == "in turn" and len(names) > 1:
            return [names[::2], names[1::2]]
        return [names]

    @property
    def has_count(self) -> bool:
        by_count = self.recipe.schedule in ("cosine", "root", "pieces")
        return by_count or bool(RULES[self.recipe.rule].slots)

    def arguments(self) -> tuple:
        """The shapes of the arguments of the step."""
        r, shapes = self.recipe, self.objective.shapes
        half = r.precision in ("bf16", "bf16 updates", "bf16 masters")
        dtype = jnp.bfloat16 if half else jnp.float32
        weights = {n: jax.ShapeDtypeStruct(s, dtype) for n, s in shapes.items()}
        trained = {name: f32(*shapes[name]) for name in self.objective.trained}

        def is_shape(value):
            return isinstance(value, tuple)

        slots = [
            jax.tree.map(
                lambda s: f32(*s), self.layout.shapes({n: shapes[n] for n in g}), is_leaf=is_shape
            )
            for g in self.groups
        ]
        state: dict[str, Any] = {"slots": slots} if RULES[r.rule].slots else {}
        if self.has_count:
            state["count"] = i32()
        if r.precision == "bf16 masters":
            state["masters"] = trained
        if {"ema", "teacher"} & set(r.extras):
            state["ema"] = {name: f32(*shape) for name, shape in shapes.items()}
        if "statistics" in r.extras:
            state["statistics"] = jax.eval_shape(self._statistics, weights, self.objective.batch)
        rest: dict[str, Any] = {}
        if r.schedule == "argument":
            rest["rate"] = f32()
        if r.change == "noise" or "noise" in r.extras:
            rest["key"] = jax.eval_shape(lambda: jax.random.key(0))
        if r.change == "mask":
            rest["mask"] = trained
        if self.objective.frozen and r.frozen == "apart":
            rest["frozen"] = {name: weights[name] for name in sorted(self.objective.frozen)}
        params = containers.pack(r.container, {name: weights[name] for name in self.kept})
        batch = self.objective.batch
        return self.order.arguments(
            params, state, (batch, batch) if r.turns == "twice" else batch, rest
        )

    def _statistics(self, weights: Arrays, batch: Any) -> list[jax.Array]:
        """Moments of input, activations and output: sums over tokens that are no gradients."""
        out, seen = self.objective(weights, {}, None, batch)[1]
        rows = [h.reshape(-1, h.shape[-1]) for h in (*seen[:2], out)]
        return [a.T @ b / len(a) for a in rows for b in rows if len(a) == len(b)]

    def _parts(self, params: Any, rest: Any) -> tuple[Arrays, Arrays]:
        weights = containers.unpack(self.recipe.container, self.kept, params)
        weights |= rest.get("frozen", {})
        trained = {name: weights[name] for name in self.objective.trained}
        return trained, {name: weights[name] for name in sorted(self.objective.frozen)}

    def _teacher(self, state: Any) -> Arrays | None:
        return state["ema"] if "teacher" in self.recipe.extras else None

    @property
    def step(self) -> Callable:
        r = self.recipe

        def body(params, state, batch, rest):
            trained, fixed = self._parts(params, rest)
            for one in batch if r.turns == "twice" else (batch,):
                trained, state, metrics = self._once(trained, fixed, state, one, rest)
            weights = {**fixed, **trained}
            new = containers.pack(r.container, {name: weights[name] for name in self.kept})
            return containers.results(r.results, new, state, metrics)

        return self.order.bind(body)

    def _once(self, trained: Arrays, fixed: Arrays, state: Any, batch: Any, rest: Any):
        """One update of all groups, in turn if there are several."""
        old, after = trained, dict(state)
        slots, grads, value, aux = [], {}, None, None
        for i, names in enumerate(self.groups):
            others = {**fixed, **{n: w for n, w in trained.items() if n not in names}}
            group = {name: trained[name] for name in names}
            value, found, aux = gradient(
                self.objective, group, others, self._teacher(state), batch
            )
            grads |= found
            held = state["slots"][i] if "slots" in state else self._no_slots(names)
            masters = state.get("masters", trained)
            new, held, wide = self.update(
                group, found, held, {n: masters[n] for n in names}, state, rest, value
            )
            trained = {**trained, **new}
            slots.append(held)
            if "masters" in state:
                after["masters"] = {**after["masters"], **wide}
        if "slots" in state:
            after["slots"] = slots
        if "count" in state:
            after["count"] = state["count"] + 1
        if "ema" in state:
            after["ema"] = jax.tree.map(
                lambda e, w: 0.99 * e + 0.01 * w.astype(jnp.float32),
                state["ema"],
                {**fixed, **trained},
            )
        if aux is None:
            observe = functools.partial(self.objective, old, fixed, None, batch)
            aux = jax.eval_shape(lambda: observe()[1])  # Known shapes, unknown values.
            if {"logits", "activation means", "gram", "statistics"} & set(self.recipe.extras):
                aux = observe()[1]
        metrics = observed(self.recipe, value, aux, grads, old, trained, rest)
        if "statistics" in state:
            now = self._statistics({**fixed, **old}, batch)
            after["statistics"] = jax.tree.map(
                lambda s, n: 0.9 * s + 0.1 * n, state["statistics"], now
            )
        return trained, after, metrics

    def _no_slots(self, names: list[str]) -> Any:
        return self.layout.shapes({name: self.objective.shapes[name] for name in names})

    def _numbers(self, state: Any, rest: Any, name: str) -> Numbers:
        schedule = self.recipe.schedule
        count = state["count"].astype(jnp.float32) + 1 if self.has_count else jnp.float32(1)
        rate: Any = _RATE
        if schedule == "argument":
            rate = rest["rate"]
        elif schedule == "cosine":
            warm, share = count / 10, jnp.clip((count - 10) / 90, 0, 1)
            rate = _RATE * jnp.where(count < 10, warm, 0.5 * (1 + jnp.cos(jnp.pi * share)))
        elif schedule == "root":
            rate = _RATE * jax.lax.rsqrt(count)
        elif schedule == "pieces":
            rate = jnp.where(count < 5, _RATE, jnp.where(count < 50, _RATE / 2, _RATE / 4))
        elif schedule == "per leaf":
            rate = _RATE / (1 + self.objective.trained.index(name))
        return Numbers(rate, count)

    def update(
        self,
        p: Arrays,
        g: Arrays,
        slots: Any,
        masters: Arrays,
        state: Any,
        rest: Any,
        value: jax.Array,
    ) -> tuple[Arrays, Any, Arrays]:
        """The new parameters, slots, and parameters in f32, from the gradients."""
        r = self.recipe
        raw = g
        narrow = r.precision == "bf16 updates"
        if not narrow:
            g = {name: array.astype(jnp.float32) for name, array in g.items()}
        if r.guard == "nan to zero":
            g = {name: jnp.where(jnp.isnan(a), 0.0, a) for name, a in g.items()}
        g = guards.change(r.change, g, rest)
        clips = guards.CLIPS[r.clip]
        g = clips[r.form % len(clips)](g)
        before = p if narrow else {n: w.astype(jnp.float32) for n, w in masters.items()}
        g = {name: a.astype(before[name].dtype) for name, a in g.items()}
        new, held = self.layout.apply(
            before, g, slots, lambda name: self._numbers(state, rest, name)
        )
        new = {name: array.astype(before[name].dtype) for name, array in new.items()}
        held = jax.tree.map(lambda h: h.astype(jnp.float32), held)
        new, held = guards.choose(r.guard, value, raw, (new, held), (before, slots))
        return {n: w.astype(p[n].dtype) for n, w in new.items()}, held, new

    @property
    def loss(self) -> Callable:
        """The loss that the step differentiates, with the arguments of the step."""

        def body(params, state, batch, rest):
            trained, fixed = self._parts(params, rest)
            one = batch[0] if self.recipe.turns == "twice" else batch
            return self.objective.total(trained, fixed, self._teacher(state), one)

        return self.order.bind(body)

    def text(self) -> str:
        return cegm.jax.emit(self.step, *self.arguments())

    def path(self, name: str) -> str:
        """The path of a weight that the container of parameters holds."""
        packed = containers.pack(self.recipe.container, {n: n for n in self.kept})
        found = jax.tree_util.tree_flatten_with_path(packed)[0]
        return next(
            self.order.prefix + jax.tree_util.keystr(p) for p, leaf in found if leaf == name
        )

    def expected(self) -> Expected:
        """The sites of each gradient that the step takes, and names of the arguments."""
        groups = [self.objective.trained] if self.recipe.turns == "twice" else self.groups
        found = [self._expected(names) for names in groups]
        sites = [site for one in found for site in one.sites]
        if len(groups) > 1:
            # A weight that is computed from parameters of several groups is of none alone.
            whole = self._expected(self.objective.trained)
            shared = [s.parameters for s in whole.sites if len(s.parameters) > 1]
            sites = [
                _marked(s) if any(s.parameters < group for group in shared) else s for s in sites
            ]
        if self.recipe.turns == "twice":
            sites += map(_marked, sites[:])
        return dataclasses.replace(found[0], sites=tuple(sites))

    def _expected(self, names: list[str]) -> Expected:
        arguments = self.arguments()
        trained = {self.path(name) for name in names}
        count = len(arguments) - 3 if self.recipe.order == "spread" else 1
        return expected_of(
            self.loss,
            arguments,
            argument_names(self.step, arguments),
            parameters=self.order.parameters,
            batch=self.order.batch(count),
            is_frozen=lambda path: path not in trained,
        )


def _marked(site: ExpectedSite) -> ExpectedSite:
    """The site of a weight that is no parameter itself, so that the report may name none."""
    return dataclasses.replace(site, parameters=site.parameters | {COMPUTED})
