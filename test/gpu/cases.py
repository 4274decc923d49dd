"""The functions that the GPU tests compile, check and measure.

A `Case` is one function of one cegm op on tensors, with what the float64
reference needs to know of it. Cases of one group are compiled into one library.
Nothing here needs more than the standard library, so that it also runs on a
machine that has a GPU but no MLIR.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Optional, Sequence

ELEMENTS = ("f16", "bf16", "f32", "f64")


@dataclasses.dataclass(frozen=True)
class Case:
    """One `cegm.entangle` over tensors of `batch x sequence x features`.

    `context_order` and `gradient_order` say where the dimensions (tokens, then
    features) lie in the tensors. Special rows are put into the data if `special`.
    `strength` None is an argument of the function, then of `strength_given`.
    """

    name: str
    tokens: tuple[int, ...] = (3, 48)
    features: tuple[int, ...] = (64,)
    input_features: tuple[int, ...] = (24,)
    context: str = "f32"
    gradient: str = "f32"
    input: str = "f32"
    context_order: Optional[tuple[int, ...]] = None
    gradient_order: Optional[tuple[int, ...]] = None
    kernel: str = "cosine"
    windows: tuple[int, ...] = (1, 16, 128)
    decay: float = 1.0
    coupling: float = 0.0
    parents: int = 0
    weighting: str = "tanh"
    temperature: float = 0.1
    sign: str = "positive"
    normalization: str = "mean"
    strength: Optional[float] = 0.1
    strength_given: float = 0.15
    special: bool = False

    @property
    def any_strength(self) -> float:
        """The strength, however the function gets it."""
        return self.strength_given if self.strength is None else self.strength

    @property
    def score(self) -> str:
        """The element type of scores."""
        return "f64" if "f64" in (self.context, self.gradient) else "f32"

    def order(self, which: str) -> tuple[int, ...]:
        """The dimension of the tensor in which each token and feature dimension
        lies."""
        order = self.context_order if which == "context" else self.gradient_order
        return order or tuple(range(len(self.tokens) + len(self.features)))

    def shape(self, which: str) -> tuple[int, ...]:
        """The shape of the `context`, `gradient` or `input` tensor."""
        if which == "input":
            return self.tokens + self.input_features
        sizes = self.tokens + self.features
        shape = [0] * len(sizes)
        for size, dim in zip(sizes, self.order(which)):
            shape[dim] = size
        return tuple(shape)

    def dims(self, which: str) -> tuple[list[int], list[int]]:
        """The token and feature dimensions of a tensor."""
        order = self.order(which)
        count = len(self.tokens)
        return list(order[:count]), list(order[count:])

    def arguments(self) -> list[tuple[str, tuple[int, ...], str]]:
        """Name, shape and element type of each argument."""
        result = [("input", self.shape("input"), self.input)]
        result.append(("context", self.shape("context"), self.context))
        result.append(("gradient", self.shape("gradient"), self.gradient))
        if self.strength is None:
            result.append(("strength", (), self.score))
        if self.kernel == "bilinear":
            result.append(("metric", self.features, "f32"))
        for parent in range(self.parents):
            result.append((f"parent{parent}", self.tokens, self.score))
        return result

    def results(self) -> list[tuple[str, tuple[int, ...], str]]:
        """Name, shape and element type of each result."""
        return [
            ("entangled", self.shape("input"), self.input),
            ("scores", self.tokens, self.score),
            ("active", self.tokens, "i1"),
            ("weights", self.tokens, self.score),
        ]

    def text(self) -> str:
        """The function, in MLIR."""

        def tensor(shape: Sequence[int], element: str) -> str:
            return f"tensor<{''.join(f'{size}x' for size in shape)}{element}>"

        arguments = self.arguments()
        results = ", ".join(tensor(s, e) for _, s, e in self.results())
        signature = ", ".join(f"%{n}: {tensor(s, e)}" for n, s, e in arguments)
        scalar = tensor((), self.score)
        lines = [
            f"func.func @{self.name}({signature}) -> ({results})",
            "    attributes {llvm.emit_c_interface} {",
        ]
        if self.strength is not None:
            lines.append(
                f"  %strength = arith.constant dense<{self.strength:e}> : {scalar}"
            )
        operands = ["%input", "%context", "%gradient", "%strength"]
        types = [tensor(s, e) for _, s, e in arguments[:3]] + [scalar]
        clauses = ""
        if self.kernel == "bilinear":
            clauses += " metric(%metric)"
            types.append(tensor(self.features, "f32"))
        if self.parents:
            names = ", ".join(f"%parent{p}" for p in range(self.parents))
            clauses += f" parents({names})"
            types += [tensor(self.tokens, self.score)] * self.parents
        tokens = [list(range(len(self.tokens)))]
        tokens += [self.dims("context")[0], self.dims("gradient")[0]]
        features = [self.dims("context")[1], self.dims("gradient")[1]]
        lines += [
            f"  %r:4 = cegm.entangle {', '.join(operands)}{clauses}",
            f"      tokens = {' x '.join(map(str, tokens))}"
            f" features = {' x '.join(map(str, features))}",
            f"      kernel = {self.kernel} windows = {list(self.windows)}"
            f" decay = {self.decay:e} coupling = {self.coupling:e}",
            f"      weighting = {self.weighting} temperature = {self.temperature:e}"
            f" sign = {self.sign} normalization = {self.normalization}",
            f"      : ({', '.join(types)}) -> ({results})",
            f"  return %r#0, %r#1, %r#2, %r#3 : {results}",
            "}",
        ]
        return "\n".join(lines)


def _weighting_cases() -> list[Case]:
    return [
        Case(
            f"{weighting}_{sign}_{normalization}",
            tokens=(3, 20),
            features=(32,),
            input_features=(8,),
            windows=(1, 4),
            weighting=weighting,
            sign=sign,
            normalization=normalization,
            special=True,
        )
        for weighting in ("tanh", "linear", "exp", "softmax")
        for sign in ("positive", "negative", "magnitude")
        for normalization in ("mean", "none")
    ]


def _element_cases() -> list[Case]:
    cases = []
    for element in ELEMENTS:
        for kernel in ("cosine", "inner", "bilinear"):
            cases.append(
                Case(
                    f"{kernel}_{element}",
                    context=element,
                    gradient=element,
                    input=element,
                    kernel=kernel,
                    special=True,
                )
            )
    cases.append(Case("mixed", context="f32", gradient="bf16", input="f16", special=True))
    cases.append(Case("wide_context", context="f64", gradient="f32", special=True))
    return cases


def _shape_cases() -> list[Case]:
    def case(name: str, **values: object) -> Case:
        return Case(name, special=True, **values)  # type: ignore[arg-type]

    return [
        case("one_feature", features=(1,), input_features=(1,)),
        case("three_features", features=(3,), input_features=(5,)),
        case("odd_features", features=(77,), input_features=(33,)),
        case("even_features", features=(130,), input_features=(66,)),
        case("many_features", tokens=(2, 32), features=(4100,), input_features=(2050,)),
        case("many_bf16", tokens=(2, 32), features=(4096,), context="bf16", gradient="bf16"),
        case("two_feature_dims", features=(4, 24), input_features=(2, 12)),
        case("rank_one", tokens=(96,)),
        case("rank_three", tokens=(2, 3, 32)),
        case("one_token", tokens=(1, 1)),
        case("ragged", tokens=(2, 50)),
        case("ragged_long", tokens=(2, 300), features=(512,)),
        case("prime", tokens=(3, 37), features=(100,)),
        case("many_groups", tokens=(24, 256), features=(32,), input_features=(16,)),
        case("long_groups", tokens=(300, 128), features=(8,), input_features=(8,)),
        case(
            "heads",
            tokens=(2, 32),
            features=(3, 16),
            context_order=(0, 2, 1, 3),
            gradient_order=(0, 1, 2, 3),
        ),
        case("features_first", context_order=(1, 2, 0), gradient_order=(0, 2, 1)),
        case("sequence_first", context_order=(1, 0, 2), gradient_order=(1, 0, 2)),
    ]


def _window_cases() -> list[Case]:
    windows = {
        "tokens_only": (1,),
        "whole_only": (0,),
        "tokens_and_whole": (1, 0),
        "fine": (2, 4, 8),
        "coprime": (3, 5),
        "partly_divided": (1, 16, 24, 0),
        "seventeen": (17,),
        "beyond_group": (1, 16, 160, 0),
        "large_only": (200,),
    }
    cases = [
        Case(
            f"windows_{name}_{kernel}",
            tokens=(2, 330),
            features=(40,),
            windows=value,
            kernel=kernel,
            decay=0.5,
            special=True,
        )
        for name, value in windows.items()
        for kernel in ("cosine", "inner")
    ]
    return cases


def _other_cases() -> list[Case]:
    return [
        Case("parents", parents=2, coupling=0.25, special=True),
        Case("parents_f64", context="f64", parents=1, coupling=0.5, special=True),
        Case("strength_argument", strength=None, special=True),
        Case("strength_argument_f64", gradient="f64", strength=None, special=True),
        Case("strength_zero", strength=None, strength_given=0.0, special=True),
        Case("strength_large", strength=0.9, weighting="exp"),
    ]


def check_groups() -> dict[str, list[Case]]:
    """The cases whose numbers are checked, by group."""
    return {
        "weightings": _weighting_cases(),
        "elements": _element_cases(),
        "shapes": _shape_cases(),
        "windows": _window_cases(),
        "others": _other_cases(),
    }


BENCHMARK_SIZES = ((8, 256, 512), (8, 1024, 1024), (32, 2048, 1024), (32, 2048, 4096))


def benchmark_group() -> list[Case]:
    """The cases that are measured: default formulas, every tensor of one size."""
    return [
        Case(
            f"bench_{element}_{'x'.join(map(str, size))}",
            tokens=size[:2],
            features=size[2:],
            input_features=size[2:],
            context=element,
            gradient=element,
            input=element,
        )
        for element in ("f32", "bf16")
        for size in BENCHMARK_SIZES
    ]


def bytes_needed(case: Case) -> int:
    """The bytes that the formulas read and write, each tensor once."""
    size = {"f16": 2, "bf16": 2, "f32": 4, "f64": 8, "i1": 1}
    total = 0
    for name, shape, element in case.arguments() + case.results():
        del name
        total += math.prod(shape) * size[element]
    return total
