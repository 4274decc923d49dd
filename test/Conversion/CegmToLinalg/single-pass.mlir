// RUN: cegm-opt %s --convert-cegm-to-linalg --cse --canonicalize --split-input-file | FileCheck %s --implicit-check-not=cegm.
// RUN: cegm-opt %s --convert-cegm-to-linalg=vector-bits=512 --split-input-file | FileCheck %s --check-prefix=WIDE

// One loop over windows of 16 rows makes the sums of the tokens and the rows of
// the next level; a second one over these rows makes the sums of that level and
// the rows of the coarsest; a third one the sums of the coarsest.
// CHECK-LABEL: func @levels
// CHECK-SAME: %[[C:.*]]: tensor<2x256x64xf32>, %[[G:.*]]: tensor<2x256x64xf32>)
// WIDE-LABEL: func @levels
func.func @levels(%c: tensor<2x256x64xf32>, %g: tensor<2x256x64xf32>) -> tensor<2x256xf32> {
  // CHECK: %[[FIRST:.*]]:5 = scf.forall (%[[B:.*]], %[[W:.*]]) in (2, 16) {{.*}} -> (tensor<2x256xf64>, tensor<2x256xf64>, tensor<2x256xf64>, tensor<2x16x64xf32>, tensor<2x16x64xf32>)
  // Row after row, whose sums stay in registers.
  // CHECK: scf.for %{{.*}} = %c0 to %c16 step %c1{{$| iter}}
  // CHECK: scf.for %{{.*}} = %c0 to %c64 step %c8
  // CHECK: %[[X:.*]] = vector.transfer_read %[[C]][%[[B]], %{{.*}}, %{{.*}}], %{{.*}} {in_bounds = [true]} : tensor<2x256x64xf32>, vector<8xf32>
  // CHECK: %[[Y:.*]] = vector.transfer_read %[[G]][%[[B]],
  // CHECK: %[[XX:.*]] = arith.mulf %[[X]], %[[X]] fastmath<reassoc,contract> : vector<8xf32>
  // CHECK: arith.addf %{{.*}}, %[[XX]] fastmath<reassoc,contract> : vector<8xf32>
  // CHECK: vector.transfer_write
  // CHECK-COUNT-3: vector.reduction <add>
  // Rows whose squares tell nothing are summed again, in f64, and those that are
  // not finite do not enter the window.
  // CHECK: scf.if
  // CHECK: } else {
  // CHECK: arith.extf %{{.*}} : vector<8xf32> to vector<8xf64>
  // CHECK: arith.select %{{.*}}, %{{.*}}, %{{.*}} : vector<8xf32>
  // CHECK: scf.forall.in_parallel
  // CHECK-COUNT-5: tensor.parallel_insert_slice
  // CHECK: %[[SECOND:.*]]:5 = scf.forall (%{{.*}}, %{{.*}}) in (2, 2)
  // CHECK: vector.transfer_read %[[FIRST]]#3
  // CHECK: vector.transfer_read %[[FIRST]]#4
  // CHECK: scf.forall
  // CHECK: vector.transfer_read %[[SECOND]]#3
  // CHECK: vector.transfer_read %[[SECOND]]#4
  // WIDE: step %c16
  // WIDE: vector<16xf32>
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2]
      : (tensor<2x256x64xf32>, tensor<2x256x64xf32>) -> (tensor<2x256xf32>, tensor<2x256xi1>)
  return %s : tensor<2x256xf32>
}

// -----

// What is left after the last full vector; the rows of heads are read where they
// are.
// CHECK-LABEL: func @tails
// CHECK-SAME: %[[C:.*]]: tensor<3x18x2x11xbf16>
func.func @tails(%c: tensor<3x18x2x11xbf16>, %g: tensor<18x3x2x11xf32>) -> tensor<3x18xf32> {
  // CHECK: scf.forall (%[[B:.*]], %[[W:.*]]) in (3, 3)
  // CHECK: affine.min
  // CHECK: scf.for %{{.*}} = %c0 to %{{.*}} step %c1{{$| iter}}
  // CHECK: scf.for %[[HEAD:.*]] = %c0 to %c2 step %c1
  // CHECK: vector.transfer_read %[[C]][%[[B]], %{{.*}}, %[[HEAD]], %{{.*}}], %{{.*}} {in_bounds = [true]} : tensor<3x18x2x11xbf16>, vector<8xbf16>
  // CHECK: arith.extf %{{.*}} : vector<8xbf16> to vector<8xf32>
  // CHECK: vector.transfer_read %[[C]][%[[B]], %{{.*}}, %[[HEAD]], %c8], %{{.*}} : tensor<3x18x2x11xbf16>, vector<8xbf16>
  // WIDE-LABEL: func @tails
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [1, 0] features = [2, 3] x [2, 3] windows = [1, 8]
      : (tensor<3x18x2x11xbf16>, tensor<18x3x2x11xf32>) -> (tensor<3x18xf32>, tensor<3x18xi1>)
  return %s : tensor<3x18xf32>
}

// -----

// f64 has nothing wider: no row is looked at twice but to leave it out.
// CHECK-LABEL: func @double
func.func @double(%c: tensor<16x8xf64>, %g: tensor<16x8xf64>) -> tensor<16xf64> {
  // CHECK: vector.transfer_read {{.*}} : tensor<16x8xf64>, vector<4xf64>
  // CHECK: arith.cmpf olt
  // CHECK-NOT: arith.extf
  // CHECK: return
  // WIDE-LABEL: func @double
  // WIDE: vector<8xf64>
  %s, %a = cegm.score cosine %c, %g tokens = [0] x [0] features = [1] x [1] windows = [1, 16]
      : (tensor<16x8xf64>, tensor<16x8xf64>) -> (tensor<16xf64>, tensor<16xi1>)
  return %s : tensor<16xf64>
}

// -----

// Features that are not the innermost of both tensors cannot be loaded as
// vectors, and a metric is left to the loops of the small sums.
// CHECK-LABEL: func @other_layout
// WIDE-LABEL: func @other_layout
func.func @other_layout(%c: tensor<8x16xf32>, %g: tensor<16x8xf32>, %m: tensor<8xf32>) -> (tensor<16xf32>, tensor<16xf32>) {
  // CHECK-NOT: vector.
  // CHECK-COUNT-2: } -> (tensor<16xf64>, tensor<16xf64>, tensor<16xf64>)
  // CHECK-NOT: vector.
  %s, %a = cegm.score cosine %c, %g tokens = [1] x [0] features = [0] x [1] windows = [1]
      : (tensor<8x16xf32>, tensor<16x8xf32>) -> (tensor<16xf32>, tensor<16xi1>)
  %t, %b = cegm.score bilinear %g, %g metric(%m) tokens = [0] x [0] features = [1] x [1] windows = [1]
      : (tensor<16x8xf32>, tensor<16x8xf32>, tensor<8xf32>) -> (tensor<16xf32>, tensor<16xi1>)
  return %s, %t : tensor<16xf32>, tensor<16xf32>
}

// -----

// Rows without elements have no vectors, and no place where a slice begins.
// CHECK-LABEL: func @no_features
// CHECK-NOT: vector.
// CHECK: return
// WIDE-LABEL: func @no_features
func.func @no_features(%c: tensor<2x16x0xf32>) -> tensor<2x16xf32> {
  %s, %a = cegm.score cosine %c, %c tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [1, 4, 0]
      : (tensor<2x16x0xf32>, tensor<2x16x0xf32>) -> (tensor<2x16xf32>, tensor<2x16xi1>)
  return %s : tensor<2x16xf32>
}

// CHECK-LABEL: func @no_tokens
// CHECK: return
// WIDE-LABEL: func @no_tokens
func.func @no_tokens(%c: tensor<2x0x8xf32>) -> tensor<2x0xf32> {
  %s, %a = cegm.score cosine %c, %c tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [1]
      : (tensor<2x0x8xf32>, tensor<2x0x8xf32>) -> (tensor<2x0xf32>, tensor<2x0xi1>)
  return %s : tensor<2x0xf32>
}

// The windows of a sequence that they do not divide are slices.
// CHECK-LABEL: func @no_features_and_a_rest
// CHECK: return
// WIDE-LABEL: func @no_features_and_a_rest
func.func @no_features_and_a_rest(%c: tensor<5x11x0xf32>) -> tensor<5x11xf32> {
  %s, %a = cegm.score cosine %c, %c tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [5, 1024]
      : (tensor<5x11x0xf32>, tensor<5x11x0xf32>) -> (tensor<5x11xf32>, tensor<5x11xi1>)
  return %s : tensor<5x11xf32>
}
