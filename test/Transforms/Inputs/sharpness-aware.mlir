module @jit_sam attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
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
    %cst_3 = stablehlo.constant dense<5.000000e-02> : tensor<f32>
    %19 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<8x5xf32>
    %20 = stablehlo.multiply %19, %12 : tensor<8x5xf32>
    %21 = stablehlo.add %arg0, %20 : tensor<8x5xf32>
    %cst_4 = stablehlo.constant dense<5.000000e-02> : tensor<f32>
    %22 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %23 = stablehlo.multiply %22, %18 : tensor<8x8xf32>
    %24 = stablehlo.add %arg1, %23 : tensor<8x8xf32>
    %25 = stablehlo.dot_general %arg2, %24, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<8x8xf32>) -> tensor<3x7x8xf32>
    %26 = stablehlo.tanh %25 : tensor<3x7x8xf32>
    %cst_5 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %27 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<3x7x8xf32>
    %28 = stablehlo.subtract %27, %26 : tensor<3x7x8xf32>
    %29 = stablehlo.dot_general %26, %21, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<8x5xf32>) -> tensor<3x7x5xf32>
    %30 = stablehlo.subtract %29, %arg3 : tensor<3x7x5xf32>
    %cst_6 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %31 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f32>) -> tensor<3x7x5xf32>
    %32 = stablehlo.multiply %31, %30 : tensor<3x7x5xf32>
    %cst_7 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %cst_8 = stablehlo.constant dense<1.050000e+02> : tensor<f32>
    %33 = stablehlo.divide %cst_7, %cst_8 : tensor<f32>
    %34 = stablehlo.broadcast_in_dim %33, dims = [] : (tensor<f32>) -> tensor<3x7x5xf32>
    %35 = stablehlo.multiply %34, %32 : tensor<3x7x5xf32>
    %36 = stablehlo.dot_general %35, %26, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x5xf32>, tensor<3x7x8xf32>) -> tensor<5x8xf32>
    %37 = stablehlo.transpose %36, dims = [1, 0] : (tensor<5x8xf32>) -> tensor<8x5xf32>
    %38 = stablehlo.dot_general %35, %21, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x5xf32>, tensor<8x5xf32>) -> tensor<3x7x8xf32>
    %39 = stablehlo.multiply %38, %28 : tensor<3x7x8xf32>
    %40 = stablehlo.multiply %39, %26 : tensor<3x7x8xf32>
    %41 = stablehlo.add %39, %40 : tensor<3x7x8xf32>
    %42 = stablehlo.dot_general %41, %arg2, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<3x7x8xf32>, tensor<3x7x8xf32>) -> tensor<8x8xf32>
    %43 = stablehlo.transpose %42, dims = [1, 0] : (tensor<8x8xf32>) -> tensor<8x8xf32>
    %cst_9 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %44 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<8x5xf32>
    %45 = stablehlo.multiply %44, %37 : tensor<8x5xf32>
    %46 = stablehlo.subtract %arg0, %45 : tensor<8x5xf32>
    %cst_10 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %47 = stablehlo.broadcast_in_dim %cst_10, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %48 = stablehlo.multiply %47, %43 : tensor<8x8xf32>
    %49 = stablehlo.subtract %arg1, %48 : tensor<8x8xf32>
    return %46, %49 : tensor<8x5xf32>, tensor<8x8xf32>
  }
}
