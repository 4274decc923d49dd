// RUN: cegm-opt %s --convert-cegm-to-stablehlo --cse --split-input-file | FileCheck %s --implicit-check-not=cegm.

// A broadcast to a size that is not known takes the sizes as an operand.
// CHECK-LABEL: func @scale
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xbf16>, %[[W:.*]]: tensor<?xf32>)
func.func @scale(%x: tensor<?x4xbf16>, %w: tensor<?xf32>) -> tensor<?x4xbf16> {
  // CHECK: %[[C:.*]] = stablehlo.convert %[[X]] : (tensor<?x4xbf16>) -> tensor<?x4xf32>
  // CHECK: %[[N:.*]] = stablehlo.get_dimension_size %[[X]], dim = 0
  // CHECK: %[[N1:.*]] = stablehlo.reshape %[[N]] : (tensor<i32>) -> tensor<1xi32>
  // CHECK: %[[FOUR:.*]] = stablehlo.constant dense<4> : tensor<1xi32>
  // CHECK: %[[SHAPE:.*]] = stablehlo.concatenate %[[N1]], %[[FOUR]], dim = 0
  // CHECK: %[[B:.*]] = stablehlo.dynamic_broadcast_in_dim %[[W]], %[[SHAPE]], dims = [0] : (tensor<?xf32>, tensor<2xi32>) -> tensor<?x4xf32>
  // CHECK: %[[P:.*]] = stablehlo.multiply %[[C]], %[[B]]
  // CHECK: stablehlo.convert %[[P]] : (tensor<?x4xf32>) -> tensor<?x4xbf16>
  %0 = cegm.scale %x by %w tokens = [0] : (tensor<?x4xbf16>, tensor<?xf32>) -> tensor<?x4xbf16>
  return %0 : tensor<?x4xbf16>
}

// -----

// The second level counts if the sequence is longer than one position. Its
// windows: the full ones by strided slices, and one of what is left, if anything
// is.
// CHECK-LABEL: func @levels
// CHECK-SAME: (%[[C:.*]]: tensor<?x8xf64>, %[[G:.*]]: tensor<?x8xf64>)
func.func @levels(%c: tensor<?x8xf64>, %g: tensor<?x8xf64>) -> tensor<?xf64> {
  // CHECK: %[[S:.*]] = stablehlo.get_dimension_size %[[C]], dim = 0
  // CHECK-NOT: get_dimension_size
  // CHECK: %[[FINITE:.*]] = stablehlo.and %{{.*}}, %{{.*}} : tensor<?xi1>
  // CHECK: %[[POWER:.*]] = stablehlo.constant dense<5.000000e-01> : tensor<f64>
  // CHECK: %[[W1:.*]] = stablehlo.constant dense<1> : tensor<i32>
  // CHECK: %[[COUNTS:.*]] = stablehlo.compare LT, %[[W1]], %[[S]], SIGNED
  // CHECK: %[[P2:.*]] = stablehlo.select %[[COUNTS]], %[[POWER]],
  // CHECK: %[[TOTAL:.*]] = stablehlo.add %{{.*}}, %[[P2]] : tensor<f64>
  // CHECK: stablehlo.divide %{{.*}}, %[[TOTAL]] : tensor<f64>
  // CHECK: %[[B2:.*]] = stablehlo.divide %[[P2]], %[[TOTAL]] : tensor<f64>
  // CHECK: %[[TWO:.*]] = stablehlo.constant dense<2> : tensor<i32>
  // CHECK: %[[COUNT:.*]] = stablehlo.divide %[[S]], %[[TWO]] : tensor<i32>
  // CHECK: %[[COVERED:.*]] = stablehlo.multiply %[[COUNT]], %[[TWO]] : tensor<i32>
  // CHECK: %[[REST:.*]] = stablehlo.subtract %[[S]], %[[COVERED]] : tensor<i32>
  // Positions 0, 2, ... and 1, 3, ...: none if there is no full window.
  // CHECK: stablehlo.real_dynamic_slice %[[C]],
  // CHECK: stablehlo.real_dynamic_slice %[[FINITE]],
  // CHECK: %[[FIRST:.*]] = stablehlo.minimum %[[W1]], %[[COVERED]] : tensor<i32>
  // CHECK: %[[FIRST1:.*]] = stablehlo.reshape %[[FIRST]]
  // CHECK: %[[START:.*]] = stablehlo.concatenate %[[FIRST1]],
  // CHECK: stablehlo.real_dynamic_slice %[[C]], %[[START]],
  // CHECK: %[[FULL:.*]] = stablehlo.add %{{.*}}, %{{.*}} : tensor<?x8xf64>
  // CHECK: stablehlo.reduce(%{{.*}}) applies stablehlo.add across dimensions = [1] : (tensor<1x?x8xf64>, tensor<f64>) -> tensor<1x8xf64>
  // CHECK: stablehlo.minimum %[[REST]], %[[W1]] : tensor<i32>
  // CHECK: %[[LAST:.*]] = stablehlo.real_dynamic_slice %{{.*}} : (tensor<1x8xf64>, {{.*}}) -> tensor<?x8xf64>
  // CHECK: stablehlo.concatenate %[[FULL]], %[[LAST]], dim = 0 : (tensor<?x8xf64>, tensor<?x8xf64>) -> tensor<?x8xf64>
  // Each window's cosine goes to its tokens.
  // CHECK: %[[E:.*]] = stablehlo.dynamic_broadcast_in_dim %{{.*}}, dims = [0] : (tensor<?xf64>, tensor<2xi32>) -> tensor<?x2xf64>
  // CHECK: %[[R:.*]] = stablehlo.dynamic_reshape %[[E]], %{{.*}} : (tensor<?x2xf64>, tensor<1xi32>) -> tensor<?xf64>
  // CHECK: %[[K:.*]] = stablehlo.real_dynamic_slice %[[R]],
  // CHECK: %[[B2S:.*]] = stablehlo.dynamic_broadcast_in_dim %[[B2]],
  // CHECK: %[[PART:.*]] = stablehlo.multiply %[[K]], %[[B2S]]
  // CHECK: stablehlo.select %[[COUNTS]], %[[PART]], %{{.*}} : tensor<i1>, tensor<?xf64>
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1] x [1] windows = [1, 2] decay = 0.5
      : (tensor<?x8xf64>, tensor<?x8xf64>) -> (tensor<?xf64>, tensor<?xi1>)
  return %s : tensor<?xf64>
}

// -----

// Where the batch alone is dynamic, levels and windows are those of the known
// length.
// CHECK-LABEL: func @batch
func.func @batch(%c: tensor<?x5x8xf64>, %g: tensor<?x5x8xf64>) -> tensor<?x5xf64> {
  // CHECK: stablehlo.real_dynamic_slice %{{.*}} -> tensor<?x2x8xf64>
  // CHECK: stablehlo.concatenate %{{.*}}, %{{.*}}, dim = 1 : (tensor<?x2x8xf64>, tensor<?x1x8xf64>) -> tensor<?x3x8xf64>
  // CHECK: stablehlo.real_dynamic_slice %{{.*}} : (tensor<?x6xf64>, {{.*}}) -> tensor<?x5xf64>
  // CHECK: stablehlo.constant dense<5.000000e-01>
  // CHECK-NOT: stablehlo.select {{.*}} : tensor<i1>, tensor<?x5xf64>
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [2, 0]
      : (tensor<?x5x8xf64>, tensor<?x5x8xf64>) -> (tensor<?x5xf64>, tensor<?x5xi1>)
  return %s : tensor<?x5xf64>
}

// -----

// Products of sums are brought to those of means where the last window is
// shorter, from the first position on that no full window has.
// CHECK-LABEL: func @uneven_products
func.func @uneven_products(%c: tensor<?x8xf64>, %g: tensor<?x8xf64>) -> tensor<?xf64> {
  // CHECK: %[[S:.*]] = stablehlo.get_dimension_size
  // CHECK: %[[COUNT:.*]] = stablehlo.divide %[[S]], %[[W:.*]] : tensor<i32>
  // CHECK: %[[COVERED:.*]] = stablehlo.multiply %[[COUNT]], %[[W]] : tensor<i32>
  // CHECK: %[[REST:.*]] = stablehlo.subtract %[[S]], %[[COVERED]] : tensor<i32>
  // CHECK: %[[P:.*]] = stablehlo.dynamic_iota
  // CHECK: %[[RESTF:.*]] = stablehlo.convert %[[REST]] : (tensor<i32>) -> tensor<f64>
  // CHECK: %[[THREE:.*]] = stablehlo.constant dense<3.000000e+00> : tensor<f64>
  // CHECK: %[[RATIO:.*]] = stablehlo.divide %[[THREE]], %[[RESTF]]
  // CHECK: stablehlo.compare LT, %[[P]], %{{.*}}, SIGNED
  // CHECK: stablehlo.multiply %[[RATIO]], %[[RATIO]]
  %s, %a = cegm.score inner %c, %g tokens = [0] x [0] features = [1] x [1] windows = [3]
      : (tensor<?x8xf64>, tensor<?x8xf64>) -> (tensor<?xf64>, tensor<?xi1>)
  return %s : tensor<?xf64>
}

// -----

// What the type of one operand knows holds for both.
// CHECK-LABEL: func @known_by_one
// CHECK-SAME: (%[[C:.*]]: tensor<3x?x8xf64>, %[[G:.*]]: tensor<?x4x8xf64>)
func.func @known_by_one(%c: tensor<3x?x8xf64>, %g: tensor<?x4x8xf64>) -> tensor<3x4xf64> {
  // CHECK: %[[SHAPE:.*]] = stablehlo.constant dense<[3, 4, 8]> : tensor<3xi32>
  // CHECK: stablehlo.dynamic_reshape %[[C]], %[[SHAPE]] : (tensor<3x?x8xf64>, tensor<3xi32>) -> tensor<3x4x8xf64>
  // CHECK: stablehlo.dynamic_reshape %[[G]], %[[SHAPE]] : (tensor<?x4x8xf64>, tensor<3xi32>) -> tensor<3x4x8xf64>
  // CHECK-NOT: ?
  // CHECK: return
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [1]
      : (tensor<3x?x8xf64>, tensor<?x4x8xf64>) -> (tensor<3x4xf64>, tensor<3x4xi1>)
  return %s : tensor<3x4xf64>
}

// -----

// Features may be dynamic, too.
// CHECK-LABEL: func @features
func.func @features(%c: tensor<4x?x?xf32>, %g: tensor<4x?x?xf32>) -> tensor<4xf32> {
  // CHECK: stablehlo.dynamic_reshape %{{.*}} : (tensor<4x?x?xf32>, tensor<2xi32>) -> tensor<4x?xf32>
  // CHECK: stablehlo.reduce(%{{.*}}) applies stablehlo.add across dimensions = [1] : (tensor<4x?xf32>, tensor<f32>) -> tensor<4xf32>
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1, 2] x [1, 2] windows = [1, 3]
      : (tensor<4x?x?xf32>, tensor<4x?x?xf32>) -> (tensor<4xf32>, tensor<4xi1>)
  return %s : tensor<4xf32>
}

// -----

// The sizes of a weight tensor, asked for once.
// CHECK-LABEL: func @weigh
// CHECK-SAME: (%[[S:.*]]: tensor<?x?xf32>,
func.func @weigh(%s: tensor<?x?xf32>, %a: tensor<?x?xi1>, %l: tensor<f32>) -> tensor<?x?xf32> {
  // CHECK: stablehlo.get_dimension_size %[[S]], dim = 0
  // CHECK: stablehlo.get_dimension_size %[[S]], dim = 1
  // CHECK-NOT: get_dimension_size
  // CHECK: stablehlo.reduce(%{{.*}}) applies stablehlo.maximum across dimensions = [1] : (tensor<?x?xf32>, tensor<f32>) -> tensor<?xf32>
  // CHECK: stablehlo.dynamic_broadcast_in_dim %{{.*}}, dims = [0] : (tensor<?xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  // CHECK: return
  %0 = cegm.weigh softmax %s, %a, %l : (tensor<?x?xf32>, tensor<?x?xi1>, tensor<f32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// CHECK-LABEL: func @audit
func.func @audit(%s: tensor<?xf32>, %w: tensor<?xf32>, %a: tensor<?xi1>, %l: tensor<f32>) -> tensor<10xf32> {
  // CHECK: stablehlo.concatenate %{{.*}} -> tensor<10xf32>
  %0 = cegm.audit %s, %w, %a, %l : (tensor<?xf32>, tensor<?xf32>, tensor<?xi1>, tensor<f32>) -> tensor<10xf32>
  return %0 : tensor<10xf32>
}
