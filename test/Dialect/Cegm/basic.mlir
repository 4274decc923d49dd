// RUN: cegm-opt %s | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --mlir-print-op-generic | cegm-opt | FileCheck %s

// CHECK-LABEL: func @score
// CHECK-SAME: (%[[C:.*]]: tensor<2x5x8xf32>, %[[G:.*]]: tensor<2x5x8xf32>)
func.func @score(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>) {
  // Attributes that have their default values do not print.
  // CHECK: cegm.score cosine %[[C]], %[[G]] tokens = [0, 1] x [0, 1] features = [2] x [2] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2]
      windows = [1, 16, 128] decay = 1.0
      : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return %s, %a : tensor<2x5xf32>, tensor<2x5xi1>
}

// Dimensions in any order, element types mixed, dynamic sizes merged.
// CHECK-LABEL: func @score_permuted
// CHECK-SAME: (%[[C:.*]]: tensor<3x?x7x4xf16>, %[[G:.*]]: tensor<5x4x3x?xf64>, %[[M:.*]]: tensor<4x3xbf16>)
func.func @score_permuted(%c: tensor<3x?x7x4xf16>, %g: tensor<5x4x3x?xf64>, %m: tensor<4x3xbf16>) -> tensor<7x5xf64> {
  // CHECK: cegm.score bilinear %[[C]], %[[G]] metric(%[[M]]) tokens = [2, 1] x [3, 0] features = [3, 0] x [1, 2] windows = [2, 0] decay = 5.000000e-01 {note = "kept"}
  %s, %a = cegm.score bilinear %c, %g metric(%m) tokens = [2, 1] x [3, 0] features = [3, 0] x [1, 2]
      windows = [2, 0] decay = 0.5 {note = "kept"}
      : (tensor<3x?x7x4xf16>, tensor<5x4x3x?xf64>, tensor<4x3xbf16>) -> (tensor<7x5xf64>, tensor<7x5xi1>)
  return %s : tensor<7x5xf64>
}

// CHECK-LABEL: func @couple
// CHECK-SAME: (%[[S:.*]]: tensor<?x5xf32>, %[[P:.*]]: tensor<?x5xf32>)
func.func @couple(%s: tensor<?x5xf32>, %p: tensor<?x5xf32>) -> tensor<?x5xf32> {
  // CHECK: cegm.couple %[[S]] with %[[P]], %[[P]] coupling = 2.500000e-01
  %0 = cegm.couple %s with %p, %p coupling = 0.25
      : (tensor<?x5xf32>, tensor<?x5xf32>, tensor<?x5xf32>) -> tensor<?x5xf32>
  // CHECK: cegm.couple %{{.*}} coupling = 0.000000e+00 : (tensor<?x5xf32>)
  %1 = cegm.couple %0 coupling = 0.0 : (tensor<?x5xf32>) -> tensor<?x5xf32>
  return %1 : tensor<?x5xf32>
}

// CHECK-LABEL: func @weigh
// CHECK-SAME: (%[[S:.*]]: tensor<5xf64>, %[[A:.*]]: tensor<5xi1>, %[[L:.*]]: tensor<f64>)
func.func @weigh(%s: tensor<5xf64>, %a: tensor<5xi1>, %l: tensor<f64>) -> (tensor<5xf64>, tensor<5xf64>) {
  // CHECK: cegm.weigh tanh %[[S]], %[[A]], %[[L]] : (tensor<5xf64>, tensor<5xi1>, tensor<f64>) -> tensor<5xf64>
  %0 = cegm.weigh tanh %s, %a, %l : (tensor<5xf64>, tensor<5xi1>, tensor<f64>) -> tensor<5xf64>
  // CHECK: cegm.weigh softmax %[[S]], %[[A]], %[[L]] temperature = 1.000000e+00 sign = magnitude normalization = none
  %1 = cegm.weigh softmax %s, %a, %l temperature = 1.0 sign = magnitude normalization = none
      : (tensor<5xf64>, tensor<5xi1>, tensor<f64>) -> tensor<5xf64>
  return %0, %1 : tensor<5xf64>, tensor<5xf64>
}

// CHECK-LABEL: func @scale
// CHECK-SAME: (%[[X:.*]]: tensor<8x?x3xbf16>, %[[W:.*]]: tensor<3x?xf32>)
func.func @scale(%x: tensor<8x?x3xbf16>, %w: tensor<3x?xf32>) -> tensor<8x?x3xbf16> {
  // CHECK: cegm.scale %[[X]] by %[[W]] tokens = [2, 1] : (tensor<8x?x3xbf16>, tensor<3x?xf32>) -> tensor<8x?x3xbf16>
  %0 = cegm.scale %x by %w tokens = [2, 1] : (tensor<8x?x3xbf16>, tensor<3x?xf32>) -> tensor<8x?x3xbf16>
  return %0 : tensor<8x?x3xbf16>
}

// CHECK-LABEL: func @audit
func.func @audit(%s: tensor<2x5xf32>, %w: tensor<2x5xf32>, %a: tensor<2x5xi1>, %l: tensor<f32>) -> tensor<10xf32> {
  // CHECK: cegm.audit %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : (tensor<2x5xf32>, tensor<2x5xf32>, tensor<2x5xi1>, tensor<f32>) -> tensor<10xf32>
  %0 = cegm.audit %s, %w, %a, %l : (tensor<2x5xf32>, tensor<2x5xf32>, tensor<2x5xi1>, tensor<f32>) -> tensor<10xf32>
  return %0 : tensor<10xf32>
}

// CHECK-LABEL: func @remove_radial
func.func @remove_radial(%e: tensor<4x3xf16>, %g: tensor<4x3xf16>, %p: tensor<4x3xf16>, %wide: tensor<4x3xf32>) -> tensor<4x3xf16> {
  // CHECK: cegm.remove_radial %{{.*}}, %{{.*}}, %{{.*}} : (tensor<4x3xf16>, tensor<4x3xf16>, tensor<4x3xf16>) -> tensor<4x3xf16>
  %0 = cegm.remove_radial %e, %g, %p : (tensor<4x3xf16>, tensor<4x3xf16>, tensor<4x3xf16>) -> tensor<4x3xf16>
  // CHECK: cegm.remove_radial %{{.*}}, %{{.*}}, %{{.*}} : (tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xf16>) -> tensor<4x3xf32>
  %1 = cegm.remove_radial %wide, %wide, %p : (tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xf16>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf16>
}

// CHECK-LABEL: func @entangle
// CHECK-SAME: (%[[Y:.*]]: tensor<2x6x5xbf16>, %[[C:.*]]: tensor<2x5x8xbf16>, %[[G:.*]]: tensor<2x5x8xbf16>, %[[M:.*]]: tensor<8xf32>, %[[P:.*]]: tensor<2x5xf32>, %[[L:.*]]: tensor<f32>)
func.func @entangle(%y: tensor<2x6x5xbf16>, %c: tensor<2x5x8xbf16>, %g: tensor<2x5x8xbf16>, %m: tensor<8xf32>, %p: tensor<2x5xf32>, %l: tensor<f32>)
    -> (tensor<2x6x5xbf16>, tensor<2x6x5xbf16>) {
  // CHECK: cegm.entangle %[[Y]], %[[C]], %[[G]], %[[L]] tokens = [0, 2] x [0, 1] x [0, 1] features = [2] x [2] : (tensor<2x6x5xbf16>, tensor<2x5x8xbf16>, tensor<2x5x8xbf16>, tensor<f32>) -> (tensor<2x6x5xbf16>, tensor<2x5xf32>, tensor<2x5xi1>, tensor<2x5xf32>)
  %e0, %s0, %a0, %w0 = cegm.entangle %y, %c, %g, %l tokens = [0, 2] x [0, 1] x [0, 1] features = [2] x [2]
      : (tensor<2x6x5xbf16>, tensor<2x5x8xbf16>, tensor<2x5x8xbf16>, tensor<f32>)
      -> (tensor<2x6x5xbf16>, tensor<2x5xf32>, tensor<2x5xi1>, tensor<2x5xf32>)
  // CHECK: cegm.entangle %[[Y]], %[[C]], %[[G]], %[[L]] metric(%[[M]]) parents(%[[P]], %{{.*}}) tokens = [0, 2] x [0, 1] x [0, 1] features = [2] x [2] kernel = bilinear windows = [4] decay = 2.000000e+00 coupling = 5.000000e-01 weighting = exp temperature = 2.000000e+00 sign = negative normalization = none
  %e1, %s1, %a1, %w1 = cegm.entangle %y, %c, %g, %l metric(%m) parents(%p, %s0) tokens = [0, 2] x [0, 1] x [0, 1] features = [2] x [2]
      kernel = bilinear windows = [4] decay = 2.0 coupling = 0.5 weighting = exp temperature = 2.0 sign = negative normalization = none
      : (tensor<2x6x5xbf16>, tensor<2x5x8xbf16>, tensor<2x5x8xbf16>, tensor<f32>, tensor<8xf32>, tensor<2x5xf32>, tensor<2x5xf32>)
      -> (tensor<2x6x5xbf16>, tensor<2x5xf32>, tensor<2x5xi1>, tensor<2x5xf32>)
  return %e0, %e1 : tensor<2x6x5xbf16>, tensor<2x6x5xbf16>
}

// Devices whose tokens count together.
// CHECK-LABEL: func @devices
// CHECK-SAME: (%[[X:.*]]: tensor<5x8xf32>, %[[L:.*]]: tensor<f32>)
func.func @devices(%x: tensor<5x8xf32>, %l: tensor<f32>) -> (tensor<5xf32>, tensor<10xf32>, tensor<5x8xf32>) {
  // CHECK: cegm.score inner %[[X]], %[[X]] {{.*}} device_groups = dense<{{\[}}[0, 2], [1, 3]]> : tensor<2x2xi64> : (
  %s, %a = cegm.score inner %x, %x tokens = [0] x [0] features = [1] x [1]
      device_groups = dense<[[0, 2], [1, 3]]> : tensor<2x2xi64>
      : (tensor<5x8xf32>, tensor<5x8xf32>) -> (tensor<5xf32>, tensor<5xi1>)
  // CHECK: cegm.weigh tanh {{.*}} device_groups = dense<{{\[}}[0, 2], [1, 3]]> : tensor<2x2xi64> : (
  %w = cegm.weigh tanh %s, %a, %l device_groups = dense<[[0, 2], [1, 3]]> : tensor<2x2xi64>
      : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  // CHECK: cegm.audit {{.*}} device_groups = dense<{{\[}}[0, 2], [1, 3]]> : tensor<2x2xi64> : (
  %row = cegm.audit %s, %w, %a, %l device_groups = dense<[[0, 2], [1, 3]]> : tensor<2x2xi64>
      : (tensor<5xf32>, tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<10xf32>
  // CHECK: cegm.entangle {{.*}} device_groups = dense<{{\[}}[0, 2], [1, 3]]> : tensor<2x2xi64> : (
  %e:4 = cegm.entangle %x, %x, %x, %l tokens = [0] x [0] x [0] features = [1] x [1]
      device_groups = dense<[[0, 2], [1, 3]]> : tensor<2x2xi64>
      : (tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x8xf32>, tensor<f32>)
      -> (tensor<5x8xf32>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>)
  return %w, %row, %e#0 : tensor<5xf32>, tensor<10xf32>, tensor<5x8xf32>
}
