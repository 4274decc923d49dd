// RUN: cegm-opt --pass-pipeline="builtin.module(func.func(parallelize-kernels{threads=2}))" %s | FileCheck %s
// RUN: cegm-opt --pass-pipeline="builtin.module(func.func(parallelize-kernels))" %s | FileCheck %s --check-prefix=ONE

#id = affine_map<(i) -> (i)>

// CHECK-LABEL: func.func @large(
// CHECK:         scf.forall (%[[I:.*]]) = (0) to (100000) step (50000)
// CHECK:           memref.subview %{{.*}}[%[[I]]] [50000] [1]
// CHECK:           linalg.generic
// ONE-LABEL:   func.func @large(
// ONE-NOT:       scf.forall
func.func @large(%x: memref<100000xf32>, %y: memref<100000xf32>) {
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%x : memref<100000xf32>) outs(%y : memref<100000xf32>) {
  ^bb0(%a: f32, %out: f32):
    linalg.yield %a : f32
  }
  return
}

// Too little work for two threads.
// CHECK-LABEL: func.func @small(
// CHECK-NOT:     scf.forall
// CHECK:         return
func.func @small(%x: memref<100xf32>, %y: memref<100xf32>) {
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%x : memref<100xf32>) outs(%y : memref<100xf32>) {
  ^bb0(%a: f32, %out: f32):
    linalg.yield %a : f32
  }
  return
}
