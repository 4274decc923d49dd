// CHLO: the text is the official one, before and after.
// RUN: cegm-opt %s | FileCheck %s
// RUN: cegm-opt %s | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --mlir-print-op-generic | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --emit-bytecode | cegm-opt | FileCheck %s

// CHECK-LABEL: func.func @unary(
// CHECK-NEXT: %0 = chlo.acos %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %1 = chlo.acosh %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %2 = chlo.asin %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %3 = chlo.asinh %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %4 = chlo.atan %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %5 = chlo.atanh %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %6 = chlo.bessel_i1e %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %7 = chlo.cosh %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %8 = chlo.digamma %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %9 = chlo.erf %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %10 = chlo.erf_inv %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %11 = chlo.erfc %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %12 = chlo.lgamma %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %13 = chlo.sinh %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %14 = chlo.square %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %15 = chlo.tan %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
// CHECK-NEXT: %16 = chlo._asin_acos_kernel %arg1 : tensor<4xcomplex<f32>> -> tensor<4xcomplex<f32>>
// CHECK-NEXT: %17 = chlo.conj %arg1 : tensor<4xcomplex<f32>> -> tensor<4xcomplex<f32>>
// CHECK-NEXT: %18 = chlo.is_inf %arg0 : tensor<2x?xf32> -> tensor<2x?xi1>
// CHECK-NEXT: %19 = chlo.is_neg_inf %arg0 : tensor<2x?xf32> -> tensor<2x?xi1>
// CHECK-NEXT: %20 = chlo.is_pos_inf %arg0 : tensor<2x?xf32> -> tensor<2x?xi1>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @unary(%arg0: tensor<2x?xf32>, %arg1: tensor<4xcomplex<f32>>) {
  %0 = chlo.acos %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %1 = chlo.acosh %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %2 = chlo.asin %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %3 = chlo.asinh %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %4 = chlo.atan %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %5 = chlo.atanh %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %6 = chlo.bessel_i1e %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %7 = chlo.cosh %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %8 = chlo.digamma %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %9 = chlo.erf %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %10 = chlo.erf_inv %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %11 = chlo.erfc %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %12 = chlo.lgamma %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %13 = chlo.sinh %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %14 = chlo.square %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %15 = chlo.tan %arg0 : tensor<2x?xf32> -> tensor<2x?xf32>
  %16 = chlo._asin_acos_kernel %arg1 : tensor<4xcomplex<f32>> -> tensor<4xcomplex<f32>>
  %17 = chlo.conj %arg1 : tensor<4xcomplex<f32>> -> tensor<4xcomplex<f32>>
  %18 = chlo.is_inf %arg0 : tensor<2x?xf32> -> tensor<2x?xi1>
  %19 = chlo.is_neg_inf %arg0 : tensor<2x?xf32> -> tensor<2x?xi1>
  %20 = chlo.is_pos_inf %arg0 : tensor<2x?xf32> -> tensor<2x?xi1>
  return
}

// CHECK-LABEL: func.func @binary(
// CHECK-NEXT: %0 = chlo.next_after %arg0, %arg0 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
// CHECK-NEXT: %1 = chlo.polygamma %arg0, %arg0 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
// CHECK-NEXT: %2 = chlo.zeta %arg0, %arg0 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
// CHECK-NEXT: %3 = chlo.mulhi %arg1, %arg1 : tensor<4xi32>, tensor<4xi32> -> tensor<4xi32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @binary(%arg0: tensor<4xf32>, %arg1: tensor<4xi32>) {
  %0 = chlo.next_after %arg0, %arg0 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %1 = chlo.polygamma %arg0, %arg0 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %2 = chlo.zeta %arg0, %arg0 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %3 = chlo.mulhi %arg1, %arg1 : tensor<4xi32>, tensor<4xi32> -> tensor<4xi32>
  return
}

// CHECK-LABEL: func.func @constants(
// CHECK-NEXT: %0 = chlo.constant dense<[1, 2]> : tensor<2xi32>
// CHECK-NEXT: %1 = "chlo.constant_like"(%arg0) <{value = 1.500000e+00 : f32}> : (tensor<?xf32>) -> tensor<?xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @constants(%arg0: tensor<?xf32>) {
  %0 = chlo.constant dense<[1, 2]> : tensor<2xi32>
  %1 = "chlo.constant_like"(%arg0) <{value = 1.500000e+00 : f32}> : (tensor<?xf32>) -> tensor<?xf32>
  return
}

// CHECK-LABEL: func.func @broadcasts(
// CHECK-NEXT: %0 = chlo.broadcast_add %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: %1 = chlo.broadcast_atan2 %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: %2 = chlo.broadcast_divide %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: %3 = chlo.broadcast_maximum %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: %4 = chlo.broadcast_minimum %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: %5 = chlo.broadcast_multiply %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: %6 = chlo.broadcast_next_after %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: %7 = chlo.broadcast_polygamma %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: %8 = chlo.broadcast_power %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: %9 = chlo.broadcast_remainder %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: %10 = chlo.broadcast_subtract %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: %11 = chlo.broadcast_zeta %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: %12 = chlo.broadcast_and %arg2, %arg2 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
// CHECK-NEXT: %13 = chlo.broadcast_or %arg2, %arg2 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
// CHECK-NEXT: %14 = chlo.broadcast_shift_left %arg2, %arg2 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
// CHECK-NEXT: %15 = chlo.broadcast_shift_right_arithmetic %arg2, %arg2 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
// CHECK-NEXT: %16 = chlo.broadcast_shift_right_logical %arg2, %arg2 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
// CHECK-NEXT: %17 = chlo.broadcast_xor %arg2, %arg2 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
// CHECK-NEXT: %18 = chlo.broadcast_complex %arg0, %arg0 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xcomplex<f32>>
// CHECK-NEXT: %19 = chlo.broadcast_compare %arg0, %arg1 {comparison_direction = #chlo<comparison_direction LT>} : (tensor<?xf32>, tensor<f32>) -> tensor<?xi1>
// CHECK-NEXT: %20 = chlo.broadcast_compare %arg0, %arg0 {broadcast_dimensions = array<i64: 0>, compare_type = #chlo<comparison_type FLOAT>, comparison_direction = #chlo<comparison_direction EQ>} : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xi1>
// CHECK-NEXT: %21 = chlo.broadcast_select %arg3, %arg0, %arg1 : (tensor<?xi1>, tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @broadcasts(%arg0: tensor<?xf32>, %arg1: tensor<f32>, %arg2: tensor<?xi32>, %arg3: tensor<?xi1>) {
  %0 = chlo.broadcast_add %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %1 = chlo.broadcast_atan2 %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %2 = chlo.broadcast_divide %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %3 = chlo.broadcast_maximum %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %4 = chlo.broadcast_minimum %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %5 = chlo.broadcast_multiply %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %6 = chlo.broadcast_next_after %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %7 = chlo.broadcast_polygamma %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %8 = chlo.broadcast_power %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %9 = chlo.broadcast_remainder %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %10 = chlo.broadcast_subtract %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %11 = chlo.broadcast_zeta %arg0, %arg1 : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %12 = chlo.broadcast_and %arg2, %arg2 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
  %13 = chlo.broadcast_or %arg2, %arg2 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
  %14 = chlo.broadcast_shift_left %arg2, %arg2 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
  %15 = chlo.broadcast_shift_right_arithmetic %arg2, %arg2 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
  %16 = chlo.broadcast_shift_right_logical %arg2, %arg2 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
  %17 = chlo.broadcast_xor %arg2, %arg2 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
  %18 = chlo.broadcast_complex %arg0, %arg0 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xcomplex<f32>>
  %19 = chlo.broadcast_compare %arg0, %arg1 {comparison_direction = #chlo<comparison_direction LT>} : (tensor<?xf32>, tensor<f32>) -> tensor<?xi1>
  %20 = chlo.broadcast_compare %arg0, %arg0 {broadcast_dimensions = array<i64: 0>, compare_type = #chlo<comparison_type FLOAT>, comparison_direction = #chlo<comparison_direction EQ>} : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xi1>
  %21 = chlo.broadcast_select %arg3, %arg0, %arg1 : (tensor<?xi1>, tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  return
}

// CHECK-LABEL: func.func @compound(
// CHECK-NEXT: %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{precision_config = [#chlo<precision DEFAULT>, #chlo<precision HIGHEST>], ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}> : (tensor<6x4xf32>, tensor<2x4x5xf32>, tensor<2xi32>) -> tensor<6x5xf32>
// CHECK-NEXT: %values, %indices = chlo.top_k(%arg0, k = 2) : tensor<6x4xf32> -> (tensor<6x2xf32>, tensor<6x2xi32>)
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @compound(%arg0: tensor<6x4xf32>, %arg1: tensor<2x4x5xf32>, %arg2: tensor<2xi32>) {
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{precision_config = [#chlo<precision DEFAULT>, #chlo<precision HIGHEST>], ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}> : (tensor<6x4xf32>, tensor<2x4x5xf32>, tensor<2xi32>) -> tensor<6x5xf32>
  %values, %indices = chlo.top_k(%arg0, k = 2) : tensor<6x4xf32> -> (tensor<6x2xf32>, tensor<6x2xi32>)
  return
}

// CHECK-LABEL: func.func @scan(
// CHECK-NEXT: %0:4 = chlo.scan(%arg0, %arg2) inits (%arg1, %arg3) dimension=0  attributes {is_associative = true, is_reverse = true, note = 1 : i32} {
// CHECK-NEXT: ^bb0(%input: tensor<3xf32>, %input_0: tensor<3xi32>, %carry: tensor<3xf32>, %carry_1: tensor<3xi32>):
// CHECK-NEXT: %2 = stablehlo.add %input, %carry : tensor<3xf32>
// CHECK-NEXT: %3 = stablehlo.add %input_0, %carry_1 : tensor<3xi32>
// CHECK-NEXT: stablehlo.return %2, %3, %2, %3 : tensor<3xf32>, tensor<3xi32>, tensor<3xf32>, tensor<3xi32>
// CHECK-NEXT: } : (tensor<2x3xf32>, tensor<2x3xi32>, tensor<3xf32>, tensor<3xi32>) -> (tensor<2x3xf32>, tensor<2x3xi32>, tensor<3xf32>, tensor<3xi32>)
// CHECK-NEXT: %1 = chlo.scan(%arg0) inits () dimension=0  {
// CHECK-NEXT: ^bb0(%input: tensor<3xf32>):
// CHECK-NEXT: stablehlo.return %input : tensor<3xf32>
// CHECK-NEXT: } : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @scan(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>, %arg2: tensor<2x3xi32>, %arg3: tensor<3xi32>) {
  %0:4 = chlo.scan(%arg0, %arg2) inits (%arg1, %arg3) dimension=0  attributes {is_associative = true, is_reverse = true, note = 1 : i32} {
  ^bb0(%input: tensor<3xf32>, %input_0: tensor<3xi32>, %carry: tensor<3xf32>, %carry_1: tensor<3xi32>):
    %2 = stablehlo.add %input, %carry : tensor<3xf32>
    %3 = stablehlo.add %input_0, %carry_1 : tensor<3xi32>
    stablehlo.return %2, %3, %2, %3 : tensor<3xf32>, tensor<3xi32>, tensor<3xf32>, tensor<3xi32>
  } : (tensor<2x3xf32>, tensor<2x3xi32>, tensor<3xf32>, tensor<3xi32>) -> (tensor<2x3xf32>, tensor<2x3xi32>, tensor<3xf32>, tensor<3xi32>)
  %1 = chlo.scan(%arg0) inits () dimension=0  {
  ^bb0(%input: tensor<3xf32>):
    stablehlo.return %input : tensor<3xf32>
  } : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
