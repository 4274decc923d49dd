// Two layers of one shape on one input, before anything else: which gradient is
// whose only an update tells.
// RUN: cegm-opt %s --split-input-file --explain-entanglement='parameters=0,1' -o /dev/null | FileCheck %s

// A step that returns gradients says nothing.
// CHECK: Train step 'main': 0 sites, 2 left alone
// CHECK: argument 0  4x6    ambiguous
// CHECK: argument 1  4x6    ambiguous
// CHECK: ambiguous: several parameters multiply the same input
func.func @main(%a: tensor<4x6xf32>, %b: tensor<4x6xf32>, %x: tensor<2x5x4xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>) {
  %ya = stablehlo.dot_general %x, %a, contracting_dims = [2] x [0] : (tensor<2x5x4xf32>, tensor<4x6xf32>) -> tensor<2x5x6xf32>
  %yb = stablehlo.dot_general %x, %b, contracting_dims = [2] x [0] : (tensor<2x5x4xf32>, tensor<4x6xf32>) -> tensor<2x5x6xf32>
  %da = stablehlo.tanh %yb : tensor<2x5x6xf32>
  %db = stablehlo.sine %ya : tensor<2x5x6xf32>
  %ga = stablehlo.dot_general %x, %da, contracting_dims = [0, 1] x [0, 1] : (tensor<2x5x4xf32>, tensor<2x5x6xf32>) -> tensor<4x6xf32>
  %gb = stablehlo.dot_general %x, %db, contracting_dims = [0, 1] x [0, 1] : (tensor<2x5x4xf32>, tensor<2x5x6xf32>) -> tensor<4x6xf32>
  return %ga, %gb : tensor<4x6xf32>, tensor<4x6xf32>
}

// -----

// A decay that comes first leaves the parameter what it is.
// CHECK: Train step 'main': 2 sites, 0 left alone
// CHECK: 0 {{.*}} argument 0
// CHECK: 1 {{.*}} argument 1
func.func @main(%a: tensor<4x6xf32>, %b: tensor<4x6xf32>, %x: tensor<2x5x4xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>) {
  %ya = stablehlo.dot_general %x, %a, contracting_dims = [2] x [0] : (tensor<2x5x4xf32>, tensor<4x6xf32>) -> tensor<2x5x6xf32>
  %yb = stablehlo.dot_general %x, %b, contracting_dims = [2] x [0] : (tensor<2x5x4xf32>, tensor<4x6xf32>) -> tensor<2x5x6xf32>
  %da = stablehlo.tanh %yb : tensor<2x5x6xf32>
  %db = stablehlo.sine %ya : tensor<2x5x6xf32>
  %ga = stablehlo.dot_general %x, %da, contracting_dims = [0, 1] x [0, 1] : (tensor<2x5x4xf32>, tensor<2x5x6xf32>) -> tensor<4x6xf32>
  %gb = stablehlo.dot_general %x, %db, contracting_dims = [0, 1] x [0, 1] : (tensor<2x5x4xf32>, tensor<2x5x6xf32>) -> tensor<4x6xf32>
  %c = stablehlo.constant dense<0.9> : tensor<4x6xf32>
  %pa = stablehlo.multiply %a, %c : tensor<4x6xf32>
  %pb = stablehlo.multiply %c, %b : tensor<4x6xf32>
  %na = stablehlo.subtract %pa, %ga : tensor<4x6xf32>
  %nb = stablehlo.subtract %pb, %gb : tensor<4x6xf32>
  return %na, %nb : tensor<4x6xf32>, tensor<4x6xf32>
}
