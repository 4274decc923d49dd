// RUN: cegm-opt %s --convert-cegm-to-linalg=single-pass=false --cse --canonicalize --split-input-file | FileCheck %s --implicit-check-not=cegm.

// Dimensions of any order are maps, sums are in f64.
// CHECK-DAG: #[[$C:.*]] = affine_map<(d0, d1, d2) -> (d1, d2, d0)>
// CHECK-DAG: #[[$G:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-DAG: #[[$T:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: func @tokens
func.func @tokens(%c: tensor<64x16x8xbf16>, %g: tensor<8x64x16xf32>) -> (tensor<8x64xf32>, tensor<8x64xi1>) {
  // CHECK: %[[SUMS:.*]]:3 = linalg.generic {indexing_maps = [#[[$C]], #[[$G]], #[[$T]], #[[$T]], #[[$T]]], iterator_types = ["parallel", "parallel", "reduction"]}
  // CHECK: ^bb0(%[[X:.*]]: bf16, %[[Y:.*]]: f32, %[[XX:.*]]: f64, %[[YY:.*]]: f64, %[[XY:.*]]: f64):
  // CHECK: %[[WX:.*]] = arith.extf %[[X]] : bf16 to f64
  // CHECK: %[[WY:.*]] = arith.extf %[[Y]] : f32 to f64
  // CHECK: %[[SQUARE:.*]] = arith.mulf %[[WX]], %[[WX]]
  // CHECK: arith.addf %[[XX]], %[[SQUARE]] fastmath<reassoc,contract> : f64
  // A token counts as finite and active by its squares, and scores NaN if not finite.
  // CHECK: %[[FINITE:.*]] = linalg.generic {{.*}} ins(%[[SUMS]]#0, %[[SUMS]]#1 :
  // CHECK: %[[ACTIVE:.*]] = linalg.generic {{.*}} ins(%[[SUMS]]#0, %[[SUMS]]#1 :
  // CHECK: arith.cmpf ogt
  // CHECK: -> tensor<8x64xi1>
  // CHECK: %[[COSINE:.*]] = linalg.generic {{.*}} ins(%[[SUMS]]#0, %[[SUMS]]#1, %[[SUMS]]#2 :
  // CHECK-COUNT-2: math.sqrt
  // CHECK: %[[SCORE:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} ins(%[[FINITE]] :
  // CHECK: tensor.extract %[[COSINE]]
  // CHECK: return %[[SCORE]], %[[ACTIVE]]
  %s, %a = cegm.score cosine %c, %g tokens = [2, 0] x [0, 1] features = [1] x [2] windows = [1]
      : (tensor<64x16x8xbf16>, tensor<8x64x16xf32>) -> (tensor<8x64xf32>, tensor<8x64xi1>)
  return %s, %a : tensor<8x64xf32>, tensor<8x64xi1>
}

// -----

// Two full windows and one of the two positions that are left; the coarser level
// is made of the sums of the finer one.
// CHECK-DAG: #[[$FULL:.*]] = affine_map<(d0, d1, d2) -> (d0 * 3 + d1, d2)>
// CHECK-DAG: #[[$REST:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-DAG: #[[$COARSER:.*]] = affine_map<(d0, d1, d2) -> (d0 * 2 + d1, d2)>
// CHECK-LABEL: func @windows
// CHECK-SAME: %[[C:.*]]: tensor<8x5xf32>, %[[G:.*]]: tensor<8x5xf32>)
func.func @windows(%c: tensor<8x5xf32>, %g: tensor<8x5xf32>) -> tensor<8xf32> {
  // CHECK: %[[INIT:.*]] = tensor.extract_slice %{{.*}}[0, 0] [2, 5]
  // CHECK: %[[SUMS:.*]] = linalg.generic {indexing_maps = [#[[$FULL]], {{.*}} iterator_types = ["parallel", "reduction", "parallel"]} ins(%[[C]], {{.*}} outs(%[[INIT]] : tensor<2x5xf64>)
  // CHECK: arith.select
  // CHECK: %[[SOME:.*]] = tensor.insert_slice %[[SUMS]] into
  // CHECK: %[[LEFT:.*]] = tensor.extract_slice %[[C]][6, 0] [2, 5]
  // CHECK: linalg.generic {indexing_maps = [#[[$REST]], {{.*}} ins(%[[LEFT]],
  // CHECK: %[[ALL:.*]] = tensor.insert_slice %{{.*}} into %[[SOME]][2, 0] [1, 5]
  // CHECK: linalg.generic {indexing_maps = [#[[$COARSER]], {{.*}} ins(%[[ALL]],
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1] x [1] windows = [3, 6]
      : (tensor<8x5xf32>, tensor<8x5xf32>) -> (tensor<8xf32>, tensor<8xi1>)
  return %s : tensor<8xf32>
}

// -----

// What a dynamic length makes of the levels is known when the program runs: one
// counts if the window before it is shorter than the sequence.
// CHECK-LABEL: func @dynamic_length
// CHECK-SAME: %[[C:.*]]: tensor<?x5xf32>, %[[G:.*]]: tensor<?x5xf32>)
func.func @dynamic_length(%c: tensor<?x5xf32>, %g: tensor<?x5xf32>) -> tensor<?xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant 3 : index
  // CHECK-DAG: %[[HALF:.*]] = arith.constant 5.000000e-01 : f64
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f64
  // CHECK: %[[N:.*]] = tensor.dim %[[C]]
  // CHECK: %[[COUNTS:.*]] = arith.cmpi sgt, %[[N]], %[[W]] : index
  // CHECK: %[[POWER:.*]] = arith.select %[[COUNTS]], %[[HALF]], %[[ZERO]] : f64
  // CHECK: arith.divf %[[POWER]],
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1] x [1] windows = [3, 6] decay = 0.5
      : (tensor<?x5xf32>, tensor<?x5xf32>) -> (tensor<?xf32>, tensor<?xi1>)
  return %s : tensor<?xf32>
}

// -----

// Products are divided by their root mean square over active tokens, the metric
// by its largest magnitude, and the sum of a short window by its length.
// CHECK-LABEL: func @bilinear
// CHECK-SAME: %{{.*}}: tensor<7x5xf32>, %{{.*}}: tensor<7x5xf32>, %[[M:.*]]: tensor<5xf32>)
func.func @bilinear(%c: tensor<7x5xf32>, %g: tensor<7x5xf32>, %m: tensor<5xf32>) -> tensor<7xf32> {
  // CHECK: linalg.generic {{.*}} iterator_types = ["reduction"]} ins(%[[M]] :
  // CHECK: arith.maximumf
  // CHECK: %[[SCALED:.*]] = linalg.generic {{.*}} ins(%[[M]] :
  // CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}}, %[[SCALED]] : tensor<7x5xf32>, tensor<7x5xf32>, tensor<5xf64>)
  // CHECK: arith.minui
  // CHECK: %[[ROOT:.*]] = math.sqrt %{{.*}} : f64
  // CHECK: arith.divf %{{.*}}, %[[ROOT]] : f64
  %s, %a = cegm.score bilinear %c, %g metric(%m) tokens = [0] x [0] features = [1] x [1] windows = [3]
      : (tensor<7x5xf32>, tensor<7x5xf32>, tensor<5xf32>) -> (tensor<7xf32>, tensor<7xi1>)
  return %s : tensor<7xf32>
}
