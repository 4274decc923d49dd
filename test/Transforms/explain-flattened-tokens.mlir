// Batch and sequence of tokens that were flattened some ops before the product.
// RUN: cegm-opt %s --split-input-file --explain-entanglement -o /dev/null | FileCheck %s

// Between the reshape and the product stands a normalisation.
// CHECK: argument 0  4x6    dense  2x5     1             output
func.func @main(%w: tensor<4x6xf32>, %x: tensor<2x5x4xf32>) -> tensor<4x6xf32> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %flat = stablehlo.reshape %x : (tensor<2x5x4xf32>) -> tensor<10x4xf32>
  %sum = stablehlo.reduce(%flat init: %zero) applies stablehlo.add across dimensions = [1]
      : (tensor<10x4xf32>, tensor<f32>) -> tensor<10xf32>
  %mean = stablehlo.broadcast_in_dim %sum, dims = [0] : (tensor<10xf32>) -> tensor<10x4xf32>
  %centred = stablehlo.subtract %flat, %mean : tensor<10x4xf32>
  %normal = stablehlo.multiply %centred, %centred : tensor<10x4xf32>
  %y = stablehlo.dot_general %normal, %w, contracting_dims = [1] x [0]
      : (tensor<10x4xf32>, tensor<4x6xf32>) -> tensor<10x6xf32>
  %dy = stablehlo.tanh %y : tensor<10x6xf32>
  %dw = stablehlo.dot_general %normal, %dy, contracting_dims = [0] x [0]
      : (tensor<10x4xf32>, tensor<10x6xf32>) -> tensor<4x6xf32>
  %new = stablehlo.subtract %w, %dw : tensor<4x6xf32>
  return %new : tensor<4x6xf32>
}

// -----

// What is reduced to rows and spread over them again is no tensor of tokens: the
// dimension is one sequence.
// CHECK: argument 0  4x6    dense  10      0             output
func.func @main(%w: tensor<4x6xf32>, %x: tensor<2x5x4xf32>) -> tensor<4x6xf32> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %flat = stablehlo.reshape %x : (tensor<2x5x4xf32>) -> tensor<10x4xf32>
  %sum = stablehlo.reduce(%flat init: %zero) applies stablehlo.add across dimensions = [1]
      : (tensor<10x4xf32>, tensor<f32>) -> tensor<10xf32>
  %rows = stablehlo.broadcast_in_dim %sum, dims = [0] : (tensor<10xf32>) -> tensor<10x4xf32>
  %y = stablehlo.dot_general %rows, %w, contracting_dims = [1] x [0]
      : (tensor<10x4xf32>, tensor<4x6xf32>) -> tensor<10x6xf32>
  %dy = stablehlo.tanh %y : tensor<10x6xf32>
  %dw = stablehlo.dot_general %rows, %dy, contracting_dims = [0] x [0]
      : (tensor<10x4xf32>, tensor<10x6xf32>) -> tensor<4x6xf32>
  %new = stablehlo.subtract %w, %dw : tensor<4x6xf32>
  return %new : tensor<4x6xf32>
}
