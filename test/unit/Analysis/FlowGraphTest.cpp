//===- FlowGraphTest.cpp - A program as one flat graph of values ----------===//

#include "ParsedModule.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace mlir::cegm;

namespace {

/// Number of nodes with an op of the given name.
unsigned countNodes(const FlowGraph &graph, StringRef name) {
  return llvm::count_if(graph.nodes(), [&](const FlowGraph::Node &node) {
    return node.op->getName().getStringRef() == name;
  });
}

TEST(FlowGraph, CallsAreSeenOncePerContext) {
  ParsedModule parsed(R"mlir(
    func.func @main(%a: tensor<2xf32>, %b: tensor<2xf32>)
        -> (tensor<2xf32>, tensor<2xf32>) {
      %0 = call @twice(%a) : (tensor<2xf32>) -> tensor<2xf32>
      %1 = call @twice(%b) : (tensor<2xf32>) -> tensor<2xf32>
      return %0, %1 : tensor<2xf32>, tensor<2xf32>
    }
    func.func private @twice(%a: tensor<2xf32>) -> tensor<2xf32> {
      %0 = stablehlo.add %a, %a : tensor<2xf32>
      return %0 : tensor<2xf32>
    })mlir");
  ASSERT_TRUE(parsed.module);
  FlowGraph graph(parsed.entry());
  EXPECT_EQ(graph.contexts().size(), 3u);
  EXPECT_EQ(countNodes(graph, "stablehlo.add"), 2u);
  EXPECT_EQ(countNodes(graph, "func.call"), 0u);
  EXPECT_NE(graph.results()[0], graph.results()[1]);
}

TEST(FlowGraph, RecursionAndDeclarationsStayOpaque) {
  ParsedModule parsed(R"mlir(
    func.func private @outside(tensor<2xf32>) -> tensor<2xf32>
    func.func private @again(%a: tensor<2xf32>) -> tensor<2xf32> {
      %0 = call @again(%a) : (tensor<2xf32>) -> tensor<2xf32>
      return %0 : tensor<2xf32>
    }
    func.func @main(%a: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
      %0 = call @outside(%a) : (tensor<2xf32>) -> tensor<2xf32>
      %1 = call @again(%0) : (tensor<2xf32>) -> tensor<2xf32>
      return %0, %1 : tensor<2xf32>, tensor<2xf32>
    })mlir");
  ASSERT_TRUE(parsed.module);
  FlowGraph graph(parsed.entry());
  EXPECT_EQ(countNodes(graph, "func.call"), 2u);
}

TEST(FlowGraph, RootsLookThroughViewsAndCalls) {
  ParsedModule parsed(R"mlir(
    func.func @main(%w: tensor<2x3x4xf32>) -> (tensor<4x2x3xbf16>, tensor<6x4xf32>) {
      %0 = call @cast(%w) : (tensor<2x3x4xf32>) -> tensor<2x3x4xbf16>
      %1 = stablehlo.transpose %0, dims = [2, 0, 1]
          : (tensor<2x3x4xbf16>) -> tensor<4x2x3xbf16>
      %2 = stablehlo.reshape %w : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
      return %1, %2 : tensor<4x2x3xbf16>, tensor<6x4xf32>
    }
    func.func private @cast(%a: tensor<2x3x4xf32>) -> tensor<2x3x4xbf16> {
      %0 = stablehlo.convert %a : (tensor<2x3x4xf32>) -> tensor<2x3x4xbf16>
      return %0 : tensor<2x3x4xbf16>
    })mlir");
  ASSERT_TRUE(parsed.module);
  FlowGraph graph(parsed.entry());
  const FlowGraph::Provenance &transposed =
      graph.provenance(graph.results()[0]);
  EXPECT_EQ(transposed.root, 0u);
  EXPECT_EQ(transposed.dimRoot, 0u);
  EXPECT_EQ(transposed.permutation, ArrayRef<int64_t>({2, 0, 1}));
  const FlowGraph::Provenance &reshaped = graph.provenance(graph.results()[1]);
  EXPECT_EQ(reshaped.root, 0u);
  EXPECT_EQ(reshaped.dimRoot, graph.results()[1]);
}

TEST(FlowGraph, LoopInvariantsAreTheirInitialValue) {
  ParsedModule parsed(R"mlir(
    func.func @main(%w: tensor<2xf32>, %x: tensor<2xf32>)
        -> (tensor<2xf32>, tensor<2xf32>) {
      %0:2 = stablehlo.while(%a = %w, %b = %x) : tensor<2xf32>, tensor<2xf32>
      cond {
        %c = stablehlo.constant dense<true> : tensor<i1>
        stablehlo.return %c : tensor<i1>
      } do {
        %s = stablehlo.add %a, %b : tensor<2xf32>
        stablehlo.return %a, %s : tensor<2xf32>, tensor<2xf32>
      }
      return %0#0, %0#1 : tensor<2xf32>, tensor<2xf32>
    })mlir");
  ASSERT_TRUE(parsed.module);
  FlowGraph graph(parsed.entry());
  EXPECT_EQ(graph.results()[0], 0u);
  EXPECT_NE(graph.results()[1], 1u);
}

} // namespace
