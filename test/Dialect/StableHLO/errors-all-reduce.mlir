// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @reduce_groups(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_reduce' op replica_groups has process 0 twice, expected each of 0 to 1 once}}
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 0]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @reduce_channel(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_reduce' op has use_global_device_ids and channel 0, expected a positive channel_handle}}
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, use_global_device_ids, channel_handle = #stablehlo.channel_handle<handle = 0, type = 0>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @reduce_shape(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_reduce' op result 0 has type 'tensor<8x4xf32>', expected 'tensor<4x8xf32>'}}
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @reduce_elements(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_reduce' op result 0 has type 'tensor<4x8xf64>', expected 'tensor<4x8xf32>'}}
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x8xf64>
  return
}

// -----

func.func @reduce_operand(%arg0: tensor<4x8xi32>) {
  // expected-error@+1 {{'stablehlo.all_reduce' op computation accumulates in type 'tensor<f32>', which does not fit the elements of input 0 of type 'tensor<i32>'}}
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xi32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @reduce_arguments(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_reduce' op computation takes 1 values, expected 2, an accumulator and an element for each input}}
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @reduce_returns(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_reduce' op computation returns 0 values, expected 1, an accumulator for each input}}
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return
  }) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @reduce_rank(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_reduce' op computation takes type 'tensor<8xf32>' as value 0, expected a tensor of rank 0}}
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<8xf32>, %arg2: tensor<8xf32>):
    stablehlo.return %arg1 : tensor<8xf32>
  }) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @reduce_second(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_reduce' op computation takes type 'tensor<i32>' as value 1, expected 'tensor<f32>'}}
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<i32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @reduce_results(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_reduce' op has 2 results, expected one for each of the 1 operands}}
  %0:2 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>)
  return
}

// -----

func.func @scatter_dim(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.reduce_scatter' op scatter_dimension is 2, expected a dimension of the operand of rank 2}}
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @scatter_size(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.reduce_scatter' op result has type 'tensor<4x2xf32>' and operand 'tensor<4x8xf32>', expected the same shape but for dimension 1, which has 1/2 of the size}}
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x2xf32>
  return
}

// -----

func.func @scatter_other(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.reduce_scatter' op result has type 'tensor<2x4xf32>' and operand 'tensor<4x8xf32>', expected the same shape but for dimension 1, which has 1/2 of the size}}
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @scatter_uneven(%arg0: tensor<4x7xf32>) {
  // expected-error@+1 {{'stablehlo.reduce_scatter' op result has type 'tensor<4x3xf32>' and operand 'tensor<4x7xf32>', expected the same shape but for dimension 1, which has 1/2 of the size}}
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x7xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @scatter_elements(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.reduce_scatter' op result has element type 'f64', expected 'f32'}}
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x4xf64>
  return
}

// -----

func.func @scatter_empty(%arg0: tensor<4x0xf32>) {
  // expected-error@+1 {{'stablehlo.reduce_scatter' op operand has type 'tensor<4x0xf32>', expected a size of 1 or more in dimension 1}}
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x0xf32>) -> tensor<4x0xf32>
  return
}

// -----

func.func @scatter_part(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.reduce_scatter' op result has type 'tensor<4x3xf32>' and operand 'tensor<4x8xf32>', expected the same shape but for dimension 1, which has a part of the size}}
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, channel_handle = #stablehlo.channel_handle<handle = 1, type = 0>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @scatter_groups(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.reduce_scatter' op replica_groups has process 0 twice, expected each of 0 to 3 once}}
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1], [0, 1]]> : tensor<2x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @scatter_operand(%arg0: tensor<4x8xi32>) {
  // expected-error@+1 {{'stablehlo.reduce_scatter' op computation accumulates in type 'tensor<f32>', which does not fit the elements of input 0 of type 'tensor<i32>'}}
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xi32>) -> tensor<4x4xf32>
  return
}
