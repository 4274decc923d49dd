// RUN: cegm-opt %s --cse --canonicalize | FileCheck %s

// Pure operations that nothing uses go away, those with effects stay.
// CHECK-LABEL: func.func @unused
// CHECK-NOT: stablehlo.add
// CHECK-NOT: stablehlo.reduce
// CHECK-NOT: stablehlo.while
// CHECK-NOT: @pure
// CHECK: stablehlo.rng
// CHECK: stablehlo.custom_call @effect
// CHECK: "stablehlo.outfeed"
// CHECK: "stablehlo.all_reduce"
// CHECK: "stablehlo.if"
// CHECK: return
func.func @unused(%arg0: tensor<4xf32>, %arg1: tensor<f32>, %arg2: tensor<1xi64>, %arg3: !stablehlo.token, %arg4: tensor<i1>) {
  %0 = stablehlo.add %arg0, %arg0 : tensor<4xf32>
  %1 = stablehlo.reduce(%arg0 init: %arg1) applies stablehlo.add across dimensions = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
  %2 = stablehlo.while(%iterArg = %arg0) : tensor<4xf32>
  cond {
    stablehlo.return %arg4 : tensor<i1>
  } do {
    stablehlo.return %iterArg : tensor<4xf32>
  }
  %3 = stablehlo.custom_call @pure(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
  %4 = stablehlo.rng %arg1, %arg1, %arg2, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<?xf32>
  %5 = stablehlo.custom_call @effect(%arg0) {has_side_effect = true} : (tensor<4xf32>) -> tensor<4xf32>
  %6 = "stablehlo.outfeed"(%arg0, %arg3) : (tensor<4xf32>, !stablehlo.token) -> !stablehlo.token
  %7 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<0> : tensor<1x1xi64>}> ({
  ^bb0(%arg5: tensor<f32>, %arg6: tensor<f32>):
    %9 = stablehlo.add %arg5, %arg6 : tensor<f32>
    stablehlo.return %9 : tensor<f32>
  }) : (tensor<4xf32>) -> tensor<4xf32>
  "stablehlo.if"(%arg4) ({
    %9 = stablehlo.custom_call @effect(%arg0) {has_side_effect = true} : (tensor<4xf32>) -> tensor<4xf32>
    stablehlo.return
  }, {
    stablehlo.return
  }) : (tensor<i1>) -> ()
  return
}

// Two draws of random numbers are two, two equal sums are one.
// CHECK-LABEL: func.func @repeated
// CHECK: stablehlo.rng
// CHECK: stablehlo.rng
// CHECK: stablehlo.add
// CHECK-NOT: stablehlo.add
// CHECK: return
func.func @repeated(%arg0: tensor<f32>, %arg1: tensor<1xi64>) -> (tensor<?xf32>, tensor<?xf32>, tensor<f32>, tensor<f32>) {
  %0 = stablehlo.rng %arg0, %arg0, %arg1, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<?xf32>
  %1 = stablehlo.rng %arg0, %arg0, %arg1, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<?xf32>
  %2 = stablehlo.add %arg0, %arg0 : tensor<f32>
  %3 = stablehlo.add %arg0, %arg0 : tensor<f32>
  return %0, %1, %2, %3 : tensor<?xf32>, tensor<?xf32>, tensor<f32>, tensor<f32>
}
