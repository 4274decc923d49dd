// RUN: cegm-opt %s --split-input-file --verify-diagnostics

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
