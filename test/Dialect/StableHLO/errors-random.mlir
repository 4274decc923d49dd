// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @rng_elements(%arg0: tensor<f32>, %arg1: tensor<f32>, %arg2: tensor<2xi64>) {
  // expected-error@+1 {{'stablehlo.rng' op a has element type 'f32', expected 'f64'}}
  %0 = stablehlo.rng %arg0, %arg1, %arg2, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<2xi64>) -> tensor<4x5xf64>
  return
}

// -----

func.func @rng_bound(%arg0: tensor<f32>, %arg1: tensor<f64>, %arg2: tensor<2xi64>) {
  // expected-error@+1 {{'stablehlo.rng' op b has element type 'f64', expected 'f32'}}
  %0 = stablehlo.rng %arg0, %arg1, %arg2, distribution = UNIFORM : (tensor<f32>, tensor<f64>, tensor<2xi64>) -> tensor<4x5xf32>
  return
}

// -----

func.func @rng_normal(%arg0: tensor<i32>, %arg1: tensor<i32>, %arg2: tensor<2xi64>) {
  // expected-error@+1 {{'stablehlo.rng' op result has element type 'i32', expected floats for distribution NORMAL}}
  %0 = stablehlo.rng %arg0, %arg1, %arg2, distribution = NORMAL : (tensor<i32>, tensor<i32>, tensor<2xi64>) -> tensor<4x5xi32>
  return
}

// -----

func.func @rng_rank(%arg0: tensor<f32>, %arg1: tensor<f32>, %arg2: tensor<2xi64>) {
  // expected-error@+1 {{'stablehlo.rng' op shape has 2 elements, expected one for each of the 1 dimensions of the result}}
  %0 = stablehlo.rng %arg0, %arg1, %arg2, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<2xi64>) -> tensor<4xf32>
  return
}

// -----

func.func @rng_shape(%arg0: tensor<f32>, %arg1: tensor<f32>) {
  %s = stablehlo.constant dense<[4, 6]> : tensor<2xi64>
  // expected-error@+1 {{'stablehlo.rng' op result has type 'tensor<4x5xf32>', expected 'tensor<4x6xf32>'}}
  %0 = stablehlo.rng %arg0, %arg1, %s, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<2xi64>) -> tensor<4x5xf32>
  return
}

// -----

func.func @rng_matrix(%arg0: tensor<f32>, %arg1: tensor<f32>, %arg2: tensor<1x2xi64>) {
  // expected-error@+1 {{'stablehlo.rng' op operand #2 must be statically shaped 1-dimensional tensor of index or pred or 2/4/8/16/32/64-bit integer values, but got 'tensor<1x2xi64>'}}
  %0 = stablehlo.rng %arg0, %arg1, %arg2, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1x2xi64>) -> tensor<4x5xf32>
  return
}

// -----

func.func @rng_complex(%arg0: tensor<complex<f32>>, %arg1: tensor<complex<f32>>, %arg2: tensor<2xi64>) {
  // expected-error@+1 {{'stablehlo.rng' op operand #0 must be 0D tensor of pred or 2/4/8/16/32/64-bit integer or floating-point number values, but got 'tensor<complex<f32>>'}}
  %0 = stablehlo.rng %arg0, %arg1, %arg2, distribution = UNIFORM : (tensor<complex<f32>>, tensor<complex<f32>>, tensor<2xi64>) -> tensor<4x5xcomplex<f32>>
  return
}

// -----

func.func @rng_range(%arg0: tensor<1xf32>, %arg1: tensor<f32>, %arg2: tensor<2xi64>) {
  // expected-error@+1 {{'stablehlo.rng' op operand #0 must be 0D tensor of pred or 2/4/8/16/32/64-bit integer or floating-point number values, but got 'tensor<1xf32>'}}
  %0 = stablehlo.rng %arg0, %arg1, %arg2, distribution = UNIFORM : (tensor<1xf32>, tensor<f32>, tensor<2xi64>) -> tensor<4x5xf32>
  return
}

// -----

func.func @state_type(%arg0: tensor<2xui64>) {
  // expected-error@+1 {{'stablehlo.rng_bit_generator' op output_state has type 'tensor<3xui64>', expected 'tensor<2xui64>'}}
  %0:2 = stablehlo.rng_bit_generator %arg0, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<3xui64>, tensor<4xui32>)
  return
}

// -----

func.func @state_three_fry(%arg0: tensor<3xui64>) {
  // expected-error@+1 {{'stablehlo.rng_bit_generator' op initial_state has type 'tensor<3xui64>', expected 2 elements for algorithm THREE_FRY}}
  %0:2 = stablehlo.rng_bit_generator %arg0, algorithm = THREE_FRY : (tensor<3xui64>) -> (tensor<3xui64>, tensor<4xui32>)
  return
}

// -----

func.func @state_philox(%arg0: tensor<4xui64>) {
  // expected-error@+1 {{'stablehlo.rng_bit_generator' op initial_state has type 'tensor<4xui64>', expected 2 or 3 elements for algorithm PHILOX}}
  %0:2 = stablehlo.rng_bit_generator %arg0, algorithm = PHILOX : (tensor<4xui64>) -> (tensor<4xui64>, tensor<4xui32>)
  return
}
