"""Models of sequences: attention, transformers, pooling, convolutions."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from corpus.composer.models import ids, model, sequences
from corpus.composer.net import Net, attend, f32, normalize


@model
def attention(net):
    """Query, key and value of one input, all of one shape."""
    s = net.sizes
    q, k, v = (net.linear(name, s.width, s.width) for name in "qkv")
    out = net.linear("out", s.width, s.out)

    def forward(p, x):
        h = attend(q(p, x), k(p, x), v(p, x))
        return out(p, h), [h]

    return sequences(net), forward


@model
def heads(net):
    """Attention whose weights have the heads as a dimension of their own."""
    s = net.sizes
    for name in "qkv":
        net.table(name, s.width, s.heads, s.head)
    net.table("out", s.heads, s.head, s.out)

    def forward(p, x):
        q, k, v = (jnp.einsum("...sd,dhk->...hsk", x, p[name]) for name in "qkv")
        h = attend(q, k, v)
        return jnp.einsum("...hsk,hko->...so", h, p["out"]), [h]

    return sequences(net), forward


def _block(net: Net, prefix: str = "") -> Callable:
    s = net.sizes
    q, k, v, out = (net.linear(prefix + name, s.width, s.width, False) for name in "qkvo")
    up = net.linear(prefix + "up", s.width, s.hidden)
    down = net.linear(prefix + "down", s.hidden, s.width)
    net.table(prefix + "scale", s.width)

    def apply(p, x):
        y = normalize(x, p[prefix + "scale"])
        x = x + out(p, attend(q(p, y), k(p, y), v(p, y)))
        return x + down(p, net.act(up(p, x)))

    return apply


@model
def transformer(net):
    s = net.sizes
    net.table("embed", s.vocabulary, s.width)
    block, head = _block(net), net.linear("head", s.width, s.out)

    def forward(p, tokens):
        h = block(p, p["embed"][tokens])
        return head(p, h), [h]

    return ids(net), forward


@model
def tied(net):
    """A transformer whose output is a product with the table of its input."""
    s = net.sizes
    net.table("embed", s.vocabulary, s.width)
    net.table("positions", s.length, s.width)
    block = _block(net)

    def forward(p, tokens):
        h = block(p, jnp.take(p["embed"], tokens, axis=0) + p["positions"])
        return h @ p["embed"].T, [h]

    return ids(net), forward


@model
def one_hot(net):
    s = net.sizes
    net.table("embed", s.vocabulary, s.width)
    head = net.linear("head", s.width, s.out)

    def forward(p, tokens):
        h = net.act(jax.nn.one_hot(tokens, s.vocabulary) @ p["embed"])
        return head(p, h), [h]

    return ids(net), forward


@model
def pooling(net):
    """A learned query that pools a sequence, and a head on what it pools."""
    s = net.sizes
    net.table("query", s.width)
    value, out = net.linear("value", s.width, s.hidden), net.linear("out", s.hidden, s.out)

    def forward(p, x):
        share = jax.nn.softmax(x @ p["query"])
        h = jnp.einsum("...s,...sf->...f", share, net.act(value(p, x)))
        return out(p, h), [h]

    return sequences(net), forward


@model
def mean_pooling(net):
    s = net.sizes
    first, out = net.linear("first", s.width, s.hidden), net.linear("out", s.hidden, s.out)

    def forward(p, x):
        h = net.act(first(p, x)).mean(-2)
        return out(p, h), [h]

    return sequences(net), forward


@model
def mixer(net):
    """A weight that mixes the positions, then one that mixes features."""
    s = net.sizes
    net.table("mix", s.length, s.length)
    out = net.linear("out", s.width, s.out)

    def forward(p, x):
        h = x + net.act(jnp.einsum("...sd,st->...td", x, p["mix"]))
        return out(p, h), [h]

    return sequences(net), forward


@model
def fused(net):
    """One product for query, key and value, split after it."""
    s = net.sizes
    qkv = net.linear("qkv", s.width, 3 * s.hidden)
    out = net.linear("out", s.hidden, s.out)

    def forward(p, x):
        h = attend(*jnp.split(qkv(p, x), 3, axis=-1))
        return out(p, h), [h]

    return sequences(net), forward


@model
def convolution(net):
    s = net.sizes
    net.table("kernel", 3, s.width, s.hidden)
    first, out = net.linear("first", s.hidden, s.hidden), net.linear("out", s.hidden, s.out)

    def forward(p, x):
        layout = ("NWC", "WIO", "NWC")
        h = jax.lax.conv_general_dilated(
            x, p["kernel"], (1,), "SAME", dimension_numbers=layout
        )
        h = net.act(first(p, net.act(h)))
        return out(p, h), [h]

    return sequences(net), forward


@model
def patches(net):
    """A convolution as a product with patches that are cut out."""
    s = net.sizes
    size = 2
    patch = net.linear("patch", size * size * 3, s.hidden)
    out = net.linear("out", s.hidden, s.out)

    def forward(p, image):
        b, rows, columns, channels = image.shape
        x = image.reshape(b, rows // size, size, columns // size, size, channels)
        x = x.transpose(0, 1, 3, 2, 4, 5).reshape(b, rows // size, columns // size, -1)
        h = net.act(patch(p, x))
        return out(p, h), [h]

    return (f32(s.batch, 4, 6, 3),), forward
