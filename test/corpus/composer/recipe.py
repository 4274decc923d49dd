"""What a step is made of: one choice for each part, the simplest one first."""

import ast
import dataclasses
import random

from corpus.composer import adaptive, matrices, sequences  # noqa: F401  (fill the tables)
from corpus.composer.containers import CONTAINERS, ORDERS, RESULTS
from corpus.composer.guards import CHANGES, CHOICES, CLIPS
from corpus.composer.layouts import FLAT, JOINT, LAYOUTS
from corpus.composer.losses import AUXILIARY, LABELS, LOSSES
from corpus.composer.models import MODELS, NEED_BATCH
from corpus.composer.net import ACTIVATIONS, PRODUCTS, SIZES
from corpus.composer.rules import RULES

GRADIENTS = (
    "value_and_grad", "grad", "vjp", "remat", "jit", "argnums", "halves", "accumulate", "vmap",
    "per example", "by hand",
)  # fmt: skip
EXTRAS = (
    "gradient norm", "logits", "activation means", "gram", "statistics", "update ratio",
    "ema", "teacher", "histogram", "noise", "gradients", "no loss", "gradient means",
)  # fmt: skip
PRECISIONS = ("f32", "bf16", "bf16 updates", "bf16 compute", "bf16 masters")
SCHEDULES = ("constant", "argument", "cosine", "root", "pieces", "per leaf")

FIELDS = {
    "model": tuple(MODELS),
    "sizes": tuple(SIZES),
    "activation": tuple(ACTIVATIONS),
    "product": PRODUCTS,
    "depth": (2, 1, 3),
    "bias": (False, True),
    "frozen": ("kept", "apart"),
    "loss": tuple(LOSSES),
    "auxiliary": tuple(AUXILIARY),
    "gradient": GRADIENTS,
    "turns": ("once", "in turn", "twice"),
    "rule": tuple(RULES),
    "form": tuple(range(9)),
    "layout": tuple(LAYOUTS),
    "change": CHANGES,
    "clip": tuple(CLIPS),
    "guard": CHOICES,
    "schedule": SCHEDULES,
    "precision": PRECISIONS,
    "container": CONTAINERS,
    "order": tuple(ORDERS),
    "results": RESULTS,
}
# The shares of draws in which a part is any of its choices; it is the simplest in others.
RARE = {
    "auxiliary": 0.5,
    "gradient": 0.6,
    "turns": 0.25,
    "layout": 0.5,
    "change": 0.35,
    "clip": 0.5,
    "guard": 0.5,
    "schedule": 0.6,
    "precision": 0.5,
    "results": 0.5,
    "order": 0.6,
    "product": 0.7,
}


@dataclasses.dataclass(frozen=True, repr=False)
class Recipe:
    """A step by its parts; `extras` are results or state that are no gradients."""

    model: str = "mlp"
    sizes: str = "distinct"
    activation: str = "tanh"
    product: str = "matmul"
    depth: int = 2
    bias: bool = False
    frozen: str = "kept"
    loss: str = "squares"
    auxiliary: str = "none"
    gradient: str = "value_and_grad"
    turns: str = "once"
    rule: str = "sgd"
    form: int = 0
    layout: str = "leaves"
    change: str = "none"
    clip: str = "none"
    guard: str = "none"
    schedule: str = "constant"
    precision: str = "f32"
    container: str = "dict"
    order: str = "params first"
    results: str = "params first"
    extras: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """The parts that are not the simplest ones."""
        parts = (
            f"{field.name}={getattr(self, field.name)!r}"
            for field in dataclasses.fields(self)
            if getattr(self, field.name) != field.default
        )
        return f"Recipe({', '.join(parts)})"

    @classmethod
    def read(cls, text: str) -> "Recipe":
        """The recipe that `repr` wrote; ValueError if it is none."""
        call = ast.parse(text.strip(), mode="eval").body
        if not isinstance(call, ast.Call) or getattr(call.func, "id", None) != "Recipe":
            raise ValueError(f"not a recipe: {text}")
        recipe = cls(**{word.arg: ast.literal_eval(word.value) for word in call.keywords})
        for name, choices in FIELDS.items():
            if getattr(recipe, name) not in choices:
                raise ValueError(f"not one of {name}: {getattr(recipe, name)!r}")
        if unknown := set(recipe.extras) - set(EXTRAS):
            raise ValueError(f"not among the extras: {sorted(unknown)}")
        return recipe.fitting()

    def fitting(self) -> "Recipe":
        """The recipe with what does not go together replaced."""
        new = dataclasses.replace
        r = self
        if r.gradient == "by hand":
            r = new(r, model="mlp", auxiliary="none")
            if r.activation not in ("tanh", "relu", "sigmoid"):
                r = new(r, activation="tanh")
            if r.loss not in ("squares", "classes"):
                r = new(r, loss="classes" if LOSSES[r.loss][0] == LABELS else "squares")
            if r.product not in ("matmul", "transposed"):
                r = new(r, product="matmul")
        if r.gradient in ("vmap", "per example") and r.model in NEED_BATCH:
            r = new(r, gradient="value_and_grad")
        if r.gradient in ("vmap", "per example") and r.loss == "contrastive":
            # Where an example is one vector, it has no other one to differ from.
            r = new(r, loss="squares")
        if r.gradient in ("by hand", "accumulate", "halves", "vmap", "per example"):
            r = new(r, extras=tuple(name for name in r.extras if name != "teacher"))
        if RULES[r.rule].matrix and r.layout in FLAT:
            r = new(r, layout="leaves")
        if r.schedule == "per leaf" and r.layout in JOINT:
            r = new(r, schedule="constant")
        if {"ema", "teacher"} <= set(r.extras):
            r = new(r, extras=tuple(name for name in r.extras if name != "ema"))
        if r.turns == "twice" and r.order == "spread":
            r = new(r, order="params first")
        return new(r, form=r.form % len(RULES[r.rule].forms) if r.layout == "leaves" else r.form)

    @classmethod
    def draw(cls, seed: int) -> "Recipe":
        """The recipe of a number."""
        rng = random.Random(seed)

        def pick(name):
            if rng.random() >= RARE.get(name, 1.0):
                return FIELDS[name][0]
            return rng.choice(FIELDS[name])

        parts = {name: pick(name) for name in FIELDS}
        extras = rng.sample(EXTRAS, rng.choice((0, 0, 1, 2, 3)))
        return cls(**parts, extras=tuple(sorted(extras))).fitting()

    def simpler(self):
        """Recipes that differ in one part, which is a simpler one there."""
        for extra in self.extras:
            yield dataclasses.replace(
                self, extras=tuple(name for name in self.extras if name != extra)
            ).fitting()
        for name, choices in FIELDS.items():
            for choice in choices[: choices.index(getattr(self, name))][:3]:
                yield dataclasses.replace(self, **{name: choice}).fitting()

