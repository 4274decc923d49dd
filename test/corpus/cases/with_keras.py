"""Keras 3 on JAX: layers and optimizers by their stateless calls."""

import os

# Before the import: the backend cannot be chosen later.
os.environ["KERAS_BACKEND"] = "jax"

from collections.abc import Callable  # noqa: E402

import jax  # noqa: E402
import keras  # noqa: E402
from keras import layers  # noqa: E402

from corpus.case import JaxStep, case  # noqa: E402
from corpus.cases.blocks import B, C, D, F, S, V, cross_entropy, f32, i32  # noqa: E402

LIBRARY = "keras"


def stateless_step(body: Callable, make_optimizer: Callable, inputs, labels) -> JaxStep:
    """`step(params, rest, state, inputs, labels)`, each a dict by the variable's path.

    `body` maps a symbolic input to logits. `rest` holds what the model changes without
    a gradient: statistics, seeds.
    """
    model, optimizer = _traced(body, make_optimizer, inputs)

    def shapes(variables):
        return {v.path: jax.ShapeDtypeStruct(v.shape, v.dtype) for v in variables}

    def values(variables, by_path):
        return [by_path[v.path] for v in variables]

    def by_path(variables, values):
        return {v.path: value for v, value in zip(variables, values, strict=True)}

    trained, other = model.trainable_variables, model.non_trainable_variables

    def forward(params, rest, inputs, labels):
        logits, rest = model.stateless_call(
            values(trained, params), values(other, rest), inputs, training=True
        )
        return cross_entropy(logits, labels), by_path(other, rest)

    def loss(params, rest, state, inputs, labels):
        return forward(params, rest, inputs, labels)[0]

    def step(params, rest, state, inputs, labels):
        grad = jax.value_and_grad(forward, has_aux=True)
        (value, rest), gradients = grad(params, rest, inputs, labels)
        new, state = optimizer.stateless_apply(
            values(optimizer.variables, state),
            values(trained, gradients),
            values(trained, params),
        )
        return by_path(trained, new), rest, by_path(optimizer.variables, state), value

    variables = trained, other, optimizer.variables
    arguments = *map(shapes, variables), inputs, labels
    return JaxStep(step, arguments, loss, batch=(3, 4))


def _traced(body: Callable, make_optimizer: Callable, inputs):
    """The model and its optimizer, their variables without values: only shapes count."""
    made = []

    def build():
        keras.backend.clear_session()
        symbol = keras.Input(inputs.shape[1:], dtype=inputs.dtype.name)
        model, optimizer = keras.Model(symbol, body(symbol)), make_optimizer()
        optimizer.build(model.trainable_variables)
        made.append((model, optimizer))

    jax.eval_shape(build)
    return made[0]


def attention_block(x):
    y = layers.LayerNormalization()(x)
    y = layers.MultiHeadAttention(num_heads=2, key_dim=6)(y, y, use_causal_mask=True)
    x = layers.add([x, layers.Dropout(0.1)(y)])
    y = layers.Dense(F, activation="gelu")(layers.LayerNormalization()(x))
    return layers.add([x, layers.Dense(D)(y)])


@case(LIBRARY, "transformer of Keras layers with dropout, AdamW")
def keras_transformer():
    def body(tokens):
        x = layers.Embedding(V, D)(tokens)
        return layers.Dense(V)(attention_block(attention_block(x)))

    return stateless_step(body, lambda: keras.optimizers.AdamW(1e-3), i32(B, S), i32(B, S))


@case(LIBRARY, "einsum layers, a layer called twice, SGD with momentum, an EMA")
def keras_einsum_shared():
    def body(x):
        shared = layers.EinsumDense("bsd,df->bsf", (None, D), activation="tanh")
        return layers.Dense(C)(shared(shared(x)))

    optimizer = lambda: keras.optimizers.SGD(0.1, momentum=0.9, use_ema=True)  # noqa: E731
    return stateless_step(body, optimizer, f32(B, S, D), i32(B, S))


@case(LIBRARY, "convolutions with batch norm, pooling, dense head, Lion")
def keras_convolution():
    def body(x):
        x = layers.Conv2D(D, 3, strides=2, use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.SeparableConv2D(F, 3)(x)
        return layers.Dense(C)(layers.GlobalAveragePooling2D()(x))

    images = f32(B, 14, 10, 3)
    return stateless_step(body, lambda: keras.optimizers.Lion(1e-3), images, i32(B))


@case(LIBRARY, "LSTM over an embedding, Adam")
def keras_lstm():
    def body(tokens):
        x = layers.LSTM(F, return_sequences=True)(layers.Embedding(V, D)(tokens))
        return layers.Dense(V)(x)

    return stateless_step(body, lambda: keras.optimizers.Adam(1e-3), i32(B, S), i32(B, S))
