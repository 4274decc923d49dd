// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @window_entries(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op window_dimensions has 1 entries, expected one for each of the 2 dimensions of the inputs}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @window_sign(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op window_dimensions[1] is 0, expected 1 or more}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 0>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @stride_entries(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op window_strides has 1 entries, expected one for each of the 2 dimensions of the inputs}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @stride_sign(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op window_strides[0] is 0, expected 1 or more}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 0, 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @base_entries(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op base_dilations has 1 entries, expected one for each of the 2 dimensions of the inputs}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, base_dilations = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @base_sign(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op base_dilations[1] is 0, expected 1 or more}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, base_dilations = array<i64: 1, 0>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @dilation_entries(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op window_dilations has 3 entries, expected one for each of the 2 dimensions of the inputs}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, window_dilations = array<i64: 1, 1, 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @dilation_sign(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op window_dilations[0] is -2, expected 1 or more}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, window_dilations = array<i64: -2, 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @padding(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op padding has type 'tensor<1x2xi64>', expected 'tensor<2x2xi64>', what to add before and after each dimension of the inputs}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, padding = dense<0> : tensor<1x2xi64>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @result_padding(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op result 0 has type 'tensor<3x5xf32>', expected 'tensor<4x5xf32>'}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, padding = dense<[[1, 0], [0, 0]]> : tensor<2x2xi64>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @result_dilation(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op result 0 has type 'tensor<2x3xf32>', expected 'tensor<2x4xf32>'}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, window_dilations = array<i64: 2, 1>, base_dilations = array<i64: 1, 2>, window_strides = array<i64: 1, 3>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @result_elements(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op result 0 has type 'tensor<3x5xf64>', expected 'tensor<3x5xf32>'}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf64>
  return
}

// -----

func.func @init_elements(%arg0: tensor<4x6xf32>, %arg1: tensor<i32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op body accumulates in type 'tensor<f32>', which does not fit init value 0 of type 'tensor<i32>'}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<i32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @init_shape(%arg0: tensor<4x6xf32>, %arg1: tensor<2x2xf32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op body accumulates in type 'tensor<f32>', which does not fit init value 0 of type 'tensor<2x2xf32>'}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<2x2xf32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @element_type(%arg0: tensor<4x6xi32>, %arg1: tensor<i32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op body accumulates in type 'tensor<f32>', which does not fit the elements of input 0 of type 'tensor<4x6xi32>'}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.add %arg2, %arg3 : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x6xi32>, tensor<i32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @region_arguments(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op body takes 1 values, expected 2, an accumulator and an element for each input}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>}> ({
  ^bb0(%arg2: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @region_returns(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op body returns 0 values, expected 1, an accumulator for each input}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @region_result(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op body returns type 'tensor<i32>' as value 0, expected 'tensor<f32>'}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.convert %arg2 : (tensor<f32>) -> tensor<i32>
    stablehlo.return %1 : tensor<i32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @region_element(%arg0: tensor<4x6xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op body takes type 'tensor<i32>' as value 1, expected 'tensor<f32>'}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<i32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @region_rank(%arg0: tensor<4x6xf32>, %arg1: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op body takes type 'tensor<4xf32>' as value 0, expected a tensor of rank 0 or of some of the sizes [2, 2]}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>}> ({
  ^bb0(%arg2: tensor<4xf32>, %arg3: tensor<4xf32>):
    stablehlo.return %arg2 : tensor<4xf32>
  }) : (tensor<4x6xf32>, tensor<4xf32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @narrower(%arg0: tensor<4x6xi32>, %arg1: tensor<i32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op body accumulates in type 'tensor<i8>', which does not fit the elements of input 0 of type 'tensor<4x6xi32>'}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>}> ({
  ^bb0(%arg2: tensor<i8>, %arg3: tensor<i8>):
    stablehlo.return %arg2 : tensor<i8>
  }) : (tensor<4x6xi32>, tensor<i32>) -> tensor<3x5xi8>
  return
}

// -----

func.func @inputs(%arg0: tensor<4x6xf32>, %arg1: tensor<4x5xf32>, %arg2: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op input 1 has type 'tensor<4x5xf32>', expected the shape of input 0 of type 'tensor<4x6xf32>'}}
  %0:2 = "stablehlo.reduce_window"(%arg0, %arg1, %arg2, %arg2) <{window_dimensions = array<i64: 2, 2>}> ({
  ^bb0(%arg3: tensor<f32>, %arg4: tensor<f32>, %arg5: tensor<f32>, %arg6: tensor<f32>):
    stablehlo.return %arg3, %arg4 : tensor<f32>, tensor<f32>
  }) : (tensor<4x6xf32>, tensor<4x5xf32>, tensor<f32>, tensor<f32>) -> (tensor<3x5xf32>, tensor<3x5xf32>)
  return
}

// -----

func.func @no_inputs() {
  // expected-error@+1 {{'stablehlo.reduce_window' op has no inputs, expected one at least}}
  "stablehlo.reduce_window"() <{window_dimensions = array<i64: 2, 2>}> ({
    stablehlo.return
  }) : () -> ()
  return
}

// -----

// Sizes that no number holds are no small ones.
func.func @huge_padding(%arg0: tensor<4xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce_window' op result 0 has type 'tensor<3xf32>', expected}}
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{padding = dense<[[9223372036854775807, 9223372036854775807]]> : tensor<1x2xi64>, window_dimensions = array<i64: 2>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<4xf32>, tensor<f32>) -> tensor<3xf32>
  return
}
