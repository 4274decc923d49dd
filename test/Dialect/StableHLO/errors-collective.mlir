// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @gather_dim(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op all_gather_dim is 2, expected a dimension of the operand of rank 2}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4x8xf32>) -> tensor<4x16xf32>
  return
}

// -----

func.func @gather_negative(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op all_gather_dim is -1, expected a dimension of the operand of rank 2}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = -1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4x8xf32>) -> tensor<4x16xf32>
  return
}

// -----

func.func @groups_rank(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op replica_groups has type 'tensor<2xi64>', expected a matrix with a row for each group}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[0, 1]> : tensor<2xi64>}> : (tensor<4x8xf32>) -> tensor<4x16xf32>
  return
}

// -----

func.func @groups_twice(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op replica_groups has process 1 twice, expected each of 0 to 3 once}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1], [1, 2]]> : tensor<2x2xi64>}> : (tensor<4x8xf32>) -> tensor<4x16xf32>
  return
}

// -----

func.func @groups_missing(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op replica_groups has process 2, expected each of 0 to 1 once}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 2]]> : tensor<1x2xi64>}> : (tensor<4x8xf32>) -> tensor<4x16xf32>
  return
}

// -----

func.func @groups_filled(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op replica_groups has process -1, expected groups of one size}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1], [2, -1]]> : tensor<2x2xi64>}> : (tensor<4x8xf32>) -> tensor<4x16xf32>
  return
}

// -----

func.func @groups_negative(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op replica_groups has process -2, expected each of 0 to 1 once}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, -2]]> : tensor<1x2xi64>}> : (tensor<4x8xf32>) -> tensor<4x16xf32>
  return
}

// -----

func.func @gather_channel(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op has use_global_device_ids and channel 0, expected a positive channel_handle}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, use_global_device_ids}> : (tensor<4x8xf32>) -> tensor<4x16xf32>
  return
}

// -----

func.func @gather_channel_sign(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op has use_global_device_ids and channel -1, expected a positive channel_handle}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, use_global_device_ids, channel_handle = #stablehlo.channel_handle<handle = -1, type = 0>}> : (tensor<4x8xf32>) -> tensor<4x16xf32>
  return
}

// -----

func.func @gather_global_groups(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op has use_global_device_ids, expected replica_groups that are not empty}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<> : tensor<0x0xi64>, use_global_device_ids, channel_handle = #stablehlo.channel_handle<handle = 1, type = 0>}> : (tensor<4x8xf32>) -> tensor<4x16xf32>
  return
}

// -----

func.func @gather_size(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op result has type 'tensor<4x24xf32>' and operand 'tensor<4x8xf32>', expected the same shape but for dimension 1, which has 2 times the size}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4x8xf32>) -> tensor<4x24xf32>
  return
}

// -----

func.func @gather_other(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op result has type 'tensor<8x16xf32>' and operand 'tensor<4x8xf32>', expected the same shape but for dimension 1, which has 2 times the size}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4x8xf32>) -> tensor<8x16xf32>
  return
}

// -----

func.func @gather_rank(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op result has type 'tensor<4x16x1xf32>' and operand 'tensor<4x8xf32>', expected the same shape but for dimension 1, which has 2 times the size}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4x8xf32>) -> tensor<4x16x1xf32>
  return
}

// -----

func.func @gather_elements(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op result has element type 'f64', expected 'f32'}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4x8xf32>) -> tensor<4x16xf64>
  return
}

// -----

func.func @gather_multiple(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op result has type 'tensor<4x12xf32>' and operand 'tensor<4x8xf32>', expected the same shape but for dimension 1, which has a multiple of the size}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, channel_handle = #stablehlo.channel_handle<handle = 1, type = 0>}> : (tensor<4x8xf32>) -> tensor<4x12xf32>
  return
}

// -----

func.func @gather_empty(%arg0: tensor<4x0xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op operand has type 'tensor<4x0xf32>', expected a size of 1 or more in dimension 1}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4x0xf32>) -> tensor<4x0xf32>
  return
}

// -----

func.func @gather_mesh(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op replica_groups names mesh @mesh, which is not a symbol of the module}}
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = #stablehlo.replica_group_mesh_axes<mesh = @mesh, axes = [#stablehlo.axis_ref<name = "x">]>}> : (tensor<4x8xf32>) -> tensor<4x16xf32>
  return
}

// -----

func.func @gather_results(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_gather' op has 2 results, expected one for each of the 1 operands}}
  %0:2 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4x8xf32>) -> (tensor<4x16xf32>, tensor<4x16xf32>)
  return
}

// -----

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

// -----

func.func @split_dim(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_to_all' op split_dimension is 2, expected a dimension of the operand of rank 2}}
  %0 = "stablehlo.all_to_all"(%arg0) <{concat_dimension = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, split_count = 2 : i64, split_dimension = 2 : i64}> : (tensor<4x8xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @concat_dim(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_to_all' op concat_dimension is -1, expected a dimension of the operand of rank 2}}
  %0 = "stablehlo.all_to_all"(%arg0) <{concat_dimension = -1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, split_count = 2 : i64, split_dimension = 1 : i64}> : (tensor<4x8xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @split_count(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_to_all' op split_count is 0, expected 1 or more}}
  %0 = "stablehlo.all_to_all"(%arg0) <{concat_dimension = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, split_count = 0 : i64, split_dimension = 1 : i64}> : (tensor<4x8xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @split_groups(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_to_all' op replica_groups has groups of size 2, expected the split_count 4}}
  %0 = "stablehlo.all_to_all"(%arg0) <{concat_dimension = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, split_count = 4 : i64, split_dimension = 1 : i64}> : (tensor<4x8xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @split_size(%arg0: tensor<4x7xf32>) {
  // expected-error@+1 {{'stablehlo.all_to_all' op operand has size 7 in split_dimension 1, expected a multiple of split_count 2}}
  %0 = "stablehlo.all_to_all"(%arg0) <{concat_dimension = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, split_count = 2 : i64, split_dimension = 1 : i64}> : (tensor<4x7xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @split_result(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_to_all' op result 0 has type 'tensor<4x8xf32>', expected 'tensor<8x4xf32>'}}
  %0 = "stablehlo.all_to_all"(%arg0) <{concat_dimension = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, split_count = 2 : i64, split_dimension = 1 : i64}> : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @split_elements(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_to_all' op result 0 has type 'tensor<8x4xi32>', expected 'tensor<8x4xf32>'}}
  %0 = "stablehlo.all_to_all"(%arg0) <{concat_dimension = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, split_count = 2 : i64, split_dimension = 1 : i64}> : (tensor<4x8xf32>) -> tensor<8x4xi32>
  return
}

// -----

func.func @split_no_groups(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_to_all' op replica_groups has groups of size 0, expected the split_count 2}}
  %0 = "stablehlo.all_to_all"(%arg0) <{concat_dimension = 0 : i64, replica_groups = dense<> : tensor<0x0xi64>, split_count = 2 : i64, split_dimension = 1 : i64}> : (tensor<4x8xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @split_results(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.all_to_all' op has 2 results, expected 1}}
  %0:2 = "stablehlo.all_to_all"(%arg0) <{concat_dimension = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, split_count = 2 : i64, split_dimension = 1 : i64}> : (tensor<4x8xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>)
  return
}

// -----

func.func @broadcast_empty() {
  // expected-error@+1 {{'stablehlo.collective_broadcast' op has 0 operands, expected 1 or more}}
  "stablehlo.collective_broadcast"() <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : () -> ()
  return
}

// -----

func.func @broadcast_root(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.collective_broadcast' op has 1 operands, expected data and the dynamic root, 2 or more}}
  %0 = "stablehlo.collective_broadcast"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, has_dynamic_root}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @broadcast_root_type(%arg0: tensor<4xf32>, %arg1: tensor<1xi64>) {
  // expected-error@+1 {{'stablehlo.collective_broadcast' op root has type 'tensor<1xi64>', expected 'tensor<1xi32>', a process for each of the other operands}}
  %0 = "stablehlo.collective_broadcast"(%arg0, %arg1) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, has_dynamic_root}> : (tensor<4xf32>, tensor<1xi64>) -> tensor<4xf32>
  return
}

// -----

func.func @broadcast_root_size(%arg0: tensor<4xf32>, %arg1: tensor<2xi32>) {
  // expected-error@+1 {{'stablehlo.collective_broadcast' op root has type 'tensor<2xi32>', expected 'tensor<1xi32>', a process for each of the other operands}}
  %0 = "stablehlo.collective_broadcast"(%arg0, %arg1) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, has_dynamic_root}> : (tensor<4xf32>, tensor<2xi32>) -> tensor<4xf32>
  return
}

// -----

func.func @broadcast_result(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.collective_broadcast' op result 0 has type 'tensor<5xf32>', expected 'tensor<4xf32>'}}
  %0 = "stablehlo.collective_broadcast"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @broadcast_results(%arg0: tensor<4xf32>, %arg1: tensor<1xi32>) {
  // expected-error@+1 {{'stablehlo.collective_broadcast' op has 2 results, expected 1}}
  %0:2 = "stablehlo.collective_broadcast"(%arg0, %arg1) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, has_dynamic_root}> : (tensor<4xf32>, tensor<1xi32>) -> (tensor<4xf32>, tensor<1xi32>)
  return
}

// -----

func.func @root_channel(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.collective_reduce' op has use_global_device_ids and channel 0, expected a positive channel_handle}}
  %0 = "stablehlo.collective_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, use_global_device_ids}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @root_region(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.collective_reduce' op computation takes 1 values, expected 2, an accumulator and an element for each input}}
  %0 = "stablehlo.collective_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @root_result(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.collective_reduce' op result 0 has type 'tensor<8x4xf32>', expected 'tensor<4x8xf32>'}}
  %0 = "stablehlo.collective_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @root_missing(%arg0: tensor<4x8xf32>) {
  // expected-error@+1 {{'stablehlo.collective_reduce' op has 1 operands, expected data and the dynamic root, 2 or more}}
  %0 = "stablehlo.collective_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, has_dynamic_root}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @pairs_columns(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.collective_permute' op source_target_pairs has type 'tensor<1x3xi64>', expected a matrix of two columns}}
  %0 = "stablehlo.collective_permute"(%arg0) <{source_target_pairs = dense<[[0, 1, 2]]> : tensor<1x3xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @pairs_rank(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.collective_permute' op source_target_pairs has type 'tensor<2xi64>', expected a matrix of two columns}}
  %0 = "stablehlo.collective_permute"(%arg0) <{source_target_pairs = dense<[0, 1]> : tensor<2xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @pairs_source(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.collective_permute' op source_target_pairs has process 0 twice as a source, expected once at most}}
  %0 = "stablehlo.collective_permute"(%arg0) <{source_target_pairs = dense<[[0, 1], [0, 2]]> : tensor<2x2xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @pairs_target(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.collective_permute' op source_target_pairs has process 1 twice as a target, expected once at most}}
  %0 = "stablehlo.collective_permute"(%arg0) <{source_target_pairs = dense<[[0, 1], [2, 1]]> : tensor<2x2xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @pairs_negative(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.collective_permute' op source_target_pairs has process -1, expected 0 or more}}
  %0 = "stablehlo.collective_permute"(%arg0) <{source_target_pairs = dense<[[0, -1]]> : tensor<1x2xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @permute_result(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.collective_permute' op result has type 'tensor<5xf32>', expected 'tensor<4xf32>'}}
  %0 = "stablehlo.collective_permute"(%arg0) <{source_target_pairs = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4xf32>) -> tensor<5xf32>
  return
}
