// RUN: cegm-opt %s --convert-cegm-to-gpu --canonicalize --cse --split-input-file | FileCheck %s

// A mean takes two kernels: sums by block, which each block of the second adds
// in one order.

// CHECK-LABEL: gpu.func @deltas(
// CHECK-SAME: %{{.*}}: memref<512xf32>, %{{.*}}: memref<512xi1>, %[[STRENGTH:.*]]: f32, %{{.*}}: memref<512xf64>, %[[SUMS:.*]]: memref<4xf64>
// CHECK: arith.extf %[[STRENGTH]] : f32 to f64
// CHECK: memref.store %{{.*}}, %[[SUMS]]
// CHECK: gpu.func @weights(
// CHECK: scf.for
// CHECK: gpu.shuffle xor
func.func @mean(%s: tensor<2x256xf32>, %a: tensor<2x256xi1>) -> tensor<2x256xf32> {
  %l = arith.constant dense<0.1> : tensor<f32>
  %0 = cegm.weigh tanh %s, %a, %l : (tensor<2x256xf32>, tensor<2x256xi1>, tensor<f32>) -> tensor<2x256xf32>
  return %0 : tensor<2x256xf32>
}

// -----

// Without one, and with a strength that is known at run time: NaN where it is out of range.

// CHECK-LABEL: gpu.func @deltas(
// CHECK-SAME: %[[STRENGTH:[^:]*]]: memref<f32>
// CHECK: %[[LOADED:.*]] = memref.load %[[STRENGTH]][] : memref<f32>
// CHECK: %[[WIDE:.*]] = arith.extf %[[LOADED]] : f32 to f64
// CHECK-DAG: arith.cmpf ole, %{{.*}}, %[[WIDE]]
// CHECK-DAG: arith.cmpf olt, %[[WIDE]]
// CHECK: arith.select %{{.*}}, %[[WIDE]], %{{.*}} : f64
// CHECK-NOT: gpu.func
func.func @none(%s: tensor<2x256xf32>, %a: tensor<2x256xi1>, %l: tensor<f32>) -> tensor<2x256xf32> {
  %0 = cegm.weigh linear %s, %a, %l normalization = none : (tensor<2x256xf32>, tensor<2x256xi1>, tensor<f32>) -> tensor<2x256xf32>
  return %0 : tensor<2x256xf32>
}

// -----

// A block takes the softmax of one sequence.

// CHECK-LABEL: gpu.func @softmax(
// CHECK: arith.maxnumf
// CHECK: gpu.barrier
// CHECK-LABEL: func.func @softmax(
// CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[C3:.*]] = arith.constant 3 : index
// CHECK-DAG: %[[C256:.*]] = arith.constant 256 : index
// CHECK: gpu.launch_func @cegm_kernels::@softmax blocks in (%[[C3]], %[[C1]], %[[C1]]) threads in (%[[C256]], %[[C1]], %[[C1]])
func.func @softmax(%s: tensor<3x100xf32>, %a: tensor<3x100xi1>, %l: tensor<f32>) -> tensor<3x100xf32> {
  %0 = cegm.weigh softmax %s, %a, %l : (tensor<3x100xf32>, tensor<3x100xi1>, tensor<f32>) -> tensor<3x100xf32>
  return %0 : tensor<3x100xf32>
}

// -----

// CHECK-LABEL: gpu.func @couple(
// CHECK-SAME: %{{.*}}: memref<96xf32>, %[[OWN:[^:]*]]: memref<96xf32>, %[[PARENT:[^:]*]]: memref<96xf32>)
// CHECK-DAG: %[[SCORE:.*]] = memref.load %[[PARENT]]
// CHECK: arith.cmpf uno, %[[SCORE]], %[[SCORE]]
func.func @couple(%s: tensor<96xf32>, %p: tensor<96xf32>) -> tensor<96xf32> {
  %0 = cegm.couple %s with %p coupling = 0.25 : (tensor<96xf32>, tensor<96xf32>) -> tensor<96xf32>
  return %0 : tensor<96xf32>
}
