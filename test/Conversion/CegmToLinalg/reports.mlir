// RUN: cegm-opt %s --convert-cegm-to-linalg --cse --canonicalize --split-input-file | FileCheck %s --implicit-check-not=cegm.

// CHECK-LABEL: func @audit
// CHECK-SAME: %[[S:.*]]: tensor<2x?xf32>, %[[W:.*]]: tensor<2x?xf32>, %[[A:.*]]: tensor<2x?xi1>,
func.func @audit(%s: tensor<2x?xf32>, %w: tensor<2x?xf32>, %a: tensor<2x?xi1>, %l: tensor<f32>) -> tensor<10xf32> {
  // Sums, counts and extremes in one loop; the deviation needs the mean.
  // CHECK: linalg.generic {{.*}} iterator_types = ["reduction", "reduction"]} ins(%[[S]], %[[W]], %[[A]] :
  // CHECK: -> (tensor<f64>, tensor<f64>, tensor<f64>, tensor<f64>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>)
  // CHECK: %[[MEAN:.*]] = arith.divf %{{.*}}, %{{.*}} : f64
  // CHECK: linalg.generic {{.*}} ins(%[[S]], %[[A]] :
  // CHECK: arith.subf %{{.*}}, %[[MEAN]] : f64
  // CHECK: tensor.from_elements {{.*}} : tensor<10xf32>
  %r = cegm.audit %s, %w, %a, %l : (tensor<2x?xf32>, tensor<2x?xf32>, tensor<2x?xi1>, tensor<f32>) -> tensor<10xf32>
  return %r : tensor<10xf32>
}

// -----

// The inner products of the gradients are made in f64.
// CHECK-LABEL: func @audit_gradients
// CHECK-SAME: %[[G:[a-z0-9]+]]: tensor<4xbf16>, %[[E:[a-z0-9]+]]: tensor<4xbf16>, %[[P:[a-z0-9]+]]: tensor<4xbf16>
func.func @audit_gradients(%g: tensor<4xbf16>, %e: tensor<4xbf16>, %p: tensor<4xbf16>, %s: tensor<8xf32>, %a: tensor<8xi1>, %l: tensor<f32>) -> tensor<14xf32> {
  // CHECK: linalg.generic {{.*}} ins(%[[G]], %[[E]], %[[P]] :
  // CHECK: arith.extf %{{.*}} : bf16 to f64
  // CHECK: -> (tensor<f64>, tensor<f64>, tensor<f64>, tensor<f64>, tensor<f64>)
  // CHECK: tensor.from_elements {{.*}} : tensor<14xf32>
  %r = cegm.audit %s, %s, %a, %l gradients(%g, %e) parameter(%p)
      : (tensor<8xf32>, tensor<8xf32>, tensor<8xi1>, tensor<f32>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>) -> tensor<14xf32>
  return %r : tensor<14xf32>
}

// -----

// CHECK-LABEL: func @remove_radial
// CHECK-SAME: %[[E:.*]]: tensor<4x5xbf16>, %[[G:.*]]: tensor<4x5xbf16>, %[[P:.*]]: tensor<4x5xbf16>)
func.func @remove_radial(%e: tensor<4x5xbf16>, %g: tensor<4x5xbf16>, %p: tensor<4x5xbf16>) -> tensor<4x5xbf16> {
  // CHECK: linalg.generic {{.*}} iterator_types = ["reduction", "reduction"]} ins(%[[E]], %[[G]], %[[P]] :
  // CHECK: %[[SHARE:.*]] = arith.truncf %{{.*}} : f64 to f32
  // CHECK: linalg.generic {{.*}} ins(%[[E]], %[[P]] :
  // CHECK: %[[RADIAL:.*]] = arith.mulf %{{.*}}, %[[SHARE]] : f32
  // CHECK: arith.subf %{{.*}}, %[[RADIAL]] : f32
  %r = cegm.remove_radial %e, %g, %p : (tensor<4x5xbf16>, tensor<4x5xbf16>, tensor<4x5xbf16>) -> tensor<4x5xbf16>
  return %r : tensor<4x5xbf16>
}

// -----

// An index outside of the table is moved to the nearest slice.
// CHECK-LABEL: func @record
// CHECK-SAME: %[[ROW:.*]]: tensor<10xf32>, %[[T:.*]]: tensor<?x10xf32>, %[[I:.*]]: tensor<i32>)
func.func @record(%row: tensor<10xf32>, %t: tensor<?x10xf32>, %i: tensor<i32>) -> tensor<?x10xf32> {
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : index
  // CHECK: %[[CELL:.*]] = tensor.extract %[[I]][]
  // CHECK: %[[INDEX:.*]] = arith.index_cast %[[CELL]] : i32 to index
  // CHECK: %[[LAST:.*]] = arith.subi
  // CHECK: %[[MIN:.*]] = arith.minsi %[[INDEX]], %[[LAST]]
  // CHECK: %[[AT:.*]] = arith.maxsi %[[MIN]], %[[ZERO]]
  // CHECK: tensor.insert_slice %[[ROW]] into %[[T]][%[[AT]], 0] [1, 10] [1, 1] : tensor<10xf32> into tensor<?x10xf32>
  %r = cegm.record %row into %t[%i] : tensor<10xf32>, tensor<?x10xf32>, tensor<i32>
  return %r : tensor<?x10xf32>
}

// -----

// CHECK-LABEL: func @record_unsigned
func.func @record_unsigned(%row: tensor<10xf32>, %t: tensor<4x10xf32>, %i: tensor<ui64>) -> tensor<4x10xf32> {
  // CHECK: tensor.bitcast %{{.*}} : tensor<ui64> to tensor<i64>
  // CHECK: arith.index_castui %{{.*}} : i64 to index
  // CHECK: arith.minui
  // CHECK-NOT: arith.maxsi
  // CHECK: tensor.insert_slice
  %r = cegm.record %row into %t[%i] : tensor<10xf32>, tensor<4x10xf32>, tensor<ui64>
  return %r : tensor<4x10xf32>
}

// -----

// CHECK-LABEL: func @collect
// CHECK-SAME: %[[A:.*]]: tensor<10xf32>, %[[B:.*]]: tensor<2x3x10xf32>)
func.func @collect(%a: tensor<10xf32>, %b: tensor<2x3x10xf32>) -> tensor<7x10xf32> {
  // CHECK: %[[INIT:.*]] = tensor.empty() : tensor<7x10xf32>
  // CHECK: %[[FIRST:.*]] = tensor.insert_slice %[[A]] into %[[INIT]][0, 0] [1, 10]
  // CHECK: %[[ROWS:.*]] = tensor.collapse_shape %[[B]] {{\[}}[0, 1], [2]]
  // CHECK: tensor.insert_slice %[[ROWS]] into %[[FIRST]][1, 0] [6, 10]
  %r = cegm.collect %a, %b : (tensor<10xf32>, tensor<2x3x10xf32>) -> tensor<7x10xf32>
  return %r : tensor<7x10xf32>
}
