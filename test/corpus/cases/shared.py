"""Cases of the models that the numerical tests train."""

import jax
import models
import optax
from models.common import make_batch

from corpus.case import JaxStep, train_step


def model_step(
    name: str, optimizer: optax.GradientTransformation | None = None, **fields
) -> JaxStep:
    """The train step of a model of `models.ALL`."""
    model = models.ALL[name]()
    params = jax.eval_shape(model.init, jax.random.key(0))
    optimizer = optimizer or models.OPTIMIZERS["adamw"]()
    return train_step(model.loss, params, make_batch(0), optimizer=optimizer, **fields)
