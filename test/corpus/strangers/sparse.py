"""Updates of single rows of tables, as in word vectors and recommenders."""

import jax
import jax.numpy as jnp
import optax

from corpus.case import JaxStep, shapes
from corpus.cases.blocks import B, D, S, V, cross_entropy, f32, i32
from corpus.strangers import stranger
from corpus.strangers.models import N, Model, bag_of_words, like, made


NEGATIVE = 4


def skip_gram() -> Model:
    """Centers and contexts; the first context is the true one."""

    def loss(params, center, context, label):
        c, o = params["center"][center], params["context"][context]
        return optax.sigmoid_binary_cross_entropy(jnp.einsum("nd,nkd->nk", c, o), label).mean()

    params = {"center": f32(V, D), "context": f32(V, D)}
    return Model(loss, params, (i32(N), i32(N, NEGATIVE), f32(N, NEGATIVE)))


def factors() -> Model:
    """Ratings of items by users."""

    def loss(params, user, item, rating):
        p, q = params["user"][user], params["item"][item]
        return jnp.mean((jnp.sum(p * q, -1) - rating) ** 2)

    params = {"user": f32(37, D), "item": f32(V, D)}
    return Model(loss, params, (i32(N), i32(N), f32(N)))


@stranger(
    "word2vec (Mikolov et al.), gensim, in arrays", "errors by hand, rows added in place"
)
def word2vec():
    model = skip_gram()

    def step(params, center, context, label):
        c, o = params["center"][center], params["context"][context]
        g = (label - jax.nn.sigmoid(jnp.einsum("nd,nkd->nk", c, o))) * 0.025
        return {
            "center": params["center"].at[center].add(jnp.einsum("nk,nkd->nd", g, o)),
            "context": params["context"].at[context].add(g[..., None] * c[:, None]),
        }

    return made(step, model)


@stranger(
    "word2vec with JAX's gradient of rows", "jax.grad in the rows, scatter of -lr * g"
)
def rows_by_grad():
    model = skip_gram()

    def step(params, lr, center, context, label):
        def loss(c, o):
            scores = jnp.einsum("nd,nkd->nk", c, o)
            return optax.sigmoid_binary_cross_entropy(scores, label).mean()

        c, o = params["center"][center], params["context"][context]
        value, (gc, go) = jax.value_and_grad(loss, (0, 1))(c, o)
        params = {
            "center": params["center"].at[center].add(-lr * gc),
            "context": params["context"].at[context].add(-lr * go),
        }
        return params, value

    return made(step, model, f32())


@stranger("Koren et al., FunkSVD; surprise", "err * q - reg * p, added to both tables")
def matrix_factorization():
    model = factors()

    def step(params, user, item, rating):
        p, q = params["user"][user], params["item"][item]
        error = (rating - jnp.sum(p * q, axis=1))[:, None]
        return {
            "user": params["user"].at[user].add(0.005 * (error * q - 0.02 * p)),
            "item": params["item"].at[item].add(0.005 * (error * p - 0.02 * q)),
        }

    return made(step, model)


@stranger(
    "recommender code in JAX: row-wise Adagrad", "one accumulator a row, padding kept zero"
)
def rowwise_adagrad():
    model = bag_of_words()

    def step(params, acc, tokens, labels):
        def loss(rows, out):
            return cross_entropy(rows.mean(1) @ out, labels)

        rows = params["table"][tokens]
        g, g_out = jax.grad(loss, (0, 1))(rows, params["out"])
        ids, g = tokens.reshape(-1), g.reshape(-1, D)
        acc = acc.at[ids].add(jnp.mean(jnp.square(g), axis=-1))
        scaled = g / (jnp.sqrt(acc[ids]) + 1e-8)[:, None]
        table = params["table"].at[ids].add(-0.1 * scaled).at[0].set(0.0)
        return {"table": table, "out": params["out"] - 0.1 * g_out}, acc

    return made(step, model, f32(V))


@stranger(
    "IndexedSlices in TensorFlow, by segment_sum", "duplicates are summed before the update"
)
def segment_summed():
    model = bag_of_words()

    def step(params, m, tokens, labels):
        def loss(rows, out):
            return cross_entropy(rows.mean(1) @ out, labels)

        g, g_out = jax.grad(loss, (0, 1))(params["table"][tokens], params["out"])
        dense = jax.ops.segment_sum(g.reshape(B * S, D), tokens.reshape(-1), V)
        m = 0.9 * m + dense
        return {"table": params["table"] - 0.1 * m, "out": params["out"] - 0.1 * g_out}, m

    return made(step, model, like(model.params["table"]))


@stranger("lazy updates of tables in DLRM", "optax for the net, rows by hand")
def rows_and_optax():
    model = bag_of_words()
    tx = optax.adam(1e-3)

    def step(params, opt_state, tokens, labels):
        def loss(out, rows):
            return cross_entropy(rows.mean(1) @ out, labels)

        rows = jnp.take(params["table"], tokens, axis=0)
        value, (g_out, g_rows) = jax.value_and_grad(loss, (0, 1))(params["out"], rows)
        updates, opt_state = tx.update(g_out, opt_state)
        table = params["table"].at[tokens].add(-0.1 * g_rows)
        out = optax.apply_updates(params["out"], updates)
        return {"out": out, "table": table}, opt_state, value

    return made(step, model, shapes(tx.init, model.params["out"]))


@stranger("GloVe (Pennington et al.), in arrays", "weighted squares, AdaGrad of rows")
def glove():
    def loss(params, i, j, count):
        inner = jnp.sum(params["w"][i] * params["c"][j], -1) + params["b"][i] + params["d"][j]
        return jnp.mean(jnp.minimum(1.0, (count / 100) ** 0.75) * (inner - jnp.log(count)) ** 2)

    def step(params, acc, i, j, count):
        grads = jax.grad(loss)(params, i, j, count)
        acc = jax.tree.map(lambda a, g: a + g * g, acc, grads)
        return jax.tree.map(lambda p, g, a: p - 0.05 * g / a**0.5, params, grads, acc), acc

    params = {"w": f32(V, D), "c": f32(V, D), "b": f32(V), "d": f32(V)}
    return made(step, Model(loss, params, (i32(N), i32(N), f32(N))), like(params))


@stranger("hashed features (Vowpal Wabbit style)", "two tables by two hashes, summed")
def hashed():
    def loss(params, tokens, labels):
        x = params["a"][tokens % 13] + params["b"][(tokens * 7) % 17]
        return cross_entropy(x.mean(1) @ params["out"], labels)

    def step(params, tokens, labels):
        value, g = jax.value_and_grad(loss)(params, tokens, labels)
        return jax.tree.map(lambda p, g: p - 0.1 * g, params, g), value

    params = {"a": f32(13, D), "b": f32(17, D), "out": f32(D, 23)}
    return made(step, Model(loss, params, (i32(B, S), i32(B))))


@stranger(
    "VQ-VAE (van den Oord et al.), EMA codebook", "codes move by averages", may_refuse=True
)
def vq_vae_ema():
    def encode(params, codes, x):
        z = x @ params["encoder"]
        distance = jnp.sum((z[..., None, :] - codes) ** 2, -1)
        return z, jnp.argmin(distance, -1)

    def loss(params, codes, x):
        z, ids = encode(params, codes, x)
        q = codes[ids]
        out = (z + jax.lax.stop_gradient(q - z)) @ params["decoder"]
        return jnp.mean((out - x) ** 2) + 0.25 * jnp.mean((z - jax.lax.stop_gradient(q)) ** 2)

    def step(params, codes, x):
        g = jax.grad(loss)(params, codes, x)
        z, ids = encode(params, codes, x)
        hot = jax.nn.one_hot(ids, 29)
        sums, counts = jnp.einsum("nk,nd->kd", hot, z), hot.sum(0)[:, None]
        codes = 0.99 * codes + 0.01 * sums / (counts + 1e-5)
        return jax.tree.map(lambda p, g: p - 1e-3 * g, params, g), codes

    params = {"encoder": f32(D, 6), "decoder": f32(6, D)}
    return JaxStep(step, (params, f32(29, 6), f32(N, D)), loss, batch=(2,))
