// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @rank(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op lhs has type 'tensor<1x8x8x6xf32>' and rhs 'tensor<3x6x16xf32>', expected one rank of 2 or more}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @scalar(%arg0: tensor<8xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op lhs has type 'tensor<8xf32>' and rhs 'tensor<3xf32>', expected one rank of 2 or more}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<8xf32>, tensor<3xf32>) -> tensor<6xf32>
  return
}

// -----

func.func @stride_entries(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op window_strides has 1 entries, expected one for each of the 2 dimensions of the windows}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @stride_sign(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op window_strides[1] is 0, expected 1 or more}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 0]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @padding_rows(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op padding has type 'tensor<3x2xi64>', expected 'tensor<2x2xi64>', what to add before and after each dimension of the windows}}
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, padding = dense<0> : tensor<3x2xi64>}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @padding_rank(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op padding has type 'tensor<4xi64>', expected 'tensor<2x2xi64>', what to add before and after each dimension of the windows}}
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, padding = dense<0> : tensor<4xi64>}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @lhs_dilation_entries(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op lhs_dilation has 3 entries, expected one for each of the 2 dimensions of the windows}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {lhs_dilate = [1, 1, 1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @lhs_dilation_sign(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op lhs_dilation[0] is 0, expected 1 or more}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {lhs_dilate = [0, 1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @rhs_dilation_entries(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op rhs_dilation has 1 entries, expected one for each of the 2 dimensions of the windows}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {rhs_dilate = [1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @rhs_dilation_sign(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op rhs_dilation[1] is -1, expected 1 or more}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {rhs_dilate = [1, -1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @reversal_entries(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op window_reversal has 1 entries, expected one for each of the 2 dimensions of the windows}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {reverse = [true]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @batch_groups(%arg0: tensor<5x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op lhs has size 5 in input_batch_dimension 0, expected a multiple of batch_group_count 2}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 2 : i64, feature_group_count = 1 : i64} : (tensor<5x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @feature_groups(%arg0: tensor<1x8x8x5xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op lhs has size 5 in input_feature_dimension 3, expected a multiple of feature_group_count 2}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 2 : i64} : (tensor<1x8x8x5xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @kernel_features(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x5x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op rhs has size 5 in kernel_input_feature_dimension 2, expected 6, the features of lhs in a group}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x5x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @kernel_batch_groups(%arg0: tensor<3x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op rhs has size 16 in kernel_output_feature_dimension 3, expected a multiple of batch_group_count 3}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 3 : i64, feature_group_count = 1 : i64} : (tensor<3x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @kernel_feature_groups(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x2x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op rhs has size 16 in kernel_output_feature_dimension 3, expected a multiple of feature_group_count 3}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 3 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x2x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @both_groups(%arg0: tensor<2x8x8x6xf32>, %arg1: tensor<3x3x3x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op has feature_group_count 2 and batch_group_count 2, expected one of them to be 1}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 2 : i64, feature_group_count = 2 : i64} : (tensor<2x8x8x6xf32>, tensor<3x3x3x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @no_groups(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{custom op 'stablehlo.convolution' 'stablehlo.convolution' op attribute 'feature_group_count' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 0 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @precision(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op precision_config has 3 entries, expected one for each of 2 operands}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>, #stablehlo<precision HIGH>]} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @element_types(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xi32>) {
  // expected-error@+1 {{'stablehlo.convolution' op rhs has element type 'i32', expected 'f32'}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xi32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @result_rank(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op result has type 'tensor<1x6x16xf32>', expected 'tensor<1x6x6x16xf32>'}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x16xf32>
  return
}

// -----

func.func @result_batch(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op result has type 'tensor<2x6x6x16xf32>', expected 'tensor<1x6x6x16xf32>'}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<2x6x6x16xf32>
  return
}

// -----

func.func @result_spatial(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op result has type 'tensor<1x8x6x16xf32>', expected 'tensor<1x7x6x16xf32>'}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[0, 1], [0, 0]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x8x6x16xf32>
  return
}

// -----

func.func @result_stride(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op result has type 'tensor<1x3x4x16xf32>', expected 'tensor<1x3x3x16xf32>'}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [2, 2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x3x4x16xf32>
  return
}

// -----

func.func @result_features(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op result has type 'tensor<1x6x6x8xf32>', expected 'tensor<1x6x6x16xf32>'}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x8xf32>
  return
}

// -----

func.func @dynamic_result(%arg0: tensor<?x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op result has type 'tensor<4x6x7x16xf32>', expected 'tensor<?x6x6x16xf32>'}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<?x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<4x6x7x16xf32>
  return
}

// -----

func.func @empty_window(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<0x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op rhs has size 0 in spatial dimension 0, expected 1 or more}}
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x8x6xf32>, tensor<0x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @spatial_entries(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op input_spatial_dimensions has 3 entries, expected 2, for lhs has rank 4}}
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<raw input_batch_dimension = 0, input_feature_dimension = 3, input_spatial_dimensions = [1, 2, 0], kernel_input_feature_dimension = 2, kernel_output_feature_dimension = 3, kernel_spatial_dimensions = [0, 1], output_batch_dimension = 0, output_feature_dimension = 3, output_spatial_dimensions = [1, 2]>, feature_group_count = 1 : i64}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @input_range(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op input_feature_dimension is 4, expected a dimension of lhs of rank 4}}
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<raw input_batch_dimension = 0, input_feature_dimension = 4, input_spatial_dimensions = [1, 2], kernel_input_feature_dimension = 2, kernel_output_feature_dimension = 3, kernel_spatial_dimensions = [0, 1], output_batch_dimension = 0, output_feature_dimension = 3, output_spatial_dimensions = [1, 2]>, feature_group_count = 1 : i64}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @input_twice(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op dimension 1 is in input_batch_dimension and in input_spatial_dimensions}}
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<raw input_batch_dimension = 1, input_feature_dimension = 3, input_spatial_dimensions = [1, 2], kernel_input_feature_dimension = 2, kernel_output_feature_dimension = 3, kernel_spatial_dimensions = [0, 1], output_batch_dimension = 0, output_feature_dimension = 3, output_spatial_dimensions = [1, 2]>, feature_group_count = 1 : i64}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @input_same(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op dimension 3 is in input_feature_dimension and in input_batch_dimension}}
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<raw input_batch_dimension = 3, input_feature_dimension = 3, input_spatial_dimensions = [1, 2], kernel_input_feature_dimension = 2, kernel_output_feature_dimension = 3, kernel_spatial_dimensions = [0, 1], output_batch_dimension = 0, output_feature_dimension = 3, output_spatial_dimensions = [1, 2]>, feature_group_count = 1 : i64}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @kernel_range(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op kernel_spatial_dimensions has -1, expected a dimension of rhs of rank 4}}
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<raw input_batch_dimension = 0, input_feature_dimension = 3, input_spatial_dimensions = [1, 2], kernel_input_feature_dimension = 2, kernel_output_feature_dimension = 3, kernel_spatial_dimensions = [-1, 1], output_batch_dimension = 0, output_feature_dimension = 3, output_spatial_dimensions = [1, 2]>, feature_group_count = 1 : i64}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @kernel_twice(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op dimension 2 is in kernel_output_feature_dimension and in kernel_input_feature_dimension}}
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<raw input_batch_dimension = 0, input_feature_dimension = 3, input_spatial_dimensions = [1, 2], kernel_input_feature_dimension = 2, kernel_output_feature_dimension = 2, kernel_spatial_dimensions = [0, 1], output_batch_dimension = 0, output_feature_dimension = 3, output_spatial_dimensions = [1, 2]>, feature_group_count = 1 : i64}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @output_range(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op output_batch_dimension is -1, expected a dimension of the result of rank 4}}
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<raw input_batch_dimension = 0, input_feature_dimension = 3, input_spatial_dimensions = [1, 2], kernel_input_feature_dimension = 2, kernel_output_feature_dimension = 3, kernel_spatial_dimensions = [0, 1], output_batch_dimension = -1, output_feature_dimension = 3, output_spatial_dimensions = [1, 2]>, feature_group_count = 1 : i64}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @output_spatial_twice(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>) {
  // expected-error@+1 {{'stablehlo.convolution' op output_spatial_dimensions names dimension 1 twice}}
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<raw input_batch_dimension = 0, input_feature_dimension = 3, input_spatial_dimensions = [1, 2], kernel_input_feature_dimension = 2, kernel_output_feature_dimension = 3, kernel_spatial_dimensions = [0, 1], output_batch_dimension = 0, output_feature_dimension = 3, output_spatial_dimensions = [1, 1]>, feature_group_count = 1 : i64}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>) -> tensor<1x6x6x16xf32>
  return
}

// -----

func.func @dynamic_padding(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>, %arg2: tensor<3x2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_conv' op padding has type 'tensor<3x2xi32>', expected 'tensor<2x2xi32>'}}
  %0 = "stablehlo.dynamic_conv"(%arg0, %arg1, %arg2) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>, tensor<3x2xi32>) -> tensor<1x?x?x16xf32>
  return
}

// -----

func.func @dynamic_result_batch(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>, %arg2: tensor<2x2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_conv' op result has type 'tensor<2x?x?x16xf32>', expected 'tensor<1x?x?x16xf32>'}}
  %0 = "stablehlo.dynamic_conv"(%arg0, %arg1, %arg2) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>, tensor<2x2xi32>) -> tensor<2x?x?x16xf32>
  return
}

// -----

func.func @dynamic_strides(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x6x16xf32>, %arg2: tensor<2x2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_conv' op window_strides[1] is 0, expected 1 or more}}
  %0 = "stablehlo.dynamic_conv"(%arg0, %arg1, %arg2) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, window_strides = array<i64: 1, 0>}> : (tensor<1x8x8x6xf32>, tensor<3x3x6x16xf32>, tensor<2x2xi32>) -> tensor<1x?x?x16xf32>
  return
}

// -----

func.func @dynamic_kernel(%arg0: tensor<1x8x8x6xf32>, %arg1: tensor<3x3x5x16xf32>, %arg2: tensor<2x2xi32>) {
  // expected-error@+1 {{'stablehlo.dynamic_conv' op rhs has size 5 in kernel_input_feature_dimension 2, expected 6, the features of lhs in a group}}
  %0 = "stablehlo.dynamic_conv"(%arg0, %arg1, %arg2) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<1x8x8x6xf32>, tensor<3x3x5x16xf32>, tensor<2x2xi32>) -> tensor<1x?x?x16xf32>
  return
}
