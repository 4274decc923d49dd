// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func private @decomposition(%arg0: tensor<4xf32>) -> tensor<4xf32> {
  return %arg0 : tensor<4xf32>
}
func.func @composite_name(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.composite' op name is "op", expected a namespace and a name, such as "chlo.top_k"}}
  %0 = stablehlo.composite "op" %arg0 {decomposition = @decomposition} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @decomposition(%arg0: tensor<4xf32>) -> tensor<4xf32> {
  return %arg0 : tensor<4xf32>
}
func.func @composite_namespace(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.composite' op name is ".op", expected a namespace and a name, such as "chlo.top_k"}}
  %0 = stablehlo.composite ".op" %arg0 {decomposition = @decomposition} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @decomposition(%arg0: tensor<4xf32>) -> tensor<4xf32> {
  return %arg0 : tensor<4xf32>
}
func.func @composite_digit(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.composite' op name is "1.op", expected a namespace and a name, such as "chlo.top_k"}}
  %0 = stablehlo.composite "1.op" %arg0 {decomposition = @decomposition} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @decomposition(%arg0: tensor<4xf32>) -> tensor<4xf32> {
  return %arg0 : tensor<4xf32>
}
func.func @composite_empty(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.composite' op name is "my.", expected a namespace and a name, such as "chlo.top_k"}}
  %0 = stablehlo.composite "my." %arg0 {decomposition = @decomposition} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @decomposition(%arg0: tensor<4xf32>) -> tensor<4xf32> {
  return %arg0 : tensor<4xf32>
}
func.func @composite_letter(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.composite' op name is "my.op-2", expected a namespace and a name, such as "chlo.top_k"}}
  %0 = stablehlo.composite "my.op-2" %arg0 {decomposition = @decomposition} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @decomposition(%arg0: tensor<4xf32>) -> tensor<4xf32> {
  return %arg0 : tensor<4xf32>
}
func.func @composite_missing(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.composite' op decomposition is @other, which is not a function of the module}}
  %0 = stablehlo.composite "my.op" %arg0 {decomposition = @other} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @decomposition(%arg0: tensor<4xf32>) -> tensor<4xf32> {
  return %arg0 : tensor<4xf32>
}
func.func @composite_inputs(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.composite' op has 2 inputs, expected 1}}
  %0 = stablehlo.composite "my.op" %arg0, %arg0 {decomposition = @decomposition} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @decomposition(%arg0: tensor<4xf32>) -> tensor<4xf32> {
  return %arg0 : tensor<4xf32>
}
func.func @composite_input(%arg0: tensor<4xi32>) {
  // expected-error@+1 {{'stablehlo.composite' op input 0 has type 'tensor<4xi32>', expected 'tensor<4xf32>'}}
  %0 = stablehlo.composite "my.op" %arg0 {decomposition = @decomposition} : (tensor<4xi32>) -> tensor<4xf32>
  return
}

// -----

func.func private @decomposition(%arg0: tensor<4xf32>) -> tensor<4xf32> {
  return %arg0 : tensor<4xf32>
}
func.func @composite_results(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.composite' op has 0 results, expected 1}}
  stablehlo.composite "my.op" %arg0 {decomposition = @decomposition} : (tensor<4xf32>) -> ()
  return
}

// -----

func.func private @decomposition(%arg0: tensor<4xf32>) -> tensor<4xf32> {
  return %arg0 : tensor<4xf32>
}
func.func @composite_result(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.composite' op result 0 has type 'tensor<5xf32>', expected 'tensor<4xf32>'}}
  %0 = stablehlo.composite "my.op" %arg0 {decomposition = @decomposition} : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @layouts_one(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op has only operand_layouts, expected those of operands and results}}
  %0 = stablehlo.custom_call @target(%arg0) {operand_layouts = [dense<[0, 1]> : tensor<2xindex>]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @layouts_other(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op has only result_layouts, expected those of operands and results}}
  %0 = stablehlo.custom_call @target(%arg0) {result_layouts = [dense<[0, 1]> : tensor<2xindex>]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @layouts_count(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op operand_layouts has 0 entries, expected one for each of the 1 operands}}
  %0 = stablehlo.custom_call @target(%arg0) {operand_layouts = [], result_layouts = [dense<[0, 1]> : tensor<2xindex>]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @layouts_results(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op result_layouts has 0 entries, expected one for each of the 1 results}}
  %0 = stablehlo.custom_call @target(%arg0) {operand_layouts = [dense<[0, 1]> : tensor<2xindex>], result_layouts = []} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @layouts_order(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op operand_layouts[0] is dense<[0, 2]> : tensor<2xindex>, expected an order of the 2 dimensions of type 'tensor<2x3xf32>'}}
  %0 = stablehlo.custom_call @target(%arg0) {operand_layouts = [dense<[0, 2]> : tensor<2xindex>], result_layouts = [dense<[0, 1]> : tensor<2xindex>]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @layouts_rank(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op operand_layouts[0] is dense<[0, 1, 2]> : tensor<3xindex>, expected an order of the 2 dimensions of type 'tensor<2x3xf32>'}}
  %0 = stablehlo.custom_call @target(%arg0) {operand_layouts = [dense<[0, 1, 2]> : tensor<3xindex>], result_layouts = [dense<[0, 1]> : tensor<2xindex>]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @layouts_token(%arg0: !stablehlo.token) {
  // expected-error@+1 {{'stablehlo.custom_call' op operand_layouts[0] is dense<[0, 1]> : tensor<2xindex>, expected an order of the 0 dimensions of type '!stablehlo.token'}}
  %0 = stablehlo.custom_call @target(%arg0) {operand_layouts = [dense<[0, 1]> : tensor<2xindex>], result_layouts = [dense<[0, 1]> : tensor<2xindex>]} : (!stablehlo.token) -> tensor<2x3xf32>
  return
}

// -----

func.func @layouts_tuple(%arg0: tuple<tensor<2x3xf32>>) {
  // expected-error@+1 {{'stablehlo.custom_call' op operand 0 has type 'tuple<tensor<2x3xf32>>', which has no layout}}
  %0 = stablehlo.custom_call @target(%arg0) {operand_layouts = [dense<[0, 1]> : tensor<2xindex>], result_layouts = [dense<[0, 1]> : tensor<2xindex>]} : (tuple<tensor<2x3xf32>>) -> tensor<2x3xf32>
  return
}

// -----

func.func @alias_operand(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op output_operand_aliases has operand_index 1, expected one of the 1 operands}}
  %0 = stablehlo.custom_call @target(%arg0) {output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 1, operand_tuple_indices = []>]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @alias_operand_indices(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op output_operand_aliases has operand_tuple_indices [0], expected those of an element of 'tensor<2x3xf32>'}}
  %0 = stablehlo.custom_call @target(%arg0) {output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 0, operand_tuple_indices = [0]>]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @alias_output_indices(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op output_operand_aliases has output_tuple_indices [1], expected those of an element of 'tensor<2x3xf32>'}}
  %0 = stablehlo.custom_call @target(%arg0) {output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [1], operand_index = 0, operand_tuple_indices = []>]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @alias_types(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op output_operand_aliases has an operand of type 'tensor<2x3xf32>' and a result of type 'tensor<3x2xf32>', expected one type}}
  %0 = stablehlo.custom_call @target(%arg0) {output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 0, operand_tuple_indices = []>]} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return
}

// -----

func.func @config_typed(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op backend_config is "a", expected a dictionary for api_version API_VERSION_TYPED_FFI}}
  %0 = stablehlo.custom_call @target(%arg0) {api_version = 4 : i32, backend_config = "a"} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @config_untyped(%arg0: tensor<2x3xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op backend_config is {a = 1 : i32}, expected a string for api_version API_VERSION_STATUS_RETURNING}}
  %0 = stablehlo.custom_call @target(%arg0) {api_version = 2 : i32, backend_config = {a = 1 : i32}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @element_index(%arg0: tuple<tensor<4xf32>, tensor<i32>>) {
  // expected-error@+1 {{'stablehlo.get_tuple_element' op index is 2, expected one of the 2 elements of type 'tuple<tensor<4xf32>, tensor<i32>>'}}
  %0 = stablehlo.get_tuple_element %arg0[2] : (tuple<tensor<4xf32>, tensor<i32>>) -> tensor<i32>
  return
}

// -----

func.func @element_type(%arg0: tuple<tensor<4xf32>, tensor<i32>>) {
  // expected-error@+1 {{'stablehlo.get_tuple_element' op result has type 'tensor<f32>', expected 'tensor<i32>'}}
  %0 = stablehlo.get_tuple_element %arg0[1] : (tuple<tensor<4xf32>, tensor<i32>>) -> tensor<f32>
  return
}

// -----

func.func @tuple_type(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.tuple' op result has type 'tuple<tensor<4xf32>, tensor<4xf32>>', expected 'tuple<tensor<4xf32>>'}}
  %0 = "stablehlo.tuple"(%arg0) : (tensor<4xf32>) -> tuple<tensor<4xf32>, tensor<4xf32>>
  return
}

// -----

func.func @layout_of_many(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op operand_layouts[0] is dense<0> : tensor<1099511627776xindex>, expected an order of the 1 dimensions of type 'tensor<4xf32>'}}
  stablehlo.custom_call @f(%arg0) {operand_layouts = [dense<0> : tensor<1099511627776xindex>], result_layouts = []} : (tensor<4xf32>) -> ()
  return
}

// -----

func.func @nameless(%arg0: tensor<4xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op call_target_name is empty, expected a name}}
  "stablehlo.custom_call"(%arg0) <{call_target_name = ""}> : (tensor<4xf32>) -> ()
  return
}
