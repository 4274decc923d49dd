module @jit_sstep attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<4x4xf32>, %arg1: tensor<4x4xf32>, %arg2: tensor<2x5x4xf32>) -> (tensor<4x4xf32> {jax.result_info = "result[0]"}, tensor<4x4xf32> {jax.result_info = "result[1]"}) {
    %0:2 = call @layer(%arg0, %arg2) : (tensor<4x4xf32>, tensor<2x5x4xf32>) -> (tensor<2x5x4xf32>, tensor<2x5x4xf32>)
    %1:2 = call @layer_0(%arg1, %0#0) : (tensor<4x4xf32>, tensor<2x5x4xf32>) -> (tensor<2x5x4xf32>, tensor<2x5x4xf32>)
    %cst = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x5x4xf32>
    %3 = stablehlo.multiply %2, %1#0 : tensor<2x5x4xf32>
    %cst_0 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<2x5x4xf32>
    %5 = stablehlo.multiply %4, %3 : tensor<2x5x4xf32>
    %6:2 = call @layer_1(%arg1, %0#0, %1#0, %1#1, %5) : (tensor<4x4xf32>, tensor<2x5x4xf32>, tensor<2x5x4xf32>, tensor<2x5x4xf32>, tensor<2x5x4xf32>) -> (tensor<4x4xf32>, tensor<2x5x4xf32>)
    %7 = call @layer_2(%arg2, %0#0, %0#1, %6#1) : (tensor<2x5x4xf32>, tensor<2x5x4xf32>, tensor<2x5x4xf32>, tensor<2x5x4xf32>) -> tensor<4x4xf32>
    %cst_1 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %8 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<4x4xf32>
    %9 = stablehlo.multiply %8, %7 : tensor<4x4xf32>
    %10 = stablehlo.subtract %arg0, %9 : tensor<4x4xf32>
    %cst_2 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %11 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<4x4xf32>
    %12 = stablehlo.multiply %11, %6#0 : tensor<4x4xf32>
    %13 = stablehlo.subtract %arg1, %12 : tensor<4x4xf32>
    return %10, %13 : tensor<4x4xf32>, tensor<4x4xf32>
  }
  func.func private @layer(%arg0: tensor<4x4xf32>, %arg1: tensor<2x5x4xf32>) -> (tensor<2x5x4xf32>, tensor<2x5x4xf32>) {
    %0 = stablehlo.dot_general %arg1, %arg0, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<2x5x4xf32>, tensor<4x4xf32>) -> tensor<2x5x4xf32>
    %1 = stablehlo.tanh %0 : tensor<2x5x4xf32>
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x5x4xf32>
    %3 = stablehlo.subtract %2, %1 : tensor<2x5x4xf32>
    return %1, %3 : tensor<2x5x4xf32>, tensor<2x5x4xf32>
  }
  func.func private @layer_0(%arg0: tensor<4x4xf32>, %arg1: tensor<2x5x4xf32>) -> (tensor<2x5x4xf32>, tensor<2x5x4xf32>) {
    %0 = stablehlo.dot_general %arg1, %arg0, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<2x5x4xf32>, tensor<4x4xf32>) -> tensor<2x5x4xf32>
    %1 = stablehlo.tanh %0 : tensor<2x5x4xf32>
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x5x4xf32>
    %3 = stablehlo.subtract %2, %1 : tensor<2x5x4xf32>
    return %1, %3 : tensor<2x5x4xf32>, tensor<2x5x4xf32>
  }
  func.func private @layer_1(%arg0: tensor<4x4xf32>, %arg1: tensor<2x5x4xf32>, %arg2: tensor<2x5x4xf32>, %arg3: tensor<2x5x4xf32>, %arg4: tensor<2x5x4xf32>) -> (tensor<4x4xf32>, tensor<2x5x4xf32>) {
    %0 = stablehlo.multiply %arg4, %arg3 : tensor<2x5x4xf32>
    %1 = stablehlo.multiply %0, %arg2 : tensor<2x5x4xf32>
    %2 = stablehlo.add %0, %1 : tensor<2x5x4xf32>
    %3 = stablehlo.dot_general %2, %arg1, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<2x5x4xf32>, tensor<2x5x4xf32>) -> tensor<4x4xf32>
    %4 = stablehlo.transpose %3, dims = [1, 0] : (tensor<4x4xf32>) -> tensor<4x4xf32>
    %5 = stablehlo.dot_general %2, %arg0, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<2x5x4xf32>, tensor<4x4xf32>) -> tensor<2x5x4xf32>
    return %4, %5 : tensor<4x4xf32>, tensor<2x5x4xf32>
  }
  func.func private @layer_2(%arg0: tensor<2x5x4xf32>, %arg1: tensor<2x5x4xf32>, %arg2: tensor<2x5x4xf32>, %arg3: tensor<2x5x4xf32>) -> tensor<4x4xf32> {
    %0 = stablehlo.multiply %arg3, %arg2 : tensor<2x5x4xf32>
    %1 = stablehlo.multiply %0, %arg1 : tensor<2x5x4xf32>
    %2 = stablehlo.add %0, %1 : tensor<2x5x4xf32>
    %3 = stablehlo.dot_general %2, %arg0, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<2x5x4xf32>, tensor<2x5x4xf32>) -> tensor<4x4xf32>
    %4 = stablehlo.transpose %3, dims = [1, 0] : (tensor<4x4xf32>) -> tensor<4x4xf32>
    return %4 : tensor<4x4xf32>
  }
}

