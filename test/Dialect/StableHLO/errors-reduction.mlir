// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @region_result(%arg0: tensor<2x4xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce' op region returns 0 values, expected 1, an accumulator for each input}}
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return
  }) : (tensor<2x4xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @region_next(%arg0: tensor<2x4xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce' op region returns type 'tensor<i32>' as value 0, expected 'tensor<f32>'}}
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    %1 = stablehlo.convert %arg2 : (tensor<f32>) -> tensor<i32>
    stablehlo.return %1 : tensor<i32>
  }) : (tensor<2x4xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @region_element(%arg0: tensor<2x4xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce' op region takes type 'tensor<i32>' as value 1, expected 'tensor<f32>'}}
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<i32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<2x4xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @input_elements(%arg0: tensor<2x4xi32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce' op region accumulates in type 'tensor<f32>', which does not fit the elements of input 0 of type 'tensor<2x4xi32>'}}
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<2x4xi32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @init_elements(%arg0: tensor<2x4xf32>, %arg1: tensor<i32>) {
  // expected-error@+1 {{'stablehlo.reduce' op region accumulates in type 'tensor<f32>', which does not fit init value 0 of type 'tensor<i32>'}}
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<2x4xf32>, tensor<i32>) -> tensor<2xf32>
  return
}

// -----

func.func @narrower(%arg0: tensor<2x4xi32>, %arg1: tensor<i8>) {
  // expected-error@+1 {{'stablehlo.reduce' op region accumulates in type 'tensor<i8>', which does not fit the elements of input 0 of type 'tensor<2x4xi32>'}}
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<i8>, %arg3: tensor<i8>):
    stablehlo.return %arg2 : tensor<i8>
  }) : (tensor<2x4xi32>, tensor<i8>) -> tensor<2xi8>
  return
}

// -----

func.func @narrower_complex(%arg0: tensor<2x4xcomplex<f64>>, %arg1: tensor<complex<f32>>) {
  // expected-error@+1 {{'stablehlo.reduce' op region accumulates in type 'tensor<complex<f32>>', which does not fit the elements of input 0 of type 'tensor<2x4xcomplex<f64>>'}}
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<complex<f32>>, %arg3: tensor<complex<f32>>):
    stablehlo.return %arg2 : tensor<complex<f32>>
  }) : (tensor<2x4xcomplex<f64>>, tensor<complex<f32>>) -> tensor<2xcomplex<f32>>
  return
}

// -----

func.func @init_shape(%arg0: tensor<2x4xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce' op region accumulates in type 'tensor<2xf32>', which does not fit init value 0 of type 'tensor<f32>'}}
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<2xf32>, %arg3: tensor<2xf32>):
    stablehlo.return %arg2 : tensor<2xf32>
  }) : (tensor<2x4xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @accumulator_shape(%arg0: tensor<2x4xf32>, %arg1: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.reduce' op region takes type 'tensor<4xf32>' as value 0, expected a tensor of rank 0 or of some of the sizes [2]}}
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<4xf32>, %arg3: tensor<4xf32>):
    stablehlo.return %arg2 : tensor<4xf32>
  }) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @results(%arg0: tensor<2x4xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce' op has 2 results, expected one for each of the 1 inputs}}
  %0:2 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<2x4xf32>, tensor<f32>) -> (tensor<2xf32>, tensor<2xf32>)
  return
}

// -----

func.func @without_initial_value(%arg0: tensor<2x4xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce' op has 3 inputs and initial values together, expected an even number: as many initial values as inputs}}
  %0 = "stablehlo.reduce"(%arg0, %arg1, %arg0) <{dimensions = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<2x4xf32>, tensor<f32>, tensor<2x4xf32>) -> tensor<2xf32>
  return
}
