"""What a mutant is run through, with random options."""

import random

_CHOICES = {
    "kernel": ("cosine", "inner"),
    "windows": ("1", "0", "1,0", "1,16,128", "2,3", "1,2,4,8,0", "5,1024"),
    "decay": ("0.0", "0.5", "1.0", "2.0"),
    "coupling": ("0.0", "0.3", "0.9"),
    "weighting": ("tanh", "linear", "exp", "softmax"),
    "temperature": ("0.1", "1.0", "1e-30"),
    "sign": ("positive", "negative", "magnitude"),
    "normalize": ("mean", "none"),
    "across-devices": ("true", "false"),
    "apply": ("weight", "flow"),
    "context": ("input", "output"),
    "radial": ("keep", "remove"),
    "strength-arg": ("true", "false"),
    "keep-order": ("true", "false"),
    "audit": ("true", "false"),
    "audit-gradients": ("true", "false"),
    "mode": ("audit", "canary", "full"),
    "canary-share": ("0.1", "0.5", "1.0"),
}
_SELECTION = {
    "sites": ("dense", "embedding", "dense,embedding"),
    "include": ("0", "1", "w*", "*", "0,1,2"),
    "exclude": ("0", "1", "*emb*"),
    "parameters": ("0,1", "*", "0,1,2,3"),
    "sequence-length": ("0", "1", "5", "7"),
    "max-sites": ("-1", "0", "1", "2"),
}


def _options(choices: dict[str, tuple[str, ...]], share: float, rng: random.Random) -> str:
    return " ".join(
        f"{name}={{{value}}}" if "," in value else f"{name}={value}"
        for name, values in choices.items()
        for value in [rng.choice(values)]
        if rng.random() < share
    )


def _inject(rng: random.Random, step: str) -> str:
    options = f"strength={rng.choice(('0.0', '0.1', '0.5', '0.9'))} "
    # Without the audit there is more that can be lowered.
    options += _options(_CHOICES, rng.choice((0.1, 0.4)), rng)
    options += " " + _options(_SELECTION, 0.08, rng)
    # A step that returns gradients has no sites without it.
    if step in ("gradients-only", "gradients_only_mlp", "per-example", "per_example_mlp"):
        options += " parameters={*}"
    return f"inject-entanglement{{{options.strip()}}}"


def cheap(rng: random.Random, step: str) -> list[str]:
    """Every pass by itself, and the conversions after an injection."""
    inject = _inject(rng, step)
    explain = _options(_SELECTION, 0.15, rng)
    if rng.random() < 0.5:
        explain += " format=json"
    return [
        "canonicalize,cse",
        f"explain-entanglement{{{explain.strip()}}}",
        inject,
        f"{inject},convert-cegm-to-stablehlo,canonicalize,cse",
        f"{_inject(rng, step)},convert-cegm-to-linalg,convert-stablehlo-to-linalg",
        "convert-stablehlo-to-linalg",
        "any(order-contractions)",
        f"{_inject(rng, step)},any(cegm-decompose-entangle)",
    ]


def costly(rng: random.Random, step: str) -> list[str]:
    """The pipelines to machine code."""
    inject = _inject(rng, step)
    native = rng.choice(("", "{donate=false}", "{blas=true}", "{threads=1}"))
    return [
        f"{inject},cegm-to-llvm{native}",
        f"cegm-to-llvm{native}",
        f"{_inject(rng, step)},cegm-to-nvvm{{chip=sm_90}}",
        f"{inject},convert-cegm-to-custom-call",
    ]
