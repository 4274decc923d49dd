// RUN: cegm-opt --bind-entry-results --split-input-file %s | FileCheck %s
// RUN: cegm-opt --bind-entry-results=donate=false --split-input-file %s \
// RUN:   | FileCheck %s --check-prefix=KEPT
// RUN: cegm-opt --bind-entry-results --one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" \
// RUN:   --drop-bound-results --canonicalize --split-input-file %s | FileCheck %s --check-prefix=BUFFER

// Donated by number and by type, a result of the caller's, and one whose shape
// is known at run time only.
// CHECK-LABEL: func.func @step(
// CHECK-SAME:    %[[X:.*]]: tensor<?xf32> {bufferization.writable = false},
// CHECK-SAME:    %[[P:.*]]: tensor<4xf32> {cegm.result = 1 : i64},
// CHECK-SAME:    %[[M:.*]]: tensor<4xf32> {cegm.result = 2 : i64},
// CHECK-SAME:    %[[R:.*]]: tensor<f32> {cegm.result = 0 : i64})
// CHECK-SAME:    attributes {llvm.emit_c_interface}
// CHECK-DAG:     bufferization.materialize_in_destination %{{.*}} in %[[R]]
// CHECK-DAG:     bufferization.materialize_in_destination %{{.*}} in %[[P]]
// CHECK-DAG:     bufferization.materialize_in_destination %{{.*}} in %[[M]]
// KEPT-LABEL:  func.func @step(
// KEPT-SAME:     tensor<4xf32> {bufferization.writable = false}
// KEPT-SAME:     tensor<4xf32> {bufferization.writable = false}
// KEPT-SAME:     tensor<f32> {cegm.result = 0 : i64}
// KEPT-SAME:     tensor<4xf32> {cegm.result = 1 : i64}
// KEPT-SAME:     tensor<4xf32> {cegm.result = 2 : i64})
// BUFFER-LABEL: func.func @step(
// BUFFER-SAME:    %[[X:[^:]*]]: memref<?xf32>, %[[P:[^:]*]]: memref<4xf32> {cegm.result = 1 : i64}
// BUFFER:         linalg.generic {{.*}} ins(%[[P]], %{{.*}}) outs(%[[P]]
// BUFFER:         return %{{.*}} : memref<?xf32>
#map = affine_map<(i) -> (i)>
func.func @step(%x: tensor<?xf32>, %p: tensor<4xf32> {tf.aliasing_output = 1 : i32},
                %m: tensor<4xf32> {jax.buffer_donor = true})
    -> (tensor<f32>, tensor<4xf32>, tensor<4xf32>, tensor<?xf32>) {
  %loss = arith.constant dense<1.0> : tensor<f32>
  %new = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel"]}
      ins(%p, %m : tensor<4xf32>, tensor<4xf32>) outs(%p : tensor<4xf32>) {
  ^bb0(%a: f32, %b: f32, %old: f32):
    %sum = arith.addf %a, %b : f32
    linalg.yield %sum : f32
  } -> tensor<4xf32>
  return %loss, %new, %m, %x : tensor<f32>, tensor<4xf32>, tensor<4xf32>, tensor<?xf32>
}

// -----

// Two donated arguments that change places: each goes through a buffer.
// BUFFER-LABEL: func.func @exchange(
// BUFFER-SAME:    %[[A:[^:]*]]: memref<4xf32> {cegm.result = 0 : i64}, %[[B:[^:]*]]: memref<4xf32> {cegm.result = 1 : i64})
// BUFFER:         %[[SPARE:.*]] = memref.alloc
// BUFFER:         memref.copy %[[B]], %[[SPARE]]
// BUFFER:         %[[SPARE1:.*]] = memref.alloc
// BUFFER:         memref.copy %[[A]], %[[SPARE1]]
// BUFFER:         memref.copy %[[SPARE]], %[[A]]
// BUFFER:         memref.copy %[[SPARE1]], %[[B]]
// BUFFER-NEXT:    return
func.func @exchange(%a: tensor<4xf32> {tf.aliasing_output = 0 : i32},
                    %b: tensor<4xf32> {tf.aliasing_output = 1 : i32})
    -> (tensor<4xf32>, tensor<4xf32>) {
  return %b, %a : tensor<4xf32>, tensor<4xf32>
}
