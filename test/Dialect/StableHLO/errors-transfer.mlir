// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @infeed_no_results(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.infeed' op has no results, expected a token at least}}
  "stablehlo.infeed"(%arg0) <{infeed_config = ""}> : (!stablehlo.token) -> ()
  return
}

// -----

func.func @infeed_token(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.infeed' op result 0 has type '!stablehlo.token', expected a tensor}}
  %0:2 = "stablehlo.infeed"(%arg0) <{infeed_config = ""}> : (!stablehlo.token) -> (!stablehlo.token, !stablehlo.token)
  return
}

// -----

func.func @infeed_last(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.infeed' op result 0 has type 'tensor<4xf32>', expected a token as the last result}}
  %0 = "stablehlo.infeed"(%arg0) <{infeed_config = ""}> : (!stablehlo.token) -> (tensor<4xf32>)
  return
}

// -----

func.func @infeed_layouts(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.infeed' op layout has 0 entries, expected one for each of the 1 tensors}}
  %0:2 = "stablehlo.infeed"(%arg0) <{infeed_config = "", layout = []}> : (!stablehlo.token) -> (tensor<4xf32>, !stablehlo.token)
  return
}

// -----

func.func @infeed_layout(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.infeed' op layout[0] is 0 : i64, expected a list of integers}}
  %0:2 = "stablehlo.infeed"(%arg0) <{infeed_config = "", layout = [0]}> : (!stablehlo.token) -> (tensor<4xf32>, !stablehlo.token)
  return
}

// -----

func.func @infeed_layout_entry(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.infeed' op layout[0] is ["row"], expected a list of integers}}
  %0:2 = "stablehlo.infeed"(%arg0) <{infeed_config = "", layout = [["row"]]}> : (!stablehlo.token) -> (tensor<4xf32>, !stablehlo.token)
  return
}

// -----

func.func @send_device(%arg0: tensor<4xf32>, %arg1: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.send' op channel_handle has type 2, expected 1 where is_host_transfer is false}}
  %0 = "stablehlo.send"(%arg0, %arg1) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 2>, is_host_transfer = false}> : (tensor<4xf32>, !stablehlo.token) -> !stablehlo.token
  return
}

// -----

func.func @send_host(%arg0: tensor<4xf32>, %arg1: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.send' op channel_handle has type 1, expected 2 where is_host_transfer is true}}
  %0 = "stablehlo.send"(%arg0, %arg1) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, is_host_transfer = true}> : (tensor<4xf32>, !stablehlo.token) -> !stablehlo.token
  return
}

// -----

func.func @send_pairs(%arg0: tensor<4xf32>, %arg1: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.send' op source_target_pairs has process 0 twice as a source, expected once at most}}
  %0 = "stablehlo.send"(%arg0, %arg1) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, is_host_transfer = false, source_target_pairs = dense<[[0, 1], [0, 2]]> : tensor<2x2xi64>}> : (tensor<4xf32>, !stablehlo.token) -> !stablehlo.token
  return
}

// -----

func.func @recv_device(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.recv' op channel_handle has type 3, expected 1 where is_host_transfer is false}}
  %0:2 = "stablehlo.recv"(%arg0) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 3>, is_host_transfer = false}> : (!stablehlo.token) -> (tensor<4xf32>, !stablehlo.token)
  return
}

// -----

func.func @recv_host(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.recv' op channel_handle has type 2, expected 3 where is_host_transfer is true}}
  %0:2 = "stablehlo.recv"(%arg0) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 2>, is_host_transfer = true}> : (!stablehlo.token) -> (tensor<4xf32>, !stablehlo.token)
  return
}

// -----

func.func @recv_pairs(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.recv' op source_target_pairs has process 1 twice as a target, expected once at most}}
  %0:2 = "stablehlo.recv"(%arg0) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, is_host_transfer = false, source_target_pairs = dense<[[0, 1], [2, 1]]> : tensor<2x2xi64>}> : (!stablehlo.token) -> (tensor<4xf32>, !stablehlo.token)
  return
}

// -----

func.func @recv_no_results(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.recv' op has no results, expected a token at least}}
  "stablehlo.recv"(%arg0) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, is_host_transfer = false}> : (!stablehlo.token) -> ()
  return
}

// -----

func.func @recv_token(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.recv' op result 0 has type '!stablehlo.token', expected a tensor}}
  %0:2 = "stablehlo.recv"(%arg0) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, is_host_transfer = false}> : (!stablehlo.token) -> (!stablehlo.token, !stablehlo.token)
  return
}

// -----

func.func @recv_last(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.recv' op result 0 has type 'tensor<4xf32>', expected a token as the last result}}
  %0 = "stablehlo.recv"(%arg0) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, is_host_transfer = false}> : (!stablehlo.token) -> (tensor<4xf32>)
  return
}

// -----

func.func @start_operation(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.async_start' op body has operation 'stablehlo.negate', expected a collective or a slice}}
  %0 = "stablehlo.async_start"(%arg0) ({
  ^bb0(%arg1: tensor<4xf32>):
    %1 = stablehlo.negate %arg1 : tensor<4xf32>
    stablehlo.return %1 : tensor<4xf32>
  }) : (tensor<4xf32>) -> !stablehlo.future<tensor<4xf32>>
  return
}

// -----

func.func @start_count(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.async_start' op body has 2 operations, expected one and a return}}
  %0 = "stablehlo.async_start"(%arg0) ({
  ^bb0(%arg1: tensor<4xf32>):
    %1 = "stablehlo.collective_permute"(%arg1) <{source_target_pairs = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.collective_permute"(%1) <{source_target_pairs = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
    stablehlo.return %2 : tensor<4xf32>
  }) : (tensor<4xf32>) -> !stablehlo.future<tensor<4xf32>>
  return
}

// -----

func.func @start_empty(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.async_start' op body has 0 operations, expected one and a return}}
  %0 = "stablehlo.async_start"(%arg0) ({
  ^bb0(%arg1: tensor<4xf32>):
    stablehlo.return %arg1 : tensor<4xf32>
  }) : (tensor<4xf32>) -> !stablehlo.future<tensor<4xf32>>
  return
}

// -----

func.func @start_arguments(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.async_start' op body takes 2 values, expected 1}}
  %0 = "stablehlo.async_start"(%arg0) ({
  ^bb0(%arg1: tensor<4xf32>, %arg2: tensor<f32>):
    %1 = "stablehlo.collective_permute"(%arg1) <{source_target_pairs = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
    stablehlo.return %1 : tensor<4xf32>
  }) : (tensor<4xf32>) -> !stablehlo.future<tensor<4xf32>>
  return
}

// -----

func.func @start_argument(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.async_start' op body returns type 'tensor<4xf32>' as value 0, expected 'tensor<5xf32>'}}
  %0 = "stablehlo.async_start"(%arg0) ({
  ^bb0(%arg1: tensor<4xf32>):
    %1 = "stablehlo.collective_permute"(%arg1) <{source_target_pairs = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
    stablehlo.return %1 : tensor<4xf32>
  }) : (tensor<4xf32>) -> !stablehlo.future<tensor<5xf32>>
  return
}

// -----

func.func @start_argument_type(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.async_start' op body takes type 'tensor<4xi32>' as value 0, expected 'tensor<4xf32>'}}
  %0 = "stablehlo.async_start"(%arg0) ({
  ^bb0(%arg1: tensor<4xi32>):
    %1 = "stablehlo.collective_permute"(%arg1) <{source_target_pairs = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4xi32>) -> tensor<4xi32>
    stablehlo.return %1 : tensor<4xi32>
  }) : (tensor<4xf32>) -> !stablehlo.future<tensor<4xi32>>
  return
}

// -----

func.func @done_type(%arg0: !stablehlo.future<tensor<4xf32>>) {
  // expected-error@+1 {{'stablehlo.async_done' op result 0 has type 'tensor<4xi32>', expected 'tensor<4xf32>'}}
  %0 = "stablehlo.async_done"(%arg0) : (!stablehlo.future<tensor<4xf32>>) -> tensor<4xi32>
  return
}

// -----

func.func @done_results(%arg0: !stablehlo.future<tensor<4xf32>>) {
  // expected-error@+1 {{'stablehlo.async_done' op has 2 results, expected 1}}
  %0:2 = "stablehlo.async_done"(%arg0) : (!stablehlo.future<tensor<4xf32>>) -> (tensor<4xf32>, tensor<4xf32>)
  return
}

// -----

// expected-error@+1 {{a future holds type 'i32', expected ranked tensors}}
func.func @future_type(%arg0: !stablehlo.future<tensor<4xf32>, i32>) {
  
  return
}
