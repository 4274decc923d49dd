module @jit_step attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<6xf32>, %arg1: tensor<4x6xf32>, %arg2: tensor<6x3xf32>, %arg3: tensor<2x5x4xf32>, %arg4: tensor<2x5x3xf32>) -> (tensor<6xf32> {jax.result_info = "result['b1']"}, tensor<4x6xf32> {jax.result_info = "result['w1']"}, tensor<6x3xf32> {jax.result_info = "result['w2']"}) {
    %0 = stablehlo.dot_general %arg3, %arg1, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<2x5x4xf32>, tensor<4x6xf32>) -> tensor<2x5x6xf32>
    %1 = stablehlo.broadcast_in_dim %arg0, dims = [2] : (tensor<6xf32>) -> tensor<1x1x6xf32>
    %2 = stablehlo.broadcast_in_dim %1, dims = [0, 1, 2] : (tensor<1x1x6xf32>) -> tensor<2x5x6xf32>
    %3 = stablehlo.add %0, %2 : tensor<2x5x6xf32>
    %4 = stablehlo.tanh %3 : tensor<2x5x6xf32>
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %5 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x5x6xf32>
    %6 = stablehlo.subtract %5, %4 : tensor<2x5x6xf32>
    %7 = stablehlo.dot_general %4, %arg2, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<2x5x6xf32>, tensor<6x3xf32>) -> tensor<2x5x3xf32>
    %8 = stablehlo.subtract %7, %arg4 : tensor<2x5x3xf32>
    %cst_0 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %9 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<2x5x3xf32>
    %10 = stablehlo.multiply %9, %8 : tensor<2x5x3xf32>
    %cst_1 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %cst_2 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %11 = stablehlo.multiply %cst_1, %cst_2 : tensor<f32>
    %cst_3 = stablehlo.constant dense<3.000000e+01> : tensor<f32>
    %12 = stablehlo.divide %11, %cst_3 : tensor<f32>
    %13 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<f32>) -> tensor<2x5x3xf32>
    %14 = stablehlo.multiply %13, %10 : tensor<2x5x3xf32>
    %15 = stablehlo.dot_general %14, %4, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<2x5x3xf32>, tensor<2x5x6xf32>) -> tensor<3x6xf32>
    %16 = stablehlo.transpose %15, dims = [1, 0] : (tensor<3x6xf32>) -> tensor<6x3xf32>
    %17 = stablehlo.dot_general %14, %arg2, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<2x5x3xf32>, tensor<6x3xf32>) -> tensor<2x5x6xf32>
    %18 = stablehlo.multiply %17, %6 : tensor<2x5x6xf32>
    %19 = stablehlo.multiply %18, %4 : tensor<2x5x6xf32>
    %20 = stablehlo.add %18, %19 : tensor<2x5x6xf32>
    %cst_4 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %21 = stablehlo.reduce(%20 init: %cst_4) applies stablehlo.add across dimensions = [0, 1] : (tensor<2x5x6xf32>, tensor<f32>) -> tensor<6xf32>
    %22 = stablehlo.reshape %21 : (tensor<6xf32>) -> tensor<1x1x6xf32>
    %cst_5 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %23 = stablehlo.reduce(%22 init: %cst_5) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x6xf32>, tensor<f32>) -> tensor<6xf32>
    %24 = stablehlo.dot_general %20, %arg3, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<2x5x6xf32>, tensor<2x5x4xf32>) -> tensor<6x4xf32>
    %25 = stablehlo.transpose %24, dims = [1, 0] : (tensor<6x4xf32>) -> tensor<4x6xf32>
    %cst_6 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %26 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f32>) -> tensor<6xf32>
    %27 = stablehlo.multiply %26, %23 : tensor<6xf32>
    %28 = stablehlo.subtract %arg0, %27 : tensor<6xf32>
    %cst_7 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %29 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<4x6xf32>
    %30 = stablehlo.multiply %29, %25 : tensor<4x6xf32>
    %31 = stablehlo.subtract %arg1, %30 : tensor<4x6xf32>
    %cst_8 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %32 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<6x3xf32>
    %33 = stablehlo.multiply %32, %16 : tensor<6x3xf32>
    %34 = stablehlo.subtract %arg2, %33 : tensor<6x3xf32>
    return %28, %31, %34 : tensor<6xf32>, tensor<4x6xf32>, tensor<6x3xf32>
  }
}

