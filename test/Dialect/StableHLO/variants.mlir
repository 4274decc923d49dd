// Texts that are read besides the official ones.
// RUN: cegm-opt %s | FileCheck %s
// RUN: cegm-opt %s | cegm-opt | FileCheck %s

// Fields come in any order, and empty ones may be written.
// CHECK-LABEL: func.func @fields
// CHECK: #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>
// CHECK: stablehlo.dot_general %arg0, %arg0, contracting_dims = [1] x [1] :
func.func @fields(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<index_vector_dim = 1, start_index_map = [0], operand_batching_dims = [], collapsed_slice_dims = [0], offset_dims = [1]>, slice_sizes = array<i64: 1, 8>}> : (tensor<4x8xf32>, tensor<3x1xi32>) -> tensor<3x8xf32>
  %1 = "stablehlo.dot_general"(%arg0, %arg0) <{dot_dimension_numbers = #stablehlo.dot<rhs_contracting_dimensions = [1], lhs_contracting_dimensions = [1]>}> : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x4xf32>
  return
}

// Fields may end in a comma.
// CHECK-LABEL: func.func @last_comma
// CHECK: #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>
// CHECK: #stablehlo.dot<>
func.func @last_comma(%arg0: tensor<4x8xf32>, %arg1: tensor<3x1xi32>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<
    offset_dims = [1],
    collapsed_slice_dims = [0],
    start_index_map = [0],
    index_vector_dim = 1,
  >, slice_sizes = array<i64: 1, 8>}> {note = #stablehlo.dot<>} : (tensor<4x8xf32>, tensor<3x1xi32>) -> tensor<3x8xf32>
  return
}

// Empty lists of a window stand for the defaults.
// CHECK-LABEL: func.func @empty_window
// CHECK: dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {
func.func @empty_window(%arg0: tensor<1x8x8x3xf32>, %arg1: tensor<3x3x3x4xf32>) {
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [], pad = [], lhs_dilate = [], rhs_dilate = [], reverse = []} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x3xf32>, tensor<3x3x3x4xf32>) -> tensor<1x6x6x4xf32>
  return
}

// CHECK-LABEL: func.func @convolution
// CHECK: dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = {{\[\[}}0, 0], [1, 1]]}
func.func @convolution(%arg0: tensor<1x8x8x3xf32>, %arg1: tensor<3x3x3x4xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<raw input_batch_dimension = 0, input_feature_dimension = 3, input_spatial_dimensions = [1, 2], kernel_input_feature_dimension = 2, kernel_output_feature_dimension = 3, kernel_spatial_dimensions = [0, 1], output_batch_dimension = 0, output_feature_dimension = 3, output_spatial_dimensions = [1, 2]>, feature_group_count = 1 : i64, padding = dense<[[0, 0], [1, 1]]> : tensor<2x2xi64>, window_strides = array<i64: 1, 1>}> : (tensor<1x8x8x3xf32>, tensor<3x3x3x4xf32>) -> tensor<1x6x8x4xf32>
  return
}

// CHECK-LABEL: func.func @scalars
// CHECK: stablehlo.dynamic_slice %arg0, sizes = [] : (tensor<f32>) -> tensor<f32>
// CHECK: stablehlo.exponential %arg0 {result_accuracy = #stablehlo.result_accuracy<ulps = 2, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>} : tensor<f32>
// CHECK: stablehlo.exponential %arg0 : tensor<f32>
// CHECK: stablehlo.custom_call @f(%arg0) : (tensor<f32>) -> tensor<f32>
func.func @scalars(%arg0: tensor<f32>) {
  %0 = stablehlo.dynamic_slice %arg0, sizes = [] : (tensor<f32>) -> tensor<f32>
  %1 = stablehlo.exponential %arg0 {result_accuracy = #stablehlo.result_accuracy<mode = #stablehlo.result_accuracy_mode<TOLERANCE>, ulps = 2, atol = 0.0>} : tensor<f32>
  %2 = stablehlo.exponential %arg0 {result_accuracy = #stablehlo.result_accuracy<mode = #stablehlo.result_accuracy_mode<DEFAULT>>} : tensor<f32>
  %3 = stablehlo.custom_call @f(%arg0) {api_version = 1 : i32, has_side_effect = false} : (tensor<f32>) -> tensor<f32>
  return
}

// Text of newer and of other frontends.
// CHECK-LABEL: func.func @frontends
// CHECK: chlo.top_k(%arg0, k = 2, is_stable = false) : tensor<4xf32> -> (tensor<2xf32>, tensor<2xi32>)
// CHECK: stablehlo.compare EQ, %arg1, %arg1, SIGNED : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
func.func @frontends(%arg0: tensor<4xf32>, %arg1: tensor<4xi1>) {
  %0:2 = chlo.top_k(%arg0, k = 2, is_stable = false) : tensor<4xf32> -> (tensor<2xf32>, tensor<2xi32>)
  %1 = stablehlo.compare EQ, %arg1, %arg1, SIGNED : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return
}

// A `while` that has several lists of types, for which the official text has no
// place, takes the generic form.
// CHECK-LABEL: func.func @while_sizes(
// CHECK-NEXT: %0:2 = stablehlo.while(%arg0, %arg1) ({
// CHECK-NEXT: ^bb0(%iterArg: tensor<?xf32>, %iterArg_0: tensor<i32>):
// CHECK: }, {
// CHECK-NEXT: ^bb0(%iterArg: tensor<3xf32>, %iterArg_0: tensor<i32>):
// CHECK: }) : (tensor<3xf32>, tensor<i32>) -> (tensor<?xf32>, tensor<i32>)
func.func @while_sizes(%arg0: tensor<3xf32>, %arg1: tensor<i32>) -> tensor<?xf32> {
  %0:2 = "stablehlo.while"(%arg0, %arg1) ({
  ^bb0(%arg2: tensor<?xf32>, %arg3: tensor<i32>):
    %1 = stablehlo.compare LT, %arg3, %arg3 : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }, {
  ^bb0(%arg2: tensor<3xf32>, %arg3: tensor<i32>):
    stablehlo.return %arg2, %arg3 : tensor<3xf32>, tensor<i32>
  }) : (tensor<3xf32>, tensor<i32>) -> (tensor<?xf32>, tensor<i32>)
  return %0#0 : tensor<?xf32>
}
