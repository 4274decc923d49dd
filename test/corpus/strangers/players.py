"""Several losses in one step: actors and critics, games, targets, teachers, tasks."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from corpus.case import JaxStep, shapes
from corpus.cases.blocks import D, F, f32, i32, key, squared_error
from corpus.strangers import stranger
from corpus.strangers.models import E, M, N, descend, like


ACTIONS = 3


stop = jax.lax.stop_gradient


def polyak(params, target, tau=0.005):
    return jax.tree.map(lambda p, t: tau * p + (1 - tau) * t, params, target)


def net(inputs, hidden, outputs):
    return {"w1": f32(inputs, hidden), "b1": f32(hidden), "w2": f32(hidden, outputs)}


def apply(p, x):
    return jax.nn.relu(x @ p["w1"] + p["b1"]) @ p["w2"]


def q_value(p, s, a):
    return apply(p, jnp.concatenate([s, a], -1))[:, 0]


def game(step, loss, arguments, parameters, batch, **fields) -> JaxStep:
    """A step of several players: `parameters` and `batch` are numbers of arguments."""
    return JaxStep(step, arguments, loss, batch, parameters, **fields)


# What a replay buffer gives: states, actions, rewards, next states, ends.
REPLAY = (f32(N, D), f32(N, ACTIONS), f32(N), f32(N, D), f32(N))


DISCRETE = (f32(N, D), i32(N), f32(N), f32(N, D), f32(N))


@stranger("CleanRL, dqn_jax.py", "a target network by optax.incremental_update")
def dqn():
    def td(params, target, s, a, r, s2, done):
        goal = r + 0.99 * (1 - done) * apply(target, s2).max(-1)
        q = apply(params, s)[jnp.arange(N), a]
        return jnp.mean((q - stop(goal)) ** 2)

    tx = optax.adam(2.5e-4)

    def step(params, target, opt_state, *batch):
        loss, grads = jax.value_and_grad(td)(params, target, *batch)
        updates, opt_state = tx.update(grads, opt_state)
        params = optax.apply_updates(params, updates)
        return loss, params, optax.incremental_update(params, target, 0.005), opt_state

    def loss(params, target, opt_state, *batch):
        return td(params, target, *batch)

    params = net(D, F, ACTIONS)
    arguments = (params, like(params), shapes(tx.init, params), *DISCRETE)
    return game(step, loss, arguments, (0,), range(3, 8))


@stranger(
    "double DQN (van Hasselt et al.), Dopamine", "actions by one net, hard copy by a flag"
)
def double_dqn():
    def td(params, target, s, a, r, s2, done):
        best = apply(params, s2).argmax(-1)
        goal = r + 0.99 * (1 - done) * apply(target, s2)[jnp.arange(N), best]
        q = jnp.sum(apply(params, s) * jax.nn.one_hot(a, ACTIONS), -1)
        return optax.huber_loss(q, stop(goal)).mean()

    def step(params, target, count, *batch):
        params = descend(params, jax.grad(td)(params, target, *batch))
        copy = count % 100 == 0
        target = jax.tree.map(lambda p, t: jnp.where(copy, p, t), params, target)
        return params, target, count + 1

    def loss(params, target, count, *batch):
        return td(params, target, *batch)

    params = net(D, F, ACTIONS)
    return game(step, loss, (params, like(params), i32(), *DISCRETE), (0,), range(3, 8))


@stranger(
    "CleanRL, ddpg_continuous_action_jax.py",
    "critic first, the actor through the new critic",
)
def ddpg():
    def critic_loss(q, tq, ta, s, a, r, s2, done):
        goal = r + 0.99 * (1 - done) * q_value(tq, s2, jnp.tanh(apply(ta, s2)))
        return squared_error(q_value(q, s, a), stop(goal))

    def actor_loss(actor, q, s):
        return -q_value(q, s, jnp.tanh(apply(actor, s))).mean()

    def step(actor, q, ta, tq, s, a, r, s2, done):
        q = descend(q, jax.grad(critic_loss)(q, tq, ta, s, a, r, s2, done))
        actor = descend(actor, jax.grad(actor_loss)(actor, q, s))
        return actor, q, polyak(actor, ta), polyak(q, tq)

    def loss(actor, q, ta, tq, *batch):
        return critic_loss(q, tq, ta, *batch) + actor_loss(actor, stop(q), batch[0])

    actor, q = net(D, F, ACTIONS), net(D + ACTIONS, E, 1)
    arguments = (actor, q, like(actor), like(q), *REPLAY)
    return game(step, loss, arguments, (0, 1), range(4, 9))


@stranger("CleanRL, td3; sbx", "two critics under vmap, the actor moves every other step")
def td3():
    def critic_loss(qs, tqs, ta, s, a, r, s2, done):
        values = jax.vmap(q_value, (0, None, None))(tqs, s2, jnp.tanh(apply(ta, s2)))
        goal = stop(r + 0.99 * (1 - done) * values.min(0))
        return jnp.mean((jax.vmap(q_value, (0, None, None))(qs, s, a) - goal) ** 2)

    def actor_loss(actor, qs, s):
        first = jax.tree.map(lambda w: w[0], qs)
        return -q_value(first, s, jnp.tanh(apply(actor, s))).mean()

    def step(actor, qs, ta, tqs, count, s, a, r, s2, done):
        qs = descend(qs, jax.grad(critic_loss)(qs, tqs, ta, s, a, r, s2, done))
        moved = descend(actor, jax.grad(actor_loss)(actor, qs, s))
        now = count % 2 == 0
        actor = jax.tree.map(lambda m, p: jnp.where(now, m, p), moved, actor)
        return actor, qs, polyak(actor, ta), polyak(qs, tqs), count + 1

    def loss(actor, qs, ta, tqs, count, *batch):
        return critic_loss(qs, tqs, ta, *batch) + actor_loss(actor, stop(qs), batch[0])

    actor = net(D, F, ACTIONS)
    qs = jax.tree.map(lambda t: f32(2, *t.shape), net(D + ACTIONS, E, 1))
    arguments = (actor, qs, like(actor), like(qs), i32(), *REPLAY)
    return game(step, loss, arguments, (0, 1), range(5, 10))


@stranger(
    "jaxrl SAC (Kostrikov); brax",
    "actor, two critics, temperature, each with its optimizer",
)
def sac():
    def sample(actor, rng, s):
        mean, log_std = jnp.split(apply(actor, s), 2, -1)
        noise = jax.random.normal(rng, mean.shape)
        log_prob = jnp.sum(-0.5 * noise**2 - log_std, -1)
        return jnp.tanh(mean + jnp.exp(log_std) * noise), log_prob

    def critic_loss(q, tq, actor, alpha, rng, s, a, r, s2, done):
        a2, logp = sample(actor, rng, s2)
        low = jnp.minimum(q_value(tq["a"], s2, a2), q_value(tq["b"], s2, a2))
        goal = stop(r + 0.99 * (1 - done) * (low - jnp.exp(alpha) * logp))
        return squared_error(q_value(q["a"], s, a), goal) + squared_error(
            q_value(q["b"], s, a), goal
        )

    def actor_loss(actor, q, alpha, rng, s):
        a, logp = sample(actor, rng, s)
        low = jnp.minimum(q_value(q["a"], s, a), q_value(q["b"], s, a))
        return jnp.mean(jnp.exp(alpha) * logp - low), logp

    tx = optax.adam(3e-4)

    def step(actor, q, alpha, tq, states, rng, *batch):
        one, two = jax.random.split(rng)
        g = jax.grad(critic_loss)(q, tq, actor, alpha, one, *batch)
        up, s1 = tx.update(g, states[1])
        q = optax.apply_updates(q, up)
        g, logp = jax.grad(actor_loss, has_aux=True)(actor, q, alpha, two, batch[0])
        up, s0 = tx.update(g, states[0])
        actor = optax.apply_updates(actor, up)
        alpha = alpha - 3e-4 * -jnp.mean(jnp.exp(alpha) * (logp - ACTIONS))
        return actor, q, alpha, polyak(q, tq), (s0, s1)

    def loss(actor, q, alpha, tq, states, rng, *batch):
        critic = critic_loss(q, tq, stop(actor), stop(alpha), rng, *batch)
        return critic + actor_loss(actor, stop(q), stop(alpha), rng, batch[0])[0]

    actor = net(D, F, 2 * ACTIONS)
    q = {name: net(D + ACTIONS, E, 1) for name in "ab"}
    states = shapes(tx.init, actor), shapes(tx.init, q)
    arguments = (actor, q, f32(), like(q), states, key(), *REPLAY)
    return game(step, loss, arguments, (0, 1), range(6, 11))


@stranger(
    "REINFORCE of tutorials (d2l, Karpathy's pong)", "log probabilities times returns"
)
def reinforce():
    def objective(p, s, a, returns):
        logp = jax.nn.log_softmax(apply(p, s))[jnp.arange(N), a]
        return -jnp.mean(logp * (returns - returns.mean()))

    def step(p, s, a, returns):
        return descend(p, jax.grad(objective)(p, s, a, returns))

    return game(step, objective, (net(D, F, ACTIONS), f32(N, D), i32(N), f32(N)), (0,), (1, 2, 3))


def actor_critic_params():
    return {"torso": f32(D, F), "policy": f32(F, ACTIONS), "value": f32(F, 1)}


def ppo_loss(p, s, a, old, adv, target):
    h = jnp.tanh(s @ p["torso"])
    logp_all = jax.nn.log_softmax(h @ p["policy"])
    logp = jnp.take_along_axis(logp_all, a[:, None], 1)[:, 0]
    value = (h @ p["value"])[:, 0]
    ratio = jnp.exp(logp - old)
    adv = (adv - adv.mean()) / (adv.std() + 1e-8)
    policy = -jnp.minimum(ratio * adv, jnp.clip(ratio, 0.8, 1.2) * adv).mean()
    entropy = -jnp.sum(jnp.exp(logp_all) * logp_all, -1).mean()
    return policy + 0.5 * jnp.mean((value - target) ** 2) - 0.01 * entropy


@stranger("purejaxrl, ppo.py", "epochs of minibatches in scans, clipping, annealed Adam")
def ppo_scan():
    tx = optax.chain(
        optax.clip_by_global_norm(0.5), optax.adam(optax.linear_schedule(1e-3, 0, 99), eps=1e-5)
    )

    def step(params, opt_state, rng, *batch):
        def minibatch(carry, part):
            params, opt_state = carry
            value, grads = jax.value_and_grad(ppo_loss)(params, *part)
            updates, opt_state = tx.update(grads, opt_state, params)
            return (optax.apply_updates(params, updates), opt_state), value

        def epoch(carry, _):
            state, rng = carry
            rng, sub = jax.random.split(rng)
            order = jax.random.permutation(sub, M * N)
            parts = jax.tree.map(
                lambda x: jnp.take(x, order, axis=0).reshape(M, N, *x.shape[1:]), batch
            )
            state, losses = jax.lax.scan(minibatch, state, parts)
            return (state, rng), losses

        carry = ((params, opt_state), rng)
        ((params, opt_state), rng), losses = jax.lax.scan(epoch, carry, None, 2)
        return (params, opt_state, rng), losses

    def loss(params, opt_state, rng, *batch):
        parts = jax.tree.map(lambda x: x.reshape(M, N, *x.shape[1:]), batch)

        def add(total, _):
            return jax.lax.scan(lambda t, p: (t + ppo_loss(params, *p), 0), total, parts)[0], 0

        return jax.lax.scan(add, 0.0, None, 2)[0]

    params, n = actor_critic_params(), M * N
    batch = (f32(n, D), i32(n), f32(n), f32(n), f32(n))
    arguments = (params, shapes(tx.init, params), key(), *batch)
    return game(step, loss, arguments, (0,), range(3, 8))


class Agent(NamedTuple):
    actor: Any
    critic: Any


@stranger(
    "jaxppo, Stoix: two networks, two optimizers", "advantages from the critic, stopped"
)
def a2c_two_optimizers():
    actor_tx, critic_tx = optax.adam(3e-4), optax.rmsprop(1e-3)

    def policy_loss(actor, s, a, adv):
        logp = jax.nn.log_softmax(apply(actor, s))
        return -(logp[jnp.arange(N), a] * adv).mean() + 1e-2 * (jnp.exp(logp) * logp).sum(1).mean()

    def value_loss(critic, s, returns):
        return squared_error(apply(critic, s)[:, 0], returns)

    def step(agent, opt_states, s, a, returns):
        adv = returns - apply(agent.critic, s)[:, 0]
        lp, gp = jax.value_and_grad(policy_loss)(agent.actor, s, a, adv)
        lv, gv = jax.value_and_grad(value_loss)(agent.critic, s, returns)
        up, one = actor_tx.update(gp, opt_states.actor)
        uv, two = critic_tx.update(gv, opt_states.critic)
        new = Agent(optax.apply_updates(agent.actor, up), optax.apply_updates(agent.critic, uv))
        return new, Agent(one, two), {"policy": lp, "value": lv, "adv": adv.mean()}

    def loss(agent, opt_states, s, a, returns):
        adv = returns - stop(apply(agent.critic, s)[:, 0])
        return policy_loss(agent.actor, s, a, adv) + value_loss(agent.critic, s, returns)

    agent = Agent(net(D, F, ACTIONS), net(D, E, 1))
    states = Agent(shapes(actor_tx.init, agent.actor), shapes(critic_tx.init, agent.critic))
    return game(step, loss, (agent, states, f32(N, D), i32(N), f32(N)), (0,), (2, 3, 4))


@stranger("AWR and IQL (Kostrikov et al.)", "value by expectiles, a weighted imitation")
def iql():
    def value_loss(v, q, s, a):
        diff = stop(q_value(q, s, a)) - apply(v, s)[:, 0]
        return jnp.mean(jnp.where(diff > 0, 0.8, 0.2) * diff**2)

    def q_loss(q, v, s, a, r, s2):
        return squared_error(q_value(q, s, a), r + 0.99 * stop(apply(v, s2)[:, 0]))

    def actor_loss(actor, q, v, s, a):
        weight = jnp.minimum(jnp.exp(3 * (q_value(q, s, a) - apply(v, s)[:, 0])), 100.0)
        return jnp.mean(stop(weight) * jnp.sum((apply(actor, s) - a) ** 2, -1))

    def step(params, s, a, r, s2):
        v = descend(params["v"], jax.grad(value_loss)(params["v"], params["q"], s, a))
        actor = jax.grad(actor_loss)(params["actor"], params["q"], v, s, a)
        q = descend(params["q"], jax.grad(q_loss)(params["q"], v, s, a, r, s2))
        return {"v": v, "q": q, "actor": descend(params["actor"], actor)}

    def loss(p, s, a, r, s2):
        total = value_loss(p["v"], p["q"], s, a) + q_loss(p["q"], p["v"], s, a, r, s2)
        return total + actor_loss(p["actor"], stop(p["q"]), stop(p["v"]), s, a)

    params = {"v": net(D, F, 1), "q": net(D + ACTIONS, E, 1), "actor": net(D, F, ACTIONS)}
    return game(step, loss, (params, *REPLAY[:4]), (0,), (1, 2, 3, 4))
