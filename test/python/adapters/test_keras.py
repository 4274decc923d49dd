"""`cegm.keras`: `fit` and its habits, beside the same model without entanglement."""

import functools

import keras
import numpy as np
import pytest

import cegm
import cegm.jax
import cegm.keras
from training import BATCH, LENGTH, OUT, WIDTH, data, distance

X, Y = (np.concatenate([np.asarray(data(seed)[i]) for seed in range(4)]) for i in (0, 1))


def make(entanglement=None, model=keras.Model, **options):
    keras.utils.set_random_seed(0)
    x = inputs = keras.Input((LENGTH, WIDTH))
    x = keras.layers.Dense(8, activation="tanh", name="hid")(x)
    x = keras.layers.BatchNormalization(name="norm")(x)
    x = keras.layers.Dropout(0.1)(x)
    result = model(inputs, keras.layers.Dense(OUT, name="out")(x))
    optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
    result.compile(optimizer=optimizer, loss="mse", metrics=["mae"], **options)
    if entanglement is not None:
        assert cegm.keras.entangle(result, **entanglement) is result
    return result


def fit(model, epochs=2, **options):
    options = {"validation_data": (X, Y), "verbose": 0, **options}
    return model.fit(X, Y, batch_size=BATCH, epochs=epochs, shuffle=False, **options).history


@functools.cache
def plain():
    model = make()
    return model, fit(model)


def test_strength_zero_is_plain():
    model = make({"strength": 0.0})
    history = fit(model)
    wanted, wanted_history = plain()
    assert history.keys() == wanted_history.keys()
    assert distance(history, wanted_history) < 1e-5
    assert distance(model.get_weights(), wanted.get_weights()) < 1e-5


@functools.cache
def entangled_for_an_epoch():
    model = make({"strength": 0.3})
    fit(model, epochs=1)
    return model.get_weights()


class Logs(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.seen = []

    def on_train_batch_end(self, batch, logs=None):
        entanglement = self.model.entanglement
        self.seen.append((set(logs), float(entanglement.metrics["hid/kernel"]["mean"][0])))


def test_fit_with_audit_callbacks_and_validation():
    model, callback = make({"strength": 0.3, "audit": True}), Logs()
    history = fit(model, callbacks=[callback])
    _, wanted = plain()
    assert history.keys() == wanted.keys()
    assert history["loss"][0] != wanted["loss"][0] and history["loss"][1] < history["loss"][0]
    assert distance(model.get_weights(), plain()[0].get_weights()) > 1e-3
    metrics = model.entanglement.metrics
    assert sorted(metrics) == ["hid/kernel", "out/kernel"]
    assert int(metrics["out/kernel"]["active"][0]) == BATCH * LENGTH
    # New metrics for every batch, and nothing of them in the logs.
    assert len(callback.seen) == 8 and len({mean for _, mean in callback.seen}) == 8
    assert all(names == {"loss", "mae"} for names, _ in callback.seen)
    # A second fit goes on, from what is compiled already.
    step = model.train_function
    assert fit(model)["loss"][0] < history["loss"][0]
    assert model.train_function is step
    assert set(model.evaluate(X, Y, verbose=0, return_dict=True)) == {"loss", "mae"}


def test_names_in_options_and_reports():
    model = make({"audit": True, "exclude": ["out.kernel"]})
    with pytest.raises(RuntimeError, match="has not been trained yet"):
        model.entanglement.explain()
    logs = model.train_on_batch(X, Y, return_dict=True)
    assert set(logs) == {"loss", "mae"}
    assert list(model.entanglement.metrics) == ["hid/kernel"]
    records = {r.parameter: (r.status, r.code) for r in model.entanglement.explain()}
    assert records == {
        "hid/kernel": ("site", None),
        "out/kernel": ("skipped", "excluded"),
        **{f"{name}": ("skipped", "no-contraction")
           for name in ("hid/bias", "norm/gamma", "norm/beta", "out/bias")},
    }
    assert {v.path for v in model.trainable_variables} == set(records)


def test_several_steps_an_execution():
    model = make({"strength": 0.3, "audit": True}, steps_per_execution=2)
    fit(model, epochs=1)
    assert distance(model.get_weights(), entangled_for_an_epoch()) < 1e-5
    assert model.entanglement.metrics


def test_without_compilation_by_keras():
    model = make({"strength": 0.3}, jit_compile=False)
    fit(model, epochs=1)
    assert distance(model.get_weights(), entangled_for_an_epoch()) < 1e-5
    eager = make({}, run_eagerly=True)
    with pytest.raises(ValueError, match="run_eagerly=False, or .*remove"):
        fit(eager)
    eager.entanglement.remove()
    fit(eager, epochs=1)


def test_compiled_anew():
    """Nothing of the step for the first loss is kept for the second."""
    model = make({"strength": 0.0})
    reference = make()
    for each in (model, reference):
        fit(each, epochs=1)
        each.compile(optimizer=keras.optimizers.SGD(0.01), loss="mae")
        fit(each, epochs=1)
        each.get_layer("out").trainable = False
        each.compile(optimizer=keras.optimizers.SGD(0.01), loss="mse")
        fit(each, epochs=1)
    assert distance(model.get_weights(), reference.get_weights()) < 1e-5


class Scaled(keras.Model):
    """A `train_step` of the model's own, on top of that of Keras."""

    def train_step(self, state, batch):
        x, y = batch
        logs, state = super().train_step(state, (x, 2 * y))
        return {**logs, "mine": logs["loss"] * 0 + 7}, state


def test_a_train_step_of_the_model():
    model, reference = make({"strength": 0.0}, Scaled), make(None, Scaled)
    histories = fit(model, epochs=1), fit(reference, epochs=1)
    assert histories[0]["mine"] == [7]
    assert distance(*histories) < 1e-5
    assert distance(model.get_weights(), reference.get_weights()) < 1e-5


def test_save_and_load(tmp_path):
    model = make({"strength": 0.3, "audit": True})
    fit(model, epochs=1)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert distance(loaded.get_weights(), model.get_weights()) == 0
    assert getattr(loaded, "entanglement", None) is None
    cegm.keras.entangle(loaded, strength=0.3)
    for each in (model, loaded):
        keras.utils.set_random_seed(1)
    model.save_weights(tmp_path / "model.weights.h5")
    fit(loaded, epochs=1)
    loaded.load_weights(tmp_path / "model.weights.h5")
    assert distance(loaded.get_weights(), model.get_weights()) == 0


def test_removal_gives_the_model_back():
    model = make({"strength": 0.3, "audit": True})
    model.entanglement.remove()
    assert model.entanglement is None
    assert not {"train_step", "make_train_function"} & set(vars(model))
    assert distance(fit(model), plain()[1]) < 1e-6
    assert distance(model.get_weights(), plain()[0].get_weights()) < 1e-6
    cegm.keras.entangle(model)


def test_a_strength_by_the_number_of_steps():
    model = make({"strength": lambda step: 0.3 * (step >= 1), "audit": True})
    extremes = []
    for _ in range(2):
        model.train_on_batch(X, Y)
        extremes.append(float(model.entanglement.metrics["hid/kernel"]["weight_maximum"][0]))
    assert extremes[0] == 1 and extremes[1] > 1.01


def test_a_generator_and_a_model_that_is_built_late():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.layers.Dense(8, activation="tanh"), keras.layers.Dense(OUT)])
    cegm.keras.entangle(model, audit=True)
    model.compile(optimizer="adam", loss="mse")

    def batches():
        while True:
            yield X[:BATCH], Y[:BATCH]

    model.fit(batches(), steps_per_epoch=2, verbose=0)
    names = [v.path for v in model.trainable_variables if v.path.endswith("kernel")]
    assert sorted(model.entanglement.metrics) == sorted(names)


def test_two_variables_of_one_name():
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Dense(WIDTH, name="same") for _ in range(2)]

    class Twice(keras.Model):
        def __init__(self):
            super().__init__()
            self.one, self.two = layers

        def call(self, x):
            return self.two(keras.ops.tanh(self.one(x)))[..., :OUT]

    model = cegm.keras.entangle(Twice(), audit=True)
    model.compile(optimizer="sgd", loss="mse")
    model.fit(X, Y, verbose=0)
    (path,) = {v.path for v in model.trainable_variables if v.path.endswith("kernel")}
    assert sorted(model.entanglement.metrics) == [f"{path}[0]", f"{path}[1]"]


def test_what_is_refused():
    model = make()
    with pytest.raises(cegm.OptionError, match="did you mean 'temperature'"):
        cegm.keras.entangle(model, temperatur=1)
    for name in ("strength_arg", "donate_argnums", "static_argnums"):
        with pytest.raises(cegm.OptionError, match=f"cegm.keras.entangle: {name}: "):
            cegm.keras.entangle(model, **{name: 1})
    with pytest.raises(TypeError, match="expected a Keras model, got function"):
        cegm.keras.entangle(make)
    # None of these left something behind.
    assert not {"train_step", "make_train_function"} & set(vars(model))
    cegm.keras.entangle(model)
    with pytest.raises(ValueError, match="entangled already; model.entanglement.remove"):
        cegm.keras.entangle(model)
    with pytest.raises(TypeError, match="use cegm.keras.entangle"):
        cegm.jax.entangle(make())
