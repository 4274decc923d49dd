"""What steps do around the gradients: losses, scaling, optimizers, averages."""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
import optax

from models.common import masked_cross_entropy
from structures import transformer
from structures.forms import BF16, Part, Structure, Update, differentiated, update_of
from structures.transformer import normal, normalized
from structures.weights import _forward as forward
from structures.weights import _init as init

SCALE = 1024.0


def _half_precision(params, batch):
    narrow = jax.tree.map(lambda p: p.astype(jnp.bfloat16), params)
    return forward(narrow, batch)


def _scaled(params, batch):
    """A scaled loss, so that small gradients stay above the type's smallest."""
    loss, grads = jax.value_and_grad(
        lambda p: SCALE * _half_precision(p, batch)
    )(params)
    return loss / SCALE, jax.tree.map(lambda g: g / SCALE, grads)


def _rounded_randomly() -> Update:
    """bf16 parameters, whose updates are rounded up or down at random.

    The state keeps the gradients, to compare them.
    """

    def start(params):
        return jax.random.key_data(jax.random.key(7)), params

    def apply(params, rest, grads):
        key, use = jax.random.split(rest[0])
        leaves, tree = jax.tree.flatten(params)

        def rounded(p, g, k):
            wide = jax.lax.bitcast_convert_type(
                p.astype(jnp.float32) - 0.1 * g.astype(jnp.float32), jnp.uint32
            )
            noise = jax.random.bits(k, p.shape, jnp.uint32) >> 16
            kept = (wide + noise) & jnp.uint32(0xFFFF0000)
            return jax.lax.bitcast_convert_type(kept, jnp.float32).astype(p.dtype)

        keys = jax.random.split(use, len(leaves))
        new = map(rounded, leaves, jax.tree.leaves(grads), keys)
        return jax.tree.unflatten(tree, list(new)), (key, grads)

    return Update(start, apply)


def _groups() -> Update:
    """Matrices by momentum, the table by Adam, the output not at all."""

    def label(params):
        return {name: {"embed": "adam", "head": "frozen"}.get(name, "sgd")
                for name in params}

    return update_of(
        optax.multi_transform(
            {
                "adam": optax.adam(1e-2, eps=1e-3),
                "sgd": optax.sgd(0.1, momentum=0.9),
                "frozen": optax.set_to_zero(),
            },
            label,
        )
    )


def _nested() -> Update:
    """State in state: injected hyperparameters, clipping, skipped bad steps."""
    schedule = optax.linear_schedule(0.1, 0.05, 10)
    inner = optax.chain(
        optax.clip_by_global_norm(0.5),
        optax.inject_hyperparams(optax.sgd)(learning_rate=schedule, momentum=0.9),
    )
    return update_of(optax.apply_if_finite(inner, 3))


def _averaged() -> Update:
    """A moving average of the parameters beside them."""
    inner = update_of(optax.sgd(0.1, momentum=0.9))

    def start(params):
        return inner.init(params), jax.tree.map(jnp.array, params)

    def apply(params, rest, grads):
        state, average = rest
        params, state = inner.apply(params, state, grads)
        average = jax.tree.map(lambda a, p: 0.9 * a + 0.1 * p, average, params)
        return params, (state, average)

    return Update(start, apply)


def _auxiliary(params, batch):
    """A loss that hands out more than itself."""

    def loss(params):
        value = forward(params, batch)
        return value, {"norm": jnp.linalg.norm(params["up"])}

    (value, aux), grads = jax.value_and_grad(loss, has_aux=True)(params)
    return value + 0 * aux["norm"], grads


def _two_heads_init(key):
    keys = jax.random.split(key)
    return init(keys[0]) | {"second": normal(keys[1], *init(key)["head"].shape)}


def _second_batch(batch):
    return batch | {"targets": batch["inputs"], "weights": jnp.ones_like(batch["weights"])}


def _second_loss(params, batch):
    """Another output of the same trunk predicts the token itself."""
    used = {k: v for k, v in params.items() if k != "second"}
    return forward(used | {"head": params["second"]}, _second_batch(batch))


def _first_loss(params, batch):
    return forward({k: v for k, v in params.items() if k != "second"}, batch)


def _summed(params, batch):
    """One trunk, two losses, one differentiation."""
    x = params["embed"][batch["inputs"]]
    x = x + jnp.tanh(normalized(x) @ params["up"]) @ params["down"]
    y = normalized(x)
    first = masked_cross_entropy(y @ params["head"], batch)
    second = masked_cross_entropy(y @ params["second"], _second_batch(batch))
    return first + 0.3 * second


def _apart(params, batch):
    """Each loss is differentiated for itself, the gradients are added."""
    first, grads = jax.value_and_grad(_first_loss)(params, batch)
    second, more = jax.value_and_grad(_second_loss)(params, batch)
    return first + 0.3 * second, jax.tree.map(lambda a, b: a + 0.3 * b, grads, more)


def _regularized(params, batch):
    penalty = sum((p * p).sum() for p in jax.tree.leaves(params))
    return forward(params, batch) + 1e-3 * penalty


def _teacher():
    return (init(jax.random.key(23)),)


def _distilled(params, batch, teacher):
    """Follows another model, which is not trained."""
    def logits(p):
        x = p["embed"][batch["inputs"]]
        x = x + jnp.tanh(normalized(x) @ p["up"]) @ p["down"]
        return normalized(x) @ p["head"]

    wanted = jax.nn.softmax(logits(teacher))
    losses = -(wanted * jax.nn.log_softmax(logits(params))).sum(-1)
    return (losses * batch["weights"]).sum() / batch["weights"].sum()


def _narrow_init(key):
    return jax.tree.map(lambda p: p.astype(jnp.bfloat16), init(key))


def _structure(feature, example, gradients=differentiated(forward), loss=forward, **more):
    return Structure(
        feature, example, more.pop("init", init), gradients,
        more.pop("parts", (Part(loss),)), **more
    )


STEPS = [
    _structure("narrow types", "loss scaling by 1024, bf16 compute",
               _scaled, _half_precision, tolerance=BF16),
    _structure("narrow types", "bf16 parameters, stochastic rounding",
               init=_narrow_init, update=_rounded_randomly(), tolerance=BF16),
    _structure("optimizers", "parameter groups, `optax.multi_transform`", update=_groups(), untrained=("head",)),
    _structure("optimizers", "nested state, `apply_if_finite`, `inject_hyperparams`",
               update=_nested()),
    _structure("optimizers", "moving average of the parameters", update=_averaged()),
    _structure("losses", "auxiliary outputs", _auxiliary),
    _structure("losses", "two outputs of one trunk, one gradient",
               differentiated(_summed), _summed, init=_two_heads_init),
    _structure("losses", "two losses, each with its gradient", _apart,
               init=_two_heads_init, parts=(Part(_first_loss), Part(_second_loss, factor=0.3))),
    _structure("losses", "a penalty on the parameters",
               differentiated(_regularized), _regularized),
    _structure("losses", "distillation from a frozen model",
               differentiated(_distilled), _distilled, frozen=_teacher),
    _structure("losses", "distillation, the frozen model returned",
               differentiated(_distilled), _distilled, frozen=_teacher, returns_frozen=True),
]
