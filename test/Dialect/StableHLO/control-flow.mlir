// Control flow, calls, tokens, tuples: the text is the official one, before and after.
// RUN: cegm-opt %s | FileCheck %s
// RUN: cegm-opt %s | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --mlir-print-op-generic | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --emit-bytecode | cegm-opt | FileCheck %s

// CHECK-LABEL: func.func @if(
// CHECK-NEXT: %0 = "stablehlo.if"(%arg0) ({
// CHECK-NEXT: %1 = stablehlo.sine %arg1 : tensor<4xf32>
// CHECK-NEXT: stablehlo.return %1 : tensor<4xf32>
// CHECK-NEXT: }, {
// CHECK-NEXT: stablehlo.return %arg1 : tensor<4xf32>
// CHECK-NEXT: }) : (tensor<i1>) -> tensor<4xf32>
// CHECK-NEXT: return %0 : tensor<4xf32>
// CHECK-NEXT: }
func.func @if(%arg0: tensor<i1>, %arg1: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "stablehlo.if"(%arg0) ({
    %1 = stablehlo.sine %arg1 : tensor<4xf32>
    stablehlo.return %1 : tensor<4xf32>
  }, {
    stablehlo.return %arg1 : tensor<4xf32>
  }) : (tensor<i1>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @case(
// CHECK-NEXT: %0:2 = "stablehlo.case"(%arg0) ({
// CHECK-NEXT: stablehlo.return %arg1, %arg1 : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: }, {
// CHECK-NEXT: %1 = stablehlo.sine %arg1 : tensor<4xf32>
// CHECK-NEXT: stablehlo.return %1, %1 : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: }) : (tensor<i32>) -> (tensor<4xf32>, tensor<4xf32>)
// CHECK-NEXT: return %0#0, %0#1 : tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: }
func.func @case(%arg0: tensor<i32>, %arg1: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0:2 = "stablehlo.case"(%arg0) ({
    stablehlo.return %arg1, %arg1 : tensor<4xf32>, tensor<4xf32>
  }, {
    %1 = stablehlo.sine %arg1 : tensor<4xf32>
    stablehlo.return %1, %1 : tensor<4xf32>, tensor<4xf32>
  }) : (tensor<i32>) -> (tensor<4xf32>, tensor<4xf32>)
  return %0#0, %0#1 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @while(
// CHECK-NEXT: %0:2 = stablehlo.while(%iterArg = %arg0, %iterArg_0 = %arg1) : tensor<i32>, tensor<4xf32>
// CHECK-NEXT: cond {
// CHECK-NEXT: %1 = stablehlo.compare LT, %iterArg, %arg0 : (tensor<i32>, tensor<i32>) -> tensor<i1>
// CHECK-NEXT: stablehlo.return %1 : tensor<i1>
// CHECK-NEXT: } do {
// CHECK-NEXT: %1 = stablehlo.add %iterArg, %arg0 : tensor<i32>
// CHECK-NEXT: stablehlo.return %1, %iterArg_0 : tensor<i32>, tensor<4xf32>
// CHECK-NEXT: }
// CHECK-NEXT: return %0#1 : tensor<4xf32>
// CHECK-NEXT: }
func.func @while(%arg0: tensor<i32>, %arg1: tensor<4xf32>) -> tensor<4xf32> {
  %0:2 = stablehlo.while(%iterArg = %arg0, %iterArg_0 = %arg1) : tensor<i32>, tensor<4xf32>
  cond {
    %1 = stablehlo.compare LT, %iterArg, %arg0 : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  } do {
    %1 = stablehlo.add %iterArg, %arg0 : tensor<i32>
    stablehlo.return %1, %iterArg_0 : tensor<i32>, tensor<4xf32>
  }
  return %0#1 : tensor<4xf32>
}

// CHECK-LABEL: func.func @while_with_attributes(
// CHECK-NEXT: %0 = stablehlo.while(%iterArg = %arg0) : tensor<i1> attributes {mhlo.note = "kept"}
// CHECK-NEXT: cond {
// CHECK-NEXT: stablehlo.return %iterArg : tensor<i1>
// CHECK-NEXT: } do {
// CHECK-NEXT: stablehlo.return %iterArg : tensor<i1>
// CHECK-NEXT: }
// CHECK-NEXT: return %0 : tensor<i1>
// CHECK-NEXT: }
func.func @while_with_attributes(%arg0: tensor<i1>) -> tensor<i1> {
  %0 = stablehlo.while(%iterArg = %arg0) : tensor<i1> attributes {mhlo.note = "kept"}
  cond {
    stablehlo.return %iterArg : tensor<i1>
  } do {
    stablehlo.return %iterArg : tensor<i1>
  }
  return %0 : tensor<i1>
}

// CHECK-LABEL: func.func @while_without_operands(
// CHECK-NEXT: stablehlo.while()
// CHECK-NEXT: cond {
// CHECK-NEXT: stablehlo.return %arg0 : tensor<i1>
// CHECK-NEXT: } do {
// CHECK-NEXT: stablehlo.return
// CHECK-NEXT: }
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @while_without_operands(%arg0: tensor<i1>) {
  stablehlo.while()
  cond {
    stablehlo.return %arg0 : tensor<i1>
  } do {
    stablehlo.return 
  }
  return
}

// CHECK-LABEL: func.func @barrier(
// CHECK-NEXT: %0:2 = stablehlo.optimization_barrier %arg0, %arg1 : tensor<4xf32>, tensor<i32>
// CHECK-NEXT: %1 = stablehlo.optimization_barrier {note = 1 : i32} %arg0 : tensor<4xf32>
// CHECK-NEXT: stablehlo.optimization_barrier()
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @barrier(%arg0: tensor<4xf32>, %arg1: tensor<i32>) {
  %0:2 = stablehlo.optimization_barrier %arg0, %arg1 : tensor<4xf32>, tensor<i32>
  %1 = stablehlo.optimization_barrier {note = 1 : i32} %arg0 : tensor<4xf32>
  stablehlo.optimization_barrier()
  return
}

// CHECK-LABEL: func.func private @callee(
func.func private @callee(tensor<4xf32>) -> tensor<4xf32>

// CHECK-LABEL: func.func @calls(
// CHECK-NEXT: %0 = stablehlo.composite "my.op" %arg0 {composite_attributes = {scale = 2.000000e+00 : f32}, decomposition = @callee, version = 1 : i32} : (tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT: %1 = stablehlo.composite "my.op" %arg0 {decomposition = @callee} : (tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT: %2 = stablehlo.custom_call @target(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT: %3:2 = stablehlo.custom_call @lapack_ffi(%arg1) {backend_config = "", mhlo.backend_config = {mode = 1 : ui8}, operand_layouts = [dense<[0, 1]> : tensor<2xindex>], output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [0], operand_index = 0, operand_tuple_indices = []>], result_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<> : tensor<0xindex>]} : (tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<i32>)
// CHECK-NEXT: stablehlo.custom_call @"a name"(%arg0) {api_version = 4 : i32, backend_config = {a = 1 : i32}, called_computations = [@callee], has_side_effect = true} : (tensor<4xf32>) -> ()
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @calls(%arg0: tensor<4xf32>, %arg1: tensor<2x3xf32>) {
  %0 = stablehlo.composite "my.op" %arg0 {composite_attributes = {scale = 2.000000e+00 : f32}, decomposition = @callee, version = 1 : i32} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = stablehlo.composite "my.op" %arg0 {decomposition = @callee} : (tensor<4xf32>) -> tensor<4xf32>
  %2 = stablehlo.custom_call @target(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
  %3:2 = stablehlo.custom_call @lapack_ffi(%arg1) {backend_config = "", mhlo.backend_config = {mode = 1 : ui8}, operand_layouts = [dense<[0, 1]> : tensor<2xindex>], output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [0], operand_index = 0, operand_tuple_indices = []>], result_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<> : tensor<0xindex>]} : (tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<i32>)
  stablehlo.custom_call @"a name"(%arg0) {api_version = 4 : i32, backend_config = {a = 1 : i32}, called_computations = [@callee], has_side_effect = true} : (tensor<4xf32>) -> ()
  return
}

// CHECK-LABEL: func.func @calls_of_other_types(
// CHECK-NEXT: %0:2 = stablehlo.custom_call @wait(%arg0, %arg1) : (!stablehlo.future<tensor<4xf32>>, tensor<*xf32>) -> (tensor<*xf32>, !stablehlo.future<tensor<4xf32>>)
// CHECK-NEXT: %1 = stablehlo.custom_call @pack(%arg2) {operand_layouts = [dense<> : tensor<0xindex>], result_layouts = [dense<[1, 0]> : tensor<2xindex>, dense<> : tensor<0xindex>]} : (!stablehlo.token) -> tuple<tensor<2x3xf32>, !stablehlo.token>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @calls_of_other_types(%arg0: !stablehlo.future<tensor<4xf32>>, %arg1: tensor<*xf32>, %arg2: !stablehlo.token) {
  %0:2 = stablehlo.custom_call @wait(%arg0, %arg1) : (!stablehlo.future<tensor<4xf32>>, tensor<*xf32>) -> (tensor<*xf32>, !stablehlo.future<tensor<4xf32>>)
  %1 = stablehlo.custom_call @pack(%arg2) {operand_layouts = [dense<> : tensor<0xindex>], result_layouts = [dense<[1, 0]> : tensor<2xindex>, dense<> : tensor<0xindex>]} : (!stablehlo.token) -> tuple<tensor<2x3xf32>, !stablehlo.token>
  return
}

// CHECK-LABEL: func.func @tokens(
// CHECK-NEXT: %0 = stablehlo.create_token : !stablehlo.token
// CHECK-NEXT: %1 = stablehlo.after_all %0, %arg0 : !stablehlo.token
// CHECK-NEXT: %2 = stablehlo.after_all  : !stablehlo.token
// CHECK-NEXT: %3 = stablehlo.tuple %arg1, %1 : tuple<tensor<4xf32>, !stablehlo.token>
// CHECK-NEXT: %4 = stablehlo.get_tuple_element %3[1] : (tuple<tensor<4xf32>, !stablehlo.token>) -> !stablehlo.token
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @tokens(%arg0: !stablehlo.token, %arg1: tensor<4xf32>) {
  %0 = stablehlo.create_token : !stablehlo.token
  %1 = stablehlo.after_all %0, %arg0 : !stablehlo.token
  %2 = stablehlo.after_all  : !stablehlo.token
  %3 = stablehlo.tuple %arg1, %1 : tuple<tensor<4xf32>, !stablehlo.token>
  %4 = stablehlo.get_tuple_element %3[1] : (tuple<tensor<4xf32>, !stablehlo.token>) -> !stablehlo.token
  return
}
