"""Models: each registers its weights with a `Net` and returns inputs and a forward pass.

A forward pass takes a dict of weights and the inputs, with or without the dimension of
the batch in front, and returns its output with the activations on the way.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from corpus.composer.net import Net, f32, i32, normalize

Forward = Callable[..., tuple[jax.Array, list[jax.Array]]]
Form = Callable[[Net], tuple[tuple[jax.ShapeDtypeStruct, ...], Forward]]
MODELS: dict[str, Form] = {}

# Those whose forward pass needs the dimension of the batch.
NEED_BATCH = {"convolution", "patches"}
LAYERS = 2


def model(function: Form) -> Form:
    MODELS[function.__name__] = function
    return function


def vectors(net: Net) -> tuple[jax.ShapeDtypeStruct, ...]:
    return (f32(*net.sizes.lead, net.sizes.width),)


def sequences(net: Net) -> tuple[jax.ShapeDtypeStruct, ...]:
    return (f32(net.sizes.batch, net.sizes.length, net.sizes.width),)


def ids(net: Net) -> tuple[jax.ShapeDtypeStruct, ...]:
    return (i32(net.sizes.batch, net.sizes.length),)


@model
def mlp(net):
    s = net.sizes
    widths = [s.width, *[s.hidden] * (net.depth - 1), s.out]
    layers = [
        net.linear(f"w{i}", inner, outer)
        for i, (inner, outer) in enumerate(zip(widths, widths[1:]))
    ]

    def forward(p, x):
        seen = []
        for layer in layers[:-1]:
            x = net.act(layer(p, x))
            seen.append(x)
        return layers[-1](p, x), seen

    return vectors(net), forward


@model
def gated(net):
    s = net.sizes
    gate, up = net.linear("gate", s.width, s.hidden), net.linear("up", s.width, s.hidden)
    down = net.linear("down", s.hidden, s.out)

    def forward(p, x):
        h = net.act(gate(p, x)) * up(p, x)
        return down(p, h), [h]

    return vectors(net), forward


@model
def branches(net):
    """Equal weights on one input, whose outputs are combined in several ways."""
    s = net.sizes
    first = [net.linear(name, s.width, s.hidden) for name in "abcd"[: net.depth + 1]]
    out = net.linear("out", s.hidden, s.out)

    def forward(p, x):
        parts = [net.act(layer(p, x)) for layer in first]
        h = parts[0] - sum(parts[1:])
        return out(p, h), parts

    return vectors(net), forward


@model
def experts(net):
    """Soft experts by einsum, with the expert as a dimension of their weights."""
    s, count = net.sizes, 3
    net.table("router", s.width, count)
    net.table("up", count, s.width, s.hidden)
    net.table("down", count, s.hidden, s.out)

    def forward(p, x):
        gates = jax.nn.softmax(x @ p["router"])
        h = net.act(jnp.einsum("...d,edf->...ef", x, p["up"]))
        y = jnp.einsum("...ef,efo->...eo", h, p["down"])
        return jnp.einsum("...eo,...e->...o", y, gates), [h]

    return vectors(net), forward


@model
def dispatched(net):
    """Experts with places for tokens: a product with a dimension of experts in both."""
    s, count = net.sizes, 3
    net.table("router", s.width, count)
    net.table("up", count, s.width, s.hidden)
    net.table("down", count, s.hidden, s.out)

    def forward(p, x):
        rows = x.reshape(-1, s.width)
        gates = jax.nn.softmax(rows @ p["router"])
        chosen = jax.nn.one_hot(jnp.argmax(gates, -1), count)
        place = (jnp.cumsum(chosen, 0) * chosen - 1).astype(jnp.int32)
        sent = chosen[..., None] * jax.nn.one_hot(place, len(rows))
        h = net.act(jnp.einsum("ecd,edf->ecf", jnp.einsum("td,tec->ecd", rows, sent), p["up"]))
        y = jnp.einsum("ecf,efo->eco", h, p["down"])
        y = jnp.einsum("eco,tec->to", y, sent * gates[..., None])
        return y.reshape(*x.shape[:-1], s.out), [h]

    return vectors(net), forward


@model
def adapters(net):
    """A frozen trunk with low-rank adapters as products of their own."""
    s = net.sizes
    first = net.linear("first", s.width, s.hidden, False)
    head = net.linear("head", s.hidden, s.out, False)
    net.frozen |= {"first", "head"}
    net.table("a", s.width, 2)
    net.table("b", 2, s.hidden)

    def forward(p, x):
        h = net.act(first(p, x) + 0.5 * (x @ p["a"] @ p["b"]))
        return head(p, h), [h]

    return vectors(net), forward


@model
def merged(net):
    """Low-rank adapters that are added to the frozen weight before the product."""
    s = net.sizes
    net.table("base", s.width, s.hidden)
    net.table("a", s.width, 2)
    net.table("b", 2, s.hidden)
    net.frozen.add("base")
    head = net.linear("head", s.hidden, s.out)

    def forward(p, x):
        h = net.act(x @ (p["base"] + 0.5 * p["a"] @ p["b"]))
        return head(p, h), [h]

    return vectors(net), forward


@model
def probe(net):
    """A frozen trunk and a head."""
    s = net.sizes
    first = net.linear("first", s.width, s.hidden)
    net.frozen |= set(net.shapes)
    head = net.linear("head", s.hidden, s.out)

    def forward(p, x):
        h = net.act(first(p, x))
        return head(p, h), [h]

    return vectors(net), forward


@model
def autoencoder(net):
    """A decoder that is the encoder turned over."""
    s = net.sizes
    net.table("w", s.width, s.hidden)

    def forward(p, x):
        h = net.act(x @ p["w"])
        return h @ p["w"].T, [h]

    return vectors(net), forward


@model
def weight_norm(net):
    s = net.sizes
    net.table("v", s.width, s.hidden)
    net.table("g", s.hidden)
    out = net.linear("out", s.hidden, s.out)

    def forward(p, x):
        w = p["g"] * p["v"] / jnp.sqrt(jnp.sum(p["v"] ** 2, 0))
        h = net.act(x @ w)
        return out(p, h), [h]

    return vectors(net), forward


@model
def layers(net):
    """Stacked layers in a loop."""
    s = net.sizes
    first, out = net.linear("first", s.width, s.hidden), net.linear("out", s.hidden, s.out)
    net.table("stack", LAYERS, s.hidden, s.hidden)

    def forward(p, x):
        def body(h, w):
            return h + net.act(h @ w), None

        h = jax.lax.scan(body, first(p, x), p["stack"])[0]
        return out(p, h), [h]

    return vectors(net), forward


@model
def gated_layers(net):
    """A loop over layers with two weights of one shape on one input."""
    s = net.sizes
    out = net.linear("out", s.width, s.out)
    for name, shape in (("gate", (s.width, s.hidden)), ("up", (s.width, s.hidden))):
        net.table(name, LAYERS, *shape)
    net.table("down", LAYERS, s.hidden, s.width)
    net.table("scale", LAYERS, s.width)

    def forward(p, x):
        def body(h, w):
            y = normalize(h, w["scale"])
            return h + (net.act(y @ w["gate"]) * (y @ w["up"])) @ w["down"], None

        stack = {name: p[name] for name in ("gate", "up", "down", "scale")}
        h = jax.lax.scan(body, x, stack)[0]
        return out(p, h), [h]

    return vectors(net), forward


@model
def unrolled(net):
    """A stack of which each layer is a slice, without a loop."""
    s = net.sizes
    net.table("stack", LAYERS, s.width, s.width)
    out = net.linear("out", s.width, s.out)

    def forward(p, x):
        for i in range(LAYERS):
            x = x + net.act(x @ p["stack"][i])
        return out(p, x), [x]

    return vectors(net), forward


@model
def shared(net):
    """One layer at several depths."""
    s = net.sizes
    layer, out = net.linear("layer", s.width, s.width), net.linear("out", s.width, s.out)

    def forward(p, x):
        for _ in range(net.depth):
            x = x + net.act(layer(p, x))
        return out(p, x), [x]

    return vectors(net), forward
