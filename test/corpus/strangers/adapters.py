"""What is trained is little: low-rank adapters, prompts, biases, heads, frozen parts."""

import jax
import jax.numpy as jnp
import optax

from corpus.case import JaxStep, shapes
from corpus.cases.blocks import B, C, D, F, S, cross_entropy, f32, i32, squared_error
from corpus.strangers import stranger
from corpus.strangers.models import R, Model, classifier, equal_mlp, like, made, transformer
from corpus.strangers.players import descend

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


@stranger("orthogonal fine-tuning (Qiu et al.)", "a Cayley transform turns the frozen weight")
def orthogonal_tuning():
    def loss(p, base, x, y):
        skew = p["q"] - p["q"].T
        turn = jnp.linalg.solve(jnp.eye(D) + skew, jnp.eye(D) - skew)
        return squared_error(jnp.tanh(x @ (turn @ base["w"])) @ base["head"], y)

    def step(p, base, x, y):
        return descend(p, jax.grad(loss)(p, base, x, y))

    return adapted(step, loss, {"q": f32(D, D)})


@stranger("ReLoRA (Lialin et al.)", "merged into the base and reset at a flag", may_refuse=True)
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


@stranger("prompt tuning (Lester et al.)", "trained vectors before the tokens of a frozen table")
def prompt_tuning():
    base = {"table": f32(29, D), "w": f32(D, F), "head": f32(F, C)}

    def loss(p, base, tokens, labels):
        x = base["table"][tokens]
        soft = jnp.broadcast_to(p["prompt"], (B, 4, D))
        h = jnp.tanh(jnp.concatenate([soft, x], 1) @ base["w"]).mean(1)
        return cross_entropy(h @ base["head"], labels)

    def step(p, base, tokens, labels):
        return descend(p, jax.grad(loss)(p, base, tokens, labels))

    return JaxStep(step, ({"prompt": f32(4, D)}, base, i32(B, S), i32(B)), loss, batch=(2, 3))


@stranger("BitFit (Zaken et al.)", "biases only: set_to_zero for the rest")
def bitfit():
    model = classifier()

    def labels_of(params):
        return {n: {"kernel": "frozen", "bias": "free"} for n in params}

    tx = optax.multi_transform({"frozen": optax.set_to_zero(), "free": optax.sgd(0.1)}, labels_of)

    def step(params, state, x, labels):
        value, grads = jax.value_and_grad(model.loss)(params, x, labels)
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state, value

    return made(
        step, model, shapes(tx.init, model.params), is_frozen=lambda path: "kernel" in path
    )


@stranger("Flax transfer learning guide", "a frozen backbone, partition by name")
def frozen_backbone():
    model = equal_mlp()
    tx = optax.multi_transform(
        {"trainable": optax.adam(1e-3), "frozen": optax.set_to_zero()},
        {"w0": "frozen", "w1": "frozen", "w2": "trainable", "head": "trainable"},
    )

    def step(params, state, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        updates, state = tx.update(grads, state, params)
        return optax.apply_updates(params, updates), state

    def is_frozen(path):
        return "w0" in path or "w1" in path

    return made(step, model, shapes(tx.init, model.params), is_frozen=is_frozen)


@stranger("Equinox and Haiku partition of parameters", "trained and frozen dicts merged in the loss")
def partitioned():
    model = transformer()
    frozen = {k: model.params[k] for k in ("wte", "wpe")}
    trained = {k: model.params[k] for k in ("block", "lnf", "head")}

    def loss(trained, frozen, *batch):
        return model.loss({**frozen, **trained}, *batch)

    def step(trained, frozen, tokens, labels):
        value, grads = jax.value_and_grad(loss)(trained, frozen, tokens, labels)
        return descend(trained, grads), value

    return JaxStep(step, (trained, frozen, *model.batch), loss, batch=(2, 3))


@stranger("gradual unfreezing (ULMFiT)", "a mask of layers by the step, as factors")
def gradual_unfreezing():
    model = equal_mlp()

    def step(params, count, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        names = ("head", "w2", "w1", "w0")
        free = {n: (count >= 100 * i).astype(jnp.float32) for i, n in enumerate(names)}
        return {n: p - 0.1 * free[n] * grads[n] for n, p in params.items()}, count + 1

    return made(step, model, i32())


@stranger("layer-wise rate decay (BEiT, ELECTRA)", "a rate for each layer")
def layer_rates():
    model = classifier()

    def step(params, lr, x, labels):
        grads = jax.grad(model.loss)(params, x, labels)
        rates = {f"Dense_{i}": lr * 0.8 ** (2 - i) for i in range(3)}
        return {
            n: jax.tree.map(lambda p, g, n=n: p - rates[n] * g, params[n], grads[n])
            for n in params
        }

    return made(step, model, f32())


@stranger("muP (Yang et al.), by hand", "rates by the width of each matrix, Adam")
def mup():
    model = equal_mlp()

    def step(params, v, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g**2, v, grads)
        new = {}
        for n, p in params.items():
            lr = 1e-2 * (8 / p.shape[0])
            new[n] = p - lr * grads[n] / (jnp.sqrt(v[n]) + 1e-8)
        return new, v

    return made(step, model, like(model.params))


@stranger("straight-through quantization (Bengio et al.), AQT", "weights rounded in the forward pass")
def quantization_aware():
    def quantize(w):
        scale = jnp.abs(w).max() / 7
        return w + jax.lax.stop_gradient(jnp.round(w / scale) * scale - w)

    def loss(p, x, y):
        return squared_error(jnp.tanh(x @ quantize(p["w"])) @ quantize(p["head"]), y)

    def step(p, x, y):
        value, grads = jax.value_and_grad(loss)(p, x, y)
        return descend(p, grads), value

    return made(step, Model(loss, BASE, BATCH))


@stranger("BinaryConnect (Courbariaux et al.)", "signs go forward, real weights are clipped")
def binary_connect():
    def signs(p):
        return jax.tree.map(jnp.sign, p)

    def loss(p, x, y):
        return squared_error(jnp.tanh(x @ p["w"]) @ p["head"], y)

    def step(p, x, y):
        grads = jax.grad(loss)(signs(p), x, y)
        return jax.tree.map(lambda w, g: jnp.clip(w - 0.01 * g, -1, 1), p, grads)

    return made(step, Model(loss, BASE, BATCH))
