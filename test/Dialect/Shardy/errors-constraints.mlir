// RUN: cegm-opt %s --split-input-file --verify-diagnostics

sdy.mesh @mesh = <["x"=2]>
func.func @constraint(%arg0: tensor<8x8xf32>) {
  // expected-error@+1 {{'sdy.sharding_constraint' op sharding of the result: has 1 dimensions, expected 2 as in 'tensor<8x8xf32>'}}
  %0 = sdy.sharding_constraint %arg0 <@mesh, [{"x"}]> : tensor<8x8xf32>
  return
}

// -----

func.func @reshard(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{'sdy.reshard' op sharding of the result: the mesh @mesh is not in the module}}
  %0 = sdy.reshard %arg0 <@mesh, [{}]> : tensor<8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @added(%arg0: tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>}) {
  // expected-error@+1 {{'sdy.reshard' op adds the unreduced axes {"x"} to be reduced by max, expected sum}}
  %0 = sdy.reshard %arg0 <@mesh, [{}], unreduced=max{"x"}> : tensor<8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @changed(%arg0: tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}], unreduced=min{"x"}>}) {
  %0 = sdy.propagation_barrier %arg0 allowed_direction=NONE : tensor<8xf32>
  // expected-error@+1 {{'sdy.sharding_constraint' op unreduced axes of the result are to be reduced by max, those of the operand by min}}
  %1 = sdy.sharding_constraint %0 <@mesh, [{}], unreduced=max{"x"}> : tensor<8xf32>
  return
}

// -----

func.func @barrier(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{allowed_direction must be NONE, FORWARD or BACKWARD, but is BOTH, which bars nothing}}
  %0 = sdy.propagation_barrier %arg0 allowed_direction=BOTH : tensor<8xf32>
  return
}

// -----

func.func @uses(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{'sdy.data_flow_edge' op operand must be used by this edge alone, but has 2 uses}}
  %0 = sdy.data_flow_edge %arg0 : tensor<8xf32>
  %1 = stablehlo.negate %arg0 : tensor<8xf32>
  return
}

// -----

func.func @shape(%arg0: tensor<?xf32>) {
  // expected-error@+1 {{'sdy.func_data_flow_edge' op operand must have a static shape, but is 'tensor<?xf32>'}}
  %0 = sdy.func_data_flow_edge %arg0 : tensor<?xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @owner(%arg0: tensor<8xf32>) {
  %0 = sdy.reshard %arg0 <@mesh, [{}]> : tensor<8xf32>
  // expected-error@+1 {{operand must be of an operation with a data flow, but is of 'sdy.reshard'}}
  %1 = sdy.data_flow_edge %0 : tensor<8xf32>
  return
}

// -----

func.func @no_call(%arg0: tensor<8xf32>) {
  %0 = stablehlo.negate %arg0 : tensor<8xf32>
  // expected-error@+1 {{operand must be an argument of a function or a result of a call, but is a result of 'stablehlo.negate'}}
  %1 = sdy.func_data_flow_edge %0 : tensor<8xf32>
  return
}

// -----

func.func @edges(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{sdy.propagation_edges names no operand or result with a sharding}}
  %0 = stablehlo.negate %arg0 {sdy.propagation_edges = #sdy.propagation_edges<[{step-1 = [{"x" = operand-0 -> [result-0]}]}]>} : tensor<8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @edge_index(%arg0: tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>}) {
  // expected-error@+1 {{sdy.propagation_edges has operand-1, but the operation has 1 operands}}
  %0 = stablehlo.negate %arg0 {sdy.propagation_edges = #sdy.propagation_edges<[{step-1 = [{"x" = operand-1 -> [result-0]}]}]>} : tensor<8xf32>
  return
}

// -----

func.func @steps(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{step 1 of propagation edges is there twice}}
  %0 = stablehlo.negate %arg0 {sdy.propagation_edges = #sdy.propagation_edges<[{step-1 = []}, {step-1 = []}]>} : tensor<8xf32>
  return
}

// -----

func.func @list(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{attribute sdy.result_propagation_edges must be a list of #sdy.propagation_edges, but is [1]}}
  %0 = stablehlo.negate %arg0 {sdy.result_propagation_edges = [1]} : tensor<8xf32>
  return
}
