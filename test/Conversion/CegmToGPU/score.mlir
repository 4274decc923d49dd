// RUN: cegm-opt %s --convert-cegm-to-gpu --canonicalize --cse --split-input-file | FileCheck %s

// Few tokens: groups of 16 rows, whose sums the level above is made from.

// CHECK-LABEL: gpu.module @cegm_kernels
// CHECK: gpu.func @row_sums(%[[C:[^:]*]]: memref<65536xf32>, %[[G:[^:]*]]: memref<65536xf32>
// CHECK-SAME: workgroup(%{{.*}}: memref<192xf32, #gpu.address_space<workgroup>> {llvm.align = 16 : i64}
// CHECK: scf.for
// CHECK-COUNT-8: vector.load %{{.*}} {alignment = 16 : i64} : memref<65536xf32>, vector<4xf32>
// CHECK: gpu.shuffle xor
// CHECK: gpu.barrier
// CHECK: gpu.func @tokens(
// CHECK: nvvm.vote.sync any
// CHECK: gpu.func @repair(
// CHECK: gpu.func @coarse_sums(
// CHECK: gpu.func @windows(
// CHECK: gpu.func @scores(

// CHECK-LABEL: func.func @levels(
// CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[C8:.*]] = arith.constant 8 : index
// CHECK-DAG: %[[C128:.*]] = arith.constant 128 : index
// CHECK: %[[SCRATCH:.*]] = memref.alloc() : memref<{{[0-9]+}}xi8>
// CHECK: memref.view %[[SCRATCH]]
// CHECK: gpu.launch_func @cegm_kernels::@row_sums blocks in (%[[C8]], %[[C1]], %[[C1]]) threads in (%[[C128]], %[[C1]], %[[C1]])
// CHECK: gpu.launch_func @cegm_kernels::@tokens
// CHECK: gpu.launch_func @cegm_kernels::@repair
// CHECK: gpu.launch_func @cegm_kernels::@coarse_sums
// CHECK: gpu.launch_func @cegm_kernels::@windows
// CHECK: gpu.launch_func @cegm_kernels::@scores
func.func @levels(%x: tensor<1x256x256xf32>, %g: tensor<1x256x256xf32>) -> (tensor<1x256xf32>, tensor<1x256xi1>) {
  %s, %a = cegm.score cosine %x, %g tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [1, 16, 128]
      : (tensor<1x256x256xf32>, tensor<1x256x256xf32>) -> (tensor<1x256xf32>, tensor<1x256xi1>)
  return %s, %a : tensor<1x256xf32>, tensor<1x256xi1>
}

// -----

// Tokens alone need no windows, and no second run where some are not finite.

// CHECK-LABEL: gpu.module @cegm_kernels
// CHECK: gpu.func @row_sums(
// CHECK-NOT: f64
// CHECK: gpu.func @tokens(
// CHECK-NOT: gpu.func @repair
// CHECK-NOT: gpu.func @windows
// CHECK: gpu.func @scores(
func.func @tokens_alone(%x: tensor<32x64xf32>, %g: tensor<32x64xf32>) -> (tensor<32xf32>, tensor<32xi1>) {
  %s, %a = cegm.score cosine %x, %g tokens = [0] x [0] features = [1] x [1] windows = [1]
      : (tensor<32x64xf32>, tensor<32x64xf32>) -> (tensor<32xf32>, tensor<32xi1>)
  return %s, %a : tensor<32xf32>, tensor<32xi1>
}

// -----

// Windows of 24 are not made of windows of 16: they read all rows again.

// CHECK-LABEL: gpu.module @cegm_kernels
// CHECK: gpu.func @repair(
// CHECK: gpu.func @window_sums(
// CHECK: gpu.func @squares(
// CHECK: gpu.func @scores(
func.func @not_nested(%x: tensor<96x64xf32>, %g: tensor<96x64xf32>) -> (tensor<96xf32>, tensor<96xi1>) {
  %s, %a = cegm.score inner %x, %g tokens = [0] x [0] features = [1] x [1] windows = [1, 16, 24]
      : (tensor<96x64xf32>, tensor<96x64xf32>) -> (tensor<96xf32>, tensor<96xi1>)
  return %s, %a : tensor<96xf32>, tensor<96xi1>
}

// -----

// The range of f32 holds all squares of f16 numbers: no row is summed again.

// CHECK-LABEL: gpu.module @cegm_kernels
// CHECK: gpu.func @tokens(
// CHECK-NOT: nvvm.vote.sync
// CHECK: gpu.func @scores(
func.func @half(%x: tensor<32x64xf16>, %g: tensor<32x64xf16>) -> (tensor<32xf32>, tensor<32xi1>) {
  %s, %a = cegm.score cosine %x, %g tokens = [0] x [0] features = [1] x [1] windows = [1]
      : (tensor<32x64xf16>, tensor<32x64xf16>) -> (tensor<32xf32>, tensor<32xi1>)
  return %s, %a : tensor<32xf32>, tensor<32xi1>
}
