// RUN: cegm-opt %s --convert-cegm-to-stablehlo --cse --split-input-file | FileCheck %s --implicit-check-not=cegm.

// The first level beyond the tokens is summed by strided slices, the next ones
// from its sums; the last window of each is shorter.
// CHECK-LABEL: func @levels
// CHECK-SAME: (%[[C:.*]]: tensor<8x8xf64>, %[[G:.*]]: tensor<8x8xf64>)
func.func @levels(%c: tensor<8x8xf64>, %g: tensor<8x8xf64>) -> tensor<8xf64> {
  // CHECK: %[[FINITE:.*]] = stablehlo.and %{{.*}}, %{{.*}} : tensor<8xi1>
  // Positions 0, 3 and 1, 4 and 2, 5, without rows that are not finite.
  // CHECK: %[[C0:.*]] = stablehlo.slice %[[C]] [0:6:3, 0:8]
  // CHECK: %[[F0:.*]] = stablehlo.slice %[[FINITE]] [0:6:3]
  // CHECK: %[[B0:.*]] = stablehlo.broadcast_in_dim %[[F0]], dims = [0] : (tensor<2xi1>) -> tensor<2x8xi1>
  // CHECK: %[[M0:.*]] = stablehlo.select %[[B0]], %[[C0]],
  // CHECK: stablehlo.slice %[[C]] [1:6:3, 0:8]
  // CHECK: stablehlo.slice %[[C]] [2:6:3, 0:8]
  // CHECK: %[[S0:.*]] = stablehlo.add %[[M0]],
  // CHECK: %[[S1:.*]] = stablehlo.add %[[S0]],
  // CHECK: stablehlo.slice %[[C]] [6:8, 0:8]
  // CHECK: %[[REST:.*]] = stablehlo.reduce
  // CHECK: %[[SUMS:.*]] = stablehlo.concatenate %[[S1]], %[[REST]], dim = 0 : (tensor<2x8xf64>, tensor<1x8xf64>) -> tensor<3x8xf64>
  // CHECK: stablehlo.multiply %[[SUMS]], %[[SUMS]] : tensor<3x8xf64>
  // Each window's cosine goes to its tokens.
  // CHECK: %[[E:.*]] = stablehlo.broadcast_in_dim %{{.*}}, dims = [0] : (tensor<3xf64>) -> tensor<3x3xf64>
  // CHECK: %[[R:.*]] = stablehlo.reshape %[[E]] : (tensor<3x3xf64>) -> tensor<9xf64>
  // CHECK: stablehlo.slice %[[R]] [0:8] : (tensor<9xf64>) -> tensor<8xf64>
  // CHECK: %[[PAIR:.*]] = stablehlo.slice %[[SUMS]] [0:2, 0:8]
  // CHECK: stablehlo.reshape %[[PAIR]] : (tensor<2x8xf64>) -> tensor<1x2x8xf64>
  // CHECK: stablehlo.broadcast_in_dim %{{.*}}, dims = [0] : (tensor<2xf64>) -> tensor<2x6xf64>
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1] x [1] windows = [3, 6]
      : (tensor<8x8xf64>, tensor<8x8xf64>) -> (tensor<8xf64>, tensor<8xi1>)
  return %s : tensor<8xf64>
}

// -----

// Windows of the whole sequence are one level, whose score all tokens share; with
// that of the token itself it counts one half.
// CHECK-LABEL: func @whole
func.func @whole(%c: tensor<4x8xf64>, %g: tensor<4x8xf64>) -> tensor<4xf64> {
  // CHECK: stablehlo.constant dense<5.000000e-01>
  // CHECK: stablehlo.broadcast_in_dim %{{.*}}, dims = [0] : (tensor<1xf64>) -> tensor<4xf64>
  // CHECK-NOT: tensor<1xf64>
  // CHECK: return
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1] x [1] windows = [1, 16, 128, 0]
      : (tensor<4x8xf64>, tensor<4x8xf64>) -> (tensor<4xf64>, tensor<4xi1>)
  return %s : tensor<4xf64>
}

// -----

// Products of sums are brought to those of means where the last window is
// shorter: (2/1)^2 for the last token here.
// CHECK-LABEL: func @uneven_products
func.func @uneven_products(%c: tensor<5x8xf64>, %g: tensor<5x8xf64>) -> tensor<5xf64> {
  // CHECK: stablehlo.constant dense<[1.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 4.000000e+00]>
  %s, %a = cegm.score inner %c, %g tokens = [0] x [0] features = [1] x [1] windows = [2]
      : (tensor<5x8xf64>, tensor<5x8xf64>) -> (tensor<5xf64>, tensor<5xi1>)
  return %s : tensor<5xf64>
}

// -----

// A window that slices do not divide is a reduction.
// CHECK-LABEL: func @prime
func.func @prime(%c: tensor<34x8xf64>, %g: tensor<34x8xf64>) -> tensor<34xf64> {
  // CHECK: stablehlo.reshape %{{.*}} : (tensor<34x8xf64>) -> tensor<2x17x8xf64>
  // CHECK: stablehlo.reduce(%{{.*}}) applies stablehlo.add across dimensions = [1] : (tensor<2x17x8xf64>, tensor<f64>) -> tensor<2x8xf64>
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1] x [1] windows = [17]
      : (tensor<34x8xf64>, tensor<34x8xf64>) -> (tensor<34xf64>, tensor<34xi1>)
  return %s : tensor<34xf64>
}

// -----

// The decay makes the second level count one half of the first: 2/3 and 1/3.
// CHECK-LABEL: func @decay
func.func @decay(%c: tensor<4x8xf64>, %g: tensor<4x8xf64>) -> tensor<4xf64> {
  // CHECK: stablehlo.constant dense<0.66666666666666663> : tensor<4xf64>
  // CHECK: stablehlo.constant dense<0.33333333333333331> : tensor<4xf64>
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1] x [1] windows = [1, 0] decay = 0.5
      : (tensor<4x8xf64>, tensor<4x8xf64>) -> (tensor<4xf64>, tensor<4xi1>)
  return %s : tensor<4xf64>
}

// -----

// Two sites that read one activation: its squares are made once.
// CHECK-LABEL: func @shared_context
// CHECK-SAME: (%[[C:[^ ]*]]: tensor<4x8xf32>,
func.func @shared_context(%c: tensor<4x8xf32>, %g: tensor<4x8xf32>, %h: tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: stablehlo.multiply %[[C]], %[[C]]
  // CHECK-NOT: stablehlo.multiply %[[C]], %[[C]]
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1] x [1]
      : (tensor<4x8xf32>, tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4xi1>)
  %t, %b = cegm.score cosine %c, %h tokens = [0] x [0] features = [1] x [1]
      : (tensor<4x8xf32>, tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4xi1>)
  return %s, %t : tensor<4xf32>, tensor<4xf32>
}

// -----

// Sequences of length 0 have no positions to cut into slices.
// CHECK-LABEL: func @empty_sequences
// CHECK-NOT: cegm
// CHECK: stablehlo.reduce
// CHECK: return
func.func @empty_sequences(%g: tensor<2x0x4xf32>, %x: tensor<2x0x3xf32>, %s: tensor<f32>)
    -> tensor<2x0x4xf32> {
  %e, %scores, %active, %weights = cegm.entangle %g, %x, %x, %s
      tokens = [0, 1] x [0, 1] x [0, 1] features = [2] x [2] windows = [1, 2, 0]
      : (tensor<2x0x4xf32>, tensor<2x0x3xf32>, tensor<2x0x3xf32>, tensor<f32>)
      -> (tensor<2x0x4xf32>, tensor<2x0xf32>, tensor<2x0xi1>, tensor<2x0xf32>)
  return %e : tensor<2x0x4xf32>
}
