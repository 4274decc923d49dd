// RUN: cegm-opt %s --cegm-decompose-entangle --split-input-file | FileCheck %s --implicit-check-not=cegm.entangle

// Without parents nothing is coupled, and the four results are those of the
// small ops.
// CHECK-LABEL: func @site
// CHECK-SAME: (%[[Y:.*]]: tensor<6x5xbf16>, %[[C:.*]]: tensor<5x8xbf16>, %[[G:.*]]: tensor<5x8xbf16>, %[[L:.*]]: tensor<f32>)
func.func @site(%y: tensor<6x5xbf16>, %c: tensor<5x8xbf16>, %g: tensor<5x8xbf16>, %l: tensor<f32>)
    -> (tensor<6x5xbf16>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>) {
  // CHECK-NEXT: %[[S:.*]], %[[A:.*]] = cegm.score cosine %[[C]], %[[G]] tokens = [0] x [0] features = [1] x [1] :
  // CHECK-NEXT: %[[W:.*]] = cegm.weigh tanh %[[S]], %[[A]], %[[L]] :
  // CHECK-NEXT: %[[E:.*]] = cegm.scale %[[Y]] by %[[W]] tokens = [1] :
  // CHECK-NEXT: return %[[E]], %[[S]], %[[A]], %[[W]]
  %e, %s, %a, %w = cegm.entangle %y, %c, %g, %l tokens = [1] x [0] x [0] features = [1] x [1]
      : (tensor<6x5xbf16>, tensor<5x8xbf16>, tensor<5x8xbf16>, tensor<f32>)
      -> (tensor<6x5xbf16>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>)
  return %e, %s, %a, %w : tensor<6x5xbf16>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>
}

// -----

// Every attribute reaches its op; scores are those after coupling.
// CHECK-LABEL: func @coupled
// CHECK-SAME: (%[[C:.*]]: tensor<5x8xf32>, %[[G:.*]]: tensor<8x5xf32>, %[[M:.*]]: tensor<8xf32>, %[[P:.*]]: tensor<5xf32>, %[[L:.*]]: tensor<f32>)
func.func @coupled(%c: tensor<5x8xf32>, %g: tensor<8x5xf32>, %m: tensor<8xf32>, %p: tensor<5xf32>, %l: tensor<f32>) -> (tensor<5x8xf32>, tensor<5xf32>) {
  // CHECK-NEXT: %[[S:.*]], %[[A:.*]] = cegm.score bilinear %[[C]], %[[G]] metric(%[[M]]) tokens = [0] x [1] features = [1] x [0] windows = [2, 0] decay = 5.000000e-01 :
  // CHECK-NEXT: %[[K:.*]] = cegm.couple %[[S]] with %[[P]] coupling = 2.500000e-01 :
  // CHECK-NEXT: %[[W:.*]] = cegm.weigh linear %[[K]], %[[A]], %[[L]] temperature = 1.000000e+00 sign = magnitude normalization = none :
  // CHECK-NEXT: %[[E:.*]] = cegm.scale %[[C]] by %[[W]] tokens = [0] :
  // CHECK-NEXT: return %[[E]], %[[K]]
  %e, %s, %a, %w = cegm.entangle %c, %c, %g, %l metric(%m) parents(%p) tokens = [0] x [0] x [1] features = [1] x [0]
      kernel = bilinear windows = [2, 0] decay = 0.5 coupling = 0.25 weighting = linear temperature = 1.0 sign = magnitude normalization = none
      : (tensor<5x8xf32>, tensor<5x8xf32>, tensor<8x5xf32>, tensor<f32>, tensor<8xf32>, tensor<5xf32>)
      -> (tensor<5x8xf32>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>)
  return %e, %s : tensor<5x8xf32>, tensor<5xf32>
}
