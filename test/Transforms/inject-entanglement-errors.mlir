// RUN: cegm-opt %s --split-input-file --verify-diagnostics --inject-entanglement

// expected-error @below {{no train step: expected a function 'main', or exactly one public function, with a body}}
module {
  func.func private @only_a_declaration(tensor<2xf32>)
}

// -----

module {
  // expected-error @below {{no gradient of a parameter found in 'main': expected a train step, with its backward part}}
  func.func @main(%w: tensor<4x6xf32>, %x: tensor<5x4xf32>) -> (tensor<4x6xf32>, tensor<5x6xf32>) {
    %y = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<5x4xf32>, tensor<4x6xf32>) -> tensor<5x6xf32>
    return %w, %y : tensor<4x6xf32>, tensor<5x6xf32>
  }
}

// -----

// expected-error @below {{the module was injected before}}
module attributes {cegm.injected} {
  func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
    return %x : tensor<2xf32>
  }
}
