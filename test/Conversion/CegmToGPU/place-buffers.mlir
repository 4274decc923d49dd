// RUN: cegm-opt %s --place-buffers-on-gpu --split-input-file --verify-diagnostics | FileCheck %s

module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @k(%a: memref<16xf32>) kernel {
      gpu.return
    }
  }

  // A buffer is freed after the last use of any of its views.

  // CHECK-LABEL: func.func @scratch
  // CHECK: %[[BUFFER:.*]] = gpu.alloc () : memref<4x4xf32>
  // CHECK: %[[FLAT:.*]] = memref.collapse_shape %[[BUFFER]]
  // CHECK: gpu.launch_func @kernels::@k
  // CHECK-NEXT: gpu.dealloc %[[BUFFER]]
  // CHECK-NEXT: return
  func.func @scratch() {
    %c1 = arith.constant 1 : index
    %buffer = memref.alloc() : memref<4x4xf32>
    %flat = memref.collapse_shape %buffer [[0, 1]] : memref<4x4xf32> into memref<16xf32>
    gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) args(%flat : memref<16xf32>)
    return
  }

  // What is returned stays.

  // CHECK-LABEL: func.func @returned
  // CHECK: %[[BUFFER:.*]] = gpu.alloc () : memref<16xf32>
  // CHECK: gpu.memcpy %[[BUFFER]], %{{.*}}
  // CHECK-NOT: gpu.dealloc
  // CHECK: return %[[BUFFER]]
  func.func @returned(%a: memref<16xf32>) -> memref<16xf32> {
    %buffer = memref.alloc() : memref<16xf32>
    memref.copy %a, %buffer : memref<16xf32> to memref<16xf32>
    return %buffer : memref<16xf32>
  }

  // CHECK-LABEL: func.func @constant
  // CHECK: %[[GLOBAL:.*]] = memref.get_global @values
  // CHECK: %[[COPY:.*]] = gpu.alloc () : memref<16xf32>
  // CHECK: gpu.memcpy %[[COPY]], %[[GLOBAL]]
  // CHECK: gpu.launch_func {{.*}} args(%[[COPY]] : memref<16xf32>)
  // CHECK: gpu.dealloc %[[COPY]]
  memref.global "private" constant @values : memref<16xf32> = dense<2.0>
  func.func @constant() {
    %c1 = arith.constant 1 : index
    %global = memref.get_global @values : memref<16xf32>
    gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) args(%global : memref<16xf32>)
    return
  }
}

// -----

func.func @host(%a: memref<16xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  // expected-error @+1 {{'memref.load' op reads or writes a buffer on the host, but buffers are on the GPU}}
  %0 = memref.load %a[%c0] : memref<16xf32>
  return %0 : f32
}
