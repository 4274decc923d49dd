"""An entangled step as one operation of JAX: its call, derivatives and batches.

The operation calls the rewritten export of a step. JAX's own call of an export has
three habits that a train step cannot live with: its results are committed to their
device, so that the next call of the step is compiled again; its derivative is zero
without a word; and it cannot be batched.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.export
import jax.numpy as jnp
from jax.extend.core import Primitive
from jax.interpreters import ad, batching, mlir


@dataclasses.dataclass(frozen=True, eq=False)
class Call:
    """What there is to know of one step with arguments of one form.

    `rewritten` is called with the leaves of the step's arguments, then the inputs
    that the injection added. `plain` takes the leaves of the step's arguments and
    returns those of its results, which are the first ones of `rewritten`, too.
    `find_changed` tells of each result of `rewritten` whether its value depends on
    the re-weighted gradients. `result_names` are their pytree paths.
    """

    rewritten: jax.export.Exported
    plain: Callable[..., Sequence[Any]]
    num_arguments: int
    find_changed: Callable[[], Sequence[bool]]
    result_names: tuple[str, ...]
    out_avals: tuple[Any, ...]

    @staticmethod
    def of(
        rewritten: jax.export.Exported,
        plain: Callable[..., Sequence[Any]],
        num_arguments: int,
        find_changed: Callable[[], Sequence[bool]],
        leaves: Sequence[Any],
    ) -> Call:
        """The call for leaves of these types."""
        names, _ = jax.tree_util.tree_flatten_with_path(
            jax.tree.unflatten(rewritten.out_tree, rewritten.out_avals)
        )
        call = Call(
            rewritten,
            plain,
            num_arguments,
            find_changed,
            tuple(jax.tree_util.keystr(path) for path, _ in names),
            (),
        )
        traced = jax.jit(call.run).trace(*leaves)
        return dataclasses.replace(call, out_avals=tuple(traced.jaxpr.out_avals))

    def __call__(self, *leaves: Any) -> list[Any]:
        """The leaves of the results of `rewritten`."""
        return _call_p.bind(*leaves, call=self)

    def run(self, *leaves: Any) -> list[Any]:
        args, kwargs = jax.tree.unflatten(self.rewritten.in_tree, leaves)
        return jax.tree.leaves(self.rewritten.call(*args, **kwargs))

    @functools.cached_property
    def changed(self) -> Sequence[bool]:
        return self.find_changed()


_call_p = Primitive("entangled_step")
_call_p.multiple_results = True


@_call_p.def_abstract_eval
def _call_types(*_, call: Call):
    return call.out_avals


@_call_p.def_impl
def _run_now(*leaves, call: Call):
    return jax.jit(call.run)(*leaves)


mlir.register_lowering(
    _call_p,
    # JAX commits what a function returns that calls an export, and looks for such
    # calls in the operations of the function: it does not see this one.
    mlir.lower_fun(lambda *leaves, call: call.run(*leaves), multiple_results=True),
)


# Derivatives. What entanglement leaves alone (the loss, say) has the derivative of
# the plain step. What depends on re-weighted gradients has none: the weights of the
# tokens are no function that the plain step knows. Its tangent is an operation that
# fails when it is computed or transposed, so that nothing fails which does not need
# it.


def _call_jvp(primals, tangents, *, call: Call):
    results = _call_p.bind(*primals, call=call)
    moving = [
        i for i, tangent in enumerate(tangents) if not isinstance(tangent, ad.Zero)
    ]
    moved = [tangents[i] for i in moving]
    plain_tangents: Sequence[Any] = ()
    inside = [i for i in moving if i < call.num_arguments]
    if inside and not all(call.changed):

        def plain(*values):
            leaves = list(primals[: call.num_arguments])
            for i, value in zip(inside, values):
                leaves[i] = value
            return call.plain(*leaves)

        _, plain_tangents = jax.jvp(
            plain, [primals[i] for i in inside], [tangents[i] for i in inside]
        )
    out = []
    for i, result in enumerate(results):
        if not jnp.issubdtype(result.dtype, jnp.inexact):
            out.append(ad.Zero(jax.typeof(result).to_tangent_aval()))
        elif call.changed[i]:
            aval = jax.typeof(result)
            out.append(_refused_p.bind(*moved, aval=aval, name=call.result_names[i]))
        elif inside:
            out.append(plain_tangents[i])
        else:
            out.append(ad.Zero(jax.typeof(result).to_tangent_aval()))
    return results, out


ad.primitive_jvps[_call_p] = _call_jvp


_refused_p = Primitive("derivative_of_reweighted_gradient")


def _refuse(*_, name: str, **__):
    raise NotImplementedError(
        f"cegm.jax: result {name} of the entangled step depends on re-weighted "
        "gradients, which have no derivative here. Differentiate only what "
        "entanglement does not change, as the loss, or the plain step instead. "
        "(jax.jvp and jax.linearize compute the tangents of all results: under "
        "jax.jit, those that are not used are left out.)"
    )


@_refused_p.def_abstract_eval
def _refused_type(*_, aval, name: str):
    return aval.update(weak_type=False)


_refused_p.def_impl(_refuse)
mlir.register_lowering(_refused_p, lambda context, *_, **params: _refuse(**params))


def _refused_jvp(primals, tangents, *, aval, name: str):
    moved = [t for t in tangents if not isinstance(t, ad.Zero)]
    return (
        _refused_p.bind(*primals, aval=aval, name=name),
        _refused_p.bind(*moved, aval=aval, name=name),
    )


def _refused_transpose(cotangent, *operands, aval, name: str):
    if not isinstance(cotangent, ad.Zero):
        _refuse(name=name)
    return [
        ad.Zero(operand.aval) if ad.is_undefined_primal(operand) else None
        for operand in operands
    ]


def _refused_batch(operands, dims, *, aval, name: str):
    size = next(
        operand.shape[dim]
        for operand, dim in zip(operands, dims)
        if dim is not None
    )
    aval = aval.update(shape=(size, *aval.shape))
    return _refused_p.bind(*operands, aval=aval, name=name), 0


ad.primitive_jvps[_refused_p] = _refused_jvp
ad.primitive_transposes[_refused_p] = _refused_transpose
batching.primitive_batchers[_refused_p] = _refused_batch


# Batches. The step is run for one element of the batch after the other, as no
# rewriting of its text would keep the tokens of two elements apart in each score,
# mean and metric.


def _call_batch(leaves, dims, *, call: Call):
    mapped = [i for i, dim in enumerate(dims) if dim is not None]
    rows = [jnp.moveaxis(leaves[i], dims[i], 0) for i in mapped]

    def one(row):
        element = list(leaves)
        for i, value in zip(mapped, row):
            element[i] = value
        return tuple(_call_p.bind(*element, call=call))

    results = jax.lax.map(one, tuple(rows))
    return list(results), [0] * len(results)


batching.primitive_batchers[_call_p] = _call_batch
