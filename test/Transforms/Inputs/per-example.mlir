module @jit_perex attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<8x5xf32>, %arg1: tensor<8x8xf32>, %arg2: tensor<3x7x8xf32>, %arg3: tensor<3x7x5xf32>) -> (tensor<8x5xf32> {jax.result_info = "result['head']"}, tensor<8x8xf32> {jax.result_info = "result['w']"}) {
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
    %cst_2 = stablehlo.constant dense<3.500000e+01> : tensor<f32>
    %8 = stablehlo.divide %cst_1, %cst_2 : tensor<f32>
    %9 = stablehlo.broadcast_in_dim %8, dims = [] : (tensor<f32>) -> tensor<7x5xf32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [1, 2] : (tensor<7x5xf32>) -> tensor<1x7x5xf32>
    %11 = stablehlo.broadcast_in_dim %10, dims = [0, 1, 2] : (tensor<1x7x5xf32>) -> tensor<3x7x5xf32>
    %12 = stablehlo.multiply %11, %7 : tensor<3x7x5xf32>
    %13 = stablehlo.dot_general %12, %1, batching_dims = [0] x [0], contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x5xf32>, tensor<3x7x8xf32>) -> tensor<3x5x8xf32>
    %14 = stablehlo.transpose %13, dims = [0, 2, 1] : (tensor<3x5x8xf32>) -> tensor<3x8x5xf32>
    %15 = stablehlo.dot_general %12, %arg0, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x5xf32>, tensor<8x5xf32>) -> tensor<3x7x8xf32>
    %16 = stablehlo.multiply %15, %3 : tensor<3x7x8xf32>
    %17 = stablehlo.multiply %16, %1 : tensor<3x7x8xf32>
    %18 = stablehlo.add %16, %17 : tensor<3x7x8xf32>
    %19 = stablehlo.dot_general %18, %arg2, batching_dims = [0] x [0], contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<3x7x8xf32>) -> tensor<3x8x8xf32>
    %20 = stablehlo.transpose %19, dims = [0, 2, 1] : (tensor<3x8x8xf32>) -> tensor<3x8x8xf32>
    %21 = stablehlo.multiply %14, %14 : tensor<3x8x5xf32>
    %cst_3 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %22 = stablehlo.reduce(%21 init: %cst_3) applies stablehlo.add across dimensions = [1, 2] : (tensor<3x8x5xf32>, tensor<f32>) -> tensor<3xf32>
    %23 = stablehlo.broadcast_in_dim %22, dims = [0] : (tensor<3xf32>) -> tensor<3x1x1xf32>
    %24 = stablehlo.sqrt %23 : tensor<3x1x1xf32>
    %25 = stablehlo.broadcast_in_dim %24, dims = [0, 1, 2] : (tensor<3x1x1xf32>) -> tensor<3x8x5xf32>
    %26 = stablehlo.divide %14, %25 : tensor<3x8x5xf32>
    %cst_4 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %27 = stablehlo.reduce(%26 init: %cst_4) applies stablehlo.add across dimensions = [0] : (tensor<3x8x5xf32>, tensor<f32>) -> tensor<8x5xf32>
    %cst_5 = stablehlo.constant dense<3.000000e+00> : tensor<f32>
    %28 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<8x5xf32>
    %29 = stablehlo.divide %27, %28 : tensor<8x5xf32>
    %30 = stablehlo.multiply %20, %20 : tensor<3x8x8xf32>
    %cst_6 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %31 = stablehlo.reduce(%30 init: %cst_6) applies stablehlo.add across dimensions = [1, 2] : (tensor<3x8x8xf32>, tensor<f32>) -> tensor<3xf32>
    %32 = stablehlo.broadcast_in_dim %31, dims = [0] : (tensor<3xf32>) -> tensor<3x1x1xf32>
    %33 = stablehlo.sqrt %32 : tensor<3x1x1xf32>
    %34 = stablehlo.broadcast_in_dim %33, dims = [0, 1, 2] : (tensor<3x1x1xf32>) -> tensor<3x8x8xf32>
    %35 = stablehlo.divide %20, %34 : tensor<3x8x8xf32>
    %cst_7 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %36 = stablehlo.reduce(%35 init: %cst_7) applies stablehlo.add across dimensions = [0] : (tensor<3x8x8xf32>, tensor<f32>) -> tensor<8x8xf32>
    %cst_8 = stablehlo.constant dense<3.000000e+00> : tensor<f32>
    %37 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %38 = stablehlo.divide %36, %37 : tensor<8x8xf32>
    %cst_9 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %39 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<8x5xf32>
    %40 = stablehlo.multiply %39, %29 : tensor<8x5xf32>
    %41 = stablehlo.subtract %arg0, %40 : tensor<8x5xf32>
    %cst_10 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %42 = stablehlo.broadcast_in_dim %cst_10, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %43 = stablehlo.multiply %42, %38 : tensor<8x8xf32>
    %44 = stablehlo.subtract %arg1, %43 : tensor<8x8xf32>
    return %41, %44 : tensor<8x5xf32>, tensor<8x8xf32>
  }
}
