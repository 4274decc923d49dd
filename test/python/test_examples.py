"""A batch of examples is no sequence: tokens that are examples are scored alone."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import cegm.jax
from comparison import assert_close, assert_identical, relative_errors, rounded

BATCH = 24


def normal(seed, *shape):
    return jnp.asarray(np.random.default_rng(seed).standard_normal(shape), jnp.float32)


def make_step(model, loss):
    def step(params, x, y):
        def of(params):
            return loss(model.apply(params, x), y)

        value, grads = jax.value_and_grad(of)(params)
        return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads), value

    return step


def squares(outputs, y):
    return jnp.mean((outputs - y) ** 2)


class Perceptron(nn.Module):
    @nn.compact
    def __call__(self, x):
        return nn.Dense(3)(nn.tanh(nn.Dense(7)(nn.tanh(nn.Dense(5)(x)))))


class VisionTransformer(nn.Module):
    """Patches are a sequence, and what is pooled of them is not."""

    @nn.compact
    def __call__(self, images):
        x = nn.Conv(8, (4, 4), (4, 4))(images)
        x = x.reshape(x.shape[0], -1, 8)
        x = x + nn.MultiHeadDotProductAttention(2)(nn.LayerNorm()(x))
        x = x + nn.Dense(8)(nn.gelu(nn.Dense(11)(nn.LayerNorm()(x))))
        return nn.Dense(3, name="head")(x.mean(axis=1))


class Recommender(nn.Module):
    """One id an example."""

    @nn.compact
    def __call__(self, ids):
        return nn.Dense(3)(nn.tanh(nn.Embed(13, 6)(ids)))


def make(name):
    """`(model, x)`."""
    if name == "perceptron":
        return Perceptron(), normal(1, BATCH, 4)
    if name == "vision":
        return VisionTransformer(), normal(1, BATCH, 20, 12, 2)
    return Recommender(), jnp.asarray(np.random.default_rng(1).integers(0, 13, BATCH))


@pytest.fixture(params=["perceptron", "vision", "recommender"])
def case(request):
    """`(step, arguments)`."""
    model, x = make(request.param)
    params = model.init(jax.random.key(0), x)
    return make_step(model, squares), (params, x, normal(2, BATCH, 3))


def test_the_order_of_examples_does_not_matter(case):
    step, (params, x, y) = case
    entangled = cegm.jax.entangle(step, strength=0.5, windows=(1, 4))
    order = np.random.default_rng(3).permutation(BATCH)
    got, wanted = entangled(params, x[order], y[order]), entangled(params, x, y)
    assert_close(got, wanted, 1e-5, nearby=entangled(rounded(params), x, y))
    # The weights are there.
    plain, _ = jax.jit(step)(params, x, y)
    assert max(relative_errors(plain, wanted[0]).values()) > 1e-4


def test_the_report_says_which_tokens_are_examples(case):
    step, arguments = case
    records = cegm.jax.entangle(step).explain(*arguments)
    sites = [record for record in records if record.is_site]
    for site in sites:
        assert (site.sequence_dim is None) == (site.token_shape == (BATCH,)), site
    assert any(site.sequence_dim is None for site in sites)


def test_a_length_makes_the_batch_a_sequence():
    model, x = make("perceptron")
    params = model.init(jax.random.key(0), x)
    step, y = make_step(model, squares), normal(2, BATCH, 3)
    alone = cegm.jax.entangle(step, windows=(1, 4))(params, x, y)
    assert_identical(alone, cegm.jax.entangle(step, windows=(1,))(params, x, y))
    entangled = cegm.jax.entangle(step, windows=(1, 4), sequence_length=BATCH)
    assert max(relative_errors(entangled(params, x, y), alone).values()) > 1e-4
    assert all(
        record.sequence_dim == 0
        for record in entangled.explain(params, x, y)
        if record.is_site
    )


def sequence_dims(step, *arguments):
    records = cegm.jax.entangle(step).explain(*arguments)
    return [record.sequence_dim for record in records if record.is_site]


def make_accumulating(kind):
    """Gradients of micro-batches of 6 examples, added up."""
    model = Perceptron()

    def gradients(params, x, y):
        return jax.grad(lambda p: squares(model.apply(p, x), y))(params)

    def accumulating(params, x, y):
        if kind == "slices":
            parts = [(x[i : i + 6], y[i : i + 6]) for i in range(0, BATCH, 6)]
            total = jax.tree.map(
                lambda *g: sum(g), *(gradients(params, *p) for p in parts)
            )
        else:
            if kind == "reshaped":
                x, y = x.reshape(4, 6, 4), y.reshape(4, 6, 3)
            total, _ = jax.lax.scan(
                lambda sum, part: (jax.tree.map(jnp.add, sum, gradients(params, *part)), 0),
                jax.tree.map(jnp.zeros_like, params),
                (x, y),
            )
        return jax.tree.map(lambda p, g: p - 0.1 * g, params, total)

    return model, accumulating


@pytest.mark.parametrize("kind", ["slices", "reshaped", "stacked"])
def test_micro_batches_are_examples(kind):
    model, step = make_accumulating(kind)
    x, y = normal(1, BATCH, 4), normal(2, BATCH, 3)
    params = model.init(jax.random.key(0), x)
    if kind == "stacked":
        x, y = x.reshape(4, 6, 4), y.reshape(4, 6, 3)
    dims = sequence_dims(step, params, x, y)
    assert dims and set(dims) == {None}


def test_examples_of_any_number():
    model, x = make("perceptron")
    params = model.init(jax.random.key(0), x)
    step = make_step(model, squares)
    (size,) = jax.export.symbolic_shape("b")
    arguments = (
        params,
        jax.ShapeDtypeStruct((size, 4), jnp.float32),
        jax.ShapeDtypeStruct((size, 3), jnp.float32),
    )
    exported = jax.export.export(jax.jit(step))(*arguments)
    assert {
        record.sequence_dim
        for record in cegm.explain(exported.mlir_module())
        if record.is_site
    } == {None}
    injected = cegm.jax.entangle_exported(exported, windows=(1, 4))
    y = normal(2, BATCH, 3)
    wanted = cegm.jax.entangle(step, windows=(1,))(params, x, y)
    assert_close(injected.call(params, x, y), wanted, 1e-6)


@pytest.mark.parametrize("shape", [(3, 8), (8, 3)])
def test_sequences_stay_sequences(shape):
    """Batch and sequence apart, in each order; and flattened for the loss."""

    class Language(nn.Module):
        @nn.compact
        def __call__(self, ids):
            x = nn.Embed(13, 6)(ids)
            x = x.reshape(-1, 6)
            return nn.Dense(3)(nn.tanh(nn.Dense(5)(x)))

    model = Language()
    ids = jnp.asarray(np.random.default_rng(1).integers(0, 13, shape))
    params = model.init(jax.random.key(0), ids)
    step = make_step(model, squares)
    assert sequence_dims(step, params, ids, normal(2, 24, 3)) == [1, 1, 1]
