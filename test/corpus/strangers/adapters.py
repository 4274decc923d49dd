"""What is trained is little: low-rank adapters, prompts, biases, heads, frozen parts."""

import jax
import jax.numpy as jnp
import optax

from corpus.case import JaxStep, shapes
from corpus.cases.blocks import B, C, D, F, S, f32, squared_error
from corpus.strangers import stranger
from corpus.strangers.models import R, descend


BASE = {"w": f32(D, F), "head": f32(F, C)}


LOW = {"a": f32(D, R), "b": f32(R, F)}


BATCH = f32(B, S, D), f32(B, S, C)


def adapted(step, loss, adapter, base=None, **fields) -> JaxStep:
    """`step(adapter, base, x, y)`, where the base is not trained."""
    return JaxStep(step, (adapter, base or BASE, *BATCH), loss, batch=(2, 3), **fields)


def side_path(lora, base, x, y):
    h = jnp.tanh(x @ base["w"] + 2.0 * (x @ lora["a"]) @ lora["b"])
    return squared_error(h @ base["head"], y)


@stranger("LoRA (Hu et al.), loralib", "a path beside a frozen weight")
def lora_path():
    def step(lora, base, x, y):
        value, grads = jax.value_and_grad(side_path)(lora, base, x, y)
        return descend(lora, grads), value

    return adapted(step, side_path, LOW)


@stranger("LoRA+ (Hayou et al.)", "another rate for B, by multi_transform")
def lora_plus():
    tx = optax.multi_transform(
        {"slow": optax.adam(1e-4), "fast": optax.adam(1.6e-3)}, {"a": "slow", "b": "fast"}
    )

    def step(lora, state, base, x, y):
        grads = jax.grad(side_path)(lora, base, x, y)
        updates, state = tx.update(grads, state, lora)
        return optax.apply_updates(lora, updates), state

    def loss(lora, state, base, x, y):
        return side_path(lora, base, x, y)

    arguments = (LOW, shapes(tx.init, LOW), BASE, *BATCH)
    return JaxStep(step, arguments, loss, batch=(3, 4))


@stranger("lorax (davisyoshida)", "the weight is merged before it is used")
def lora_merged():
    def loss(lora, base, x, y):
        w = base["w"] + lora["a"] @ lora["b"] * (16 / R)
        return squared_error(jnp.tanh(x @ w) @ base["head"], y)

    def step(lora, base, x, y):
        return descend(lora, jax.grad(loss)(lora, base, x, y))

    return adapted(step, loss, LOW)


@stranger("DoRA (Liu et al.)", "direction and magnitude of a merged weight")
def dora():
    def loss(p, base, x, y):
        v = base["w"] + p["a"] @ p["b"]
        w = p["m"] * v / jax.lax.stop_gradient(jnp.linalg.norm(v, axis=0, keepdims=True))
        return squared_error(jnp.tanh(x @ w) @ base["head"], y)

    def step(p, base, x, y):
        value, grads = jax.value_and_grad(loss)(p, base, x, y)
        return descend(p, grads), value

    return adapted(step, loss, LOW | {"m": f32(1, F)})


@stranger("VeRA (Kopiczko et al.)", "frozen random factors, trained scales only")
def vera():
    def loss(p, base, x, y):
        low = (x @ base["a"]) * p["d"]
        h = jnp.tanh(x @ base["w"] + (low @ base["b"]) * p["s"])
        return squared_error(h @ base["head"], y)

    def step(p, base, x, y):
        return descend(p, jax.grad(loss)(p, base, x, y))

    return adapted(step, loss, {"d": f32(R), "s": f32(F)}, BASE | LOW)


@stranger("QLoRA (Dettmers et al.), by hand", "a base of integers, dequantized on use")
def qlora():
    base = {"q": jax.ShapeDtypeStruct((D, F), jnp.int8), "s": f32(1, F), "head": f32(F, C)}

    def loss(lora, base, x, y):
        w = base["q"].astype(jnp.float32) * base["s"]
        h = jnp.tanh(x @ w + x @ lora["a"] @ lora["b"])
        return squared_error(h @ base["head"], y)

    def step(lora, base, x, y):
        value, grads = jax.value_and_grad(loss)(lora, base, x, y)
        return value, descend(lora, grads)

    return adapted(step, loss, LOW, base)


@stranger("AdaLoRA (Zhang et al.)", "P diag(e) Q with a penalty for orthogonality")
def adalora():
    def loss(p, base, x, y):
        h = jnp.tanh(x @ base["w"] + ((x @ p["p"]) * p["e"]) @ p["q"])
        eye = jnp.eye(R)
        penalty = jnp.sum((p["p"].T @ p["p"] - eye) ** 2) + jnp.sum((p["q"] @ p["q"].T - eye) ** 2)
        return squared_error(h @ base["head"], y) + 0.1 * penalty

    def step(p, base, x, y):
        return descend(p, jax.grad(loss)(p, base, x, y))

    return adapted(step, loss, {"p": f32(D, R), "e": f32(R), "q": f32(R, F)})


@stranger(
    "orthogonal fine-tuning (Qiu et al.)", "a Cayley transform turns the frozen weight"
)
def orthogonal_tuning():
    def loss(p, base, x, y):
        skew = p["q"] - p["q"].T
        turn = jnp.linalg.solve(jnp.eye(D) + skew, jnp.eye(D) - skew)
        return squared_error(jnp.tanh(x @ (turn @ base["w"])) @ base["head"], y)

    def step(p, base, x, y):
        return descend(p, jax.grad(loss)(p, base, x, y))

    return adapted(step, loss, {"q": f32(D, D)})


@stranger(
    "ReLoRA (Lialin et al.)", "merged into the base and reset at a flag", may_refuse=True
)
def relora():
    def step(lora, base, reset, x, y):
        lora = descend(lora, jax.grad(side_path)(lora, base, x, y))
        merged = base["w"] + 2.0 * lora["a"] @ lora["b"]
        base = {**base, "w": jnp.where(reset, merged, base["w"])}
        lora = {"a": lora["a"], "b": jnp.where(reset, 0.0, lora["b"])}
        return lora, base

    def loss(lora, base, reset, x, y):
        return side_path(lora, base, x, y)

    flag = jax.ShapeDtypeStruct((), jnp.bool_)
    return JaxStep(step, (LOW, BASE, flag, *BATCH), loss, batch=(3, 4))


@stranger("bottleneck adapters (Houlsby et al.)", "down, up and a residual in a frozen net")
def bottleneck():
    def loss(p, base, x, y):
        h = jnp.tanh(x @ base["w"])
        h = h + jax.nn.gelu(h @ p["down"] + p["bias"]) @ p["up"]
        return squared_error(h @ base["head"], y)

    def step(p, base, x, y):
        value, grads = jax.value_and_grad(loss)(p, base, x, y)
        return descend(p, grads), {"loss": value}

    return adapted(step, loss, {"down": f32(F, R), "bias": f32(R), "up": f32(R, F)})
