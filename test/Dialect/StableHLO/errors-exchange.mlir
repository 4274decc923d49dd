// RUN: cegm-opt %s --split-input-file --verify-diagnostics

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
