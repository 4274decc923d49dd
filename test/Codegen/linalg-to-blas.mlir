// RUN: cegm-opt --linalg-to-blas=min-size=0 --split-input-file %s | FileCheck %s
// RUN: cegm-opt --linalg-to-blas --split-input-file %s | FileCheck %s --check-prefix=SMALL
// RUN: cegm-opt --linalg-to-blas="threads=2 min-size=0 min-parallel=4096" --mlir-print-local-scope --split-input-file %s | FileCheck %s --check-prefix=TWO

// The zeros need not be stored first.
// CHECK-LABEL: func.func @plain(
// CHECK-SAME:    %[[A:[^:]*]]: memref<64x32xf32>, %[[B:[^:]*]]: memref<32x16xf32>, %[[C:[^:]*]]: memref<64x16xf32>
// CHECK-NOT:     linalg.fill
// CHECK-DAG:     %[[ROWS:.*]] = arith.constant 101 : i32
// CHECK-DAG:     %[[BETA:.*]] = arith.constant 0.0{{.*}} : f32
// CHECK:         call @cblas_sgemm(%[[ROWS]], {{.*}}) : (i32, i32, i32, i32, i32, i32, f32, !llvm.ptr, i32, !llvm.ptr, i32, f32, !llvm.ptr, i32) -> ()
// SMALL-LABEL: func.func @plain(
// SMALL:         call @cblas_sgemm
// Each thread computes half of the rows.
// TWO-LABEL: func.func @plain(
// TWO:         scf.forall (%[[PART:.*]]) in (2) {
// TWO-DAG:       %[[ROWS:.*]] = arith.constant 32 : i32
// TWO-DAG:       affine.apply affine_map<(d0) -> (d0 * 1024)>(%[[PART]])
// TWO-DAG:       affine.apply affine_map<(d0) -> (d0 * 512)>(%[[PART]])
// TWO:           call @cblas_sgemm({{.*}}%[[ROWS]]
func.func @plain(%a: memref<64x32xf32>, %b: memref<32x16xf32>, %c: memref<64x16xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%c : memref<64x16xf32>)
  linalg.matmul ins(%a, %b : memref<64x32xf32>, memref<32x16xf32>) outs(%c : memref<64x16xf32>)
  return
}

// -----

// Something reads what was filled: it stays.
// CHECK-LABEL: func.func @read_between(
// CHECK:         linalg.fill
// CHECK:         memref.copy
// CHECK-DAG:     arith.constant 1.0{{.*}} : f64
// CHECK:         call @cblas_dgemm
// SMALL-LABEL: func.func @read_between(
// SMALL:         linalg.matmul
// TWO-LABEL: func.func @read_between(
// TWO-NOT:     scf.forall
func.func @read_between(%a: memref<4x8xf64>, %b: memref<8x4xf64>, %c: memref<4x4xf64>, %d: memref<4x4xf64>) {
  %zero = arith.constant 0.0 : f64
  linalg.fill ins(%zero : f64) outs(%c : memref<4x4xf64>)
  memref.copy %c, %d : memref<4x4xf64> to memref<4x4xf64>
  linalg.matmul ins(%a, %b : memref<4x8xf64>, memref<8x4xf64>) outs(%c : memref<4x4xf64>)
  return
}

// -----

// The heads of an attention, between sequence and features: loops over batch
// and head around a product whose rows are apart by all heads.
// CHECK-LABEL: func.func @heads(
// CHECK:         scf.for
// CHECK:           scf.for
// CHECK:             %[[LEADING:.*]] = arith.constant 32 : i32
// CHECK:             call @cblas_sgemm({{.*}}%[[LEADING]], {{.*}}%[[LEADING]]
// The threads share the loop over the batch.
// TWO-LABEL: func.func @heads(
// TWO:         scf.forall ({{.*}}) in (2) {
// TWO:           scf.for
// TWO:             call @cblas_sgemm
func.func @heads(%q: memref<2x16x4x8xf32>, %k: memref<2x16x4x8xf32>, %s: memref<2x4x16x16xf32>) {
  linalg.generic {
      indexing_maps = [affine_map<(b, h, i, j, d) -> (b, i, h, d)>,
                       affine_map<(b, h, i, j, d) -> (b, j, h, d)>,
                       affine_map<(b, h, i, j, d) -> (b, h, i, j)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%q, %k : memref<2x16x4x8xf32>, memref<2x16x4x8xf32>)
      outs(%s : memref<2x4x16x16xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// -----

// Two batch dimensions of tokens are one dimension of the product, and so no
// loop is left.
// CHECK-LABEL: func.func @weight_gradient(
// CHECK-NOT:     scf.for
// CHECK-DAG:     arith.constant 64 : i32
// CHECK:         call @cblas_sgemm
func.func @weight_gradient(%x: memref<4x16x8xf32>, %dy: memref<4x16x12xf32>, %dw: memref<12x8xf32>) {
  linalg.generic {
      indexing_maps = [affine_map<(k, d, b, t) -> (b, t, d)>,
                       affine_map<(k, d, b, t) -> (b, t, k)>,
                       affine_map<(k, d, b, t) -> (k, d)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %dy : memref<4x16x8xf32>, memref<4x16x12xf32>)
      outs(%dw : memref<12x8xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// -----

// Parts are whole vectors: one of 32 columns and one of 18.
// TWO-LABEL: func.func @uneven(
// TWO:         scf.forall (%[[PART:.*]]) in (2) {
// TWO:           %[[COLUMNS:.*]] = affine.min affine_map<(d0) -> (32, d0 * -32 + 50)>(%[[PART]])
// TWO:           %[[NUMBER:.*]] = arith.index_cast %[[COLUMNS]] : index to i32
// TWO:           call @cblas_sgemm({{.*}}%[[NUMBER]]
func.func @uneven(%a: memref<4x32xf32>, %b: memref<32x50xf32>, %c: memref<4x50xf32>) {
  linalg.matmul ins(%a, %b : memref<4x32xf32>, memref<32x50xf32>) outs(%c : memref<4x50xf32>)
  return
}

// -----

// Types and shapes that a BLAS does not take.
// CHECK-LABEL: func.func @left(
// CHECK:         linalg.matmul
// CHECK:         linalg.matmul
// CHECK-NOT:     call
func.func @left(%a: memref<8x8xbf16>, %c: memref<8x8xbf16>, %d: memref<?x8xf32>, %e: memref<?x?xf32>) {
  linalg.matmul ins(%a, %a : memref<8x8xbf16>, memref<8x8xbf16>) outs(%c : memref<8x8xbf16>)
  linalg.matmul ins(%d, %e : memref<?x8xf32>, memref<?x?xf32>) outs(%e : memref<?x?xf32>)
  return
}
