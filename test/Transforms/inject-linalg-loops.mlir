// A loop over layers in scf: what sites need from one iteration to the next is
// carried by a new loop.
// RUN: cegm-opt %s --inject-entanglement='coupling=0.5 audit=true' | FileCheck %s
// RUN: sed 's/%c0 to %c3/%c3 to %c3/' %s | cegm-opt --explain-entanglement -o /dev/null | FileCheck %s --check-prefix=NEVER
// RUN: sed 's/3x\([24]\)x/4x\1x/g' %s | cegm-opt --explain-entanglement -o /dev/null | FileCheck %s --check-prefix=PART

// The deepest layer has no scores behind it, and the table of the audit is
// filled from its end, where that layer is.
// CHECK-DAG: %[[NOTHING:.*]] = arith.constant dense<0x7FC00000> : tensor<2x5xf32>
// CHECK-DAG: %[[TABLE:.*]] = arith.constant dense<0.000000e+00> : tensor<3x10xf32>
// CHECK: %[[LOOP:[0-9]+]]:4 = scf.for %[[I:.*]] = %c0 to %c3 step %c1 iter_args({{.*}}, %[[BEHIND:[a-z0-9]+]] = %[[NOTHING]], %[[ROWS:[a-z0-9]+]] = %[[TABLE]])
// CHECK: %{{.*}}, %[[SCORES:.*]], %{{.*}}, %{{.*}} = cegm.entangle {{.*}} parents(%[[BEHIND]])
// CHECK: %[[LAST:.*]] = arith.constant 2 : index
// CHECK: %[[PLACE:.*]] = arith.subi %[[LAST]], %[[I]] : index
// CHECK: %[[NUMBER:.*]] = arith.index_cast %[[PLACE]] : index to i64
// CHECK: %[[ROW:.*]] = tensor.from_elements %[[NUMBER]] : tensor<i64>
// CHECK: %[[RECORD:.*]] = cegm.record %{{.*}} into %[[ROWS]][%[[ROW]]]
// CHECK: scf.yield %{{.*}}, %{{.*}}, %[[SCORES]], %[[RECORD]]
// CHECK: cegm.collect %[[LOOP]]#3

// NEVER: argument 0  3x4x4  never-runs

// A loop over three of four layers does not tell which.
// PART: argument 0  4x4x4  dense  2x5, 3 times
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
