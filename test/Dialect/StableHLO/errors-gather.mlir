// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @select_dim(%arg0: tensor<4x8xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.torch_index_select' op dim is 2, expected a dimension of the operand of rank 2}}
  %0 = "stablehlo.torch_index_select"(%arg0, %arg1) <{batch_dims = 0 : i64, dim = 2 : i64}> : (tensor<4x8xf32>, tensor<2xi32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @select_batch(%arg0: tensor<4x8xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.torch_index_select' op batch_dims is 1, expected 0 to 0, for dim is 0 and index has rank 1}}
  %0 = "stablehlo.torch_index_select"(%arg0, %arg1) <{batch_dims = 1 : i64, dim = 0 : i64}> : (tensor<4x8xf32>, tensor<2xi32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @select_result(%arg0: tensor<4x8xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.torch_index_select' op result has type 'tensor<4x8xf32>', expected 'tensor<2x8xf32>'}}
  %0 = "stablehlo.torch_index_select"(%arg0, %arg1) <{batch_dims = 0 : i64, dim = 0 : i64}> : (tensor<4x8xf32>, tensor<2xi32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @select_elements(%arg0: tensor<4x8xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.torch_index_select' op result has type 'tensor<2x8xi32>', expected 'tensor<2x8xf32>'}}
  %0 = "stablehlo.torch_index_select"(%arg0, %arg1) <{batch_dims = 0 : i64, dim = 0 : i64}> : (tensor<4x8xf32>, tensor<2xi32>) -> tensor<2x8xi32>
  return
}
