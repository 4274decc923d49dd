// RUN: cegm-opt %s --split-input-file --verify-diagnostics

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

// -----

func.func @real_sum(%x: tensor<3x4xcomplex<f32>>, %y: tensor<4x5xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.dot_general' op result has type 'tensor<3x5xf32>', expected complex elements as those of the operands, 'tensor<3x4xcomplex<f32>>'}}
  %0 = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0] : (tensor<3x4xcomplex<f32>>, tensor<4x5xcomplex<f32>>) -> tensor<3x5xf32>
  return
}

// -----

func.func @kinds(%x: tensor<3x4xf16>, %y: tensor<4x5xcomplex<f32>>) {
  // expected-error@+1 {{'stablehlo.dot_general' op rhs has type 'tensor<4x5xcomplex<f32>>', expected real elements as those of lhs, 'tensor<3x4xf16>'}}
  %0 = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0] : (tensor<3x4xf16>, tensor<4x5xcomplex<f32>>) -> tensor<3x5xf16>
  return
}
