// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @if_values(%arg0: tensor<i1>, %arg1: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.if' op false_branch returns 0 values, expected 1}}
  %0 = "stablehlo.if"(%arg0) ({
    stablehlo.return %arg1 : tensor<4xf32>
  }, {
    stablehlo.return
  }) : (tensor<i1>) -> tensor<4xf32>
  return
}

// -----

func.func @if_types(%arg0: tensor<i1>, %arg1: tensor<4xf32>, %arg2: tensor<i32>) {
  // expected-error@+1 {{'stablehlo.if' op true_branch returns type 'tensor<i32>' as value 0, expected 'tensor<4xf32>'}}
  %0 = "stablehlo.if"(%arg0) ({
    stablehlo.return %arg2 : tensor<i32>
  }, {
    stablehlo.return %arg1 : tensor<4xf32>
  }) : (tensor<i1>) -> tensor<4xf32>
  return
}

// -----

func.func @case_branches(%arg0: tensor<i32>) {
  // expected-error@+1 {{'stablehlo.case' op has no branches, expected one at least}}
  "stablehlo.case"(%arg0) : (tensor<i32>) -> ()
  return
}

// -----

func.func @case_types(%arg0: tensor<i32>) {
  // expected-error@+1 {{'stablehlo.case' op branch 1 returns 1 values, expected 0}}
  "stablehlo.case"(%arg0) ({
    stablehlo.return
  }, {
    stablehlo.return %arg0 : tensor<i32>
  }) : (tensor<i32>) -> ()
  return
}

// -----

func.func @while_condition(%arg0: tensor<i32>) {
  // expected-error@+1 {{'stablehlo.while' op cond returns type 'tensor<i32>' as value 0, expected 'tensor<i1>'}}
  %0 = stablehlo.while(%iterArg = %arg0) : tensor<i32>
  cond {
    stablehlo.return %iterArg : tensor<i32>
  } do {
    stablehlo.return %iterArg : tensor<i32>
  }
  return
}

// -----

func.func @while_body(%arg0: tensor<i1>) {
  // expected-error@+1 {{'stablehlo.while' op body returns 2 values, expected 1}}
  %0 = stablehlo.while(%iterArg = %arg0) : tensor<i1>
  cond {
    stablehlo.return %iterArg : tensor<i1>
  } do {
    stablehlo.return %iterArg, %iterArg : tensor<i1>, tensor<i1>
  }
  return
}

// -----

func.func @while_arguments(%arg0: tensor<i1>) {
  // expected-error@+1 {{'stablehlo.while' op body takes types 'tensor<i32>', expected those of the operands, 'tensor<i1>'}}
  %0 = "stablehlo.while"(%arg0) ({
  ^bb0(%arg1: tensor<i1>):
    stablehlo.return %arg1 : tensor<i1>
  }, {
  ^bb0(%arg1: tensor<i32>):
    stablehlo.return %arg0 : tensor<i1>
  }) : (tensor<i1>) -> tensor<i1>
  return
}

// -----

func.func @barrier(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.optimization_barrier' op results have types 'tensor<5xf32>', expected those of the operands, 'tensor<4xf32>'}}
  %0 = "stablehlo.optimization_barrier"(%arg0) : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @reduce_dimension(%arg0: tensor<2x4xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce' op dimensions has 2, expected a dimension of the inputs of rank 2}}
  %0 = stablehlo.reduce(%arg0 init: %arg1) applies stablehlo.add across dimensions = [2] : (tensor<2x4xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @reduce_twice(%arg0: tensor<2x4xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce' op dimensions names dimension 1 twice}}
  %0 = stablehlo.reduce(%arg0 init: %arg1) applies stablehlo.add across dimensions = [1, 1] : (tensor<2x4xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @reduce_result(%arg0: tensor<2x4xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce' op result 0 has type 'tensor<4xf32>', expected 'tensor<2xf32>'}}
  %0 = stablehlo.reduce(%arg0 init: %arg1) applies stablehlo.add across dimensions = [1] : (tensor<2x4xf32>, tensor<f32>) -> tensor<4xf32>
  return
}

// -----

func.func @reduce_region(%arg0: tensor<2x4xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce' op region takes 1 values, expected 2, an accumulator and an element for each input}}
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 1>}> ({
  ^bb0(%arg2: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<2x4xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @reduce_inputs(%arg0: tensor<2x4xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<f32>) {
  // expected-error@+1 {{'stablehlo.reduce' op input 1 has type 'tensor<2x3xf32>', expected the shape of input 0 of type 'tensor<2x4xf32>'}}
  %0:2 = stablehlo.reduce(%arg0 init: %arg2), (%arg1 init: %arg2) across dimensions = [1] : (tensor<2x4xf32>, tensor<2x3xf32>, tensor<f32>, tensor<f32>) -> (tensor<2xf32>, tensor<2xf32>)
   reducer(%arg3: tensor<f32>, %arg5: tensor<f32>) (%arg4: tensor<f32>, %arg6: tensor<f32>)  {
    stablehlo.return %arg3, %arg4 : tensor<f32>, tensor<f32>
  }
  return
}

// -----

func.func @reduce_by(%arg0: tensor<2x4xf32>, %arg1: tensor<f32>) {
  // expected-error@+1 {{expected a commutative operation, but got stablehlo.subtract}}
  %0 = stablehlo.reduce(%arg0 init: %arg1) applies stablehlo.subtract across dimensions = [1] : (tensor<2x4xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @barrier(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.optimization_barrier' op results have types 'tensor<?xf32>', expected those of the operands, 'tensor<4xf32>'}}
  %0 = "stablehlo.optimization_barrier"(%arg0) : (tensor<4xf32>) -> tensor<?xf32>
  return
}
