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

// -----

func.func @scan_dimension(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.scan' op dimension is 2, expected one of input 0 of type 'tensor<2x3xf32>'}}
  %0:2 = chlo.scan(%arg0) inits (%arg1) dimension=2 {
  ^bb0(%arg2: tensor<3xf32>, %arg3: tensor<3xf32>):
    stablehlo.return %arg2, %arg3 : tensor<3xf32>, tensor<3xf32>
  } : (tensor<2x3xf32>, tensor<3xf32>) -> (tensor<2x3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @scan_size(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.scan' op input 0 has type 'tensor<2x3xf32>', expected size 3 in dimension 0}}
  %0:2 = chlo.scan(%arg0) inits (%arg1) dimension=0 attributes {scan_dim_size = 3 : i64} {
  ^bb0(%arg2: tensor<3xf32>, %arg3: tensor<3xf32>):
    stablehlo.return %arg2, %arg3 : tensor<3xf32>, tensor<3xf32>
  } : (tensor<2x3xf32>, tensor<3xf32>) -> (tensor<2x3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @scan_arguments(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.scan' op body takes 1 values, expected 2}}
  %0:2 = chlo.scan(%arg0) inits (%arg1) dimension=0 {
  ^bb0(%arg2: tensor<3xf32>):
    stablehlo.return %arg2, %arg2 : tensor<3xf32>, tensor<3xf32>
  } : (tensor<2x3xf32>, tensor<3xf32>) -> (tensor<2x3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @scan_input(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.scan' op body takes type 'tensor<2x3xf32>' as value 0, expected 'tensor<3xf32>'}}
  %0:2 = chlo.scan(%arg0) inits (%arg1) dimension=0 {
  ^bb0(%arg2: tensor<2x3xf32>, %arg3: tensor<3xf32>):
    stablehlo.return %arg3, %arg3 : tensor<3xf32>, tensor<3xf32>
  } : (tensor<2x3xf32>, tensor<3xf32>) -> (tensor<2x3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @scan_carry(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.scan' op body takes type 'tensor<3xf64>' as value 1, expected 'tensor<3xf32>'}}
  %0:2 = chlo.scan(%arg0) inits (%arg1) dimension=0 {
  ^bb0(%arg2: tensor<3xf32>, %arg3: tensor<3xf64>):
    stablehlo.return %arg2, %arg2 : tensor<3xf32>, tensor<3xf32>
  } : (tensor<2x3xf32>, tensor<3xf32>) -> (tensor<2x3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @scan_output(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.scan' op output 0 has type 'tensor<4x3xf32>', expected size 2 in dimension 0}}
  %0:2 = chlo.scan(%arg0) inits (%arg1) dimension=0 {
  ^bb0(%arg2: tensor<3xf32>, %arg3: tensor<3xf32>):
    stablehlo.return %arg2, %arg3 : tensor<3xf32>, tensor<3xf32>
  } : (tensor<2x3xf32>, tensor<3xf32>) -> (tensor<4x3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @scan_returns(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.scan' op body returns 1 values, expected 2}}
  %0:2 = chlo.scan(%arg0) inits (%arg1) dimension=0 {
  ^bb0(%arg2: tensor<3xf32>, %arg3: tensor<3xf32>):
    stablehlo.return %arg2 : tensor<3xf32>
  } : (tensor<2x3xf32>, tensor<3xf32>) -> (tensor<2x3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @scan_returned(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'chlo.scan' op body returns type 'tensor<3xf32>' as value 1, expected 'tensor<4xf32>'}}
  %0:2 = chlo.scan(%arg0) inits (%arg1) dimension=0 {
  ^bb0(%arg2: tensor<3xf32>, %arg3: tensor<3xf32>):
    stablehlo.return %arg2, %arg3 : tensor<3xf32>, tensor<3xf32>
  } : (tensor<2x3xf32>, tensor<3xf32>) -> (tensor<2x3xf32>, tensor<4xf32>)
  return
}

// -----

func.func @scan_nothing() {
  // expected-error@+1 {{'chlo.scan' op has neither inputs nor outputs, expected one of them}}
  "chlo.scan"() <{dimension = 0 : i64, operandSegmentSizes = array<i32: 0, 0>, resultSegmentSizes = array<i32: 0, 0>}> ({
    stablehlo.return
  }) : () -> ()
  return
}

// -----

func.func @ragged_sizes(%arg0: tensor<2x11x5xf32>, %arg1: tensor<3x2x6x7xf32>, %arg2: tensor<3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op contracting dimension 2 of lhs has size 5, dimension 2 of rhs has 6}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [1], rhs_group_dimensions = [0]>}> : (tensor<2x11x5xf32>, tensor<3x2x6x7xf32>, tensor<3xi64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_none(%arg0: tensor<2x11x5xf32>, %arg1: tensor<3x2x5x7xf32>, %arg2: tensor<3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op lhs_ragged_dimensions has 0 entries, expected 1}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [], rhs_group_dimensions = [0]>}> : (tensor<2x11x5xf32>, tensor<3x2x5x7xf32>, tensor<3xi64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_range(%arg0: tensor<2x11x5xf32>, %arg1: tensor<3x2x5x7xf32>, %arg2: tensor<3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op lhs_ragged_dimensions has 3, expected a dimension of lhs of rank 3}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [3], rhs_group_dimensions = [0]>}> : (tensor<2x11x5xf32>, tensor<3x2x5x7xf32>, tensor<3xi64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_scalar(%arg0: tensor<2x11x5xf32>, %arg1: tensor<3x2x5x7xf32>, %arg2: tensor<i64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op group_sizes has type 'tensor<i64>', expected a rank of 1 or more}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [1], rhs_group_dimensions = [0]>}> : (tensor<2x11x5xf32>, tensor<3x2x5x7xf32>, tensor<i64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_group_shape(%arg0: tensor<2x11x5xf32>, %arg1: tensor<3x2x5x7xf32>, %arg2: tensor<4x3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op group_sizes has type 'tensor<4x3xi64>', expected 'tensor<2x3xi64>'}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [1], rhs_group_dimensions = [0]>}> : (tensor<2x11x5xf32>, tensor<3x2x5x7xf32>, tensor<4x3xi64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_group_rank(%arg0: tensor<2x11x5xf32>, %arg1: tensor<3x2x5x7xf32>, %arg2: tensor<2x2x3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op group_sizes has type 'tensor<2x2x3xi64>', expected 'tensor<2x3xi64>'}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [1], rhs_group_dimensions = [0]>}> : (tensor<2x11x5xf32>, tensor<3x2x5x7xf32>, tensor<2x2x3xi64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_groups(%arg0: tensor<2x11x5xf32>, %arg1: tensor<3x2x5x7xf32>, %arg2: tensor<4xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op rhs has size 3 in its group dimension 0, expected 4, the number of group_sizes}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [1], rhs_group_dimensions = [0]>}> : (tensor<2x11x5xf32>, tensor<3x2x5x7xf32>, tensor<4xi64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_no_group(%arg0: tensor<2x11x5xf32>, %arg1: tensor<2x5x7xf32>, %arg2: tensor<3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op rhs_group_dimensions has 0 entries, expected 1, for the ragged dimension is free}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [1], rhs_group_dimensions = []>}> : (tensor<2x11x5xf32>, tensor<2x5x7xf32>, tensor<3xi64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_group_batching(%arg0: tensor<2x11x5xf32>, %arg1: tensor<3x2x5x7xf32>, %arg2: tensor<3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op dimension 1 is in rhs_group_dimensions and in rhs_batching_dimensions}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [1], rhs_group_dimensions = [1]>}> : (tensor<2x11x5xf32>, tensor<3x2x5x7xf32>, tensor<3xi64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_group_contracting(%arg0: tensor<2x11x5xf32>, %arg1: tensor<3x2x5x7xf32>, %arg2: tensor<3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op dimension 2 is in rhs_group_dimensions and in rhs_contracting_dimensions}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [1], rhs_group_dimensions = [2]>}> : (tensor<2x11x5xf32>, tensor<3x2x5x7xf32>, tensor<3xi64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_result(%arg0: tensor<2x11x5xf32>, %arg1: tensor<3x2x5x7xf32>, %arg2: tensor<3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op result has type 'tensor<2x7x11xf32>', expected 'tensor<2x11x7xf32>'}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [1], rhs_group_dimensions = [0]>}> : (tensor<2x11x5xf32>, tensor<3x2x5x7xf32>, tensor<3xi64>) -> tensor<2x7x11xf32>
  return
}

// -----

func.func @ragged_contracting(%arg0: tensor<2x11x5xf32>, %arg1: tensor<2x5x7xf32>, %arg2: tensor<3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op rhs_group_dimensions has 1 entries, expected 0, for the ragged dimension is paired}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [2], rhs_group_dimensions = [2]>}> : (tensor<2x11x5xf32>, tensor<2x5x7xf32>, tensor<3xi64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_contracting_result(%arg0: tensor<2x11x5xf32>, %arg1: tensor<2x5x7xf32>, %arg2: tensor<3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op result has type 'tensor<2x11x7xf32>', expected 'tensor<3x2x11x7xf32>'}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [2], rhs_group_dimensions = []>}> : (tensor<2x11x5xf32>, tensor<2x5x7xf32>, tensor<3xi64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_batching(%arg0: tensor<2x11x5xf32>, %arg1: tensor<2x5x7xf32>, %arg2: tensor<3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op rhs_group_dimensions has 1 entries, expected 0, for the ragged dimension is paired}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [2]>}> : (tensor<2x11x5xf32>, tensor<2x5x7xf32>, tensor<3xi64>) -> tensor<2x11x7xf32>
  return
}

// -----

func.func @ragged_precision(%arg0: tensor<2x11x5xf32>, %arg1: tensor<3x2x5x7xf32>, %arg2: tensor<3xi64>) {
  // expected-error@+1 {{'chlo.ragged_dot' op precision_config has 3 entries, expected one for each of 2 operands}}
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [1], rhs_group_dimensions = [0]>, precision_config = [#chlo<precision DEFAULT>, #chlo<precision DEFAULT>, #chlo<precision DEFAULT>]}> : (tensor<2x11x5xf32>, tensor<3x2x5x7xf32>, tensor<3xi64>) -> tensor<2x11x7xf32>
  return
}
