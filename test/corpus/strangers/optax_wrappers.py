"""Wrappers and chains of optax, in the train steps of its users."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
import optax.contrib

from corpus.case import shapes
from corpus.cases.blocks import f32, i32
from corpus.strangers import stranger
from corpus.strangers.models import classifier, equal_mlp, gated, made, two_layer
from corpus.strangers.optax_aliases import usual, with_value


@stranger("optax contrib, reduce on plateau", "the loss scales the update")
def optax_plateau():
    optimizer = optax.chain(optax.adam(1e-3), optax.contrib.reduce_on_plateau(patience=3))
    return with_value(equal_mlp(), optimizer)


@stranger("optax docs, lookahead", "Lookahead: the state of a run is a pair of copies")
def optax_lookahead():
    model = two_layer()
    optimizer = optax.lookahead(optax.adam(1e-3), sync_period=5, slow_step_size=0.5)
    pair = jax.eval_shape(optax.LookaheadParams.init_synced, model.params)

    def step(params, state, *batch):
        value, grads = jax.value_and_grad(model.loss)(params.fast, *batch)
        updates, state = optimizer.update(grads, state, params)
        return optax.apply_updates(params, updates), state, value

    def loss(params, *batch):
        return model.loss(params.fast, *batch)

    state = shapes(optimizer.init, pair)
    return made(step, model._replace(params=pair), state, loss=loss)


class TrainState(NamedTuple):
    step: Any
    params: Any
    opt_state: Any
    ema: Any


@stranger("optax docs, ema; google-research vit", "one state, EMA of the parameters in it")
def train_state_with_ema():
    model = classifier()
    optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(1e-3))
    state = TrainState(
        i32(), model.params, shapes(optimizer.init, model.params), model.params
    )

    def step(state, x, labels):
        grads = jax.grad(model.loss)(state.params, x, labels)
        updates, opt_state = optimizer.update(grads, state.opt_state, state.params)
        params = optax.apply_updates(state.params, updates)
        ema = optax.incremental_update(params, state.ema, 1e-3)
        return TrainState(state.step + 1, params, opt_state, ema)

    def loss(state, *batch):
        return model.loss(state.params, *batch)

    return made(step, model._replace(params=state), loss=loss)


@stranger("optax docs, inject_hyperparams", "learning rate in the state, and returned")
def injected_hyperparams():
    model = equal_mlp()
    schedule = optax.cosine_decay_schedule(0.1, 100)
    optimizer = optax.inject_hyperparams(optax.sgd)(learning_rate=schedule, momentum=0.9)

    def step(params, opt_state, *batch):
        loss, grads = jax.value_and_grad(model.loss)(params, *batch)
        updates, opt_state = optimizer.update(grads, opt_state, params)
        metrics = {
            "loss": loss,
            "lr": opt_state.hyperparams["learning_rate"],
            "grad_norm": optax.global_norm(grads),
            "update_norm": optax.global_norm(updates),
        }
        return optax.apply_updates(params, updates), opt_state, metrics

    return made(step, model, shapes(optimizer.init, model.params))


@stranger("optax docs, apply_if_finite", "skip what is not finite, by optax")
def optax_apply_if_finite():
    return usual(equal_mlp(), optax.apply_if_finite(optax.adam(1e-3), 5))


@stranger("optax docs, MultiSteps with a skip function", "skip large updates, accumulate")
def optax_skip_large():
    def skip(updates, gradient_step, params):
        return optax.skip_large_updates(updates, gradient_step, params, 10.0)

    optimizer = optax.MultiSteps(optax.sgd(0.1), 3, should_skip_update_fn=skip)
    return usual(gated(), optimizer)


@stranger("optax docs, apply_every", "gradients that are gathered, then applied")
def optax_apply_every():
    return usual(classifier(), optax.chain(optax.adam(1e-3), optax.apply_every(4)))


@stranger("optax docs, transformations", "clipping by value, by block, adaptively")
def optax_three_clips():
    optimizer = optax.chain(
        optax.clip(1.0),
        optax.clip_by_block_rms(1.0),
        optax.adaptive_grad_clip(0.01),
        optax.zero_nans(),
        optax.sgd(0.1),
    )
    return usual(two_layer(), optimizer)


@stranger("optax docs, keep_params_nonnegative", "parameters kept positive")
def optax_nonnegative():
    optimizer = optax.chain(optax.sgd(0.1), optax.keep_params_nonnegative())
    return usual(gated(), optimizer)


@stranger(
    "optax docs, masked weight decay", "decay of matrices only, noise, flattened Adam"
)
def optax_flattened():
    def is_matrix(params):
        return jax.tree.map(lambda p: p.ndim > 1, params)

    optimizer = optax.chain(
        optax.add_decayed_weights(1e-4, mask=is_matrix),
        optax.add_noise(0.01, 0.55, 0),
        optax.flatten(optax.adam(1e-3)),
    )
    return usual(classifier(), optimizer)


@stranger("optax docs, perturbations of scalars", "a schedule that an argument scales")
def rate_as_argument():
    model = equal_mlp()

    def step(params, opt_state, rate, x, y):
        optimizer = optax.adamw(rate, b2=0.95, weight_decay=0.1)
        value, grads = jax.value_and_grad(model.loss)(params, x, y)
        updates, opt_state = optimizer.update(grads, opt_state, params)
        return value, optax.apply_updates(params, updates), opt_state, jnp.exp(value)

    return made(step, model, shapes(optax.adamw(1e-3).init, model.params), f32())
