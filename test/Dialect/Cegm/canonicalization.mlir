// RUN: cegm-opt %s --canonicalize --split-input-file | FileCheck %s

// Windows of the whole sequence are one level, written 0.
// CHECK-LABEL: func @windows
func.func @windows(%x: tensor<16x8xf32>, %l: tensor<f32>) -> (tensor<16xf32>, tensor<16x8xf32>) {
  // CHECK: cegm.score {{.*}} windows = [1, 0] :
  %s, %a = cegm.score cosine %x, %x tokens = [0] x [0] features = [1] x [1]
      : (tensor<16x8xf32>, tensor<16x8xf32>) -> (tensor<16xf32>, tensor<16xi1>)
  // CHECK: cegm.entangle {{.*}} windows = [3, 0] :
  %e:4 = cegm.entangle %x, %x, %x, %l tokens = [0] x [0] x [0] features = [1] x [1] windows = [3, 17, 40, 0]
      : (tensor<16x8xf32>, tensor<16x8xf32>, tensor<16x8xf32>, tensor<f32>)
      -> (tensor<16x8xf32>, tensor<16xf32>, tensor<16xi1>, tensor<16xf32>)
  return %s, %e#0 : tensor<16xf32>, tensor<16x8xf32>
}

// -----

// A window of 1 alone is a plain score, and stays one.
// CHECK-LABEL: func @windows_kept
func.func @windows_kept(%x: tensor<16x8xf32>, %d: tensor<?x8xf32>) -> (tensor<16xf32>, tensor<?xf32>) {
  // CHECK: cegm.score {{.*}} windows = [1] :
  %s, %a = cegm.score cosine %x, %x tokens = [0] x [0] features = [1] x [1] windows = [1]
      : (tensor<16x8xf32>, tensor<16x8xf32>) -> (tensor<16xf32>, tensor<16xi1>)
  // The length of the sequence is not known.
  // CHECK: cegm.score {{.*}} windows = [1, 128, 4096] :
  %t, %b = cegm.score cosine %d, %d tokens = [0] x [0] features = [1] x [1] windows = [1, 128, 4096]
      : (tensor<?x8xf32>, tensor<?x8xf32>) -> (tensor<?xf32>, tensor<?xi1>)
  return %s, %t : tensor<16xf32>, tensor<?xf32>
}

// -----

// CHECK-LABEL: func @couple
// CHECK-SAME: (%[[S:.*]]: tensor<5xf32>, %[[P:.*]]: tensor<5xf32>)
func.func @couple(%s: tensor<5xf32>, %p: tensor<5xf32>) -> (tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) {
  %0 = cegm.couple %s with %p coupling = 0.0 : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  %1 = cegm.couple %s coupling = 0.5 : (tensor<5xf32>) -> tensor<5xf32>
  // CHECK: %[[K:.*]] = cegm.couple %[[S]] with %[[P]]
  %2 = cegm.couple %s with %p coupling = 0.5 : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  // CHECK-NEXT: return %[[S]], %[[S]], %[[K]]
  return %0, %1, %2 : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>
}

// -----

// Strength 0: weights of 1, and rows as they are.
// CHECK-LABEL: func @zero_strength
// CHECK-SAME: (%[[X:.*]]: tensor<5x8xf32>,
func.func @zero_strength(%x: tensor<5x8xf32>, %s: tensor<5xf32>, %a: tensor<5xi1>) -> (tensor<5xf32>, tensor<5x8xf32>) {
  // CHECK-NEXT: %[[ONES:.*]] = arith.constant dense<1.000000e+00> : tensor<5xf32>
  // CHECK-NEXT: return %[[ONES]], %[[X]]
  %l = arith.constant dense<0.0> : tensor<f32>
  %w = cegm.weigh tanh %s, %a, %l : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  %y = cegm.scale %x by %w tokens = [0] : (tensor<5x8xf32>, tensor<5xf32>) -> tensor<5x8xf32>
  return %w, %y : tensor<5xf32>, tensor<5x8xf32>
}

// -----

// CHECK-LABEL: func @nonzero_strength
func.func @nonzero_strength(%s: tensor<5xf32>, %a: tensor<5xi1>) -> tensor<5xf32> {
  // CHECK: cegm.weigh
  %l = arith.constant dense<0.1> : tensor<f32>
  %w = cegm.weigh tanh %s, %a, %l : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return %w : tensor<5xf32>
}

// -----

// Of a dynamic number of tokens no constant can be made.
// CHECK-LABEL: func @zero_strength_dynamic
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>
func.func @zero_strength_dynamic(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?xf32>) {
  // CHECK: %[[E:.*]], %{{.*}}, %{{.*}}, %[[W:.*]] = cegm.entangle
  // CHECK: return %[[X]], %[[W]]
  %l = arith.constant dense<0.0> : tensor<f32>
  %e:4 = cegm.entangle %x, %x, %x, %l tokens = [0] x [0] x [0] features = [1] x [1]
      : (tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<f32>)
      -> (tensor<?x8xf32>, tensor<?xf32>, tensor<?xi1>, tensor<?xf32>)
  return %e#0, %e#3 : tensor<?x8xf32>, tensor<?xf32>
}

// -----

// The scores of a composite of strength 0 stay, its other results go.
// CHECK-LABEL: func @entangle_zero_strength
// CHECK-SAME: (%[[X:.*]]: tensor<5x8xf32>
func.func @entangle_zero_strength(%x: tensor<5x8xf32>) -> (tensor<5x8xf32>, tensor<5xf32>, tensor<5xf32>) {
  // CHECK-DAG: %[[ONES:.*]] = arith.constant dense<1.000000e+00> : tensor<5xf32>
  // CHECK-DAG: %{{.*}}, %[[S:.*]], %{{.*}}, %{{.*}} = cegm.entangle
  // CHECK: return %[[X]], %[[S]], %[[ONES]]
  %l = arith.constant dense<0.0> : tensor<f32>
  %e:4 = cegm.entangle %x, %x, %x, %l tokens = [0] x [0] x [0] features = [1] x [1]
      : (tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x8xf32>, tensor<f32>)
      -> (tensor<5x8xf32>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>)
  return %e#0, %e#1, %e#3 : tensor<5x8xf32>, tensor<5xf32>, tensor<5xf32>
}

// -----

// CHECK-LABEL: func @entangle_gone
// CHECK-NOT: cegm
func.func @entangle_gone(%x: tensor<5x8xf32>) -> tensor<5x8xf32> {
  %l = arith.constant dense<0.0> : tensor<f32>
  %e:4 = cegm.entangle %x, %x, %x, %l tokens = [0] x [0] x [0] features = [1] x [1]
      : (tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x8xf32>, tensor<f32>)
      -> (tensor<5x8xf32>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>)
  return %e#0 : tensor<5x8xf32>
}

// -----

// CHECK-LABEL: func @no_coupling
func.func @no_coupling(%x: tensor<5x8xf32>, %p: tensor<5xf32>, %l: tensor<f32>) -> tensor<5x8xf32> {
  // CHECK: cegm.entangle
  // CHECK-NOT: parents
  %e:4 = cegm.entangle %x, %x, %x, %l parents(%p) tokens = [0] x [0] x [0] features = [1] x [1]
      : (tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x8xf32>, tensor<f32>, tensor<5xf32>)
      -> (tensor<5x8xf32>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>)
  return %e#0 : tensor<5x8xf32>
}

// -----

// Uniform weights of 1 scale nothing; others do.
// CHECK-LABEL: func @uniform_weights
// CHECK-SAME: (%[[X:.*]]: tensor<5x8xf32>)
func.func @uniform_weights(%x: tensor<5x8xf32>) -> (tensor<5x8xf32>, tensor<5x8xf32>) {
  %ones = arith.constant dense<1.0> : tensor<5xf32>
  %twos = arith.constant dense<2.0> : tensor<5xf32>
  %0 = cegm.scale %x by %ones tokens = [0] : (tensor<5x8xf32>, tensor<5xf32>) -> tensor<5x8xf32>
  // CHECK: %[[Y:.*]] = cegm.scale %[[X]]
  %1 = cegm.scale %x by %twos tokens = [0] : (tensor<5x8xf32>, tensor<5xf32>) -> tensor<5x8xf32>
  // CHECK: return %[[X]], %[[Y]]
  return %0, %1 : tensor<5x8xf32>, tensor<5x8xf32>
}

// -----

// CHECK-LABEL: func @no_change
// CHECK-SAME: (%[[G:.*]]: tensor<4xf32>,
func.func @no_change(%g: tensor<4xf32>, %p: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-NEXT: return %[[G]]
  %0 = cegm.remove_radial %g, %g, %p : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// A device that is alone has the tokens of its group; others have more.
// CHECK-LABEL: func @lone_devices
func.func @lone_devices(%x: tensor<5x8xf32>, %l: tensor<f32>) -> (tensor<5xf32>, tensor<5xf32>, tensor<10xf32>) {
  // CHECK: cegm.score inner
  // CHECK-NOT: device_groups
  %s, %a = cegm.score inner %x, %x tokens = [0] x [0] features = [1] x [1]
      device_groups = dense<[[0], [1]]> : tensor<2x1xi64>
      : (tensor<5x8xf32>, tensor<5x8xf32>) -> (tensor<5xf32>, tensor<5xi1>)
  // CHECK: cegm.weigh tanh
  // CHECK-NOT: device_groups
  %w = cegm.weigh tanh %s, %a, %l device_groups = dense<[[0], [1]]> : tensor<2x1xi64>
      : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  // CHECK: cegm.weigh tanh {{.*}} device_groups
  %v = cegm.weigh tanh %s, %a, %l device_groups = dense<[[0, 1]]> : tensor<1x2xi64>
      : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  // CHECK: cegm.audit
  // CHECK-NOT: device_groups
  // CHECK: return
  %row = cegm.audit %s, %w, %a, %l device_groups = dense<[[0], [1]]> : tensor<2x1xi64>
      : (tensor<5xf32>, tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<10xf32>
  return %w, %v, %row : tensor<5xf32>, tensor<5xf32>, tensor<10xf32>
}
