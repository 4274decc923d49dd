// RUN: cegm-opt %s --convert-cegm-to-custom-call | FileCheck %s
// RUN: cegm-opt %s --convert-cegm-to-custom-call="min-elements=100 call-target=other" \
// RUN:   | FileCheck %s --check-prefix=LARGE

// Only the results that are used are results of the call; the kernel takes an
// operand that occurs twice as two arguments.
// CHECK-LABEL: func @score
// CHECK-SAME: (%[[X:.*]]: tensor<2x7x5xbf16>)
// CHECK: %[[CALL:.*]] = stablehlo.custom_call @cegm.kernel(%[[X]], %[[X]])
// CHECK-SAME: api_version = 4 : i32
// CHECK-SAME: kernel = "func.func @kernel(%arg0: tensor<2x7x5xbf16>, %arg1: tensor<2x7x5xbf16>) -> tensor<2x7xf32> {
// CHECK-SAME: cegm.score inner %arg0, %arg1 tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [1, 0]
// CHECK-SAME: return %scores : tensor<2x7xf32>
// CHECK-SAME: operand_layouts = [dense<[2, 1, 0]> : tensor<3xindex>, dense<[2, 1, 0]> : tensor<3xindex>]
// CHECK-SAME: result_layouts = [dense<[1, 0]> : tensor<2xindex>]
// CHECK-SAME: : (tensor<2x7x5xbf16>, tensor<2x7x5xbf16>) -> tensor<2x7xf32>
// CHECK: return %[[CALL]]
// LARGE-LABEL: func @score
// LARGE-NOT: custom_call
// LARGE: cegm.score
func.func @score(%x: tensor<2x7x5xbf16>) -> tensor<2x7xf32> {
  %scores, %active = cegm.score inner %x, %x
      tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [1, 0]
      : (tensor<2x7x5xbf16>, tensor<2x7x5xbf16>) -> (tensor<2x7xf32>, tensor<2x7xi1>)
  return %scores : tensor<2x7xf32>
}

// CHECK-LABEL: func @entangle
// CHECK: %[[CALL:.*]]:2 = stablehlo.custom_call @cegm.kernel(%arg0, %arg1, %arg2, %{{[a-z]+}})
// CHECK-SAME: return %entangled, %weights
// CHECK: return %[[CALL]]#0, %[[CALL]]#1
// LARGE-LABEL: func @entangle
// LARGE: stablehlo.custom_call @other
func.func @entangle(%dy: tensor<4x6x3xf32>, %x: tensor<4x6x5xf32>, %dx: tensor<4x6x5xf32>)
    -> (tensor<4x6x3xf32>, tensor<4x6xf32>) {
  %strength = stablehlo.constant dense<0.1> : tensor<f32>
  %entangled, %scores, %active, %weights = cegm.entangle %dy, %x, %dx, %strength
      tokens = [0, 1] x [0, 1] x [0, 1] features = [2] x [2]
      : (tensor<4x6x3xf32>, tensor<4x6x5xf32>, tensor<4x6x5xf32>, tensor<f32>)
      -> (tensor<4x6x3xf32>, tensor<4x6xf32>, tensor<4x6xi1>, tensor<4x6xf32>)
  return %entangled, %weights : tensor<4x6x3xf32>, tensor<4x6xf32>
}

// A dynamic or an empty operand, a result that nobody reads, and the ops that
// read no rows.
// CHECK-LABEL: func @left_alone
// CHECK-NOT: custom_call
// CHECK: cegm.score
// CHECK: cegm.score
// CHECK: cegm.score
// CHECK: cegm.weigh
func.func @left_alone(%dynamic: tensor<?x5xf32>, %empty: tensor<0x5xf32>, %x: tensor<6x5xf32>,
                      %s: tensor<6xf32>, %a: tensor<6xi1>, %strength: tensor<f32>)
    -> (tensor<?xf32>, tensor<0xf32>, tensor<6xf32>) {
  %0, %f0 = cegm.score cosine %dynamic, %dynamic tokens = [0] x [0] features = [1] x [1]
      : (tensor<?x5xf32>, tensor<?x5xf32>) -> (tensor<?xf32>, tensor<?xi1>)
  %1, %f1 = cegm.score cosine %empty, %empty tokens = [0] x [0] features = [1] x [1]
      : (tensor<0x5xf32>, tensor<0x5xf32>) -> (tensor<0xf32>, tensor<0xi1>)
  %2, %f2 = cegm.score cosine %x, %x tokens = [0] x [0] features = [1] x [1]
      : (tensor<6x5xf32>, tensor<6x5xf32>) -> (tensor<6xf32>, tensor<6xi1>)
  %3 = cegm.weigh tanh %s, %a, %strength : (tensor<6xf32>, tensor<6xi1>, tensor<f32>) -> tensor<6xf32>
  return %0, %1, %3 : tensor<?xf32>, tensor<0xf32>, tensor<6xf32>
}
