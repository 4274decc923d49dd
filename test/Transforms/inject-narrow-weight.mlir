// A weight of f8 is not computed with: the audit leaves out what compares with
// it, and the option that needs it says so.
// RUN: cegm-opt %s --inject-entanglement='audit-gradients=true audit=true' | FileCheck %s
// RUN: not cegm-opt %s --inject-entanglement='radial=remove' 2>&1 | FileCheck %s --check-prefix=RADIAL

// CHECK: cegm.audit
// RADIAL: option 'radial' needs a weight of f16, bf16, f32 or f64, and this one has the type 'tensor<4x6xf8E5M2>'; exclude the parameter
func.func @main(%w: tensor<4x6xf8E5M2>, %x: tensor<5x4xf32>) -> tensor<4x6xf8E5M2> {
  %y = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<5x4xf32>, tensor<4x6xf8E5M2>) -> tensor<5x6xf32>
  %dy = stablehlo.tanh %y : tensor<5x6xf32>
  %dw = stablehlo.dot_general %x, %dy, contracting_dims = [0] x [0] : (tensor<5x4xf32>, tensor<5x6xf32>) -> tensor<4x6xf32>
  %narrow = stablehlo.convert %dw : (tensor<4x6xf32>) -> tensor<4x6xf8E5M2>
  %new = stablehlo.subtract %w, %narrow : tensor<4x6xf8E5M2>
  return %new : tensor<4x6xf8E5M2>
}
