// RUN: cegm-opt %s --reshape-dynamic-expansions | FileCheck %s
// RUN: cegm-opt %s --cegm-to-llvm | FileCheck %s --check-prefix=CODE

// CODE-LABEL: llvm.func @several

// CHECK-LABEL: func.func @several(
// CHECK-SAME:    %[[X:.*]]: tensor<?x4xf32>, %[[A:.*]]: index, %[[B:.*]]: index)
// CHECK:       %[[FOUR:.*]] = arith.constant 4 : index
// CHECK:       %[[SHAPE:.*]] = tensor.from_elements %[[A]], %[[B]], %[[FOUR]] : tensor<3xindex>
// CHECK:       %[[R:.*]] = tensor.reshape %[[X]](%[[SHAPE]]) : (tensor<?x4xf32>, tensor<3xindex>) -> tensor<?x?x4xf32>
// CHECK:       math.exp %[[R]]
func.func @several(%x: tensor<?x4xf32>, %a: index, %b: index) -> tensor<?x?x4xf32> {
  %0 = tensor.expand_shape %x [[0, 1], [2]] output_shape [%a, %b, 4]
      : tensor<?x4xf32> into tensor<?x?x4xf32>
  %1 = math.exp %0 : tensor<?x?x4xf32>
  return %1 : tensor<?x?x4xf32>
}

// CHECK-LABEL: func.func private @one(
// CHECK:       tensor.expand_shape
func.func private @one(%x: tensor<?x4xf32>, %a: index) -> tensor<?x3x4xf32> {
  %0 = tensor.expand_shape %x [[0, 1], [2]] output_shape [%a, 3, 4]
      : tensor<?x4xf32> into tensor<?x3x4xf32>
  return %0 : tensor<?x3x4xf32>
}
