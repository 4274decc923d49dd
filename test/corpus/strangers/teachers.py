"""Targets that learn otherwise: self-supervision, distillation, tasks in conflict."""

import jax
import jax.numpy as jnp
import optax

from corpus.case import shapes
from corpus.cases.blocks import C, D, F, cross_entropy, f32, i32, squared_error
from corpus.strangers import stranger
from corpus.strangers.models import E, N, descend, like
from corpus.strangers.players import apply, game, net, polyak, stop


def unit(x):
    return x / (jnp.linalg.norm(x, axis=-1, keepdims=True) + 1e-6)


@stranger(
    "BYOL (Grill et al.), deepmind-research", "an online net, a target by EMA, a predictor"
)
def byol():
    def loss_fn(online, target, a, b):
        def one(a, b):
            guess = unit(apply(online["encoder"], a) @ online["predictor"])
            return jnp.mean(2 - 2 * jnp.sum(guess * stop(unit(apply(target, b))), -1))

        return one(a, b) + one(b, a)

    def step(online, target, a, b):
        value, grads = jax.value_and_grad(loss_fn)(online, target, a, b)
        online = descend(online, grads)
        return online, polyak(online["encoder"], target, 0.01), value

    online = {"encoder": net(D, F, E), "predictor": f32(E, E)}
    arguments = (online, like(online["encoder"]), f32(N, D), f32(N, D))
    return game(step, loss_fn, arguments, (0,), (2, 3))


@stranger("SimSiam (Chen and He)", "two views, one branch stopped each time")
def simsiam():
    def loss(p, a, b):
        za, zb = apply(p["f"], a), apply(p["f"], b)
        pa, pb = za @ p["h"], zb @ p["h"]
        first = jnp.sum(unit(pa) * stop(unit(zb)), -1)
        return -0.5 * jnp.mean(first + jnp.sum(unit(pb) * stop(unit(za)), -1))

    def step(p, m, a, b):
        grads = jax.grad(loss)(p, a, b)
        m = jax.tree.map(lambda m, g, w: 0.9 * m + g + 1e-4 * w, m, grads, p)
        return descend(p, m, 0.05), m

    def total(p, m, a, b):
        return loss(p, a, b)

    params = {"f": net(D, F, E), "h": f32(E, E)}
    return game(step, total, (params, like(params), f32(N, D), f32(N, D)), (0,), (2, 3))


@stranger("MoCo (He et al.)", "a queue of keys that is rolled")
def moco():
    def loss_fn(q, k, queue, a, b):
        query, keys = unit(apply(q, a)), stop(unit(apply(k, b)))
        positive = jnp.sum(query * keys, -1, keepdims=True)
        logits = jnp.concatenate([positive, query @ queue.T], 1) / 0.07
        return cross_entropy(logits, jnp.zeros(N, int)), keys

    def step(q, k, queue, a, b):
        (value, keys), grads = jax.value_and_grad(loss_fn, has_aux=True)(q, k, queue, a, b)
        q = descend(q, grads, 0.03)
        queue = jnp.concatenate([queue[N:], keys])
        return q, polyak(q, k, 0.001), queue, value

    def loss(q, k, queue, a, b):
        return loss_fn(q, k, queue, a, b)[0]

    arguments = (net(D, F, E), net(D, F, E), f32(5 * N, E), f32(N, D), f32(N, D))
    return game(step, loss, arguments, (0,), (3, 4))


@stranger("SimCLR (Chen et al.)", "both views in one batch, similarities of all pairs")
def simclr():
    def loss(p, a, b):
        z = unit(apply(p, jnp.concatenate([a, b])))
        logits = z @ z.T / 0.5 - 1e9 * jnp.eye(2 * N)
        return cross_entropy(logits, jnp.roll(jnp.arange(2 * N), N))

    def step(p, opt_state, a, b):
        value, grads = jax.value_and_grad(loss)(p, a, b)
        updates, opt_state = tx.update(grads, opt_state, p)
        return optax.apply_updates(p, updates), opt_state, value

    def total(p, opt_state, a, b):
        return loss(p, a, b)

    tx, params = optax.lars(0.3, weight_decay=1e-6), net(D, F, E)
    arguments = (params, shapes(tx.init, params), f32(N, D), f32(N, D))
    return game(step, total, arguments, (0,), (2, 3))


@stranger(
    "DINO (Caron et al.)", "a centre in the state, sharpened targets of an EMA teacher"
)
def dino():
    def loss_fn(student, teacher, centre, a, b):
        out = apply(teacher, b)
        target = stop(jax.nn.softmax((out - centre) / 0.04))
        return -jnp.mean(jnp.sum(target * jax.nn.log_softmax(apply(student, a) / 0.1), -1)), out

    def step(student, teacher, centre, a, b):
        grads, out = jax.grad(loss_fn, has_aux=True)(student, teacher, centre, a, b)
        student = descend(student, grads)
        centre = 0.9 * centre + 0.1 * out.mean(0)
        return student, polyak(student, teacher, 0.004), centre

    def loss(*arguments):
        return loss_fn(*arguments)[0]

    params = net(D, F, E)
    return game(step, loss, (params, like(params), f32(E), f32(N, D), f32(N, D)), (0,), (3, 4))


@stranger("mean teacher (Tarvainen and Valpola)", "labels and consistency, ramped up")
def mean_teacher():
    def loss_fn(p, teacher, t, x, labels, u):
        ramp = jnp.minimum(1.0, t / 80)
        agree = squared_error(jax.nn.softmax(apply(p, u)), jax.nn.softmax(apply(teacher, u)))
        return cross_entropy(apply(p, x), labels) + ramp * agree

    def step(p, teacher, t, x, labels, u):
        p = descend(p, jax.grad(loss_fn)(p, teacher, t, x, labels, u))
        decay = jnp.minimum(1 - 1 / (t + 1), 0.99)
        teacher = jax.tree.map(lambda e, w: decay * e + (1 - decay) * w, teacher, p)
        return p, teacher, t + 1

    params = net(D, F, C)
    arguments = (params, like(params), f32(), f32(N, D), i32(N), f32(9, D))
    return game(step, loss_fn, arguments, (0,), (3, 4, 5))


@stranger("distillation (Hinton et al.)", "a frozen teacher of another size, temperature")
def distillation():
    def loss(p, teacher, x, labels):
        soft = jax.nn.softmax(apply(teacher, x) / 4)
        out = apply(p, x)
        kl = -jnp.mean(jnp.sum(soft * jax.nn.log_softmax(out / 4), -1)) * 16
        return 0.9 * kl + 0.1 * cross_entropy(out, labels)

    def step(p, teacher, x, labels):
        value, grads = jax.value_and_grad(loss)(p, teacher, x, labels)
        return value, descend(p, grads)

    return game(step, loss, (net(D, F, C), net(D, E, C), f32(N, D), i32(N)), (0,), (2, 3))


@stranger("mutual learning (Zhang et al.)", "two peers, each the target of the other")
def mutual():
    def one(p, q, x, labels):
        target = stop(jax.nn.softmax(apply(q, x)))
        out = apply(p, x)
        return cross_entropy(out, labels) - jnp.mean(
            jnp.sum(target * jax.nn.log_softmax(out), -1)
        )

    def step(p, q, x, labels):
        p = descend(p, jax.grad(one)(p, q, x, labels))
        return p, descend(q, jax.grad(one)(q, p, x, labels))

    def loss(p, q, x, labels):
        return one(p, stop(q), x, labels) + one(q, stop(p), x, labels)

    return game(step, loss, (net(D, F, C), net(D, E, C), f32(N, D), i32(N)), (0, 1), (2, 3))


def two_tasks(p, x):
    h = jnp.tanh(x @ p["shared"])
    return h @ p["a"], h @ p["b"]


TASKS = {"shared": f32(D, F), "a": f32(F, C), "b": f32(F, E)}


@stranger("PCGrad (Yu et al.)", "conflicting gradients are projected")
def pcgrad():
    def task(p, x, y, i):
        return squared_error(two_tasks(p, x)[i], y)

    def step(p, x, ya, yb):
        ga, gb = jax.grad(task)(p, x, ya, 0), jax.grad(task)(p, x, yb, 1)
        inner = jnp.sum(ga["shared"] * gb["shared"])
        share = jnp.where(inner < 0, inner, 0.0)
        pa = ga["shared"] - share / jnp.sum(gb["shared"] ** 2) * gb["shared"]
        pb = gb["shared"] - share / jnp.sum(ga["shared"] ** 2) * ga["shared"]
        return descend(p, {"shared": pa + pb, "a": ga["a"], "b": gb["b"]})

    def loss(p, x, ya, yb):
        return task(p, x, ya, 0) + task(p, x, yb, 1)

    return game(step, loss, (TASKS, f32(N, D), f32(N, C), f32(N, E)), (0,), (1, 2, 3))


@stranger(
    "uncertainty weighting (Kendall et al.)", "log variances of tasks are trained too"
)
def task_uncertainty():
    def loss(p, x, ya, yb):
        a, b = two_tasks(p["net"], x)
        sa, sb = p["log_var"]
        return jnp.exp(-sa) * squared_error(a, ya) + jnp.exp(-sb) * squared_error(b, yb) + sa + sb

    def step(p, x, ya, yb):
        value, grads = jax.value_and_grad(loss)(p, x, ya, yb)
        return descend(p, grads), value

    params = {"net": TASKS, "log_var": f32(2)}
    return game(step, loss, (params, f32(N, D), f32(N, C), f32(N, E)), (0,), (1, 2, 3))


@stranger(
    "GradVac and MGDA for two tasks", "the shortest convex combination of two gradients"
)
def min_norm():
    def task(p, x, y, i):
        return squared_error(two_tasks(p, x)[i], y)

    def step(p, x, ya, yb):
        (la, ga), (lb, gb) = (
            jax.value_and_grad(task)(p, x, y, i) for i, y in enumerate((ya, yb))
        )
        u, v = ga["shared"], gb["shared"]
        t = jnp.clip(jnp.vdot(v - u, v) / (jnp.sum((u - v) ** 2) + 1e-9), 0, 1)
        return jax.tree.map(lambda p, a, b: p - 0.1 * (t * a + (1 - t) * b), p, ga, gb), la + lb

    def loss(p, x, ya, yb):
        return task(p, x, ya, 0) + task(p, x, yb, 1)

    return game(step, loss, (TASKS, f32(N, D), f32(N, C), f32(N, E)), (0,), (1, 2, 3))


@stranger(
    "elastic weight consolidation (Kirkpatrick et al.)", "pulled to old weights by Fisher"
)
def elastic_consolidation():
    def fit(p, x, labels):
        return cross_entropy(apply(p, x), labels)

    def loss(p, old, fisher, x, labels):
        pull = jax.tree.map(lambda p, o, f: jnp.sum(f * (p - o) ** 2), p, old, fisher)
        return fit(p, x, labels) + 0.4 / 2 * sum(jax.tree.leaves(pull))

    def step(p, old, fisher, x, labels):
        return descend(p, jax.grad(loss)(p, old, fisher, x, labels)), old, fisher

    params = net(D, F, C)
    arguments = (params, like(params), like(params), f32(N, D), i32(N))
    return game(step, loss, arguments, (0,), (3, 4))
