//===- CegmAttributes.td - Choices that the ops take as attributes --------===//

#ifndef CEGM_DIALECT_CEGM_IR_CEGMATTRIBUTES
#define CEGM_DIALECT_CEGM_IR_CEGMATTRIBUTES

include "cegm/Dialect/Cegm/IR/CegmDialect.td"
include "mlir/IR/EnumAttr.td"

class Cegm_Enum<string name, string summary, list<I32EnumCase> cases>
    : I32Enum<name, summary, cases> {
  let cppNamespace = "::mlir::cegm";
}

class Cegm_EnumAttr<EnumInfo info, string mnemonic, string text>
    : EnumAttr<Cegm_Dialect, info, mnemonic> {
  let description = text;
}

def Cegm_Kernel : Cegm_Enum<"Kernel", "agreement of a gradient with a context", [
  I32EnumCase<"Cosine", 0, "cosine">,
  I32EnumCase<"Inner", 1, "inner">,
  I32EnumCase<"Bilinear", 2, "bilinear">
]>;
def Cegm_KernelAttr : Cegm_EnumAttr<Cegm_Kernel, "kernel", [{
  How the agreement of two feature rows `c` and `g` is measured.

  * `cosine`: `<c, g> / (||c|| ||g||)`, and 0 where either norm is 0.
  * `inner`: `<c, g>` divided by its root mean square over the active tokens.
  * `bilinear`: as `inner`, with `sum_k m_k c_k g_k` for a metric `m`.
}]>;

def Cegm_Weighting : Cegm_Enum<"Weighting", "map from scores to weights", [
  I32EnumCase<"Tanh", 0, "tanh">,
  I32EnumCase<"Linear", 1, "linear">,
  I32EnumCase<"Exp", 2, "exp">,
  I32EnumCase<"Softmax", 3, "softmax">
]>;
def Cegm_WeightingAttr : Cegm_EnumAttr<Cegm_Weighting, "weighting", [{
  How a score `u`, in units of the temperature, becomes a weight at strength
  `lambda`.

  * `tanh`: `1 + lambda tanh(u)`.
  * `linear`: `1 + lambda clamp(u, -1, 1)`.
  * `exp`: `exp(lambda clamp(u, -1, 1))`.
  * `softmax`: `(1 - lambda) + lambda A softmax(u)` over the `A` active tokens
    of the sequence.
}]>;

def Cegm_Sign : Cegm_Enum<"Sign", "which agreement is favoured", [
  I32EnumCase<"Positive", 0, "positive">,
  I32EnumCase<"Negative", 1, "negative">,
  I32EnumCase<"Magnitude", 2, "magnitude">
]>;
def Cegm_SignAttr : Cegm_EnumAttr<Cegm_Sign, "sign", [{
  Whether a token gains weight by a high score (`positive`), a low score
  (`negative`) or a score far from zero (`magnitude`).
}]>;

def Cegm_Normalization : Cegm_Enum<"Normalization", "scale of the weights", [
  I32EnumCase<"Mean", 0, "mean">,
  I32EnumCase<"None", 1, "none">
]>;
def Cegm_NormalizationAttr : Cegm_EnumAttr<Cegm_Normalization, "normalization", [{
  Whether weights are divided by their mean over the active tokens (`mean`) or
  left as they are (`none`).
}]>;

#endif // CEGM_DIALECT_CEGM_IR_CEGMATTRIBUTES
