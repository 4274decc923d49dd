// RUN: cegm-opt %s --convert-cegm-to-gpu --split-input-file --verify-diagnostics

func.func @dynamic(%x: tensor<4x?xf32>, %g: tensor<4x8xf32>) {
  // expected-error @+1 {{'cegm.score' op operand 0 has a dynamic dimension 1 ('tensor<4x?xf32>'), expected a static shape to convert to GPU kernels}}
  %s, %a = cegm.score cosine %x, %g tokens = [0] x [0] features = [1] x [1]
      : (tensor<4x?xf32>, tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4xi1>)
  return
}

// -----

func.func @empty(%x: tensor<4x0xf32>, %w: tensor<4xf32>) {
  // expected-error @+1 {{'cegm.scale' op operand 0 has no elements ('tensor<4x0xf32>'), expected some to convert to GPU kernels}}
  %0 = cegm.scale %x by %w tokens = [0] : (tensor<4x0xf32>, tensor<4xf32>) -> tensor<4x0xf32>
  return
}

// -----

func.func @report(%s: tensor<4xf32>, %a: tensor<4xi1>, %l: tensor<f32>) -> tensor<10xf32> {
  // expected-error @+1 {{'cegm.audit' op has no kernel for GPUs}}
  %0 = cegm.audit %s, %s, %a, %l : (tensor<4xf32>, tensor<4xf32>, tensor<4xi1>, tensor<f32>) -> tensor<10xf32>
  return %0 : tensor<10xf32>
}

// -----

func.func @devices(%s: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.weigh' op has groups of 2 devices, expected one device to convert to GPU kernels}}
  %w = cegm.weigh tanh %s, %a, %l device_groups = dense<[[0, 1]]> : tensor<1x2xi64>
      : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return
}
