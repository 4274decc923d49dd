// RUN: cegm-opt %s --transform-interpreter --canonicalize --cse --split-input-file | FileCheck %s

// Batch by batch, with the scores that the weights are made of computed in the
// loop: each tile reads the rows that it needs, whatever dimension they are in.
// CHECK-LABEL: func @fuse_producers
// CHECK-SAME: %[[Y:.*]]: tensor<8x64x32xf32>, %[[C:.*]]: tensor<64x16x8xf32>, %[[G:.*]]: tensor<8x64x16xf32>
func.func @fuse_producers(%y: tensor<8x64x32xf32>, %c: tensor<64x16x8xf32>, %g: tensor<8x64x16xf32>, %l: tensor<f32>) -> tensor<8x64x32xf32> {
  // CHECK: scf.for %[[I:[^ ]+]] = {{.*}} iter_args(%[[OUT:[^ ]+]] = %{{.*}}) -> (tensor<8x64x32xf32>)
  // CHECK-DAG: %[[YT:.*]] = tensor.extract_slice %[[Y]][%[[I]], 0, 0] [2, 64, 32]
  // CHECK-DAG: %[[CT:.*]] = tensor.extract_slice %[[C]][0, 0, %[[I]]] [64, 16, 2]
  // CHECK-DAG: %[[GT:.*]] = tensor.extract_slice %[[G]][%[[I]], 0, 0] [2, 64, 16]
  // CHECK: %[[S:[^ ]+]], %[[A:[^ ]+]] = cegm.score cosine %[[CT]], %[[GT]] tokens = [2, 0] x [0, 1] features = [1] x [2] windows = [1, 16, 0] : {{.*}} -> (tensor<2x64xf32>, tensor<2x64xi1>)
  %s, %a = cegm.score cosine %c, %g tokens = [2, 0] x [0, 1] features = [1] x [2]
      : (tensor<64x16x8xf32>, tensor<8x64x16xf32>) -> (tensor<8x64xf32>, tensor<8x64xi1>)
  // CHECK: %[[W:.*]] = cegm.weigh tanh %[[S]], %{{.*}}, %{{.*}} normalization = none
  %w = cegm.weigh tanh %s, %a, %l normalization = none
      : (tensor<8x64xf32>, tensor<8x64xi1>, tensor<f32>) -> tensor<8x64xf32>
  // CHECK: %[[R:.*]] = cegm.scale %[[YT]] by %[[W]] tokens = [0, 1]
  // CHECK: tensor.insert_slice %[[R]] into %[[OUT]][%[[I]], 0, 0] [2, 64, 32]
  %r = cegm.scale %y by %w tokens = [0, 1]
      : (tensor<8x64x32xf32>, tensor<8x64xf32>) -> tensor<8x64x32xf32>
  return %r : tensor<8x64x32xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %scale = transform.structured.match ops{["cegm.scale"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.fuse %scale tile_sizes [2] : (!transform.any_op) -> (!transform.any_op, !transform.op<"scf.for">)
    transform.yield
  }
}

// -----

// Along the sequence by whole windows, of a dynamic batch.
// CHECK-LABEL: func @windows
// CHECK-SAME: %[[C:.*]]: tensor<?x256x16xf32>, %
func.func @windows(%c: tensor<?x256x16xf32>, %g: tensor<?x256x16xf32>) -> (tensor<?x256xf32>, tensor<?x256xi1>) {
  // CHECK: %[[B:.*]] = tensor.dim %[[C]]
  // CHECK: scf.for
  // CHECK: scf.for %[[J:[^ ]+]] =
  // CHECK: %[[CT:.*]] = tensor.extract_slice %[[C]][%{{.*}}, %[[J]], 0] [%{{.*}}, 128, 16]
  // CHECK: cegm.score cosine %[[CT]], %{{.*}} windows = [1, 16, 0] : (tensor<?x128x16xf32>, tensor<?x128x16xf32>) -> (tensor<?x128xf32>, tensor<?x128xi1>)
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2]
      : (tensor<?x256x16xf32>, tensor<?x256x16xf32>) -> (tensor<?x256xf32>, tensor<?x256xi1>)
  return %s, %a : tensor<?x256xf32>, tensor<?x256xi1>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %score = transform.structured.match ops{["cegm.score"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:2 = transform.structured.tile_using_for %score tile_sizes [3, 128] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A linalg consumer takes the scaled rows into its loop, and the parallel loop
// of a schedule is as good as any.
// CHECK-LABEL: func @fuse_into_consumer
func.func @fuse_into_consumer(%x: tensor<8x4xf32>, %w: tensor<8xf32>, %out: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // CHECK: scf.forall
  // CHECK: %[[R:.*]] = cegm.scale %{{.*}} by %{{.*}} tokens = [0] : (tensor<2x4xf32>, tensor<2xf32>) -> tensor<2x4xf32>
  // CHECK: linalg.exp ins(%[[R]] : tensor<2x4xf32>)
  %r = cegm.scale %x by %w tokens = [0] : (tensor<8x4xf32>, tensor<8xf32>) -> tensor<8x4xf32>
  %e = linalg.exp ins(%r : tensor<8x4xf32>) outs(%out : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %e : tensor<8x4xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %exp = transform.structured.match ops{["linalg.exp"]} in %root : (!transform.any_op) -> !transform.any_op
    %scale = transform.structured.match ops{["cegm.scale"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %exp tile_sizes [2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %fused, %new = transform.structured.fuse_into_containing_op %scale into %loop : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
