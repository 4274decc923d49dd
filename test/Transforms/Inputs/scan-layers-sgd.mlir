module @jit_step attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<8x5xf32>, %arg1: tensor<4x8x8xf32>, %arg2: tensor<3x7x8xf32>, %arg3: tensor<3x7x5xf32>) -> (tensor<8x5xf32> {jax.result_info = "result['head']"}, tensor<4x8x8xf32> {jax.result_info = "result['stack']"}) {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4x3x7x8xf32>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %1 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<4x3x7x8xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<4x3x7x8xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %3:6 = stablehlo.while(%iterArg = %arg1, %iterArg_9 = %c, %iterArg_10 = %arg2, %iterArg_11 = %0, %iterArg_12 = %1, %iterArg_13 = %2) : tensor<4x8x8xf32>, tensor<i32>, tensor<3x7x8xf32>, tensor<4x3x7x8xf32>, tensor<4x3x7x8xf32>, tensor<4x3x7x8xf32>
    cond {
      %c_14 = stablehlo.constant dense<4> : tensor<i32>
      %22 = stablehlo.compare LT, %iterArg_9, %c_14, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %22 : tensor<i1>
    } do {
      %22 = func.call @dynamic_index_in_dim(%iterArg, %iterArg_9) : (tensor<4x8x8xf32>, tensor<i32>) -> tensor<8x8xf32>
      %23:4 = func.call @closed_call(%iterArg_10, %22) : (tensor<3x7x8xf32>, tensor<8x8xf32>) -> (tensor<3x7x8xf32>, tensor<3x7x8xf32>, tensor<3x7x8xf32>, tensor<3x7x8xf32>)
      %24 = func.call @dynamic_update_index_in_dim(%iterArg_11, %23#1, %iterArg_9) : (tensor<4x3x7x8xf32>, tensor<3x7x8xf32>, tensor<i32>) -> tensor<4x3x7x8xf32>
      %25 = func.call @dynamic_update_index_in_dim(%iterArg_12, %23#2, %iterArg_9) : (tensor<4x3x7x8xf32>, tensor<3x7x8xf32>, tensor<i32>) -> tensor<4x3x7x8xf32>
      %26 = func.call @dynamic_update_index_in_dim(%iterArg_13, %23#3, %iterArg_9) : (tensor<4x3x7x8xf32>, tensor<3x7x8xf32>, tensor<i32>) -> tensor<4x3x7x8xf32>
      %c_14 = stablehlo.constant dense<1> : tensor<i32>
      %27 = stablehlo.add %iterArg_9, %c_14 : tensor<i32>
      stablehlo.return %iterArg, %27, %23#0, %24, %25, %26 : tensor<4x8x8xf32>, tensor<i32>, tensor<3x7x8xf32>, tensor<4x3x7x8xf32>, tensor<4x3x7x8xf32>, tensor<4x3x7x8xf32>
    }
    %4 = stablehlo.dot_general %3#2, %arg0, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<8x5xf32>) -> tensor<3x7x5xf32>
    %5 = stablehlo.subtract %4, %arg3 : tensor<3x7x5xf32>
    %cst_2 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %6 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<3x7x5xf32>
    %7 = stablehlo.multiply %6, %5 : tensor<3x7x5xf32>
    %cst_3 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %cst_4 = stablehlo.constant dense<1.050000e+02> : tensor<f32>
    %8 = stablehlo.divide %cst_3, %cst_4 : tensor<f32>
    %9 = stablehlo.broadcast_in_dim %8, dims = [] : (tensor<f32>) -> tensor<3x7x5xf32>
    %10 = stablehlo.multiply %9, %7 : tensor<3x7x5xf32>
    %11 = stablehlo.dot_general %10, %3#2, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x5xf32>, tensor<3x7x8xf32>) -> tensor<5x8xf32>
    %12 = stablehlo.transpose %11, dims = [1, 0] : (tensor<5x8xf32>) -> tensor<8x5xf32>
    %13 = stablehlo.dot_general %10, %arg0, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x5xf32>, tensor<8x5xf32>) -> tensor<3x7x8xf32>
    %cst_5 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %14 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<4x8x8xf32>
    %c_6 = stablehlo.constant dense<0> : tensor<i32>
    %15:7 = stablehlo.while(%iterArg = %arg1, %iterArg_9 = %3#3, %iterArg_10 = %3#4, %iterArg_11 = %3#5, %iterArg_12 = %c_6, %iterArg_13 = %13, %iterArg_14 = %14) : tensor<4x8x8xf32>, tensor<4x3x7x8xf32>, tensor<4x3x7x8xf32>, tensor<4x3x7x8xf32>, tensor<i32>, tensor<3x7x8xf32>, tensor<4x8x8xf32>
    cond {
      %c_15 = stablehlo.constant dense<4> : tensor<i32>
      %22 = stablehlo.compare LT, %iterArg_12, %c_15, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %22 : tensor<i1>
    } do {
      %c_15 = stablehlo.constant dense<4> : tensor<i32>
      %22 = stablehlo.subtract %c_15, %iterArg_12 : tensor<i32>
      %c_16 = stablehlo.constant dense<1> : tensor<i32>
      %23 = stablehlo.subtract %22, %c_16 : tensor<i32>
      %24 = func.call @dynamic_index_in_dim(%iterArg, %23) : (tensor<4x8x8xf32>, tensor<i32>) -> tensor<8x8xf32>
      %25 = func.call @dynamic_index_in_dim_0(%iterArg_9, %23) : (tensor<4x3x7x8xf32>, tensor<i32>) -> tensor<3x7x8xf32>
      %26 = func.call @dynamic_index_in_dim_0(%iterArg_10, %23) : (tensor<4x3x7x8xf32>, tensor<i32>) -> tensor<3x7x8xf32>
      %27 = func.call @dynamic_index_in_dim_0(%iterArg_11, %23) : (tensor<4x3x7x8xf32>, tensor<i32>) -> tensor<3x7x8xf32>
      %28:2 = func.call @closed_call_1(%iterArg_13, %24, %25, %26, %27) : (tensor<3x7x8xf32>, tensor<8x8xf32>, tensor<3x7x8xf32>, tensor<3x7x8xf32>, tensor<3x7x8xf32>) -> (tensor<3x7x8xf32>, tensor<8x8xf32>)
      %29 = func.call @dynamic_update_index_in_dim_2(%iterArg_14, %28#1, %23) : (tensor<4x8x8xf32>, tensor<8x8xf32>, tensor<i32>) -> tensor<4x8x8xf32>
      %c_17 = stablehlo.constant dense<1> : tensor<i32>
      %30 = stablehlo.add %iterArg_12, %c_17 : tensor<i32>
      stablehlo.return %iterArg, %iterArg_9, %iterArg_10, %iterArg_11, %30, %28#0, %29 : tensor<4x8x8xf32>, tensor<4x3x7x8xf32>, tensor<4x3x7x8xf32>, tensor<4x3x7x8xf32>, tensor<i32>, tensor<3x7x8xf32>, tensor<4x8x8xf32>
    }
    %cst_7 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %16 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<8x5xf32>
    %17 = stablehlo.multiply %16, %12 : tensor<8x5xf32>
    %18 = stablehlo.subtract %arg0, %17 : tensor<8x5xf32>
    %cst_8 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %19 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<4x8x8xf32>
    %20 = stablehlo.multiply %19, %15#6 : tensor<4x8x8xf32>
    %21 = stablehlo.subtract %arg1, %20 : tensor<4x8x8xf32>
    return %18, %21 : tensor<8x5xf32>, tensor<4x8x8xf32>
  }
  func.func private @dynamic_index_in_dim(%arg0: tensor<4x8x8xf32>, %arg1: tensor<i32>) -> tensor<8x8xf32> {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, %c_0, sizes = [1, 8, 8] : (tensor<4x8x8xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x8x8xf32>
    %1 = stablehlo.reshape %0 : (tensor<1x8x8xf32>) -> tensor<8x8xf32>
    return %1 : tensor<8x8xf32>
  }
  func.func private @closed_call(%arg0: tensor<3x7x8xf32>, %arg1: tensor<8x8xf32>) -> (tensor<3x7x8xf32>, tensor<3x7x8xf32>, tensor<3x7x8xf32>, tensor<3x7x8xf32>) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<8x8xf32>) -> tensor<3x7x8xf32>
    %1 = stablehlo.tanh %0 : tensor<3x7x8xf32>
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<3x7x8xf32>
    %3 = stablehlo.subtract %2, %1 : tensor<3x7x8xf32>
    return %1, %arg0, %1, %3 : tensor<3x7x8xf32>, tensor<3x7x8xf32>, tensor<3x7x8xf32>, tensor<3x7x8xf32>
  }
  func.func private @dynamic_update_index_in_dim(%arg0: tensor<4x3x7x8xf32>, %arg1: tensor<3x7x8xf32>, %arg2: tensor<i32>) -> tensor<4x3x7x8xf32> {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [1, 2, 3] : (tensor<3x7x8xf32>) -> tensor<1x3x7x8xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %c_1 = stablehlo.constant dense<0> : tensor<i32>
    %1 = stablehlo.dynamic_update_slice %arg0, %0, %arg2, %c, %c_0, %c_1 : (tensor<4x3x7x8xf32>, tensor<1x3x7x8xf32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<4x3x7x8xf32>
    return %1 : tensor<4x3x7x8xf32>
  }
  func.func private @dynamic_index_in_dim_0(%arg0: tensor<4x3x7x8xf32>, %arg1: tensor<i32>) -> tensor<3x7x8xf32> {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %c_1 = stablehlo.constant dense<0> : tensor<i32>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, %c_0, %c_1, sizes = [1, 3, 7, 8] : (tensor<4x3x7x8xf32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x3x7x8xf32>
    %1 = stablehlo.reshape %0 : (tensor<1x3x7x8xf32>) -> tensor<3x7x8xf32>
    return %1 : tensor<3x7x8xf32>
  }
  func.func private @closed_call_1(%arg0: tensor<3x7x8xf32>, %arg1: tensor<8x8xf32>, %arg2: tensor<3x7x8xf32>, %arg3: tensor<3x7x8xf32>, %arg4: tensor<3x7x8xf32>) -> (tensor<3x7x8xf32>, tensor<8x8xf32>) {
    %0 = stablehlo.multiply %arg0, %arg4 : tensor<3x7x8xf32>
    %1 = stablehlo.multiply %0, %arg3 : tensor<3x7x8xf32>
    %2 = stablehlo.add %0, %1 : tensor<3x7x8xf32>
    %3 = stablehlo.dot_general %2, %arg2, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<3x7x8xf32>) -> tensor<8x8xf32>
    %4 = stablehlo.transpose %3, dims = [1, 0] : (tensor<8x8xf32>) -> tensor<8x8xf32>
    %5 = stablehlo.dot_general %2, %arg1, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<8x8xf32>) -> tensor<3x7x8xf32>
    return %5, %4 : tensor<3x7x8xf32>, tensor<8x8xf32>
  }
  func.func private @dynamic_update_index_in_dim_2(%arg0: tensor<4x8x8xf32>, %arg1: tensor<8x8xf32>, %arg2: tensor<i32>) -> tensor<4x8x8xf32> {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [1, 2] : (tensor<8x8xf32>) -> tensor<1x8x8xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %1 = stablehlo.dynamic_update_slice %arg0, %0, %arg2, %c, %c_0 : (tensor<4x8x8xf32>, tensor<1x8x8xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<4x8x8xf32>
    return %1 : tensor<4x8x8xf32>
  }
}
