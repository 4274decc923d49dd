// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @one_input(%updates: tensor<5x4xf32>, %init: tensor<9x4xf32>) -> tensor<9x4xf32> {
  // expected-error@+1 {{'tm_tensor.scatter' op expected 2 inputs, but got 1}}
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(true) ins(%updates : tensor<5x4xf32>) outs(%init : tensor<9x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    tm_tensor.yield %a : f32
  } -> tensor<9x4xf32>
  return %0 : tensor<9x4xf32>
}

// -----

func.func @no_rows(%updates: tensor<5x4xf32>, %indices: tensor<5xi64>, %init: tensor<9x4xf32>) -> tensor<9x4xf32> {
  // expected-error@+1 {{'tm_tensor.scatter' op expected rows of integers for indices, but got 'tensor<5xi64>'}}
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(true) ins(%updates, %indices : tensor<5x4xf32>, tensor<5xi64>) outs(%init : tensor<9x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    tm_tensor.yield %a : f32
  } -> tensor<9x4xf32>
  return %0 : tensor<9x4xf32>
}

// -----

func.func @columns(%updates: tensor<5x4xf32>, %indices: tensor<5x2xi64>, %init: tensor<9x4xf32>) -> tensor<9x4xf32> {
  // expected-error@+1 {{'tm_tensor.scatter' op expected a dimension for each of the 2 columns of the indices, but got 1}}
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(true) ins(%updates, %indices : tensor<5x4xf32>, tensor<5x2xi64>) outs(%init : tensor<9x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    tm_tensor.yield %a : f32
  } -> tensor<9x4xf32>
  return %0 : tensor<9x4xf32>
}

// -----

func.func @too_many(%updates: tensor<5x1x1x4xf32>, %indices: tensor<5x1xi64>, %init: tensor<9x4xf32>) -> tensor<9x4xf32> {
  // expected-error@+1 {{'tm_tensor.scatter' op updates 'tensor<5x1x1x4xf32>' have too many dimensions, or none, for 'tensor<9x4xf32>'}}
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(true) ins(%updates, %indices : tensor<5x1x1x4xf32>, tensor<5x1xi64>) outs(%init : tensor<9x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    tm_tensor.yield %a : f32
  } -> tensor<9x4xf32>
  return %0 : tensor<9x4xf32>
}

// -----

func.func @counts(%updates: tensor<6x4xf32>, %indices: tensor<5x1xi64>, %init: tensor<9x4xf32>) -> tensor<9x4xf32> {
  // expected-error@+1 {{'tm_tensor.scatter' op has 6 updates, but 5 rows of indices}}
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(true) ins(%updates, %indices : tensor<6x4xf32>, tensor<5x1xi64>) outs(%init : tensor<9x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    tm_tensor.yield %a : f32
  } -> tensor<9x4xf32>
  return %0 : tensor<9x4xf32>
}

// -----

func.func @map(%updates: tensor<5x1x4xf32>, %indices: tensor<5x2xi64>, %init: tensor<9x4xf32>) -> tensor<9x4xf32> {
  // expected-error@+1 {{'tm_tensor.scatter' op dimension_map has 0, which is no dimension of 'tensor<9x4xf32>' or stands there twice}}
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0, 0>} unique_indices(true) ins(%updates, %indices : tensor<5x1x4xf32>, tensor<5x2xi64>) outs(%init : tensor<9x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    tm_tensor.yield %a : f32
  } -> tensor<9x4xf32>
  return %0 : tensor<9x4xf32>
}

// -----

func.func @nowhere(%updates: tensor<5xf32>, %indices: tensor<5x1xi64>, %init: tensor<9x4xf32>) -> tensor<9x4xf32> {
  // expected-error@+1 {{'tm_tensor.scatter' op neither the updates nor dimension_map say where in dimension 1 an update goes}}
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(true) ins(%updates, %indices : tensor<5xf32>, tensor<5x1xi64>) outs(%init : tensor<9x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    tm_tensor.yield %a : f32
  } -> tensor<9x4xf32>
  return %0 : tensor<9x4xf32>
}

// -----

func.func @large(%updates: tensor<5x1x7xf32>, %indices: tensor<5x1xi64>, %init: tensor<9x4xf32>) -> tensor<9x4xf32> {
  // expected-error@+1 {{'tm_tensor.scatter' op updates 'tensor<5x1x7xf32>' are larger than 'tensor<9x4xf32>' in dimension 1}}
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(true) ins(%updates, %indices : tensor<5x1x7xf32>, tensor<5x1xi64>) outs(%init : tensor<9x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    tm_tensor.yield %a : f32
  } -> tensor<9x4xf32>
  return %0 : tensor<9x4xf32>
}

// -----

func.func @body(%updates: tensor<5x4xf32>, %indices: tensor<5x1xi64>, %init: tensor<9x4xf32>) -> tensor<9x4xf32> {
  // expected-error@+1 {{'tm_tensor.scatter' op expected a body with arguments ('f32', 'f32'), but got ('f32', 'f64')}}
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(true) ins(%updates, %indices : tensor<5x4xf32>, tensor<5x1xi64>) outs(%init : tensor<9x4xf32>) {
  ^bb0(%a: f32, %b: f64):
    tm_tensor.yield %a : f32
  } -> tensor<9x4xf32>
  return %0 : tensor<9x4xf32>
}

// -----

func.func @result(%updates: tensor<5x4xf32>, %indices: tensor<5x1xi64>, %init: tensor<9x4xf32>) -> tensor<8x4xf32> {
  // expected-error@+1 {{'tm_tensor.scatter' op expected type of operand #2 ('tensor<9x4xf32>') to match type of corresponding result ('tensor<8x4xf32>')}}
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(true) ins(%updates, %indices : tensor<5x4xf32>, tensor<5x1xi64>) outs(%init : tensor<9x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    tm_tensor.yield %a : f32
  } -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}

// -----

func.func @accumulator(%input: tensor<9x4xf32>, %init: tensor<9x4xf32>, %sum: tensor<9xf32>) {
  // expected-error@+1 {{'tm_tensor.scan' op expected an accumulator with the shape of 'tensor<9x4xf32>' without dimension 0}}
  %0:2 = tm_tensor.scan dimension(0) inclusive(true) ins(%input : tensor<9x4xf32>) outs(%init, %sum : tensor<9x4xf32>, tensor<9xf32>) {
  ^bb0(%a: f32, %b: f32):
    tm_tensor.yield %a : f32
  } -> tensor<9x4xf32>, tensor<9xf32>
  return
}

// -----

func.func @dimension(%keys: tensor<5x7xf32>) {
  // expected-error@+1 {{'tm_tensor.sort' op dimension 2 is not one of 'tensor<5x7xf32>'}}
  %0 = tm_tensor.sort dimension(2) outs(%keys : tensor<5x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %1 = arith.cmpf ole, %a, %b : f32
    tm_tensor.yield %1 : i1
  } -> tensor<5x7xf32>
  return
}

// -----

func.func @order(%keys: tensor<5x7xf32>) {
  // expected-error@+1 {{'tm_tensor.sort' op expected a body that yields 'i1'}}
  %0 = tm_tensor.sort dimension(1) outs(%keys : tensor<5x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    tm_tensor.yield %a : f32
  } -> tensor<5x7xf32>
  return
}

// -----

func.func @shapes(%keys: tensor<5x7xf32>, %values: tensor<7x5xi64>) {
  // expected-error@+1 {{'tm_tensor.sort' op expected outputs of one shape, but got 'tensor<5x7xf32>', 'tensor<7x5xi64>'}}
  %0:2 = tm_tensor.sort dimension(1) outs(%keys, %values : tensor<5x7xf32>, tensor<7x5xi64>) {
  ^bb0(%a: f32, %b: f32, %c: i64, %d: i64):
    %1 = arith.cmpf ole, %a, %b : f32
    tm_tensor.yield %1 : i1
  } -> tensor<5x7xf32>, tensor<7x5xi64>
  return
}

// -----

func.func @first(%input: tensor<5x7xf32>, %init: tensor<4x3xf32>, %numbers: tensor<5x3xi32>) {
  // expected-error@+1 {{'tm_tensor.topk' op expected outputs with the shape of 'tensor<5x7xf32>' but for dimension 1, but got 'tensor<4x3xf32>'}}
  %0:2 = tm_tensor.topk dimension(1) ins(%input : tensor<5x7xf32>) outs(%init, %numbers : tensor<4x3xf32>, tensor<5x3xi32>) {
  ^bb0(%a: f32, %b: f32):
    %1 = arith.cmpf ogt, %a, %b : f32
    tm_tensor.yield %1 : i1
  } -> tensor<4x3xf32>, tensor<5x3xi32>
  return
}

// -----

func.func @features(%query: tensor<2x3x4xf32>, %key: tensor<2x5x6xf32>, %init: tensor<2x3x6xf32>) {
  // expected-error@+1 {{'tm_tensor.attention' op query has 4 features, but key has 6}}
  %0 = tm_tensor.attention ins(%query, %key, %key : tensor<2x3x4xf32>, tensor<2x5x6xf32>, tensor<2x5x6xf32>) outs(%init : tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  return
}

// -----

func.func @batch(%query: tensor<2x3x4xf32>, %key: tensor<2x5x4xf32>, %value: tensor<7x5x4xf32>, %init: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'tm_tensor.attention' op value has type 'tensor<7x5x4xf32>', expected 'tensor<2x5x4xf32>'}}
  %0 = tm_tensor.attention ins(%query, %key, %value : tensor<2x3x4xf32>, tensor<2x5x4xf32>, tensor<7x5x4xf32>) outs(%init : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @numbers(%input: tensor<5x7xf32>, %init: tensor<5x3xf32>) {
  // expected-error@+1 {{'tm_tensor.topk' op expected outputs of 'f32' and of integers, but got 'tensor<5x3xf32>', 'tensor<5x3xf32>'}}
  %0:2 = tm_tensor.topk dimension(1) ins(%input : tensor<5x7xf32>) outs(%init, %init : tensor<5x3xf32>, tensor<5x3xf32>) {
  ^bb0(%a: f32, %b: f32):
    %1 = arith.cmpf ogt, %a, %b : f32
    tm_tensor.yield %1 : i1
  } -> tensor<5x3xf32>, tensor<5x3xf32>
  return
}
