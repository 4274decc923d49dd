// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @dot_sizes(%arg0: tensor<2x3xf32>, %arg1: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.dot_general' op contracting dimension 1 of lhs has size 3, dimension 0 of rhs has 4}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @dot_batch_sizes(%arg0: tensor<2x3xf32>, %arg1: tensor<4x3xf32>) {
  // expected-error@+1 {{'stablehlo.dot_general' op batching dimension 0 of lhs has size 2, dimension 0 of rhs has 4}}
  %0 = stablehlo.dot_general %arg0, %arg1, batching_dims = [0] x [0], contracting_dims = [1] x [1] : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @dot_out_of_range(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{'stablehlo.dot_general' op lhs contracting dimension 2 is not one of its type 'tensor<2x3xf32>'}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [2] x [0] : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @dot_twice(%arg0: tensor<3x3xf32>, %arg1: tensor<3x3xf32>) {
  // expected-error@+1 {{'stablehlo.dot_general' op rhs contracting dimension 0 occurs twice among batching and contracting dimensions}}
  %0 = stablehlo.dot_general %arg0, %arg1, batching_dims = [0] x [0], contracting_dims = [1] x [0] : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

func.func @dot_pairs(%arg0: tensor<3x3xf32>, %arg1: tensor<3x3xf32>) {
  // expected-error@+1 {{'stablehlo.dot_general' op has 2 lhs and 1 rhs contracting dimensions, expected as many}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [0, 1] x [0] : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @dot_result(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{'stablehlo.dot_general' op result has type 'tensor<5x2xf32>', expected 'tensor<2x5xf32>'}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<5x2xf32>
  return
}

// -----

func.func @dot_precision(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{'stablehlo.dot_general' op precision_config has 3 entries, expected one for each of 2 operands}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], precision = [HIGH, HIGH, HIGH] : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @dot_syntax(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{expected precision, then algorithm, but got accuracy}}
  %0 = stablehlo.dot_general %arg0, %arg0, contracting_dims = [1] x [1], accuracy = [HIGH] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @unknown_field(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{unknown field contracting; expected lhs_batching_dimensions, rhs_batching_dimensions, lhs_contracting_dimensions, rhs_contracting_dimensions}}
  %0 = "stablehlo.dot_general"(%arg0, %arg0) <{dot_dimension_numbers = #stablehlo.dot<contracting = [1]>}> : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @field_twice(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{field lhs_contracting_dimensions occurs twice}}
  %0 = "stablehlo.dot_general"(%arg0, %arg0) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], lhs_contracting_dimensions = [1]>}> : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @convolution_dimension(%arg0: tensor<1x8x3xf32>, %arg1: tensor<3x3x4xf32>) {
  // expected-error@+1 {{dimension f is missing}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1]x[0, i, o]->[b, 0, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x3xf32>, tensor<3x3x4xf32>) -> tensor<1x6x4xf32>
  return
}

// -----

func.func @convolution_window(%arg0: tensor<1x8x3xf32>, %arg1: tensor<3x3x4xf32>) {
  // expected-error@+1 {{expected stride, pad, lhs_dilate, rhs_dilate or reverse, but got strides}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {strides = [1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x3xf32>, tensor<3x3x4xf32>) -> tensor<1x6x4xf32>
  return
}

// -----

func.func @exponent(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{expected a format such as e8m7, but got bf16}}
  %0 = stablehlo.reduce_precision %arg0, format = bf16 : tensor<2xf32>
  return
}

// -----

// expected-error@+1 {{dimension 1 of size 3 cannot have a bound, it is static}}
func.func private @bounded_static(tensor<?x3xf32, #stablehlo.bounds<4, 3>>)

// -----

// expected-error@+1 {{bounds name 1 dimensions, the tensor has 2}}
func.func private @bounds_rank(tensor<?x?xf32, #stablehlo.bounds<4>>)
