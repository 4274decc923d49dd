// RUN: cegm-opt %s --convert-cegm-to-stablehlo --split-input-file | FileCheck %s --implicit-check-not=cegm.

// Plain sums where all squares are in range; else the zero rows are told from
// the small ones; else the sums are made in f64.
// CHECK-LABEL: func @cosine
// CHECK-SAME: (%[[C:.*]]: tensor<4x8xf32>, %[[G:.*]]: tensor<4x8xf32>)
func.func @cosine(%c: tensor<4x8xf32>, %g: tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4xi1>) {
  // CHECK: %[[CC:.*]] = stablehlo.multiply %[[C]], %[[C]]
  // CHECK: %[[GG:.*]] = stablehlo.multiply %[[G]], %[[G]]
  // CHECK: %[[CG:.*]] = stablehlo.multiply %[[C]], %[[G]]
  // CHECK: %[[CS:.*]] = stablehlo.reduce(%[[CC]] init: %{{.*}}) applies stablehlo.add across dimensions = [1]
  // CHECK: %[[GS:.*]] = stablehlo.reduce(%[[GG]]
  // CHECK: %[[P:.*]] = stablehlo.reduce(%[[CG]]
  // CHECK-DAG: %[[CN:.*]] = stablehlo.sqrt %[[CS]]
  // CHECK-DAG: %[[GN:.*]] = stablehlo.sqrt %[[GS]]
  // CHECK: %[[N:.*]] = stablehlo.multiply %[[CN]], %[[GN]]
  // CHECK: %[[Q:.*]] = stablehlo.divide %[[P]], %[[N]]
  // CHECK: %[[K:.*]] = stablehlo.select %{{.*}}, %[[Q]],
  // CHECK-DAG: stablehlo.compare GE, %[[CS]],
  // CHECK-DAG: stablehlo.compare LE, %[[GS]],
  // CHECK: %[[ALL:.*]] = stablehlo.reduce(%{{.*}}) applies stablehlo.and across dimensions = [0] : (tensor<4xi1>, tensor<i1>) -> tensor<i1>
  // CHECK: %[[T:.*]]:4 = "stablehlo.if"(%[[ALL]])
  // CHECK:   stablehlo.return %[[K]],
  // CHECK:   stablehlo.abs %[[G]]
  // CHECK:   applies stablehlo.maximum across dimensions = [1]
  // CHECK:   "stablehlo.if"
  // CHECK:     stablehlo.return %[[K]],
  // CHECK:     stablehlo.convert %[[C]] : (tensor<4x8xf32>) -> tensor<4x8xf64>
  // CHECK:     stablehlo.convert %{{.*}} : (tensor<4xf64>) -> tensor<4xf32>
  // CHECK: %[[NAN:.*]] = stablehlo.constant dense<0x7FC00000> : tensor<4xf32>
  // CHECK: %[[S:.*]] = stablehlo.select %[[T]]#1, %[[T]]#0, %[[NAN]]
  // CHECK: return %[[S]], %[[T]]#2
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1] x [1] windows = [1]
      : (tensor<4x8xf32>, tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4xi1>)
  return %s, %a : tensor<4xf32>, tensor<4xi1>
}

// -----

// An f64 graph has no wider type, and needs none. The product is divided by its
// root mean square.
// CHECK-LABEL: func @inner_f64
// CHECK-SAME: (%[[C:.*]]: tensor<4x8xf64>, %[[G:.*]]: tensor<8x4xf64>)
func.func @inner_f64(%c: tensor<4x8xf64>, %g: tensor<8x4xf64>) -> tensor<4xf64> {
  // CHECK-NOT: stablehlo.if
  // CHECK: %[[T:.*]] = stablehlo.transpose %[[G]], dims = [1, 0]
  // CHECK: %[[CG:.*]] = stablehlo.multiply %[[C]], %[[T]]
  // CHECK: %[[P:.*]] = stablehlo.reduce(%[[CG]]
  // CHECK: %[[PP:.*]] = stablehlo.multiply %[[P]], %[[P]]
  // CHECK: %[[A:.*]] = stablehlo.select %{{.*}}, %[[PP]],
  // CHECK: %[[SUM:.*]] = stablehlo.reduce(%[[A]] init: %{{.*}}) applies stablehlo.add across dimensions = [0] : (tensor<4xf64>, tensor<f64>) -> tensor<f64>
  // CHECK: %[[MEAN:.*]] = stablehlo.divide %[[SUM]],
  // CHECK: %[[RMS:.*]] = stablehlo.sqrt %[[MEAN]] : tensor<f64>
  // CHECK: %[[B:.*]] = stablehlo.broadcast_in_dim %[[RMS]], dims = []
  // CHECK: stablehlo.divide %[[P]], %[[B]]
  %s, %a = cegm.score inner %c, %g tokens = [0] x [1] features = [1] x [0] windows = [1]
      : (tensor<4x8xf64>, tensor<8x4xf64>) -> (tensor<4xf64>, tensor<4xi1>)
  return %s : tensor<4xf64>
}

// -----

// The metric is scaled to a largest magnitude of 1, and its dimensions are in the
// order of the features of the rows.
// CHECK-LABEL: func @bilinear
// CHECK-SAME: (%[[C:.*]]: tensor<2x5x3xf64>, %{{.*}}: tensor<2x5x3xf64>, %[[M:.*]]: tensor<3x2xbf16>)
func.func @bilinear(%c: tensor<2x5x3xf64>, %g: tensor<2x5x3xf64>, %m: tensor<3x2xbf16>) -> tensor<5xf64> {
  // CHECK: %[[T:.*]] = stablehlo.transpose %[[C]], dims = [1, 2, 0]
  // CHECK: stablehlo.reshape %[[T]] : (tensor<5x3x2xf64>) -> tensor<5x6xf64>
  // CHECK: %[[R:.*]] = stablehlo.reshape %[[M]] : (tensor<3x2xbf16>) -> tensor<6xbf16>
  // CHECK: stablehlo.convert %[[R]] : (tensor<6xbf16>) -> tensor<6xf64>
  // CHECK: applies stablehlo.maximum across dimensions = [0] : (tensor<6xf64>
  // CHECK: %[[D:.*]] = stablehlo.divide %{{.*}} : tensor<6xf64>
  // CHECK: stablehlo.broadcast_in_dim %[[D]], dims = [1] : (tensor<6xf64>) -> tensor<5x6xf64>
  %s, %a = cegm.score bilinear %c, %g metric(%m) tokens = [1] x [1] features = [2, 0] x [2, 0] windows = [1]
      : (tensor<2x5x3xf64>, tensor<2x5x3xf64>, tensor<3x2xbf16>) -> (tensor<5xf64>, tensor<5xi1>)
  return %s : tensor<5xf64>
}

// -----

// bf16 is converted when it is read; scores are f32.
// CHECK-LABEL: func @bf16
// CHECK-SAME: (%[[C:.*]]: tensor<4x8xbf16>, %[[G:.*]]: tensor<4x8xf16>)
func.func @bf16(%c: tensor<4x8xbf16>, %g: tensor<4x8xf16>) -> tensor<4xf32> {
  // CHECK: stablehlo.convert %[[C]] : (tensor<4x8xbf16>) -> tensor<4x8xf32>
  // CHECK: stablehlo.convert %[[G]] : (tensor<4x8xf16>) -> tensor<4x8xf32>
  // CHECK: return %{{.*}} : tensor<4xf32>
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1] x [1] windows = [1]
      : (tensor<4x8xbf16>, tensor<4x8xf16>) -> (tensor<4xf32>, tensor<4xi1>)
  return %s : tensor<4xf32>
}

// -----

// Rows have the tokens in the order of the list, and are sums over a matrix.
// CHECK-LABEL: func @token_order
// CHECK-SAME: (%[[C:.*]]: tensor<5x3x8xf64>, %[[G:.*]]: tensor<3x5x8xf64>)
func.func @token_order(%c: tensor<5x3x8xf64>, %g: tensor<3x5x8xf64>) -> (tensor<3x5xf64>, tensor<3x5xi1>) {
  // CHECK: %[[T:.*]] = stablehlo.transpose %[[C]], dims = [1, 0, 2] : (tensor<5x3x8xf64>) -> tensor<3x5x8xf64>
  // CHECK-DAG: stablehlo.reshape %[[T]] : (tensor<3x5x8xf64>) -> tensor<15x8xf64>
  // CHECK-DAG: stablehlo.reshape %[[G]] : (tensor<3x5x8xf64>) -> tensor<15x8xf64>
  // CHECK: stablehlo.reduce(%{{.*}}) applies stablehlo.add across dimensions = [1] : (tensor<15x8xf64>, tensor<f64>) -> tensor<15xf64>
  // CHECK: stablehlo.reshape %{{.*}} : (tensor<15xf64>) -> tensor<3x5xf64>
  %s, %a = cegm.score cosine %c, %g tokens = [1, 0] x [0, 1] features = [2] x [2] windows = [1]
      : (tensor<5x3x8xf64>, tensor<3x5x8xf64>) -> (tensor<3x5xf64>, tensor<3x5xi1>)
  return %s, %a : tensor<3x5xf64>, tensor<3x5xi1>
}

// -----

// With a mesh of devices the choices are such that shardings go through them.
sdy.mesh @mesh = <["batch"=2]>

// CHECK-LABEL: func @sharded
// CHECK-NOT: stablehlo.if
// CHECK: %[[ALL:.*]] = stablehlo.reduce(%{{.*}}) applies stablehlo.and
// CHECK: %[[INDEX:.*]] = stablehlo.convert %[[ALL]] : (tensor<i1>) -> tensor<i32>
// CHECK: "stablehlo.case"(%[[INDEX]])
// CHECK: "stablehlo.case"
// CHECK-NOT: stablehlo.if
func.func @sharded(%c: tensor<4x8xf32>, %g: tensor<4x8xf32>) -> tensor<4xf32> {
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1] x [1] windows = [1]
      : (tensor<4x8xf32>, tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4xi1>)
  return %s : tensor<4xf32>
}
