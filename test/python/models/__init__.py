"""Train steps of real models, small enough that a test takes seconds.

`ALL` maps a name to a function that makes the model. A model is written as
its users would write it, with the library's own layers: what the tests need
to know is only what `Model` holds.
"""

from models import equinox_model, haiku_model, linen_models, nnx_model
from models.common import OPTIMIZERS, Model, make_step

ALL = {
    "linen": linen_models.transformer,
    "linen_tied": linen_models.tied,
    "linen_bf16": linen_models.bfloat16,
    "nnx": nnx_model.transformer,
    "equinox": equinox_model.transformer,
    "haiku": haiku_model.transformer,
}

__all__ = ["ALL", "OPTIMIZERS", "Model", "make_step"]
