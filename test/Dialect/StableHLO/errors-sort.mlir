// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @map_order(%arg0: tensor<4x5xf32>, %arg1: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.map' op dimensions is [1, 0], expected all of the 2 dimensions of the inputs, in order}}
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 1, 0>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @map_dimensions(%arg0: tensor<4x5xf32>, %arg1: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.map' op dimensions is [0], expected all of the 2 dimensions of the inputs, in order}}
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @map_inputs(%arg0: tensor<4x5xf32>, %arg1: tensor<5x4xf32>) {
  // expected-error@+1 {{'stablehlo.map' op input 1 has type 'tensor<5x4xf32>', expected the shape of input 0 of type 'tensor<4x5xf32>'}}
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0, 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<4x5xf32>, tensor<5x4xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @map_result(%arg0: tensor<4x5xf32>, %arg1: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.map' op result has type 'tensor<4xf32>', expected 'tensor<4x5xf32>'}}
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0, 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @map_result_elements(%arg0: tensor<4x5xf32>, %arg1: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.map' op computation returns type 'tensor<f32>' as value 0, expected 'tensor<i32>'}}
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0, 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xi32>
  return
}

// -----

func.func @map_elements(%arg0: tensor<4x5xi32>, %arg1: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.map' op computation takes type 'tensor<f32>' as value 0, expected 'tensor<i32>'}}
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0, 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<4x5xi32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @map_arguments(%arg0: tensor<4x5xf32>, %arg1: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.map' op computation takes 1 values, expected 2}}
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0, 1>}> ({
  ^bb0(%arg2: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @map_rank(%arg0: tensor<4x5xf32>, %arg1: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.map' op computation takes type 'tensor<5xf32>' as value 1, expected 'tensor<f32>'}}
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0, 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<5xf32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @map_returns(%arg0: tensor<4x5xf32>, %arg1: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.map' op computation returns 0 values, expected 1}}
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0, 1>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return
  }) : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @sort_dimension(%arg0: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.sort' op dimension is 2, expected -2 to 1, for the inputs have rank 2}}
  %0 = "stablehlo.sort"(%arg0) <{dimension = 2 : i64}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    %1 = stablehlo.compare LT, %arg1, %arg2 : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }) : (tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @sort_negative(%arg0: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.sort' op dimension is -3, expected -2 to 1, for the inputs have rank 2}}
  %0 = "stablehlo.sort"(%arg0) <{dimension = -3 : i64}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    %1 = stablehlo.compare LT, %arg1, %arg2 : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }) : (tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @sort_result(%arg0: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.sort' op result 0 has type 'tensor<5x4xf32>', expected 'tensor<4x5xf32>'}}
  %0 = "stablehlo.sort"(%arg0) <{dimension = 0 : i64}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    %1 = stablehlo.compare LT, %arg1, %arg2 : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }) : (tensor<4x5xf32>) -> tensor<5x4xf32>
  return
}

// -----

func.func @sort_arguments(%arg0: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.sort' op comparator takes 1 values, expected 2}}
  %0 = "stablehlo.sort"(%arg0) <{dimension = 0 : i64}> ({
  ^bb0(%arg1: tensor<f32>):
    %1 = stablehlo.constant dense<true> : tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }) : (tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @sort_elements(%arg0: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.sort' op comparator takes type 'tensor<i32>' as value 1, expected 'tensor<f32>'}}
  %0 = "stablehlo.sort"(%arg0) <{dimension = 0 : i64}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<i32>):
    %1 = stablehlo.constant dense<true> : tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }) : (tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @sort_returns(%arg0: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.sort' op comparator returns type 'tensor<f32>' as value 0, expected 'tensor<i1>'}}
  %0 = "stablehlo.sort"(%arg0) <{dimension = 0 : i64}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @sort_shapes(%arg0: tensor<4xf32>, %arg1: tensor<5xf32>) {
  // expected-error@+1 {{'stablehlo.sort' op input 1 has type 'tensor<5xf32>', expected the shape of input 0 of type 'tensor<4xf32>'}}
  %0:2 = "stablehlo.sort"(%arg0, %arg1) ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>, %arg4: tensor<f32>, %arg5: tensor<f32>):
    %1 = stablehlo.compare LT, %arg2, %arg3 : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }) : (tensor<4xf32>, tensor<5xf32>) -> (tensor<4xf32>, tensor<5xf32>)
  return
}
