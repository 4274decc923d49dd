// RUN: cegm-opt %s --canonicalize | FileCheck %s

// Operations that change nothing go away.
// CHECK-LABEL: func.func @identities
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>)
// CHECK-NEXT: return %[[X]], %[[X]], %[[X]]
func.func @identities(%arg0: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = stablehlo.transpose %arg0, dims = [0, 1] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = stablehlo.reshape %arg0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = stablehlo.convert %arg0 : tensor<2x3xf32>
  return %0, %1, %2 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}

// Those that change something stay, if only the knowledge of a size.
// CHECK-LABEL: func.func @not_identities
// CHECK: stablehlo.transpose
// CHECK: stablehlo.reshape
// CHECK: stablehlo.reshape
// CHECK: stablehlo.convert
func.func @not_identities(%arg0: tensor<3x3xf32>, %arg1: tensor<?x2xf32>) -> (tensor<3x3xf32>, tensor<9xf32>, tensor<?x2xf32>, tensor<3x3xbf16>) {
  %0 = stablehlo.transpose %arg0, dims = [1, 0] : (tensor<3x3xf32>) -> tensor<3x3xf32>
  %1 = stablehlo.reshape %arg0 : (tensor<3x3xf32>) -> tensor<9xf32>
  %2 = stablehlo.reshape %arg1 : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %3 = stablehlo.convert %arg0 : (tensor<3x3xf32>) -> tensor<3x3xbf16>
  return %0, %1, %2, %3 : tensor<3x3xf32>, tensor<9xf32>, tensor<?x2xf32>, tensor<3x3xbf16>
}

// Equal constants become one.
// CHECK-LABEL: func.func @constants
// CHECK-NEXT: %[[C:.*]] = stablehlo.constant dense<1.000000e+00> : tensor<f32>
// CHECK-NEXT: return %[[C]], %[[C]]
func.func @constants() -> (tensor<f32>, tensor<f32>) {
  %0 = stablehlo.constant dense<1.0> : tensor<f32>
  %1 = stablehlo.constant dense<1.0> : tensor<f32>
  return %0, %1 : tensor<f32>, tensor<f32>
}

// Constants stay in the region that uses them.
// CHECK-LABEL: func.func @regions
// CHECK-NEXT: stablehlo.reduce
// CHECK-NEXT: reducer
// CHECK-NEXT: stablehlo.constant dense<2.000000e+00>
func.func @regions(%arg0: tensor<2x4xf32>, %arg1: tensor<f32>) -> tensor<2xf32> {
  %0 = stablehlo.reduce(%arg0 init: %arg1) across dimensions = [1] : (tensor<2x4xf32>, tensor<f32>) -> tensor<2xf32>
   reducer(%arg2: tensor<f32>, %arg3: tensor<f32>)  {
    %cst = stablehlo.constant dense<2.0> : tensor<f32>
    %1 = stablehlo.multiply %arg3, %cst : tensor<f32>
    %2 = stablehlo.add %arg2, %1 : tensor<f32>
    stablehlo.return %2 : tensor<f32>
  }
  return %0 : tensor<2xf32>
}

// The operands of a commutative operation keep their order.
// CHECK-LABEL: func.func @order
// CHECK: stablehlo.add %{{.*}}cst, %arg0
func.func @order(%arg0: tensor<f32>) -> tensor<f32> {
  %cst = stablehlo.constant dense<2.0> : tensor<f32>
  %0 = stablehlo.add %cst, %arg0 : tensor<f32>
  return %0 : tensor<f32>
}
