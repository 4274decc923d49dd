// RUN: cegm-opt %s --transform-interpreter --split-input-file --verify-diagnostics

// What the op says comes first, then what the driver makes of it.

func.func @kernel_over_all_tokens(%c: tensor<4x256x8xf32>, %g: tensor<4x256x8xf32>) {
  // expected-error @below {{'cegm.score' op with kernel 'inner' is normalised over all tokens and cannot be tiled; expected kernel 'cosine'}}
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  %s, %a = cegm.score inner %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2]
      : (tensor<4x256x8xf32>, tensor<4x256x8xf32>) -> (tensor<4x256xf32>, tensor<4x256xi1>)
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["cegm.score"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @whole_sequence(%c: tensor<4x256x8xf32>, %g: tensor<4x256x8xf32>) {
  // expected-error @below {{'cegm.score' op has a window of the whole sequence and cannot be tiled along it}}
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [1, 16, 0]
      : (tensor<4x256x8xf32>, tensor<4x256x8xf32>) -> (tensor<4x256xf32>, tensor<4x256xi1>)
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["cegm.score"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 128] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @cut_window(%c: tensor<4x256x8xf32>, %g: tensor<4x256x8xf32>) {
  // expected-error @below {{'cegm.score' op can be tiled along the sequence by multiples of 128 positions that divide its length, got a tile of 64}}
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2]
      : (tensor<4x256x8xf32>, tensor<4x256x8xf32>) -> (tensor<4x256xf32>, tensor<4x256xi1>)
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["cegm.score"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 64] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @short_last_tile(%c: tensor<4x256x8xf32>, %g: tensor<4x256x8xf32>) {
  // expected-error @below {{'cegm.score' op can be tiled along the sequence by multiples of 16 positions that divide its length, got a tile whose size varies}}
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [1, 16]
      : (tensor<4x256x8xf32>, tensor<4x256x8xf32>) -> (tensor<4x256xf32>, tensor<4x256xi1>)
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["cegm.score"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 48] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @mean_over_all_tokens(%s: tensor<4x256xf32>, %a: tensor<4x256xi1>, %l: tensor<f32>) {
  // expected-error @below {{'cegm.weigh' op divides by a mean over all tokens and cannot be tiled; expected normalization 'none'}}
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  %w = cegm.weigh tanh %s, %a, %l : (tensor<4x256xf32>, tensor<4x256xi1>, tensor<f32>) -> tensor<4x256xf32>
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["cegm.weigh"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @softmax_over_the_sequence(%s: tensor<4x256xf32>, %a: tensor<4x256xi1>, %l: tensor<f32>) {
  // expected-error @below {{'cegm.weigh' op with weighting 'softmax' cannot be tiled along the sequence}}
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  %w = cegm.weigh softmax %s, %a, %l normalization = none : (tensor<4x256xf32>, tensor<4x256xi1>, tensor<f32>) -> tensor<4x256xf32>
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["cegm.weigh"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 64] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
