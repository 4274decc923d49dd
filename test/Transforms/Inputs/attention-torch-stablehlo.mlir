module {
  func.func @main(%arg0: tensor<19x8xf32> loc("embed.weight"), %arg1: tensor<24x8xf32> loc("attention.in_proj_weight"), %arg2: tensor<24xf32> loc("attention.in_proj_bias"), %arg3: tensor<8x8xf32> loc("attention.out_proj.weight"), %arg4: tensor<8xf32> loc("attention.out_proj.bias"), %arg5: tensor<12x8xf32> loc("up.weight"), %arg6: tensor<12xf32> loc("up.bias"), %arg7: tensor<8x12xf32> loc("down.weight"), %arg8: tensor<8xf32> loc("down.bias"), %arg9: tensor<19x8xf32> loc("head.weight"), %arg10: tensor<f32> loc("optimizer.param_groups[0]['lr']"), %arg11: tensor<2x5xi64> loc("batch[0]"), %arg12: tensor<2x5xi64> loc("batch[1]")) -> (tensor<19x8xf32>, tensor<24x8xf32>, tensor<24xf32>, tensor<8x8xf32>, tensor<8xf32>, tensor<12x8xf32>, tensor<12xf32>, tensor<8x12xf32>, tensor<8xf32>, tensor<19x8xf32>, tensor<f32>) {
    %c = stablehlo.constant dense<18> : tensor<i64>
    %c_0 = stablehlo.constant dense<-19> : tensor<i64>
    %c_1 = stablehlo.constant dense<-1> : tensor<2x5xi64>
    %c_2 = stablehlo.constant dense<19> : tensor<2x5xi64>
    %c_3 = stablehlo.constant dense<0> : tensor<2x5xi64>
    %c_4 = stablehlo.constant dense<0> : tensor<3x1x1x1xi64>
    %c_5 = stablehlo.constant dense<1> : tensor<3x1x1x1xi64>
    %c_6 = stablehlo.constant dense<2> : tensor<3x1x1x1xi64>
    %c_7 = stablehlo.constant dense<0> : tensor<10x1xi64>
    %c_8 = stablehlo.constant dense<-100> : tensor<10x1xi64>
    %c_9 = stablehlo.constant dense<0> : tensor<10xi64>
    %c_10 = stablehlo.constant dense<-100> : tensor<10xi64>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<19x8xf32>
    %cst_11 = stablehlo.constant dense<0.000000e+00> : tensor<3x5x2x8xf32>
    %cst_12 = stablehlo.constant dense<-1.000000e+00> : tensor<10x1xf32>
    %cst_13 = stablehlo.constant dense<0.000000e+00> : tensor<10x19xf32>
    %cst_14 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %cst_15 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %c_16 = stablehlo.constant dense<0> : tensor<i64>
    %cst_17 = stablehlo.constant dense<0.000000e+00> : tensor<2x2x5x5xf32>
    %cst_18 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %c_19 = stablehlo.constant dense<true> : tensor<i1>
    %cst_20 = stablehlo.constant dense<0.000000e+00> : tensor<2x5x12xf32>
    %cst_21 = arith.constant dense<0.70710678118654757> : tensor<1xf64>
    %cst_22 = arith.constant dense<0xFFF0000000000000> : tensor<1xf64>
    %cst_23 = arith.constant dense<1> : tensor<1xi64>
    %0 = "stablehlo.gather"(%arg0, %arg11) <{dimension_numbers = #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 2>, indices_are_sorted = false, slice_sizes = array<i64: 1, 8>}> : (tensor<19x8xf32>, tensor<2x5xi64>) -> tensor<2x5x8xf32>
    %1 = stablehlo.transpose %0, dims = [1, 0, 2] : (tensor<2x5x8xf32>) -> tensor<5x2x8xf32>
    %2 = stablehlo.transpose %arg1, dims = [1, 0] : (tensor<24x8xf32>) -> tensor<8x24xf32>
    %3 = stablehlo.reshape %1 : (tensor<5x2x8xf32>) -> tensor<10x8xf32>
    %4 = stablehlo.dot_general %3, %2, contracting_dims = [1] x [0] : (tensor<10x8xf32>, tensor<8x24xf32>) -> tensor<10x24xf32>
    %5 = stablehlo.reshape %4 : (tensor<10x24xf32>) -> tensor<5x2x24xf32>
    %6 = stablehlo.broadcast_in_dim %arg2, dims = [2] : (tensor<24xf32>) -> tensor<5x2x24xf32>
    %7 = stablehlo.add %5, %6 : tensor<5x2x24xf32>
    %8 = stablehlo.reshape %7 : (tensor<5x2x24xf32>) -> tensor<1x5x2x3x8xf32>
    %9 = stablehlo.transpose %8, dims = [3, 1, 2, 0, 4] : (tensor<1x5x2x3x8xf32>) -> tensor<3x5x2x1x8xf32>
    %10 = stablehlo.reshape %9 : (tensor<3x5x2x1x8xf32>) -> tensor<3x5x2x8xf32>
    %11 = stablehlo.slice %10 [0:1, 0:5, 0:2, 0:8] : (tensor<3x5x2x8xf32>) -> tensor<1x5x2x8xf32>
    %12 = stablehlo.slice %10 [1:2, 0:5, 0:2, 0:8] : (tensor<3x5x2x8xf32>) -> tensor<1x5x2x8xf32>
    %13 = stablehlo.slice %10 [2:3, 0:5, 0:2, 0:8] : (tensor<3x5x2x8xf32>) -> tensor<1x5x2x8xf32>
    %14 = stablehlo.reshape %11 : (tensor<1x5x2x8xf32>) -> tensor<5x4x4xf32>
    %15 = stablehlo.transpose %14, dims = [1, 0, 2] : (tensor<5x4x4xf32>) -> tensor<4x5x4xf32>
    %16 = stablehlo.reshape %12 : (tensor<1x5x2x8xf32>) -> tensor<5x4x4xf32>
    %17 = stablehlo.transpose %16, dims = [1, 0, 2] : (tensor<5x4x4xf32>) -> tensor<4x5x4xf32>
    %18 = stablehlo.reshape %13 : (tensor<1x5x2x8xf32>) -> tensor<5x4x4xf32>
    %19 = stablehlo.transpose %18, dims = [1, 0, 2] : (tensor<5x4x4xf32>) -> tensor<4x5x4xf32>
    %20 = stablehlo.reshape %15 : (tensor<4x5x4xf32>) -> tensor<2x2x5x4xf32>
    %21 = stablehlo.reshape %17 : (tensor<4x5x4xf32>) -> tensor<2x2x5x4xf32>
    %22 = stablehlo.convert %cst_21 : (tensor<1xf64>) -> tensor<1xf32>
    %23 = stablehlo.reshape %22 : (tensor<1xf32>) -> tensor<f32>
    %24 = stablehlo.broadcast_in_dim %23, dims = [] : (tensor<f32>) -> tensor<2x2x5x4xf32>
    %25 = stablehlo.multiply %20, %24 : tensor<2x2x5x4xf32>
    %26 = stablehlo.transpose %21, dims = [0, 1, 3, 2] : (tensor<2x2x5x4xf32>) -> tensor<2x2x4x5xf32>
    %27 = stablehlo.broadcast_in_dim %23, dims = [] : (tensor<f32>) -> tensor<2x2x4x5xf32>
    %28 = stablehlo.multiply %26, %27 : tensor<2x2x4x5xf32>
    %29 = stablehlo.reshape %25 : (tensor<2x2x5x4xf32>) -> tensor<4x5x4xf32>
    %30 = stablehlo.reshape %28 : (tensor<2x2x4x5xf32>) -> tensor<4x4x5xf32>
    %31 = stablehlo.dot_general %29, %30, batching_dims = [0] x [0], contracting_dims = [2] x [1] : (tensor<4x5x4xf32>, tensor<4x4x5xf32>) -> tensor<4x5x5xf32>
    %32 = stablehlo.reshape %31 : (tensor<4x5x5xf32>) -> tensor<2x2x5x5xf32>
    %33 = stablehlo.reduce(%32 init: %cst_18) applies stablehlo.maximum across dimensions = [3] : (tensor<2x2x5x5xf32>, tensor<f32>) -> tensor<2x2x5xf32>
    %34 = stablehlo.reshape %33 : (tensor<2x2x5xf32>) -> tensor<2x2x5x1xf32>
    %35 = stablehlo.broadcast_in_dim %34, dims = [0, 1, 2, 3] : (tensor<2x2x5x1xf32>) -> tensor<2x2x5x5xf32>
    %36 = stablehlo.subtract %32, %35 : tensor<2x2x5x5xf32>
    %37 = stablehlo.exponential %36 : tensor<2x2x5x5xf32>
    %38 = stablehlo.reduce(%37 init: %cst_15) applies stablehlo.add across dimensions = [3] : (tensor<2x2x5x5xf32>, tensor<f32>) -> tensor<2x2x5xf32>
    %39 = stablehlo.reshape %38 : (tensor<2x2x5xf32>) -> tensor<2x2x5x1xf32>
    %40 = stablehlo.broadcast_in_dim %39, dims = [0, 1, 2, 3] : (tensor<2x2x5x1xf32>) -> tensor<2x2x5x5xf32>
    %41 = stablehlo.divide %37, %40 : tensor<2x2x5x5xf32>
    %42 = stablehlo.reshape %cst_22 : (tensor<1xf64>) -> tensor<f64>
    %43 = stablehlo.convert %42 : (tensor<f64>) -> tensor<f32>
    %44 = stablehlo.broadcast_in_dim %43, dims = [] : (tensor<f32>) -> tensor<2x2x5x5xf32>
    %45 = stablehlo.compare EQ, %32, %44, FLOAT : (tensor<2x2x5x5xf32>, tensor<2x2x5x5xf32>) -> tensor<2x2x5x5xi1>
    %46 = stablehlo.reduce(%45 init: %c_19) applies stablehlo.and across dimensions = [3] : (tensor<2x2x5x5xi1>, tensor<i1>) -> tensor<2x2x5xi1>
    %47 = stablehlo.reshape %46 : (tensor<2x2x5xi1>) -> tensor<2x2x5x1xi1>
    %48 = stablehlo.broadcast_in_dim %47, dims = [0, 1, 2, 3] : (tensor<2x2x5x1xi1>) -> tensor<2x2x5x5xi1>
    %49 = stablehlo.select %48, %cst_17, %41 : tensor<2x2x5x5xi1>, tensor<2x2x5x5xf32>
    %50 = stablehlo.reshape %49 : (tensor<2x2x5x5xf32>) -> tensor<4x5x5xf32>
    %51 = stablehlo.dot_general %50, %19, batching_dims = [0] x [0], contracting_dims = [2] x [1] : (tensor<4x5x5xf32>, tensor<4x5x4xf32>) -> tensor<4x5x4xf32>
    %52 = stablehlo.reshape %51 : (tensor<4x5x4xf32>) -> tensor<2x2x5x4xf32>
    %53 = stablehlo.transpose %52, dims = [2, 0, 1, 3] : (tensor<2x2x5x4xf32>) -> tensor<5x2x2x4xf32>
    %54 = stablehlo.reshape %53 : (tensor<5x2x2x4xf32>) -> tensor<10x8xf32>
    %55 = stablehlo.transpose %arg3, dims = [1, 0] : (tensor<8x8xf32>) -> tensor<8x8xf32>
    %56 = stablehlo.dot_general %54, %55, contracting_dims = [1] x [0] : (tensor<10x8xf32>, tensor<8x8xf32>) -> tensor<10x8xf32>
    %57 = stablehlo.convert %cst_23 : (tensor<1xi64>) -> tensor<1xf32>
    %58 = stablehlo.reshape %57 : (tensor<1xf32>) -> tensor<f32>
    %59 = stablehlo.broadcast_in_dim %58, dims = [] : (tensor<f32>) -> tensor<10x8xf32>
    %60 = stablehlo.multiply %56, %59 : tensor<10x8xf32>
    %61 = stablehlo.broadcast_in_dim %58, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %62 = stablehlo.multiply %arg4, %61 : tensor<8xf32>
    %63 = stablehlo.broadcast_in_dim %62, dims = [1] : (tensor<8xf32>) -> tensor<10x8xf32>
    %64 = stablehlo.add %60, %63 : tensor<10x8xf32>
    %65 = stablehlo.reshape %64 : (tensor<10x8xf32>) -> tensor<5x2x8xf32>
    %66 = stablehlo.transpose %65, dims = [1, 0, 2] : (tensor<5x2x8xf32>) -> tensor<2x5x8xf32>
    %67 = stablehlo.add %0, %66 : tensor<2x5x8xf32>
    %68 = stablehlo.reshape %67 : (tensor<2x5x8xf32>) -> tensor<10x8xf32>
    %69 = stablehlo.transpose %arg5, dims = [1, 0] : (tensor<12x8xf32>) -> tensor<8x12xf32>
    %70 = stablehlo.dot_general %68, %69, contracting_dims = [1] x [0] : (tensor<10x8xf32>, tensor<8x12xf32>) -> tensor<10x12xf32>
    %71 = stablehlo.broadcast_in_dim %58, dims = [] : (tensor<f32>) -> tensor<10x12xf32>
    %72 = stablehlo.multiply %70, %71 : tensor<10x12xf32>
    %73 = stablehlo.broadcast_in_dim %58, dims = [] : (tensor<f32>) -> tensor<12xf32>
    %74 = stablehlo.multiply %arg6, %73 : tensor<12xf32>
    %75 = stablehlo.broadcast_in_dim %74, dims = [1] : (tensor<12xf32>) -> tensor<10x12xf32>
    %76 = stablehlo.add %72, %75 : tensor<10x12xf32>
    %77 = stablehlo.reshape %76 : (tensor<10x12xf32>) -> tensor<2x5x12xf32>
    %78 = stablehlo.maximum %77, %cst_20 : tensor<2x5x12xf32>
    %79 = stablehlo.reshape %78 : (tensor<2x5x12xf32>) -> tensor<10x12xf32>
    %80 = stablehlo.transpose %arg7, dims = [1, 0] : (tensor<8x12xf32>) -> tensor<12x8xf32>
    %81 = stablehlo.dot_general %79, %80, contracting_dims = [1] x [0] : (tensor<10x12xf32>, tensor<12x8xf32>) -> tensor<10x8xf32>
    %82 = stablehlo.multiply %81, %59 : tensor<10x8xf32>
    %83 = stablehlo.multiply %arg8, %61 : tensor<8xf32>
    %84 = stablehlo.broadcast_in_dim %83, dims = [1] : (tensor<8xf32>) -> tensor<10x8xf32>
    %85 = stablehlo.add %82, %84 : tensor<10x8xf32>
    %86 = stablehlo.reshape %85 : (tensor<10x8xf32>) -> tensor<2x5x8xf32>
    %87 = stablehlo.add %67, %86 : tensor<2x5x8xf32>
    %88 = stablehlo.transpose %arg9, dims = [1, 0] : (tensor<19x8xf32>) -> tensor<8x19xf32>
    %89 = stablehlo.reshape %87 : (tensor<2x5x8xf32>) -> tensor<10x8xf32>
    %90 = stablehlo.dot_general %89, %88, contracting_dims = [1] x [0] : (tensor<10x8xf32>, tensor<8x19xf32>) -> tensor<10x19xf32>
    %91 = stablehlo.reshape %arg12 : (tensor<2x5xi64>) -> tensor<10xi64>
    %92 = stablehlo.reduce(%90 init: %cst_18) applies stablehlo.maximum across dimensions = [1] : (tensor<10x19xf32>, tensor<f32>) -> tensor<10xf32>
    %93 = stablehlo.reshape %92 : (tensor<10xf32>) -> tensor<10x1xf32>
    %94 = stablehlo.broadcast_in_dim %93, dims = [0, 1] : (tensor<10x1xf32>) -> tensor<10x19xf32>
    %95 = stablehlo.subtract %90, %94 : tensor<10x19xf32>
    %96 = stablehlo.exponential %95 : tensor<10x19xf32>
    %97 = stablehlo.reduce(%96 init: %cst_15) applies stablehlo.add across dimensions = [1] : (tensor<10x19xf32>, tensor<f32>) -> tensor<10xf32>
    %98 = stablehlo.reshape %97 : (tensor<10xf32>) -> tensor<10x1xf32>
    %99 = stablehlo.log %98 : tensor<10x1xf32>
    %100 = stablehlo.broadcast_in_dim %99, dims = [0, 1] : (tensor<10x1xf32>) -> tensor<10x19xf32>
    %101 = stablehlo.subtract %95, %100 : tensor<10x19xf32>
    %102 = stablehlo.compare NE, %91, %c_10, SIGNED : (tensor<10xi64>, tensor<10xi64>) -> tensor<10xi1>
    %103 = stablehlo.select %102, %91, %c_9 : tensor<10xi1>, tensor<10xi64>
    %104 = stablehlo.iota dim = 0 : tensor<10xi64>
    %105 = stablehlo.reshape %104 : (tensor<10xi64>) -> tensor<10x1x1xi64>
    %106 = stablehlo.reshape %103 : (tensor<10xi64>) -> tensor<10x1x1xi64>
    %107 = stablehlo.concatenate %105, %106, dim = 2 : (tensor<10x1x1xi64>, tensor<10x1x1xi64>) -> tensor<10x1x2xi64>
    %108 = "stablehlo.gather"(%101, %107) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0, 1], start_index_map = [0, 1], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1>}> : (tensor<10x19xf32>, tensor<10x1x2xi64>) -> tensor<10x1xf32>
    %109 = stablehlo.reshape %108 : (tensor<10x1xf32>) -> tensor<10xf32>
    %110 = stablehlo.negate %109 : tensor<10xf32>
    %111 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f32>) -> tensor<10xf32>
    %112 = stablehlo.select %102, %110, %111 : tensor<10xi1>, tensor<10xf32>
    %113 = stablehlo.convert %102 : (tensor<10xi1>) -> tensor<10xi64>
    %114 = stablehlo.reduce(%113 init: %c_16) applies stablehlo.add across dimensions = [0] : (tensor<10xi64>, tensor<i64>) -> tensor<i64>
    %115 = stablehlo.convert %114 : (tensor<i64>) -> tensor<f32>
    %116 = stablehlo.reduce(%112 init: %cst_15) applies stablehlo.add across dimensions = [0] : (tensor<10xf32>, tensor<f32>) -> tensor<f32>
    %117 = stablehlo.divide %116, %115 : tensor<f32>
    %118 = stablehlo.divide %cst_14, %115 : tensor<f32>
    %119 = stablehlo.reshape %arg12 : (tensor<2x5xi64>) -> tensor<10x1xi64>
    %120 = stablehlo.compare NE, %119, %c_8, SIGNED : (tensor<10x1xi64>, tensor<10x1xi64>) -> tensor<10x1xi1>
    %121 = stablehlo.select %120, %119, %c_7 : tensor<10x1xi1>, tensor<10x1xi64>
    %122 = stablehlo.reshape %121 : (tensor<10x1xi64>) -> tensor<10x1x1xi64>
    %123 = stablehlo.concatenate %105, %122, dim = 2 : (tensor<10x1x1xi64>, tensor<10x1x1xi64>) -> tensor<10x1x2xi64>
    %124 = "stablehlo.scatter"(%cst_13, %123, %cst_12) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0, 1], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 2>, unique_indices = false}> ({
    ^bb0(%arg13: tensor<f32>, %arg14: tensor<f32>):
      stablehlo.return %arg14 : tensor<f32>
    }) : (tensor<10x19xf32>, tensor<10x1x2xi64>, tensor<10x1xf32>) -> tensor<10x19xf32>
    %125 = stablehlo.broadcast_in_dim %118, dims = [] : (tensor<f32>) -> tensor<10x1xf32>
    %126 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f32>) -> tensor<10x1xf32>
    %127 = stablehlo.select %120, %125, %126 : tensor<10x1xi1>, tensor<10x1xf32>
    %128 = stablehlo.broadcast_in_dim %127, dims = [0, 1] : (tensor<10x1xf32>) -> tensor<10x19xf32>
    %129 = stablehlo.multiply %124, %128 : tensor<10x19xf32>
    %130 = stablehlo.exponential %101 : tensor<10x19xf32>
    %131 = stablehlo.reduce(%129 init: %cst_15) applies stablehlo.add across dimensions = [1] : (tensor<10x19xf32>, tensor<f32>) -> tensor<10xf32>
    %132 = stablehlo.reshape %131 : (tensor<10xf32>) -> tensor<10x1xf32>
    %133 = stablehlo.broadcast_in_dim %132, dims = [0, 1] : (tensor<10x1xf32>) -> tensor<10x19xf32>
    %134 = stablehlo.multiply %130, %133 : tensor<10x19xf32>
    %135 = stablehlo.subtract %129, %134 : tensor<10x19xf32>
    %136 = stablehlo.transpose %135, dims = [1, 0] : (tensor<10x19xf32>) -> tensor<19x10xf32>
    %137 = stablehlo.dot_general %136, %89, contracting_dims = [1] x [0] : (tensor<19x10xf32>, tensor<10x8xf32>) -> tensor<19x8xf32>
    %138 = stablehlo.dot_general %135, %arg9, contracting_dims = [1] x [0] : (tensor<10x19xf32>, tensor<19x8xf32>) -> tensor<10x8xf32>
    %139 = stablehlo.reshape %138 : (tensor<10x8xf32>) -> tensor<2x5x8xf32>
    %140 = stablehlo.dot_general %138, %arg7, contracting_dims = [1] x [0] : (tensor<10x8xf32>, tensor<8x12xf32>) -> tensor<10x12xf32>
    %141 = stablehlo.transpose %138, dims = [1, 0] : (tensor<10x8xf32>) -> tensor<8x10xf32>
    %142 = stablehlo.dot_general %141, %79, contracting_dims = [1] x [0] : (tensor<8x10xf32>, tensor<10x12xf32>) -> tensor<8x12xf32>
    %143 = stablehlo.reduce(%138 init: %cst_15) applies stablehlo.add across dimensions = [0] : (tensor<10x8xf32>, tensor<f32>) -> tensor<8xf32>
    %144 = stablehlo.convert %c_16 : (tensor<i64>) -> tensor<f32>
    %145 = stablehlo.broadcast_in_dim %144, dims = [] : (tensor<f32>) -> tensor<2x5x12xf32>
    %146 = stablehlo.compare LE, %78, %145, FLOAT : (tensor<2x5x12xf32>, tensor<2x5x12xf32>) -> tensor<2x5x12xi1>
    %147 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f32>) -> tensor<2x5x12xf32>
    %148 = stablehlo.reshape %140 : (tensor<10x12xf32>) -> tensor<2x5x12xf32>
    %149 = stablehlo.select %146, %147, %148 : tensor<2x5x12xi1>, tensor<2x5x12xf32>
    %150 = stablehlo.reshape %149 : (tensor<2x5x12xf32>) -> tensor<10x12xf32>
    %151 = stablehlo.dot_general %150, %arg5, contracting_dims = [1] x [0] : (tensor<10x12xf32>, tensor<12x8xf32>) -> tensor<10x8xf32>
    %152 = stablehlo.transpose %150, dims = [1, 0] : (tensor<10x12xf32>) -> tensor<12x10xf32>
    %153 = stablehlo.dot_general %152, %68, contracting_dims = [1] x [0] : (tensor<12x10xf32>, tensor<10x8xf32>) -> tensor<12x8xf32>
    %154 = stablehlo.reduce(%150 init: %cst_15) applies stablehlo.add across dimensions = [0] : (tensor<10x12xf32>, tensor<f32>) -> tensor<12xf32>
    %155 = stablehlo.reshape %151 : (tensor<10x8xf32>) -> tensor<2x5x8xf32>
    %156 = stablehlo.add %139, %155 : tensor<2x5x8xf32>
    %157 = stablehlo.transpose %156, dims = [1, 0, 2] : (tensor<2x5x8xf32>) -> tensor<5x2x8xf32>
    %158 = stablehlo.reshape %157 : (tensor<5x2x8xf32>) -> tensor<10x8xf32>
    %159 = stablehlo.dot_general %158, %arg3, contracting_dims = [1] x [0] : (tensor<10x8xf32>, tensor<8x8xf32>) -> tensor<10x8xf32>
    %160 = stablehlo.transpose %158, dims = [1, 0] : (tensor<10x8xf32>) -> tensor<8x10xf32>
    %161 = stablehlo.dot_general %160, %54, contracting_dims = [1] x [0] : (tensor<8x10xf32>, tensor<10x8xf32>) -> tensor<8x8xf32>
    %162 = stablehlo.reduce(%158 init: %cst_15) applies stablehlo.add across dimensions = [0] : (tensor<10x8xf32>, tensor<f32>) -> tensor<8xf32>
    %163 = stablehlo.reshape %159 : (tensor<10x8xf32>) -> tensor<5x2x2x4xf32>
    %164 = stablehlo.transpose %163, dims = [1, 2, 0, 3] : (tensor<5x2x2x4xf32>) -> tensor<2x2x5x4xf32>
    %165 = stablehlo.reshape %164 : (tensor<2x2x5x4xf32>) -> tensor<4x5x4xf32>
    %166 = stablehlo.transpose %50, dims = [0, 2, 1] : (tensor<4x5x5xf32>) -> tensor<4x5x5xf32>
    %167 = stablehlo.dot_general %166, %165, batching_dims = [0] x [0], contracting_dims = [2] x [1] : (tensor<4x5x5xf32>, tensor<4x5x4xf32>) -> tensor<4x5x4xf32>
    %168 = stablehlo.transpose %18, dims = [1, 2, 0] : (tensor<5x4x4xf32>) -> tensor<4x4x5xf32>
    %169 = stablehlo.dot_general %165, %168, batching_dims = [0] x [0], contracting_dims = [2] x [1] : (tensor<4x5x4xf32>, tensor<4x4x5xf32>) -> tensor<4x5x5xf32>
    %170 = stablehlo.reshape %169 : (tensor<4x5x5xf32>) -> tensor<2x2x5x5xf32>
    %171 = stablehlo.multiply %170, %49 : tensor<2x2x5x5xf32>
    %172 = stablehlo.reduce(%171 init: %cst_15) applies stablehlo.add across dimensions = [3] : (tensor<2x2x5x5xf32>, tensor<f32>) -> tensor<2x2x5xf32>
    %173 = stablehlo.reshape %172 : (tensor<2x2x5xf32>) -> tensor<2x2x5x1xf32>
    %174 = stablehlo.broadcast_in_dim %173, dims = [0, 1, 2, 3] : (tensor<2x2x5x1xf32>) -> tensor<2x2x5x5xf32>
    %175 = stablehlo.multiply %49, %174 : tensor<2x2x5x5xf32>
    %176 = stablehlo.subtract %171, %175 : tensor<2x2x5x5xf32>
    %177 = stablehlo.reshape %176 : (tensor<2x2x5x5xf32>) -> tensor<4x5x5xf32>
    %178 = stablehlo.transpose %29, dims = [0, 2, 1] : (tensor<4x5x4xf32>) -> tensor<4x4x5xf32>
    %179 = stablehlo.dot_general %178, %177, batching_dims = [0] x [0], contracting_dims = [2] x [1] : (tensor<4x4x5xf32>, tensor<4x5x5xf32>) -> tensor<4x4x5xf32>
    %180 = stablehlo.transpose %30, dims = [0, 2, 1] : (tensor<4x4x5xf32>) -> tensor<4x5x4xf32>
    %181 = stablehlo.dot_general %177, %180, batching_dims = [0] x [0], contracting_dims = [2] x [1] : (tensor<4x5x5xf32>, tensor<4x5x4xf32>) -> tensor<4x5x4xf32>
    %182 = stablehlo.reshape %179 : (tensor<4x4x5xf32>) -> tensor<2x2x4x5xf32>
    %183 = stablehlo.reshape %181 : (tensor<4x5x4xf32>) -> tensor<2x2x5x4xf32>
    %184 = stablehlo.multiply %182, %27 : tensor<2x2x4x5xf32>
    %185 = stablehlo.transpose %184, dims = [0, 1, 3, 2] : (tensor<2x2x4x5xf32>) -> tensor<2x2x5x4xf32>
    %186 = stablehlo.multiply %183, %24 : tensor<2x2x5x4xf32>
    %187 = stablehlo.reshape %185 : (tensor<2x2x5x4xf32>) -> tensor<4x5x4xf32>
    %188 = stablehlo.reshape %186 : (tensor<2x2x5x4xf32>) -> tensor<4x5x4xf32>
    %189 = stablehlo.transpose %167, dims = [1, 0, 2] : (tensor<4x5x4xf32>) -> tensor<5x4x4xf32>
    %190 = stablehlo.transpose %187, dims = [1, 0, 2] : (tensor<4x5x4xf32>) -> tensor<5x4x4xf32>
    %191 = stablehlo.transpose %188, dims = [1, 0, 2] : (tensor<4x5x4xf32>) -> tensor<5x4x4xf32>
    %192 = stablehlo.iota dim = 0 : tensor<3xi64>
    %193 = stablehlo.reshape %192 : (tensor<3xi64>) -> tensor<3x1x1x1xi64>
    %194 = stablehlo.compare EQ, %193, %c_6, SIGNED : (tensor<3x1x1x1xi64>, tensor<3x1x1x1xi64>) -> tensor<3x1x1x1xi1>
    %195 = stablehlo.reshape %189 : (tensor<5x4x4xf32>) -> tensor<1x5x2x8xf32>
    %196 = stablehlo.broadcast_in_dim %194, dims = [0, 1, 2, 3] : (tensor<3x1x1x1xi1>) -> tensor<3x5x2x8xi1>
    %197 = stablehlo.broadcast_in_dim %195, dims = [0, 1, 2, 3] : (tensor<1x5x2x8xf32>) -> tensor<3x5x2x8xf32>
    %198 = stablehlo.select %196, %197, %cst_11 : tensor<3x5x2x8xi1>, tensor<3x5x2x8xf32>
    %199 = stablehlo.compare EQ, %193, %c_5, SIGNED : (tensor<3x1x1x1xi64>, tensor<3x1x1x1xi64>) -> tensor<3x1x1x1xi1>
    %200 = stablehlo.reshape %190 : (tensor<5x4x4xf32>) -> tensor<1x5x2x8xf32>
    %201 = stablehlo.broadcast_in_dim %199, dims = [0, 1, 2, 3] : (tensor<3x1x1x1xi1>) -> tensor<3x5x2x8xi1>
    %202 = stablehlo.broadcast_in_dim %200, dims = [0, 1, 2, 3] : (tensor<1x5x2x8xf32>) -> tensor<3x5x2x8xf32>
    %203 = stablehlo.select %201, %202, %cst_11 : tensor<3x5x2x8xi1>, tensor<3x5x2x8xf32>
    %204 = stablehlo.add %198, %203 : tensor<3x5x2x8xf32>
    %205 = stablehlo.compare EQ, %193, %c_4, SIGNED : (tensor<3x1x1x1xi64>, tensor<3x1x1x1xi64>) -> tensor<3x1x1x1xi1>
    %206 = stablehlo.reshape %191 : (tensor<5x4x4xf32>) -> tensor<1x5x2x8xf32>
    %207 = stablehlo.broadcast_in_dim %205, dims = [0, 1, 2, 3] : (tensor<3x1x1x1xi1>) -> tensor<3x5x2x8xi1>
    %208 = stablehlo.broadcast_in_dim %206, dims = [0, 1, 2, 3] : (tensor<1x5x2x8xf32>) -> tensor<3x5x2x8xf32>
    %209 = stablehlo.select %207, %208, %cst_11 : tensor<3x5x2x8xi1>, tensor<3x5x2x8xf32>
    %210 = stablehlo.add %204, %209 : tensor<3x5x2x8xf32>
    %211 = stablehlo.reshape %210 : (tensor<3x5x2x8xf32>) -> tensor<3x5x2x1x8xf32>
    %212 = stablehlo.transpose %211, dims = [3, 1, 2, 0, 4] : (tensor<3x5x2x1x8xf32>) -> tensor<1x5x2x3x8xf32>
    %213 = stablehlo.reshape %212 : (tensor<1x5x2x3x8xf32>) -> tensor<5x2x24xf32>
    %214 = stablehlo.reduce(%213 init: %cst_15) applies stablehlo.add across dimensions = [0, 1] : (tensor<5x2x24xf32>, tensor<f32>) -> tensor<24xf32>
    %215 = stablehlo.reshape %212 : (tensor<1x5x2x3x8xf32>) -> tensor<10x24xf32>
    %216 = stablehlo.transpose %215, dims = [1, 0] : (tensor<10x24xf32>) -> tensor<24x10xf32>
    %217 = stablehlo.dot_general %216, %3, contracting_dims = [1] x [0] : (tensor<24x10xf32>, tensor<10x8xf32>) -> tensor<24x8xf32>
    %218 = stablehlo.dot_general %215, %arg1, contracting_dims = [1] x [0] : (tensor<10x24xf32>, tensor<24x8xf32>) -> tensor<10x8xf32>
    %219 = stablehlo.reshape %218 : (tensor<10x8xf32>) -> tensor<5x2x8xf32>
    %220 = stablehlo.transpose %219, dims = [1, 0, 2] : (tensor<5x2x8xf32>) -> tensor<2x5x8xf32>
    %221 = stablehlo.add %156, %220 : tensor<2x5x8xf32>
    %222 = stablehlo.compare GE, %arg11, %c_3, SIGNED : (tensor<2x5xi64>, tensor<2x5xi64>) -> tensor<2x5xi1>
    %223 = stablehlo.compare LT, %arg11, %c_2, SIGNED : (tensor<2x5xi64>, tensor<2x5xi64>) -> tensor<2x5xi1>
    %224 = stablehlo.and %222, %223 : tensor<2x5xi1>
    %225 = stablehlo.compare NE, %arg11, %c_1, SIGNED : (tensor<2x5xi64>, tensor<2x5xi64>) -> tensor<2x5xi1>
    %226 = stablehlo.and %224, %225 : tensor<2x5xi1>
    %227 = stablehlo.reshape %226 : (tensor<2x5xi1>) -> tensor<2x5x1xi1>
    %228 = stablehlo.clamp %c_0, %arg11, %c : (tensor<i64>, tensor<2x5xi64>, tensor<i64>) -> tensor<2x5xi64>
    %229 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f32>) -> tensor<2x5x8xf32>
    %230 = stablehlo.broadcast_in_dim %227, dims = [0, 1, 2] : (tensor<2x5x1xi1>) -> tensor<2x5x8xi1>
    %231 = stablehlo.select %230, %221, %229 : tensor<2x5x8xi1>, tensor<2x5x8xf32>
    %232 = stablehlo.reshape %228 : (tensor<2x5xi64>) -> tensor<2x5x1xi64>
    %233 = "stablehlo.scatter"(%cst, %232, %231) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 2>, unique_indices = false}> ({
    ^bb0(%arg13: tensor<f32>, %arg14: tensor<f32>):
      %262 = stablehlo.add %arg13, %arg14 : tensor<f32>
      stablehlo.return %262 : tensor<f32>
    }) : (tensor<19x8xf32>, tensor<2x5x1xi64>, tensor<2x5x8xf32>) -> tensor<19x8xf32>
    %234 = stablehlo.broadcast_in_dim %arg10, dims = [] : (tensor<f32>) -> tensor<19x8xf32>
    %235 = stablehlo.multiply %234, %233 : tensor<19x8xf32>
    %236 = stablehlo.subtract %arg0, %235 : tensor<19x8xf32>
    %237 = stablehlo.broadcast_in_dim %arg10, dims = [] : (tensor<f32>) -> tensor<24x8xf32>
    %238 = stablehlo.multiply %237, %217 : tensor<24x8xf32>
    %239 = stablehlo.subtract %arg1, %238 : tensor<24x8xf32>
    %240 = stablehlo.broadcast_in_dim %arg10, dims = [] : (tensor<f32>) -> tensor<24xf32>
    %241 = stablehlo.multiply %240, %214 : tensor<24xf32>
    %242 = stablehlo.subtract %arg2, %241 : tensor<24xf32>
    %243 = stablehlo.broadcast_in_dim %arg10, dims = [] : (tensor<f32>) -> tensor<8x8xf32>
    %244 = stablehlo.multiply %243, %161 : tensor<8x8xf32>
    %245 = stablehlo.subtract %arg3, %244 : tensor<8x8xf32>
    %246 = stablehlo.broadcast_in_dim %arg10, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %247 = stablehlo.multiply %246, %162 : tensor<8xf32>
    %248 = stablehlo.subtract %arg4, %247 : tensor<8xf32>
    %249 = stablehlo.broadcast_in_dim %arg10, dims = [] : (tensor<f32>) -> tensor<12x8xf32>
    %250 = stablehlo.multiply %249, %153 : tensor<12x8xf32>
    %251 = stablehlo.subtract %arg5, %250 : tensor<12x8xf32>
    %252 = stablehlo.broadcast_in_dim %arg10, dims = [] : (tensor<f32>) -> tensor<12xf32>
    %253 = stablehlo.multiply %252, %154 : tensor<12xf32>
    %254 = stablehlo.subtract %arg6, %253 : tensor<12xf32>
    %255 = stablehlo.broadcast_in_dim %arg10, dims = [] : (tensor<f32>) -> tensor<8x12xf32>
    %256 = stablehlo.multiply %255, %142 : tensor<8x12xf32>
    %257 = stablehlo.subtract %arg7, %256 : tensor<8x12xf32>
    %258 = stablehlo.multiply %246, %143 : tensor<8xf32>
    %259 = stablehlo.subtract %arg8, %258 : tensor<8xf32>
    %260 = stablehlo.multiply %234, %137 : tensor<19x8xf32>
    %261 = stablehlo.subtract %arg9, %260 : tensor<19x8xf32>
    return %236, %239, %242, %245, %248, %251, %254, %257, %259, %261, %117 : tensor<19x8xf32>, tensor<24x8xf32>, tensor<24xf32>, tensor<8x8xf32>, tensor<8xf32>, tensor<12x8xf32>, tensor<12xf32>, tensor<8x12xf32>, tensor<8xf32>, tensor<19x8xf32>, tensor<f32>
  }
}
