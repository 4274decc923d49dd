// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @operand_types(%arg0: tensor<4xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'stablehlo.add' op all non-scalar operands/results must have the same shape and base type}}
  %0 = "stablehlo.add"(%arg0, %arg1) : (tensor<4xf32>, tensor<3xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @element_types(%arg0: tensor<4xf32>, %arg1: tensor<4xi32>) {
  // expected-error@+2 {{'stablehlo.multiply' op operand 1 has type 'tensor<4xi32>', which does not agree with operand 0 of type 'tensor<4xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = "stablehlo.multiply"(%arg0, %arg1) : (tensor<4xf32>, tensor<4xi32>) -> tensor<4xf32>
  return
}

// -----

func.func @result_type(%arg0: tensor<4xf32>) {
  // expected-error@+2 {{'stablehlo.negate' op inferred type(s) 'tensor<4xf32>' are incompatible with return type(s) of operation 'tensor<4xbf16>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.negate %arg0 : (tensor<4xf32>) -> tensor<4xbf16>
  return
}

// -----

func.func @convert_shape(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.convert' op all non-scalar operands/results must have the same shape and base type}}
  %0 = stablehlo.convert %arg0 : (tensor<4xf32>) -> tensor<5xi32>
  return
}

// -----

func.func @compare_type(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.compare' op compare_type SIGNED does not fit elements of type 'f32'}}
  %0 = stablehlo.compare LT, %arg0, %arg0, SIGNED : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  return
}

// -----

func.func @select_pred(%arg0: tensor<3xi1>, %arg1: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.select' op pred has type 'tensor<3xi1>', expected a scalar or the shape of on_true of type 'tensor<4xf32>'}}
  %0 = stablehlo.select %arg0, %arg1, %arg1 : tensor<3xi1>, tensor<4xf32>
  return
}

// -----

func.func @clamp_bounds(%arg0: tensor<3xf32>, %arg1: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.clamp' op min has type 'tensor<3xf32>', expected a scalar or the shape of the operand of type 'tensor<4xf32>'}}
  %0 = stablehlo.clamp %arg0, %arg1, %arg1 : (tensor<3xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @iota_dimension() {
  // expected-error@+1 {{'stablehlo.iota' op iota_dimension is 2, expected a dimension of the result of rank 2}}
  %0 = stablehlo.iota dim = 2 : tensor<3x4xi32>
  return
}

// -----

func.func @broadcast_entries(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.broadcast_in_dim' op broadcast_dimensions has 1 entries, expected one for each of the 2 dimensions of the operand}}
  %0 = stablehlo.broadcast_in_dim %arg0, dims = [0] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @broadcast_out_of_range(%arg0: tensor<3xf32>) {
  // expected-error@+1 {{'stablehlo.broadcast_in_dim' op broadcast_dimensions[0] is 2, expected a dimension of the result of rank 2}}
  %0 = stablehlo.broadcast_in_dim %arg0, dims = [2] : (tensor<3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @broadcast_twice(%arg0: tensor<3x3xf32>) {
  // expected-error@+1 {{'stablehlo.broadcast_in_dim' op broadcast_dimensions names dimension 1 of the result twice}}
  %0 = stablehlo.broadcast_in_dim %arg0, dims = [1, 1] : (tensor<3x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @broadcast_size(%arg0: tensor<3xf32>) {
  // expected-error@+1 {{'stablehlo.broadcast_in_dim' op operand has size 3 in dimension 0, result has 2 in dimension 0}}
  %0 = stablehlo.broadcast_in_dim %arg0, dims = [0] : (tensor<3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @reshape_elements(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.reshape' op operand has 6 elements, result has 8}}
  %0 = stablehlo.reshape %arg0 : (tensor<2x3xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @reshape_type(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.reshape' op result has element type 'i32', expected 'f32'}}
  %0 = stablehlo.reshape %arg0 : (tensor<2x3xf32>) -> tensor<6xi32>
  return
}

// -----

func.func @reverse_dimension(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.reverse' op dimensions has 2, expected a dimension of the operand of rank 2}}
  %0 = stablehlo.reverse %arg0, dims = [2] : tensor<2x3xf32>
  return
}

// -----

func.func @transpose_permutation(%arg0: tensor<2x3xf32>) {
  // expected-error@+2 {{'stablehlo.transpose' op permutation [1, 1] is not one of the 2 dimensions of the operand}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.transpose %arg0, dims = [1, 1] : (tensor<2x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

func.func @transpose_result(%arg0: tensor<2x3xf32>) {
  // expected-error@+2 {{'stablehlo.transpose' op inferred type(s) 'tensor<3x2xf32>' are incompatible with return type(s) of operation 'tensor<2x3xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.transpose %arg0, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @concatenate_shapes(%arg0: tensor<2x3xf32>, %arg1: tensor<2x4xf32>) {
  // expected-error@+2 {{'stablehlo.concatenate' op input 1 has type 'tensor<2x4xf32>', which does not agree with input 0 of type 'tensor<2x3xf32>' outside dimension 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.concatenate %arg0, %arg1, dim = 0 : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @concatenate_dimension(%arg0: tensor<2x3xf32>) {
  // expected-error@+2 {{'stablehlo.concatenate' op dimension is 2, expected one of the inputs of rank 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.concatenate %arg0, dim = 2 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @concatenate_nothing() {
  // expected-error@+2 {{'stablehlo.concatenate' op has no inputs, expected one at least}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = "stablehlo.concatenate"() <{dimension = 0 : i64}> : () -> tensor<2x3xf32>
  return
}

// -----

func.func @pad_value(%arg0: tensor<4xf32>, %arg1: tensor<i32>) {
  // expected-error@+2 {{'stablehlo.pad' op padding_value has type 'tensor<i32>', expected a scalar of type 'f32'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.pad %arg0, %arg1, low = [0], high = [0], interior = [0] : (tensor<4xf32>, tensor<i32>) -> tensor<4xf32>
  return
}

// -----

func.func @pad_entries(%arg0: tensor<4xf32>, %arg1: tensor<f32>) {
  // expected-error@+2 {{'stablehlo.pad' op edge_padding_high has 2 entries, expected one for each of the 1 dimensions of the operand}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.pad %arg0, %arg1, low = [0], high = [0, 0], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return
}

// -----

func.func @pad_interior(%arg0: tensor<4xf32>, %arg1: tensor<f32>) {
  // expected-error@+2 {{'stablehlo.pad' op interior_padding[0] is -1, expected 0 or more}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.pad %arg0, %arg1, low = [0], high = [0], interior = [-1] : (tensor<4xf32>, tensor<f32>) -> tensor<1xf32>
  return
}

// -----

func.func @pad_too_negative(%arg0: tensor<4xf32>, %arg1: tensor<f32>) {
  // expected-error@+2 {{'stablehlo.pad' op padding leaves -2 elements in dimension 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.pad %arg0, %arg1, low = [-3], high = [-3], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<0xf32>
  return
}

// -----

func.func @slice_range(%arg0: tensor<4xf32>) {
  // expected-error@+2 {{'stablehlo.slice' op range 2:5 is not one of dimension 0 of type 'tensor<4xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.slice %arg0 [2:5] : (tensor<4xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @slice_stride(%arg0: tensor<4xf32>) {
  // expected-error@+2 {{'stablehlo.slice' op strides[0] is 0, expected 1 or more}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.slice %arg0 [0:4:0] : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @dynamic_slice_starts(%arg0: tensor<4x4xf32>, %arg1: tensor<i32>) {
  // expected-error@+2 {{'stablehlo.dynamic_slice' op has 1 start_indices, expected one for each of the 2 dimensions of the operand}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.dynamic_slice %arg0, %arg1, sizes = [2, 2] : (tensor<4x4xf32>, tensor<i32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @dynamic_slice_size(%arg0: tensor<4xf32>, %arg1: tensor<i32>) {
  // expected-error@+2 {{'stablehlo.dynamic_slice' op slice_sizes[0] is 5, expected 0 to 4, the size of the operand}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.dynamic_slice %arg0, %arg1, sizes = [5] : (tensor<4xf32>, tensor<i32>) -> tensor<5xf32>
  return
}

// -----

func.func @dynamic_slice_types(%arg0: tensor<4x4xf32>, %arg1: tensor<i32>, %arg2: tensor<i64>) {
  // expected-error@+2 {{'stablehlo.dynamic_slice' op start_indices have types 'tensor<i32>' and 'tensor<i64>', expected one type}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = stablehlo.dynamic_slice %arg0, %arg1, %arg2, sizes = [2, 2] : (tensor<4x4xf32>, tensor<i32>, tensor<i64>) -> tensor<2x2xf32>
  return
}

// -----

func.func @update_fits(%arg0: tensor<4xf32>, %arg1: tensor<5xf32>, %arg2: tensor<i32>) {
  // expected-error@+1 {{'stablehlo.dynamic_update_slice' op update of type 'tensor<5xf32>' does not fit into the operand of type 'tensor<4xf32>'}}
  %0 = stablehlo.dynamic_update_slice %arg0, %arg1, %arg2 : (tensor<4xf32>, tensor<5xf32>, tensor<i32>) -> tensor<4xf32>
  return
}
