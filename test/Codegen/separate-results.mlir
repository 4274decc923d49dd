// RUN: cegm-opt %s --separate-results | FileCheck %s
// RUN: cegm-opt %s --cegm-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=GPU

// CHECK-LABEL: func @twice
// CHECK: %[[COPY:.*]] = bufferization.alloc_tensor() copy(%[[SCALED:.*]]) : tensor<4x8xf32>
// CHECK: return %[[SCALED]], %[[COPY]]
// GPU-LABEL: llvm.func @twice(
// GPU: gpu.launch_func
// GPU: mgpuMemcpy
func.func @twice(%x: tensor<4x8xf32>, %w: tensor<4xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  %y = cegm.scale %x by %w tokens = [0] : (tensor<4x8xf32>, tensor<4xf32>) -> tensor<4x8xf32>
  return %y, %y : tensor<4x8xf32>, tensor<4x8xf32>
}

// What nothing was written to is no place to write to.
// CHECK-LABEL: func @nothing
// CHECK: tensor.empty() : tensor<4xf32>
// CHECK: %[[EMPTY:.*]] = tensor.empty() : tensor<4xf32>
// CHECK: return %{{.*}}, %[[EMPTY]]
func.func @nothing(%x: tensor<4xf32>, %w: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %y = cegm.scale %e by %w tokens = [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y, %e : tensor<4xf32>, tensor<4xf32>
}
