// RUN: cegm-opt --cegm-to-llvm %s | FileCheck %s
// RUN: cegm-opt --cegm-to-llvm=blas=true %s | FileCheck %s --check-prefix=BLAS
// RUN: cegm-opt --cegm-to-llvm=threads=2 %s | FileCheck %s --check-prefix=THREADS
// RUN: cegm-opt --cegm-to-llvm=schedule=%S/Inputs/tile.mlir --mlir-print-ir-after=fuse-elementwise \
// RUN:   %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=TILED

// A dense layer with a bias.
// CHECK-NOT:   stablehlo
// CHECK-NOT:   builtin.unrealized_conversion_cast
// CHECK:       llvm.func @main(
// CHECK:         llvm.call @kernel
// CHECK:       llvm.func @_mlir_ciface_main(%{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: !llvm.ptr {cegm.result = 0 : i64})
// BLAS:        llvm.call @cblas_sgemm(
// THREADS:     omp.parallel num_threads(
// THREADS:       omp.wsloop
// TILED:       scf.for
// TILED:         linalg.matmul
// TILED-SAME:      tensor<16x32xf32>
func.func @main(%x: tensor<512x32xf32>, %w: tensor<32x128xf32>, %b: tensor<128xf32>)
    -> tensor<512x128xf32> {
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0]
      : (tensor<512x32xf32>, tensor<32x128xf32>) -> tensor<512x128xf32>
  %1 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<128xf32>) -> tensor<512x128xf32>
  %2 = stablehlo.add %0, %1 : tensor<512x128xf32>
  return %2 : tensor<512x128xf32>
}
