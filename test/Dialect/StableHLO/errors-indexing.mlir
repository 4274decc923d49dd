// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @gather_rank(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>) {
  // expected-error@+1 {{'stablehlo.gather' op operand has rank 2, expected the number of offset_dims, collapsed_slice_dims and operand_batching_dims, 1 + 0 + 0}}
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 8>}> : (tensor<4x8xf32>, tensor<3x1xi32>) -> tensor<3x8xf32>
  return
}

// -----

func.func @gather_sizes(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>) {
  // expected-error@+1 {{'stablehlo.gather' op slice_sizes[1] is 9, expected 0 to 8, the size of the operand}}
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 9>}> : (tensor<4x8xf32>, tensor<3x1xi32>) -> tensor<3x9xf32>
  return
}

// -----

func.func @gather_collapsed(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>) {
  // expected-error@+1 {{'stablehlo.gather' op slice_sizes[0] is 2, expected 1 at most of a collapsed or batching dimension}}
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 2, 8>}> : (tensor<4x8xf32>, tensor<3x1xi32>) -> tensor<3x8xf32>
  return
}

// -----

func.func @gather_map(%arg0: tensor<4x8xf32>, %arg1: tensor<3x2xi32>) {
  // expected-error@+1 {{'stablehlo.gather' op start_index_map has 1 entries, expected 2, the size of the index vectors of start_indices}}
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 8>}> : (tensor<4x8xf32>, tensor<3x2xi32>) -> tensor<3x8xf32>
  return
}

// -----

func.func @gather_vectors(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>) {
  // expected-error@+1 {{'stablehlo.gather' op index_vector_dim is 3, expected 0 to 2, the rank of start_indices}}
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 3>, slice_sizes = array<i64: 1, 8>}> : (tensor<4x8xf32>, tensor<3x1xi32>) -> tensor<3x8xf32>
  return
}

// -----

func.func @gather_offsets(%arg0: tensor<4x8x2xf32>, %arg1: tensor<3x1xi32>) {
  // expected-error@+1 {{'stablehlo.gather' op offset_dims has 2 before 1, expected ascending order}}
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 8, 2>}> : (tensor<4x8x2xf32>, tensor<3x1xi32>) -> tensor<3x8x2xf32>
  return
}

// -----

func.func @gather_batching(%arg0: tensor<2x4xf32>, %arg1: tensor<2x3x1xi32>) {
  // expected-error@+1 {{'stablehlo.gather' op operand_batching_dims has 1 entries, start_indices_batching_dims has 0, expected as many}}
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [1], operand_batching_dims = [0], start_index_map = [1], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1>}> : (tensor<2x4xf32>, tensor<2x3x1xi32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @gather_result(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>) {
  // expected-error@+1 {{'stablehlo.gather' op result has type 'tensor<8x3xf32>', expected 'tensor<3x8xf32>'}}
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 8>}> : (tensor<4x8xf32>, tensor<3x1xi32>) -> tensor<8x3xf32>
  return
}

// -----

func.func @scatter_rank(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>, %arg2: tensor<3x8xf32>) {
  // expected-error@+1 {{'stablehlo.scatter' op inputs have rank 2, expected the number of update_window_dims, inserted_window_dims and input_batching_dims, 1 + 0 + 0}}
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%arg3: tensor<f32>, %arg4: tensor<f32>):
    stablehlo.return %arg4 : tensor<f32>
  }) : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<3x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @scatter_updates(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>, %arg2: tensor<2x8xf32>) {
  // expected-error@+1 {{'stablehlo.scatter' op updates have size 2 in dimension 0, scatter_indices have 3}}
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%arg3: tensor<f32>, %arg4: tensor<f32>):
    stablehlo.return %arg4 : tensor<f32>
  }) : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<2x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @scatter_window(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>, %arg2: tensor<3x9xf32>) {
  // expected-error@+1 {{'stablehlo.scatter' op updates have size 9 in dimension 1, the inputs only 8}}
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%arg3: tensor<f32>, %arg4: tensor<f32>):
    stablehlo.return %arg4 : tensor<f32>
  }) : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<3x9xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @scatter_region(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>, %arg2: tensor<3x8xf32>) {
  // expected-error@+1 {{'stablehlo.scatter' op region takes 1 values, expected 2, an accumulator and an element for each input}}
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%arg3: tensor<f32>):
    stablehlo.return %arg3 : tensor<f32>
  }) : (tensor<4x8xf32>, tensor<3x1xi32>, tensor<3x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @scatter_disjoint(%arg0: tensor<4x4xf32>, %arg1: tensor<4x1xi32>, %arg2: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.scatter' op dimension 0 is in inserted_window_dims and in input_batching_dims}}
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], input_batching_dims = [0], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 1>}> ({
  ^bb0(%arg3: tensor<f32>, %arg4: tensor<f32>):
    stablehlo.return %arg4 : tensor<f32>
  }) : (tensor<4x4xf32>, tensor<4x1xi32>, tensor<4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @gather_batch_size(%arg0: tensor<2x4xf32>, %arg1: tensor<5x3x1xi32>) {
  // expected-error@+1 {{'stablehlo.gather' op the operand has size 2 in dimension 0, start_indices has 5 in dimension 0}}
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1>}> : (tensor<2x4xf32>, tensor<5x3x1xi32>) -> tensor<5x3xf32>
  return
}

// -----

func.func @gather_vector_batching(%arg0: tensor<2x4xf32>, %arg1: tensor<2x3x1xi32>) {
  // expected-error@+1 {{'stablehlo.gather' op index_vector_dim 2 is in start_indices_batching_dims}}
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [2], start_index_map = [1], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1>}> : (tensor<2x4xf32>, tensor<2x3x1xi32>) -> tensor<2x3xf32>
  return
}
