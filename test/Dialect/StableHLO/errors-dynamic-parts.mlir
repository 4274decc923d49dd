// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @pad_value(%arg0: tensor<4xf32>, %arg1: tensor<i32>, %arg2: tensor<1xi32>, %arg3: tensor<1xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_pad' op padding_value has element type 'i32', expected 'f32'}}
  %0 = stablehlo.dynamic_pad %arg0, %arg1, %arg2, %arg3, %arg2 : (tensor<4xf32>, tensor<i32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?xf32>
  return
}

// -----

func.func @pad_elements(%arg0: tensor<4xf32>, %arg1: tensor<f32>, %arg2: tensor<1xi32>, %arg3: tensor<1xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_pad' op result has element type 'i32', expected 'f32'}}
  %0 = stablehlo.dynamic_pad %arg0, %arg1, %arg2, %arg3, %arg2 : (tensor<4xf32>, tensor<f32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?xi32>
  return
}

// -----

func.func @pad_entries(%arg0: tensor<4xf32>, %arg1: tensor<f32>, %arg2: tensor<2xi32>, %arg3: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_pad' op edge_padding_low has 2 elements, expected one for each of the 1 dimensions of the operand}}
  %0 = stablehlo.dynamic_pad %arg0, %arg1, %arg2, %arg3, %arg2 : (tensor<4xf32>, tensor<f32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?xf32>
  return
}

// -----

func.func @pad_high(%arg0: tensor<4xf32>, %arg1: tensor<f32>, %arg2: tensor<1xi32>, %arg3: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_pad' op edge_padding_high has 2 elements, expected one for each of the 1 dimensions of the operand}}
  %0 = stablehlo.dynamic_pad %arg0, %arg1, %arg2, %arg3, %arg2 : (tensor<4xf32>, tensor<f32>, tensor<1xi32>, tensor<2xi32>, tensor<1xi32>) -> tensor<?xf32>
  return
}

// -----

func.func @pad_interior(%arg0: tensor<4xf32>, %arg1: tensor<f32>) {
  %l = stablehlo.constant dense<[1]> : tensor<1xi32>
  %h = stablehlo.constant dense<[1]> : tensor<1xi32>
  %i = stablehlo.constant dense<[-1]> : tensor<1xi32>
  // expected-error@+1 {{'stablehlo.dynamic_pad' op interior_padding[0] is -1, expected 0 or more}}
  %0 = stablehlo.dynamic_pad %arg0, %arg1, %l, %h, %i : (tensor<4xf32>, tensor<f32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?xf32>
  return
}

// -----

func.func @pad_result(%arg0: tensor<4xf32>, %arg1: tensor<f32>) {
  %l = stablehlo.constant dense<[1]> : tensor<1xi32>
  %h = stablehlo.constant dense<[2]> : tensor<1xi32>
  %i = stablehlo.constant dense<[1]> : tensor<1xi32>
  // expected-error@+1 {{'stablehlo.dynamic_pad' op result has type 'tensor<9xf32>', expected 'tensor<10xf32>'}}
  %0 = stablehlo.dynamic_pad %arg0, %arg1, %l, %h, %i : (tensor<4xf32>, tensor<f32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<9xf32>
  return
}

// -----

func.func @pad_rank(%arg0: tensor<4xf32>, %arg1: tensor<f32>, %arg2: tensor<1xi32>, %arg3: tensor<1xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_pad' op result has type 'tensor<?x?xf32>', expected 'tensor<?xf32>'}}
  %0 = stablehlo.dynamic_pad %arg0, %arg1, %arg2, %arg3, %arg2 : (tensor<4xf32>, tensor<f32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @slice_starts(%arg0: tensor<4xf32>, %arg1: tensor<2xi32>, %arg2: tensor<1xi32>) {
  // expected-error@+1 {{'stablehlo.real_dynamic_slice' op start_indices has 2 elements, expected one for each of the 1 dimensions of the operand}}
  %0 = stablehlo.real_dynamic_slice %arg0, %arg1, %arg1, %arg2 : (tensor<4xf32>, tensor<2xi32>, tensor<2xi32>, tensor<1xi32>) -> tensor<?xf32>
  return
}

// -----

func.func @slice_strides(%arg0: tensor<4xf32>, %arg1: tensor<1xi32>, %arg2: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.real_dynamic_slice' op strides has 2 elements, expected one for each of the 1 dimensions of the operand}}
  %0 = stablehlo.real_dynamic_slice %arg0, %arg1, %arg1, %arg2 : (tensor<4xf32>, tensor<1xi32>, tensor<1xi32>, tensor<2xi32>) -> tensor<?xf32>
  return
}

// -----

func.func @slice_rank(%arg0: tensor<4xf32>, %arg1: tensor<1xi32>, %arg2: tensor<1xi32>) {
  // expected-error@+1 {{'stablehlo.real_dynamic_slice' op result has type 'tensor<?x?xf32>', expected 'tensor<?xf32>'}}
  %0 = stablehlo.real_dynamic_slice %arg0, %arg1, %arg1, %arg2 : (tensor<4xf32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @slice_elements(%arg0: tensor<4xf32>, %arg1: tensor<1xi32>, %arg2: tensor<1xi32>) {
  // expected-error@+1 {{'stablehlo.real_dynamic_slice' op result has element type 'i32', expected 'f32'}}
  %0 = stablehlo.real_dynamic_slice %arg0, %arg1, %arg1, %arg2 : (tensor<4xf32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?xi32>
  return
}

// -----

func.func @gather_entries(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>, %arg2: tensor<3xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_gather' op slice_sizes has type 'tensor<3xi32>', expected 'tensor<2xi32>'}}
  %0 = "stablehlo.dynamic_gather"(%arg0, %arg1, %arg2) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>}> : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<3xi32>) -> tensor<3x?xf32>
  return
}

// -----

func.func @gather_rank(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>, %arg2: tensor<1x2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_gather' op slice_sizes has type 'tensor<1x2xi32>', expected 'tensor<2xi32>'}}
  %0 = "stablehlo.dynamic_gather"(%arg0, %arg1, %arg2) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>}> : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<1x2xi32>) -> tensor<3x?xf32>
  return
}

// -----

func.func @gather_range(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>) {
  %s = stablehlo.constant dense<[1, 9]> : tensor<2xi32>
  // expected-error@+1 {{'stablehlo.dynamic_gather' op slice_sizes[1] is 9, expected 0 to 8, the size of the operand}}
  %0 = "stablehlo.dynamic_gather"(%arg0, %arg1, %s) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>}> : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<2xi32>) -> tensor<3x?xf32>
  return
}

// -----

func.func @gather_collapsed(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>) {
  %s = stablehlo.constant dense<[2, 8]> : tensor<2xi32>
  // expected-error@+1 {{'stablehlo.dynamic_gather' op slice_sizes[0] is 2, expected 1 at most of a collapsed or batching dimension}}
  %0 = "stablehlo.dynamic_gather"(%arg0, %arg1, %s) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>}> : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<2xi32>) -> tensor<3x?xf32>
  return
}

// -----

func.func @gather_result(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>) {
  %s = stablehlo.constant dense<[1, 4]> : tensor<2xi32>
  // expected-error@+1 {{'stablehlo.dynamic_gather' op result has type 'tensor<3x8xf32>', expected 'tensor<3x4xf32>'}}
  %0 = "stablehlo.dynamic_gather"(%arg0, %arg1, %s) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>}> : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<2xi32>) -> tensor<3x8xf32>
  return
}

// -----

func.func @gather_map(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>, %arg2: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_gather' op start_index_map has 2, expected a dimension of the operand of rank 2}}
  %0 = "stablehlo.dynamic_gather"(%arg0, %arg1, %arg2) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [2], index_vector_dim = 1>}> : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<2xi32>) -> tensor<3x?xf32>
  return
}

// -----

func.func @gather_elements(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>, %arg2: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_gather' op result has type 'tensor<3x?xi32>', expected 'tensor<3x?xf32>'}}
  %0 = "stablehlo.dynamic_gather"(%arg0, %arg1, %arg2) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>}> : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<2xi32>) -> tensor<3x?xi32>
  return
}

// -----

func.func @gather_dims(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>, %arg2: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_gather' op operand has rank 2, expected the number of offset_dims, collapsed_slice_dims and operand_batching_dims, 1 + 0 + 0}}
  %0 = "stablehlo.dynamic_gather"(%arg0, %arg1, %arg2) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], start_index_map = [0], index_vector_dim = 1>}> : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<2xi32>) -> tensor<3x?xf32>
  return
}

// -----

func.func @gather_sizes(%x: tensor<4x8xf32>, %i: tensor<3x1xi32>, %sizes: tensor<1099511627776xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_gather' op slice_sizes has type 'tensor<1099511627776xi32>', expected 'tensor<2xi32>'}}
  %0 = "stablehlo.dynamic_gather"(%x, %i, %sizes) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>}> : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<1099511627776xi32>) -> tensor<3x8xf32>
  return
}
