"""Two players: generators and discriminators, features against a domain."""

import jax
import jax.numpy as jnp
import optax

from corpus.case import shapes
from corpus.cases.blocks import C, D, F, f32, key, squared_error
from corpus.strangers import stranger
from corpus.strangers.models import E, N, descend
from corpus.strangers.players import apply, game, net, stop


def critic(d, x):
    return apply(d, x)[:, 0]


def real_or_fake(g, d, z, x):
    real, fake = critic(d, x), critic(d, stop(apply(g, z)))
    return jnp.mean(jax.nn.softplus(-real)) + jnp.mean(jax.nn.softplus(fake))


def fool(g, d, z):
    return jnp.mean(jax.nn.softplus(-critic(d, apply(g, z))))


GAN = net(C, F, D), net(D, E, 1)


@stranger("Flax and Haiku GAN examples", "both gradients at the same parameters")
def gan_simultaneous():
    def step(g, d, z, x):
        dg, dd = jax.grad(fool)(g, d, z), jax.grad(real_or_fake, 1)(g, d, z, x)
        return descend(g, dg), descend(d, dd)

    def loss(g, d, z, x):
        return real_or_fake(g, d, z, x) + fool(g, stop(d), z)

    return game(step, loss, (*GAN, f32(N, C), f32(N, D)), (0, 1), (2, 3))


@stranger("DCGAN tutorial of PyTorch, in JAX", "discriminator first; Adam for each; a key")
def gan_alternating():
    tx = optax.adam(2e-4, b1=0.5)

    def step(g, d, sg, sd, rng, x):
        z = jax.random.normal(rng, (N, C))
        ld, grads = jax.value_and_grad(real_or_fake, 1)(g, d, z, x)
        updates, sd = tx.update(grads, sd)
        d = optax.apply_updates(d, updates)
        lg, grads = jax.value_and_grad(fool)(g, d, z)
        updates, sg = tx.update(grads, sg)
        return optax.apply_updates(g, updates), d, sg, sd, (lg, ld)

    # The noise is data as well: without it no generator has an input.
    def loss(g, d, sg, sd, rng, x):
        z = x[:, :C]
        return real_or_fake(g, d, z, x) + fool(g, stop(d), z)

    states = shapes(tx.init, GAN[0]), shapes(tx.init, GAN[1])
    return game(step, loss, (*GAN, *states, key(), f32(N, D)), (0, 1), (5,))


@stranger("WGAN (Arjovsky et al.)", "three critic steps in a scan, clipped weights")
def wgan():
    def gap(d, g, z, x):
        return jnp.mean(critic(d, stop(apply(g, z)))) - jnp.mean(critic(d, x))

    def step(g, d, zs, xs):
        def one(d, batch):
            d = jax.tree.map(lambda w, u: w - 5e-5 * u, d, jax.grad(gap)(d, g, *batch))
            return jax.tree.map(lambda w: jnp.clip(w, -0.01, 0.01), d), None

        d, _ = jax.lax.scan(one, d, (zs, xs))
        grads = jax.grad(lambda g: -jnp.mean(critic(d, apply(g, zs[0]))))(g)
        return descend(g, grads), d

    def loss(g, d, zs, xs):
        total, _ = jax.lax.scan(lambda t, b: (t + gap(d, stop(g), *b), 0), 0.0, (zs, xs))
        return total - jnp.mean(critic(stop(d), apply(g, zs[0])))

    return game(step, loss, (*GAN, f32(3, N, C), f32(3, N, D)), (0, 1), (2, 3))


@stranger(
    "extragradient (Korpelevich; Gidel et al.)", "extrapolate, then move by the second one"
)
def extragradient():
    def total(g, d, z, x):
        return jnp.mean(critic(d, apply(g, z))) - jnp.mean(critic(d, x))

    def step(g, d, z, x):
        dg, dd = jax.grad(total, (0, 1))(g, d, z, x)
        half_g = jax.tree.map(lambda p, u: p + 0.1 * u, g, dg)
        dg, dd = jax.grad(total, (0, 1))(half_g, descend(d, dd, 0.1), z, x)
        return jax.tree.map(lambda p, u: p + 0.1 * u, g, dg), descend(d, dd, 0.1)

    return game(step, total, (*GAN, f32(N, C), f32(N, D)), (0, 1), (2, 3))


@stranger("gradient reversal (Ganin and Lempitsky)", "one loss, a sign turned on the way")
def gradient_reversal():
    @jax.custom_vjp
    def reverse(x):
        return x

    reverse.defvjp(lambda x: (x, None), lambda _, g: (-0.5 * g,))

    def loss(p, x, y, domain):
        h = jnp.tanh(x @ p["features"])
        guess = (reverse(h) @ p["domain"])[:, 0]
        return squared_error(h @ p["label"], y) + squared_error(guess, domain)

    def step(p, x, y, domain):
        value, grads = jax.value_and_grad(loss)(p, x, y, domain)
        return descend(p, grads), value

    params = {"features": f32(D, F), "label": f32(F, C), "domain": f32(F, 1)}
    return game(step, loss, (params, f32(N, D), f32(N, C), f32(N)), (0,), (1, 2, 3))
