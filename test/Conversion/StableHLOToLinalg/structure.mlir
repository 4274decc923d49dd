// RUN: cegm-opt %s --convert-stablehlo-to-linalg --split-input-file | FileCheck %s

// Batch dimensions join to one, and so do those that are summed: a matrix product
// whose maps say that the left operand is stored the other way round.
// CHECK:       #[[$LEFT:.*]] = affine_map<(d0, d1, d2) -> (d2, d0)>
// CHECK:       #[[$RIGHT:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-LABEL: func.func @weight_gradient
// CHECK:         tensor.collapse_shape {{.*}} into tensor<10x3xf32>
// CHECK:         tensor.collapse_shape {{.*}} into tensor<10x6xf32>
// CHECK:         %[[ZEROS:.*]] = linalg.fill
// CHECK:         linalg.matmul indexing_maps = [#[[$LEFT]], #[[$RIGHT]], #{{.*}}] {{.*}} outs(%[[ZEROS]] : tensor<3x6xf32>)
func.func @weight_gradient(%x: tensor<2x5x3xf32>, %dy: tensor<2x5x6xf32>) -> tensor<3x6xf32> {
  %0 = stablehlo.dot_general %x, %dy, contracting_dims = [0, 1] x [0, 1] : (tensor<2x5x3xf32>, tensor<2x5x6xf32>) -> tensor<3x6xf32>
  return %0 : tensor<3x6xf32>
}

// -----

// Attention heads are not neighbours of the batch: no copy, but a contraction.
// CHECK-LABEL: func.func @heads
// CHECK-NOT:     tensor.collapse_shape
// CHECK:         linalg.contract
func.func @heads(%q: tensor<2x5x4x8xf32>, %k: tensor<2x6x4x8xf32>) -> tensor<2x4x5x6xf32> {
  %0 = stablehlo.dot_general %q, %k, batching_dims = [0, 2] x [0, 2], contracting_dims = [3] x [3] : (tensor<2x5x4x8xf32>, tensor<2x6x4x8xf32>) -> tensor<2x4x5x6xf32>
  return %0 : tensor<2x4x5x6xf32>
}

// -----

// Products of bf16 are summed in f32.
// CHECK-LABEL: func.func @narrow
// CHECK:         linalg.matmul {{.*}} outs({{.*}} : tensor<4x4xf32>)
// CHECK:         arith.truncf
func.func @narrow(%x: tensor<4x4xbf16>) -> tensor<4x4xbf16> {
  %0 = stablehlo.dot_general %x, %x, contracting_dims = [1] x [0] : (tensor<4x4xbf16>, tensor<4x4xbf16>) -> tensor<4x4xbf16>
  return %0 : tensor<4x4xbf16>
}

// -----

// A reduction of two tensors by one region.
// CHECK-LABEL: func.func @two_results
// CHECK:         %[[R:.*]]:2 = linalg.generic
// CHECK-SAME:      iterator_types = ["parallel", "reduction"]
// CHECK:         ^bb0(%[[A:.*]]: f32, %[[B:.*]]: i32, %[[SUM:.*]]: f32, %[[MAX:.*]]: i32):
// CHECK:           %[[S:.*]] = arith.addf %[[SUM]], %[[A]]
// CHECK:           %[[M:.*]] = arith.maxsi %[[MAX]], %[[B]]
// CHECK:           linalg.yield %[[S]], %[[M]]
func.func @two_results(%x: tensor<2x3xf32>, %i: tensor<2x3xi32>, %z: tensor<f32>, %n: tensor<i32>) -> (tensor<2xf32>, tensor<2xi32>) {
  %0:2 = stablehlo.reduce(%x init: %z), (%i init: %n) across dimensions = [1] : (tensor<2x3xf32>, tensor<2x3xi32>, tensor<f32>, tensor<i32>) -> (tensor<2xf32>, tensor<2xi32>)
    reducer(%a: tensor<f32>, %b: tensor<f32>) (%c: tensor<i32>, %d: tensor<i32>) {
      %1 = stablehlo.add %a, %b : tensor<f32>
      %2 = stablehlo.maximum %c, %d : tensor<i32>
      stablehlo.return %1, %2 : tensor<f32>, tensor<i32>
    }
  return %0#0, %0#1 : tensor<2xf32>, tensor<2xi32>
}

// -----

// Rows are added in place, one after the other, where they lie inside.
// CHECK-LABEL: func.func @embedding(
// CHECK-SAME:    %[[TABLE:.*]]: tensor<7x4xf32>, %[[IDS:.*]]: tensor<3x1xi32>, %[[ROWS:.*]]: tensor<3x4xf32>)
// CHECK:         scf.for %[[I:.*]] = {{.*}} iter_args(%[[OLD:.*]] = %[[TABLE]])
// CHECK:           %[[ID:.*]] = tensor.extract %[[IDS]][%[[I]], {{.*}}]
// CHECK:           %[[PLACE:.*]] = arith.index_cast %[[ID]]
// CHECK:           %[[INSIDE:.*]] = arith.cmpi ult, %[[PLACE]]
// CHECK:           scf.if %[[INSIDE]]
// CHECK:             %[[ROW:.*]] = tensor.extract_slice %[[ROWS]][%[[I]], 0] [1, 4]
// CHECK:             %[[WINDOW:.*]] = tensor.extract_slice %[[OLD]][%[[PLACE]], 0] [1, 4]
// CHECK:             %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[ROW]] : tensor<4xf32>) outs(%[[WINDOW]] : tensor<4xf32>)
// CHECK:             tensor.insert_slice %[[SUM]] into %[[OLD]][%[[PLACE]], 0]
func.func @embedding(%table: tensor<7x4xf32>, %ids: tensor<3x1xi32>, %rows: tensor<3x4xf32>) -> tensor<7x4xf32> {
  %0 = "stablehlo.scatter"(%table, %ids, %rows) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %1 = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<7x4xf32>, tensor<3x1xi32>, tensor<3x4xf32>) -> tensor<7x4xf32>
  return %0 : tensor<7x4xf32>
}

// -----

// A loop that counts is an scf.for; what it carries is written in place.
// CHECK-LABEL: func.func @scan(
// CHECK-SAME:    %[[X:.*]]: tensor<4x8xf32>, %[[ROW:.*]]: tensor<1x8xf32>)
// CHECK:         %[[R:.*]] = scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[OLD:.*]] = %[[X]]) -> (tensor<4x8xf32>)
// CHECK:           %[[NEXT:.*]] = tensor.insert_slice %[[ROW]] into %[[OLD]]
// CHECK:           scf.yield %[[NEXT]]
// CHECK:         return %[[R]]
func.func @scan(%x: tensor<4x8xf32>, %row: tensor<1x8xf32>) -> tensor<4x8xf32> {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %0:2 = stablehlo.while(%i = %zero, %a = %x) : tensor<i32>, tensor<4x8xf32>
  cond {
    %n = stablehlo.constant dense<4> : tensor<i32>
    %1 = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  } do {
    %one = stablehlo.constant dense<1> : tensor<i32>
    %2 = stablehlo.dynamic_update_slice %a, %row, %i, %zero : (tensor<4x8xf32>, tensor<1x8xf32>, tensor<i32>, tensor<i32>) -> tensor<4x8xf32>
    %3 = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %3, %2 : tensor<i32>, tensor<4x8xf32>
  }
  return %0#1 : tensor<4x8xf32>
}

// -----

// On one device, shardings are dropped, and a collective gives back its operand.
// CHECK-LABEL: func.func @one_device(
// CHECK-SAME:    %[[X:.*]]: tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT:    return %[[X]]
// CHECK-NOT:     sdy
sdy.mesh @mesh = <["x"=1]>
func.func @one_device(%x: tensor<4xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}]>}) -> tensor<4xf32> {
  %0 = sdy.sharding_constraint %x <@mesh, [{}]> : tensor<4xf32>
  %1 = stablehlo.custom_call @Sharding(%0) : (tensor<4xf32>) -> tensor<4xf32>
  %2 = "stablehlo.all_gather"(%1) <{all_gather_dim = 0 : i64, replica_groups = dense<0> : tensor<1x1xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// -----

// CHECK-LABEL: func.func @convolution
// CHECK:         linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : vector<2xi64>, strides = dense<[2, 1]> : vector<2xi64>}
func.func @convolution(%x: tensor<2x8x7x3xf32>, %k: tensor<3x2x3x5xf32>) -> tensor<2x3x6x5xf32> {
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [2, 1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2x8x7x3xf32>, tensor<3x2x3x5xf32>) -> tensor<2x3x6x5xf32>
  return %0 : tensor<2x3x6x5xf32>
}

// -----

// CHECK-LABEL: func.func @tm_scatter
// CHECK:         scf.for
// CHECK:           linalg.generic
// CHECK:           tensor.insert_slice
func.func @tm_scatter(%rows: tensor<9x1x4xf32>, %ids: tensor<9x1xi64>, %table: tensor<6x4xf32>) -> tensor<6x4xf32> {
  %0 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(false) ins(%rows, %ids : tensor<9x1x4xf32>, tensor<9x1xi64>) outs(%table : tensor<6x4xf32>) {
  ^bb0(%row: f32, %current: f32):
    %1 = arith.addf %current, %row : f32
    tm_tensor.yield %1 : f32
  } -> tensor<6x4xf32>
  return %0 : tensor<6x4xf32>
}

// -----

// A sum of all elements so far follows from the one before.
// CHECK-LABEL: func.func @cumulative(
// CHECK-SAME:    %[[X:.*]]: tensor<4x8xf32>)
// CHECK:         scf.for
// CHECK:           scf.for %{{.*}} iter_args(%{{.*}}, %[[SUM:.*]] = %{{.*}}) -> (tensor<4x8xf32>, f32)
// CHECK:             %[[ELEMENT:.*]] = tensor.extract %[[X]]
// CHECK:             %[[NEXT:.*]] = arith.addf %[[SUM]], %[[ELEMENT]] : f32
// CHECK:             %[[R:.*]] = tensor.insert %[[NEXT]]
// CHECK:             scf.yield %[[R]], %[[NEXT]]
func.func @cumulative(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = "stablehlo.reduce_window"(%x, %zero) <{padding = dense<[[0, 0], [7, 0]]> : tensor<2x2xi64>, window_dimensions = array<i64: 1, 8>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %1 = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

// The padding is not neutral: it is added as often as it is in a window.
// CHECK-LABEL: func.func @padded(
// CHECK:         linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction", "reduction"]
func.func @padded(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = stablehlo.constant dense<1.0> : tensor<f32>
  %0 = "stablehlo.reduce_window"(%x, %one) <{padding = dense<[[0, 0], [7, 0]]> : tensor<2x2xi64>, window_dimensions = array<i64: 1, 8>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %1 = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

// A size that is known in one place alone is cast at the borders of the loop.
// CHECK-LABEL: func.func @while_sizes(
// CHECK:         %[[IN:.*]] = tensor.cast %arg0 : tensor<3xf32> to tensor<?xf32>
// CHECK:         scf.while (%{{.*}} = %[[IN]], {{.*}}) : (tensor<?xf32>, i32) -> (tensor<?xf32>, i32)
// CHECK:           tensor.cast %{{.*}} : tensor<?xf32> to tensor<3xf32>
func.func @while_sizes(%x: tensor<3xf32>, %n: tensor<i32>) -> tensor<?xf32> {
  %0:2 = "stablehlo.while"(%x, %n) ({
  ^bb0(%a: tensor<?xf32>, %i: tensor<i32>):
    %c = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  }, {
  ^bb0(%a: tensor<3xf32>, %i: tensor<i32>):
    %y = stablehlo.add %a, %a : tensor<3xf32>
    stablehlo.return %y, %i : tensor<3xf32>, tensor<i32>
  }) : (tensor<3xf32>, tensor<i32>) -> (tensor<?xf32>, tensor<i32>)
  return %0#0 : tensor<?xf32>
}

// -----

// A region takes what it accumulates in a wider type.
// CHECK-LABEL: func.func @promoted(
// CHECK:         %[[UPDATE:.*]] = arith.extf %{{.*}} : bf16 to f32
// CHECK:         arith.addf %{{.*}}, %[[UPDATE]] : f32
func.func @promoted(%x: tensor<4x3xf32>, %i: tensor<2x1xi32>, %u: tensor<2x3xbf16>) -> tensor<4x3xf32> {
  %0 = "stablehlo.scatter"(%x, %i, %u) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<4x3xf32>, tensor<2x1xi32>, tensor<2x3xbf16>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// -----

// Groups divide the features of a kernel of which no other size is known.
// CHECK-LABEL: func.func @grouped(
// CHECK:         tensor.expand_shape %{{.*}} : tensor<?x?x?x4xbf16> into tensor<?x?x?x2x2xbf16>
func.func @grouped(%x: tensor<2x8x8x6xbf16>, %k: tensor<?x?x?x4xbf16>) -> tensor<2x?x4x4xf32> {
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [2, 2], pad = [[0, 0], [0, 0]]} {batch_group_count = 1 : i64, feature_group_count = 2 : i64} : (tensor<2x8x8x6xbf16>, tensor<?x?x?x4xbf16>) -> tensor<2x?x4x4xf32>
  return %0 : tensor<2x?x4x4xf32>
}
