// What the dialects do not know is kept as it is.
// RUN: cegm-opt %s | FileCheck %s
// RUN: cegm-opt %s | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --emit-bytecode | cegm-opt | FileCheck %s

// CHECK: module @step attributes {frontend.version = "x", mhlo.num_partitions = 1 : i32}
module @step attributes {mhlo.num_partitions = 1 : i32, frontend.version = "x"} {
  // CHECK-LABEL: func.func @attributes
  // CHECK-SAME: %arg0: tensor<4xf32> {jax.buffer_donor = true, tf.aliasing_output = 0 : i32}
  // CHECK-SAME: {jax.result_info = "result"}
  func.func @attributes(%arg0: tensor<4xf32> {jax.buffer_donor = true, tf.aliasing_output = 0 : i32}) -> (tensor<4xf32> {jax.result_info = "result"}) {
    // CHECK: stablehlo.negate %arg0 {mhlo.frontend_attributes = {a = "b"}, stablehlo.later = #stablehlo.later<[1, <x>] y>}
    %0 = stablehlo.negate %arg0 {mhlo.frontend_attributes = {a = "b"}, stablehlo.later = #stablehlo.later<[1, <x>] y>} : tensor<4xf32>
    // CHECK: chlo.tan %{{.*}} {a = #chlo<later "b">, b = #sdy.later<"c">}
    %1 = chlo.tan %0 {a = #chlo<later "b">, b = #sdy.later<"c">} : tensor<4xf32> -> tensor<4xf32>
    return %1 : tensor<4xf32>
  }

  // CHECK-LABEL: func.func @operations
  // CHECK-SAME: !stablehlo.later<tensor<4xf32>>
  func.func @operations(%arg0: tensor<4xf32>, %arg1: !stablehlo.later<tensor<4xf32>>) {
    // CHECK: %[[RESULT:.*]] = "stablehlo.later"(%arg0, %arg1) {mode = #stablehlo<precision HIGH>}
    %0 = "stablehlo.later"(%arg0, %arg1) {mode = #stablehlo<precision HIGH>} : (tensor<4xf32>, !stablehlo.later<tensor<4xf32>>) -> tensor<4xf32>
    // CHECK: "chlo.later"(%[[RESULT]])
    "chlo.later"(%0) : (tensor<4xf32>) -> ()
    // CHECK: "sdy.later"(%[[RESULT]])
    "sdy.later"(%0) : (tensor<4xf32>) -> ()
    return
  }
}
