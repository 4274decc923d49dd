// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @cholesky_rank(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.cholesky' op a has type 'tensor<4xf32>', expected square matrices as the last two dimensions}}
  %0 = stablehlo.cholesky %arg0, lower = true : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @cholesky_square(%arg0: tensor<2x3x4xf32>) {
  // expected-error@+1 {{'stablehlo.cholesky' op a has type 'tensor<2x3x4xf32>', expected square matrices as the last two dimensions}}
  %0 = stablehlo.cholesky %arg0, lower = true : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @cholesky_result(%arg0: tensor<4x4xf32>) {
  // expected-error@+1 {{'stablehlo.cholesky' op result has type 'tensor<3x4x4xf32>', expected 'tensor<4x4xf32>'}}
  %0 = stablehlo.cholesky %arg0, lower = true : (tensor<4x4xf32>) -> tensor<3x4x4xf32>
  return
}

// -----

func.func @solve_rank(%arg0: tensor<4xf32>, %arg1: tensor<4x3xf32>) {
  // expected-error@+1 {{'stablehlo.triangular_solve' op a has type 'tensor<4xf32>', expected square matrices as the last two dimensions}}
  %0 = "stablehlo.triangular_solve"(%arg0, %arg1) <{left_side = true, lower = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>, unit_diagonal = false}> : (tensor<4xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @solve_square(%arg0: tensor<4x3xf32>, %arg1: tensor<4x3xf32>) {
  // expected-error@+1 {{'stablehlo.triangular_solve' op a has type 'tensor<4x3xf32>', expected square matrices as the last two dimensions}}
  %0 = "stablehlo.triangular_solve"(%arg0, %arg1) <{left_side = true, lower = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>, unit_diagonal = false}> : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @solve_ranks(%arg0: tensor<4x4xf32>, %arg1: tensor<2x4x3xf32>) {
  // expected-error@+1 {{'stablehlo.triangular_solve' op b has type 'tensor<2x4x3xf32>', expected a batch of columns for the matrices of a of type 'tensor<4x4xf32>'}}
  %0 = "stablehlo.triangular_solve"(%arg0, %arg1) <{left_side = true, lower = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>, unit_diagonal = false}> : (tensor<4x4xf32>, tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
  return
}

// -----

func.func @solve_left(%arg0: tensor<4x4xf32>, %arg1: tensor<3x4xf32>) {
  // expected-error@+1 {{'stablehlo.triangular_solve' op b has type 'tensor<3x4xf32>', expected a batch of columns for the matrices of a of type 'tensor<4x4xf32>'}}
  %0 = "stablehlo.triangular_solve"(%arg0, %arg1) <{left_side = true, lower = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>, unit_diagonal = false}> : (tensor<4x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @solve_right(%arg0: tensor<4x4xf32>, %arg1: tensor<4x3xf32>) {
  // expected-error@+1 {{'stablehlo.triangular_solve' op b has type 'tensor<4x3xf32>', expected a batch of rows for the matrices of a of type 'tensor<4x4xf32>'}}
  %0 = "stablehlo.triangular_solve"(%arg0, %arg1) <{left_side = false, lower = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>, unit_diagonal = false}> : (tensor<4x4xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @solve_batch(%arg0: tensor<2x4x4xf32>, %arg1: tensor<3x4x3xf32>) {
  // expected-error@+1 {{'stablehlo.triangular_solve' op b has type 'tensor<3x4x3xf32>', expected a batch of columns for the matrices of a of type 'tensor<2x4x4xf32>'}}
  %0 = "stablehlo.triangular_solve"(%arg0, %arg1) <{left_side = true, lower = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>, unit_diagonal = false}> : (tensor<2x4x4xf32>, tensor<3x4x3xf32>) -> tensor<3x4x3xf32>
  return
}

// -----

func.func @solve_elements(%arg0: tensor<4x4xf32>, %arg1: tensor<4x3xf64>) {
  // expected-error@+1 {{'stablehlo.triangular_solve' op b has element type 'f64', expected 'f32'}}
  %0 = "stablehlo.triangular_solve"(%arg0, %arg1) <{left_side = true, lower = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>, unit_diagonal = false}> : (tensor<4x4xf32>, tensor<4x3xf64>) -> tensor<4x3xf64>
  return
}

// -----

func.func @solve_result(%arg0: tensor<4x4xf32>, %arg1: tensor<4x3xf32>) {
  // expected-error@+1 {{'stablehlo.triangular_solve' op result has type 'tensor<4x4xf32>', expected 'tensor<4x3xf32>'}}
  %0 = "stablehlo.triangular_solve"(%arg0, %arg1) <{left_side = true, lower = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>, unit_diagonal = false}> : (tensor<4x4xf32>, tensor<4x3xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @solve_transpose(%arg0: tensor<4x4xf32>, %arg1: tensor<4x3xf32>) {
  // expected-error@+1 {{'stablehlo.triangular_solve' op transpose_a is TRANSPOSE_INVALID, expected NO_TRANSPOSE, TRANSPOSE or ADJOINT}}
  %0 = "stablehlo.triangular_solve"(%arg0, %arg1) <{left_side = true, lower = true, transpose_a = #stablehlo<transpose TRANSPOSE_INVALID>, unit_diagonal = false}> : (tensor<4x4xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @fft_lengths(%arg0: tensor<2x2x2x2xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.fft' op fft_length has 4 entries, expected 1 to 3}}
  %0 = stablehlo.fft %arg0, type = FFT, length = [2, 2, 2, 2] : (tensor<2x2x2x2xcomplex<f32>>) -> tensor<2x2x2x2xcomplex<f32>>
  return
}

// -----

func.func @fft_no_length(%arg0: tensor<3x8xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.fft' op fft_length has 0 entries, expected 1 to 3}}
  %0 = stablehlo.fft %arg0, type = FFT, length = [] : (tensor<3x8xcomplex<f32>>) -> tensor<3x8xcomplex<f32>>
  return
}

// -----

func.func @fft_rank(%arg0: tensor<3x8xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.fft' op fft_length has 3 entries, expected 2 at most, the rank of the operand}}
  %0 = stablehlo.fft %arg0, type = FFT, length = [3, 3, 8] : (tensor<3x8xcomplex<f32>>) -> tensor<3x8xcomplex<f32>>
  return
}

// -----

func.func @fft_real(%arg0: tensor<3x8xf32>) {
  // expected-error@+1 {{'stablehlo.fft' op operand has element type 'f32', expected complex numbers for fft_type FFT}}
  %0 = stablehlo.fft %arg0, type = FFT, length = [8] : (tensor<3x8xf32>) -> tensor<3x8xcomplex<f32>>
  return
}

// -----

func.func @fft_result(%arg0: tensor<3x8xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.fft' op result has type 'tensor<3x9xcomplex<f32>>', expected 'tensor<3x8xcomplex<f32>>'}}
  %0 = stablehlo.fft %arg0, type = FFT, length = [8] : (tensor<3x8xcomplex<f32>>) -> tensor<3x9xcomplex<f32>>
  return
}

// -----

func.func @fft_result_elements(%arg0: tensor<3x8xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.fft' op result has element type 'complex<f64>', expected 'complex<f32>'}}
  %0 = stablehlo.fft %arg0, type = FFT, length = [8] : (tensor<3x8xcomplex<f32>>) -> tensor<3x8xcomplex<f64>>
  return
}

// -----

func.func @rfft_complex(%arg0: tensor<3x8xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.fft' op operand has element type 'complex<f32>', expected f32 or f64 for fft_type RFFT}}
  %0 = stablehlo.fft %arg0, type = RFFT, length = [8] : (tensor<3x8xcomplex<f32>>) -> tensor<3x8xcomplex<f32>>
  return
}

// -----

func.func @rfft_half(%arg0: tensor<3x8xf16>) {
  // expected-error@+1 {{'stablehlo.fft' op operand has element type 'f16', expected f32 or f64 for fft_type RFFT}}
  %0 = stablehlo.fft %arg0, type = RFFT, length = [8] : (tensor<3x8xf16>) -> tensor<3x5xcomplex<f32>>
  return
}

// -----

func.func @rfft_length(%arg0: tensor<3x9xf32>) {
  // expected-error@+1 {{'stablehlo.fft' op operand has type 'tensor<3x9xf32>', expected 'tensor<3x8xf32>'}}
  %0 = stablehlo.fft %arg0, type = RFFT, length = [8] : (tensor<3x9xf32>) -> tensor<3x5xcomplex<f32>>
  return
}

// -----

func.func @rfft_result(%arg0: tensor<3x8xf32>) {
  // expected-error@+1 {{'stablehlo.fft' op result has type 'tensor<3x8xcomplex<f32>>', expected 'tensor<3x5xcomplex<f32>>'}}
  %0 = stablehlo.fft %arg0, type = RFFT, length = [8] : (tensor<3x8xf32>) -> tensor<3x8xcomplex<f32>>
  return
}

// -----

func.func @rfft_outer(%arg0: tensor<3x8xf32>) {
  // expected-error@+1 {{'stablehlo.fft' op operand has type 'tensor<3x8xf32>', expected 'tensor<4x8xf32>'}}
  %0 = stablehlo.fft %arg0, type = RFFT, length = [4, 8] : (tensor<3x8xf32>) -> tensor<3x5xcomplex<f32>>
  return
}

// -----

func.func @rfft_result_real(%arg0: tensor<3x8xf32>) {
  // expected-error@+1 {{'stablehlo.fft' op result has element type 'f32', expected 'complex<f32>'}}
  %0 = stablehlo.fft %arg0, type = RFFT, length = [8] : (tensor<3x8xf32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @irfft_operand(%arg0: tensor<3x8xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.fft' op operand has type 'tensor<3x8xcomplex<f32>>', expected 'tensor<3x5xcomplex<f32>>'}}
  %0 = stablehlo.fft %arg0, type = IRFFT, length = [8] : (tensor<3x8xcomplex<f32>>) -> tensor<3x8xf32>
  return
}

// -----

func.func @irfft_outer(%arg0: tensor<3x5xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.fft' op operand has type 'tensor<3x5xcomplex<f32>>', expected 'tensor<4x5xcomplex<f32>>'}}
  %0 = stablehlo.fft %arg0, type = IRFFT, length = [4, 8] : (tensor<3x5xcomplex<f32>>) -> tensor<3x8xf32>
  return
}

// -----

func.func @irfft_result(%arg0: tensor<3x5xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.fft' op result has type 'tensor<3x5xf32>', expected 'tensor<3x8xf32>'}}
  %0 = stablehlo.fft %arg0, type = IRFFT, length = [8] : (tensor<3x5xcomplex<f32>>) -> tensor<3x5xf32>
  return
}

// -----

func.func @irfft_result_complex(%arg0: tensor<3x5xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.fft' op result has element type 'complex<f32>', expected 'f32'}}
  %0 = stablehlo.fft %arg0, type = IRFFT, length = [8] : (tensor<3x5xcomplex<f32>>) -> tensor<3x8xcomplex<f32>>
  return
}

// -----

func.func @dot_rank(%arg0: tensor<2x2x3xf32>, %arg1: tensor<3xf32>) {
  // expected-error@+1 {{'stablehlo.dot' op lhs has type 'tensor<2x2x3xf32>', expected a vector or a matrix}}
  %0 = stablehlo.dot %arg0, %arg1 : (tensor<2x2x3xf32>, tensor<3xf32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @dot_sizes(%arg0: tensor<2x3xf32>, %arg1: tensor<4x5xf32>) {
  // expected-error@+1 {{'stablehlo.dot' op lhs has type 'tensor<2x3xf32>' and rhs 'tensor<4x5xf32>', expected the last dimension of lhs to be the first one of rhs}}
  %0 = stablehlo.dot %arg0, %arg1 : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @dot_result(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{'stablehlo.dot' op result has type 'tensor<5x2xf32>', expected 'tensor<2x5xf32>'}}
  %0 = stablehlo.dot %arg0, %arg1 : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<5x2xf32>
  return
}

// -----

func.func @algorithm_precision(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{'stablehlo.dot_general' op has an algorithm and precision HIGH, expected DEFAULT}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], precision = [DEFAULT, HIGH], algorithm = <lhs_precision_type = f32, rhs_precision_type = f32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @algorithm_lhs_count(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{custom op 'stablehlo.dot_general' lhs_component_count is 0, expected 1 or more}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = f32, rhs_precision_type = f32, accumulation_type = f32, lhs_component_count = 0, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @algorithm_rhs_count(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{custom op 'stablehlo.dot_general' rhs_component_count is 0, expected 1 or more}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = f32, rhs_precision_type = f32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 0, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @algorithm_operations(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{custom op 'stablehlo.dot_general' num_primitive_operations is 0, expected 1 or more}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = f32, rhs_precision_type = f32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 0, allow_imprecise_accumulation = false> : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @algorithm_components(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{custom op 'stablehlo.dot_general' the algorithm is known on no device: operands 'f32' and 'f32' of 3 and 1 components, sum 'f32', 1 operations, precise}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = f32, rhs_precision_type = f32, accumulation_type = f32, lhs_component_count = 3, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @algorithm_imprecise(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{custom op 'stablehlo.dot_general' the algorithm is known on no device: operands 'f32' and 'f32' of 1 and 1 components, sum 'f32', 1 operations, imprecise}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = f32, rhs_precision_type = f32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = true> : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @algorithm_types(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{custom op 'stablehlo.dot_general' the algorithm is known on no device: operands 'bf16' and 'f32' of 1 and 1 components, sum 'f32', 1 operations, precise}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = bf16, rhs_precision_type = f32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @algorithm_sum(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{custom op 'stablehlo.dot_general' the algorithm is known on no device: operands 'f16' and 'f16' of 1 and 1 components, sum 'f64', 1 operations, precise}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = f16, rhs_precision_type = f16, accumulation_type = f64, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @algorithm_products(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{custom op 'stablehlo.dot_general' the algorithm is known on no device: operands 'bf16' and 'bf16' of 1 and 1 components, sum 'f32', 2 operations, precise}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = bf16, rhs_precision_type = bf16, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 2, allow_imprecise_accumulation = false> : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @algorithm_narrow(%arg0: tensor<2x3xf32>, %arg1: tensor<3x5xf32>) {
  // expected-error@+1 {{custom op 'stablehlo.dot_general' the algorithm is known on no device: operands 'f8E4M3FN' and 'f8E5M2' of 1 and 1 components, sum 'bf16', 1 operations, precise}}
  %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = f8E4M3FN, rhs_precision_type = f8E5M2, accumulation_type = bf16, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}
