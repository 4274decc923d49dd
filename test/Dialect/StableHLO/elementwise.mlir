// Elementwise operations: the text is the official one, before and after.
// RUN: cegm-opt %s | FileCheck %s
// RUN: cegm-opt %s | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --mlir-print-op-generic | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --emit-bytecode | cegm-opt | FileCheck %s

// CHECK-LABEL: func.func @unary_float(
// CHECK-NEXT: %0 = stablehlo.abs %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %1 = stablehlo.cbrt %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %2 = stablehlo.ceil %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %3 = stablehlo.cosine %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %4 = stablehlo.exponential %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %5 = stablehlo.exponential_minus_one %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %6 = stablehlo.floor %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %7 = stablehlo.log %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %8 = stablehlo.log_plus_one %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %9 = stablehlo.logistic %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %10 = stablehlo.negate %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %11 = stablehlo.round_nearest_afz %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %12 = stablehlo.round_nearest_even %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %13 = stablehlo.rsqrt %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %14 = stablehlo.sign %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %15 = stablehlo.sine %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %16 = stablehlo.sqrt %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %17 = stablehlo.tan %arg0 : tensor<2x?xf32>
// CHECK-NEXT: %18 = stablehlo.tanh %arg0 : tensor<2x?xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @unary_float(%arg0: tensor<2x?xf32>) {
  %0 = stablehlo.abs %arg0 : tensor<2x?xf32>
  %1 = stablehlo.cbrt %arg0 : tensor<2x?xf32>
  %2 = stablehlo.ceil %arg0 : tensor<2x?xf32>
  %3 = stablehlo.cosine %arg0 : tensor<2x?xf32>
  %4 = stablehlo.exponential %arg0 : tensor<2x?xf32>
  %5 = stablehlo.exponential_minus_one %arg0 : tensor<2x?xf32>
  %6 = stablehlo.floor %arg0 : tensor<2x?xf32>
  %7 = stablehlo.log %arg0 : tensor<2x?xf32>
  %8 = stablehlo.log_plus_one %arg0 : tensor<2x?xf32>
  %9 = stablehlo.logistic %arg0 : tensor<2x?xf32>
  %10 = stablehlo.negate %arg0 : tensor<2x?xf32>
  %11 = stablehlo.round_nearest_afz %arg0 : tensor<2x?xf32>
  %12 = stablehlo.round_nearest_even %arg0 : tensor<2x?xf32>
  %13 = stablehlo.rsqrt %arg0 : tensor<2x?xf32>
  %14 = stablehlo.sign %arg0 : tensor<2x?xf32>
  %15 = stablehlo.sine %arg0 : tensor<2x?xf32>
  %16 = stablehlo.sqrt %arg0 : tensor<2x?xf32>
  %17 = stablehlo.tan %arg0 : tensor<2x?xf32>
  %18 = stablehlo.tanh %arg0 : tensor<2x?xf32>
  return
}

// CHECK-LABEL: func.func @unary_integer(
// CHECK-NEXT: %0 = stablehlo.abs %arg0 : tensor<4xi32>
// CHECK-NEXT: %1 = stablehlo.count_leading_zeros %arg0 : tensor<4xi32>
// CHECK-NEXT: %2 = stablehlo.not %arg0 : tensor<4xi32>
// CHECK-NEXT: %3 = stablehlo.negate %arg0 : tensor<4xi32>
// CHECK-NEXT: %4 = stablehlo.popcnt %arg0 : tensor<4xi32>
// CHECK-NEXT: %5 = stablehlo.sign %arg0 : tensor<4xi32>
// CHECK-NEXT: %6 = stablehlo.not %arg1 : tensor<i1>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @unary_integer(%arg0: tensor<4xi32>, %arg1: tensor<i1>) {
  %0 = stablehlo.abs %arg0 : tensor<4xi32>
  %1 = stablehlo.count_leading_zeros %arg0 : tensor<4xi32>
  %2 = stablehlo.not %arg0 : tensor<4xi32>
  %3 = stablehlo.negate %arg0 : tensor<4xi32>
  %4 = stablehlo.popcnt %arg0 : tensor<4xi32>
  %5 = stablehlo.sign %arg0 : tensor<4xi32>
  %6 = stablehlo.not %arg1 : tensor<i1>
  return
}

// CHECK-LABEL: func.func @unary_complex(
// CHECK-NEXT: %0 = stablehlo.abs %arg0 : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
// CHECK-NEXT: %1 = stablehlo.real %arg0 : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
// CHECK-NEXT: %2 = stablehlo.imag %arg0 : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
// CHECK-NEXT: %3 = stablehlo.real %arg1 : tensor<4xf32>
// CHECK-NEXT: %4 = stablehlo.exponential %arg0 : tensor<4xcomplex<f32>>
// CHECK-NEXT: %5 = stablehlo.complex %arg1, %arg1 : tensor<4xcomplex<f32>>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @unary_complex(%arg0: tensor<4xcomplex<f32>>, %arg1: tensor<4xf32>) {
  %0 = stablehlo.abs %arg0 : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
  %1 = stablehlo.real %arg0 : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
  %2 = stablehlo.imag %arg0 : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
  %3 = stablehlo.real %arg1 : tensor<4xf32>
  %4 = stablehlo.exponential %arg0 : tensor<4xcomplex<f32>>
  %5 = stablehlo.complex %arg1, %arg1 : tensor<4xcomplex<f32>>
  return
}

// CHECK-LABEL: func.func @conversions(
// CHECK-NEXT: %0 = stablehlo.convert %arg0 : (tensor<4xf32>) -> tensor<4xbf16>
// CHECK-NEXT: %1 = stablehlo.convert %arg0 : tensor<4xf32>
// CHECK-NEXT: %2 = stablehlo.reduce_precision %arg0, format = e8m7 : tensor<4xf32>
// CHECK-NEXT: %3 = stablehlo.is_finite %arg0 : (tensor<4xf32>) -> tensor<4xi1>
// CHECK-NEXT: %4 = stablehlo.convert %arg0 : (tensor<4xf32>) -> tensor<4xf8E4M3FN>
// CHECK-NEXT: %5 = stablehlo.convert %arg0 : (tensor<4xf32>) -> tensor<4xui4>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @conversions(%arg0: tensor<4xf32>, %arg1: tensor<4x2xi8>) {
  %0 = stablehlo.convert %arg0 : (tensor<4xf32>) -> tensor<4xbf16>
  %1 = stablehlo.convert %arg0 : tensor<4xf32>
  %2 = stablehlo.reduce_precision %arg0, format = e8m7 : tensor<4xf32>
  %3 = stablehlo.is_finite %arg0 : (tensor<4xf32>) -> tensor<4xi1>
  %4 = stablehlo.convert %arg0 : (tensor<4xf32>) -> tensor<4xf8E4M3FN>
  %5 = stablehlo.convert %arg0 : (tensor<4xf32>) -> tensor<4xui4>
  return
}

// CHECK-LABEL: func.func @accuracy(
// CHECK-NEXT: %0 = stablehlo.exponential %arg0 {result_accuracy = #stablehlo.result_accuracy<atol = 1.000000e-05, ulps = 3, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>} : tensor<4xf32>
// CHECK-NEXT: %1 = stablehlo.tanh %arg0 {result_accuracy = #stablehlo.result_accuracy<mode = #stablehlo.result_accuracy_mode<HIGHEST>>} : tensor<4xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @accuracy(%arg0: tensor<4xf32>) {
  %0 = stablehlo.exponential %arg0 {result_accuracy = #stablehlo.result_accuracy<atol = 1.000000e-05, ulps = 3, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>} : tensor<4xf32>
  %1 = stablehlo.tanh %arg0 {result_accuracy = #stablehlo.result_accuracy<mode = #stablehlo.result_accuracy_mode<HIGHEST>>} : tensor<4xf32>
  return
}

// CHECK-LABEL: func.func @binary_float(
// CHECK-NEXT: %0 = stablehlo.add %arg0, %arg1 : tensor<2x?xf32>
// CHECK-NEXT: %1 = stablehlo.atan2 %arg0, %arg1 : tensor<2x?xf32>
// CHECK-NEXT: %2 = stablehlo.divide %arg0, %arg1 : tensor<2x?xf32>
// CHECK-NEXT: %3 = stablehlo.maximum %arg0, %arg1 : tensor<2x?xf32>
// CHECK-NEXT: %4 = stablehlo.minimum %arg0, %arg1 : tensor<2x?xf32>
// CHECK-NEXT: %5 = stablehlo.multiply %arg0, %arg1 : tensor<2x?xf32>
// CHECK-NEXT: %6 = stablehlo.power %arg0, %arg1 : tensor<2x?xf32>
// CHECK-NEXT: %7 = stablehlo.remainder %arg0, %arg1 : tensor<2x?xf32>
// CHECK-NEXT: %8 = stablehlo.subtract %arg0, %arg1 : tensor<2x?xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @binary_float(%arg0: tensor<2x?xf32>, %arg1: tensor<2x?xf32>) {
  %0 = stablehlo.add %arg0, %arg1 : tensor<2x?xf32>
  %1 = stablehlo.atan2 %arg0, %arg1 : tensor<2x?xf32>
  %2 = stablehlo.divide %arg0, %arg1 : tensor<2x?xf32>
  %3 = stablehlo.maximum %arg0, %arg1 : tensor<2x?xf32>
  %4 = stablehlo.minimum %arg0, %arg1 : tensor<2x?xf32>
  %5 = stablehlo.multiply %arg0, %arg1 : tensor<2x?xf32>
  %6 = stablehlo.power %arg0, %arg1 : tensor<2x?xf32>
  %7 = stablehlo.remainder %arg0, %arg1 : tensor<2x?xf32>
  %8 = stablehlo.subtract %arg0, %arg1 : tensor<2x?xf32>
  return
}

// CHECK-LABEL: func.func @binary_integer(
// CHECK-NEXT: %0 = stablehlo.add %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %1 = stablehlo.and %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %2 = stablehlo.divide %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %3 = stablehlo.maximum %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %4 = stablehlo.minimum %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %5 = stablehlo.multiply %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %6 = stablehlo.or %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %7 = stablehlo.power %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %8 = stablehlo.remainder %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %9 = stablehlo.shift_left %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %10 = stablehlo.shift_right_arithmetic %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %11 = stablehlo.shift_right_logical %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %12 = stablehlo.subtract %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: %13 = stablehlo.xor %arg0, %arg1 : tensor<4xi32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @binary_integer(%arg0: tensor<4xi32>, %arg1: tensor<4xi32>) {
  %0 = stablehlo.add %arg0, %arg1 : tensor<4xi32>
  %1 = stablehlo.and %arg0, %arg1 : tensor<4xi32>
  %2 = stablehlo.divide %arg0, %arg1 : tensor<4xi32>
  %3 = stablehlo.maximum %arg0, %arg1 : tensor<4xi32>
  %4 = stablehlo.minimum %arg0, %arg1 : tensor<4xi32>
  %5 = stablehlo.multiply %arg0, %arg1 : tensor<4xi32>
  %6 = stablehlo.or %arg0, %arg1 : tensor<4xi32>
  %7 = stablehlo.power %arg0, %arg1 : tensor<4xi32>
  %8 = stablehlo.remainder %arg0, %arg1 : tensor<4xi32>
  %9 = stablehlo.shift_left %arg0, %arg1 : tensor<4xi32>
  %10 = stablehlo.shift_right_arithmetic %arg0, %arg1 : tensor<4xi32>
  %11 = stablehlo.shift_right_logical %arg0, %arg1 : tensor<4xi32>
  %12 = stablehlo.subtract %arg0, %arg1 : tensor<4xi32>
  %13 = stablehlo.xor %arg0, %arg1 : tensor<4xi32>
  return
}

// CHECK-LABEL: func.func @mixed_shapes(
// CHECK-NEXT: %0 = stablehlo.add %arg0, %arg1 : (tensor<?xf32>, tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT: %1 = stablehlo.negate %arg0 : (tensor<?xf32>) -> tensor<4xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @mixed_shapes(%arg0: tensor<?xf32>, %arg1: tensor<4xf32>) {
  %0 = stablehlo.add %arg0, %arg1 : (tensor<?xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = stablehlo.negate %arg0 : (tensor<?xf32>) -> tensor<4xf32>
  return
}

// CHECK-LABEL: func.func @compare(
// CHECK-NEXT: %0 = stablehlo.compare EQ, %arg0, %arg0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
// CHECK-NEXT: %1 = stablehlo.compare NE, %arg0, %arg0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
// CHECK-NEXT: %2 = stablehlo.compare GE, %arg0, %arg0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
// CHECK-NEXT: %3 = stablehlo.compare GT, %arg0, %arg0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
// CHECK-NEXT: %4 = stablehlo.compare LE, %arg0, %arg0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
// CHECK-NEXT: %5 = stablehlo.compare LT, %arg0, %arg0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
// CHECK-NEXT: %6 = stablehlo.compare LT, %arg0, %arg0, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
// CHECK-NEXT: %7 = stablehlo.compare LT, %arg0, %arg0, TOTALORDER : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
// CHECK-NEXT: %8 = stablehlo.compare LT, %arg1, %arg1, SIGNED : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
// CHECK-NEXT: %9 = stablehlo.compare LT, %arg2, %arg2, UNSIGNED : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xi1>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @compare(%arg0: tensor<4xf32>, %arg1: tensor<4xi32>, %arg2: tensor<4xui8>) {
  %0 = stablehlo.compare EQ, %arg0, %arg0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %1 = stablehlo.compare NE, %arg0, %arg0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %2 = stablehlo.compare GE, %arg0, %arg0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %3 = stablehlo.compare GT, %arg0, %arg0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %4 = stablehlo.compare LE, %arg0, %arg0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %5 = stablehlo.compare LT, %arg0, %arg0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %6 = stablehlo.compare LT, %arg0, %arg0, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %7 = stablehlo.compare LT, %arg0, %arg0, TOTALORDER : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %8 = stablehlo.compare LT, %arg1, %arg1, SIGNED : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
  %9 = stablehlo.compare LT, %arg2, %arg2, UNSIGNED : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xi1>
  return
}

// CHECK-LABEL: func.func @choices(
// CHECK-NEXT: %0 = stablehlo.select %arg0, %arg2, %arg2 : tensor<i1>, tensor<4xf32>
// CHECK-NEXT: %1 = stablehlo.select %arg1, %arg2, %arg2 : tensor<4xi1>, tensor<4xf32>
// CHECK-NEXT: %2 = stablehlo.select %arg1, %arg2, %arg4 : (tensor<4xi1>, tensor<4xf32>, tensor<?xf32>) -> tensor<4xf32>
// CHECK-NEXT: %3 = stablehlo.clamp %arg2, %arg2, %arg2 : tensor<4xf32>
// CHECK-NEXT: %4 = stablehlo.clamp %arg3, %arg2, %arg3 : (tensor<f32>, tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @choices(%arg0: tensor<i1>, %arg1: tensor<4xi1>, %arg2: tensor<4xf32>, %arg3: tensor<f32>, %arg4: tensor<?xf32>) {
  %0 = stablehlo.select %arg0, %arg2, %arg2 : tensor<i1>, tensor<4xf32>
  %1 = stablehlo.select %arg1, %arg2, %arg2 : tensor<4xi1>, tensor<4xf32>
  %2 = stablehlo.select %arg1, %arg2, %arg4 : (tensor<4xi1>, tensor<4xf32>, tensor<?xf32>) -> tensor<4xf32>
  %3 = stablehlo.clamp %arg2, %arg2, %arg2 : tensor<4xf32>
  %4 = stablehlo.clamp %arg3, %arg2, %arg3 : (tensor<f32>, tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return
}
