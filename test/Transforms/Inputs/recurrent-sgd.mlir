module @jit_step attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<8x5xf32>, %arg1: tensor<8x8xf32>, %arg2: tensor<8x8xf32>, %arg3: tensor<3x7x8xf32>, %arg4: tensor<3x7x5xf32>) -> (tensor<8x5xf32> {jax.result_info = "result['head']"}, tensor<8x8xf32> {jax.result_info = "result['u']"}, tensor<8x8xf32> {jax.result_info = "result['w']"}) {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<3x8xf32>
    %1 = stablehlo.transpose %arg3, dims = [1, 0, 2] : (tensor<3x7x8xf32>) -> tensor<7x3x8xf32>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<7x3x8xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %3 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<7x3x8xf32>
    %cst_2 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<7x3x8xf32>
    %cst_3 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %5 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<7x3x8xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %6:9 = stablehlo.while(%iterArg = %1, %iterArg_14 = %arg2, %iterArg_15 = %arg1, %iterArg_16 = %c, %iterArg_17 = %0, %iterArg_18 = %2, %iterArg_19 = %3, %iterArg_20 = %4, %iterArg_21 = %5) : tensor<7x3x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<i32>, tensor<3x8xf32>, tensor<7x3x8xf32>, tensor<7x3x8xf32>, tensor<7x3x8xf32>, tensor<7x3x8xf32>
    cond {
      %c_22 = stablehlo.constant dense<7> : tensor<i32>
      %32 = stablehlo.compare LT, %iterArg_16, %c_22, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %32 : tensor<i1>
    } do {
      %32 = func.call @dynamic_index_in_dim(%iterArg, %iterArg_16) : (tensor<7x3x8xf32>, tensor<i32>) -> tensor<3x8xf32>
      %33:5 = func.call @closed_call(%iterArg_14, %iterArg_15, %iterArg_17, %32) : (tensor<8x8xf32>, tensor<8x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>) -> (tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>)
      %34 = func.call @dynamic_update_index_in_dim(%iterArg_18, %33#1, %iterArg_16) : (tensor<7x3x8xf32>, tensor<3x8xf32>, tensor<i32>) -> tensor<7x3x8xf32>
      %35 = func.call @dynamic_update_index_in_dim(%iterArg_19, %33#2, %iterArg_16) : (tensor<7x3x8xf32>, tensor<3x8xf32>, tensor<i32>) -> tensor<7x3x8xf32>
      %36 = func.call @dynamic_update_index_in_dim(%iterArg_20, %33#3, %iterArg_16) : (tensor<7x3x8xf32>, tensor<3x8xf32>, tensor<i32>) -> tensor<7x3x8xf32>
      %37 = func.call @dynamic_update_index_in_dim(%iterArg_21, %33#4, %iterArg_16) : (tensor<7x3x8xf32>, tensor<3x8xf32>, tensor<i32>) -> tensor<7x3x8xf32>
      %c_22 = stablehlo.constant dense<1> : tensor<i32>
      %38 = stablehlo.add %iterArg_16, %c_22 : tensor<i32>
      stablehlo.return %iterArg, %iterArg_14, %iterArg_15, %38, %33#0, %34, %35, %36, %37 : tensor<7x3x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<i32>, tensor<3x8xf32>, tensor<7x3x8xf32>, tensor<7x3x8xf32>, tensor<7x3x8xf32>, tensor<7x3x8xf32>
    }
    %7 = stablehlo.transpose %6#5, dims = [1, 0, 2] : (tensor<7x3x8xf32>) -> tensor<3x7x8xf32>
    %8 = stablehlo.dot_general %7, %arg0, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<8x5xf32>) -> tensor<3x7x5xf32>
    %9 = stablehlo.subtract %8, %arg4 : tensor<3x7x5xf32>
    %cst_4 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %10 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<3x7x5xf32>
    %11 = stablehlo.multiply %10, %9 : tensor<3x7x5xf32>
    %cst_5 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %cst_6 = stablehlo.constant dense<1.050000e+02> : tensor<f32>
    %12 = stablehlo.divide %cst_5, %cst_6 : tensor<f32>
    %13 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<f32>) -> tensor<3x7x5xf32>
    %14 = stablehlo.multiply %13, %11 : tensor<3x7x5xf32>
    %15 = stablehlo.dot_general %14, %7, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x5xf32>, tensor<3x7x8xf32>) -> tensor<5x8xf32>
    %16 = stablehlo.transpose %15, dims = [1, 0] : (tensor<5x8xf32>) -> tensor<8x5xf32>
    %17 = stablehlo.dot_general %14, %arg0, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x5xf32>, tensor<8x5xf32>) -> tensor<3x7x8xf32>
    %18 = stablehlo.transpose %17, dims = [1, 0, 2] : (tensor<3x7x8xf32>) -> tensor<7x3x8xf32>
    %cst_7 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %19 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<3x8xf32>
    %cst_8 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %20 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %cst_9 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %21 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %c_10 = stablehlo.constant dense<0> : tensor<i32>
    %22:10 = stablehlo.while(%iterArg = %18, %iterArg_14 = %1, %iterArg_15 = %6#6, %iterArg_16 = %6#7, %iterArg_17 = %6#8, %iterArg_18 = %arg1, %iterArg_19 = %c_10, %iterArg_20 = %20, %iterArg_21 = %21, %iterArg_22 = %19) : tensor<7x3x8xf32>, tensor<7x3x8xf32>, tensor<7x3x8xf32>, tensor<7x3x8xf32>, tensor<7x3x8xf32>, tensor<8x8xf32>, tensor<i32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<3x8xf32>
    cond {
      %c_23 = stablehlo.constant dense<7> : tensor<i32>
      %32 = stablehlo.compare LT, %iterArg_19, %c_23, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %32 : tensor<i1>
    } do {
      %c_23 = stablehlo.constant dense<7> : tensor<i32>
      %32 = stablehlo.subtract %c_23, %iterArg_19 : tensor<i32>
      %c_24 = stablehlo.constant dense<1> : tensor<i32>
      %33 = stablehlo.subtract %32, %c_24 : tensor<i32>
      %34 = func.call @dynamic_index_in_dim(%iterArg, %33) : (tensor<7x3x8xf32>, tensor<i32>) -> tensor<3x8xf32>
      %35 = func.call @dynamic_index_in_dim(%iterArg_14, %33) : (tensor<7x3x8xf32>, tensor<i32>) -> tensor<3x8xf32>
      %36 = func.call @dynamic_index_in_dim(%iterArg_15, %33) : (tensor<7x3x8xf32>, tensor<i32>) -> tensor<3x8xf32>
      %37 = func.call @dynamic_index_in_dim(%iterArg_16, %33) : (tensor<7x3x8xf32>, tensor<i32>) -> tensor<3x8xf32>
      %38 = func.call @dynamic_index_in_dim(%iterArg_17, %33) : (tensor<7x3x8xf32>, tensor<i32>) -> tensor<3x8xf32>
      %39:3 = func.call @closed_call_0(%iterArg_18, %iterArg_20, %iterArg_21, %iterArg_22, %34, %35, %36, %37, %38) : (tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>) -> (tensor<8x8xf32>, tensor<8x8xf32>, tensor<3x8xf32>)
      %c_25 = stablehlo.constant dense<1> : tensor<i32>
      %40 = stablehlo.add %iterArg_19, %c_25 : tensor<i32>
      stablehlo.return %iterArg, %iterArg_14, %iterArg_15, %iterArg_16, %iterArg_17, %iterArg_18, %40, %39#0, %39#1, %39#2 : tensor<7x3x8xf32>, tensor<7x3x8xf32>, tensor<7x3x8xf32>, tensor<7x3x8xf32>, tensor<7x3x8xf32>, tensor<8x8xf32>, tensor<i32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<3x8xf32>
    }
    %cst_11 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %23 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f32>) -> tensor<8x5xf32>
    %24 = stablehlo.multiply %23, %16 : tensor<8x5xf32>
    %25 = stablehlo.subtract %arg0, %24 : tensor<8x5xf32>
    %cst_12 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %26 = stablehlo.broadcast_in_dim %cst_12, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %27 = stablehlo.multiply %26, %22#8 : tensor<8x8xf32>
    %28 = stablehlo.subtract %arg1, %27 : tensor<8x8xf32>
    %cst_13 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %29 = stablehlo.broadcast_in_dim %cst_13, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %30 = stablehlo.multiply %29, %22#7 : tensor<8x8xf32>
    %31 = stablehlo.subtract %arg2, %30 : tensor<8x8xf32>
    return %25, %28, %31 : tensor<8x5xf32>, tensor<8x8xf32>, tensor<8x8xf32>
  }
  func.func private @dynamic_index_in_dim(%arg0: tensor<7x3x8xf32>, %arg1: tensor<i32>) -> tensor<3x8xf32> {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, %c_0, sizes = [1, 3, 8] : (tensor<7x3x8xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x3x8xf32>
    %1 = stablehlo.reshape %0 : (tensor<1x3x8xf32>) -> tensor<3x8xf32>
    return %1 : tensor<3x8xf32>
  }
  func.func private @closed_call(%arg0: tensor<8x8xf32>, %arg1: tensor<8x8xf32>, %arg2: tensor<3x8xf32>, %arg3: tensor<3x8xf32>) -> (tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>) {
    %0 = stablehlo.dot_general %arg3, %arg0, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x8xf32>, tensor<8x8xf32>) -> tensor<3x8xf32>
    %1 = stablehlo.dot_general %arg2, %arg1, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x8xf32>, tensor<8x8xf32>) -> tensor<3x8xf32>
    %2 = stablehlo.add %0, %1 : tensor<3x8xf32>
    %3 = stablehlo.tanh %2 : tensor<3x8xf32>
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<3x8xf32>
    %5 = stablehlo.subtract %4, %3 : tensor<3x8xf32>
    return %3, %3, %arg2, %3, %5 : tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>, tensor<3x8xf32>
  }
  func.func private @dynamic_update_index_in_dim(%arg0: tensor<7x3x8xf32>, %arg1: tensor<3x8xf32>, %arg2: tensor<i32>) -> tensor<7x3x8xf32> {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [1, 2] : (tensor<3x8xf32>) -> tensor<1x3x8xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %1 = stablehlo.dynamic_update_slice %arg0, %0, %arg2, %c, %c_0 : (tensor<7x3x8xf32>, tensor<1x3x8xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<7x3x8xf32>
    return %1 : tensor<7x3x8xf32>
  }
  func.func private @closed_call_0(%arg0: tensor<8x8xf32>, %arg1: tensor<8x8xf32>, %arg2: tensor<8x8xf32>, %arg3: tensor<3x8xf32>, %arg4: tensor<3x8xf32>, %arg5: tensor<3x8xf32>, %arg6: tensor<3x8xf32>, %arg7: tensor<3x8xf32>, %arg8: tensor<3x8xf32>) -> (tensor<8x8xf32>, tensor<8x8xf32>, tensor<3x8xf32>) {
    %0 = stablehlo.add %arg3, %arg4 : tensor<3x8xf32>
    %1 = stablehlo.multiply %0, %arg8 : tensor<3x8xf32>
    %2 = stablehlo.multiply %1, %arg7 : tensor<3x8xf32>
    %3 = stablehlo.add %1, %2 : tensor<3x8xf32>
    %4 = stablehlo.dot_general %3, %arg6, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x8xf32>, tensor<3x8xf32>) -> tensor<8x8xf32>
    %5 = stablehlo.transpose %4, dims = [1, 0] : (tensor<8x8xf32>) -> tensor<8x8xf32>
    %6 = stablehlo.add %arg2, %5 : tensor<8x8xf32>
    %7 = stablehlo.dot_general %3, %arg0, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<3x8xf32>, tensor<8x8xf32>) -> tensor<3x8xf32>
    %8 = stablehlo.dot_general %3, %arg5, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x8xf32>, tensor<3x8xf32>) -> tensor<8x8xf32>
    %9 = stablehlo.transpose %8, dims = [1, 0] : (tensor<8x8xf32>) -> tensor<8x8xf32>
    %10 = stablehlo.add %arg1, %9 : tensor<8x8xf32>
    return %10, %6, %7 : tensor<8x8xf32>, tensor<8x8xf32>, tensor<3x8xf32>
  }
}
