// RUN: cegm-opt --pass-pipeline="builtin.module(func.func(order-loops))" %s | FileCheck %s

// CHECK-DAG: #[[$BOTH:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[$INNER:.*]] = affine_map<(d0, d1) -> (d1)>

// A sum over rows adds row by row.
// CHECK-LABEL: func.func @sum_rows
// CHECK:         indexing_maps = [#[[$BOTH]], #[[$INNER]]], iterator_types = ["reduction", "parallel"]
func.func @sum_rows(%x: memref<16x8xf32>, %y: memref<8xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i)>],
                  iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<16x8xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%a: f32, %sum: f32):
    %0 = arith.addf %sum, %a : f32
    linalg.yield %0 : f32
  }
  return
}

// Two reductions keep their order, though the first has the adjacent elements.
// CHECK-LABEL: func.func @keep
// CHECK:         iterator_types = ["reduction", "reduction"]
// CHECK-NOT:     linalg.generic {indexing_maps = [#[[$BOTH]]
func.func @keep(%x: memref<16x8xf32>, %y: memref<f32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> ()>],
                  iterator_types = ["reduction", "reduction"]}
      ins(%x : memref<16x8xf32>) outs(%y : memref<f32>) {
  ^bb0(%a: f32, %last: f32):
    linalg.yield %a : f32
  }
  return
}
