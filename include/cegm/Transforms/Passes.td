//===- Passes.td - Passes on training graphs ---------------*- tablegen -*-===//

#ifndef CEGM_TRANSFORMS_PASSES
#define CEGM_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

/// Which sites a pass speaks of; the injection and the report share these, so
/// that one shows what the other does.
defvar selectionOptions = [
  Option<"context", "context", "ContextPair", "ContextPair::Input",
         "The pair of vectors that a token's gradient is scored with; the other "
         "pair is used where the graph does not compute this one",
         [{::llvm::cl::values(
           clEnumValN(ContextPair::Input, "input",
                      "the input X and this site's own input gradient dX"),
           clEnumValN(ContextPair::Output, "output",
                      "the output Y and its gradient dY"))}]>,
  ListOption<"sites", "sites", "std::string",
             "Kinds of sites to re-weight, all if empty: 'dense' (contractions "
             "of activations with a parameter), 'embedding' (lookups in a "
             "table)">,
  ListOption<"include", "include", "std::string",
             "Only parameters whose name contains one of these texts (a * "
             "stands for any text), or whose argument index is one of these "
             "numbers. ['hid']['kernel'], hid.kernel and hid/kernel are the "
             "same">,
  ListOption<"exclude", "exclude", "std::string",
             "All but these parameters; names and numbers as in include">,
  ListOption<"parameters", "parameters", "std::string",
             "The arguments that are parameters; names and numbers as in "
             "include. For steps from which the graph cannot tell: those that "
             "return gradients and no new parameters. All other arguments of "
             "floating-point type are then data">,
  Option<"sequenceLength", "sequence-length", "int64_t", "0",
         "Length of a sequence: where batch and sequence are one dimension and "
         "no reshape says what they were, the inner part of it; where they are "
         "apart, the dimension of that size is the sequence, wherever it "
         "stands. 0 for what the graph says">,
  Option<"maxSites", "max-sites", "int64_t", "-1",
         "At most this many sites, in the order of the report (a canary); -1 "
         "for all">
];

def InjectEntanglementPass : Pass<"inject-entanglement", "::mlir::ModuleOp"> {
  let summary = "re-weight the parameter gradients of a train step by context";
  let description = [{
    Finds by dataflow where a train step computes the gradients of its
    parameters, and re-weights there each token's part by how well its gradient
    agrees with its context.

    Before (a dense layer's weight gradient, as JAX emits it):

    ```mlir
    %dw_t = stablehlo.dot_general %dy, %x, contracting_dims = [0, 1] x [0, 1]
    %dw = stablehlo.transpose %dw_t, dims = [1, 0]
    %dx = stablehlo.dot_general %dy, %w, contracting_dims = [2] x [1]
    ```

    After:

    ```mlir
    %strength = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %dx = stablehlo.dot_general %dy, %w, contracting_dims = [2] x [1]
    %e, %scores, %active, %weights = cegm.entangle %dy, %x, %dx, %strength ...
    %dw = stablehlo.dot_general %x, %e, contracting_dims = [0, 1] x [0, 1]
    ```

    The contraction is written in the order that the parameter wants, so that
    the frontend's transpose goes (`keep-order` leaves it). With
    `--convert-cegm-to-stablehlo` after it, the result is StableHLO only.

    Decisions are reported as remarks of the category `entanglement`: `passed`
    for each re-weighted site, `missed` for each parameter or site that is left
    alone, with a stable code.

    It is an error if the module has no entry function, if no gradient of a
    parameter is found or left by the filters, if the module was injected
    before, or if an option is out of range. `strength=0` leaves the module as
    it is.
  }];
  let options = [
    Option<"strength", "strength", "double", "0.1",
           "Strength lambda of the re-weighting, in [0, 1)">,
    Option<"kernel", "kernel", "Kernel", "Kernel::Cosine",
           "How the agreement of gradient and context is measured",
           [{::llvm::cl::values(
             clEnumValN(Kernel::Cosine, "cosine", "the cosine of the angle"),
             clEnumValN(Kernel::Inner, "inner",
                        "the inner product, divided by its root mean square"))}]>,
    ListOption<"windows", "windows", "int64_t",
               "Sizes of the windows of the sequence whose averages are scored, "
               "ascending; 0, only as the last, is the whole sequence. Default: "
               "1,16,128">,
    Option<"decay", "decay", "double", "1.0",
           "Factor from the share of one level of windows to that of the next">,
    Option<"coupling", "coupling", "double", "0.0",
           "Share of the next deeper layer's scores in a site's score, in "
           "[0, 1)">,
    Option<"weighting", "weighting", "Weighting", "Weighting::Tanh",
           "Map from scores to weights",
           [{::llvm::cl::values(
             clEnumValN(Weighting::Tanh, "tanh", "1 + strength tanh(u)"),
             clEnumValN(Weighting::Linear, "linear",
                        "1 + strength clamp(u, -1, 1)"),
             clEnumValN(Weighting::Exp, "exp",
                        "exp(strength clamp(u, -1, 1))"),
             clEnumValN(Weighting::Softmax, "softmax",
                        "1 - strength + strength A softmax(u) over the A "
                        "active tokens of a sequence"))}]>,
    Option<"temperature", "temperature", "double", "0.1",
           "Scale of the scores: u = score / temperature">,
    Option<"sign", "sign", "Sign", "Sign::Positive",
           "Which scores gain weight",
           [{::llvm::cl::values(
             clEnumValN(Sign::Positive, "positive", "high scores"),
             clEnumValN(Sign::Negative, "negative", "low scores"),
             clEnumValN(Sign::Magnitude, "magnitude",
                        "scores far from zero"))}]>,
    Option<"normalization", "normalize", "Normalization",
           "Normalization::Mean",
           "What the weights are divided by",
           [{::llvm::cl::values(
             clEnumValN(Normalization::Mean, "mean",
                        "their mean over the active tokens"),
             clEnumValN(Normalization::None, "none", "nothing"))}]>,
    Option<"acrossDevices", "across-devices", "bool", "false",
           "Inside of manual computations: means and counts over the tokens of "
           "all devices that the tokens of a site are divided among, instead "
           "of over those of each device">,
    Option<"apply", "apply", "Apply", "Apply::Weight",
           "Which gradients are re-weighted",
           [{::llvm::cl::values(
             clEnumValN(Apply::Weight, "weight", "that of the parameter"),
             clEnumValN(Apply::Flow, "flow",
                        "that of the input too, so that it reaches the earlier "
                        "layers"))}]>,
    Option<"radial", "radial", "Radial", "Radial::Keep",
           "The part of a gradient's change that lies along the parameter",
           [{::llvm::cl::values(
             clEnumValN(Radial::Keep, "keep", "leave it"),
             clEnumValN(Radial::Remove, "remove",
                        "subtract it; costs the plain contraction"))}]>,
    Option<"strengthArg", "strength-arg", "bool", "false",
           "Add the strength as a scalar input, after all others, instead of a "
           "constant">,
    Option<"keepOrder", "keep-order", "bool", "false",
           "Keep the frontend's order of the operands of a contraction">,
    Option<"audit", "audit", "bool", "false",
           "Add a result, after all others: one row of metrics per site">,
    Option<"auditGradients", "audit-gradients", "bool", "false",
           "Add to the rows of the audit how the gradient of the parameter "
           "changes; costs the plain contraction, and the re-weighted one where "
           "the step does not use it. Implies audit">,
    Option<"mode", "mode", "Mode", "Mode::Full",
           "How far the entanglement goes",
           [{::llvm::cl::values(
             clEnumValN(Mode::Audit, "audit",
                        "metrics only: every other result stays as it is"),
             clEnumValN(Mode::Canary, "canary",
                        "re-weight some of the sites, see canary-share; the "
                        "audit covers all of them"),
             clEnumValN(Mode::Full, "full", "re-weight all sites"))}]>,
    Option<"canaryShare", "canary-share", "double", "0.1",
           "Share of the sites that mode=canary re-weights, spread evenly over "
           "the report, one at least; in (0, 1]">
  ] # selectionOptions;
  let statistics = [
    Statistic<"denseSites", "dense-sites", "Contractions re-weighted">,
    Statistic<"embeddingSites", "embedding-sites", "Scatters re-weighted">,
    Statistic<"skippedParameters", "skipped-parameters",
              "Trained parameters without a site">,
    Statistic<"inlinedCalls", "inlined-calls",
              "Calls inlined because they parted a gradient from its context">
  ];
  let dependentDialects = ["::mlir::cegm::CegmDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ExplainEntanglementPass : Pass<"explain-entanglement", "::mlir::ModuleOp"> {
  let summary = "report which gradients can be re-weighted, and why others not";
  let description = [{
    Writes a report to standard output, before the module: one row for each
    contraction or scatter that `--inject-entanglement` with the same options
    would re-weight, and one for each trained parameter or candidate that it
    would not, with a stable code and the reason. Use `-o /dev/null` to see the
    report alone. The module stays as it is.

    With `format=json` the report is one JSON object:
    `{"version": 1, "entry": ..., "sites": [...], "skipped": [...]}`.
  }];
  let options = [
    Option<"format", "format", "ReportFormat", "ReportFormat::Table",
           "How the report is written",
           [{::llvm::cl::values(
             clEnumValN(ReportFormat::Table, "table", "a table for people"),
             clEnumValN(ReportFormat::Json, "json",
                        "a JSON object for programs"))}]>
  ] # selectionOptions;
}

def OrderContractionsPass : Pass<"order-contractions"> {
  let summary = "fold a transpose into the contraction that it follows";
  let description = [{
    Where a transpose only exchanges the dimensions that come from the left
    operand of a contraction with those from the right one, and is the
    contraction's only use, the operands change places and the transpose goes.
    Weight gradients of JAX have this form. The sums are the same, in an order
    that the backend chooses: results may differ in rounding.

    Before:

    ```mlir
    %0 = stablehlo.dot_general %dy, %x, contracting_dims = [0, 1] x [0, 1]
        : (tensor<8x128x64xf32>, tensor<8x128x32xf32>) -> tensor<64x32xf32>
    %1 = stablehlo.transpose %0, dims = [1, 0]
        : (tensor<64x32xf32>) -> tensor<32x64xf32>
    ```

    After:

    ```mlir
    %1 = stablehlo.dot_general %x, %dy, contracting_dims = [0, 1] x [0, 1]
        : (tensor<8x128x32xf32>, tensor<8x128x64xf32>) -> tensor<32x64xf32>
    ```
  }];
  let statistics = [
    Statistic<"reordered", "reordered", "Contractions written in another order">
  ];
}

#endif // CEGM_TRANSFORMS_PASSES
