// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @dim_out_of_range(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op context_tokens has dimension 3, but context has rank 3 ('tensor<2x5x8xf32>')}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 3] x [0, 1] features = [2] x [2] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @dim_negative(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op gradient_features has dimension -1, but gradient has rank 3 ('tensor<2x5x8xf32>')}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [-1] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @dim_twice(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op context_features names dimension 1 of context, which is named already}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [1] x [2] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @dim_missing(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op dimension 0 of gradient ('tensor<2x5x8xf32>') is neither in gradient_tokens nor in gradient_features}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [1] features = [2] x [2] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @no_tokens(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op context_tokens is empty, expected at least the sequence dimension}}
  %s, %a = cegm.score cosine %c, %g tokens = [] x [0, 1] features = [0, 1, 2] x [2] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @token_count(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op context has 2 token dimensions, gradient has 1}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [1] features = [2] x [0, 2] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @feature_count(%c: tensor<2x5x8xf32>, %g: tensor<2x5x4x2xf32>) {
  // expected-error @+1 {{'cegm.score' op context has 1 feature dimensions, gradient has 2}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2, 3] : (tensor<2x5x8xf32>, tensor<2x5x4x2xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @token_size(%c: tensor<2x3x8xf32>, %g: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'cegm.score' op context has 3 token positions in dimension 1, gradient has 4 in dimension 1}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] : (tensor<2x3x8xf32>, tensor<2x4x8xf32>) -> (tensor<2x3xf32>, tensor<2x3xi1>)
  return
}

// -----

func.func @feature_size(%c: tensor<2x5x8xf32>, %g: tensor<2x9x5xf32>) {
  // expected-error @+1 {{'cegm.score' op context has 8 feature positions in dimension 2, gradient has 9 in dimension 1}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 2] features = [2] x [1] : (tensor<2x5x8xf32>, tensor<2x9x5xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @score_type(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf64>) {
  // expected-error @+2 {{'cegm.score' op inferred type(s) 'tensor<2x5xf64>', 'tensor<2x5xi1>' are incompatible with return type(s) of operation 'tensor<2x5xf32>', 'tensor<2x5xi1>'}}
  // expected-error @+1 {{'cegm.score' op failed to infer returned types}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] : (tensor<2x5x8xf32>, tensor<2x5x8xf64>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @element_type(%c: tensor<2x5x8xi32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op operand #0 must be ranked tensor of 16-bit float or bfloat16 type or 32-bit float or 64-bit float values, but got 'tensor<2x5x8xi32>'}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] : (tensor<2x5x8xi32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @windows_empty(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op windows is empty, expected at least one level}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @windows_negative(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op windows has -4 at level 0, expected a positive number}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [-4] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @windows_zero_first(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op windows has 0 at level 1, expected a positive number (0, the whole sequence, may only be last)}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [1, 0, 4] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @windows_order(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op windows has 4 at level 2 after 16, expected a larger number}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [1, 16, 4] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @decay(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op decay is 0.000000e+00, expected a positive number}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] decay = 0.0 : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @decay_infinite(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op decay is INF, expected a positive number}}
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] decay = 0x7FF0000000000000 : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @metric_missing(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op has kernel bilinear, but no metric}}
  %s, %a = cegm.score bilinear %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @metric_unused(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>, %m: tensor<8xf32>) {
  // expected-error @+1 {{'cegm.score' op has a metric, which kernel inner does not use}}
  %s, %a = cegm.score inner %c, %g metric(%m) tokens = [0, 1] x [0, 1] features = [2] x [2] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>, tensor<8xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @metric_rank(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>, %m: tensor<2x4xf32>) {
  // expected-error @+1 {{'cegm.score' op metric has rank 2, expected 1, one dimension a feature dimension of context}}
  %s, %a = cegm.score bilinear %c, %g metric(%m) tokens = [0, 1] x [0, 1] features = [2] x [2] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>, tensor<2x4xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @metric_size(%c: tensor<2x5x8xf32>, %g: tensor<2x5x8xf32>, %m: tensor<9xf32>) {
  // expected-error @+1 {{'cegm.score' op context has 8 feature positions in dimension 2, metric has 9 in dimension 0}}
  %s, %a = cegm.score bilinear %c, %g metric(%m) tokens = [0, 1] x [0, 1] features = [2] x [2] : (tensor<2x5x8xf32>, tensor<2x5x8xf32>, tensor<9xf32>) -> (tensor<2x5xf32>, tensor<2x5xi1>)
  return
}

// -----

func.func @parent_type(%s: tensor<5xf32>, %p: tensor<4xf32>) {
  // expected-error @+1 {{'cegm.couple' op expects parent 1 of type 'tensor<5xf32>', got 'tensor<4xf32>'}}
  %0 = cegm.couple %s with %s, %p coupling = 0.5 : (tensor<5xf32>, tensor<5xf32>, tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @coupling_one(%s: tensor<5xf32>) {
  // expected-error @+1 {{'cegm.couple' op coupling is 1.000000e+00, expected a number in [0, 1)}}
  %0 = cegm.couple %s with %s coupling = 1.0 : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @coupling_negative(%s: tensor<5xf32>) {
  // expected-error @+1 {{'cegm.couple' op coupling is -5.000000e-01, expected a number in [0, 1)}}
  %0 = cegm.couple %s with %s coupling = -0.5 : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @active_shape(%s: tensor<5xf32>, %a: tensor<4xi1>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.weigh' op expects active of type 'tensor<5xi1>', got 'tensor<4xi1>'}}
  %0 = cegm.weigh tanh %s, %a, %l : (tensor<5xf32>, tensor<4xi1>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

func.func @strength_type(%s: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f64>) {
  // expected-error @+1 {{'cegm.weigh' op expects strength of type 'tensor<f32>', got 'tensor<f64>'}}
  %0 = cegm.weigh tanh %s, %a, %l : (tensor<5xf32>, tensor<5xi1>, tensor<f64>) -> tensor<5xf32>
  return
}

// -----

func.func @scores_rank(%s: tensor<f32>, %a: tensor<i1>) {
  // expected-error @+1 {{'cegm.weigh' op expects scores of rank 1 or more, got 'tensor<f32>'}}
  %0 = cegm.weigh tanh %s, %a, %s : (tensor<f32>, tensor<i1>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @temperature(%s: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.weigh' op temperature is 0.000000e+00, expected a positive number}}
  %0 = cegm.weigh tanh %s, %a, %l temperature = 0.0 : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

func.func @device_rows(%s: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.weigh' op device_groups has the type 'tensor<4xi64>', expected a matrix with a row for each group}}
  %0 = cegm.weigh tanh %s, %a, %l device_groups = dense<[0, 1, 2, 3]> : tensor<4xi64> : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

func.func @device_twice(%x: tensor<5x8xf32>) {
  // expected-error @+1 {{'cegm.score' op device_groups has the device 1 twice, expected it in one group}}
  %0:2 = cegm.score inner %x, %x tokens = [0] x [0] features = [1] x [1] device_groups = dense<[[0, 1], [1, 2]]> : tensor<2x2xi64> : (tensor<5x8xf32>, tensor<5x8xf32>) -> (tensor<5xf32>, tensor<5xi1>)
  return
}

// -----

func.func @device_number(%s: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.audit' op device_groups has the device -1, expected numbers from 0}}
  %0 = cegm.audit %s, %s, %a, %l device_groups = dense<[[0, -1]]> : tensor<1x2xi64> : (tensor<5xf32>, tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<10xf32>
  return
}

// -----

func.func @unknown_weighting(%s: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) {
  // expected-error @+2 {{expected one of [tanh, linear, exp, softmax] for map from scores to weights, got: sigmoid}}
  // expected-error @+1 {{failed to parse Cegm_WeightingAttr parameter 'value'}}
  %0 = cegm.weigh sigmoid %s, %a, %l : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

func.func @scale_dim(%x: tensor<5x8xf32>, %w: tensor<8xf32>) {
  // expected-error @+1 {{'cegm.scale' op tokens has dimension 2, but input has rank 2 ('tensor<5x8xf32>')}}
  %0 = cegm.scale %x by %w tokens = [2] : (tensor<5x8xf32>, tensor<8xf32>) -> tensor<5x8xf32>
  return
}

// -----

func.func @scale_size(%x: tensor<5x8xf32>, %w: tensor<8xf32>) {
  // expected-error @+1 {{'cegm.scale' op input has 5 token positions in dimension 0, weights has 8 in dimension 0}}
  %0 = cegm.scale %x by %w tokens = [0] : (tensor<5x8xf32>, tensor<8xf32>) -> tensor<5x8xf32>
  return
}

// -----

func.func @scale_rank(%x: tensor<5x8xf32>, %w: tensor<5x8xf32>) {
  // expected-error @+1 {{'cegm.scale' op input has 1 token dimensions, weights has 2}}
  %0 = cegm.scale %x by %w tokens = [0] : (tensor<5x8xf32>, tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}

// -----

func.func @audit_weights(%s: tensor<5xf32>, %w: tensor<6xf32>, %a: tensor<5xi1>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.audit' op expects weights of type 'tensor<5xf32>', got 'tensor<6xf32>'}}
  %0 = cegm.audit %s, %w, %a, %l : (tensor<5xf32>, tensor<6xf32>, tensor<5xi1>, tensor<f32>) -> tensor<10xf32>
  return
}

// -----

func.func @radial_type(%e: tensor<5xf32>, %p: tensor<6xf32>) {
  // expected-error @+1 {{'cegm.remove_radial' op expects parameter of type 'tensor<5xf32>', got 'tensor<6xf32>'}}
  %0 = cegm.remove_radial %e, %e, %p : (tensor<5xf32>, tensor<5xf32>, tensor<6xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @entangle_input(%y: tensor<6x3xf32>, %c: tensor<5x8xf32>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.entangle' op input has 6 token positions in dimension 0, context has 5 in dimension 0}}
  %e:4 = cegm.entangle %y, %c, %c, %l tokens = [0] x [0] x [0] features = [1] x [1] : (tensor<6x3xf32>, tensor<5x8xf32>, tensor<5x8xf32>, tensor<f32>) -> (tensor<6x3xf32>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>)
  return
}

// -----

func.func @entangle_strength(%y: tensor<5x3xf32>, %c: tensor<5x8xf32>, %l: tensor<f64>) {
  // expected-error @+1 {{'cegm.entangle' op expects strength of type 'tensor<f32>', got 'tensor<f64>'}}
  %e:4 = cegm.entangle %y, %c, %c, %l tokens = [0] x [0] x [0] features = [1] x [1] : (tensor<5x3xf32>, tensor<5x8xf32>, tensor<5x8xf32>, tensor<f64>) -> (tensor<5x3xf32>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>)
  return
}

// -----

func.func @entangle_parent(%y: tensor<5x3xf32>, %c: tensor<5x8xf32>, %l: tensor<f32>, %p: tensor<6xf32>) {
  // expected-error @+1 {{'cegm.entangle' op expects parent 0 of type 'tensor<5xf32>', got 'tensor<6xf32>'}}
  %e:4 = cegm.entangle %y, %c, %c, %l parents(%p) tokens = [0] x [0] x [0] features = [1] x [1] coupling = 0.5 : (tensor<5x3xf32>, tensor<5x8xf32>, tensor<5x8xf32>, tensor<f32>, tensor<6xf32>) -> (tensor<5x3xf32>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>)
  return
}

// -----

func.func @entangle_score(%y: tensor<5x3xf32>, %c: tensor<5x8xf32>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.entangle' op windows has 2 at level 1 after 2, expected a larger number}}
  %e:4 = cegm.entangle %y, %c, %c, %l tokens = [0] x [0] x [0] features = [1] x [1] windows = [2, 2] : (tensor<5x3xf32>, tensor<5x8xf32>, tensor<5x8xf32>, tensor<f32>) -> (tensor<5x3xf32>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>)
  return
}

// -----

func.func @entangle_temperature(%y: tensor<5x3xf32>, %c: tensor<5x8xf32>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.entangle' op temperature is -1.000000e+00, expected a positive number}}
  %e:4 = cegm.entangle %y, %c, %c, %l tokens = [0] x [0] x [0] features = [1] x [1] temperature = -1.0 : (tensor<5x3xf32>, tensor<5x8xf32>, tensor<5x8xf32>, tensor<f32>) -> (tensor<5x3xf32>, tensor<5xf32>, tensor<5xi1>, tensor<5xf32>)
  return
}

// -----

func.func @collect_nothing() {
  // expected-error @+1 {{'cegm.collect' op expected at least one row}}
  %0 = "cegm.collect"() : () -> tensor<0xf32>
  return
}

// -----

func.func @collect_scalar(%a: tensor<f32>, %b: tensor<2x3xf32>) {
  // expected-error @+1 {{'cegm.collect' op operand 0 has the type 'tensor<f32>', expected a static shape of rank 1 or more}}
  %0 = "cegm.collect"(%a, %b) : (tensor<f32>, tensor<2x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

func.func @record_of_nothing(%row: tensor<0xf32>, %table: tensor<4x0xf32>, %place: tensor<i64>) {
  // expected-error@+1 {{'cegm.record' op row of type 'tensor<0xf32>' has no elements to record}}
  %0 = "cegm.record"(%row, %table, %place) : (tensor<0xf32>, tensor<4x0xf32>, tensor<i64>) -> tensor<4x0xf32>
  return
}
