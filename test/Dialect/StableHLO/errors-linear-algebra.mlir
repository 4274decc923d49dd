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
