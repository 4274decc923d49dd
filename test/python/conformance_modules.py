"""Modules that JAX emits, one or more for each operation it can emit.

``modules()`` gives them by name. Operations without a function of JAX stand
in the round-trip tests of the dialects, ``test/Dialect``, whose text is read as
well; ``test_conformance.py`` checks that the two together leave none out.
"""

import functools

import jax
import jax.experimental
import jax.numpy as jnp
import numpy as np
from jax import lax

X = jnp.ones((4, 8))
I = jnp.ones((4, 8), jnp.int32)
C = jnp.ones((4, 8), jnp.complex64)
B = I > 0
INDICES = jnp.arange(3)
IMAGE, KERNEL = jnp.ones((1, 8, 8, 3)), jnp.ones((3, 3, 3, 4))
NHWC = dict(dimension_numbers=("NHWC", "HWIO", "NHWC"))

UNARY = """abs cbrt ceil cos exp expm1 floor log log1p logistic neg round rsqrt
    sign sin sqrt tan tanh is_finite asin acos atan asinh acosh atanh sinh cosh
    digamma lgamma erf erfc erf_inv bessel_i1e square""".split()
BINARY = """add sub mul div max min pow rem atan2 nextafter igamma zeta
    polygamma eq ne ge gt le lt""".split()
INTEGER = """bitwise_and bitwise_or bitwise_xor shift_left shift_right_logical
    shift_right_arithmetic lt div""".split()


def _elementwise():
    for name in UNARY:
        yield f"unary_{name}", getattr(lax, name), (X,)
    for name in BINARY:
        yield f"binary_{name}", getattr(lax, name), (X, X)
    for name in INTEGER:
        yield f"integer_{name}", getattr(lax, name), (I, I)
    for name in ("clz", "population_count", "bitwise_not"):
        yield f"integer_{name}", getattr(lax, name), (I,)
    for name in ("real", "imag", "conj", "abs"):
        yield f"complex_{name}", getattr(lax, name), (C,)
    yield "complex", lax.complex, (X, X)
    yield "compare_complex", lax.eq, (C, C)
    yield "compare_bool", lax.eq, (B, B)
    yield "mulhi", lax.mulhi, (I, I)
    yield "round_even", lambda x: lax.round(
        x, lax.RoundingMethod.TO_NEAREST_EVEN), (X,)
    yield "tolerance", lambda x: lax.exp(
        x, accuracy=lax.Tolerance(atol=1e-5, rtol=0.0, ulps=3)), (X,)
    yield "highest", lambda x: lax.tanh(
        x, accuracy=lax.AccuracyMode.HIGHEST), (X,)
    yield "select", lax.select, (B, X, X)
    yield "select_scalar", lambda p, x: lax.select(p, x, -x), (B[0, 0], X)
    yield "select_n", lambda i, x: lax.select_n(i, x, -x, x), (I, X)
    yield "clamp", lambda x: lax.clamp(0.0, x, 1.0), (X,)
    yield "convert", lambda x: x.astype(jnp.bfloat16), (X,)
    yield "float8", lambda x: x.astype(jnp.float8_e4m3fn) * 2, (X,)
    yield "int4", lambda x: x.astype(jnp.int4), (I,)
    yield "bitcast", lambda x: lax.bitcast_convert_type(x, jnp.uint8), (X,)
    yield "reduce_precision", lambda x: lax.reduce_precision(x, 8, 7), (X,)


def _shapes():
    yield "constants", lambda: (
        jnp.inf * jnp.ones(3), jnp.nan, np.arange(3.0),
        np.array([True, False]), np.int8(3), np.complex64(1 + 2j),
        np.array([1, 2], np.uint8), jnp.bfloat16(1.5), np.zeros((0, 3))), ()
    yield "iota", lambda: lax.broadcasted_iota(jnp.int32, (3, 4), 1), ()
    yield "broadcast", lambda x: jnp.broadcast_to(x, (3, 4, 8)), (X,)
    yield "reshape", lambda x: x.reshape(32), (X,)
    yield "transpose", lambda x: x.T, (X,)
    yield "reverse", lambda x: x[::-1], (X,)
    yield "pad", lambda x: lax.pad(x, 0.0, [(1, 2, 0), (-1, 0, 2)]), (X,)
    yield "concatenate", lambda x: jnp.concatenate([x, x], 1), (X,)
    yield "slice", lambda x: lax.slice(x, (0, 1), (4, 7), (1, 2)), (X,)
    yield "dynamic_slice", lambda x, i: lax.dynamic_slice(
        x, (i, i), (2, 3)), (X, 1)
    yield "dynamic_update_slice", lambda x, i: lax.dynamic_update_slice(
        x, x[:2, :3], (i, i)), (X, 1)


def _indexing():
    yield "gather", lambda x, i: x[i], (X, INDICES)
    yield "take_along", lambda x, i: jnp.take_along_axis(x, i, 1), (X, I)
    yield "scatter_add", lambda x, i: x.at[i].add(1.0), (X, INDICES)
    yield "scatter_set", lambda x, i: x.at[i, i].set(
        1.0, unique_indices=True), (X, INDICES)
    yield "scatter_mul", lambda x, i: x.at[i].mul(2.0), (X, INDICES)
    yield "scatter_apply", lambda x, i: x.at[i].apply(jnp.sin), (X, INDICES)


def _reductions():
    yield "reduce", lambda x: (
        x.sum(0), x.max(1), x.min(), x.prod(), (x > 0).any(), (x > 0).all()), (X,)
    yield "argmax", lambda x: jnp.argmax(x, 1), (X,)
    yield "reduce_pair", lambda x: lax.reduce(
        (x, x), (0.0, 1.0), lambda a, b: (a[0] + b[0], a[1] * b[1]), (0,)), (X,)
    yield "reduce_window", lambda x: lax.reduce_window(
        x, 0.0, lax.add, (2, 2), (1, 2), "VALID", (2, 1), (1, 2)), (X,)
    yield "select_and_scatter", jax.grad(lambda x: lax.reduce_window(
        x, -jnp.inf, lax.max, (2, 2), (2, 2), "SAME").sum()), (X,)
    yield "cumsum", lambda x: jnp.cumsum(x, 0), (X,)
    yield "cummax", lambda x: lax.cummax(x, 0), (X,)
    yield "sort", lambda x: lax.sort((x, x), dimension=0, num_keys=2), (X,)
    yield "argsort", jnp.argsort, (X,)
    yield "top_k", lambda x: lax.top_k(x, 3), (X,)
    yield "approx_max_k", lambda x: lax.approx_max_k(x, 2), (X,)


def _contractions():
    yield "dot", lambda x: x @ x.T, (X,)
    yield "dot_batch", lambda x: jnp.einsum("bij,bjk->bik", x, x), (
        jnp.ones((2, 3, 3)),)
    yield "dot_outer", lambda x: lax.dot_general(
        x, x, (((), ()), ((), ()))), (X,)
    yield "dot_mixed", lambda x: lax.dot_general(
        x, x, (((1,), (1,)), ((), ())), ("highest", "default"), jnp.float32), (X.astype(jnp.bfloat16),)
    yield "dot_algorithm", lambda x: lax.dot_general(
        x, x, (((1,), (1,)), ((), ())),
        lax.DotAlgorithmPreset.BF16_BF16_F32_X3), (X,)
    yield "ragged_dot", jax.lax.ragged_dot, (
        jnp.ones((6, 4)), jnp.ones((2, 4, 5)), jnp.array([2, 4], jnp.int32))
    yield "convolution", functools.partial(
        lax.conv_general_dilated, window_strides=(1, 2), padding="SAME",
        **NHWC), (IMAGE, KERNEL)
    yield "convolution_gradient", jax.grad(
        lambda a, b: lax.conv_general_dilated(
            a, b, (2, 2), "SAME", rhs_dilation=(1, 2), **NHWC).sum(),
        (0, 1)), (IMAGE, KERNEL)
    yield "convolution_transpose", lambda a, b: lax.conv_transpose(
        a, b, (2, 2), "SAME", precision="highest", **NHWC), (IMAGE, KERNEL)
    yield "convolution_groups", lambda a, b: lax.conv_general_dilated(
        a, b, (1,), [(1, 1)], dimension_numbers=("NWC", "WIO", "NWC"),
        feature_group_count=3), (jnp.ones((1, 8, 3)), jnp.ones((3, 1, 6)))
    for name in ("svd", "qr"):
        yield f"linalg_{name}", getattr(jnp.linalg, name), (X,)
    yield "linalg_eigh", lambda x: jnp.linalg.eigh(x @ x.T), (X,)
    yield "linalg_solve", lambda x: jnp.linalg.solve(x @ x.T, x), (X,)
    yield "cholesky", lambda x: lax.linalg.cholesky(x @ x.T), (X,)
    yield "fft", lambda x: (
        jnp.fft.rfft(x), jnp.fft.fft2(x), jnp.fft.irfft(jnp.fft.rfft(x))), (X,)


def _control():
    yield "while", lambda x: lax.while_loop(
        lambda c: c[0] < 3, lambda c: (c[0] + 1, c[1] * 2), (0, x)), (X,)
    yield "scan", lambda x: lax.scan(
        lambda c, y: (c + y, c * y), x[0], x), (X,)
    yield "cond", lambda x: lax.cond(x[0, 0] > 0, jnp.sin, jnp.cos, x), (X,)
    yield "switch", lambda i, x: lax.switch(
        i, [jnp.sin, jnp.cos, jnp.tan], x), (1, X)
    yield "remat", jax.grad(
        jax.checkpoint(lambda x: jnp.sin(jnp.sin(x)).sum())), (X,)
    yield "barrier", lambda x: lax.optimization_barrier((x, -x)), (X,)
    yield "call", lambda x: jax.jit(lambda y: y + 1)(x) * 2, (X,)
    yield "composite", lambda x: lax.composite(
        lambda x, *, k: x * k, "my.op", version=1)(x, k=2), (X,)
    yield "debug_print", lambda x: (jax.debug.print("{}", x), x)[1], (X,)
    yield "pure_callback", lambda x: jax.pure_callback(
        np.sin, jax.ShapeDtypeStruct(x.shape, x.dtype), x), (X,)
    yield "ordered_callback", lambda x: jax.experimental.io_callback(
        lambda x: np.float32(0), jax.ShapeDtypeStruct((), np.float32), x,
        ordered=True), (X,)


def _random():
    yield "threefry", lambda key: jax.random.normal(key, (3,)), (
        jax.random.key(0),)
    yield "rbg", lambda key: jax.random.uniform(key, (3,)), (
        jax.random.key(0, impl="rbg"),)
    yield "rng_uniform", lambda a: lax.rng_uniform(0.0, a, (3,)), (1.0,)


def modules():
    """The functions of the groups above, by name, that give a module's text."""
    texts = {}
    for group in (_elementwise, _shapes, _indexing, _reductions, _contractions,
                  _control, _random):
        for name, function, arguments in group():
            texts[name] = lambda function=function, arguments=arguments: (
                jax.jit(function).lower(*arguments).as_text())
    return texts
