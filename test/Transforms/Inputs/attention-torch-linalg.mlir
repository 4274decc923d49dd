#map = affine_map<(d0, d1, d2) -> (d0, d1)>
#map1 = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#map2 = affine_map<(d0, d1, d2) -> (d2)>
#map3 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#map4 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
#map5 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, 0)>
#map6 = affine_map<(d0, d1) -> (d0, d1)>
#map7 = affine_map<(d0, d1) -> (d1)>
#map8 = affine_map<(d0, d1) -> (d0)>
#map9 = affine_map<(d0, d1) -> (d0, 0)>
#map10 = affine_map<(d0) -> (d0)>
#map11 = affine_map<(d0) -> ()>
#map12 = affine_map<() -> ()>
#map13 = affine_map<(d0, d1) -> ()>
#map14 = affine_map<(d0) -> (d0, 0)>
#map15 = affine_map<(d0, d1) -> (0, d1)>
#map16 = affine_map<(d0, d1, d2) -> ()>
#map17 = affine_map<(d0, d1, d2, d3) -> (d1, d2, d3)>
#map18 = affine_map<(d0, d1, d2, d3) -> (d0, 0, 0, 0)>
#map19 = affine_map<(d0, d1, d2) -> (0, 0, d2)>
#map20 = affine_map<(d0, d1, d2) -> (d0, d1, 0)>
module {
  func.func @main(%arg0: tensor<19x8xf32> loc("embed.weight"), %arg1: tensor<24x8xf32> loc("attention.in_proj_weight"), %arg2: tensor<24xf32> loc("attention.in_proj_bias"), %arg3: tensor<8x8xf32> loc("attention.out_proj.weight"), %arg4: tensor<8xf32> loc("attention.out_proj.bias"), %arg5: tensor<12x8xf32> loc("up.weight"), %arg6: tensor<12xf32> loc("up.bias"), %arg7: tensor<8x12xf32> loc("down.weight"), %arg8: tensor<8xf32> loc("down.bias"), %arg9: tensor<19x8xf32> loc("head.weight"), %arg10: tensor<f32> loc("optimizer.param_groups[0]['lr']"), %arg11: tensor<2x5xi64> loc("batch[0]"), %arg12: tensor<2x5xi64> loc("batch[1]")) -> (tensor<19x8xf32>, tensor<24x8xf32>, tensor<24xf32>, tensor<8x8xf32>, tensor<8xf32>, tensor<12x8xf32>, tensor<12xf32>, tensor<8x12xf32>, tensor<8xf32>, tensor<19x8xf32>, tensor<f32>) {
    %cst = arith.constant dense<0.000000e+00> : tensor<10x19xf32>
    %c19 = arith.constant 19 : index
    %cst_0 = arith.constant 0xFF800000 : f32
    %true = arith.constant true
    %cst_1 = arith.constant 0.70710678118654757 : f64
    %cst_2 = arith.constant 0xFFF0000000000000 : f64
    %cst_3 = arith.constant dense<0.000000e+00> : tensor<2x2x5x5xf32>
    %cst_4 = arith.constant dense<0.000000e+00> : tensor<f32>
    %cst_5 = arith.constant dense<1.000000e+00> : tensor<f32>
    %cst_6 = arith.constant dense<0.000000e+00> : tensor<3x5x2x8xf32>
    %c18_i64 = arith.constant 18 : i64
    %c-19_i64 = arith.constant -19 : i64
    %c-100_i64 = arith.constant -100 : i64
    %c19_i64 = arith.constant 19 : i64
    %c2_i64 = arith.constant 2 : i64
    %c1_i64 = arith.constant 1 : i64
    %c-1_i64 = arith.constant -1 : i64
    %c10 = arith.constant 10 : index
    %c0_i64 = arith.constant 0 : i64
    %cst_7 = arith.constant 0.000000e+00 : f32
    %c0 = arith.constant 0 : index
    %cst_8 = arith.constant dense<0.000000e+00> : tensor<19x8xf32>
    %cst_9 = arith.constant -1.000000e+00 : f32
    %cst_10 = arith.constant dense<0> : tensor<i64>
    %0 = tensor.empty() : tensor<2x5x8xf32>
    %1 = linalg.generic {indexing_maps = [#map, #map1], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg11 : tensor<2x5xi64>) outs(%0 : tensor<2x5x8xf32>) {
    ^bb0(%in: i64, %out: f32):
      %203 = arith.index_cast %in : i64 to index
      %204 = linalg.index 2 : index
      %205 = arith.cmpi slt, %203, %c19 : index
      cf.assert %205, "index must be smaller than dim size"
      %206 = arith.cmpi sge, %in, %c0_i64 : i64
      cf.assert %206, "index must be larger or equal to 0"
      %extracted = tensor.extract %arg0[%203, %204] : tensor<19x8xf32>
      linalg.yield %extracted : f32
    } -> tensor<2x5x8xf32>
    %2 = tensor.empty() : tensor<5x2x8xf32>
    %transposed = linalg.transpose ins(%1 : tensor<2x5x8xf32>) outs(%2 : tensor<5x2x8xf32>) permutation = [1, 0, 2]
    %3 = tensor.empty() : tensor<8x24xf32>
    %transposed_11 = linalg.transpose ins(%arg1 : tensor<24x8xf32>) outs(%3 : tensor<8x24xf32>) permutation = [1, 0]
    %collapsed = tensor.collapse_shape %transposed [[0, 1], [2]] : tensor<5x2x8xf32> into tensor<10x8xf32>
    %4 = tensor.empty() : tensor<10x24xf32>
    %5 = linalg.fill ins(%cst_7 : f32) outs(%4 : tensor<10x24xf32>) -> tensor<10x24xf32>
    %6 = linalg.matmul ins(%collapsed, %transposed_11 : tensor<10x8xf32>, tensor<8x24xf32>) outs(%5 : tensor<10x24xf32>) -> tensor<10x24xf32>
    %expanded = tensor.expand_shape %6 [[0, 1], [2]] output_shape [5, 2, 24] : tensor<10x24xf32> into tensor<5x2x24xf32>
    %7 = tensor.empty() : tensor<5x2x24xf32>
    %8 = linalg.generic {indexing_maps = [#map1, #map2, #map1], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded, %arg2 : tensor<5x2x24xf32>, tensor<24xf32>) outs(%7 : tensor<5x2x24xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.addf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<5x2x24xf32>
    %expanded_12 = tensor.expand_shape %8 [[0, 1], [2], [3, 4]] output_shape [1, 5, 2, 3, 8] : tensor<5x2x24xf32> into tensor<1x5x2x3x8xf32>
    %9 = tensor.empty() : tensor<3x5x2x1x8xf32>
    %transposed_13 = linalg.transpose ins(%expanded_12 : tensor<1x5x2x3x8xf32>) outs(%9 : tensor<3x5x2x1x8xf32>) permutation = [3, 1, 2, 0, 4]
    %collapsed_14 = tensor.collapse_shape %transposed_13 [[0], [1], [2, 3], [4]] : tensor<3x5x2x1x8xf32> into tensor<3x5x2x8xf32>
    %extracted_slice = tensor.extract_slice %collapsed_14[0, 0, 0, 0] [1, 5, 2, 8] [1, 1, 1, 1] : tensor<3x5x2x8xf32> to tensor<1x5x2x8xf32>
    %extracted_slice_15 = tensor.extract_slice %collapsed_14[1, 0, 0, 0] [1, 5, 2, 8] [1, 1, 1, 1] : tensor<3x5x2x8xf32> to tensor<1x5x2x8xf32>
    %extracted_slice_16 = tensor.extract_slice %collapsed_14[2, 0, 0, 0] [1, 5, 2, 8] [1, 1, 1, 1] : tensor<3x5x2x8xf32> to tensor<1x5x2x8xf32>
    %collapsed_17 = tensor.collapse_shape %extracted_slice [[0, 1], [2, 3]] : tensor<1x5x2x8xf32> into tensor<5x16xf32>
    %expanded_18 = tensor.expand_shape %collapsed_17 [[0], [1, 2]] output_shape [5, 4, 4] : tensor<5x16xf32> into tensor<5x4x4xf32>
    %10 = tensor.empty() : tensor<4x5x4xf32>
    %transposed_19 = linalg.transpose ins(%expanded_18 : tensor<5x4x4xf32>) outs(%10 : tensor<4x5x4xf32>) permutation = [1, 0, 2]
    %collapsed_20 = tensor.collapse_shape %extracted_slice_15 [[0, 1], [2, 3]] : tensor<1x5x2x8xf32> into tensor<5x16xf32>
    %expanded_21 = tensor.expand_shape %collapsed_20 [[0], [1, 2]] output_shape [5, 4, 4] : tensor<5x16xf32> into tensor<5x4x4xf32>
    %transposed_22 = linalg.transpose ins(%expanded_21 : tensor<5x4x4xf32>) outs(%10 : tensor<4x5x4xf32>) permutation = [1, 0, 2]
    %collapsed_23 = tensor.collapse_shape %extracted_slice_16 [[0, 1], [2, 3]] : tensor<1x5x2x8xf32> into tensor<5x16xf32>
    %expanded_24 = tensor.expand_shape %collapsed_23 [[0], [1, 2]] output_shape [5, 4, 4] : tensor<5x16xf32> into tensor<5x4x4xf32>
    %transposed_25 = linalg.transpose ins(%expanded_24 : tensor<5x4x4xf32>) outs(%10 : tensor<4x5x4xf32>) permutation = [1, 0, 2]
    %expanded_26 = tensor.expand_shape %transposed_19 [[0, 1], [2], [3]] output_shape [2, 2, 5, 4] : tensor<4x5x4xf32> into tensor<2x2x5x4xf32>
    %expanded_27 = tensor.expand_shape %transposed_22 [[0, 1], [2], [3]] output_shape [2, 2, 5, 4] : tensor<4x5x4xf32> into tensor<2x2x5x4xf32>
    %11 = tensor.empty() : tensor<2x2x5x4xf32>
    %12 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_26 : tensor<2x2x5x4xf32>) outs(%11 : tensor<2x2x5x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.truncf %cst_1 : f64 to f32
      %204 = arith.mulf %in, %203 : f32
      linalg.yield %204 : f32
    } -> tensor<2x2x5x4xf32>
    %13 = tensor.empty() : tensor<2x2x4x5xf32>
    %transposed_28 = linalg.transpose ins(%expanded_27 : tensor<2x2x5x4xf32>) outs(%13 : tensor<2x2x4x5xf32>) permutation = [0, 1, 3, 2]
    %14 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%transposed_28 : tensor<2x2x4x5xf32>) outs(%13 : tensor<2x2x4x5xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.truncf %cst_1 : f64 to f32
      %204 = arith.mulf %in, %203 : f32
      linalg.yield %204 : f32
    } -> tensor<2x2x4x5xf32>
    %collapsed_29 = tensor.collapse_shape %12 [[0, 1], [2], [3]] : tensor<2x2x5x4xf32> into tensor<4x5x4xf32>
    %collapsed_30 = tensor.collapse_shape %14 [[0, 1], [2], [3]] : tensor<2x2x4x5xf32> into tensor<4x4x5xf32>
    %15 = tensor.empty() : tensor<4x5x5xf32>
    %16 = linalg.fill ins(%cst_7 : f32) outs(%15 : tensor<4x5x5xf32>) -> tensor<4x5x5xf32>
    %17 = linalg.batch_matmul ins(%collapsed_29, %collapsed_30 : tensor<4x5x4xf32>, tensor<4x4x5xf32>) outs(%16 : tensor<4x5x5xf32>) -> tensor<4x5x5xf32>
    %expanded_31 = tensor.expand_shape %17 [[0, 1], [2], [3]] output_shape [2, 2, 5, 5] : tensor<4x5x5xf32> into tensor<2x2x5x5xf32>
    %18 = tensor.empty() : tensor<2x2x5xi64>
    %19 = linalg.fill ins(%c0_i64 : i64) outs(%18 : tensor<2x2x5xi64>) -> tensor<2x2x5xi64>
    %20 = tensor.empty() : tensor<2x2x5xf32>
    %21 = linalg.fill ins(%cst_0 : f32) outs(%20 : tensor<2x2x5xf32>) -> tensor<2x2x5xf32>
    %22:2 = linalg.generic {indexing_maps = [#map3, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%expanded_31 : tensor<2x2x5x5xf32>) outs(%21, %19 : tensor<2x2x5xf32>, tensor<2x2x5xi64>) {
    ^bb0(%in: f32, %out: f32, %out_104: i64):
      %203 = linalg.index 3 : index
      %204 = arith.index_cast %203 : index to i64
      %205 = arith.maximumf %in, %out : f32
      %206 = arith.cmpf ogt, %in, %out : f32
      %207 = arith.select %206, %204, %out_104 : i64
      linalg.yield %205, %207 : f32, i64
    } -> (tensor<2x2x5xf32>, tensor<2x2x5xi64>)
    %expanded_32 = tensor.expand_shape %22#0 [[0], [1], [2, 3]] output_shape [2, 2, 5, 1] : tensor<2x2x5xf32> into tensor<2x2x5x1xf32>
    %23 = tensor.empty() : tensor<2x2x5x5xf32>
    %24 = linalg.generic {indexing_maps = [#map3, #map5, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_31, %expanded_32 : tensor<2x2x5x5xf32>, tensor<2x2x5x1xf32>) outs(%23 : tensor<2x2x5x5xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<2x2x5x5xf32>
    %25 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%24 : tensor<2x2x5x5xf32>) outs(%23 : tensor<2x2x5x5xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = math.exp %in : f32
      linalg.yield %203 : f32
    } -> tensor<2x2x5x5xf32>
    %26 = tensor.empty() : tensor<2x2x5x1xf32>
    %27 = linalg.fill ins(%cst_7 : f32) outs(%26 : tensor<2x2x5x1xf32>) -> tensor<2x2x5x1xf32>
    %28 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%25 : tensor<2x2x5x5xf32>) outs(%27 : tensor<2x2x5x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.addf %in, %out : f32
      linalg.yield %203 : f32
    } -> tensor<2x2x5x1xf32>
    %29 = linalg.generic {indexing_maps = [#map3, #map5, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%25, %28 : tensor<2x2x5x5xf32>, tensor<2x2x5x1xf32>) outs(%23 : tensor<2x2x5x5xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.divf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<2x2x5x5xf32>
    %30 = tensor.empty() : tensor<2x2x5x5xi1>
    %31 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_31 : tensor<2x2x5x5xf32>) outs(%30 : tensor<2x2x5x5xi1>) {
    ^bb0(%in: f32, %out: i1):
      %203 = arith.extf %in : f32 to f64
      %204 = arith.cmpf oeq, %203, %cst_2 : f64
      linalg.yield %204 : i1
    } -> tensor<2x2x5x5xi1>
    %32 = tensor.empty() : tensor<2x2x5x1xi1>
    %33 = linalg.fill ins(%true : i1) outs(%32 : tensor<2x2x5x1xi1>) -> tensor<2x2x5x1xi1>
    %34 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%31 : tensor<2x2x5x5xi1>) outs(%33 : tensor<2x2x5x1xi1>) {
    ^bb0(%in: i1, %out: i1):
      %203 = arith.andi %in, %out : i1
      linalg.yield %203 : i1
    } -> tensor<2x2x5x1xi1>
    %35 = linalg.generic {indexing_maps = [#map5, #map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%34, %cst_3, %29 : tensor<2x2x5x1xi1>, tensor<2x2x5x5xf32>, tensor<2x2x5x5xf32>) outs(%23 : tensor<2x2x5x5xf32>) {
    ^bb0(%in: i1, %in_104: f32, %in_105: f32, %out: f32):
      %203 = arith.select %in, %in_104, %in_105 : f32
      linalg.yield %203 : f32
    } -> tensor<2x2x5x5xf32>
    %collapsed_33 = tensor.collapse_shape %35 [[0, 1], [2], [3]] : tensor<2x2x5x5xf32> into tensor<4x5x5xf32>
    %36 = linalg.fill ins(%cst_7 : f32) outs(%10 : tensor<4x5x4xf32>) -> tensor<4x5x4xf32>
    %37 = linalg.batch_matmul ins(%collapsed_33, %transposed_25 : tensor<4x5x5xf32>, tensor<4x5x4xf32>) outs(%36 : tensor<4x5x4xf32>) -> tensor<4x5x4xf32>
    %expanded_34 = tensor.expand_shape %37 [[0, 1], [2], [3]] output_shape [2, 2, 5, 4] : tensor<4x5x4xf32> into tensor<2x2x5x4xf32>
    %38 = tensor.empty() : tensor<5x2x2x4xf32>
    %transposed_35 = linalg.transpose ins(%expanded_34 : tensor<2x2x5x4xf32>) outs(%38 : tensor<5x2x2x4xf32>) permutation = [2, 0, 1, 3]
    %collapsed_36 = tensor.collapse_shape %transposed_35 [[0, 1], [2, 3]] : tensor<5x2x2x4xf32> into tensor<10x8xf32>
    %39 = tensor.empty() : tensor<8x8xf32>
    %transposed_37 = linalg.transpose ins(%arg3 : tensor<8x8xf32>) outs(%39 : tensor<8x8xf32>) permutation = [1, 0]
    %40 = tensor.empty() : tensor<10x8xf32>
    %41 = linalg.fill ins(%cst_7 : f32) outs(%40 : tensor<10x8xf32>) -> tensor<10x8xf32>
    %42 = linalg.matmul ins(%collapsed_36, %transposed_37 : tensor<10x8xf32>, tensor<8x8xf32>) outs(%41 : tensor<10x8xf32>) -> tensor<10x8xf32>
    %43 = linalg.generic {indexing_maps = [#map6, #map7, #map6], iterator_types = ["parallel", "parallel"]} ins(%42, %arg4 : tensor<10x8xf32>, tensor<8xf32>) outs(%40 : tensor<10x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.addf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<10x8xf32>
    %expanded_38 = tensor.expand_shape %43 [[0, 1], [2]] output_shape [5, 2, 8] : tensor<10x8xf32> into tensor<5x2x8xf32>
    %transposed_39 = linalg.transpose ins(%expanded_38 : tensor<5x2x8xf32>) outs(%0 : tensor<2x5x8xf32>) permutation = [1, 0, 2]
    %44 = linalg.generic {indexing_maps = [#map1, #map1, #map1], iterator_types = ["parallel", "parallel", "parallel"]} ins(%1, %transposed_39 : tensor<2x5x8xf32>, tensor<2x5x8xf32>) outs(%0 : tensor<2x5x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.addf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<2x5x8xf32>
    %collapsed_40 = tensor.collapse_shape %44 [[0, 1], [2]] : tensor<2x5x8xf32> into tensor<10x8xf32>
    %45 = tensor.empty() : tensor<8x12xf32>
    %transposed_41 = linalg.transpose ins(%arg5 : tensor<12x8xf32>) outs(%45 : tensor<8x12xf32>) permutation = [1, 0]
    %46 = tensor.empty() : tensor<10x12xf32>
    %47 = linalg.fill ins(%cst_7 : f32) outs(%46 : tensor<10x12xf32>) -> tensor<10x12xf32>
    %48 = linalg.matmul ins(%collapsed_40, %transposed_41 : tensor<10x8xf32>, tensor<8x12xf32>) outs(%47 : tensor<10x12xf32>) -> tensor<10x12xf32>
    %49 = linalg.generic {indexing_maps = [#map6, #map7, #map6], iterator_types = ["parallel", "parallel"]} ins(%48, %arg6 : tensor<10x12xf32>, tensor<12xf32>) outs(%46 : tensor<10x12xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.addf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<10x12xf32>
    %expanded_42 = tensor.expand_shape %49 [[0, 1], [2]] output_shape [2, 5, 12] : tensor<10x12xf32> into tensor<2x5x12xf32>
    %50 = tensor.empty() : tensor<2x5x12xf32>
    %51 = linalg.generic {indexing_maps = [#map1, #map1], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded_42 : tensor<2x5x12xf32>) outs(%50 : tensor<2x5x12xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.cmpf ugt, %in, %cst_7 : f32
      %204 = arith.select %203, %in, %cst_7 : f32
      linalg.yield %204 : f32
    } -> tensor<2x5x12xf32>
    %collapsed_43 = tensor.collapse_shape %51 [[0, 1], [2]] : tensor<2x5x12xf32> into tensor<10x12xf32>
    %52 = tensor.empty() : tensor<12x8xf32>
    %transposed_44 = linalg.transpose ins(%arg7 : tensor<8x12xf32>) outs(%52 : tensor<12x8xf32>) permutation = [1, 0]
    %53 = linalg.matmul ins(%collapsed_43, %transposed_44 : tensor<10x12xf32>, tensor<12x8xf32>) outs(%41 : tensor<10x8xf32>) -> tensor<10x8xf32>
    %54 = linalg.generic {indexing_maps = [#map6, #map7, #map6], iterator_types = ["parallel", "parallel"]} ins(%53, %arg8 : tensor<10x8xf32>, tensor<8xf32>) outs(%40 : tensor<10x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.addf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<10x8xf32>
    %expanded_45 = tensor.expand_shape %54 [[0, 1], [2]] output_shape [2, 5, 8] : tensor<10x8xf32> into tensor<2x5x8xf32>
    %55 = linalg.generic {indexing_maps = [#map1, #map1, #map1], iterator_types = ["parallel", "parallel", "parallel"]} ins(%44, %expanded_45 : tensor<2x5x8xf32>, tensor<2x5x8xf32>) outs(%0 : tensor<2x5x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.addf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<2x5x8xf32>
    %56 = tensor.empty() : tensor<8x19xf32>
    %transposed_46 = linalg.transpose ins(%arg9 : tensor<19x8xf32>) outs(%56 : tensor<8x19xf32>) permutation = [1, 0]
    %collapsed_47 = tensor.collapse_shape %55 [[0, 1], [2]] : tensor<2x5x8xf32> into tensor<10x8xf32>
    %57 = tensor.empty() : tensor<10x19xf32>
    %58 = linalg.fill ins(%cst_7 : f32) outs(%57 : tensor<10x19xf32>) -> tensor<10x19xf32>
    %59 = linalg.matmul ins(%collapsed_47, %transposed_46 : tensor<10x8xf32>, tensor<8x19xf32>) outs(%58 : tensor<10x19xf32>) -> tensor<10x19xf32>
    %collapsed_48 = tensor.collapse_shape %arg12 [[0, 1]] : tensor<2x5xi64> into tensor<10xi64>
    %60 = tensor.empty() : tensor<10xi64>
    %61 = linalg.fill ins(%c0_i64 : i64) outs(%60 : tensor<10xi64>) -> tensor<10xi64>
    %62 = tensor.empty() : tensor<10xf32>
    %63 = linalg.fill ins(%cst_0 : f32) outs(%62 : tensor<10xf32>) -> tensor<10xf32>
    %64:2 = linalg.generic {indexing_maps = [#map6, #map8, #map8], iterator_types = ["parallel", "reduction"]} ins(%59 : tensor<10x19xf32>) outs(%63, %61 : tensor<10xf32>, tensor<10xi64>) {
    ^bb0(%in: f32, %out: f32, %out_104: i64):
      %203 = linalg.index 1 : index
      %204 = arith.index_cast %203 : index to i64
      %205 = arith.maximumf %in, %out : f32
      %206 = arith.cmpf ogt, %in, %out : f32
      %207 = arith.select %206, %204, %out_104 : i64
      linalg.yield %205, %207 : f32, i64
    } -> (tensor<10xf32>, tensor<10xi64>)
    %expanded_49 = tensor.expand_shape %64#0 [[0, 1]] output_shape [10, 1] : tensor<10xf32> into tensor<10x1xf32>
    %65 = linalg.generic {indexing_maps = [#map6, #map9, #map6], iterator_types = ["parallel", "parallel"]} ins(%59, %expanded_49 : tensor<10x19xf32>, tensor<10x1xf32>) outs(%57 : tensor<10x19xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<10x19xf32>
    %66 = linalg.generic {indexing_maps = [#map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%65 : tensor<10x19xf32>) outs(%57 : tensor<10x19xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = math.exp %in : f32
      linalg.yield %203 : f32
    } -> tensor<10x19xf32>
    %67 = tensor.empty() : tensor<10x1xf32>
    %68 = linalg.fill ins(%cst_7 : f32) outs(%67 : tensor<10x1xf32>) -> tensor<10x1xf32>
    %69 = linalg.generic {indexing_maps = [#map6, #map9], iterator_types = ["parallel", "reduction"]} ins(%66 : tensor<10x19xf32>) outs(%68 : tensor<10x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.addf %in, %out : f32
      linalg.yield %203 : f32
    } -> tensor<10x1xf32>
    %70 = linalg.generic {indexing_maps = [#map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%69 : tensor<10x1xf32>) outs(%67 : tensor<10x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = math.log %in : f32
      linalg.yield %203 : f32
    } -> tensor<10x1xf32>
    %71 = linalg.generic {indexing_maps = [#map6, #map9, #map6], iterator_types = ["parallel", "parallel"]} ins(%65, %70 : tensor<10x19xf32>, tensor<10x1xf32>) outs(%57 : tensor<10x19xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<10x19xf32>
    %72 = tensor.empty() : tensor<10xi1>
    %73 = linalg.generic {indexing_maps = [#map10, #map10], iterator_types = ["parallel"]} ins(%collapsed_48 : tensor<10xi64>) outs(%72 : tensor<10xi1>) {
    ^bb0(%in: i64, %out: i1):
      %203 = arith.cmpi ne, %in, %c-100_i64 : i64
      linalg.yield %203 : i1
    } -> tensor<10xi1>
    %74 = linalg.generic {indexing_maps = [#map10, #map10, #map11, #map10], iterator_types = ["parallel"]} ins(%73, %collapsed_48, %cst_10 : tensor<10xi1>, tensor<10xi64>, tensor<i64>) outs(%60 : tensor<10xi64>) {
    ^bb0(%in: i1, %in_104: i64, %in_105: i64, %out: i64):
      %203 = arith.select %in, %in_104, %in_105 : i64
      linalg.yield %203 : i64
    } -> tensor<10xi64>
    %expanded_50 = tensor.expand_shape %74 [[0, 1]] output_shape [10, 1] : tensor<10xi64> into tensor<10x1xi64>
    %75 = linalg.generic {indexing_maps = [#map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%expanded_50 : tensor<10x1xi64>) outs(%68 : tensor<10x1xf32>) {
    ^bb0(%in: i64, %out: f32):
      %203 = linalg.index 0 : index
      %204 = arith.index_cast %in : i64 to index
      %205 = arith.cmpi slt, %204, %c19 : index
      cf.assert %205, "index must be smaller than dim size"
      %206 = arith.cmpi sge, %in, %c0_i64 : i64
      cf.assert %206, "index must be larger or equal to 0"
      %extracted = tensor.extract %71[%203, %204] : tensor<10x19xf32>
      linalg.yield %extracted : f32
    } -> tensor<10x1xf32>
    %collapsed_51 = tensor.collapse_shape %75 [[0, 1]] : tensor<10x1xf32> into tensor<10xf32>
    %76 = linalg.generic {indexing_maps = [#map10, #map10], iterator_types = ["parallel"]} ins(%collapsed_51 : tensor<10xf32>) outs(%62 : tensor<10xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.negf %in : f32
      linalg.yield %203 : f32
    } -> tensor<10xf32>
    %77 = linalg.generic {indexing_maps = [#map10, #map10, #map11, #map10], iterator_types = ["parallel"]} ins(%73, %76, %cst_4 : tensor<10xi1>, tensor<10xf32>, tensor<f32>) outs(%62 : tensor<10xf32>) {
    ^bb0(%in: i1, %in_104: f32, %in_105: f32, %out: f32):
      %203 = arith.select %in, %in_104, %in_105 : f32
      linalg.yield %203 : f32
    } -> tensor<10xf32>
    %78 = tensor.empty() : tensor<i64>
    %79 = linalg.fill ins(%c0_i64 : i64) outs(%78 : tensor<i64>) -> tensor<i64>
    %80 = linalg.generic {indexing_maps = [#map10, #map11], iterator_types = ["reduction"]} ins(%73 : tensor<10xi1>) outs(%79 : tensor<i64>) {
    ^bb0(%in: i1, %out: i64):
      %203 = arith.extui %in : i1 to i64
      %204 = arith.addi %203, %out : i64
      linalg.yield %204 : i64
    } -> tensor<i64>
    %81 = tensor.empty() : tensor<f32>
    %82 = linalg.generic {indexing_maps = [#map12, #map12], iterator_types = []} ins(%80 : tensor<i64>) outs(%81 : tensor<f32>) {
    ^bb0(%in: i64, %out: f32):
      %203 = arith.sitofp %in : i64 to f32
      linalg.yield %203 : f32
    } -> tensor<f32>
    %83 = linalg.fill ins(%cst_7 : f32) outs(%81 : tensor<f32>) -> tensor<f32>
    %84 = linalg.generic {indexing_maps = [#map10, #map11], iterator_types = ["reduction"]} ins(%77 : tensor<10xf32>) outs(%83 : tensor<f32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.addf %in, %out : f32
      linalg.yield %203 : f32
    } -> tensor<f32>
    %85 = linalg.generic {indexing_maps = [#map12, #map12, #map12], iterator_types = []} ins(%84, %82 : tensor<f32>, tensor<f32>) outs(%81 : tensor<f32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.divf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<f32>
    %86 = linalg.generic {indexing_maps = [#map12, #map12, #map12], iterator_types = []} ins(%cst_5, %82 : tensor<f32>, tensor<f32>) outs(%81 : tensor<f32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.divf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<f32>
    %expanded_52 = tensor.expand_shape %collapsed_48 [[0, 1]] output_shape [10, 1] : tensor<10xi64> into tensor<10x1xi64>
    %87 = tensor.empty() : tensor<10x1xi1>
    %88 = linalg.generic {indexing_maps = [#map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%expanded_52 : tensor<10x1xi64>) outs(%87 : tensor<10x1xi1>) {
    ^bb0(%in: i64, %out: i1):
      %203 = arith.cmpi ne, %in, %c-100_i64 : i64
      linalg.yield %203 : i1
    } -> tensor<10x1xi1>
    %89 = tensor.empty() : tensor<10x1xi64>
    %90 = linalg.generic {indexing_maps = [#map6, #map6, #map13, #map6], iterator_types = ["parallel", "parallel"]} ins(%88, %expanded_52, %cst_10 : tensor<10x1xi1>, tensor<10x1xi64>, tensor<i64>) outs(%89 : tensor<10x1xi64>) {
    ^bb0(%in: i1, %in_104: i64, %in_105: i64, %out: i64):
      %203 = arith.select %in, %in_104, %in_105 : i64
      linalg.yield %203 : i64
    } -> tensor<10x1xi64>
    %91 = linalg.fill ins(%c0_i64 : i64) outs(%89 : tensor<10x1xi64>) -> tensor<10x1xi64>
    %92 = linalg.fill ins(%cst_7 : f32) outs(%62 : tensor<10xf32>) -> tensor<10xf32>
    %93:3 = linalg.generic {indexing_maps = [#map14, #map14, #map10], iterator_types = ["parallel"]} outs(%91, %91, %92 : tensor<10x1xi64>, tensor<10x1xi64>, tensor<10xf32>) {
    ^bb0(%out: i64, %out_104: i64, %out_105: f32):
      %203 = linalg.index 0 : index
      %204 = arith.remsi %203, %c10 : index
      %extracted = tensor.extract %90[%204, %c0] : tensor<10x1xi64>
      %205 = arith.index_cast %204 : index to i64
      linalg.yield %205, %extracted, %cst_9 : i64, i64, f32
    } -> (tensor<10x1xi64>, tensor<10x1xi64>, tensor<10xf32>)
    %94 = tensor.empty() : tensor<10x2xi64>
    %95 = linalg.fill ins(%c0_i64 : i64) outs(%94 : tensor<10x2xi64>) -> tensor<10x2xi64>
    %inserted_slice = tensor.insert_slice %93#0 into %95[0, 0] [10, 1] [1, 1] : tensor<10x1xi64> into tensor<10x2xi64>
    %inserted_slice_53 = tensor.insert_slice %93#1 into %inserted_slice[0, 1] [10, 1] [1, 1] : tensor<10x1xi64> into tensor<10x2xi64>
    %96 = tm_tensor.scatter {dimension_map = array<i64: 0, 1>} unique_indices(false) ins(%93#2, %inserted_slice_53 : tensor<10xf32>, tensor<10x2xi64>) outs(%cst : tensor<10x19xf32>) {
    ^bb0(%arg13: f32, %arg14: f32):
      tm_tensor.yield %arg13 : f32
    } -> tensor<10x19xf32>
    %97 = linalg.generic {indexing_maps = [#map6, #map13, #map13, #map6], iterator_types = ["parallel", "parallel"]} ins(%88, %86, %cst_4 : tensor<10x1xi1>, tensor<f32>, tensor<f32>) outs(%67 : tensor<10x1xf32>) {
    ^bb0(%in: i1, %in_104: f32, %in_105: f32, %out: f32):
      %203 = arith.select %in, %in_104, %in_105 : f32
      linalg.yield %203 : f32
    } -> tensor<10x1xf32>
    %98 = linalg.generic {indexing_maps = [#map6, #map9, #map6], iterator_types = ["parallel", "parallel"]} ins(%96, %97 : tensor<10x19xf32>, tensor<10x1xf32>) outs(%57 : tensor<10x19xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<10x19xf32>
    %99 = linalg.generic {indexing_maps = [#map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%71 : tensor<10x19xf32>) outs(%57 : tensor<10x19xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = math.exp %in : f32
      linalg.yield %203 : f32
    } -> tensor<10x19xf32>
    %100 = linalg.generic {indexing_maps = [#map6, #map9], iterator_types = ["parallel", "reduction"]} ins(%98 : tensor<10x19xf32>) outs(%68 : tensor<10x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.addf %in, %out : f32
      linalg.yield %203 : f32
    } -> tensor<10x1xf32>
    %101 = linalg.generic {indexing_maps = [#map6, #map9, #map6], iterator_types = ["parallel", "parallel"]} ins(%99, %100 : tensor<10x19xf32>, tensor<10x1xf32>) outs(%57 : tensor<10x19xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<10x19xf32>
    %102 = linalg.generic {indexing_maps = [#map6, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%98, %101 : tensor<10x19xf32>, tensor<10x19xf32>) outs(%57 : tensor<10x19xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<10x19xf32>
    %103 = tensor.empty() : tensor<19x10xf32>
    %transposed_54 = linalg.transpose ins(%102 : tensor<10x19xf32>) outs(%103 : tensor<19x10xf32>) permutation = [1, 0]
    %104 = tensor.empty() : tensor<19x8xf32>
    %105 = linalg.fill ins(%cst_7 : f32) outs(%104 : tensor<19x8xf32>) -> tensor<19x8xf32>
    %106 = linalg.matmul ins(%transposed_54, %collapsed_47 : tensor<19x10xf32>, tensor<10x8xf32>) outs(%105 : tensor<19x8xf32>) -> tensor<19x8xf32>
    %107 = linalg.matmul ins(%102, %arg9 : tensor<10x19xf32>, tensor<19x8xf32>) outs(%41 : tensor<10x8xf32>) -> tensor<10x8xf32>
    %expanded_55 = tensor.expand_shape %107 [[0, 1], [2]] output_shape [2, 5, 8] : tensor<10x8xf32> into tensor<2x5x8xf32>
    %108 = linalg.matmul ins(%107, %arg7 : tensor<10x8xf32>, tensor<8x12xf32>) outs(%47 : tensor<10x12xf32>) -> tensor<10x12xf32>
    %109 = tensor.empty() : tensor<8x10xf32>
    %transposed_56 = linalg.transpose ins(%107 : tensor<10x8xf32>) outs(%109 : tensor<8x10xf32>) permutation = [1, 0]
    %110 = linalg.fill ins(%cst_7 : f32) outs(%45 : tensor<8x12xf32>) -> tensor<8x12xf32>
    %111 = linalg.matmul ins(%transposed_56, %collapsed_43 : tensor<8x10xf32>, tensor<10x12xf32>) outs(%110 : tensor<8x12xf32>) -> tensor<8x12xf32>
    %112 = tensor.empty() : tensor<1x8xf32>
    %113 = linalg.fill ins(%cst_7 : f32) outs(%112 : tensor<1x8xf32>) -> tensor<1x8xf32>
    %114 = linalg.generic {indexing_maps = [#map6, #map15], iterator_types = ["reduction", "parallel"]} ins(%107 : tensor<10x8xf32>) outs(%113 : tensor<1x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.addf %in, %out : f32
      linalg.yield %203 : f32
    } -> tensor<1x8xf32>
    %collapsed_57 = tensor.collapse_shape %114 [[0, 1]] : tensor<1x8xf32> into tensor<8xf32>
    %expanded_58 = tensor.expand_shape %108 [[0, 1], [2]] output_shape [2, 5, 12] : tensor<10x12xf32> into tensor<2x5x12xf32>
    %115 = tensor.empty() : tensor<2x5x12xi1>
    %116 = linalg.generic {indexing_maps = [#map1, #map1], iterator_types = ["parallel", "parallel", "parallel"]} ins(%51 : tensor<2x5x12xf32>) outs(%115 : tensor<2x5x12xi1>) {
    ^bb0(%in: f32, %out: i1):
      %203 = arith.cmpf ole, %in, %cst_7 : f32
      linalg.yield %203 : i1
    } -> tensor<2x5x12xi1>
    %117 = linalg.generic {indexing_maps = [#map1, #map16, #map1, #map1], iterator_types = ["parallel", "parallel", "parallel"]} ins(%116, %cst_4, %expanded_58 : tensor<2x5x12xi1>, tensor<f32>, tensor<2x5x12xf32>) outs(%50 : tensor<2x5x12xf32>) {
    ^bb0(%in: i1, %in_104: f32, %in_105: f32, %out: f32):
      %203 = arith.select %in, %in_104, %in_105 : f32
      linalg.yield %203 : f32
    } -> tensor<2x5x12xf32>
    %collapsed_59 = tensor.collapse_shape %117 [[0, 1], [2]] : tensor<2x5x12xf32> into tensor<10x12xf32>
    %118 = linalg.matmul ins(%collapsed_59, %arg5 : tensor<10x12xf32>, tensor<12x8xf32>) outs(%41 : tensor<10x8xf32>) -> tensor<10x8xf32>
    %119 = tensor.empty() : tensor<12x10xf32>
    %transposed_60 = linalg.transpose ins(%collapsed_59 : tensor<10x12xf32>) outs(%119 : tensor<12x10xf32>) permutation = [1, 0]
    %120 = linalg.fill ins(%cst_7 : f32) outs(%52 : tensor<12x8xf32>) -> tensor<12x8xf32>
    %121 = linalg.matmul ins(%transposed_60, %collapsed_40 : tensor<12x10xf32>, tensor<10x8xf32>) outs(%120 : tensor<12x8xf32>) -> tensor<12x8xf32>
    %122 = tensor.empty() : tensor<1x12xf32>
    %123 = linalg.fill ins(%cst_7 : f32) outs(%122 : tensor<1x12xf32>) -> tensor<1x12xf32>
    %124 = linalg.generic {indexing_maps = [#map6, #map15], iterator_types = ["reduction", "parallel"]} ins(%collapsed_59 : tensor<10x12xf32>) outs(%123 : tensor<1x12xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.addf %in, %out : f32
      linalg.yield %203 : f32
    } -> tensor<1x12xf32>
    %collapsed_61 = tensor.collapse_shape %124 [[0, 1]] : tensor<1x12xf32> into tensor<12xf32>
    %expanded_62 = tensor.expand_shape %118 [[0, 1], [2]] output_shape [2, 5, 8] : tensor<10x8xf32> into tensor<2x5x8xf32>
    %125 = linalg.generic {indexing_maps = [#map1, #map1, #map1], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded_55, %expanded_62 : tensor<2x5x8xf32>, tensor<2x5x8xf32>) outs(%0 : tensor<2x5x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.addf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<2x5x8xf32>
    %transposed_63 = linalg.transpose ins(%125 : tensor<2x5x8xf32>) outs(%2 : tensor<5x2x8xf32>) permutation = [1, 0, 2]
    %collapsed_64 = tensor.collapse_shape %transposed_63 [[0, 1], [2]] : tensor<5x2x8xf32> into tensor<10x8xf32>
    %126 = linalg.matmul ins(%collapsed_64, %arg3 : tensor<10x8xf32>, tensor<8x8xf32>) outs(%41 : tensor<10x8xf32>) -> tensor<10x8xf32>
    %transposed_65 = linalg.transpose ins(%collapsed_64 : tensor<10x8xf32>) outs(%109 : tensor<8x10xf32>) permutation = [1, 0]
    %127 = linalg.fill ins(%cst_7 : f32) outs(%39 : tensor<8x8xf32>) -> tensor<8x8xf32>
    %128 = linalg.matmul ins(%transposed_65, %collapsed_36 : tensor<8x10xf32>, tensor<10x8xf32>) outs(%127 : tensor<8x8xf32>) -> tensor<8x8xf32>
    %129 = linalg.generic {indexing_maps = [#map6, #map15], iterator_types = ["reduction", "parallel"]} ins(%collapsed_64 : tensor<10x8xf32>) outs(%113 : tensor<1x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.addf %in, %out : f32
      linalg.yield %203 : f32
    } -> tensor<1x8xf32>
    %collapsed_66 = tensor.collapse_shape %129 [[0, 1]] : tensor<1x8xf32> into tensor<8xf32>
    %expanded_67 = tensor.expand_shape %126 [[0, 1], [2, 3]] output_shape [5, 2, 2, 4] : tensor<10x8xf32> into tensor<5x2x2x4xf32>
    %transposed_68 = linalg.transpose ins(%expanded_67 : tensor<5x2x2x4xf32>) outs(%11 : tensor<2x2x5x4xf32>) permutation = [1, 2, 0, 3]
    %collapsed_69 = tensor.collapse_shape %transposed_68 [[0, 1], [2], [3]] : tensor<2x2x5x4xf32> into tensor<4x5x4xf32>
    %transposed_70 = linalg.transpose ins(%collapsed_33 : tensor<4x5x5xf32>) outs(%15 : tensor<4x5x5xf32>) permutation = [0, 2, 1]
    %130 = linalg.batch_matmul ins(%transposed_70, %collapsed_69 : tensor<4x5x5xf32>, tensor<4x5x4xf32>) outs(%36 : tensor<4x5x4xf32>) -> tensor<4x5x4xf32>
    %131 = tensor.empty() : tensor<4x4x5xf32>
    %transposed_71 = linalg.transpose ins(%expanded_24 : tensor<5x4x4xf32>) outs(%131 : tensor<4x4x5xf32>) permutation = [1, 2, 0]
    %132 = linalg.batch_matmul ins(%collapsed_69, %transposed_71 : tensor<4x5x4xf32>, tensor<4x4x5xf32>) outs(%16 : tensor<4x5x5xf32>) -> tensor<4x5x5xf32>
    %expanded_72 = tensor.expand_shape %132 [[0, 1], [2], [3]] output_shape [2, 2, 5, 5] : tensor<4x5x5xf32> into tensor<2x2x5x5xf32>
    %133 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_72, %35 : tensor<2x2x5x5xf32>, tensor<2x2x5x5xf32>) outs(%23 : tensor<2x2x5x5xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<2x2x5x5xf32>
    %134 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%133 : tensor<2x2x5x5xf32>) outs(%27 : tensor<2x2x5x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.addf %in, %out : f32
      linalg.yield %203 : f32
    } -> tensor<2x2x5x1xf32>
    %135 = linalg.generic {indexing_maps = [#map3, #map5, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%35, %134 : tensor<2x2x5x5xf32>, tensor<2x2x5x1xf32>) outs(%23 : tensor<2x2x5x5xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<2x2x5x5xf32>
    %136 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%133, %135 : tensor<2x2x5x5xf32>, tensor<2x2x5x5xf32>) outs(%23 : tensor<2x2x5x5xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<2x2x5x5xf32>
    %collapsed_73 = tensor.collapse_shape %136 [[0, 1], [2], [3]] : tensor<2x2x5x5xf32> into tensor<4x5x5xf32>
    %transposed_74 = linalg.transpose ins(%collapsed_29 : tensor<4x5x4xf32>) outs(%131 : tensor<4x4x5xf32>) permutation = [0, 2, 1]
    %137 = linalg.fill ins(%cst_7 : f32) outs(%131 : tensor<4x4x5xf32>) -> tensor<4x4x5xf32>
    %138 = linalg.batch_matmul ins(%transposed_74, %collapsed_73 : tensor<4x4x5xf32>, tensor<4x5x5xf32>) outs(%137 : tensor<4x4x5xf32>) -> tensor<4x4x5xf32>
    %transposed_75 = linalg.transpose ins(%collapsed_30 : tensor<4x4x5xf32>) outs(%10 : tensor<4x5x4xf32>) permutation = [0, 2, 1]
    %139 = linalg.batch_matmul ins(%collapsed_73, %transposed_75 : tensor<4x5x5xf32>, tensor<4x5x4xf32>) outs(%36 : tensor<4x5x4xf32>) -> tensor<4x5x4xf32>
    %expanded_76 = tensor.expand_shape %138 [[0, 1], [2], [3]] output_shape [2, 2, 4, 5] : tensor<4x4x5xf32> into tensor<2x2x4x5xf32>
    %expanded_77 = tensor.expand_shape %139 [[0, 1], [2], [3]] output_shape [2, 2, 5, 4] : tensor<4x5x4xf32> into tensor<2x2x5x4xf32>
    %140 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_76 : tensor<2x2x4x5xf32>) outs(%13 : tensor<2x2x4x5xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.truncf %cst_1 : f64 to f32
      %204 = arith.mulf %in, %203 : f32
      linalg.yield %204 : f32
    } -> tensor<2x2x4x5xf32>
    %transposed_78 = linalg.transpose ins(%140 : tensor<2x2x4x5xf32>) outs(%11 : tensor<2x2x5x4xf32>) permutation = [0, 1, 3, 2]
    %141 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_77 : tensor<2x2x5x4xf32>) outs(%11 : tensor<2x2x5x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.truncf %cst_1 : f64 to f32
      %204 = arith.mulf %in, %203 : f32
      linalg.yield %204 : f32
    } -> tensor<2x2x5x4xf32>
    %collapsed_79 = tensor.collapse_shape %transposed_78 [[0, 1], [2], [3]] : tensor<2x2x5x4xf32> into tensor<4x5x4xf32>
    %collapsed_80 = tensor.collapse_shape %141 [[0, 1], [2], [3]] : tensor<2x2x5x4xf32> into tensor<4x5x4xf32>
    %142 = tensor.empty() : tensor<5x4x4xf32>
    %transposed_81 = linalg.transpose ins(%130 : tensor<4x5x4xf32>) outs(%142 : tensor<5x4x4xf32>) permutation = [1, 0, 2]
    %collapsed_82 = tensor.collapse_shape %transposed_81 [[0], [1, 2]] : tensor<5x4x4xf32> into tensor<5x16xf32>
    %transposed_83 = linalg.transpose ins(%collapsed_79 : tensor<4x5x4xf32>) outs(%142 : tensor<5x4x4xf32>) permutation = [1, 0, 2]
    %collapsed_84 = tensor.collapse_shape %transposed_83 [[0], [1, 2]] : tensor<5x4x4xf32> into tensor<5x16xf32>
    %transposed_85 = linalg.transpose ins(%collapsed_80 : tensor<4x5x4xf32>) outs(%142 : tensor<5x4x4xf32>) permutation = [1, 0, 2]
    %collapsed_86 = tensor.collapse_shape %transposed_85 [[0], [1, 2]] : tensor<5x4x4xf32> into tensor<5x16xf32>
    %143 = tensor.empty() : tensor<3xi64>
    %144 = linalg.generic {indexing_maps = [#map10], iterator_types = ["parallel"]} outs(%143 : tensor<3xi64>) {
    ^bb0(%out: i64):
      %203 = linalg.index 0 : index
      %204 = arith.index_cast %203 : index to i64
      linalg.yield %204 : i64
    } -> tensor<3xi64>
    %expanded_87 = tensor.expand_shape %144 [[0, 1, 2, 3]] output_shape [3, 1, 1, 1] : tensor<3xi64> into tensor<3x1x1x1xi64>
    %145 = tensor.empty() : tensor<3x1x1x1xi1>
    %146 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_87 : tensor<3x1x1x1xi64>) outs(%145 : tensor<3x1x1x1xi1>) {
    ^bb0(%in: i64, %out: i1):
      %203 = arith.cmpi eq, %in, %c2_i64 : i64
      linalg.yield %203 : i1
    } -> tensor<3x1x1x1xi1>
    %147 = tensor.empty() : tensor<3x5x2x8xf32>
    %expanded_88 = tensor.expand_shape %collapsed_82 [[0], [1, 2]] output_shape [5, 2, 8] : tensor<5x16xf32> into tensor<5x2x8xf32>
    %148 = linalg.generic {indexing_maps = [#map17, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_88 : tensor<5x2x8xf32>) outs(%147 : tensor<3x5x2x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<3x5x2x8xf32>
    %149 = linalg.generic {indexing_maps = [#map18, #map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%146, %148, %cst_6 : tensor<3x1x1x1xi1>, tensor<3x5x2x8xf32>, tensor<3x5x2x8xf32>) outs(%147 : tensor<3x5x2x8xf32>) {
    ^bb0(%in: i1, %in_104: f32, %in_105: f32, %out: f32):
      %203 = arith.select %in, %in_104, %in_105 : f32
      linalg.yield %203 : f32
    } -> tensor<3x5x2x8xf32>
    %150 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_87 : tensor<3x1x1x1xi64>) outs(%145 : tensor<3x1x1x1xi1>) {
    ^bb0(%in: i64, %out: i1):
      %203 = arith.cmpi eq, %in, %c1_i64 : i64
      linalg.yield %203 : i1
    } -> tensor<3x1x1x1xi1>
    %expanded_89 = tensor.expand_shape %collapsed_84 [[0], [1, 2]] output_shape [5, 2, 8] : tensor<5x16xf32> into tensor<5x2x8xf32>
    %151 = linalg.generic {indexing_maps = [#map17, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_89 : tensor<5x2x8xf32>) outs(%147 : tensor<3x5x2x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<3x5x2x8xf32>
    %152 = linalg.generic {indexing_maps = [#map18, #map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%150, %151, %cst_6 : tensor<3x1x1x1xi1>, tensor<3x5x2x8xf32>, tensor<3x5x2x8xf32>) outs(%147 : tensor<3x5x2x8xf32>) {
    ^bb0(%in: i1, %in_104: f32, %in_105: f32, %out: f32):
      %203 = arith.select %in, %in_104, %in_105 : f32
      linalg.yield %203 : f32
    } -> tensor<3x5x2x8xf32>
    %153 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%149, %152 : tensor<3x5x2x8xf32>, tensor<3x5x2x8xf32>) outs(%147 : tensor<3x5x2x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.addf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<3x5x2x8xf32>
    %154 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_87 : tensor<3x1x1x1xi64>) outs(%145 : tensor<3x1x1x1xi1>) {
    ^bb0(%in: i64, %out: i1):
      %203 = arith.cmpi eq, %in, %c0_i64 : i64
      linalg.yield %203 : i1
    } -> tensor<3x1x1x1xi1>
    %expanded_90 = tensor.expand_shape %collapsed_86 [[0], [1, 2]] output_shape [5, 2, 8] : tensor<5x16xf32> into tensor<5x2x8xf32>
    %155 = linalg.generic {indexing_maps = [#map17, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_90 : tensor<5x2x8xf32>) outs(%147 : tensor<3x5x2x8xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<3x5x2x8xf32>
    %156 = linalg.generic {indexing_maps = [#map18, #map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%154, %155, %cst_6 : tensor<3x1x1x1xi1>, tensor<3x5x2x8xf32>, tensor<3x5x2x8xf32>) outs(%147 : tensor<3x5x2x8xf32>) {
    ^bb0(%in: i1, %in_104: f32, %in_105: f32, %out: f32):
      %203 = arith.select %in, %in_104, %in_105 : f32
      linalg.yield %203 : f32
    } -> tensor<3x5x2x8xf32>
    %157 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%153, %156 : tensor<3x5x2x8xf32>, tensor<3x5x2x8xf32>) outs(%147 : tensor<3x5x2x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.addf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<3x5x2x8xf32>
    %expanded_91 = tensor.expand_shape %157 [[0], [1], [2], [3, 4]] output_shape [3, 5, 2, 1, 8] : tensor<3x5x2x8xf32> into tensor<3x5x2x1x8xf32>
    %158 = tensor.empty() : tensor<1x5x2x3x8xf32>
    %transposed_92 = linalg.transpose ins(%expanded_91 : tensor<3x5x2x1x8xf32>) outs(%158 : tensor<1x5x2x3x8xf32>) permutation = [3, 1, 2, 0, 4]
    %collapsed_93 = tensor.collapse_shape %transposed_92 [[0, 1], [2], [3, 4]] : tensor<1x5x2x3x8xf32> into tensor<5x2x24xf32>
    %159 = tensor.empty() : tensor<1x1x24xf32>
    %160 = linalg.fill ins(%cst_7 : f32) outs(%159 : tensor<1x1x24xf32>) -> tensor<1x1x24xf32>
    %161 = linalg.generic {indexing_maps = [#map1, #map19], iterator_types = ["reduction", "reduction", "parallel"]} ins(%collapsed_93 : tensor<5x2x24xf32>) outs(%160 : tensor<1x1x24xf32>) {
    ^bb0(%in: f32, %out: f32):
      %203 = arith.addf %in, %out : f32
      linalg.yield %203 : f32
    } -> tensor<1x1x24xf32>
    %collapsed_94 = tensor.collapse_shape %161 [[0, 1, 2]] : tensor<1x1x24xf32> into tensor<24xf32>
    %collapsed_95 = tensor.collapse_shape %transposed_92 [[0, 1, 2], [3, 4]] : tensor<1x5x2x3x8xf32> into tensor<10x24xf32>
    %162 = tensor.empty() : tensor<24x10xf32>
    %transposed_96 = linalg.transpose ins(%collapsed_95 : tensor<10x24xf32>) outs(%162 : tensor<24x10xf32>) permutation = [1, 0]
    %163 = tensor.empty() : tensor<24x8xf32>
    %164 = linalg.fill ins(%cst_7 : f32) outs(%163 : tensor<24x8xf32>) -> tensor<24x8xf32>
    %165 = linalg.matmul ins(%transposed_96, %collapsed : tensor<24x10xf32>, tensor<10x8xf32>) outs(%164 : tensor<24x8xf32>) -> tensor<24x8xf32>
    %166 = linalg.matmul ins(%collapsed_95, %arg1 : tensor<10x24xf32>, tensor<24x8xf32>) outs(%41 : tensor<10x8xf32>) -> tensor<10x8xf32>
    %expanded_97 = tensor.expand_shape %166 [[0, 1], [2]] output_shape [5, 2, 8] : tensor<10x8xf32> into tensor<5x2x8xf32>
    %transposed_98 = linalg.transpose ins(%expanded_97 : tensor<5x2x8xf32>) outs(%0 : tensor<2x5x8xf32>) permutation = [1, 0, 2]
    %167 = linalg.generic {indexing_maps = [#map1, #map1, #map1], iterator_types = ["parallel", "parallel", "parallel"]} ins(%125, %transposed_98 : tensor<2x5x8xf32>, tensor<2x5x8xf32>) outs(%0 : tensor<2x5x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.addf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<2x5x8xf32>
    %168 = tensor.empty() : tensor<2x5xi1>
    %169 = linalg.generic {indexing_maps = [#map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg11 : tensor<2x5xi64>) outs(%168 : tensor<2x5xi1>) {
    ^bb0(%in: i64, %out: i1):
      %203 = arith.cmpi sge, %in, %c0_i64 : i64
      linalg.yield %203 : i1
    } -> tensor<2x5xi1>
    %170 = linalg.generic {indexing_maps = [#map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg11 : tensor<2x5xi64>) outs(%168 : tensor<2x5xi1>) {
    ^bb0(%in: i64, %out: i1):
      %203 = arith.cmpi slt, %in, %c19_i64 : i64
      linalg.yield %203 : i1
    } -> tensor<2x5xi1>
    %171 = linalg.generic {indexing_maps = [#map6, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%169, %170 : tensor<2x5xi1>, tensor<2x5xi1>) outs(%168 : tensor<2x5xi1>) {
    ^bb0(%in: i1, %in_104: i1, %out: i1):
      %203 = arith.andi %in, %in_104 : i1
      linalg.yield %203 : i1
    } -> tensor<2x5xi1>
    %172 = linalg.generic {indexing_maps = [#map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg11 : tensor<2x5xi64>) outs(%168 : tensor<2x5xi1>) {
    ^bb0(%in: i64, %out: i1):
      %203 = arith.cmpi ne, %in, %c-1_i64 : i64
      linalg.yield %203 : i1
    } -> tensor<2x5xi1>
    %173 = linalg.generic {indexing_maps = [#map6, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%171, %172 : tensor<2x5xi1>, tensor<2x5xi1>) outs(%168 : tensor<2x5xi1>) {
    ^bb0(%in: i1, %in_104: i1, %out: i1):
      %203 = arith.andi %in, %in_104 : i1
      linalg.yield %203 : i1
    } -> tensor<2x5xi1>
    %expanded_99 = tensor.expand_shape %173 [[0], [1, 2]] output_shape [2, 5, 1] : tensor<2x5xi1> into tensor<2x5x1xi1>
    %174 = tensor.empty() : tensor<2x5xi64>
    %175 = linalg.generic {indexing_maps = [#map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg11 : tensor<2x5xi64>) outs(%174 : tensor<2x5xi64>) {
    ^bb0(%in: i64, %out: i64):
      %203 = arith.maxsi %in, %c-19_i64 : i64
      %204 = arith.minsi %203, %c18_i64 : i64
      linalg.yield %204 : i64
    } -> tensor<2x5xi64>
    %176 = tensor.empty() : tensor<2x5x1xi1>
    %177 = linalg.generic {indexing_maps = [#map1, #map1], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded_99 : tensor<2x5x1xi1>) outs(%176 : tensor<2x5x1xi1>) {
    ^bb0(%in: i1, %out: i1):
      %203 = arith.xori %in, %true : i1
      linalg.yield %203 : i1
    } -> tensor<2x5x1xi1>
    %178 = linalg.generic {indexing_maps = [#map20, #map16, #map1, #map1], iterator_types = ["parallel", "parallel", "parallel"]} ins(%177, %cst_4, %167 : tensor<2x5x1xi1>, tensor<f32>, tensor<2x5x8xf32>) outs(%0 : tensor<2x5x8xf32>) {
    ^bb0(%in: i1, %in_104: f32, %in_105: f32, %out: f32):
      %203 = arith.select %in, %in_104, %in_105 : f32
      linalg.yield %203 : f32
    } -> tensor<2x5x8xf32>
    %collapsed_100 = tensor.collapse_shape %175 [[0, 1]] : tensor<2x5xi64> into tensor<10xi64>
    %expanded_101 = tensor.expand_shape %collapsed_100 [[0, 1]] output_shape [10, 1] : tensor<10xi64> into tensor<10x1xi64>
    %collapsed_102 = tensor.collapse_shape %178 [[0, 1], [2]] : tensor<2x5x8xf32> into tensor<10x8xf32>
    %expanded_103 = tensor.expand_shape %collapsed_102 [[0], [1, 2]] output_shape [10, 1, 8] : tensor<10x8xf32> into tensor<10x1x8xf32>
    %179 = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(false) ins(%expanded_103, %expanded_101 : tensor<10x1x8xf32>, tensor<10x1xi64>) outs(%cst_8 : tensor<19x8xf32>) {
    ^bb0(%arg13: f32, %arg14: f32):
      %203 = arith.addf %arg14, %arg13 : f32
      tm_tensor.yield %203 : f32
    } -> tensor<19x8xf32>
    %180 = linalg.generic {indexing_maps = [#map13, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg10, %179 : tensor<f32>, tensor<19x8xf32>) outs(%104 : tensor<19x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<19x8xf32>
    %181 = linalg.generic {indexing_maps = [#map6, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg0, %180 : tensor<19x8xf32>, tensor<19x8xf32>) outs(%104 : tensor<19x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<19x8xf32>
    %182 = linalg.generic {indexing_maps = [#map13, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg10, %165 : tensor<f32>, tensor<24x8xf32>) outs(%163 : tensor<24x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<24x8xf32>
    %183 = linalg.generic {indexing_maps = [#map6, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg1, %182 : tensor<24x8xf32>, tensor<24x8xf32>) outs(%163 : tensor<24x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<24x8xf32>
    %184 = tensor.empty() : tensor<24xf32>
    %185 = linalg.generic {indexing_maps = [#map11, #map10, #map10], iterator_types = ["parallel"]} ins(%arg10, %collapsed_94 : tensor<f32>, tensor<24xf32>) outs(%184 : tensor<24xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<24xf32>
    %186 = linalg.generic {indexing_maps = [#map10, #map10, #map10], iterator_types = ["parallel"]} ins(%arg2, %185 : tensor<24xf32>, tensor<24xf32>) outs(%184 : tensor<24xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<24xf32>
    %187 = linalg.generic {indexing_maps = [#map13, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg10, %128 : tensor<f32>, tensor<8x8xf32>) outs(%39 : tensor<8x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<8x8xf32>
    %188 = linalg.generic {indexing_maps = [#map6, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg3, %187 : tensor<8x8xf32>, tensor<8x8xf32>) outs(%39 : tensor<8x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<8x8xf32>
    %189 = tensor.empty() : tensor<8xf32>
    %190 = linalg.generic {indexing_maps = [#map11, #map10, #map10], iterator_types = ["parallel"]} ins(%arg10, %collapsed_66 : tensor<f32>, tensor<8xf32>) outs(%189 : tensor<8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<8xf32>
    %191 = linalg.generic {indexing_maps = [#map10, #map10, #map10], iterator_types = ["parallel"]} ins(%arg4, %190 : tensor<8xf32>, tensor<8xf32>) outs(%189 : tensor<8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<8xf32>
    %192 = linalg.generic {indexing_maps = [#map13, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg10, %121 : tensor<f32>, tensor<12x8xf32>) outs(%52 : tensor<12x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<12x8xf32>
    %193 = linalg.generic {indexing_maps = [#map6, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg5, %192 : tensor<12x8xf32>, tensor<12x8xf32>) outs(%52 : tensor<12x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<12x8xf32>
    %194 = tensor.empty() : tensor<12xf32>
    %195 = linalg.generic {indexing_maps = [#map11, #map10, #map10], iterator_types = ["parallel"]} ins(%arg10, %collapsed_61 : tensor<f32>, tensor<12xf32>) outs(%194 : tensor<12xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<12xf32>
    %196 = linalg.generic {indexing_maps = [#map10, #map10, #map10], iterator_types = ["parallel"]} ins(%arg6, %195 : tensor<12xf32>, tensor<12xf32>) outs(%194 : tensor<12xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<12xf32>
    %197 = linalg.generic {indexing_maps = [#map13, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg10, %111 : tensor<f32>, tensor<8x12xf32>) outs(%45 : tensor<8x12xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<8x12xf32>
    %198 = linalg.generic {indexing_maps = [#map6, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg7, %197 : tensor<8x12xf32>, tensor<8x12xf32>) outs(%45 : tensor<8x12xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<8x12xf32>
    %199 = linalg.generic {indexing_maps = [#map11, #map10, #map10], iterator_types = ["parallel"]} ins(%arg10, %collapsed_57 : tensor<f32>, tensor<8xf32>) outs(%189 : tensor<8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<8xf32>
    %200 = linalg.generic {indexing_maps = [#map10, #map10, #map10], iterator_types = ["parallel"]} ins(%arg8, %199 : tensor<8xf32>, tensor<8xf32>) outs(%189 : tensor<8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<8xf32>
    %201 = linalg.generic {indexing_maps = [#map13, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg10, %106 : tensor<f32>, tensor<19x8xf32>) outs(%104 : tensor<19x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.mulf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<19x8xf32>
    %202 = linalg.generic {indexing_maps = [#map6, #map6, #map6], iterator_types = ["parallel", "parallel"]} ins(%arg9, %201 : tensor<19x8xf32>, tensor<19x8xf32>) outs(%104 : tensor<19x8xf32>) {
    ^bb0(%in: f32, %in_104: f32, %out: f32):
      %203 = arith.subf %in, %in_104 : f32
      linalg.yield %203 : f32
    } -> tensor<19x8xf32>
    return %181, %183, %186, %188, %191, %193, %196, %198, %200, %202, %85 : tensor<19x8xf32>, tensor<24x8xf32>, tensor<24xf32>, tensor<8x8xf32>, tensor<8xf32>, tensor<12x8xf32>, tensor<12xf32>, tensor<8x12xf32>, tensor<8xf32>, tensor<19x8xf32>, tensor<f32>
  }
}
