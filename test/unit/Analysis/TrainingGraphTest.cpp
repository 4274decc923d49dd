//===- TrainingGraphTest.cpp - Sites of small train steps -----------------===//

#include "ParsedModule.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace mlir::cegm;

namespace {

/// One layer `y = x . w` with `loss = sum(y^2) / 2`, its gradient and an update
/// by plain SGD, as a frontend would write it.
constexpr StringLiteral kOneLayer = R"mlir(
  func.func @main(%w: tensor<4x6xf32> loc("w"), %b: tensor<6xf32> loc("b"),
                  %x: tensor<2x5x4xf32>)
      -> (tensor<4x6xf32>, tensor<6xf32>, tensor<2x5x4xf32>) {
    %y = stablehlo.dot_general %x, %w, contracting_dims = [2] x [0]
        : (tensor<2x5x4xf32>, tensor<4x6xf32>) -> tensor<2x5x6xf32>
    %bb = stablehlo.broadcast_in_dim %b, dims = [2]
        : (tensor<6xf32>) -> tensor<2x5x6xf32>
    %dy = stablehlo.add %y, %bb : tensor<2x5x6xf32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %db = stablehlo.reduce(%dy init: %zero) applies stablehlo.add
        across dimensions = [0, 1]
        : (tensor<2x5x6xf32>, tensor<f32>) -> tensor<6xf32>
    %dwt = stablehlo.dot_general %dy, %x, contracting_dims = [0, 1] x [0, 1]
        : (tensor<2x5x6xf32>, tensor<2x5x4xf32>) -> tensor<6x4xf32>
    %dw = stablehlo.transpose %dwt, dims = [1, 0]
        : (tensor<6x4xf32>) -> tensor<4x6xf32>
    %dx = stablehlo.dot_general %dy, %w, contracting_dims = [2] x [1]
        : (tensor<2x5x6xf32>, tensor<4x6xf32>) -> tensor<2x5x4xf32>
    %nw = stablehlo.subtract %w, %dw : tensor<4x6xf32>
    %nb = stablehlo.subtract %b, %db : tensor<6xf32>
    %dx2 = stablehlo.multiply %dx, %dx : tensor<2x5x4xf32>
    %dxt = stablehlo.slice %dx2 [0:2, 0:5, 0:3]
        : (tensor<2x5x4xf32>) -> tensor<2x5x3xf32>
    RETURN
  })mlir";

std::string oneLayer(StringRef results, StringRef types) {
  std::string text = kOneLayer.str();
  auto replace = [&](StringRef what, std::string with) {
    text.replace(text.find(what.str()), what.size(), with);
  };
  replace("RETURN", ("return " + results + " : " + types).str());
  replace("(tensor<4x6xf32>, tensor<6xf32>, tensor<2x5x4xf32>) {",
          ("(" + types + ") {").str());
  return text;
}

TEST(TrainingGraph, FindsADenseSiteWithItsTensors) {
  ParsedModule parsed(oneLayer(
      "%nw, %nb, %dxt", "tensor<4x6xf32>, tensor<6xf32>, tensor<2x5x3xf32>"));
  ASSERT_TRUE(parsed.module);
  TrainingGraph graph = TrainingGraph::analyze(parsed.entry());
  ASSERT_EQ(graph.sites().size(), 1u);
  const Site &site = graph.sites()[0];
  EXPECT_EQ(site.kind, Site::Kind::Dense);
  EXPECT_EQ(site.argument, 0u);
  EXPECT_EQ(getParameterName(graph.argument(0)), "w");
  EXPECT_EQ(site.depth, 1u);
  EXPECT_EQ(site.tokenShape(), (SmallVector<int64_t>{2, 5}));
  EXPECT_EQ(site.sequenceDim(), 1);
  EXPECT_EQ(site.input.tensor, graph.argument(2));
  EXPECT_EQ(site.inputGradient.tokenDims, (SmallVector<int64_t>{0, 1}));
  EXPECT_EQ(site.inputGradient.featureDims, (SmallVector<int64_t>{2}));
  EXPECT_EQ(site.output.featureDims, (SmallVector<int64_t>{2}));
  // The contraction writes [6, 4]; the weight is [4, 6].
  EXPECT_EQ(site.weightDims, (SmallVector<int64_t>{1, 0}));
  EXPECT_TRUE(graph.separatingCalls(site, ContextPair::Input).empty());
}

TEST(TrainingGraph, SaysWhyABiasHasNoSite) {
  ParsedModule parsed(oneLayer(
      "%nw, %nb, %dxt", "tensor<4x6xf32>, tensor<6xf32>, tensor<2x5x3xf32>"));
  ASSERT_TRUE(parsed.module);
  TrainingGraph graph = TrainingGraph::analyze(parsed.entry());
  ASSERT_EQ(graph.skipped().size(), 1u);
  EXPECT_EQ(graph.skipped()[0].argument, 1u);
  EXPECT_EQ(graph.skipped()[0].reason, SkipReason::Elementwise);
}

TEST(TrainingGraph, AFrozenParameterIsDataAndHasNoSite) {
  // The weight is not returned, so no result has its type.
  ParsedModule parsed(
      oneLayer("%nb, %dxt", "tensor<6xf32>, tensor<2x5x3xf32>"));
  ASSERT_TRUE(parsed.module);
  TrainingGraph graph = TrainingGraph::analyze(parsed.entry());
  EXPECT_TRUE(graph.sites().empty());
}

TEST(TrainingGraph, EntryIsMainOrTheOnlyPublicFunction) {
  ParsedModule none("func.func private @f()");
  EXPECT_FALSE(findEntryFunction(*none.module));
  ParsedModule one("func.func @step() { return }\n"
                   "func.func private @f() { return }");
  EXPECT_EQ(findEntryFunction(*one.module).getName(), "step");
  ParsedModule two("func.func @a() { return } func.func @b() { return }");
  EXPECT_FALSE(findEntryFunction(*two.module));
  ParsedModule main("func.func @a() { return } func.func @main() { return }");
  EXPECT_EQ(findEntryFunction(*main.module).getName(), "main");
}

} // namespace
