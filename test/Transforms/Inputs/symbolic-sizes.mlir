module @jit_step attributes {jax.uses_shape_polymorphism = true, mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<8x5xf32>, %arg1: tensor<8x8xf32>, %arg2: tensor<?x?x8xf32>, %arg3: tensor<?x?x5xf32>) -> (tensor<8x5xf32> {jax.result_info = "result['head']"}, tensor<8x8xf32> {jax.result_info = "result['w']"}) {
    %c = stablehlo.constant dense<1> : tensor<i32>
    %0 = stablehlo.get_dimension_size %arg2, dim = 0 : (tensor<?x?x8xf32>) -> tensor<i32>
    %1 = stablehlo.get_dimension_size %arg2, dim = 1 : (tensor<?x?x8xf32>) -> tensor<i32>
    %2 = stablehlo.get_dimension_size %arg3, dim = 0 : (tensor<?x?x5xf32>) -> tensor<i32>
    %3 = stablehlo.get_dimension_size %arg3, dim = 1 : (tensor<?x?x5xf32>) -> tensor<i32>
    %4 = stablehlo.compare GE, %0, %c, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.custom_call @shape_assertion(%4, %0) {api_version = 2 : i32, error_message = "Input shapes do not match the polymorphic shapes specification. Expected value >= 1 for dimension variable 'b'. Using the following polymorphic shapes specifications: args[1].shape = (b, s, 8),args[2].shape = (b, s, 5). Obtained dimension variables: 'b' = {0} from specification 'b' for dimension args[1].shape[0] (= {0}), . Please see https://docs.jax.dev/en/latest/export/shape_poly.html#shape-assertion-errors for more details.", has_side_effect = true} : (tensor<i1>, tensor<i32>) -> ()
    %5 = stablehlo.compare GE, %1, %c, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.custom_call @shape_assertion(%5, %0, %1) {api_version = 2 : i32, error_message = "Input shapes do not match the polymorphic shapes specification. Expected value >= 1 for dimension variable 's'. Using the following polymorphic shapes specifications: args[1].shape = (b, s, 8),args[2].shape = (b, s, 5). Obtained dimension variables: 'b' = {0} from specification 'b' for dimension args[1].shape[0] (= {0}), 's' = {1} from specification 's' for dimension args[1].shape[1] (= {1}), . Please see https://docs.jax.dev/en/latest/export/shape_poly.html#shape-assertion-errors for more details.", has_side_effect = true} : (tensor<i1>, tensor<i32>, tensor<i32>) -> ()
    %6 = stablehlo.compare EQ, %2, %0, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.custom_call @shape_assertion(%6, %2, %0, %1) {api_version = 2 : i32, error_message = "Input shapes do not match the polymorphic shapes specification. Found inconsistency between dimension size args[2].shape[0] (= {0}) and the specification 'b' (= {1}). Using the following polymorphic shapes specifications: args[1].shape = (b, s, 8),args[2].shape = (b, s, 5). Obtained dimension variables: 'b' = {1} from specification 'b' for dimension args[1].shape[0] (= {1}), 's' = {2} from specification 's' for dimension args[1].shape[1] (= {2}), . Please see https://docs.jax.dev/en/latest/export/shape_poly.html#shape-assertion-errors for more details.", has_side_effect = true} : (tensor<i1>, tensor<i32>, tensor<i32>, tensor<i32>) -> ()
    %7 = stablehlo.compare EQ, %3, %1, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.custom_call @shape_assertion(%7, %3, %1, %0) {api_version = 2 : i32, error_message = "Input shapes do not match the polymorphic shapes specification. Found inconsistency between dimension size args[2].shape[1] (= {0}) and the specification 's' (= {1}). Using the following polymorphic shapes specifications: args[1].shape = (b, s, 8),args[2].shape = (b, s, 5). Obtained dimension variables: 'b' = {2} from specification 'b' for dimension args[1].shape[0] (= {2}), 's' = {1} from specification 's' for dimension args[1].shape[1] (= {1}), . Please see https://docs.jax.dev/en/latest/export/shape_poly.html#shape-assertion-errors for more details.", has_side_effect = true} : (tensor<i1>, tensor<i32>, tensor<i32>, tensor<i32>) -> ()
    %8:2 = call @_wrapped_jax_export_main(%0, %1, %arg0, %arg1, %arg2, %arg3) : (tensor<i32>, tensor<i32>, tensor<8x5xf32>, tensor<8x8xf32>, tensor<?x?x8xf32>, tensor<?x?x5xf32>) -> (tensor<8x5xf32>, tensor<8x8xf32>)
    return %8#0, %8#1 : tensor<8x5xf32>, tensor<8x8xf32>
  }
  func.func private @_wrapped_jax_export_main(%arg0: tensor<i32> {jax.global_constant = "b"}, %arg1: tensor<i32> {jax.global_constant = "s"}, %arg2: tensor<8x5xf32> loc("p['head']"), %arg3: tensor<8x8xf32> loc("p['w']"), %arg4: tensor<?x?x8xf32> loc("x"), %arg5: tensor<?x?x5xf32> loc("y")) -> (tensor<8x5xf32> {jax.result_info = "result['head']"}, tensor<8x8xf32> {jax.result_info = "result['w']"}) {
    %cst = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %c = stablehlo.constant dense<5> : tensor<1xi32>
    %c_0 = stablehlo.constant dense<5> : tensor<i32>
    %cst_1 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %c_2 = stablehlo.constant dense<8> : tensor<1xi32>
    %cst_3 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %0 = stablehlo.dot_general %arg4, %arg3, contracting_dims = [2] x [0] : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
    %1 = stablehlo.tanh %0 : tensor<?x?x8xf32>
    %2 = stablehlo.reshape %arg0 : (tensor<i32>) -> tensor<1xi32>
    %3 = stablehlo.reshape %arg1 : (tensor<i32>) -> tensor<1xi32>
    %4 = stablehlo.concatenate %2, %3, %c_2, dim = 0 : (tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<3xi32>
    %5 = stablehlo.dynamic_broadcast_in_dim %cst_3, %4, dims = [] : (tensor<f32>, tensor<3xi32>) -> tensor<?x?x8xf32>
    %6 = stablehlo.subtract %5, %1 : tensor<?x?x8xf32>
    %7 = stablehlo.dot_general %1, %arg2, contracting_dims = [2] x [0] : (tensor<?x?x8xf32>, tensor<8x5xf32>) -> tensor<?x?x5xf32>
    %8 = stablehlo.subtract %7, %arg5 : tensor<?x?x5xf32>
    %9 = stablehlo.reshape %arg0 : (tensor<i32>) -> tensor<1xi32>
    %10 = stablehlo.reshape %arg1 : (tensor<i32>) -> tensor<1xi32>
    %11 = stablehlo.concatenate %9, %10, %c, dim = 0 : (tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<3xi32>
    %12 = stablehlo.dynamic_broadcast_in_dim %cst_1, %11, dims = [] : (tensor<f32>, tensor<3xi32>) -> tensor<?x?x5xf32>
    %13 = stablehlo.multiply %12, %8 : tensor<?x?x5xf32>
    %14 = stablehlo.multiply %arg1, %arg0 : tensor<i32>
    %15 = stablehlo.convert %14 : tensor<i32>
    %16 = stablehlo.multiply %15, %c_0 : tensor<i32>
    %17 = stablehlo.convert %16 : (tensor<i32>) -> tensor<f32>
    %18 = stablehlo.divide %cst_3, %17 : tensor<f32>
    %19 = stablehlo.reshape %arg0 : (tensor<i32>) -> tensor<1xi32>
    %20 = stablehlo.reshape %arg1 : (tensor<i32>) -> tensor<1xi32>
    %21 = stablehlo.concatenate %19, %20, %c, dim = 0 : (tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<3xi32>
    %22 = stablehlo.dynamic_broadcast_in_dim %18, %21, dims = [] : (tensor<f32>, tensor<3xi32>) -> tensor<?x?x5xf32>
    %23 = stablehlo.multiply %22, %13 : tensor<?x?x5xf32>
    %24 = stablehlo.dot_general %23, %1, contracting_dims = [0, 1] x [0, 1] : (tensor<?x?x5xf32>, tensor<?x?x8xf32>) -> tensor<5x8xf32>
    %25 = stablehlo.transpose %24, dims = [1, 0] : (tensor<5x8xf32>) -> tensor<8x5xf32>
    %26 = stablehlo.dot_general %23, %arg2, contracting_dims = [2] x [1] : (tensor<?x?x5xf32>, tensor<8x5xf32>) -> tensor<?x?x8xf32>
    %27 = stablehlo.multiply %26, %6 : tensor<?x?x8xf32>
    %28 = stablehlo.multiply %27, %1 : tensor<?x?x8xf32>
    %29 = stablehlo.add %27, %28 : tensor<?x?x8xf32>
    %30 = stablehlo.dot_general %29, %arg4, contracting_dims = [0, 1] x [0, 1] : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<8x8xf32>
    %31 = stablehlo.transpose %30, dims = [1, 0] : (tensor<8x8xf32>) -> tensor<8x8xf32>
    %32 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<8x5xf32>
    %33 = stablehlo.multiply %32, %25 : tensor<8x5xf32>
    %34 = stablehlo.subtract %arg2, %33 : tensor<8x5xf32>
    %35 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %36 = stablehlo.multiply %35, %31 : tensor<8x8xf32>
    %37 = stablehlo.subtract %arg3, %36 : tensor<8x8xf32>
    return %34, %37 : tensor<8x5xf32>, tensor<8x8xf32>
  }
}
