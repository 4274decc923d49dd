// RUN: cegm-opt %s --convert-cegm-to-linalg --cse --canonicalize --split-input-file | FileCheck %s --implicit-check-not=cegm.

// CHECK-LABEL: func @couple
// CHECK-SAME: %[[S:.*]]: tensor<8x?xf32>, %[[P:.*]]: tensor<8x?xf32>)
func.func @couple(%s: tensor<8x?xf32>, %p: tensor<8x?xf32>) -> tensor<8x?xf32> {
  // CHECK-DAG: %[[OWN:.*]] = arith.constant 7.500000e-01 : f32
  // CHECK-DAG: %[[SHARE:.*]] = arith.constant 2.500000e-01 : f32
  // CHECK: %[[N:.*]] = tensor.dim %[[S]]
  // CHECK: %[[INIT:.*]] = tensor.empty(%[[N]]) : tensor<8x?xf32>
  // CHECK: linalg.generic {{.*}} ins(%[[S]], %[[P]] : tensor<8x?xf32>, tensor<8x?xf32>) outs(%[[INIT]] : tensor<8x?xf32>)
  // CHECK: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %{{.*}}: f32):
  // A parent that is NaN is left out, and the own score stays where none is left.
  // CHECK: %[[MISSING:.*]] = arith.cmpf uno, %[[B]], %[[B]] : f32
  // CHECK: arith.mulf %[[A]], %[[OWN]] : f32
  // CHECK: arith.mulf %{{.*}}, %[[SHARE]] : f32
  // CHECK: %[[BLEND:.*]] = arith.addf
  // CHECK: arith.select %{{.*}}, %[[BLEND]], %[[A]] : f32
  %r = cegm.couple %s with %p coupling = 0.25 : (tensor<8x?xf32>, tensor<8x?xf32>) -> tensor<8x?xf32>
  return %r : tensor<8x?xf32>
}

// -----

// CHECK-LABEL: func @weigh
// CHECK-SAME: %[[S:.*]]: tensor<8x128xf32>, %[[A:.*]]: tensor<8x128xi1>, %[[L:.*]]: tensor<f32>)
func.func @weigh(%s: tensor<8x128xf32>, %a: tensor<8x128xi1>, %l: tensor<f32>) -> tensor<8x128xf32> {
  // CHECK-DAG: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
  // CHECK-DAG: %[[PER_TEMPERATURE:.*]] = arith.constant 2.000000e+00 : f32
  // A strength that is no constant is NaN where it is out of [0, 1).
  // CHECK: %[[NUMBER:.*]] = tensor.extract %[[L]][]
  // CHECK: %[[GE:.*]] = arith.cmpf oge, %[[NUMBER]]
  // CHECK: %[[LT:.*]] = arith.cmpf olt, %[[NUMBER]]
  // CHECK: %[[OK:.*]] = arith.andi %[[GE]], %[[LT]] : i1
  // CHECK: %[[STRENGTH:.*]] = arith.select %[[OK]], %[[NUMBER]]
  // CHECK: %[[DELTA:.*]] = linalg.generic {{.*}} ins(%[[S]], %[[A]] :
  // CHECK: arith.negf
  // CHECK: %[[U:.*]] = arith.mulf %{{.*}}, %[[PER_TEMPERATURE]] : f32
  // CHECK: %[[T:.*]] = math.tanh %[[U]] : f32
  // CHECK: arith.mulf %[[STRENGTH]], %[[T]] : f32
  // The mean over live tokens is a sum in f64 and a count.
  // CHECK: %[[SUMS:.*]]:2 = linalg.generic {{.*}} iterator_types = ["reduction", "reduction"]} ins(%[[S]], %[[A]], %[[DELTA]] :
  // CHECK: arith.addf %{{.*}}, %{{.*}} fastmath<reassoc,contract> : f64
  // CHECK: %[[MEAN:.*]] = arith.truncf %{{.*}} : f64 to f32
  // CHECK: linalg.generic {{.*}} ins(%[[S]], %[[A]], %[[DELTA]] :
  // CHECK: %[[W:.*]] = arith.divf %{{.*}}, %[[MEAN]] : f32
  // CHECK: arith.select %{{.*}}, %[[W]], %[[ONE]] : f32
  %w = cegm.weigh tanh %s, %a, %l temperature = 0.5 sign = negative
      : (tensor<8x128xf32>, tensor<8x128xi1>, tensor<f32>) -> tensor<8x128xf32>
  return %w : tensor<8x128xf32>
}

// -----

// The largest score of a sequence, then the sum of the powers and the number of
// tokens that they are of.
// CHECK-LABEL: func @softmax
func.func @softmax(%s: tensor<8x128xf32>, %a: tensor<8x128xi1>, %l: tensor<f32>) -> tensor<8x128xf32> {
  // CHECK: %[[MAX:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]}
  // CHECK: arith.maximumf
  // CHECK: -> tensor<8xf32>
  // CHECK: %[[SUMS:.*]]:2 = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%{{.*}}, %{{.*}}, %[[MAX]] :
  // CHECK: math.exp
  // CHECK: -> (tensor<8xf64>, tensor<8xf64>)
  // CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}}, %[[MAX]], %[[SUMS]]#0, %[[SUMS]]#1 :
  %w = cegm.weigh softmax %s, %a, %l normalization = none
      : (tensor<8x128xf32>, tensor<8x128xi1>, tensor<f32>) -> tensor<8x128xf32>
  return %w : tensor<8x128xf32>
}

// -----

// Tokens in any order are an indexing map; the product is rounded once.
// CHECK-DAG: #[[$ALL:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-DAG: #[[$TOKENS:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-LABEL: func @scale
// CHECK-SAME: %[[X:.*]]: tensor<4x?x3xbf16>, %[[W:.*]]: tensor<3x?xf32>)
func.func @scale(%x: tensor<4x?x3xbf16>, %w: tensor<3x?xf32>) -> tensor<4x?x3xbf16> {
  // CHECK: linalg.generic {indexing_maps = [#[[$ALL]], #[[$TOKENS]], #[[$ALL]]], iterator_types = ["parallel", "parallel", "parallel"]} ins(%[[X]], %[[W]] :
  // CHECK: ^bb0(%[[E:.*]]: bf16, %[[F:.*]]: f32, %{{.*}}: bf16):
  // CHECK: %[[WIDE:.*]] = arith.extf %[[E]] : bf16 to f32
  // CHECK: %[[PRODUCT:.*]] = arith.mulf %[[WIDE]], %[[F]] : f32
  // CHECK: arith.truncf %[[PRODUCT]] : f32 to bf16
  %r = cegm.scale %x by %w tokens = [2, 1] : (tensor<4x?x3xbf16>, tensor<3x?xf32>) -> tensor<4x?x3xbf16>
  return %r : tensor<4x?x3xbf16>
}
