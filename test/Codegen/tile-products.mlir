// RUN: cegm-opt --pass-pipeline="builtin.module(func.func(tile-products))" --mlir-print-local-scope --split-input-file %s | FileCheck %s
// RUN: cegm-opt --pass-pipeline="builtin.module(func.func(tile-products{threads=2}))" --mlir-print-local-scope --split-input-file %s | FileCheck %s --check-prefix=TWO
// RUN: cegm-opt --pass-pipeline="builtin.module(func.func(tile-products{vector-bits=512}))" --mlir-print-local-scope --split-input-file %s | FileCheck %s --check-prefix=WIDE

// The zeros are not stored first: the first sum of a tile replaces what is
// there.
// CHECK-LABEL: func.func @plain(
// CHECK-SAME:    %[[A:[^:]*]]: memref<512x384xf32>, %[[B:[^:]*]]: memref<384x100xf32>, %[[C:[^:]*]]: memref<512x100xf32>
// CHECK-NOT:     linalg.fill
// CHECK-DAG:     %[[ROWS:.*]] = memref.reinterpret_cast %[[A]] to offset: [0], sizes: [512, 384], strides: [384, 1]
// CHECK-DAG:     %[[COLUMNS:.*]] = memref.reinterpret_cast %[[B]] to offset: [0], sizes: [100, 384], strides: [1, 100]
// CHECK-DAG:     memref.reinterpret_cast %[[C]] to offset: [0], sizes: [512, 100], strides: [100, 1]
// CHECK-DAG:     %[[PANELS_A:.*]] = memref.alloc() {{.*}} : memref<16x256x6xf32>
// CHECK-DAG:     %[[PANELS_B:.*]] = memref.alloc() {{.*}} : memref<7x256x16xf32>
// Columns, depth and rows of blocks.
// CHECK:         scf.for %{{.*}} step %c112
// CHECK:           scf.for %[[STEP:.*]] = {{.*}} step %c256
// CHECK:             %[[IS_FIRST:.*]] = arith.cmpi eq, %[[STEP]], %c0{{.*}} : index
// CHECK:             memref.subview %[[COLUMNS]]
// CHECK:             memref.store {{.*}}, %[[PANELS_B]]
// CHECK:             scf.for %{{.*}} step %c96
// CHECK:               memref.subview %[[ROWS]]
// CHECK:               memref.store {{.*}}, %[[PANELS_A]]
// One tile, whose sums stay in registers.
// CHECK:               %[[SUMS:.*]]:12 = scf.for
// CHECK-COUNT-2:         vector.load %[[PANELS_B]]
// CHECK:                 %[[ELEMENT:.*]] = memref.load %[[PANELS_A]]
// CHECK:                 vector.broadcast %[[ELEMENT]] : f32 to vector<8xf32>
// CHECK:                 arith.mulf {{.*}} fastmath<contract> : vector<8xf32>
// CHECK:                 arith.addf {{.*}} fastmath<contract> : vector<8xf32>
// CHECK:               arith.select %[[IS_FIRST]], %[[SUMS]]#0
// CHECK-COUNT-3: memref.dealloc
// Each thread computes half of the rows.
// TWO-LABEL:   func.func @plain(
// TWO:           scf.forall (%[[PART:.*]]) in (2)
// TWO:             affine.apply affine_map<(d0) -> (d0 * 98304)>(%[[PART]])
// TWO:             memref.reinterpret_cast {{.*}} sizes: [256, 384]
// TWO:             scf.for
// WIDE-LABEL:  func.func @plain(
// WIDE:          vector.broadcast {{.*}} : f32 to vector<16xf32>
func.func @plain(%a: memref<512x384xf32>, %b: memref<384x100xf32>, %c: memref<512x100xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%c : memref<512x100xf32>)
  linalg.matmul ins(%a, %b : memref<512x384xf32>, memref<384x100xf32>) outs(%c : memref<512x100xf32>)
  return
}

// -----

// 16-bit operands are widened as they are packed; an output of 16 bits is
// rounded once, so that its depth is not cut.
// CHECK-LABEL: func.func @narrow(
// CHECK:         memref.alloc() {{.*}} : memref<{{.*}}x1000x6xf32>
// CHECK:         arith.extf {{.*}} : bf16 to f32
// CHECK:         arith.mulf {{.*}} : vector<8xf32>
// CHECK:         arith.truncf {{.*}} : vector<8xf32> to vector<8xbf16>
func.func @narrow(%a: memref<64x1000xbf16>, %b: memref<1000x32xbf16>, %c: memref<64x32xbf16>) {
  linalg.matmul ins(%a, %b : memref<64x1000xbf16>, memref<1000x32xbf16>) outs(%c : memref<64x32xbf16>)
  return
}

// -----

// Heads between sequence and features: two loops around a product of one head.
// CHECK-LABEL: func.func @heads(
// CHECK:         scf.for %[[BATCH:.*]] = %c0
// CHECK:           scf.for %[[HEAD:.*]] = %c0
// CHECK:             affine.apply affine_map<(d0, d1) -> (d0 * 1024 + d1 * 16)>(%[[BATCH]], %[[HEAD]])
// CHECK:             memref.reinterpret_cast {{.*}} sizes: [16, 16], strides: [64, 1]
func.func @heads(%q: memref<2x16x4x16xf32>, %k: memref<2x16x4x16xf32>, %s: memref<2x4x16x16xf32>) {
  linalg.generic {
      indexing_maps = [affine_map<(b, h, i, j, d) -> (b, i, h, d)>,
                       affine_map<(b, h, i, j, d) -> (b, j, h, d)>,
                       affine_map<(b, h, i, j, d) -> (b, h, i, j)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%q, %k : memref<2x16x4x16xf32>, memref<2x16x4x16xf32>)
      outs(%s : memref<2x4x16x16xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %sum, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// -----

// Integers, sizes that are not known, single rows and little work are left.
// CHECK-LABEL: func.func @left(
// CHECK-COUNT-4: linalg.matmul
// CHECK-NOT:     scf.for
func.func @left(%a: memref<64x64xi32>, %b: memref<?x64xf32>, %c: memref<?x?xf32>,
                %d: memref<1x512xf32>, %e: memref<512x512xf32>, %f: memref<8x8xf32>) {
  linalg.matmul ins(%a, %a : memref<64x64xi32>, memref<64x64xi32>) outs(%a : memref<64x64xi32>)
  linalg.matmul ins(%b, %c : memref<?x64xf32>, memref<?x?xf32>) outs(%c : memref<?x?xf32>)
  linalg.matmul ins(%d, %e : memref<1x512xf32>, memref<512x512xf32>) outs(%d : memref<1x512xf32>)
  linalg.matmul ins(%f, %f : memref<8x8xf32>, memref<8x8xf32>) outs(%f : memref<8x8xf32>)
  return
}
