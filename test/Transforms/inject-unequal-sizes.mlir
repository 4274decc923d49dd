// Tensors of a site that say different things of one size, or are of a type that
// scores are not computed in, are left out: the other pair serves, or none.
// RUN: cegm-opt %s --inject-entanglement=audit=true | FileCheck %s
// RUN: cegm-opt %s --explain-entanglement -o /dev/null | FileCheck %s --check-prefix=REPORT

// REPORT: 1 site, 1 left alone
// REPORT: 0     1      w2         6x3    dense  2x5     1             output
// REPORT: w1 {{.*}} layout

// CHECK-LABEL: func.func @main
// CHECK: cegm.entangle
// CHECK-NOT: cegm.entangle
func.func @main(%w1: tensor<4x6xf32> loc("w1"), %w2: tensor<6x3xf32> loc("w2"), %x: tensor<2x5x4xf32>, %t: tensor<2x5x3xf32>)
    -> (tensor<4x6xf32>, tensor<6x3xf32>) {
  %h = stablehlo.dot_general %x, %w1, contracting_dims = [2] x [0] : (tensor<2x5x4xf32>, tensor<4x6xf32>) -> tensor<2x5x6xf32>
  %a = stablehlo.tanh %h : tensor<2x5x6xf32>
  %y = stablehlo.dot_general %a, %w2, contracting_dims = [2] x [0] : (tensor<2x5x6xf32>, tensor<6x3xf32>) -> tensor<2x5x3xf32>
  %dy = stablehlo.subtract %y, %t : tensor<2x5x3xf32>
  // The rows of dX are fp8.
  %da = "stablehlo.dot_general"(%dy, %w2) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [1]>}>
      : (tensor<2x5x3xf32>, tensor<6x3xf32>) -> tensor<2x5x6xf8E4M3FN>
  %wide = stablehlo.convert %da : (tensor<2x5x6xf8E4M3FN>) -> tensor<2x5x6xf32>
  // One sum knows the batch, the other does not.
  %dh = "stablehlo.multiply"(%wide, %a) : (tensor<2x5x6xf32>, tensor<2x5x6xf32>) -> tensor<?x5x6xf32>
  %g1 = stablehlo.dot_general %x, %dh, contracting_dims = [0, 1] x [0, 1] : (tensor<2x5x4xf32>, tensor<?x5x6xf32>) -> tensor<4x6xf32>
  %g2 = stablehlo.dot_general %a, %dy, contracting_dims = [0, 1] x [0, 1] : (tensor<2x5x6xf32>, tensor<2x5x3xf32>) -> tensor<6x3xf32>
  %n1 = stablehlo.subtract %w1, %g1 : tensor<4x6xf32>
  %n2 = stablehlo.subtract %w2, %g2 : tensor<6x3xf32>
  return %n1, %n2 : tensor<4x6xf32>, tensor<6x3xf32>
}
