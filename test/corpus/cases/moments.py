"""Plain JAX: sums over tokens that have the form of a gradient and are none."""

import jax
import jax.numpy as jnp

from corpus.case import JaxStep, case, train_step
from corpus.cases.blocks import B, C, D, S, f32, squared_error

LIBRARY = "jax + optax"


@case(LIBRARY, "covariances of activations in the loss (as VICReg and Barlow twins have)")
def covariance_loss():
    params = {"encoder": f32(C, D), "predictor": f32(D, D)}

    def loss(params, first, second):
        a, b = (jnp.tanh(x @ params["encoder"]) for x in (first, second))
        across, within = a.T @ b / B, a.T @ a / B
        penalty = jnp.sum((across - jnp.eye(D)) ** 2) + jnp.sum(within**2)
        return penalty + squared_error(jnp.tanh(a @ params["predictor"]), b)

    return train_step(loss, params, f32(B, C), f32(B, C))


@case(LIBRARY, "second moments of inputs and gradients precondition square layers (K-FAC)")
def second_moments():
    params = {"first": f32(D, D), "second": f32(D, D)}
    state = {name: {"inputs": f32(D, D), "gradients": f32(D, D)} for name in params}

    def forward(params, taps, x, y):
        hidden = jnp.tanh(x @ params["first"] + taps["first"])
        output = jnp.tanh(hidden @ params["second"] + taps["second"])
        return squared_error(output, y), {"first": x, "second": hidden}

    def zeros():
        return {name: jnp.zeros((B, S, D)) for name in params}

    def loss(params, state, x, y):
        return forward(params, zeros(), x, y)[0]

    def step(params, state, x, y):
        run = jax.value_and_grad(forward, (0, 1), has_aux=True)
        (value, inputs), (gradients, slopes) = run(params, zeros(), x, y)
        new_params, new_state = {}, {}
        for name, old in state.items():
            tensors = {"inputs": inputs[name], "gradients": slopes[name]}
            moments = {
                key: 0.9 * old[key] + 0.1 * jnp.einsum("bsi,bsj->ij", t, t)
                for key, t in tensors.items()
            }
            left, right = (
                jnp.linalg.inv(moments[key] + 0.1 * jnp.eye(D)) for key in tensors
            )
            new_params[name] = params[name] - 0.1 * left @ gradients[name] @ right
            new_state[name] = moments
        return new_params, new_state, value

    return JaxStep(step, (params, state, f32(B, S, D), f32(B, S, D)), loss, batch=(2, 3))
