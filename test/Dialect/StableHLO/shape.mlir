// Constants and operations that move elements: the text is the official one, before and after.
// RUN: cegm-opt %s | FileCheck %s
// RUN: cegm-opt %s | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --mlir-print-op-generic | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --emit-bytecode | cegm-opt | FileCheck %s

// CHECK-LABEL: func.func @constants(
// CHECK-NEXT: %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %c = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
// CHECK-NEXT: %cst_0 = stablehlo.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
// CHECK-NEXT: %c_1 = stablehlo.constant dense<true> : tensor<4xi1>
// CHECK-NEXT: %cst_2 = stablehlo.constant dense<(1.000000e+00,-0.000000e+00)> : tensor<complex<f32>>
// CHECK-NEXT: %cst_3 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
// CHECK-NEXT: %c_4 = stablehlo.constant {mhlo.note = "kept"} dense<> : tensor<0xui8>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @constants() {
  %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
  %c = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %cst_0 = stablehlo.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
  %c_1 = stablehlo.constant dense<true> : tensor<4xi1>
  %cst_2 = stablehlo.constant dense<(1.000000e+00,-0.000000e+00)> : tensor<complex<f32>>
  %cst_3 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
  %c_4 = stablehlo.constant {mhlo.note = "kept"} dense<> : tensor<0xui8>
  return
}

// CHECK-LABEL: func.func @iota(
// CHECK-NEXT: %0 = stablehlo.iota dim = 1 : tensor<3x4xi32>
// CHECK-NEXT: return %0 : tensor<3x4xi32>
// CHECK-NEXT: }
func.func @iota() -> tensor<3x4xi32> {
  %0 = stablehlo.iota dim = 1 : tensor<3x4xi32>
  return %0 : tensor<3x4xi32>
}

// CHECK-LABEL: func.func @shapes(
// CHECK-NEXT: %0 = stablehlo.bitcast_convert %arg0 : (tensor<2x3xf32>) -> tensor<2x3xi32>
// CHECK-NEXT: %1 = stablehlo.bitcast_convert %arg0 : (tensor<2x3xf32>) -> tensor<2x3x4xi8>
// CHECK-NEXT: %2 = stablehlo.broadcast %arg0, sizes = [4] : (tensor<2x3xf32>) -> tensor<4x2x3xf32>
// CHECK-NEXT: %3 = stablehlo.broadcast_in_dim %arg1, dims = [0, 2] : (tensor<2x1xf32>) -> tensor<2x5x3xf32>
// CHECK-NEXT: %4 = stablehlo.reshape %arg0 : (tensor<2x3xf32>) -> tensor<6xf32>
// CHECK-NEXT: %5 = stablehlo.reverse %arg0, dims = [0, 1] : tensor<2x3xf32>
// CHECK-NEXT: %6 = stablehlo.transpose %arg0, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
// CHECK-NEXT: %7 = stablehlo.transpose %arg2, dims = [1, 0] : (tensor<?x4xf32, #stablehlo.bounds<8, ?>>) -> tensor<4x?xf32, #stablehlo.bounds<?, 8>>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @shapes(%arg0: tensor<2x3xf32>, %arg1: tensor<2x1xf32>, %arg2: tensor<?x4xf32, #stablehlo.bounds<8, ?>>) {
  %0 = stablehlo.bitcast_convert %arg0 : (tensor<2x3xf32>) -> tensor<2x3xi32>
  %1 = stablehlo.bitcast_convert %arg0 : (tensor<2x3xf32>) -> tensor<2x3x4xi8>
  %2 = stablehlo.broadcast %arg0, sizes = [4] : (tensor<2x3xf32>) -> tensor<4x2x3xf32>
  %3 = stablehlo.broadcast_in_dim %arg1, dims = [0, 2] : (tensor<2x1xf32>) -> tensor<2x5x3xf32>
  %4 = stablehlo.reshape %arg0 : (tensor<2x3xf32>) -> tensor<6xf32>
  %5 = stablehlo.reverse %arg0, dims = [0, 1] : tensor<2x3xf32>
  %6 = stablehlo.transpose %arg0, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %7 = stablehlo.transpose %arg2, dims = [1, 0] : (tensor<?x4xf32, #stablehlo.bounds<8, ?>>) -> tensor<4x?xf32, #stablehlo.bounds<?, 8>>
  return
}

// CHECK-LABEL: func.func @scalar_broadcast(
// CHECK-NEXT: %0 = stablehlo.broadcast_in_dim %arg0, dims = [] : (tensor<f32>) -> tensor<4xf32>
// CHECK-NEXT: return %0 : tensor<4xf32>
// CHECK-NEXT: }
func.func @scalar_broadcast(%arg0: tensor<f32>) -> tensor<4xf32> {
  %0 = stablehlo.broadcast_in_dim %arg0, dims = [] : (tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @parts(
// CHECK-NEXT: %0 = stablehlo.concatenate %arg0, %arg0, dim = 0 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<8x8xf32>
// CHECK-NEXT: %1 = stablehlo.pad %arg0, %arg1, low = [1, -1], high = [0, 2], interior = [0, 1] : (tensor<4x8xf32>, tensor<f32>) -> tensor<5x16xf32>
// CHECK-NEXT: %2 = stablehlo.slice %arg0 [0:2, 0:8:3] : (tensor<4x8xf32>) -> tensor<2x3xf32>
// CHECK-NEXT: %3 = stablehlo.slice %arg4 [] : (tensor<f32>) -> tensor<f32>
// CHECK-NEXT: %4 = stablehlo.dynamic_slice %arg0, %arg2, %arg2, sizes = [2, 3] : (tensor<4x8xf32>, tensor<i32>, tensor<i32>) -> tensor<2x3xf32>
// CHECK-NEXT: %5 = stablehlo.dynamic_update_slice %arg0, %arg3, %arg2, %arg2 : (tensor<4x8xf32>, tensor<2x3xf32>, tensor<i32>, tensor<i32>) -> tensor<4x8xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @parts(%arg0: tensor<4x8xf32>, %arg1: tensor<f32>, %arg2: tensor<i32>, %arg3: tensor<2x3xf32>, %arg4: tensor<f32>) {
  %0 = stablehlo.concatenate %arg0, %arg0, dim = 0 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<8x8xf32>
  %1 = stablehlo.pad %arg0, %arg1, low = [1, -1], high = [0, 2], interior = [0, 1] : (tensor<4x8xf32>, tensor<f32>) -> tensor<5x16xf32>
  %2 = stablehlo.slice %arg0 [0:2, 0:8:3] : (tensor<4x8xf32>) -> tensor<2x3xf32>
  %3 = stablehlo.slice %arg4 [] : (tensor<f32>) -> tensor<f32>
  %4 = stablehlo.dynamic_slice %arg0, %arg2, %arg2, sizes = [2, 3] : (tensor<4x8xf32>, tensor<i32>, tensor<i32>) -> tensor<2x3xf32>
  %5 = stablehlo.dynamic_update_slice %arg0, %arg3, %arg2, %arg2 : (tensor<4x8xf32>, tensor<2x3xf32>, tensor<i32>, tensor<i32>) -> tensor<4x8xf32>
  return
}
