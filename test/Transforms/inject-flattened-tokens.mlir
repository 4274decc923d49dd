// Dimensions of size 1 beside the one of all tokens are not told apart, and
// change places neither.
// RUN: cegm-opt %s --inject-entanglement=sequence-length=1 | FileCheck %s
// RUN: cegm-opt %s --inject-entanglement=sequence-length=9 | FileCheck %s

// CHECK: cegm.entangle {{.*}} tokens = [0, 1] x [0, 1] x [0, 1] {{.*}} -> (tensor<1x9x4xf32>, tensor<1x9xf32>, tensor<1x9xi1>, tensor<1x9xf32>)
func.func @main(%w: tensor<4x6xf32>, %x: tensor<9x1x4xf32>) -> tensor<4x6xf32> {
  %flat = stablehlo.reshape %x : (tensor<9x1x4xf32>) -> tensor<1x9x4xf32>
  %y = stablehlo.dot_general %flat, %w, contracting_dims = [2] x [0] : (tensor<1x9x4xf32>, tensor<4x6xf32>) -> tensor<1x9x6xf32>
  %dy = stablehlo.tanh %y : tensor<1x9x6xf32>
  %dw = stablehlo.dot_general %flat, %dy, contracting_dims = [0, 1] x [0, 1] : (tensor<1x9x4xf32>, tensor<1x9x6xf32>) -> tensor<4x6xf32>
  %new = stablehlo.subtract %w, %dw : tensor<4x6xf32>
  return %new : tensor<4x6xf32>
}
