// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @broadcast_dynamic(%arg0: tensor<3xf32>) {
  // expected-error@+1 {{'stablehlo.broadcast_in_dim' op result has type 'tensor<?x3xf32>', expected a static shape; dynamic_broadcast_in_dim takes others}}
  %0 = stablehlo.broadcast_in_dim %arg0, dims = [1] : (tensor<3xf32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @broadcast_elements(%arg0: tensor<3xf32>) {
  // expected-error@+1 {{'stablehlo.broadcast_in_dim' op result has element type 'i32', expected 'f32'}}
  %0 = stablehlo.broadcast_in_dim %arg0, dims = [1] : (tensor<3xf32>) -> tensor<2x3xi32>
  return
}

// -----

func.func @sizes_sign(%arg0: tensor<3xf32>) {
  // expected-error@+1 {{'stablehlo.broadcast' op broadcast_sizes[0] is -2, expected 0 or more}}
  %0 = stablehlo.broadcast %arg0, sizes = [-2] : (tensor<3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @sizes_result(%arg0: tensor<3xf32>) {
  // expected-error@+1 {{'stablehlo.broadcast' op result has type 'tensor<3x2xf32>', expected 'tensor<2x3xf32>'}}
  %0 = stablehlo.broadcast %arg0, sizes = [2] : (tensor<3xf32>) -> tensor<3x2xf32>
  return
}

// -----

func.func @sizes_rank(%arg0: tensor<3xf32>) {
  // expected-error@+1 {{'stablehlo.broadcast' op result has type 'tensor<2x1x3xf32>', expected 'tensor<2x3xf32>'}}
  %0 = stablehlo.broadcast %arg0, sizes = [2] : (tensor<3xf32>) -> tensor<2x1x3xf32>
  return
}

// -----

func.func @sizes_elements(%arg0: tensor<3xf32>) {
  // expected-error@+1 {{'stablehlo.broadcast' op result has type 'tensor<2x3xf64>', expected 'tensor<2x3xf32>'}}
  %0 = stablehlo.broadcast %arg0, sizes = [2] : (tensor<3xf32>) -> tensor<2x3xf64>
  return
}

// -----

func.func @bits_shape(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{'stablehlo.bitcast_convert' op operand has type 'tensor<2xf32>' and result 'tensor<3xi32>', expected one shape, but for a last dimension of the narrower elements in a wider one}}
  %0 = stablehlo.bitcast_convert %arg0 : (tensor<2xf32>) -> tensor<3xi32>
  return
}

// -----

func.func @bits_rank(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{'stablehlo.bitcast_convert' op operand has type 'tensor<2xf32>' and result 'tensor<4xi16>', expected one shape, but for a last dimension of the narrower elements in a wider one}}
  %0 = stablehlo.bitcast_convert %arg0 : (tensor<2xf32>) -> tensor<4xi16>
  return
}

// -----

func.func @bits_split(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{'stablehlo.bitcast_convert' op operand has type 'tensor<2xf32>' and result 'tensor<2x4xi16>', expected one shape, but for a last dimension of the narrower elements in a wider one}}
  %0 = stablehlo.bitcast_convert %arg0 : (tensor<2xf32>) -> tensor<2x4xi16>
  return
}

// -----

func.func @bits_joined(%arg0: tensor<3x2xi16>) {
  // expected-error@+1 {{'stablehlo.bitcast_convert' op operand has type 'tensor<3x2xi16>' and result 'tensor<2xf32>', expected one shape, but for a last dimension of the narrower elements in a wider one}}
  %0 = stablehlo.bitcast_convert %arg0 : (tensor<3x2xi16>) -> tensor<2xf32>
  return
}

// -----

func.func @bits_outer(%arg0: tensor<2xf64>) {
  // expected-error@+1 {{'stablehlo.bitcast_convert' op operand has type 'tensor<2xf64>' and result 'tensor<3x2xf32>', expected one shape, but for a last dimension of the narrower elements in a wider one}}
  %0 = stablehlo.bitcast_convert %arg0 : (tensor<2xf64>) -> tensor<3x2xf32>
  return
}

// -----

func.func @bits_complex(%arg0: tensor<2xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.bitcast_convert' op operand has element type 'complex<f32>' and result 'f64', expected both to be complex or none}}
  %0 = stablehlo.bitcast_convert %arg0 : (tensor<2xcomplex<f32>>) -> tensor<2xf64>
  return
}

// -----

func.func @exponent(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.reduce_precision' op exponent_bits is 0, expected 1 or more}}
  %0 = "stablehlo.reduce_precision"(%arg0) <{exponent_bits = 0 : i32, mantissa_bits = 7 : i32}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @mantissa(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.reduce_precision' op mantissa_bits is -1, expected 0 or more}}
  %0 = "stablehlo.reduce_precision"(%arg0) <{exponent_bits = 8 : i32, mantissa_bits = -1 : i32}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @accuracy_mode(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{result_accuracy has mode HIGHEST and atol 1.000000e-05, rtol 0.000000e+00, ulps 0, expected tolerances of 0}}
  %0 = "stablehlo.exponential"(%arg0) <{result_accuracy = #stablehlo.result_accuracy<atol = 1.0e-5, mode = #stablehlo.result_accuracy_mode<HIGHEST>>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @accuracy_ulps(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{result_accuracy has mode DEFAULT and atol 0.000000e+00, rtol 0.000000e+00, ulps 2, expected tolerances of 0}}
  %0 = "stablehlo.exponential"(%arg0) <{result_accuracy = #stablehlo.result_accuracy<ulps = 2, mode = #stablehlo.result_accuracy_mode<DEFAULT>>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @accuracy_sign(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{result_accuracy has atol 0.000000e+00, rtol -1.000000e+00, ulps 0, expected 0 or more}}
  %0 = "stablehlo.exponential"(%arg0) <{result_accuracy = #stablehlo.result_accuracy<rtol = -1.0, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}
