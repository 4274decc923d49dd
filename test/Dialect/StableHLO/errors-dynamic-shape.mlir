// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @broadcast_elements(%arg0: tensor<3xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op result has element type 'f64', expected 'f32'}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg1, dims = [1] : (tensor<3xf32>, tensor<2xi32>) -> tensor<?x3xf64>
  return
}

// -----

func.func @broadcast_entries(%arg0: tensor<3xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op broadcast_dimensions has 2 entries, expected one for each of the 1 dimensions of the operand}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg1, dims = [0, 1] : (tensor<3xf32>, tensor<2xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @broadcast_range(%arg0: tensor<3xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op broadcast_dimensions[0] is 2, expected a dimension of the result of rank 2}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg1, dims = [2] : (tensor<3xf32>, tensor<2xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @broadcast_twice(%arg0: tensor<3x3xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op broadcast_dimensions names dimension 1 of the result twice}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg1, dims = [1, 1] : (tensor<3x3xf32>, tensor<2xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @broadcast_size(%arg0: tensor<3xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op operand has size 3 in dimension 0, result has 4 in dimension 1}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg1, dims = [1] : (tensor<3xf32>, tensor<2xi32>) -> tensor<?x4xf32>
  return
}

// -----

func.func @broadcast_rank(%arg0: tensor<3xf32>, %arg1: tensor<3xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op output_dimensions has 3 elements, expected one for each of the 2 dimensions of the result}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg1, dims = [1] : (tensor<3xf32>, tensor<3xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @broadcast_shape(%arg0: tensor<3xf32>) {
  %s = stablehlo.constant dense<[2, 4]> : tensor<2xi32>
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op operand has size 3 in dimension 0, output_dimensions has 4 in dimension 1}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %s, dims = [1] : (tensor<3xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @broadcast_result(%arg0: tensor<3xf32>) {
  %s = stablehlo.constant dense<[2, 3]> : tensor<2xi32>
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op output_dimensions is [2, 3], expected the shape of the result of type 'tensor<4x3xf32>'}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %s, dims = [1] : (tensor<3xf32>, tensor<2xi32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @broadcast_static(%arg0: tensor<3xf32>, %arg1: tensor<?xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op operand #1 must be statically shaped 1-dimensional tensor of index or pred or 2/4/8/16/32/64-bit integer values, but got 'tensor<?xi32>'}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg1, dims = [1] : (tensor<3xf32>, tensor<?xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @broadcast_matrix(%arg0: tensor<3xf32>, %arg1: tensor<1x2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op operand #1 must be statically shaped 1-dimensional tensor of index or pred or 2/4/8/16/32/64-bit integer values, but got 'tensor<1x2xi32>'}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg1, dims = [1] : (tensor<3xf32>, tensor<1x2xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @expanding_twice(%arg0: tensor<3xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op dimension 0 is in known_expanding_dimensions and in known_nonexpanding_dimensions}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg1, dims = [1] {known_expanding_dimensions = array<i64: 0>, known_nonexpanding_dimensions = array<i64: 0>} : (tensor<3xf32>, tensor<2xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @expanding_range(%arg0: tensor<3xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op known_expanding_dimensions has 1, expected a dimension of the operand of rank 1}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg1, dims = [1] {known_expanding_dimensions = array<i64: 1>} : (tensor<3xf32>, tensor<2xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @nonexpanding_range(%arg0: tensor<3xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_broadcast_in_dim' op known_nonexpanding_dimensions has -1, expected a dimension of the operand of rank 1}}
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg1, dims = [1] {known_nonexpanding_dimensions = array<i64: -1>} : (tensor<3xf32>, tensor<2xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @iota_dim(%arg0: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_iota' op iota_dimension is 2, expected a dimension of the result of rank 2}}
  %0 = stablehlo.dynamic_iota %arg0, dim = 2 : (tensor<2xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @iota_negative(%arg0: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_iota' op iota_dimension is -1, expected a dimension of the result of rank 2}}
  %0 = stablehlo.dynamic_iota %arg0, dim = -1 : (tensor<2xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @iota_rank(%arg0: tensor<1xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_iota' op output_shape has 1 elements, expected one for each of the 2 dimensions of the result}}
  %0 = stablehlo.dynamic_iota %arg0, dim = 0 : (tensor<1xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @iota_shape() {
  %s = stablehlo.constant dense<[2, 4]> : tensor<2xi32>
  // expected-error@+1 {{'stablehlo.dynamic_iota' op output_shape is [2, 4], expected the shape of the result of type 'tensor<?x3xf32>'}}
  %0 = stablehlo.dynamic_iota %s, dim = 0 : (tensor<2xi32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @reshape_elements(%arg0: tensor<2x3xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_reshape' op result has element type 'i32', expected 'f32'}}
  %0 = stablehlo.dynamic_reshape %arg0, %arg1 : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<?x?xi32>
  return
}

// -----

func.func @reshape_count(%arg0: tensor<2x3xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_reshape' op operand has 6 elements, result has 8}}
  %0 = stablehlo.dynamic_reshape %arg0, %arg1 : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<4x2xf32>
  return
}

// -----

func.func @reshape_rank(%arg0: tensor<2x3xf32>, %arg1: tensor<3xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_reshape' op output_shape has 3 elements, expected one for each of the 2 dimensions of the result}}
  %0 = stablehlo.dynamic_reshape %arg0, %arg1 : (tensor<2x3xf32>, tensor<3xi32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @reshape_shape(%arg0: tensor<2x3xf32>) {
  %s = stablehlo.constant dense<[3, 2]> : tensor<2xi32>
  // expected-error@+1 {{'stablehlo.dynamic_reshape' op output_shape is [3, 2], expected the shape of the result of type 'tensor<2x3xf32>'}}
  %0 = stablehlo.dynamic_reshape %arg0, %s : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @reshape_shape_count(%arg0: tensor<2x3xf32>) {
  %s = stablehlo.constant dense<[3, 3]> : tensor<2xi32>
  // expected-error@+1 {{'stablehlo.dynamic_reshape' op operand has 6 elements, output_shape has 9}}
  %0 = stablehlo.dynamic_reshape %arg0, %s : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @reshape_static(%arg0: tensor<2x3xf32>, %arg1: tensor<?xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_reshape' op operand #1 must be statically shaped 1-dimensional tensor of index or pred or 2/4/8/16/32/64-bit integer values, but got 'tensor<?xi32>'}}
  %0 = stablehlo.dynamic_reshape %arg0, %arg1 : (tensor<2x3xf32>, tensor<?xi32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @size_dim(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.get_dimension_size' op dimension is 2, expected a dimension of the operand of rank 2}}
  %0 = stablehlo.get_dimension_size %arg0, dim = 2 : (tensor<2x3xf32>) -> tensor<i32>
  return
}

// -----

func.func @size_negative(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.get_dimension_size' op dimension is -1, expected a dimension of the operand of rank 2}}
  %0 = stablehlo.get_dimension_size %arg0, dim = -1 : (tensor<2x3xf32>) -> tensor<i32>
  return
}

// -----

func.func @set_dim(%arg0: tensor<2x3xf32>, %arg1: tensor<i32>) {
  // expected-error@+1 {{'stablehlo.set_dimension_size' op dimension is 2, expected a dimension of the operand of rank 2}}
  %0 = stablehlo.set_dimension_size %arg0, %arg1, dim = 2 : (tensor<2x3xf32>, tensor<i32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @set_other(%arg0: tensor<2x3xf32>, %arg1: tensor<i32>) {
  // expected-error@+1 {{'stablehlo.set_dimension_size' op result has type 'tensor<?x4xf32>', expected 'tensor<?x3xf32>'}}
  %0 = stablehlo.set_dimension_size %arg0, %arg1, dim = 0 : (tensor<2x3xf32>, tensor<i32>) -> tensor<?x4xf32>
  return
}

// -----

func.func @set_elements(%arg0: tensor<2x3xf32>, %arg1: tensor<i32>) {
  // expected-error@+1 {{'stablehlo.set_dimension_size' op result has element type 'i32', expected 'f32'}}
  %0 = stablehlo.set_dimension_size %arg0, %arg1, dim = 0 : (tensor<2x3xf32>, tensor<i32>) -> tensor<?x3xi32>
  return
}
