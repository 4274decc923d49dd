// RUN: cegm-opt %s --convert-cegm-to-stablehlo --split-input-file | FileCheck %s --implicit-check-not=cegm. --implicit-check-not=arith.

// CHECK-LABEL: func @tanh
// CHECK-SAME: (%[[S:.*]]: tensor<2x5xf32>, %[[A:.*]]: tensor<2x5xi1>, %[[L:.*]]: tensor<f32>)
func.func @tanh(%s: tensor<2x5xf32>, %a: tensor<2x5xi1>, %l: tensor<f32>) -> tensor<2x5xf32> {
  // CHECK: %[[NAN:.*]] = stablehlo.compare NE, %[[S]], %[[S]]
  // CHECK: %[[NUM:.*]] = stablehlo.not %[[NAN]]
  // CHECK: %[[LIVE:.*]] = stablehlo.and %[[A]], %[[NUM]]
  // CHECK: %[[S0:.*]] = stablehlo.select %[[LIVE]], %[[S]],
  // CHECK: stablehlo.constant dense<1.000000e+01>
  // CHECK: %[[U:.*]] = stablehlo.multiply %[[S0]],
  // A strength that is no constant is NaN where it is out of [0, 1).
  // CHECK: %[[GE:.*]] = stablehlo.compare GE, %[[L]], %{{.*}}
  // CHECK: %[[LT:.*]] = stablehlo.compare LT, %[[L]], %{{.*}}
  // CHECK: %[[OK:.*]] = stablehlo.and %[[GE]], %[[LT]]
  // CHECK: stablehlo.constant dense<0x7FC00000> : tensor<f32>
  // CHECK: %[[L1:.*]] = stablehlo.select %[[OK]], %[[L]],
  // CHECK: %[[LB:.*]] = stablehlo.broadcast_in_dim %[[L1]], dims = []
  // CHECK: %[[T:.*]] = stablehlo.tanh %[[U]]
  // CHECK: %[[D:.*]] = stablehlo.multiply %[[LB]], %[[T]]
  // CHECK: %[[W:.*]] = stablehlo.add %[[D]],
  // The mean of the difference from one, over the active tokens of the whole.
  // CHECK: %[[D0:.*]] = stablehlo.select %[[LIVE]], %[[D]],
  // CHECK: %[[SUM:.*]] = stablehlo.reduce(%[[D0]] init: %{{.*}}) applies stablehlo.add across dimensions = [0, 1]
  // CHECK: %[[MEAN:.*]] = stablehlo.divide %[[SUM]],
  // CHECK: %[[ONE:.*]] = stablehlo.add %[[MEAN]],
  // CHECK: %[[B:.*]] = stablehlo.broadcast_in_dim %[[ONE]], dims = []
  // CHECK: %[[N:.*]] = stablehlo.divide %[[W]], %[[B]]
  // CHECK: %[[R:.*]] = stablehlo.select %[[LIVE]], %[[N]],
  // CHECK: return %[[R]]
  %w = cegm.weigh tanh %s, %a, %l : (tensor<2x5xf32>, tensor<2x5xi1>, tensor<f32>) -> tensor<2x5xf32>
  return %w : tensor<2x5xf32>
}

// -----

// The range of a constant strength is checked where it comes from.
// CHECK-LABEL: func @constant_strength
func.func @constant_strength(%s: tensor<5xf32>, %a: tensor<5xi1>) -> tensor<5xf32> {
  // CHECK: %[[L:.*]] = stablehlo.constant dense<2.500000e-01> : tensor<f32>
  // CHECK-NOT: stablehlo.compare LT
  // CHECK: stablehlo.broadcast_in_dim %[[L]], dims = []
  %l = stablehlo.constant dense<0.25> : tensor<f32>
  %w = cegm.weigh linear %s, %a, %l normalization = none
      : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return %w : tensor<5xf32>
}

// -----

// CHECK-LABEL: func @exp_unnormalised
func.func @exp_unnormalised(%s: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) -> tensor<5xf32> {
  // CHECK: stablehlo.negate
  // CHECK: stablehlo.clamp
  // CHECK: stablehlo.exponential_minus_one
  // CHECK-NOT: stablehlo.reduce
  %w = cegm.weigh exp %s, %a, %l sign = negative normalization = none
      : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return %w : tensor<5xf32>
}

// -----

// The softmax runs over the sequence, the last dimension.
// CHECK-LABEL: func @softmax
func.func @softmax(%s: tensor<2x5xf32>, %a: tensor<2x5xi1>, %l: tensor<f32>) -> tensor<2x5xf32> {
  // CHECK: stablehlo.abs
  // CHECK: applies stablehlo.maximum across dimensions = [1] : (tensor<2x5xf32>, tensor<f32>) -> tensor<2xf32>
  // CHECK: stablehlo.exponential
  // CHECK: applies stablehlo.add across dimensions = [1]
  %w = cegm.weigh softmax %s, %a, %l sign = magnitude : (tensor<2x5xf32>, tensor<2x5xi1>, tensor<f32>) -> tensor<2x5xf32>
  return %w : tensor<2x5xf32>
}

// -----

// The parents' mean leaves out what is NaN.
// CHECK-LABEL: func @couple
// CHECK-SAME: (%[[S:.*]]: tensor<5xf32>, %[[P:.*]]: tensor<5xf32>)
func.func @couple(%s: tensor<5xf32>, %p: tensor<5xf32>) -> tensor<5xf32> {
  // CHECK: %[[NAN:.*]] = stablehlo.compare NE, %[[P]], %[[P]]
  // CHECK: stablehlo.select %[[NAN]], %{{.*}}, %[[P]]
  // CHECK: stablehlo.constant dense<7.500000e-01>
  // CHECK: stablehlo.constant dense<2.500000e-01>
  // CHECK: stablehlo.select %{{.*}}, %{{.*}}, %[[S]]
  %0 = cegm.couple %s with %p coupling = 0.25 : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}

// -----

// CHECK-LABEL: func @scale
// CHECK-SAME: (%[[X:.*]]: tensor<4x2x3xbf16>, %[[W:.*]]: tensor<3x4xf32>)
func.func @scale(%x: tensor<4x2x3xbf16>, %w: tensor<3x4xf32>) -> tensor<4x2x3xbf16> {
  // CHECK-NEXT: %[[XF:.*]] = stablehlo.convert %[[X]] : (tensor<4x2x3xbf16>) -> tensor<4x2x3xf32>
  // CHECK-NEXT: %[[T:.*]] = stablehlo.transpose %[[W]], dims = [1, 0]
  // CHECK-NEXT: %[[B:.*]] = stablehlo.broadcast_in_dim %[[T]], dims = [0, 2] : (tensor<4x3xf32>) -> tensor<4x2x3xf32>
  // CHECK-NEXT: %[[P:.*]] = stablehlo.multiply %[[XF]], %[[B]]
  // CHECK-NEXT: %[[R:.*]] = stablehlo.convert %[[P]] : (tensor<4x2x3xf32>) -> tensor<4x2x3xbf16>
  // CHECK-NEXT: return %[[R]]
  %0 = cegm.scale %x by %w tokens = [2, 0] : (tensor<4x2x3xbf16>, tensor<3x4xf32>) -> tensor<4x2x3xbf16>
  return %0 : tensor<4x2x3xbf16>
}
