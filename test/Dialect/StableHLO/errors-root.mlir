// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @broadcast_empty() {
  // expected-error@+1 {{'stablehlo.collective_broadcast' op has 0 operands, expected 1 or more}}
  "stablehlo.collective_broadcast"() <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : () -> ()
  return
}

// -----

func.func @broadcast_twice(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.collective_broadcast' op replica_groups has process 5 twice, expected once at most}}
  %0 = "stablehlo.collective_broadcast"(%arg0) <{replica_groups = dense<[[2, 5], [5, 3]]> : tensor<2x2xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @broadcast_negative(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.collective_broadcast' op replica_groups has process -1, expected 0 or more}}
  %0 = "stablehlo.collective_broadcast"(%arg0) <{replica_groups = dense<[[2, -1]]> : tensor<1x2xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @broadcast_matrix(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.collective_broadcast' op replica_groups has type 'tensor<2xi64>', expected a matrix with a row for each group}}
  %0 = "stablehlo.collective_broadcast"(%arg0) <{replica_groups = dense<[2, 5]> : tensor<2xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
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
