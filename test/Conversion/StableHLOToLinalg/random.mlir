// RUN: cegm-opt %s --convert-stablehlo-to-linalg --split-input-file | FileCheck %s

// Blocks of two words are neighbours along the first even dimension; the state
// counts blocks.
// CHECK-LABEL: func @threefry(
// CHECK-SAME: %[[STATE:.*]]: tensor<2xi64>
// CHECK: %[[KEY:.*]] = tensor.extract %[[STATE]][%c0]
// CHECK: %[[COUNTER:.*]] = tensor.extract %[[STATE]][%c1]
// CHECK: %[[WORDS:.*]]:2 = linalg.generic
// CHECK-SAME: outs(%{{.*}}, %{{.*}} : tensor<15xi32>, tensor<15xi32>)
// CHECK: arith.addi %[[COUNTER]],
// CHECK: linalg.yield %{{.*}}, %{{.*}} : i32, i32
// CHECK: %[[EVEN:.*]] = tensor.expand_shape %[[WORDS]]#0
// CHECK: tensor.insert_slice %[[EVEN]] into %{{.*}}[0, 0, 0] [3, 1, 5] [1, 1, 1]
// CHECK: %[[ODD:.*]] = tensor.expand_shape %[[WORDS]]#1
// CHECK: tensor.insert_slice %[[ODD]] into %{{.*}}[0, 1, 0] [3, 1, 5] [1, 1, 1]
// CHECK: %[[NEXT:.*]] = arith.addi %[[COUNTER]], %c15_i64
// CHECK: tensor.from_elements %[[KEY]], %[[NEXT]] : tensor<2xi64>
func.func @threefry(%s: tensor<2xui64>) -> (tensor<2xui64>, tensor<3x2x5xui32>) {
  %0, %1 = stablehlo.rng_bit_generator %s, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<3x2x5xui32>)
  return %0, %1 : tensor<2xui64>, tensor<3x2x5xui32>
}

// -----

// Two ops share one counter, from which each takes its blocks at once.
// CHECK: memref.global "private" @cegm_random_state : memref<i64> = dense<0>
// CHECK-NOT: memref.global
// CHECK-LABEL: func @draw(
// CHECK: memref.atomic_rmw addi %{{.*}}, %{{.*}}[] : (i64, memref<i64>) -> i64
// CHECK: memref.atomic_rmw addi %{{.*}}, %{{.*}}[] : (i64, memref<i64>) -> i64
func.func @draw(%a: tensor<f32>, %b: tensor<f32>) -> (tensor<7xf32>, tensor<7xf32>) {
  %n = stablehlo.constant dense<7> : tensor<1xi64>
  %0 = stablehlo.rng %a, %b, %n, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<7xf32>
  %1 = stablehlo.rng %a, %b, %n, distribution = NORMAL : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<7xf32>
  return %0, %1 : tensor<7xf32>, tensor<7xf32>
}
