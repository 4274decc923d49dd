// RUN: cegm-opt %s --convert-stablehlo-to-linalg --canonicalize --split-input-file | FileCheck %s

// The masked, scaled products, a softmax of each row, products again.
// CHECK-LABEL: func @attention(
// CHECK-SAME: %[[Q:.*]]: tensor<2x?x4xf16>, %[[K:.*]]: tensor<2x7x4xf16>, %[[V:.*]]: tensor<2x7x3xf16>, %[[M:.*]]: tensor<2x?x7xf16>
// CHECK: %[[PRODUCTS:.*]] = linalg.contract {{.*}} ins(%[[Q]], %[[K]] : {{.*}}) outs(%{{.*}} : tensor<2x?x7xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[PRODUCTS]], %[[M]] : tensor<2x?x7xf32>, tensor<2x?x7xf16>)
// CHECK: arith.divf
// CHECK: arith.addf
// CHECK: linalg.generic {{.*}}"reduction"]
// CHECK: arith.maximumf
// CHECK: math.exp
// CHECK: linalg.generic {{.*}}"reduction"]
// CHECK: arith.addf
// CHECK: %[[WEIGHTS:.*]] = linalg.generic
// CHECK: arith.divf
// CHECK: linalg.contract {{.*}} ins(%[[WEIGHTS]], %[[V]] : {{.*}}) outs(%{{.*}} : tensor<2x?x3xf32>)
// CHECK: arith.truncf
func.func @attention(%q: tensor<2x?x4xf16>, %k: tensor<2x7x4xf16>, %v: tensor<2x7x3xf16>, %m: tensor<2x?x7xf16>, %o: tensor<2x?x3xf16>) -> tensor<2x?x3xf16> {
  %0 = tm_tensor.attention ins(%q, %k, %v, %m : tensor<2x?x4xf16>, tensor<2x7x4xf16>, tensor<2x7x3xf16>, tensor<2x?x7xf16>) outs(%o : tensor<2x?x3xf16>) -> tensor<2x?x3xf16>
  return %0 : tensor<2x?x3xf16>
}

// -----

// Loops over the dimension and those before it carry both results; what stands
// after it is one op.
// CHECK-LABEL: func @scan(
// CHECK: scf.for
// CHECK: scf.for
// CHECK: tensor.extract_slice %{{.*}} [1, 1, 5] [1, 1, 1] : tensor<3x4x5xf32> to tensor<5xf32>
// CHECK: linalg.generic {{.*}}"parallel"]} ins(%{{.*}} : tensor<5xf32>) outs(%{{.*}} : tensor<5xf32>)
func.func @scan(%x: tensor<3x4x5xf32>, %y: tensor<3x4x5xf32>, %a: tensor<3x5xf32>) -> (tensor<3x4x5xf32>, tensor<3x5xf32>) {
  %0:2 = tm_tensor.scan dimension(1) inclusive(true) ins(%x : tensor<3x4x5xf32>) outs(%y, %a : tensor<3x4x5xf32>, tensor<3x5xf32>) {
  ^bb0(%p: f32, %q: f32):
    %s = arith.addf %p, %q : f32
    tm_tensor.yield %s : f32
  } -> tensor<3x4x5xf32>, tensor<3x5xf32>
  return %0#0, %0#1 : tensor<3x4x5xf32>, tensor<3x5xf32>
}

// -----

// The accumulator knows a size that the input lacks.
// CHECK-LABEL: func @scan_sizes(
// CHECK: tensor.insert_slice %{{.*}} [1, 3, 5] [1, 1, 1] : tensor<3x5xf32> into tensor<3x?x5xf32>
func.func @scan_sizes(%x: tensor<3x?x5xf32>, %y: tensor<3x?x5xf32>, %a: tensor<3x5xf32>) -> (tensor<3x?x5xf32>, tensor<3x5xf32>) {
  %0:2 = tm_tensor.scan dimension(0) inclusive(true) ins(%x : tensor<3x?x5xf32>) outs(%y, %a : tensor<3x?x5xf32>, tensor<3x5xf32>) {
  ^bb0(%p: f32, %q: f32):
    %s = arith.addf %p, %q : f32
    tm_tensor.yield %s : f32
  } -> tensor<3x?x5xf32>, tensor<3x5xf32>
  return %0#0, %0#1 : tensor<3x?x5xf32>, tensor<3x5xf32>
}
