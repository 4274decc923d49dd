// RUN: cegm-opt %s --order-contractions | FileCheck %s

// CHECK-LABEL: func.func @exchanged
// CHECK: %[[R:.*]] = stablehlo.dot_general %arg1, %arg0, contracting_dims = [0, 1] x [0, 1], precision = [HIGH, DEFAULT] : (tensor<2x5x4xf32>, tensor<2x5x3x2xf32>) -> tensor<4x3x2xf32>
// CHECK-NEXT: return %[[R]]
func.func @exchanged(%dy: tensor<2x5x3x2xf32>, %x: tensor<2x5x4xf32>) -> tensor<4x3x2xf32> {
  %0 = stablehlo.dot_general %dy, %x, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, HIGH] : (tensor<2x5x3x2xf32>, tensor<2x5x4xf32>) -> tensor<3x2x4xf32>
  %1 = stablehlo.transpose %0, dims = [2, 0, 1] : (tensor<3x2x4xf32>) -> tensor<4x3x2xf32>
  return %1 : tensor<4x3x2xf32>
}

// Another permutation stays.
// CHECK-LABEL: func.func @other
// CHECK: stablehlo.transpose
func.func @other(%dy: tensor<2x5x3x2xf32>, %x: tensor<2x5x4xf32>) -> tensor<4x2x3xf32> {
  %0 = stablehlo.dot_general %dy, %x, contracting_dims = [0, 1] x [0, 1] : (tensor<2x5x3x2xf32>, tensor<2x5x4xf32>) -> tensor<3x2x4xf32>
  %1 = stablehlo.transpose %0, dims = [2, 1, 0] : (tensor<3x2x4xf32>) -> tensor<4x2x3xf32>
  return %1 : tensor<4x2x3xf32>
}

// So does a contraction with another use.
// CHECK-LABEL: func.func @used_twice
// CHECK: stablehlo.transpose
func.func @used_twice(%dy: tensor<5x3xf32>, %x: tensor<5x4xf32>) -> (tensor<4x3xf32>, tensor<3x4xf32>) {
  %0 = stablehlo.dot_general %dy, %x, contracting_dims = [0] x [0] : (tensor<5x3xf32>, tensor<5x4xf32>) -> tensor<3x4xf32>
  %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<3x4xf32>) -> tensor<4x3xf32>
  return %1, %0 : tensor<4x3xf32>, tensor<3x4xf32>
}

// Batch dimensions stay in front.
// CHECK-LABEL: func.func @batched
// CHECK: stablehlo.dot_general %arg1, %arg0, batching_dims = [0] x [0], contracting_dims = [1] x [1]
// CHECK-NOT: stablehlo.transpose
func.func @batched(%dy: tensor<2x5x3xf32>, %x: tensor<2x5x4xf32>) -> tensor<2x4x3xf32> {
  %0 = stablehlo.dot_general %dy, %x, batching_dims = [0] x [0], contracting_dims = [1] x [1] : (tensor<2x5x3xf32>, tensor<2x5x4xf32>) -> tensor<2x3x4xf32>
  %1 = stablehlo.transpose %0, dims = [0, 2, 1] : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32>
  return %1 : tensor<2x4x3xf32>
}

// A contraction gives no size that its operands lack.
// CHECK-LABEL: func.func @refined
// CHECK: stablehlo.dot_general %arg0, %arg1
// CHECK: stablehlo.transpose
func.func @refined(%dy: tensor<5x3xf32>, %x: tensor<5x4xf32>) -> tensor<4x3xf32> {
  %0 = stablehlo.dot_general %dy, %x, contracting_dims = [0] x [0] : (tensor<5x3xf32>, tensor<5x4xf32>) -> tensor<3x?xf32>
  %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<3x?xf32>) -> tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}
