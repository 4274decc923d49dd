// RUN: cegm-opt %s --convert-stablehlo-to-linalg --canonicalize --split-input-file | FileCheck %s

// One product for each group, of the rows that it has.
// CHECK: #[[$LHS:.*]] = affine_map<(d0, d1, d2) -> (d1, d0)>
// CHECK: #[[$RHS:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK: #[[$OUT:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-LABEL: func @ragged_rows(
// CHECK-SAME: %[[X:.*]]: tensor<8x4xf32>, %[[W:.*]]: tensor<3x4x5xf32>, %[[SIZES:.*]]: tensor<3xi32>
// CHECK: scf.for %[[GROUP:.*]] = %c0 to %c3 step %c1 iter_args(%[[START:.*]] = %c0, %[[SUM:.*]] =
// CHECK: tensor.extract %[[SIZES]][%[[GROUP]]]
// CHECK: %[[SIZE:.*]] = arith.minsi
// CHECK: %[[ROWS:.*]] = tensor.extract_slice %[[X]][%[[START]], 0] [%[[SIZE]], 4]
// CHECK: %[[MATRIX:.*]] = tensor.extract_slice %[[W]][%[[GROUP]], 0, 0] [1, 4, 5]
// CHECK: %[[INIT:.*]] = tensor.extract_slice %[[SUM]][%[[START]], 0] [%[[SIZE]], 5]
// CHECK: linalg.contract indexing_maps = [#[[$LHS]], #[[$RHS]], #[[$OUT]]]
// CHECK-SAME: ins(%[[ROWS]], %[[MATRIX]] : tensor<?x4xf32>, tensor<4x5xf32>)
// CHECK-SAME: outs(%[[INIT]] : tensor<?x5xf32>)
func.func @ragged_rows(%x: tensor<8x4xf32>, %w: tensor<3x4x5xf32>, %sizes: tensor<3xi32>) -> tensor<8x5xf32> {
  %0 = "chlo.ragged_dot"(%x, %w, %sizes) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}> : (tensor<8x4xf32>, tensor<3x4x5xf32>, tensor<3xi32>) -> tensor<8x5xf32>
  return %0 : tensor<8x5xf32>
}

// -----

// CHECK-LABEL: func @dynamic_batch(
// CHECK-SAME: %[[X:.*]]: tensor<?x8x7x3xf32>
// CHECK: %[[BATCH:.*]] = tensor.dim %[[X]], %c0
// CHECK: %[[EMPTY:.*]] = tensor.empty(%[[BATCH]]) : tensor<?x6x6x5xf32>
// CHECK: %[[INIT:.*]] = linalg.fill ins(%{{.*}}) outs(%[[EMPTY]]
// CHECK: linalg.conv_2d_nhwc_hwcf {{.*}} ins(%[[X]], %{{.*}}) outs(%[[INIT]]
func.func @dynamic_batch(%x: tensor<?x8x7x3xf32>, %k: tensor<3x2x3x5xf32>) -> tensor<?x6x6x5xf32> {
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<?x8x7x3xf32>, tensor<3x2x3x5xf32>) -> tensor<?x6x6x5xf32>
  return %0 : tensor<?x6x6x5xf32>
}

// -----

// Twelve is four times three: two small transforms, with a turn between.
// CHECK-LABEL: func @fourier(
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<2x4x3xcomplex<f32>>, tensor<4x4xcomplex<f32>>)
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<2x4x3xcomplex<f32>>, tensor<4x3xcomplex<f32>>)
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<8x3x1xcomplex<f32>>, tensor<3x3xcomplex<f32>>)
func.func @fourier(%x: tensor<2x12xcomplex<f32>>) -> tensor<2x12xcomplex<f32>> {
  %0 = stablehlo.fft %x, type = FFT, length = [12] : (tensor<2x12xcomplex<f32>>) -> tensor<2x12xcomplex<f32>>
  return %0 : tensor<2x12xcomplex<f32>>
}
