// RUN: cegm-opt %s --convert-stablehlo-to-linalg --split-input-file --verify-diagnostics

func.func @unknown(%x: tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>> {
  // expected-error @+1 {{'chlo.lgamma' op is not converted to linalg}}
  %0 = chlo.lgamma %x : tensor<4xcomplex<f32>> -> tensor<4xcomplex<f32>>
  return %0 : tensor<4xcomplex<f32>>
}

// -----

func.func @bits(%x: tensor<4x8xi1>) -> tensor<4xi8> {
  // expected-error @+1 {{'stablehlo.bitcast_convert' op is not converted to linalg: a boolean is a byte in memory and a bit in the specification; convert it instead}}
  %0 = stablehlo.bitcast_convert %x : (tensor<4x8xi1>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// -----

func.func @dynamic_windows(%x: tensor<?xf32>, %z: tensor<f32>) -> tensor<?xf32> {
  // expected-error @+1 {{'stablehlo.reduce_window' op is not converted to linalg: its shape is dynamic}}
  %0 = "stablehlo.reduce_window"(%x, %z) <{window_dimensions = array<i64: 2>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %1 = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

func.func @participants(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'stablehlo.all_reduce' op is not converted to linalg: it has 2 participants, expected one}}
  %0 = "stablehlo.all_reduce"(%x) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %1 = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @foreign(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'stablehlo.custom_call' op is not converted to linalg: it calls 'solve', which this project lacks}}
  %0 = stablehlo.custom_call @solve(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @region(%x: tensor<4xf32>, %z: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'stablehlo.reduce' op is not converted to linalg: its region uses a value from outside}}
  %0 = stablehlo.reduce(%x init: %z) across dimensions = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
    reducer(%a: tensor<f32>, %b: tensor<f32>) {
      %1 = stablehlo.add %a, %z : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }
  return %0 : tensor<f32>
}

// -----

func.func @reduced_rows(%x: tensor<2x4xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'stablehlo.reduce' op is not converted to linalg: its region takes tensors, not single elements}}
  %0 = stablehlo.reduce(%x init: %z) across dimensions = [0] : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<4xf32>
    reducer(%a: tensor<4xf32>, %b: tensor<4xf32>) {
      %1 = stablehlo.add %a, %b : tensor<4xf32>
      stablehlo.return %1 : tensor<4xf32>
    }
  return %0 : tensor<4xf32>
}

// -----

func.func @random_state(%s: tensor<2xui32>) -> (tensor<2xui32>, tensor<4xui32>) {
  // expected-error @+1 {{'stablehlo.rng_bit_generator' op is not converted to linalg: its state is not two integers of 64 bits}}
  %0, %1 = stablehlo.rng_bit_generator %s, algorithm = THREE_FRY : (tensor<2xui32>) -> (tensor<2xui32>, tensor<4xui32>)
  return %0, %1 : tensor<2xui32>, tensor<4xui32>
}

// -----

func.func @groups(%x: tensor<2x8x?xf32>, %k: tensor<3x2x6xf32>) -> tensor<2x6x6xf32> {
  // expected-error @+1 {{'stablehlo.convolution' op is not converted to linalg: the features of its groups are dynamic}}
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 2 : i64} : (tensor<2x8x?xf32>, tensor<3x2x6xf32>) -> tensor<2x6x6xf32>
  return %0 : tensor<2x6x6xf32>
}

// -----

func.func @mask(%q: tensor<2x5x4xf32>, %m: tensor<2x5x5xi1>) -> tensor<2x5x4xf32> {
  // expected-error @+1 {{'tm_tensor.attention' op is not converted to linalg: its mask is not a number for each score}}
  %0 = tm_tensor.attention ins(%q, %q, %q, %m : tensor<2x5x4xf32>, tensor<2x5x4xf32>, tensor<2x5x4xf32>, tensor<2x5x5xi1>) outs(%q : tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
  return %0 : tensor<2x5x4xf32>
}

// -----

func.func @too_large(%x: tensor<1099511627776x1024xf32>) -> tensor<1099511627776x32x32xf32> {
  // expected-error @+1 {{'stablehlo.reshape' op has a result of type 'tensor<1099511627776x32x32xf32>', expected no more than 2^48 elements}}
  %0 = stablehlo.reshape %x : (tensor<1099511627776x1024xf32>) -> tensor<1099511627776x32x32xf32>
  return %0 : tensor<1099511627776x32x32xf32>
}

// -----

func.func @long_fourier(%x: tensor<2x2147483648xcomplex<f32>>) -> tensor<2x2147483648xcomplex<f32>> {
  // expected-error @+1 {{'stablehlo.fft' op is not converted to linalg: its length 2147483648 is more than 16777216 or has a prime factor of more than 2048, for which the roots of unity would fill the module}}
  %0 = "stablehlo.fft"(%x) <{fft_length = array<i64: 12>, fft_type = #stablehlo<fft_type FFT>}> : (tensor<2x2147483648xcomplex<f32>>) -> tensor<2x2147483648xcomplex<f32>>
  return %0 : tensor<2x2147483648xcomplex<f32>>
}
