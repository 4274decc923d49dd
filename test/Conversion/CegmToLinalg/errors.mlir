// RUN: cegm-opt %s --convert-cegm-to-linalg --split-input-file --verify-diagnostics

func.func @devices(%s: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) {
  // expected-error @+1 {{'cegm.weigh' op has groups of 2 devices, expected one device to convert to linalg}}
  %w = cegm.weigh tanh %s, %a, %l device_groups = dense<[[0, 1]]> : tensor<1x2xi64>
      : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

func.func @alone(%s: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) {
  %w = cegm.weigh tanh %s, %a, %l device_groups = dense<[[0], [1]]> : tensor<2x1xi64>
      : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return
}
