// RUN: cegm-opt %s --inline --symbol-dce | FileCheck %s

// Private functions are inlined, into regions as well.
// CHECK-LABEL: func.func @main
// CHECK-NOT: call
// CHECK: chlo.square
// CHECK: stablehlo.while
// CHECK: do
// CHECK: chlo.square
// CHECK-NOT: @square
func.func @main(%arg0: tensor<f32>, %arg1: tensor<i1>) -> (tensor<f32>, tensor<f32>) {
  %0 = call @square(%arg0) : (tensor<f32>) -> tensor<f32>
  %1 = stablehlo.while(%iterArg = %0) : tensor<f32>
  cond {
    stablehlo.return %arg1 : tensor<i1>
  } do {
    %2 = func.call @square(%iterArg) : (tensor<f32>) -> tensor<f32>
    stablehlo.return %2 : tensor<f32>
  }
  return %0, %1 : tensor<f32>, tensor<f32>
}
func.func private @square(%arg0: tensor<f32>) -> tensor<f32> {
  %0 = chlo.square %arg0 : tensor<f32> -> tensor<f32>
  return %0 : tensor<f32>
}
