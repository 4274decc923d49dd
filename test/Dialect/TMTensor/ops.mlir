// TMTensor: the text is torch-mlir's, before and after.
// RUN: cegm-opt %s | FileCheck %s
// RUN: cegm-opt %s | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --mlir-print-op-generic | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --emit-bytecode | cegm-opt | FileCheck %s

// CHECK-LABEL: func.func @scatter(
// CHECK-NEXT: %0 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(false) ins(%arg0, %arg1 : tensor<5x1x4xf32>, tensor<5x1xi64>) outs(%arg2 : tensor<9x4xf32>) {
// CHECK-NEXT: ^bb0(%arg3: f32, %arg4: f32):
// CHECK-NEXT: %1 = arith.addf %arg4, %arg3 : f32
// CHECK-NEXT: tm_tensor.yield %1 : f32
// CHECK-NEXT: } -> tensor<9x4xf32>
// CHECK-NEXT: return %0 : tensor<9x4xf32>
func.func @scatter(%updates: tensor<5x1x4xf32>, %indices: tensor<5x1xi64>, %init: tensor<9x4xf32>) -> tensor<9x4xf32> {
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(false) ins(%updates, %indices : tensor<5x1x4xf32>, tensor<5x1xi64>) outs(%init : tensor<9x4xf32>) {
  ^bb0(%arg3: f32, %arg4: f32):
    %1 = arith.addf %arg4, %arg3 : f32
    tm_tensor.yield %1 : f32
  } -> tensor<9x4xf32>
  return %0 : tensor<9x4xf32>
}

// CHECK-LABEL: func.func @scatter_elements(
// CHECK-NEXT: %0 = tm_tensor.scatter {dimension_map = array<i64: 0, 1>} unique_indices(true) ins(%arg0, %arg1 : tensor<?xf32>, tensor<?x2xi32>) outs(%arg2 : tensor<9x4xf32>) {
// CHECK-NEXT: ^bb0(%arg3: f32, %arg4: f32):
// CHECK-NEXT: tm_tensor.yield %arg3 : f32
// CHECK-NEXT: } -> tensor<9x4xf32>
// CHECK-NEXT: return %0 : tensor<9x4xf32>
func.func @scatter_elements(%updates: tensor<?xf32>, %indices: tensor<?x2xi32>, %init: tensor<9x4xf32>) -> tensor<9x4xf32> {
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0, 1>} unique_indices(true) ins(%updates, %indices : tensor<?xf32>, tensor<?x2xi32>) outs(%init : tensor<9x4xf32>) {
  ^bb0(%arg3: f32, %arg4: f32):
    tm_tensor.yield %arg3 : f32
  } -> tensor<9x4xf32>
  return %0 : tensor<9x4xf32>
}

// CHECK-LABEL: func.func @scan(
// CHECK-NEXT: %0 = tensor.empty() : tensor<9x4xi64>
// CHECK-NEXT: %1:2 = tm_tensor.scan dimension(0) inclusive(true) ins(%arg0 : tensor<9x4xi64>) outs(%0, %arg1 : tensor<9x4xi64>, tensor<4xi64>) {
// CHECK-NEXT: ^bb0(%arg2: i64, %arg3: i64):
// CHECK-NEXT: %2 = arith.addi %arg2, %arg3 : i64
// CHECK-NEXT: tm_tensor.yield %2 : i64
// CHECK-NEXT: } -> tensor<9x4xi64>, tensor<4xi64>
// CHECK-NEXT: return %1#0 : tensor<9x4xi64>
func.func @scan(%input: tensor<9x4xi64>, %accumulator: tensor<4xi64>) -> tensor<9x4xi64> {
  %0 = tensor.empty() : tensor<9x4xi64>
  %1:2 = tm_tensor.scan dimension(0) inclusive(true) ins(%input : tensor<9x4xi64>) outs(%0, %accumulator : tensor<9x4xi64>, tensor<4xi64>) {
  ^bb0(%arg2: i64, %arg3: i64):
    %2 = arith.addi %arg2, %arg3 : i64
    tm_tensor.yield %2 : i64
  } -> tensor<9x4xi64>, tensor<4xi64>
  return %1#0 : tensor<9x4xi64>
}

// CHECK-LABEL: func.func @sort(
// CHECK-NEXT: %0:2 = tm_tensor.sort dimension(1) outs(%arg0, %arg1 : tensor<5x7xf32>, tensor<5x7xi64>) {
// CHECK-NEXT: ^bb0(%arg2: f32, %arg3: f32, %arg4: i64, %arg5: i64):
// CHECK-NEXT: %1 = arith.cmpf ole, %arg2, %arg3 : f32
// CHECK-NEXT: tm_tensor.yield %1 : i1
// CHECK-NEXT: } -> tensor<5x7xf32>, tensor<5x7xi64>
// CHECK-NEXT: return %0#1 : tensor<5x7xi64>
func.func @sort(%keys: tensor<5x7xf32>, %values: tensor<5x7xi64>) -> tensor<5x7xi64> {
  %0:2 = tm_tensor.sort dimension(1) outs(%keys, %values : tensor<5x7xf32>, tensor<5x7xi64>) {
  ^bb0(%arg2: f32, %arg3: f32, %arg4: i64, %arg5: i64):
    %1 = arith.cmpf ole, %arg2, %arg3 : f32
    tm_tensor.yield %1 : i1
  } -> tensor<5x7xf32>, tensor<5x7xi64>
  return %0#1 : tensor<5x7xi64>
}

// CHECK-LABEL: func.func @topk(
// CHECK-NEXT: %0:2 = tm_tensor.topk dimension(1) ins(%arg0, %arg1 : tensor<5x7xf32>, tensor<5x7xi32>) outs(%arg2, %arg3 : tensor<5x3xf32>, tensor<5x3xi32>) {
// CHECK-NEXT: ^bb0(%arg4: f32, %arg5: f32):
// CHECK-NEXT: %1 = arith.cmpf ogt, %arg4, %arg5 : f32
// CHECK-NEXT: tm_tensor.yield %1 : i1
// CHECK-NEXT: } -> tensor<5x3xf32>, tensor<5x3xi32>
// CHECK-NEXT: return %0#1 : tensor<5x3xi32>
func.func @topk(%input: tensor<5x7xf32>, %numbers: tensor<5x7xi32>, %init: tensor<5x3xf32>, %init_numbers: tensor<5x3xi32>) -> tensor<5x3xi32> {
  %0:2 = tm_tensor.topk dimension(1) ins(%input, %numbers : tensor<5x7xf32>, tensor<5x7xi32>) outs(%init, %init_numbers : tensor<5x3xf32>, tensor<5x3xi32>) {
  ^bb0(%arg4: f32, %arg5: f32):
    %1 = arith.cmpf ogt, %arg4, %arg5 : f32
    tm_tensor.yield %1 : i1
  } -> tensor<5x3xf32>, tensor<5x3xi32>
  return %0#1 : tensor<5x3xi32>
}

// CHECK-LABEL: func.func @attention(
// CHECK-NEXT: %0 = tm_tensor.attention ins(%arg0, %arg1, %arg2, %arg3 : tensor<2x3x4xf32>, tensor<2x5x4xf32>, tensor<2x5x4xf32>, tensor<2x3x5xf32>) outs(%arg4 : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
// CHECK-NEXT: return %0 : tensor<2x3x4xf32>
func.func @attention(%query: tensor<2x3x4xf32>, %key: tensor<2x5x4xf32>, %value: tensor<2x5x4xf32>, %mask: tensor<2x3x5xf32>, %init: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = tm_tensor.attention ins(%query, %key, %value, %mask : tensor<2x3x4xf32>, tensor<2x5x4xf32>, tensor<2x5x4xf32>, tensor<2x3x5xf32>) outs(%init : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}
