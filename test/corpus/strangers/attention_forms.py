"""Products of activations that have the form of a layer or of its gradient."""

import jax
import jax.numpy as jnp

from corpus.cases.blocks import B, C, D, F, S, cross_entropy, f32, i32, squared_error
from corpus.strangers import stranger
from corpus.strangers.models import E, N, Model, descend, made

DATA = f32(B, S, D), f32(B, C)


def trained(loss, params, *batch, **fields):
    """One step of SGD that returns the parameters and the loss."""

    def step(params, *batch):
        value, grads = jax.value_and_grad(loss)(params, *batch)
        return descend(params, grads), value

    return made(step, Model(loss, params, batch), **fields)


@stranger("attention pooling in many Kaggle notebooks", "softmax(x @ w) pools x")
def attention_pooling():
    def loss(p, x, y):
        a = jax.nn.softmax(x @ p["w"], axis=1)
        pooled = jnp.einsum("bsn,bsd->bnd", a, x)
        return squared_error(pooled.reshape(B, -1) @ p["head"], y)

    return trained(loss, {"w": f32(D, 3), "head": f32(3 * D, C)}, *DATA)


@stranger("additive attention pooling (Yang et al.)", "tanh layer, a query vector")
def additive_pooling():
    def loss(p, x, y):
        h = jnp.tanh(x @ p["w"] + p["b"])
        a = jax.nn.softmax(h @ p["query"], axis=1)
        return squared_error(jnp.einsum("bs,bsd->bd", a, x) @ p["head"], y)

    params = {"w": f32(D, F), "b": f32(F), "query": f32(F), "head": f32(D, C)}
    return trained(loss, params, *DATA)


@stranger("NetVLAD (Arandjelovic et al.)", "soft assignment, residuals to centres")
def net_vlad():
    def loss(p, x, y):
        a = jax.nn.softmax(x @ p["assign"], axis=-1)
        vlad = jnp.einsum("bsk,bsd->bkd", a, x) - a.sum(1)[..., None] * p["centers"]
        vlad = vlad / (jnp.linalg.norm(vlad, axis=-1, keepdims=True) + 1e-6)
        return squared_error(vlad.reshape(B, -1) @ p["head"], y)

    params = {"assign": f32(D, 3), "centers": f32(3, D), "head": f32(3 * D, C)}
    return trained(loss, params, *DATA)


@stranger("TokenLearner (Ryoo et al.)", "maps of sigmoids, a gate each")
def token_learner():
    def loss(p, x, y):
        gates = jax.nn.sigmoid(jax.nn.gelu(x @ p["w1"]) @ p["w2"])
        tokens = jnp.einsum("bsk,bsd->bkd", gates, x) / S
        return squared_error(jnp.tanh(tokens @ p["mix"]).mean(1) @ p["head"], y)

    params = {"w1": f32(D, F), "w2": f32(F, 3), "mix": f32(D, E), "head": f32(E, C)}
    return trained(loss, params, *DATA)


@stranger("soft mixture of experts (Puigcerver et al.)", "dispatch and combine by softmax")
def soft_moe():
    def loss(p, x, y):
        logits = jnp.einsum("bsd,dk->bsk", x, p["phi"])
        dispatch, combine = jax.nn.softmax(logits, 1), jax.nn.softmax(logits, 2)
        slots = jnp.einsum("bsk,bsd->bkd", dispatch, x)
        out = jnp.tanh(jnp.einsum("bkd,kdf->bkf", slots, p["up"]))
        out = jnp.einsum("bkf,kfd->bkd", out, p["down"])
        return squared_error(jnp.einsum("bsk,bkd->bsd", combine, out).mean(1) @ p["head"], y)

    params = {"phi": f32(D, 3), "up": f32(3, D, F), "down": f32(3, F, D), "head": f32(D, C)}
    return trained(loss, params, *DATA)


@stranger("memory slots (Sukhbaatar et al., end-to-end memory)", "pooled, contracted again")
def memory_hops():
    def loss(p, x, y):
        u = x.mean(1) @ p["query"]
        for _ in range(2):
            a = jax.nn.softmax(jnp.einsum("bsd,dk,bk->bs", x, p["key"], u))
            u = u + jnp.einsum("bs,bsd->bd", a, x) @ p["value"]
        return squared_error(u @ p["head"], y)

    params = {"query": f32(D, E), "key": f32(D, E), "value": f32(D, E), "head": f32(E, C)}
    return trained(loss, params, *DATA)


@stranger("linear attention (Katharopoulos et al.)", "k.T @ (k @ W) without the softmax")
def linear_attention_inside():
    def loss(p, x, y):
        k = jax.nn.elu(x @ p["k"]) + 1
        context = jnp.einsum("bsk,bsd->bkd", k, k @ p["v"])
        return squared_error(jnp.einsum("bsk,bkd->bsd", k, context).mean(1) @ p["head"], y)

    return trained(loss, {"k": f32(D, E), "v": f32(E, F), "head": f32(F, C)}, *DATA)


@stranger("linear attention, one example, raw inputs", "x.T @ (x @ w)")
def gram_times_weight():
    def loss(p, x, y):
        def one(x, y):
            return squared_error(jnp.tanh(x.T @ (x @ p["w"])).mean(0) @ p["head"], y)

        return jax.vmap(one)(x, y).mean()

    return trained(loss, {"w": f32(D, F), "head": f32(F, C)}, *DATA)


@stranger("slot attention (Locatello et al.)", "two iterations, normalised over slots")
def slot_attention():
    def loss(p, x, y):
        k, v = x @ p["k"], x @ p["v"]
        slots = jnp.broadcast_to(p["slots"], (B, 3, E))
        for _ in range(2):
            a = jax.nn.softmax(jnp.einsum("bnk,bsk->bns", slots @ p["q"], k), axis=1)
            a = a / (a.sum(-1, keepdims=True) + 1e-6)
            slots = slots + jnp.tanh(jnp.einsum("bns,bsk->bnk", a, v) @ p["update"])
        return squared_error(slots.reshape(B, -1) @ p["head"], y)

    params = {
        "k": f32(D, E), "v": f32(D, E), "q": f32(E, E), "update": f32(E, E),
        "slots": f32(3, E), "head": f32(3 * E, C),
    }
    return trained(loss, params, *DATA)


@stranger("Perceiver (Jaegle et al.)", "learned latents attend to the inputs")
def perceiver():
    def loss(p, x, y):
        q = p["latents"] @ p["q"]
        a = jax.nn.softmax(jnp.einsum("lk,bsk->bls", q, x @ p["k"]))
        z = jnp.einsum("bls,bsk->blk", a, x @ p["v"])
        return squared_error(jnp.tanh(z @ p["o"]).mean(1) @ p["head"], y)

    params = {
        "latents": f32(3, F), "q": f32(F, E), "k": f32(D, E), "v": f32(D, E),
        "o": f32(E, F), "head": f32(F, C),
    }
    return trained(loss, params, *DATA)


@stranger("gMLP (Liu et al.)", "a spatial gate over the sequence")
def spatial_gate():
    def loss(p, x, y):
        u, v = jnp.split(jax.nn.gelu(x @ p["up"]), 2, axis=-1)
        v = jnp.einsum("bsf,st->btf", v, p["spatial"]) + p["bias"][None, :, None]
        return squared_error(((u * v) @ p["down"]).mean(1) @ p["head"], y)

    params = {
        "up": f32(D, 2 * E), "spatial": f32(S, S), "bias": f32(S), "down": f32(E, D),
        "head": f32(D, C),
    }
    return trained(loss, params, *DATA)


@stranger("bilinear layer (torch.nn.Bilinear)", "two inputs, one tensor")
def bilinear():
    def loss(p, x, y):
        a, b = x @ p["a"], x @ p["b"]
        return squared_error(jnp.einsum("bsi,ijo,bsj->bso", a, p["w"], b).mean(1), y)

    return trained(loss, {"a": f32(D, E), "b": f32(D, F), "w": f32(E, F, C)}, *DATA)


@stranger("FiLM (Perez et al.)", "scale and shift made from a condition")
def film():
    def loss(p, x, c, y):
        gamma, beta = jnp.split(c @ p["film"], 2, axis=-1)
        h = jnp.tanh(gamma[:, None] * (x @ p["w"]) + beta[:, None])
        return squared_error(h.mean(1) @ p["head"], y)

    params = {"film": f32(E, 2 * F), "w": f32(D, F), "head": f32(F, C)}
    return trained(loss, params, f32(B, S, D), f32(B, E), f32(B, C))


@stranger("squeeze and excitation (Hu et al.)", "channels scaled by a bottleneck")
def squeeze_excite():
    def loss(p, x, y):
        h = jax.nn.relu(x @ p["w"])
        s = jax.nn.sigmoid(jax.nn.relu(h.mean(1) @ p["down"]) @ p["up"])
        return squared_error((h * s[:, None]).mean(1) @ p["head"], y)

    params = {"w": f32(D, F), "down": f32(F, 3), "up": f32(3, F), "head": f32(F, C)}
    return trained(loss, params, *DATA)


@stranger("hypernetworks (Ha et al.)", "the weight of a layer is the output of another")
def hypernetwork():
    def loss(p, x, c, y):
        w = (jnp.tanh(c @ p["h1"]) @ p["h2"]).reshape(B, D, E)
        return squared_error(jnp.tanh(jnp.einsum("bsd,bde->bse", x, w)).mean(1) @ p["head"], y)

    params = {"h1": f32(C, F), "h2": f32(F, D * E), "head": f32(E, C)}
    return trained(loss, params, f32(B, S, D), f32(B, C), f32(B, C))


@stranger("decorrelation of features (Cogswell et al.)", "off-diagonal covariance in the loss")
def decorrelated():
    def loss(p, x, y):
        h = jnp.tanh(x @ p["w"])
        z = h - h.mean(0)
        cov = z.T @ z / N
        penalty = jnp.sum(cov**2) - jnp.sum(jnp.diag(cov) ** 2)
        return squared_error(h @ p["head"], y) + 0.1 * penalty

    return trained(loss, {"w": f32(D, F), "head": f32(F, C)}, f32(N, D), f32(N, C))


@stranger("CKA as a loss (Kornblith et al.)", "x.T @ h against a teacher's features")
def cka():
    def loss(p, x, t):
        h = x @ p["w"]
        cross = jnp.sum((h.T @ t) ** 2)
        return -cross / (jnp.linalg.norm(h.T @ h) * jnp.linalg.norm(t.T @ t) + 1e-6)

    return trained(loss, {"w": f32(D, F)}, f32(N, D), f32(N, C))


@stranger("features of inputs against outputs", "x.T @ tanh(x @ w) in the loss")
def input_output_covariance():
    def loss(p, x, y):
        h = jnp.tanh(x @ p["w"])
        return squared_error(h @ p["head"], y) + jnp.mean((x.T @ h / N) ** 2)

    return trained(loss, {"w": f32(D, F), "head": f32(F, C)}, f32(N, D), f32(N, C))


@stranger("squeeze of a sequence by a learned matrix (Linformer)", "keys projected over time")
def linformer():
    def loss(p, x, y):
        k = jnp.einsum("bsd,sk->bkd", x @ p["k"], p["e"])
        v = jnp.einsum("bsd,sk->bkd", x @ p["v"], p["e"])
        a = jax.nn.softmax((x @ p["q"]) @ k.transpose(0, 2, 1))
        return squared_error((a @ v).mean(1) @ p["head"], y)

    params = {"q": f32(D, E), "k": f32(D, E), "v": f32(D, E), "e": f32(S, 3), "head": f32(E, C)}
    return trained(loss, params, *DATA)


@stranger("MLP-Mixer (Tolstikhin et al.)", "tokens mixed by transposes")
def mixer():
    def loss(p, x, y):
        t = x.transpose(0, 2, 1)
        x = x + (jax.nn.gelu(t @ p["t1"]) @ p["t2"]).transpose(0, 2, 1)
        x = x + jax.nn.gelu(x @ p["c1"]) @ p["c2"]
        return squared_error(x.mean(1) @ p["head"], y)

    params = {
        "t1": f32(S, E), "t2": f32(E, S), "c1": f32(D, F), "c2": f32(F, D), "head": f32(D, C),
    }
    return trained(loss, params, *DATA)


@stranger("multi-head latent attention (DeepSeek-V2)", "keys and values from one narrow product")
def latent_attention():
    def loss(p, x, y):
        c = x @ p["down"]
        k, v = c @ p["k"], c @ p["v"]
        a = jax.nn.softmax(jnp.einsum("bsk,btk->bst", (x @ p["q1"]) @ p["q2"], k))
        return squared_error(jnp.tanh(jnp.einsum("bst,btk->bsk", a, v)).mean(1) @ p["head"], y)

    params = {
        "down": f32(D, 3), "k": f32(3, E), "v": f32(3, E), "q1": f32(D, 4), "q2": f32(4, E),
        "head": f32(E, C),
    }
    return trained(loss, params, *DATA)


@stranger("causal mask by NumPy (nanoGPT ports)", "np.tril of ones, a constant of the step")
def numpy_mask():
    import numpy as np

    mask = np.tril(np.ones((S, S), bool))

    def loss(p, x, labels):
        q, k, v = (x @ p[name] for name in "qkv")
        scores = jnp.where(mask, q @ k.transpose(0, 2, 1), -1e9)
        return cross_entropy(jax.nn.softmax(scores) @ v @ p["head"], labels)

    params = {"q": f32(D, E), "k": f32(D, E), "v": f32(D, E), "head": f32(E, C)}
    return trained(loss, params, f32(B, S, D), i32(B, S))


@stranger("dense experts by einsum (Switch, small)", "top one by one-hot, all experts run")
def one_hot_experts():
    def loss(p, x, y):
        gates = jax.nn.softmax(x @ p["router"])
        chosen = jax.nn.one_hot(gates.argmax(-1), 3) * gates
        h = jnp.tanh(jnp.einsum("bsd,kdf->bskf", x, p["up"]))
        out = jnp.einsum("bskf,kfd,bsk->bsd", h, p["down"], chosen)
        return squared_error(out.mean(1) @ p["head"], y)

    params = {"router": f32(D, 3), "up": f32(3, D, F), "down": f32(3, F, D), "head": f32(D, C)}
    return trained(loss, params, *DATA)


@stranger("graph convolution (Kipf and Welling)", "a dense adjacency on both layers")
def graph_convolution():
    def loss(p, x, adjacency, labels):
        h = jax.nn.relu(adjacency @ (x @ p["w1"]))
        return cross_entropy(adjacency @ (h @ p["w2"]), labels)

    return trained(loss, {"w1": f32(D, F), "w2": f32(F, C)}, f32(N, D), f32(N, N), i32(N))


@stranger("DeepSets (Zaheer et al.)", "a sum over the set between two nets")
def deep_sets():
    def loss(p, x, y):
        h = jax.nn.relu(jax.nn.relu(x @ p["phi1"]) @ p["phi2"]).sum(1)
        return squared_error(jax.nn.relu(h @ p["rho1"]) @ p["rho2"], y)

    params = {"phi1": f32(D, F), "phi2": f32(F, E), "rho1": f32(E, F), "rho2": f32(F, C)}
    return trained(loss, params, *DATA)
