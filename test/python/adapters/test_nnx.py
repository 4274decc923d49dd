"""`cegm.nnx`: steps as users of Flax NNX write them, beside `nnx.jit`."""

import functools

import jax.numpy as jnp
import optax
import pytest
from flax import nnx

import cegm
import cegm.nnx
from training import BATCH, LENGTH, OUT, WIDTH, data, distance

X, Y = data()


class Model(nnx.Module):
    """Layers in a list, batch statistics, dropout, one layer used under two names."""

    def __init__(self, rngs: nnx.Rngs):
        self.first = nnx.Linear(WIDTH, 8, rngs=rngs)
        self.layers = nnx.List([nnx.Linear(8, 8, rngs=rngs) for _ in range(2)])
        self.again = self.layers[0]
        self.norm = nnx.BatchNorm(8, rngs=rngs)
        self.dropout = nnx.Dropout(0.25, rngs=rngs)
        self.out = nnx.Linear(8, OUT, rngs=rngs)

    def __call__(self, x):
        x = jnp.tanh(self.first(x))
        for layer in (*self.layers, self.again):
            x = x + jnp.tanh(layer(x))
        return self.out(self.dropout(self.norm(x)))


def loss_fn(model, x, y):
    prediction = model(x)
    return jnp.mean((prediction - y) ** 2), prediction


def train_step(model, optimizer, metrics, x, y):
    grad_fn = nnx.value_and_grad(loss_fn, has_aux=True)
    (loss, prediction), grads = grad_fn(model, x, y)
    metrics.update(loss=loss, size=jnp.abs(prediction))
    optimizer.update(model, grads)
    return loss


def start():
    model = Model(nnx.Rngs(0))
    optimizer = nnx.Optimizer(model, optax.sgd(0.1, momentum=0.9), wrt=nnx.Param)
    metrics = nnx.MultiMetric(
        loss=nnx.metrics.Average("loss"), size=nnx.metrics.Average("size")
    )
    return model, optimizer, metrics


def everything(objects):
    """All variables but the keys of random numbers, which are no floats."""
    return nnx.to_pure_dict(nnx.state(list(objects), (nnx.Param, nnx.BatchStat,
                                                      nnx.OptState, nnx.metrics.MetricState)))


def trained(step, steps=3, **strength):
    objects = start()
    losses = [float(step(*objects, X, Y, **strength)) for _ in range(steps)]
    return objects, losses


@functools.cache
def plain():
    return trained(nnx.jit(train_step))


@functools.cache
def entangled():
    """A step whose strength comes with each call."""
    return cegm.nnx.entangle(train_step, strength_arg=True)


def test_strength_zero_is_nnx_jit():
    objects, losses = trained(entangled(), strength=0.0)
    wanted, wanted_losses = plain()
    assert distance(everything(objects), everything(wanted)) < 1e-5
    assert distance(losses, wanted_losses) < 1e-5
    # Random numbers were drawn as often.
    counts = [m.dropout.rngs.count.get_value() for m in (objects[0], wanted[0])]
    assert counts[0] == counts[1] == 3


def test_entanglement_trains_in_place_and_otherwise():
    objects, losses = trained(entangled(), strength=0.3)
    wanted, wanted_losses = plain()
    assert losses[0] == pytest.approx(wanted_losses[0])
    assert losses[-1] < losses[0]
    assert distance(everything(objects), everything(wanted)) > 1e-3
    model, optimizer, metrics = objects
    assert optimizer.step.get_value() == 3
    assert float(metrics.compute()["loss"]) == pytest.approx(sum(losses) / 3, rel=1e-5)
    assert model.again is model.layers[0]


def test_names_and_audit():
    entries = ["again", "layers[1]", "model/out/kernel"]
    step = cegm.nnx.entangle(train_step, audit=True, include=entries)
    objects = start()
    loss, metrics = step(*objects, X, Y)
    # What is shared has the first of its names.
    names = ["model.again.kernel", "model.layers[1].kernel", "model.out.kernel"]
    assert sorted(metrics) == names
    assert metrics["model.again.kernel"]["mean"].shape == (2,)
    assert int(metrics["model.out.kernel"]["active"][0]) == BATCH * LENGTH
    before = everything(objects)
    records = {r.parameter: r for r in step.explain(*objects, X, Y)}
    assert records["model.first.kernel"].code == "not-included"
    assert records["model.layers[1].kernel"].is_site
    # A report changes nothing.
    assert distance(everything(objects), before) == 0


def test_modes_of_the_model_are_static():
    """Without batch statistics and dropout the loss is another one."""
    traces = []

    @cegm.nnx.entangle(strength=0.1)
    def step(model, optimizer, metrics, x, y):
        traces.append(model.dropout.deterministic)
        return train_step(model, optimizer, metrics, x, y)

    objects = start()
    step(*objects, X, Y)
    mean = objects[0].norm.mean.get_value()
    objects[0].eval()
    step(*objects, X, Y)
    assert distance(objects[0].norm.mean.get_value(), mean) == 0
    objects[0].train()
    step(*objects, X, Y)
    assert distance(objects[0].norm.mean.get_value(), mean) > 0
    assert set(traces) == {True, False}
    count = len(traces)
    step(*objects, X, Y)
    assert len(traces) == count, "no further compilation"


def test_static_and_donated_arguments_and_keywords():
    @cegm.nnx.entangle(static_argnames="scale", donate_argnames=("model", "optimizer"))
    def step(model, optimizer, x, y, *, scale, rate=1.0):
        assert isinstance(scale, int)
        loss, grads = nnx.value_and_grad(
            lambda m: rate * scale * jnp.mean((m(x) - y) ** 2)
        )(model)
        optimizer.update(model, grads)
        return loss

    model = nnx.Linear(WIDTH, OUT, rngs=nnx.Rngs(0))
    optimizer = nnx.Optimizer(model, optax.sgd(0.01), wrt=nnx.Param)
    kernel = model.kernel.get_value()
    one = step(model, optimizer, X, Y, scale=1, rate=0.0)
    assert kernel.is_deleted(), "donated"
    two = step(model, optimizer, X, y=Y, scale=2, rate=2.0)
    three = step(model, optimizer, X, y=Y, scale=2, rate=1.0)
    assert float(one) == 0 and float(three) < float(two)


def test_returned_objects_keep_their_identity():
    """A model that is returned is the caller's; a new one is new."""
    def step(model, optimizer, x, y):
        loss, grads = nnx.value_and_grad(lambda m: jnp.mean((m(x) - y) ** 2))(model)
        optimizer.update(model, grads)
        return model, {"loss": loss, "copy": nnx.clone(model)}

    def first():
        model = nnx.Linear(WIDTH, OUT, rngs=nnx.Rngs(0))
        return model, nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)

    model, optimizer = first()
    returned, others = cegm.nnx.entangle(step, strength=0.0)(model, optimizer, X, Y)
    assert returned is model and others["copy"] is not model
    other, other_optimizer = first()
    nnx.jit(step)(other, other_optimizer, X, Y)
    assert distance(model.kernel.get_value(), other.kernel.get_value()) < 1e-5
    assert distance(others["copy"].kernel.get_value(), other.kernel.get_value()) < 1e-5


def test_variables_that_the_step_adds():
    class Counting(nnx.Module):
        def __init__(self, rngs):
            self.linear = nnx.Linear(WIDTH, OUT, rngs=rngs)

        def __call__(self, x):
            y = self.linear(x)
            self.sow(nnx.Intermediate, "output", y)
            return y

    model = Counting(nnx.Rngs(0))
    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)

    @cegm.nnx.entangle
    def step(model, optimizer, x, y):
        grads = nnx.grad(lambda m: jnp.mean((m(x) - y) ** 2))(model)
        optimizer.update(model, grads)
        model(x)

    before = model.linear(X)
    assert step(model, optimizer, X, Y) is None
    output = model.output.get_value()[-1]
    assert distance(output, model.linear(X)) < 1e-5
    assert distance(output, before) > 1e-3


def test_a_strength_that_depends_on_the_optimizer():
    step = cegm.nnx.entangle(
        train_step,
        strength=lambda model, optimizer, *_: 0.3 * (optimizer.step[...] >= 1),
        audit=True,
    )
    objects = start()
    extremes = []
    for _ in range(2):
        _, metrics = step(*objects, X, Y)
        extremes.append(float(metrics["model.out.kernel"]["weight_maximum"][0]))
    assert extremes[0] == 1 and extremes[1] > 1.01


def test_scanned_layers():
    """A stack of layers, as `nnx.vmap` and `nnx.scan` build and use it."""
    class Stack(nnx.Module):
        def __init__(self, rngs):
            @nnx.split_rngs(splits=3)
            @nnx.vmap(in_axes=(0,), out_axes=0)
            def make(rngs):
                return nnx.Linear(WIDTH, WIDTH, rngs=rngs)

            self.layers = make(rngs)

        def __call__(self, x):
            @nnx.scan(in_axes=(0, nnx.Carry), out_axes=nnx.Carry)
            def forward(layer, x):
                return x + jnp.tanh(layer(x))

            return forward(self.layers, x)[..., :OUT]

    model = Stack(nnx.Rngs(0))
    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)

    @cegm.nnx.entangle(audit=True)
    def step(model, optimizer, x, y):
        grads = nnx.grad(lambda m: jnp.mean((m(x) - y) ** 2))(model)
        optimizer.update(model, grads)

    _, metrics = step(model, optimizer, X, Y)
    assert {k: v["mean"].shape for k, v in metrics.items()} == {"model.layers.kernel": (3,)}


def test_an_evaluation_function():
    model = nnx.Linear(WIDTH, OUT, rngs=nnx.Rngs(0))
    with pytest.raises(cegm.CegmError, match="changes no parameter.*leave it under nnx.jit"):
        cegm.nnx.entangle(lambda model, x: model(x).sum())(model, X)


def test_shardings_are_refused():
    with pytest.raises(TypeError, match="in_shardings is not supported"):
        cegm.nnx.entangle(train_step, in_shardings=None)
    with pytest.raises(cegm.OptionError, match="did you mean 'strength'"):
        cegm.nnx.entangle(strenght=0.1)(train_step)
