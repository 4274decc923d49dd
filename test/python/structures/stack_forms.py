"""What structures with a stack of layers share."""

from __future__ import annotations

from structures import transformer
from structures.forms import Loss, Part, Structure, differentiated
from structures.transformer import LAYERS

FORWARD = tuple(range(LAYERS))


def stack_of(
    feature: str, example: str, loss: Loss, plain: Loss = transformer.unrolled, **more
) -> Structure:
    """`loss` runs a stack under `layers`, `plain` its layers one by one."""
    more = {"stack": "layers", "stack_order": FORWARD} | more
    return Structure(
        feature,
        example,
        more.pop("init", transformer.init),
        differentiated(loss),
        (Part(plain),),
        **more,
    )
