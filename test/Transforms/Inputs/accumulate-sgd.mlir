module @jit_accumulate attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<8x5xf32>, %arg1: tensor<8x8xf32>, %arg2: tensor<2x3x7x8xf32>, %arg3: tensor<2x3x7x5xf32>) -> (tensor<8x5xf32> {jax.result_info = "result['head']"}, tensor<8x8xf32> {jax.result_info = "result['w']"}) {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<8x5xf32>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %1 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %2:7 = stablehlo.while(%iterArg = %arg2, %iterArg_3 = %arg3, %iterArg_4 = %arg1, %iterArg_5 = %arg0, %iterArg_6 = %c, %iterArg_7 = %0, %iterArg_8 = %1) : tensor<2x3x7x8xf32>, tensor<2x3x7x5xf32>, tensor<8x8xf32>, tensor<8x5xf32>, tensor<i32>, tensor<8x5xf32>, tensor<8x8xf32>
    cond {
      %c_9 = stablehlo.constant dense<2> : tensor<i32>
      %9 = stablehlo.compare LT, %iterArg_6, %c_9, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %9 : tensor<i1>
    } do {
      %9 = func.call @dynamic_index_in_dim(%iterArg, %iterArg_6) : (tensor<2x3x7x8xf32>, tensor<i32>) -> tensor<3x7x8xf32>
      %10 = func.call @dynamic_index_in_dim_0(%iterArg_3, %iterArg_6) : (tensor<2x3x7x5xf32>, tensor<i32>) -> tensor<3x7x5xf32>
      %11:2 = func.call @closed_call(%iterArg_4, %iterArg_5, %iterArg_7, %iterArg_8, %9, %10) : (tensor<8x8xf32>, tensor<8x5xf32>, tensor<8x5xf32>, tensor<8x8xf32>, tensor<3x7x8xf32>, tensor<3x7x5xf32>) -> (tensor<8x5xf32>, tensor<8x8xf32>)
      %c_9 = stablehlo.constant dense<1> : tensor<i32>
      %12 = stablehlo.add %iterArg_6, %c_9 : tensor<i32>
      stablehlo.return %iterArg, %iterArg_3, %iterArg_4, %iterArg_5, %12, %11#0, %11#1 : tensor<2x3x7x8xf32>, tensor<2x3x7x5xf32>, tensor<8x8xf32>, tensor<8x5xf32>, tensor<i32>, tensor<8x5xf32>, tensor<8x8xf32>
    }
    %cst_1 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %3 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<8x5xf32>
    %4 = stablehlo.multiply %3, %2#5 : tensor<8x5xf32>
    %5 = stablehlo.subtract %arg0, %4 : tensor<8x5xf32>
    %cst_2 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %6 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %7 = stablehlo.multiply %6, %2#6 : tensor<8x8xf32>
    %8 = stablehlo.subtract %arg1, %7 : tensor<8x8xf32>
    return %5, %8 : tensor<8x5xf32>, tensor<8x8xf32>
  }
  func.func private @dynamic_index_in_dim(%arg0: tensor<2x3x7x8xf32>, %arg1: tensor<i32>) -> tensor<3x7x8xf32> {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %c_1 = stablehlo.constant dense<0> : tensor<i32>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, %c_0, %c_1, sizes = [1, 3, 7, 8] : (tensor<2x3x7x8xf32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x3x7x8xf32>
    %1 = stablehlo.reshape %0 : (tensor<1x3x7x8xf32>) -> tensor<3x7x8xf32>
    return %1 : tensor<3x7x8xf32>
  }
  func.func private @dynamic_index_in_dim_0(%arg0: tensor<2x3x7x5xf32>, %arg1: tensor<i32>) -> tensor<3x7x5xf32> {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %c_1 = stablehlo.constant dense<0> : tensor<i32>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, %c_0, %c_1, sizes = [1, 3, 7, 5] : (tensor<2x3x7x5xf32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x3x7x5xf32>
    %1 = stablehlo.reshape %0 : (tensor<1x3x7x5xf32>) -> tensor<3x7x5xf32>
    return %1 : tensor<3x7x5xf32>
  }
  func.func private @closed_call(%arg0: tensor<8x8xf32>, %arg1: tensor<8x5xf32>, %arg2: tensor<8x5xf32>, %arg3: tensor<8x8xf32>, %arg4: tensor<3x7x8xf32>, %arg5: tensor<3x7x5xf32>) -> (tensor<8x5xf32>, tensor<8x8xf32>) {
    %0 = stablehlo.dot_general %arg4, %arg0, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<8x8xf32>) -> tensor<3x7x8xf32>
    %1 = stablehlo.tanh %0 : tensor<3x7x8xf32>
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<3x7x8xf32>
    %3 = stablehlo.subtract %2, %1 : tensor<3x7x8xf32>
    %4 = stablehlo.dot_general %1, %arg1, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<8x5xf32>) -> tensor<3x7x5xf32>
    %5 = stablehlo.subtract %4, %arg5 : tensor<3x7x5xf32>
    %cst_0 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %6 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<3x7x5xf32>
    %7 = stablehlo.multiply %6, %5 : tensor<3x7x5xf32>
    %cst_1 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %cst_2 = stablehlo.constant dense<1.050000e+02> : tensor<f32>
    %8 = stablehlo.divide %cst_1, %cst_2 : tensor<f32>
    %9 = stablehlo.broadcast_in_dim %8, dims = [] : (tensor<f32>) -> tensor<3x7x5xf32>
    %10 = stablehlo.multiply %9, %7 : tensor<3x7x5xf32>
    %11 = stablehlo.dot_general %10, %1, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x5xf32>, tensor<3x7x8xf32>) -> tensor<5x8xf32>
    %12 = stablehlo.transpose %11, dims = [1, 0] : (tensor<5x8xf32>) -> tensor<8x5xf32>
    %13 = stablehlo.dot_general %10, %arg1, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x5xf32>, tensor<8x5xf32>) -> tensor<3x7x8xf32>
    %14 = stablehlo.multiply %13, %3 : tensor<3x7x8xf32>
    %15 = stablehlo.multiply %14, %1 : tensor<3x7x8xf32>
    %16 = stablehlo.add %14, %15 : tensor<3x7x8xf32>
    %17 = stablehlo.dot_general %16, %arg4, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<3x7x8xf32>) -> tensor<8x8xf32>
    %18 = stablehlo.transpose %17, dims = [1, 0] : (tensor<8x8xf32>) -> tensor<8x8xf32>
    %19 = stablehlo.add %arg2, %12 : tensor<8x5xf32>
    %20 = stablehlo.add %arg3, %18 : tensor<8x8xf32>
    return %19, %20 : tensor<8x5xf32>, tensor<8x8xf32>
  }
}
