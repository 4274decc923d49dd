// Quantized types.
// RUN: cegm-opt %s | FileCheck %s
// RUN: cegm-opt %s | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --mlir-print-op-generic | cegm-opt | FileCheck %s

// CHECK-LABEL: func.func @quantized
// CHECK: stablehlo.uniform_quantize %arg0 : (tensor<4xf32>) -> tensor<4x!quant.uniform<i8:f32, 5.000000e-01:3>>
// CHECK: stablehlo.add %{{.*}}, %{{.*}} : tensor<4x!quant.uniform<i8:f32, 5.000000e-01:3>>
// CHECK: stablehlo.uniform_dequantize %{{.*}} : (tensor<4x!quant.uniform<i8:f32, 5.000000e-01:3>>) -> tensor<4xf32>
// CHECK: stablehlo.constant() <{value = dense<1> : tensor<2xi8>}> : () -> tensor<2x!quant.uniform<i8:f32, 1.000000e+00:17>>
func.func @quantized(%arg0: tensor<4xf32>) {
  %0 = stablehlo.uniform_quantize %arg0 : (tensor<4xf32>) -> tensor<4x!quant.uniform<i8:f32, 5.000000e-01:3>>
  %1 = stablehlo.add %0, %0 : tensor<4x!quant.uniform<i8:f32, 5.000000e-01:3>>
  %2 = stablehlo.uniform_dequantize %1 : (tensor<4x!quant.uniform<i8:f32, 5.000000e-01:3>>) -> tensor<4xf32>
  %3 = stablehlo.constant() <{value = dense<1> : tensor<2xi8>}> : () -> tensor<2x!quant.uniform<i8:f32, 1.0:17>>
  return
}
