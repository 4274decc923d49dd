"""The injected train step, written by hand in JAX and numpy.

The gradient that each token carries to a site comes from a zero perturbation
of the site's output, differentiated by JAX; scores and weights come from
`scores.py`; the re-weighted parameter gradient is the sum over tokens written
out; the optimizer is the one of the plain step. No code of the package.
"""

import copy
import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from reference import scores as formulas
from reference.scores import Options
from reference.sites import Mark, Site, evaluate


# Compiles in a fraction of the time; the reference runs a few times only.
QUICKLY = {
    "xla_backend_optimization_level": 0,
    "xla_cpu_use_fusion_emitters": False,
}


@jax.custom_vjp
def _scale_cotangent(y: jax.Array, factor: jax.Array) -> jax.Array:
    """`y`, whose cotangent is multiplied by `factor` on its way back."""
    return y


def _scale_forward(y, factor):
    return y, factor


def _scale_backward(factor, cotangent):
    return _weighted(cotangent, factor), jnp.zeros_like(factor)


_scale_cotangent.defvjp(_scale_forward, _scale_backward)


def _weighted(array: jax.Array, factor: jax.Array) -> jax.Array:
    wide = jnp.promote_types(array.dtype, factor.dtype)
    return (array.astype(wide) * factor.astype(wide)).astype(array.dtype)


@dataclasses.dataclass
class Audit:
    site: Site
    metrics: dict[str, float]


class Reference:
    """The injected step of `loss(params, batch)` for one shape of batch.

    `chosen(site, paths)` says which sites take part; `paths` are the pytree
    paths of the site's parameters as strings.
    """

    def __init__(
        self,
        loss: Callable[[Any, Any], jax.Array],
        optimizer,
        params: Any,
        batch: Any,
        chosen: Callable[[Site, list[str]], bool] = lambda site, paths: True,
    ):
        self._optimizer = optimizer
        leaves, self._tree = jax.tree.flatten(params)
        paths = [
            jax.tree_util.keystr(path)
            for path, _ in jax.tree_util.tree_flatten_with_path(params)[0]
        ]
        inputs = jax.tree.leaves(batch)
        self._closed = jax.make_jaxpr(loss)(params, batch)
        self._marks = [Mark(False, frozenset({i})) for i in range(len(leaves))]
        self._marks += [Mark(True)] * len(inputs)
        self._wide = jnp.promote_types(
            jnp.result_type(*(leaf.dtype for leaf in leaves)), jnp.float32
        )
        self.sites: list[Site] = []
        self._chosen: list[bool] = []
        self.token_shapes: list[tuple[int, ...]] = []

        def discover(site, x, w):
            y = site.apply(x, w)
            self.sites.append(site)
            self._chosen.append(
                chosen(site, [paths[i] for i in sorted(site.parameters)])
            )
            self.token_shapes.append(site.token_shape(y.shape))
            return y

        jax.eval_shape(
            lambda values: evaluate(self._closed, values, self._marks, discover),
            leaves + inputs,
        )
        self.parameter_paths = paths
        self._trace = jax.jit(self._trace_step, compiler_options=QUICKLY)
        self._apply = self._compile_apply()

    def _compile_apply(self):
        return jax.jit(
            self._apply_step,
            static_argnames="remove_radial",
            compiler_options=QUICKLY,
        )

    def with_optimizer(self, optimizer) -> "Reference":
        """The same with another optimizer, without tracing the model again."""
        other = copy.copy(self)
        other._optimizer = optimizer
        other._apply = other._compile_apply()
        return other

    @functools.cached_property
    def _active_sites(self) -> list[int]:
        return [i for i, chosen in enumerate(self._chosen) if chosen]

    def _evaluate(self, leaves, inputs, taps):
        """Loss, and what `taps` returns beside each output."""
        count = iter(range(len(self.sites)))
        kept = {}

        def tap(site, x, w):
            index = next(count)
            if not self._chosen[index]:
                return site.apply(x, w)
            y, kept[index] = taps(index, site, x, w)
            return y

        (loss,) = evaluate(self._closed, leaves + inputs, self._marks, tap)
        return loss, kept

    def _trace_step(self, params, batch, factors):
        """Loss, gradients outside the sites, and each site's tensors."""
        inputs = jax.tree.leaves(batch)

        def perturbed(params, perturbations):
            def taps(index, site, x, w):
                plain = site.apply(x, jax.lax.stop_gradient(w))
                scale = site.token_weights(factors[index], plain.ndim)
                y = _scale_cotangent(plain, scale) + perturbations[index]
                return y, (x, plain, w)

            return self._evaluate(jax.tree.leaves(params), inputs, taps)

        shapes = jax.eval_shape(
            lambda p: perturbed(p, _ZeroOfAnyShape())[1], params
        )
        zeros = {i: jnp.zeros(y.shape, y.dtype) for i, (_, y, _) in shapes.items()}
        grad = jax.value_and_grad(perturbed, argnums=(0, 1), has_aux=True)
        (loss, kept), (outside, dys) = grad(params, zeros)
        tensors = {}
        for index, (x, y, w) in kept.items():
            site, dy = self.sites[index], dys[index]
            dx = None
            if site.has_input_gradient:
                _, pull = jax.vjp(lambda a: site.apply(a, w), x)
                (dx,) = pull(dy)
            tensors[index] = {"x": x, "y": y, "w": w, "dy": dy, "dx": dx}
        return loss, outside, tensors

    def _apply_step(
        self, params, state, batch, outside, tensors, factors, *, remove_radial
    ):
        def weights_of(params):
            def taps(index, site, x, w):
                return site.apply(x, w), w

            inputs = jax.tree.leaves(batch)
            return self._evaluate(jax.tree.leaves(params), inputs, taps)[1]

        entangled = {}
        for index, t in tensors.items():
            site, dy, w = self.sites[index], t["dy"], t["w"]
            scaled = _weighted(dy, site.token_weights(factors[index], dy.ndim))
            _, pull = jax.vjp(functools.partial(site.apply, t["x"]), w)
            (total,) = pull(scaled)
            if remove_radial:
                (plain,) = pull(dy)
                total = _without_radial(total, plain, w, self._wide)
            entangled[index] = total
        _, pull = jax.vjp(weights_of, params)
        (inside,) = pull(entangled)
        grads = jax.tree.map(jnp.add, outside, inside)
        updates, state = self._optimizer.update(grads, state, params)
        params = jax.tree.map(
            lambda p, u: jnp.asarray(p + u, p.dtype), params, updates
        )
        return params, state, grads

    def gradients_and_step(self, params, state, batch, options: Options):
        """`(params, state, loss, gradients, audits)` of one injected step."""
        factors = {
            i: jnp.ones(self.token_shapes[i], self._wide)
            for i in self._active_sites
        }
        # With flow the gradient of a site depends on the weights of the sites
        # that come after it in the model: repeat until nothing changes, which
        # takes as many rounds as the longest chain of sites.
        used = factors
        for _ in range(len(self.sites) + 1):
            loss, outside, tensors = self._trace(params, batch, used)
            factors, audits = self._weigh(tensors, options)
            if options.apply == "weight" or all(
                np.array_equal(factors[i], used[i]) for i in factors
            ):
                break
            used = factors
        else:
            raise AssertionError("the weights of the flow did not settle")
        params, state, grads = self._apply(
            params,
            state,
            batch,
            outside,
            tensors,
            factors,
            remove_radial=options.radial == "remove",
        )
        return params, state, loss, grads, audits

    def __call__(self, params, state, batch, options: Options):
        """`(params, state, loss)`, as the step that is injected."""
        return self.gradients_and_step(params, state, batch, options)[:3]

    def _weigh(self, tensors, options: Options):
        """Factors by site, and audits in the order of the sites."""
        scored = {}
        for index, t in tensors.items():
            site = self.sites[index]
            if options.context == "input" and site.has_input_gradient:
                rows, context, gradient = site.input_rows, t["x"], t["dx"]
            else:
                rows, context, gradient = site.output_rows, t["y"], t["dy"]
            scored[index] = formulas.scores(
                rows(np.asarray(context, np.float64)),
                rows(np.asarray(gradient, np.float64)),
                options,
                gradient.dtype.name,
            )
        coupled = self._couple({i: s for i, (s, _) in scored.items()}, options)
        factors, audits = {}, []
        for index, (_, active) in scored.items():
            s = coupled[index]
            alpha = formulas.weights(s, active, options)
            factors[index] = jnp.asarray(alpha, self._wide)
            metrics = formulas.audit(s, alpha, active, options.strength)
            audits.append(Audit(self.sites[index], metrics))
        return factors, audits

    def _couple(self, own, options: Options):
        """Scores joined with those of the next deeper group, deepest first."""
        result = {}
        for index in sorted(own, key=lambda i: -self.sites[i].depth):
            deeper = [
                i
                for i in own
                if self.sites[i].depth > self.sites[index].depth
                and own[i].shape == own[index].shape
            ]
            nearest = min((self.sites[i].depth for i in deeper), default=None)
            parents = [result[i] for i in deeper if self.sites[i].depth == nearest]
            result[index] = formulas.couple(own[index], parents, options.coupling)
        return result


class _ZeroOfAnyShape(dict):
    """Stands for the perturbations while their shapes are being found."""

    def __missing__(self, index):
        return 0


def _without_radial(entangled, plain, w, wide):
    e, p, w_wide = (a.astype(wide) for a in (entangled, plain, w))
    norm = (w_wide * w_wide).sum()
    share = (w_wide * (e - p)).sum() / jnp.where(norm == 0, 1, norm)
    return (e - share * w_wide).astype(entangled.dtype)
