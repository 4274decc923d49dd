// RUN: cegm-opt %s --separate-empty-tensors | FileCheck %s

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
