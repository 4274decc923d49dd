"""Optimizers of optax, in the train steps of its users."""

from typing import Any

import jax
import optax
import optax.contrib

from corpus.case import JaxStep, shapes
from corpus.strangers import stranger
from corpus.strangers.models import (
    Model, attention, bag_of_words, classifier, equal_mlp, gated, made, transformer,
    two_layer,
)


def usual(model: Model, optimizer: Any) -> JaxStep:
    """`params, opt_state, loss = step(params, opt_state, *batch)`."""

    @jax.jit
    def step(params, opt_state, *batch):
        loss, grads = jax.value_and_grad(model.loss)(params, *batch)
        updates, opt_state = optimizer.update(grads, opt_state, params)
        params = optax.apply_updates(params, updates)
        return params, opt_state, loss

    return made(step, model, shapes(optimizer.init, model.params))


def with_value(model: Model, optimizer: Any) -> JaxStep:
    """As `usual`, where the optimizer asks for the loss; the state comes first."""

    def step(params, opt_state, *batch):
        value, grad = jax.value_and_grad(model.loss)(params, *batch)
        updates, opt_state = optimizer.update(grad, opt_state, params, value=value)
        return opt_state, optax.apply_updates(params, updates), {"loss": value}

    return made(step, model, shapes(optimizer.init, model.params))


@stranger("optax docs, getting started", "Lion on equal weights")
def optax_lion():
    return usual(equal_mlp(), optax.lion(3e-4, weight_decay=0.1))


@stranger("optax docs, optimizer API", "AdaBelief on a gated pair")
def optax_adabelief():
    return usual(gated(), optax.adabelief(1e-3))


@stranger("optax docs, optimizer API", "Adan: differences of gradients")
def optax_adan():
    return usual(equal_mlp(), optax.adan(1e-3, weight_decay=0.02))


@stranger("optax docs, optimizer API", "Yogi on a classifier")
def optax_yogi():
    return usual(classifier(), optax.yogi(1e-2))


@stranger("optax docs, optimizer API", "NovoGrad: one second moment a layer")
def optax_novograd():
    return usual(two_layer(), optax.novograd(1e-2, weight_decay=1e-3))


@stranger("optax docs, optimizer API", "RAdam on attention")
def optax_radam():
    return usual(attention(), optax.radam(1e-3))


@stranger("optax docs, optimizer API", "NAdamW on a transformer")
def optax_nadamw():
    return usual(transformer(), optax.nadamw(1e-3))


@stranger("google-research LAMB, optax alias", "LAMB on a transformer")
def optax_lamb():
    return usual(transformer(), optax.lamb(1e-3, weight_decay=0.01))


@stranger("optax docs, optimizer API", "LARS on equal weights, momentum and decay")
def optax_lars():
    return usual(equal_mlp(), optax.lars(0.1, weight_decay=1e-4))


@stranger("optax docs, optimizer API", "SM3 on a bag of words")
def optax_sm3():
    return usual(bag_of_words(), optax.sm3(0.1))


@stranger("optax docs, optimizer API", "Rprop on a gated pair")
def optax_rprop():
    return usual(gated(), optax.rprop(1e-3))


@stranger("optax docs, optimizer API", "Fromage")
def optax_fromage():
    return usual(equal_mlp(), optax.fromage(1e-2))


@stranger("optax docs, optimizer API", "noisy SGD")
def optax_noisy_sgd():
    return usual(gated(), optax.noisy_sgd(0.1, eta=0.01))


@stranger("optax docs, optimizer API", "optimistic gradient descent")
def optax_optimistic():
    return usual(equal_mlp(), optax.optimistic_gradient_descent(0.1))


@stranger("optax docs, optimizer API", "Adamax with decay on a transformer")
def optax_adamaxw():
    return usual(transformer(), optax.adamaxw(1e-3))


@stranger("optax docs, optimizer API", "AMSGrad with centralized gradients")
def optax_centralized():
    return usual(classifier(), optax.chain(optax.centralize(), optax.amsgrad(1e-3)))


@stranger("optax docs, optimizer API", "Polyak step size from the loss")
def optax_polyak():
    return with_value(equal_mlp(), optax.polyak_sgd(1.0))


@stranger("optax contrib, Momo", "MoMo-Adam from the loss")
def optax_momo_adam():
    return with_value(two_layer(), optax.contrib.momo_adam(1e-2))


@stranger("optax contrib, Prodigy (Mishchenko and Defazio)", "Prodigy")
def optax_prodigy():
    return usual(equal_mlp(), optax.contrib.prodigy(1.0, weight_decay=0.01))


@stranger("optax contrib, D-Adaptation (Defazio and Mishchenko)", "D-Adapt AdamW")
def optax_dadapt():
    return usual(gated(), optax.contrib.dadapt_adamw(1.0, weight_decay=0.01))


@stranger("optax contrib, DoG (Ivgi et al.)", "DoG: distance over gradients")
def optax_dog():
    return usual(gated(), optax.contrib.dog(1.0))


@stranger("optax contrib, DoWG", "DoWG with decay")
def optax_dowg():
    return usual(classifier(), optax.contrib.dowg(1.0, weight_decay=0.1))


@stranger("optax contrib, COCOB (Orabona and Tommasi)", "COCOB: betting on coins")
def optax_cocob():
    return usual(two_layer(), optax.contrib.cocob())


@stranger("optax contrib, MADGRAD", "MADGRAD on attention")
def optax_madgrad():
    return usual(attention(), optax.contrib.madgrad(1e-2))


@stranger("optax contrib, Mechanic (Cutkosky et al.)", "Mechanic around AdamW")
def optax_mechanic():
    return usual(equal_mlp(), optax.contrib.mechanize(optax.adamw(1e-3)))


@stranger("optax contrib, AdEMAMix", "AdEMAMix on a transformer")
def optax_ademamix():
    return usual(transformer(), optax.contrib.ademamix(1e-3, weight_decay=0.01))


@stranger("optax contrib, ADOPT", "ADOPT on a gated pair")
def optax_adopt():
    return usual(gated(), optax.contrib.adopt(1e-3))


@stranger("optax contrib, GaLore (Zhao et al.)", "GaLore by QR or SVD")
def optax_galore():
    return usual(equal_mlp(), optax.contrib.galore(1e-3, rank=3, update_proj_gap=5))


@stranger("optax contrib, Muon (Jordan)", "Muon on equal weights, Adam on the rest")
def optax_muon():
    return usual(equal_mlp(), optax.contrib.muon(0.02))


@stranger("optax contrib, schedule-free", "schedule-free SGD")
def optax_schedule_free():
    return usual(gated(), optax.contrib.schedule_free_sgd(0.1, warmup_steps=5))


@stranger(
    "optax docs, L-BFGS with a line search", "L-BFGS, step size by zoom", may_refuse=True
)
def optax_lbfgs():
    model = two_layer()
    optimizer = optax.lbfgs(learning_rate=0.1, memory_size=3, linesearch=None)
    return usual(model, optimizer)


@stranger("optax contrib, SAM", "SAM with transparent inner steps", may_refuse=True)
def optax_sam_opaque():
    model = equal_mlp()
    optimizer = optax.contrib.sam(
        optax.sgd(0.1),
        optax.chain(optax.contrib.normalize(), optax.sgd(0.05)),
        sync_period=2,
        opaque_mode=True,
    )

    def step(params, opt_state, x, y):
        def grad_fn(p, _):
            return jax.grad(model.loss)(p, x, y)

        grads = grad_fn(params, 0)
        updates, opt_state = optimizer.update(grads, opt_state, params, grad_fn=grad_fn)
        return optax.apply_updates(params, updates), opt_state

    # The first gradient makes the perturbation; the second is the update.
    return made(step, model, shapes(optimizer.init, model.params))


@stranger(
    "optax contrib, Sophia", "Hutchinson's estimate beside the gradient", may_refuse=True
)
def optax_sophia():
    model = equal_mlp()
    optimizer = optax.contrib.sophia(1e-3, update_interval=10)

    def step(params, opt_state, x, y):
        value, grads = jax.value_and_grad(model.loss)(params, x, y)
        updates, opt_state = optimizer.update(
            grads, opt_state, params, obj_fn=lambda p: model.loss(p, x, y)
        )
        return optax.apply_updates(params, updates), opt_state, value

    return made(step, model, shapes(optimizer.init, model.params))
