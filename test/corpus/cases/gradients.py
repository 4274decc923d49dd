"""Plain JAX: gradients per example, of inputs, of gradients, at perturbed parameters."""

import functools

import jax
import jax.numpy as jnp
import optax

from corpus.case import JaxStep, case, shapes
from corpus.cases.blocks import (
    B, C, D, F, S,
    block_params, cross_entropy, f32, i32, in_turn, key, lm_loss, lm_params,
)

LIBRARY = "jax + optax"
PARAMS = {"w1": f32(D, F), "w2": f32(F, C)}
DATA = f32(B, S, D), i32(B, S)
language_loss = functools.partial(lm_loss, in_turn)


def forward(params, x):
    return jnp.tanh(x @ params["w1"]) @ params["w2"]


def classify(params, x, labels):
    return cross_entropy(forward(params, x), labels)


def descend(params, gradients, rate=0.1):
    return jax.tree.map(lambda p, g: p - rate * g, params, gradients)


def per_example_step(loss_of_one, params, *batch) -> JaxStep:
    """Gradients of single examples, clipped, then averaged; `DP-SGD` without its noise."""
    axes = (None, *[0] * len(batch))

    def loss(params, *batch):
        return jnp.mean(jax.vmap(loss_of_one, axes)(params, *batch))

    def step(params, *batch):
        gradients = jax.vmap(jax.grad(loss_of_one), axes)(params, *batch)
        square = lambda g: jnp.sum(g**2, axis=range(1, g.ndim))  # noqa: E731
        norm = jnp.sqrt(sum(map(square, jax.tree.leaves(gradients))))
        factor = 1 / jnp.maximum(norm, 1.0)
        mean = lambda g: jnp.tensordot(factor, g, 1) / B  # noqa: E731
        return descend(params, jax.tree.map(mean, gradients))

    return JaxStep(step, (params, *batch), loss, batch=range(1, 1 + len(batch)))


@case(LIBRARY, "clipped gradients per example by vmap(grad), an MLP")
def per_example_mlp():
    return per_example_step(classify, PARAMS, *DATA)


@case(LIBRARY, "clipped gradients per example by vmap(grad), a transformer")
def per_example_transformer():
    def loss(params, tokens, labels):
        return language_loss(params, tokens[None], labels[None])

    return per_example_step(loss, lm_params([block_params()]), i32(B, S), i32(B, S))


@case(LIBRARY, "gradients of single examples, one token each")
def per_example_vectors():
    return per_example_step(classify, PARAMS, f32(B, D), i32(B))


def gradients_only(params, loss, *batch, parameters: str) -> JaxStep:
    return JaxStep(
        jax.value_and_grad(loss),
        (params, *batch),
        loss,
        batch=range(1, 1 + len(batch)),
        options={"parameters": parameters},
    )


@case(LIBRARY, "a step that returns loss and gradients; parameters by number")
def gradients_only_mlp():
    return gradients_only(PARAMS, classify, *DATA, parameters="0,1")


@case(LIBRARY, "a step that returns loss and gradients of a transformer")
def gradients_only_transformer():
    params = lm_params([block_params()] * 2)
    numbers = ",".join(map(str, range(len(jax.tree.leaves(params)))))
    batch = i32(B, S), i32(B, S)
    return gradients_only(params, language_loss, *batch, parameters=numbers)


@case(LIBRARY, "a step that returns gradients; parameters by a pattern of names")
def gradients_only_by_name():
    return gradients_only(PARAMS, classify, *DATA, parameters="params*")


@case(LIBRARY, "adversarial inputs by a gradient step, then training on them")
def adversarial_training():
    def loss(params, x, labels):
        slope = jax.grad(classify, 1)(params, x, labels)
        return classify(params, jax.lax.stop_gradient(x + 0.1 * jnp.sign(slope)), labels)

    def step(params, x, labels):
        value, gradients = jax.value_and_grad(loss)(params, x, labels)
        return descend(params, gradients), value

    return JaxStep(step, (PARAMS, *DATA), loss, batch=(1, 2))


@case(LIBRARY, "gradients of the inputs alone, the parameters returned as they are")
def saliency():
    def loss(params, x, labels):
        return classify(jax.lax.stop_gradient(params), x, labels)

    def step(params, x, labels):
        return params, jax.grad(loss, 1)(params, x, labels)

    return JaxStep(step, (PARAMS, *DATA), loss, batch=(1, 2))


@case(LIBRARY, "gradients of the inputs alone, the parameters not returned")
def saliency_alone():
    return JaxStep(jax.grad(classify, 1), (PARAMS, *DATA), classify, batch=(1, 2), parameters=())


def input_ascent_step(**fields) -> JaxStep:
    def step(params, x, labels):
        return x + 0.1 * jax.grad(classify, 1)(params, x, labels)

    arguments = PARAMS, *DATA
    return JaxStep(step, arguments, classify, batch=(1, 2), parameters=(), **fields)


@case(LIBRARY, "inputs that follow their gradient, the parameters not returned")
def input_ascent():
    return input_ascent_step()


@case(LIBRARY, "inputs that follow their gradient, the parameters named by the option")
def input_ascent_named():
    return input_ascent_step(options={"parameters": "params"})


@case(LIBRARY, "generator and discriminator, each by its own loss")
def two_players():
    latent = 3
    generator = {"w1": f32(latent, F), "w2": f32(F, D)}
    discriminator = {"w1": f32(D, F), "w2": f32(F, 1)}

    def losses(generator, discriminator, z, x):
        frozen = jax.lax.stop_gradient
        judge = lambda p, x: jnp.mean(jax.nn.softplus(forward(p, x)))  # noqa: E731
        fake = forward(generator, z)
        return (
            judge(discriminator, frozen(fake)) + judge(discriminator, -x),
            judge(frozen(discriminator), -fake),
        )

    def loss(generator, discriminator, z, x):
        return sum(losses(generator, discriminator, z, x))

    def step(generator, discriminator, z, x):
        of_discriminator = jax.grad(lambda d: losses(generator, d, z, x)[0])(discriminator)
        of_generator = jax.grad(lambda g: losses(g, discriminator, z, x)[1])(generator)
        return descend(generator, of_generator), descend(discriminator, of_discriminator)

    arguments = generator, discriminator, f32(B, S, latent), f32(B, S, D)
    return JaxStep(step, arguments, loss, batch=(2, 3), parameters=(0, 1))


@case(LIBRARY, "a gradient of a gradient: the slope at the inputs is penalised")
def gradient_penalty():
    def loss(params, x, labels):
        slope = jax.grad(classify, 1)(params, x, labels)
        return classify(params, x, labels) + 10 * jnp.mean(slope**2)

    def step(params, x, labels):
        value, gradients = jax.value_and_grad(loss)(params, x, labels)
        return descend(params, gradients), value

    return JaxStep(step, (PARAMS, *DATA), loss, batch=(1, 2))


@case(LIBRARY, "a diagonal of the Hessian by a product with a random direction")
def hessian_diagonal():
    def loss(params, moments, key, x, labels):
        return classify(params, x, labels)

    def step(params, moments, key, x, labels):
        keys = dict(zip(params, jax.random.split(key, len(params))))
        direction = jax.tree.map(
            lambda p, k: jax.random.rademacher(k, p.shape, p.dtype), params, keys
        )
        gradient_at = lambda p: jax.grad(classify)(p, x, labels)  # noqa: E731
        gradients, curvature = jax.jvp(gradient_at, (params,), (direction,))
        moments = jax.tree.map(
            lambda m, c, d: 0.9 * m + 0.1 * c * d, moments, curvature, direction
        )
        scaled = jax.tree.map(lambda g, m: g / jnp.maximum(m, 1e-3), gradients, moments)
        return descend(params, scaled), moments

    return JaxStep(step, (PARAMS, PARAMS, key(), *DATA), loss, batch=(3, 4))


@case(LIBRARY, "meta-learning through an inner gradient step (MAML)")
def meta_learning():
    def loss(params, x, labels, query, query_labels):
        adapted = descend(params, jax.grad(classify)(params, x, labels))
        return classify(adapted, query, query_labels)

    def step(params, *batch):
        value, gradients = jax.value_and_grad(loss)(params, *batch)
        return descend(params, gradients), value

    def in_all(params, x, labels, query, query_labels):
        # The gradient at the adapted parameters reaches these as it is, too.
        adapted = loss(params, x, labels, query, query_labels)
        return adapted + classify(params, query, query_labels)

    batch = *DATA, f32(B, S + 2, D), i32(B, S + 2)
    return JaxStep(step, (PARAMS, *batch), in_all, batch=(1, 2, 3, 4))


@case(LIBRARY, "sharpness-aware minimisation: gradients at perturbed parameters")
def sharpness_aware():
    def perturbed(params, x, labels):
        gradients = jax.grad(classify)(params, x, labels)
        rate = 0.05 / optax.tree.norm(gradients)
        return descend(params, jax.lax.stop_gradient(gradients), -rate)

    def step(params, x, labels):
        value, gradients = jax.value_and_grad(classify)(perturbed(params, x, labels), x, labels)
        return descend(params, gradients), value

    # The second gradient is the one that updates.
    return JaxStep(step, (PARAMS, *DATA), classify, batch=(1, 2))


@case(LIBRARY, "ensemble: stacked members trained by vmap, each on its own batch")
def ensemble():
    members = 7
    optimizer = optax.adam(1e-3)
    params = {"w1": f32(members, D, F), "w2": f32(members, F, C)}

    def loss(params, state, x, labels):
        return jnp.sum(jax.vmap(classify)(params, x, labels))

    def step_of_one(params, state, x, labels):
        value, gradients = jax.value_and_grad(classify)(params, x, labels)
        updates, state = optimizer.update(gradients, state, params)
        return optax.apply_updates(params, updates), state, value

    state = shapes(jax.vmap(optimizer.init), params)
    batch = f32(members, B, S, D), i32(members, B, S)

    def step(params, state, x, labels):
        return jax.vmap(step_of_one)(params, state, x, labels)

    return JaxStep(step, (params, state, *batch), loss, batch=(2, 3))
