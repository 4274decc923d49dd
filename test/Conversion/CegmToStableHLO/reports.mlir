// RUN: cegm-opt %s --convert-cegm-to-stablehlo --split-input-file | FileCheck %s --implicit-check-not=cegm. --implicit-check-not=arith.

// CHECK-LABEL: func @audit
// CHECK-SAME: (%[[S:.*]]: tensor<5xf32>, %[[W:.*]]: tensor<5xf32>, %[[A:.*]]: tensor<5xi1>, %[[L:.*]]: tensor<f32>)
func.func @audit(%s: tensor<5xf32>, %w: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) -> tensor<10xf32> {
  // CHECK: stablehlo.select %[[A]], %[[S]],
  // CHECK: %[[MEAN:.*]] = stablehlo.divide
  // CHECK: %[[L1:.*]] = stablehlo.select %{{.*}}, %[[L]], %{{.*}} : tensor<i1>, tensor<f32>
  // CHECK: stablehlo.multiply %[[L1]], %[[MEAN]] : tensor<f32>
  // CHECK: stablehlo.sqrt
  // CHECK: applies stablehlo.minimum
  // CHECK: applies stablehlo.maximum
  // CHECK: stablehlo.select %[[A]], %[[W]],
  // CHECK: stablehlo.compare NE, %[[S]], %[[S]]
  // CHECK: %[[R:.*]] = stablehlo.concatenate {{.*}}, dim = 0 : (tensor<1xf32>, {{.*}}) -> tensor<10xf32>
  // CHECK: return %[[R]]
  %0 = cegm.audit %s, %w, %a, %l : (tensor<5xf32>, tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<10xf32>
  return %0 : tensor<10xf32>
}

// -----

// CHECK-LABEL: func @remove_radial
// CHECK-SAME: (%[[E:.*]]: tensor<4x3xbf16>, %[[G:.*]]: tensor<4x3xbf16>, %[[P:.*]]: tensor<4x3xbf16>)
func.func @remove_radial(%e: tensor<4x3xbf16>, %g: tensor<4x3xbf16>, %p: tensor<4x3xbf16>) -> tensor<4x3xbf16> {
  // CHECK: %[[PF:.*]] = stablehlo.convert %[[P]] : (tensor<4x3xbf16>) -> tensor<4x3xf32>
  // CHECK: stablehlo.subtract %{{.*}} : tensor<4x3xf64>
  // CHECK: %[[SHARE:.*]] = stablehlo.convert %{{.*}} : (tensor<f64>) -> tensor<f32>
  // CHECK: %[[B:.*]] = stablehlo.broadcast_in_dim %[[SHARE]], dims = []
  // CHECK: %[[RADIAL:.*]] = stablehlo.multiply %[[PF]], %[[B]]
  // CHECK: %[[R:.*]] = stablehlo.subtract %{{.*}}, %[[RADIAL]]
  // CHECK: stablehlo.convert %[[R]] : (tensor<4x3xf32>) -> tensor<4x3xbf16>
  %0 = cegm.remove_radial %e, %g, %p : (tensor<4x3xbf16>, tensor<4x3xbf16>, tensor<4x3xbf16>) -> tensor<4x3xbf16>
  return %0 : tensor<4x3xbf16>
}

// -----

// The composite goes too, and constants of arith become StableHLO's.
// CHECK-LABEL: func @entangle
// CHECK: stablehlo.constant dense<1.000000e-01> : tensor<f32>
// CHECK-COUNT-2: "stablehlo.if"
// CHECK: stablehlo.tanh
// CHECK: return %{{.*}} : tensor<5x8xf32>
func.func @entangle(%x: tensor<5x8xf32>, %dx: tensor<5x8xf32>) -> tensor<5x8xf32> {
  %l = arith.constant dense<0.1> : tensor<f32>
  %e:4 = cegm.entangle %x, %x, %dx, %l tokens = [0] x [0] x [0] features = [1] x [1]
      : (tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x8xf32>, tensor<f32>)
      -> (tensor<5x8xf32>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>)
  return %e#0 : tensor<5x8xf32>
}

// -----

// CHECK-LABEL: func @strength_from_stablehlo
// CHECK: %[[L:.*]] = stablehlo.constant dense<2.000000e-01> : tensor<f32>
// CHECK: stablehlo.broadcast_in_dim %[[L]], dims = []
func.func @strength_from_stablehlo(%s: tensor<5xf32>, %a: tensor<5xi1>) -> tensor<5xf32> {
  %l = stablehlo.constant dense<0.2> : tensor<f32>
  %w = cegm.weigh tanh %s, %a, %l : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return %w : tensor<5xf32>
}
