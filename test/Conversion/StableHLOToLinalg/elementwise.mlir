// RUN: cegm-opt %s --convert-stablehlo-to-linalg --split-input-file | FileCheck %s

// Integers lose their sign, which the ops keep.
// CHECK-LABEL: func.func @signs(
// CHECK-SAME:    %[[X:.*]]: tensor<4xi32>, %[[Y:.*]]: tensor<4xi32>) -> tensor<4xi32>
// CHECK:         %[[EMPTY:.*]] = tensor.empty() : tensor<4xi32>
// CHECK:         linalg.generic
// CHECK-SAME:      iterator_types = ["parallel"]
// CHECK-SAME:      ins(%[[X]], %[[Y]] : tensor<4xi32>, tensor<4xi32>) outs(%[[EMPTY]] : tensor<4xi32>)
// CHECK:           arith.maxui
func.func @signs(%x: tensor<4xui32>, %y: tensor<4xui32>) -> tensor<4xui32> {
  %0 = stablehlo.maximum %x, %y : tensor<4xui32>
  return %0 : tensor<4xui32>
}

// -----

// Without dimensions there is no loop nest.
// CHECK-LABEL: func.func @scalars(
// CHECK-SAME:    %[[X:.*]]: tensor<f32>)
// CHECK:         %[[E:.*]] = tensor.extract %[[X]][]
// CHECK:         %[[EXP:.*]] = math.exp %[[E]]
// CHECK:         %[[SUM:.*]] = arith.addf %[[EXP]], %[[E]]
// CHECK:         tensor.from_elements %[[SUM]]
// CHECK-NOT:     linalg
func.func @scalars(%x: tensor<f32>) -> tensor<f32> {
  %0 = stablehlo.exponential %x : tensor<f32>
  %1 = stablehlo.add %0, %x : tensor<f32>
  return %1 : tensor<f32>
}

// -----

// Every shift and division of integers is defined.
// CHECK-LABEL: func.func @defined
// CHECK:         arith.cmpi ult
// CHECK:         arith.select
// CHECK:         arith.shli
// CHECK:         arith.select
// CHECK:         arith.divsi
// CHECK:         arith.select
func.func @defined(%x: tensor<i32>, %y: tensor<i32>) -> tensor<i32> {
  %0 = stablehlo.shift_left %x, %y : tensor<i32>
  %1 = stablehlo.divide %0, %y : tensor<i32>
  return %1 : tensor<i32>
}

// -----

// A power of integers is a loop over the bits of the exponent.
// CHECK-LABEL: func.func @power
// CHECK:         scf.while
// CHECK:         arith.muli
func.func @power(%x: tensor<i32>, %y: tensor<i32>) -> tensor<i32> {
  %0 = stablehlo.power %x, %y : tensor<i32>
  return %0 : tensor<i32>
}

// -----

// The sizes of dynamic dimensions are those of the first operand.
// CHECK-LABEL: func.func @dynamic(
// CHECK-SAME:    %[[X:.*]]: tensor<?x4xf32>
// CHECK:         %[[SIZE:.*]] = tensor.dim %[[X]]
// CHECK:         tensor.empty(%[[SIZE]]) : tensor<?x4xf32>
func.func @dynamic(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = stablehlo.negate %x : tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}
