// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @elements(%arg0: tensor<4x3xf32>, %arg1: tensor<3xi32>) {
  // expected-error@+1 {{'chlo.broadcast_add' op operand 1 has element type 'i32', expected 'f32'}}
  %0 = chlo.broadcast_add %arg0, %arg1 : (tensor<4x3xf32>, tensor<3xi32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @result_elements(%arg0: tensor<4x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.broadcast_add' op result has element type 'f64', expected 'f32'}}
  %0 = chlo.broadcast_add %arg0, %arg1 : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf64>
  return
}

// -----

func.func @sizes(%arg0: tensor<4x3xf32>, %arg1: tensor<4xf32>) {
  // expected-error@+1 {{'chlo.broadcast_add' op operand 1 has type 'tensor<4xf32>', expected 1 or 3 in dimension 0, as another operand has}}
  %0 = chlo.broadcast_add %arg0, %arg1 : (tensor<4x3xf32>, tensor<4xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @result(%arg0: tensor<4x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.broadcast_add' op result has type 'tensor<4x1xf32>', expected 'tensor<4x3xf32>'}}
  %0 = chlo.broadcast_add %arg0, %arg1 : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x1xf32>
  return
}

// -----

func.func @result_rank(%arg0: tensor<4x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.broadcast_add' op result has type 'tensor<3xf32>', expected 'tensor<4x3xf32>'}}
  %0 = chlo.broadcast_add %arg0, %arg1 : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @dimensions_entries(%arg0: tensor<4x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.broadcast_add' op broadcast_dimensions has 2 entries, expected one for each of the 1 dimensions of the operand of smaller rank}}
  %0 = chlo.broadcast_add %arg0, %arg1 {broadcast_dimensions = array<i64: 0, 1>} : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @dimensions_range(%arg0: tensor<4x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.broadcast_add' op broadcast_dimensions has 2, expected a dimension of the result of rank 2}}
  %0 = chlo.broadcast_add %arg0, %arg1 {broadcast_dimensions = array<i64: 2>} : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @dimensions_size(%arg0: tensor<4x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.broadcast_add' op operand 1 has type 'tensor<3xf32>', expected 1 or 4 in dimension 0, as another operand has}}
  %0 = chlo.broadcast_add %arg0, %arg1 {broadcast_dimensions = array<i64: 0>} : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @dimensions_order(%arg0: tensor<4x3x2xf32>, %arg1: tensor<3x4xf32>) {
  // expected-error@+1 {{'chlo.broadcast_add' op broadcast_dimensions has 1 before 0, expected ascending order}}
  %0 = chlo.broadcast_add %arg0, %arg1 {broadcast_dimensions = array<i64: 1, 0>} : (tensor<4x3x2xf32>, tensor<3x4xf32>) -> tensor<4x3x2xf32>
  return
}

// -----

func.func @complex_elements(%arg0: tensor<3xf64>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.broadcast_complex' op operand 1 has element type 'f32', expected 'f64'}}
  %0 = chlo.broadcast_complex %arg0, %arg1 : (tensor<3xf64>, tensor<3xf32>) -> tensor<3xcomplex<f64>>
  return
}

// -----

func.func @complex_result(%arg0: tensor<3xf64>, %arg1: tensor<3xf64>) {
  // expected-error@+1 {{'chlo.broadcast_complex' op result has element type 'complex<f32>', expected 'complex<f64>'}}
  %0 = chlo.broadcast_complex %arg0, %arg1 : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xcomplex<f32>>
  return
}

// -----

func.func @compare_elements(%arg0: tensor<4x3xf32>, %arg1: tensor<3xi32>) {
  // expected-error@+1 {{'chlo.broadcast_compare' op operand 1 has element type 'i32', expected 'f32'}}
  %0 = chlo.broadcast_compare %arg0, %arg1 {comparison_direction = #chlo<comparison_direction EQ>} : (tensor<4x3xf32>, tensor<3xi32>) -> tensor<4x3xi1>
  return
}

// -----

func.func @select_elements(%arg0: tensor<4x1xi1>, %arg1: tensor<3xf32>, %arg2: tensor<i32>) {
  // expected-error@+1 {{'chlo.broadcast_select' op on_false has element type 'i32', expected 'f32'}}
  %0 = chlo.broadcast_select %arg0, %arg1, %arg2 : (tensor<4x1xi1>, tensor<3xf32>, tensor<i32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @select_sizes(%arg0: tensor<4x1xi1>, %arg1: tensor<2x3xf32>, %arg2: tensor<f32>) {
  // expected-error@+1 {{'chlo.broadcast_select' op operand 1 has type 'tensor<2x3xf32>', expected 1 or 4 in dimension 0, as another operand has}}
  %0 = chlo.broadcast_select %arg0, %arg1, %arg2 : (tensor<4x1xi1>, tensor<2x3xf32>, tensor<f32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @select_result(%arg0: tensor<4x1xi1>, %arg1: tensor<3xf32>, %arg2: tensor<f32>) {
  // expected-error@+1 {{'chlo.broadcast_select' op result has type 'tensor<4x4xf32>', expected 'tensor<4x3xf32>'}}
  %0 = chlo.broadcast_select %arg0, %arg1, %arg2 : (tensor<4x1xi1>, tensor<3xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @select_result_elements(%arg0: tensor<4x1xi1>, %arg1: tensor<3xf32>, %arg2: tensor<f32>) {
  // expected-error@+1 {{'chlo.broadcast_select' op result has element type 'i32', expected 'f32'}}
  %0 = chlo.broadcast_select %arg0, %arg1, %arg2 : (tensor<4x1xi1>, tensor<3xf32>, tensor<f32>) -> tensor<4x3xi32>
  return
}

// -----

func.func @like_value(%arg0: tensor<4xi32>) {
  // expected-error@+1 {{'chlo.constant_like' op value has type 'i32', expected 'f32', the element type of the result}}
  %0 = "chlo.constant_like"(%arg0) <{value = 1 : i32}> : (tensor<4xi32>) -> tensor<4xf32>
  return
}

// -----

func.func @like_shape(%arg0: tensor<4xi32>) {
  // expected-error@+1 {{'chlo.constant_like' op result has type 'tensor<5xf32>', expected 'tensor<4xf32>'}}
  %0 = "chlo.constant_like"(%arg0) <{value = 1.0 : f32}> : (tensor<4xi32>) -> tensor<5xf32>
  return
}

// -----

func.func @top_rank(%arg0: tensor<f32>) {
  // expected-error@+1 {{'chlo.top_k' op operand has type 'tensor<f32>', expected a rank of 1 or more}}
  %0:2 = chlo.top_k(%arg0, k = 2) : tensor<f32> -> (tensor<2xf32>, tensor<2xi32>)
  return
}

// -----

func.func @top_k(%arg0: tensor<3x5xf32>) {
  // expected-error@+1 {{'chlo.top_k' op k is 6, expected 0 to 5, the size of the last dimension}}
  %0:2 = chlo.top_k(%arg0, k = 6) : tensor<3x5xf32> -> (tensor<3x2xf32>, tensor<3x2xi32>)
  return
}

// -----

func.func @top_negative(%arg0: tensor<3x5xf32>) {
  // expected-error@+1 {{'chlo.top_k' op k is -1, expected 0 to 5, the size of the last dimension}}
  %0:2 = chlo.top_k(%arg0, k = -1) : tensor<3x5xf32> -> (tensor<3x2xf32>, tensor<3x2xi32>)
  return
}

// -----

func.func @top_values(%arg0: tensor<3x5xf32>) {
  // expected-error@+1 {{'chlo.top_k' op values has type 'tensor<3x5xf32>', expected 'tensor<3x2xf32>'}}
  %0:2 = chlo.top_k(%arg0, k = 2) : tensor<3x5xf32> -> (tensor<3x5xf32>, tensor<3x2xi32>)
  return
}

// -----

func.func @top_elements(%arg0: tensor<3x5xf32>) {
  // expected-error@+1 {{'chlo.top_k' op values has type 'tensor<3x2xf64>', expected 'tensor<3x2xf32>'}}
  %0:2 = chlo.top_k(%arg0, k = 2) : tensor<3x5xf32> -> (tensor<3x2xf64>, tensor<3x2xi32>)
  return
}

// -----

func.func @top_indices(%arg0: tensor<3x5xf32>) {
  // expected-error@+1 {{'chlo.top_k' op indices has type 'tensor<3x2xi64>', expected 'tensor<3x2xi32>'}}
  %0:2 = chlo.top_k(%arg0, k = 2) : tensor<3x5xf32> -> (tensor<3x2xf32>, tensor<3x2xi64>)
  return
}

// -----

func.func @mulhi(%arg0: tensor<4xi1>) {
  // expected-error@+1 {{'chlo.mulhi' op operand #0 must be ranked tensor of 2/4/8/16/32/64-bit integer values, but got 'tensor<4xi1>'}}
  %0 = chlo.mulhi %arg0, %arg0 : tensor<4xi1>, tensor<4xi1> -> tensor<4xi1>
  return
}
