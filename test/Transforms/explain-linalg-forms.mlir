// Forms of linalg that compilers print besides torch-mlir's.
// RUN: cegm-opt %s --split-input-file --explain-entanglement -o /dev/null | FileCheck %s

// A contraction of tensors of any rank, and an update in one body, which takes
// the rate from outside.
// CHECK: Train step 'main': 1 site, 0 left alone
// CHECK: 0     1      argument 0  6x4    dense  2x5     1             output
#x = affine_map<(b, s, k, d) -> (b, s, d)>
#w = affine_map<(b, s, k, d) -> (k, d)>
#y = affine_map<(b, s, k, d) -> (b, s, k)>
#same = affine_map<(d0, d1) -> (d0, d1)>
#turned = affine_map<(d0, d1) -> (d1, d0)>
#dw = affine_map<(b, s, k, d) -> (d, k)>
func.func @main(%w: tensor<6x4xf32>, %x: tensor<2x5x4xf32>, %rate: tensor<f32>) -> tensor<6x4xf32> {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<2x5x6xf32>
  %z0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<2x5x6xf32>) -> tensor<2x5x6xf32>
  %y = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<2x5x4xf32>, tensor<6x4xf32>) outs(%z0 : tensor<2x5x6xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %q = arith.addf %c, %p : f32
    linalg.yield %q : f32
  } -> tensor<2x5x6xf32>
  %dy = linalg.tanh ins(%y : tensor<2x5x6xf32>) outs(%e0 : tensor<2x5x6xf32>) -> tensor<2x5x6xf32>
  %z1 = arith.constant dense<0.0> : tensor<4x6xf32>
  %g = linalg.generic {indexing_maps = [#x, #y, #dw], iterator_types = ["reduction", "reduction", "parallel", "parallel"]}
      ins(%x, %dy : tensor<2x5x4xf32>, tensor<2x5x6xf32>) outs(%z1 : tensor<4x6xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %q = arith.addf %c, %p : f32
    linalg.yield %q : f32
  } -> tensor<4x6xf32>
  %r = tensor.extract %rate[] : tensor<f32>
  %e1 = tensor.empty() : tensor<6x4xf32>
  %new = linalg.generic {indexing_maps = [#same, #turned, #same], iterator_types = ["parallel", "parallel"]}
      ins(%w, %g : tensor<6x4xf32>, tensor<4x6xf32>) outs(%e1 : tensor<6x4xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %b, %r : f32
    %q = arith.subf %a, %p : f32
    linalg.yield %q : f32
  } -> tensor<6x4xf32>
  return %new : tensor<6x4xf32>
}

// -----

// A contraction that adds to something is none: of the two gradients the one
// that starts at zero is a site.
// CHECK: Train step 'main': 1 site, 1 left alone
// CHECK: 0     1      argument 0  4x6    dense  5
// CHECK: argument 1  6x6    no-gradient
func.func @main(%v: tensor<4x6xf32>, %w: tensor<6x6xf32>, %x: tensor<5x4xf32>) -> (tensor<4x6xf32>, tensor<6x6xf32>) {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<5x6xf32>
  %z0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<5x6xf32>) -> tensor<5x6xf32>
  %a = linalg.matmul ins(%x, %v : tensor<5x4xf32>, tensor<4x6xf32>) outs(%z0 : tensor<5x6xf32>) -> tensor<5x6xf32>
  %b = linalg.matmul ins(%a, %w : tensor<5x6xf32>, tensor<6x6xf32>) outs(%z0 : tensor<5x6xf32>) -> tensor<5x6xf32>
  %db = linalg.tanh ins(%b : tensor<5x6xf32>) outs(%e0 : tensor<5x6xf32>) -> tensor<5x6xf32>
  %e1 = tensor.empty() : tensor<6x6xf32>
  %wt = linalg.transpose ins(%w : tensor<6x6xf32>) outs(%e1 : tensor<6x6xf32>) permutation = [1, 0]
  %da = linalg.matmul ins(%db, %wt : tensor<5x6xf32>, tensor<6x6xf32>) outs(%z0 : tensor<5x6xf32>) -> tensor<5x6xf32>
  %e2 = tensor.empty() : tensor<4x5xf32>
  %xt = linalg.transpose ins(%x : tensor<5x4xf32>) outs(%e2 : tensor<4x5xf32>) permutation = [1, 0]
  %e3 = tensor.empty() : tensor<6x5xf32>
  %at = linalg.transpose ins(%a : tensor<5x6xf32>) outs(%e3 : tensor<6x5xf32>) permutation = [1, 0]
  %e4 = tensor.empty() : tensor<4x6xf32>
  %z4 = linalg.fill ins(%zero : f32) outs(%e4 : tensor<4x6xf32>) -> tensor<4x6xf32>
  %dv = linalg.matmul ins(%xt, %da : tensor<4x5xf32>, tensor<5x6xf32>) outs(%z4 : tensor<4x6xf32>) -> tensor<4x6xf32>
  %newv = linalg.sub ins(%v, %dv : tensor<4x6xf32>, tensor<4x6xf32>) outs(%e4 : tensor<4x6xf32>) -> tensor<4x6xf32>
  %neww = linalg.matmul ins(%at, %db : tensor<6x5xf32>, tensor<5x6xf32>) outs(%w : tensor<6x6xf32>) -> tensor<6x6xf32>
  return %newv, %neww : tensor<4x6xf32>, tensor<6x6xf32>
}

// -----

// A loop over the layers of a stack, and one back. Slices lack the stacked
// dimension.
// CHECK: Train step 'main': 3 sites, 0 left alone
// CHECK: 0     1      argument 0 layer 0  3x4x4  dense  2x5     1             input
// CHECK: 1     2      argument 0 layer 1  3x4x4  dense  2x5     1             input
// CHECK: 2     3      argument 0 layer 2  3x4x4  dense  2x5     1             input
#x = affine_map<(b, s, k, d) -> (b, s, d)>
#w = affine_map<(b, s, k, d) -> (d, k)>
#y = affine_map<(b, s, k, d) -> (b, s, k)>
func.func @main(%w: tensor<3x4x4xf32>, %x: tensor<2x5x4xf32>) -> tensor<3x4x4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %nothing = arith.constant dense<0.0> : tensor<2x5x4xf32>
  %empty = tensor.empty() : tensor<2x5x4xf32>
  %unsaved = tensor.empty() : tensor<3x2x5x4xf32>
  %y, %saved = scf.for %i = %c0 to %c3 step %c1 iter_args(%h = %x, %s = %unsaved) -> (tensor<2x5x4xf32>, tensor<3x2x5x4xf32>) {
    %kept = tensor.insert_slice %h into %s[%i, 0, 0, 0] [1, 2, 5, 4] [1, 1, 1, 1] : tensor<2x5x4xf32> into tensor<3x2x5x4xf32>
    %v = tensor.extract_slice %w[%i, 0, 0] [1, 4, 4] [1, 1, 1] : tensor<3x4x4xf32> to tensor<4x4xf32>
    %z = linalg.contract indexing_maps = [#x, #w, #y] ins(%h, %v : tensor<2x5x4xf32>, tensor<4x4xf32>) outs(%nothing : tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
    %a = linalg.tanh ins(%z : tensor<2x5x4xf32>) outs(%empty : tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
    scf.yield %a, %kept : tensor<2x5x4xf32>, tensor<3x2x5x4xf32>
  }
  %none = arith.constant dense<0.0> : tensor<4x4xf32>
  %unfilled = tensor.empty() : tensor<3x4x4xf32>
  %dx, %g = scf.for %i = %c0 to %c3 step %c1 iter_args(%d = %y, %s = %unfilled) -> (tensor<2x5x4xf32>, tensor<3x4x4xf32>) {
    %j = arith.subi %c2, %i : index
    %h = tensor.extract_slice %saved[%j, 0, 0, 0] [1, 2, 5, 4] [1, 1, 1, 1] : tensor<3x2x5x4xf32> to tensor<2x5x4xf32>
    %v = tensor.extract_slice %w[%j, 0, 0] [1, 4, 4] [1, 1, 1] : tensor<3x4x4xf32> to tensor<4x4xf32>
    %dh = linalg.contract indexing_maps = [#y, #w, #x] ins(%d, %v : tensor<2x5x4xf32>, tensor<4x4xf32>) outs(%nothing : tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
    %dv = linalg.contract indexing_maps = [#x, #y, #w] ins(%h, %d : tensor<2x5x4xf32>, tensor<2x5x4xf32>) outs(%none : tensor<4x4xf32>) -> tensor<4x4xf32>
    %next = tensor.insert_slice %dv into %s[%j, 0, 0] [1, 4, 4] [1, 1, 1] : tensor<4x4xf32> into tensor<3x4x4xf32>
    scf.yield %dh, %next : tensor<2x5x4xf32>, tensor<3x4x4xf32>
  }
  %new = linalg.sub ins(%w, %g : tensor<3x4x4xf32>, tensor<3x4x4xf32>) outs(%unfilled : tensor<3x4x4xf32>) -> tensor<3x4x4xf32>
  return %new : tensor<3x4x4xf32>
}
