// RUN: cegm-opt --bind-entry-results --split-input-file --verify-diagnostics %s

// expected-error@+1 {{the module has no entry function: no public function with a body, or several and none is @main}}
module {
  func.func private @main(tensor<4xf32>)
}

// -----

// expected-error@+1 {{arguments and results of @main must have numbers as elements, got 'tensor<4x!quant.uniform<i8:f32, 1.000000e+00>>'}}
func.func @main(%a: tensor<4x!quant.uniform<i8:f32, 1.0>>) {
  return
}

// -----

// expected-error@+1 {{argument 0 of @main must be a ranked tensor or a number, got 'tensor<*xf32>'}}
func.func @main(%a: tensor<*xf32>) {
  return
}

// -----

// expected-error@+1 {{result 0 of @main must be a ranked tensor, got 'f32'}}
func.func @main(%a: f32) -> f32 {
  return %a : f32
}

// -----

// expected-error@+1 {{argument 0 of @main is donated to result 3, there are 1}}
func.func @main(%a: tensor<4xf32> {tf.aliasing_output = 3 : i32}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}

// -----

// expected-error@+1 {{argument 0 of @main has type 'tensor<4xf32>' and is donated to result 0 of type 'tensor<2xf32>'}}
func.func @main(%a: tensor<4xf32> {tf.aliasing_output = 0 : i32}, %b: tensor<2xf32>) -> tensor<2xf32> {
  return %b : tensor<2xf32>
}

// -----

// expected-error@+1 {{arguments 0 and 1 of @main are both donated to result 0}}
func.func @main(%a: tensor<4xf32> {tf.aliasing_output = 0 : i32},
                %b: tensor<4xf32> {tf.aliasing_output = 0 : i32}) -> tensor<4xf32> {
  return %b : tensor<4xf32>
}

// -----

// expected-error@+1 {{the entry function @main must not be called}}
func.func @main() {
  call @main() : () -> ()
  return
}
