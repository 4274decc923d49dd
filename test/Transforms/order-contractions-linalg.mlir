// RUN: cegm-opt %s --order-contractions | FileCheck %s

// The loops stay, and write the result in the other order.
// CHECK: #[[$LHS:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK: #[[$RHS:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK: #[[$RESULT:.*]] = affine_map<(d0, d1, d2) -> (d1, d0)>
// CHECK-LABEL: func.func @exchanged
// CHECK-SAME: %[[A:.*]]: tensor<6x5xf32>, %[[B:.*]]: tensor<5x?xf32>
// CHECK: %[[SIZE:.*]] = tensor.dim %{{.*}}, %c1
// CHECK: %[[E:.*]] = tensor.empty(%[[SIZE]]) : tensor<?x6xf32>
// CHECK: %[[Z:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%[[E]] : tensor<?x6xf32>)
// CHECK: %[[R:.*]] = linalg.generic {indexing_maps = [#[[$LHS]], #[[$RHS]], #[[$RESULT]]], iterator_types = ["parallel", "parallel", "reduction"]} ins(%[[A]], %[[B]] : tensor<6x5xf32>, tensor<5x?xf32>) outs(%[[Z]] : tensor<?x6xf32>)
// CHECK: arith.mulf
// CHECK: arith.addf
// CHECK: return %[[R]]
func.func @exchanged(%a: tensor<6x5xf32>, %b: tensor<5x?xf32>, %n: index, %out: tensor<?x6xf32>) -> tensor<?x6xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty(%n) : tensor<6x?xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<6x?xf32>) -> tensor<6x?xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<6x5xf32>, tensor<5x?xf32>) outs(%init : tensor<6x?xf32>) -> tensor<6x?xf32>
  %1 = linalg.transpose ins(%0 : tensor<6x?xf32>) outs(%out : tensor<?x6xf32>) permutation = [1, 0]
  return %1 : tensor<?x6xf32>
}

// Batch dimensions stay in front, and narrow types are widened as before.
// CHECK-LABEL: func.func @batch
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3x4x6xf32>)
// CHECK-NEXT: ^bb0(%{{.*}}: bf16, %{{.*}}: bf16, %{{.*}}: f32):
// CHECK-COUNT-2: arith.extf
// CHECK-NOT: linalg.transpose
// CHECK: return
func.func @batch(%a: tensor<3x6x5xbf16>, %b: tensor<3x5x4xbf16>, %out: tensor<3x4x6xf32>) -> tensor<3x4x6xf32> {
  %init = arith.constant dense<0.0> : tensor<3x6x4xf32>
  %0 = linalg.batch_matmul ins(%a, %b : tensor<3x6x5xbf16>, tensor<3x5x4xbf16>) outs(%init : tensor<3x6x4xf32>) -> tensor<3x6x4xf32>
  %1 = linalg.transpose ins(%0 : tensor<3x6x4xf32>) outs(%out : tensor<3x4x6xf32>) permutation = [0, 2, 1]
  return %1 : tensor<3x4x6xf32>
}

// What adds to something stays as it is.
// CHECK-LABEL: func.func @adds
// CHECK: linalg.matmul
// CHECK: linalg.transpose
func.func @adds(%a: tensor<6x5xf32>, %b: tensor<5x4xf32>, %c: tensor<6x4xf32>, %out: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<6x5xf32>, tensor<5x4xf32>) outs(%c : tensor<6x4xf32>) -> tensor<6x4xf32>
  %1 = linalg.transpose ins(%0 : tensor<6x4xf32>) outs(%out : tensor<4x6xf32>) permutation = [1, 0]
  return %1 : tensor<4x6xf32>
}
