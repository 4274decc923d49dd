// A batch of no examples has no tokens to divide into sequences.
// RUN: cegm-opt %s --inject-entanglement=sequence-length=7 | FileCheck %s

// CHECK-LABEL: func.func @main
// CHECK: cegm.entangle
#map = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
func.func @main(%w: tensor<4x6xf32>, %x: tensor<0x7x4xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant 0.0 : f32
  %flat = tensor.collapse_shape %x [[0, 1], [2]] : tensor<0x7x4xf32> into tensor<0x4xf32>
  %e = tensor.empty() : tensor<0x6xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<0x6xf32>) -> tensor<0x6xf32>
  %y = linalg.matmul ins(%flat, %w : tensor<0x4xf32>, tensor<4x6xf32>) outs(%i : tensor<0x6xf32>) -> tensor<0x6xf32>
  %dy = linalg.tanh ins(%y : tensor<0x6xf32>) outs(%e : tensor<0x6xf32>) -> tensor<0x6xf32>
  %te = tensor.empty() : tensor<4x0xf32>
  %xt = linalg.transpose ins(%flat : tensor<0x4xf32>) outs(%te : tensor<4x0xf32>) permutation = [1, 0]
  %ge = tensor.empty() : tensor<4x6xf32>
  %gi = linalg.fill ins(%zero : f32) outs(%ge : tensor<4x6xf32>) -> tensor<4x6xf32>
  %g = linalg.matmul ins(%xt, %dy : tensor<4x0xf32>, tensor<0x6xf32>) outs(%gi : tensor<4x6xf32>) -> tensor<4x6xf32>
  %new = linalg.sub ins(%w, %g : tensor<4x6xf32>, tensor<4x6xf32>) outs(%ge : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %new : tensor<4x6xf32>
}
