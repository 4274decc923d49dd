// RUN: cegm-opt %s --convert-cegm-to-gpu --canonicalize --cse --split-input-file | FileCheck %s

// A thread loads eight rows, 16 bytes of each, before it stores the first.

// CHECK-LABEL: gpu.func @scale(
// CHECK-SAME: %[[X:.*]]: memref<4096xf32>, %[[W:.*]]: memref<16xf32>, %[[R:.*]]: memref<4096xf32>) kernel
// CHECK-SAME: known_block_size = array<i32: 128, 1, 1>
// CHECK-COUNT-8: vector.load %[[X]][%{{.*}}] {alignment = 16 : i64} : memref<4096xf32>, vector<4xf32>
// CHECK-NOT: vector.load
// CHECK-COUNT-8: vector.store %{{.*}}, %[[R]][%{{.*}}] {alignment = 16 : i64} : memref<4096xf32>, vector<4xf32>
// CHECK-NOT: vector.store
// CHECK: gpu.return

// CHECK-LABEL: func.func @rows(
// CHECK-SAME: %[[ARG:.*]]: tensor<16x256xf32>
// CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[C128:.*]] = arith.constant 128 : index
// CHECK: %[[RESULT:.*]] = memref.alloc() : memref<16x256xf32>
// CHECK: %[[TENSOR:.*]] = bufferization.to_tensor %[[RESULT]] restrict writable
// CHECK: bufferization.to_buffer %[[ARG]] read_only : tensor<16x256xf32> to memref<16x256xf32>
// CHECK: gpu.launch_func @cegm_kernels::@scale blocks in (%[[C1]], %[[C1]], %[[C1]]) threads in (%[[C128]], %[[C1]], %[[C1]])
// CHECK: return %[[TENSOR]]
func.func @rows(%x: tensor<16x256xf32>, %w: tensor<16xf32>) -> tensor<16x256xf32> {
  %0 = cegm.scale %x by %w tokens = [0] : (tensor<16x256xf32>, tensor<16xf32>) -> tensor<16x256xf32>
  return %0 : tensor<16x256xf32>
}

// -----

// The product is made in f32 and rounded once.

// CHECK-LABEL: gpu.func @scale(
// CHECK: %[[LOADED:.*]] = vector.load %{{.*}} {alignment = 16 : i64} : memref<4096xbf16>, vector<8xbf16>
// CHECK: %[[WIDE:.*]] = arith.extf %[[LOADED]] : vector<8xbf16> to vector<8xf32>
// CHECK: %[[PRODUCT:.*]] = arith.mulf %[[WIDE]], %{{.*}} : vector<8xf32>
// CHECK: arith.truncf %[[PRODUCT]] : vector<8xf32> to vector<8xbf16>
func.func @narrow(%x: tensor<16x256xbf16>, %w: tensor<16xf32>) -> tensor<16x256xbf16> {
  %0 = cegm.scale %x by %w tokens = [0] : (tensor<16x256xbf16>, tensor<16xf32>) -> tensor<16x256xbf16>
  return %0 : tensor<16x256xbf16>
}

// -----

// Rows of 6 numbers begin at places that two divide, but four do not; threads
// past the end of a row store nothing.

// CHECK-LABEL: gpu.func @scale(
// CHECK: vector.load %{{.*}} {alignment = 8 : i64} : memref<96xf32>, vector<2xf32>
// CHECK: scf.if
// CHECK: vector.store %{{.*}} {alignment = 8 : i64} : memref<96xf32>, vector<2xf32>
func.func @pairs(%x: tensor<16x6xf32>, %w: tensor<16xf32>) -> tensor<16x6xf32> {
  %0 = cegm.scale %x by %w tokens = [0] : (tensor<16x6xf32>, tensor<16xf32>) -> tensor<16x6xf32>
  return %0 : tensor<16x6xf32>
}

// -----

// Features that do not lie side by side are read one by one.

// CHECK-LABEL: gpu.func @scale(
// CHECK-NOT: vector.load
// CHECK: memref.load %{{.*}} : memref<4096xf32>
func.func @features_first(%x: tensor<256x16xf32>, %w: tensor<16xf32>) -> tensor<256x16xf32> {
  %0 = cegm.scale %x by %w tokens = [1] : (tensor<256x16xf32>, tensor<16xf32>) -> tensor<256x16xf32>
  return %0 : tensor<256x16xf32>
}
