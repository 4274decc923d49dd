// RUN: cegm-opt %s --convert-cegm-to-stablehlo --split-input-file --verify-diagnostics

func.func @context(%x: tensor<4x?xf32>, %g: tensor<4x8xf32>) {
  // expected-error @+1 {{'cegm.score' op context has a dynamic dimension 1 ('tensor<4x?xf32>'), expected a static shape to convert to StableHLO}}
  %s, %a = cegm.score cosine %x, %g tokens = [0] x [0] features = [1] x [1]
      : (tensor<4x?xf32>, tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4xi1>)
  return
}

// -----

func.func @parent(%s: tensor<?xf32>) {
  // expected-error @+1 {{'cegm.couple' op scores has a dynamic dimension 0 ('tensor<?xf32>')}}
  %0 = cegm.couple %s with %s coupling = 0.5 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return
}

// -----

func.func @weigh(%s: tensor<?xf32>, %a: tensor<?xi1>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.weigh' op scores has a dynamic dimension 0}}
  %0 = cegm.weigh tanh %s, %a, %l : (tensor<?xf32>, tensor<?xi1>, tensor<f32>) -> tensor<?xf32>
  return
}

// -----

func.func @weights(%x: tensor<4x8xf32>, %w: tensor<?xf32>) {
  // expected-error @+1 {{'cegm.scale' op weights has a dynamic dimension 0}}
  %0 = cegm.scale %x by %w tokens = [0] : (tensor<4x8xf32>, tensor<?xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @audit(%s: tensor<?xf32>, %a: tensor<?xi1>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.audit' op scores has a dynamic dimension 0}}
  %0 = cegm.audit %s, %s, %a, %l : (tensor<?xf32>, tensor<?xf32>, tensor<?xi1>, tensor<f32>) -> tensor<10xf32>
  return
}

// -----

func.func @radial(%x: tensor<?xf32>) {
  // expected-error @+1 {{'cegm.remove_radial' op entangled has a dynamic dimension 0}}
  %0 = cegm.remove_radial %x, %x, %x : (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return
}

// -----

// The composite names its own operands.
func.func @input(%x: tensor<4x8xf32>, %y: tensor<4x?xf32>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.entangle' op input has a dynamic dimension 1 ('tensor<4x?xf32>'), expected a static shape to convert to StableHLO}}
  %e:4 = cegm.entangle %y, %x, %x, %l tokens = [0] x [0] x [0] features = [1] x [1]
      : (tensor<4x?xf32>, tensor<4x8xf32>, tensor<4x8xf32>, tensor<f32>)
      -> (tensor<4x?xf32>, tensor<4xf32>, tensor<4xi1>, tensor<4xf32>)
  return
}
