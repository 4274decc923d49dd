// RUN: cegm-opt %s --split-input-file --verify-diagnostics --inject-entanglement

// expected-error @below {{no train step: expected a function 'main', or exactly one public function, with a body}}
module {
  func.func private @only_a_declaration(tensor<2xf32>)
}

// -----

module {
  // expected-error @below {{'main' returns no new state of any of its inputs; if it returns gradients, name the parameters with the option 'parameters'}}
  // expected-note @below {{parameter 0 may be a parameter or data}}
  func.func @main(%w: tensor<4x6xf32>, %x: tensor<5x4xf32>) -> (tensor<4x6xf32>, tensor<5x6xf32>) {
    %y = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<5x4xf32>, tensor<4x6xf32>) -> tensor<5x6xf32>
    return %w, %y : tensor<4x6xf32>, tensor<5x6xf32>
  }
}

// -----

module {
  // expected-error @below {{no gradient of a parameter found in 'main': expected a train step, with its backward part}}
  // expected-note @below {{parameter 0 multiplies activations, but no contraction of its input with its output's gradient was found}}
  func.func @main(%w: tensor<4x6xf32>, %x: tensor<5x4xf32>) -> (tensor<4x6xf32>, tensor<5x6xf32>) {
    %y = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<5x4xf32>, tensor<4x6xf32>) -> tensor<5x6xf32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %norms = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %rows = stablehlo.broadcast_in_dim %norms, dims = [0] : (tensor<4xf32>) -> tensor<4x6xf32>
    %new = stablehlo.add %w, %rows : tensor<4x6xf32>
    return %new, %y : tensor<4x6xf32>, tensor<5x6xf32>
  }
}

// -----

// expected-error @below {{the module was injected before}}
module attributes {cegm.injected} {
  func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
    return %x : tensor<2xf32>
  }
}
