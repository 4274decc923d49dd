// RUN: cegm-opt %s --separate-destinations | FileCheck %s

// CHECK-LABEL: func @carried
func.func @carried(%n: index, %v: f32) -> (tensor<4xf32>, tensor<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: %[[A:.*]] = tensor.empty()
  // CHECK-NEXT: %[[B:.*]] = tensor.empty()
  // CHECK-NEXT: scf.for {{.*}} iter_args(%{{.*}} = %[[B]], %{{.*}} = %[[A]])
  %e = tensor.empty() : tensor<4xf32>
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %e, %y = %e) -> (tensor<4xf32>, tensor<4xf32>) {
    %s = tensor.insert %v into %x[%i] : tensor<4xf32>
    scf.yield %s, %y : tensor<4xf32>, tensor<4xf32>
  }
  return %r#0, %r#1 : tensor<4xf32>, tensor<4xf32>
}

// Two sums are added to zeros of their own; the reader has the first ones.
// CHECK-LABEL: func @zeros
func.func @zeros(%x: tensor<8x4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  // CHECK: %[[SHARED:.*]] = linalg.fill
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  // CHECK: %[[FIRST:.*]] = linalg.fill
  // CHECK: linalg.reduce {{.*}} outs(%[[FIRST]]
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<8x4xf32>) outs(%zeros : tensor<4xf32>) dimensions = [0]
  // CHECK: %[[SECOND:.*]] = linalg.fill
  // CHECK: linalg.reduce {{.*}} outs(%[[SECOND]]
  %max = linalg.reduce {arith.maximumf} ins(%x : tensor<8x4xf32>) outs(%zeros : tensor<4xf32>) dimensions = [0]
  // CHECK: linalg.abs ins(%[[SHARED]]
  %e2 = tensor.empty() : tensor<4xf32>
  %abs = linalg.abs ins(%zeros : tensor<4xf32>) outs(%e2 : tensor<4xf32>) -> tensor<4xf32>
  return %sum, %max, %abs : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
