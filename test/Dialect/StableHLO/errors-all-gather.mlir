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
