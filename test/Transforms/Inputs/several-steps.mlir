module @jit_steps attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<8x5xf32>, %arg1: tensor<8x8xf32>, %arg2: tensor<2x3x7x8xf32>, %arg3: tensor<2x3x7x5xf32>) -> (tensor<8x5xf32> {jax.result_info = "result['head']"}, tensor<8x8xf32> {jax.result_info = "result['w']"}) {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %0:5 = stablehlo.while(%iterArg = %arg2, %iterArg_0 = %arg3, %iterArg_1 = %c, %iterArg_2 = %arg0, %iterArg_3 = %arg1) : tensor<2x3x7x8xf32>, tensor<2x3x7x5xf32>, tensor<i32>, tensor<8x5xf32>, tensor<8x8xf32>
    cond {
      %c_4 = stablehlo.constant dense<2> : tensor<i32>
      %1 = stablehlo.compare LT, %iterArg_1, %c_4, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    } do {
      %1 = func.call @dynamic_index_in_dim(%iterArg, %iterArg_1) : (tensor<2x3x7x8xf32>, tensor<i32>) -> tensor<3x7x8xf32>
      %2 = func.call @dynamic_index_in_dim_0(%iterArg_0, %iterArg_1) : (tensor<2x3x7x5xf32>, tensor<i32>) -> tensor<3x7x5xf32>
      %3:2 = func.call @closed_call(%iterArg_2, %iterArg_3, %1, %2) : (tensor<8x5xf32>, tensor<8x8xf32>, tensor<3x7x8xf32>, tensor<3x7x5xf32>) -> (tensor<8x5xf32>, tensor<8x8xf32>)
      %c_4 = stablehlo.constant dense<1> : tensor<i32>
      %4 = stablehlo.add %iterArg_1, %c_4 : tensor<i32>
      stablehlo.return %iterArg, %iterArg_0, %4, %3#0, %3#1 : tensor<2x3x7x8xf32>, tensor<2x3x7x5xf32>, tensor<i32>, tensor<8x5xf32>, tensor<8x8xf32>
    }
    return %0#3, %0#4 : tensor<8x5xf32>, tensor<8x8xf32>
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
  func.func private @closed_call(%arg0: tensor<8x5xf32>, %arg1: tensor<8x8xf32>, %arg2: tensor<3x7x8xf32>, %arg3: tensor<3x7x5xf32>) -> (tensor<8x5xf32>, tensor<8x8xf32>) {
    %0 = stablehlo.dot_general %arg2, %arg1, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<8x8xf32>) -> tensor<3x7x8xf32>
    %1 = stablehlo.tanh %0 : tensor<3x7x8xf32>
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<3x7x8xf32>
    %3 = stablehlo.subtract %2, %1 : tensor<3x7x8xf32>
    %4 = stablehlo.dot_general %1, %arg0, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<8x5xf32>) -> tensor<3x7x5xf32>
    %5 = stablehlo.subtract %4, %arg3 : tensor<3x7x5xf32>
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
    %13 = stablehlo.dot_general %10, %arg0, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x5xf32>, tensor<8x5xf32>) -> tensor<3x7x8xf32>
    %14 = stablehlo.multiply %13, %3 : tensor<3x7x8xf32>
    %15 = stablehlo.multiply %14, %1 : tensor<3x7x8xf32>
    %16 = stablehlo.add %14, %15 : tensor<3x7x8xf32>
    %17 = stablehlo.dot_general %16, %arg2, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<3x7x8xf32>) -> tensor<8x8xf32>
    %18 = stablehlo.transpose %17, dims = [1, 0] : (tensor<8x8xf32>) -> tensor<8x8xf32>
    %cst_3 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %19 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<8x5xf32>
    %20 = stablehlo.multiply %19, %12 : tensor<8x5xf32>
    %21 = stablehlo.subtract %arg0, %20 : tensor<8x5xf32>
    %cst_4 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %22 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %23 = stablehlo.multiply %22, %18 : tensor<8x8xf32>
    %24 = stablehlo.subtract %arg1, %23 : tensor<8x8xf32>
    return %21, %24 : tensor<8x5xf32>, tensor<8x8xf32>
  }
}
