// What the verifiers let through: sizes that may agree at run time, and what the
// specification says less about.
// RUN: cegm-opt %s | FileCheck %s

// A window of a size that is only known at run time, groups of features, and a
// result with wider elements than the operands.
// CHECK-LABEL: func.func @convolutions
func.func @convolutions(%arg0: tensor<?x8x8x6xf32>, %arg1: tensor<3x?x6x16xf32>, %arg2: tensor<2x8x8x6xbf16>, %arg3: tensor<3x3x3x4xbf16>, %arg4: tensor<2x2xi32>) {
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<?x8x8x6xf32>, tensor<3x?x6x16xf32>) -> tensor<5x6x7x16xf32>
  %1 = stablehlo.convolution(%arg2, %arg3) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [2, 3], pad = [[1, 1], [-1, 0]], lhs_dilate = [1, 2], rhs_dilate = [2, 1], reverse = [true, false]} {batch_group_count = 1 : i64, feature_group_count = 2 : i64} : (tensor<2x8x8x6xbf16>, tensor<3x3x3x4xbf16>) -> tensor<2x3x4x4xf32>
  %2 = "stablehlo.dynamic_conv"(%arg2, %arg3, %arg4) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 2 : i64}> : (tensor<2x8x8x6xbf16>, tensor<3x3x3x4xbf16>, tensor<2x2xi32>) -> tensor<2x9x1x4xf32>
  return
}

// A window that is larger than what it moves over fits nowhere.
// CHECK-LABEL: func.func @windows
func.func @windows(%arg0: tensor<?x2xbf16>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 3>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<bf16>):
    %1 = stablehlo.convert %arg3 : (tensor<bf16>) -> tensor<f32>
    %2 = stablehlo.add %arg2, %1 : tensor<f32>
    stablehlo.return %2 : tensor<f32>
  }) : (tensor<?x2xbf16>, tensor<f32>) -> tensor<7x0xf32>
  return
}

// Accumulators that are wider than the elements.
// CHECK-LABEL: func.func @accumulators
func.func @accumulators(%arg0: tensor<4x3xi1>, %arg1: tensor<i32>, %arg2: tensor<4x3xbf16>, %arg3: tensor<bf16>) {
  %0 = stablehlo.reduce(%arg0 init: %arg1) across dimensions = [0] : (tensor<4x3xi1>, tensor<i32>) -> tensor<3xi32>
   reducer(%arg4: tensor<i32>, %arg5: tensor<i32>) {
    %2 = stablehlo.add %arg4, %arg5 : tensor<i32>
    stablehlo.return %2 : tensor<i32>
  }
  %1 = stablehlo.reduce(%arg2 init: %arg3) across dimensions = [0] : (tensor<4x3xbf16>, tensor<bf16>) -> tensor<3xf32>
   reducer(%arg4: tensor<f32>, %arg5: tensor<f32>) {
    %2 = stablehlo.add %arg4, %arg5 : tensor<f32>
    stablehlo.return %2 : tensor<f32>
  }
  return
}

// Groups of all processes, groups that are filled up, and groups of partitions,
// whose number is not known.
// CHECK-LABEL: func.func @groups
func.func @groups(%arg0: tensor<4x?xf32>, %arg1: tensor<4x8xf32>) {
  %0 = "stablehlo.all_gather"(%arg1) <{all_gather_dim = 1 : i64, replica_groups = dense<> : tensor<0x0xi64>}> : (tensor<4x8xf32>) -> tensor<4x24xf32>
  %1 = "stablehlo.all_reduce"(%arg1) <{replica_groups = dense<[[0, 1], [2, -1]]> : tensor<2x2xi64>}> ({
  ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
    stablehlo.return %arg2 : tensor<f32>
  }) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %2 = "stablehlo.all_gather"(%arg1) <{all_gather_dim = 1 : i64, channel_handle = #stablehlo.channel_handle<handle = 1, type = 0>, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4x8xf32>) -> tensor<4x32xf32>
  %3 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4x?xf32>) -> tensor<4x9xf32>
  %4 = "stablehlo.all_to_all"(%arg0) <{concat_dimension = 1 : i64, replica_groups = dense<[[1, 0]]> : tensor<1x2xi64>, split_count = 2 : i64, split_dimension = 1 : i64}> : (tensor<4x?xf32>) -> tensor<4x7xf32>
  return
}

// Processes that are in no group receive zeros.
// CHECK-LABEL: func.func @some_processes
func.func @some_processes(%arg0: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "stablehlo.collective_broadcast"(%arg0) <{replica_groups = dense<[[2, 5]]> : tensor<1x2xi64>}> : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Groups by the axes of a mesh that is a symbol.
sdy.mesh @mesh = <["x"=2]>

// CHECK-LABEL: func.func @mesh_symbol
func.func @mesh_symbol(%arg0: tensor<4xf32>) -> tensor<12xf32> {
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 0 : i64, replica_groups = #stablehlo.replica_group_mesh_axes<mesh = @mesh, axes = [#stablehlo.axis_ref<name = "x">]>}> : (tensor<4xf32>) -> tensor<12xf32>
  return %0 : tensor<12xf32>
}

// Sizes of a shape that is an operand.
// CHECK-LABEL: func.func @shapes
func.func @shapes(%arg0: tensor<?x3xf32>, %arg1: tensor<2xindex>, %arg2: tensor<2xi64>, %arg3: tensor<f32>) {
  %0 = stablehlo.dynamic_reshape %arg0, %arg1 : (tensor<?x3xf32>, tensor<2xindex>) -> tensor<6x2xf32>
  %1 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg2, dims = [0, 1] : (tensor<?x3xf32>, tensor<2xi64>) -> tensor<4x3xf32>
  %2 = stablehlo.dynamic_pad %arg0, %arg3, %arg2, %arg2, %arg2 : (tensor<?x3xf32>, tensor<f32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<7x7xf32>
  %3 = stablehlo.bitcast_convert %arg0 : (tensor<?x3xf32>) -> tensor<4x3x2xi16>
  %4 = stablehlo.bitcast_convert %3 : (tensor<4x3x2xi16>) -> tensor<?x3xf32>
  return
}

// Products of numbers of 8 bits in different formats, and transforms of nothing.
// CHECK-LABEL: func.func @products
func.func @products(%arg0: tensor<2x3xf8E4M3FN>, %arg1: tensor<3x5xf8E5M2>, %arg2: tensor<3x0xf32>) {
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = f8E4M3FN, rhs_precision_type = f8E5M2, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = true> : (tensor<2x3xf8E4M3FN>, tensor<3x5xf8E5M2>) -> tensor<2x5xf32>
  %1 = stablehlo.fft %arg2, type = RFFT, length = [0] : (tensor<3x0xf32>) -> tensor<3x0xcomplex<f32>>
  return
}

// CHECK-LABEL: func.func @sorted
func.func @sorted(%arg0: tensor<?x3xf32>) -> tensor<4x3xf32> {
  %0 = "stablehlo.sort"(%arg0) <{dimension = -1 : i64}> ({
  ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):
    %1 = stablehlo.compare LT, %arg1, %arg2 : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }) : (tensor<?x3xf32>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}
