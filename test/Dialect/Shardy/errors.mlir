// RUN: cegm-opt %s --split-input-file --verify-diagnostics

sdy.mesh @mesh = <["x"=2]>
func.func @constraint(%arg0: tensor<8x8xf32>) -> tensor<8x8xf32> {
  // expected-error@+1 {{'sdy.sharding_constraint' op sharding of the result has 1 dimensions, expected 2 as in 'tensor<8x8xf32>'}}
  %0 = sdy.sharding_constraint %arg0 <@mesh, [{"x"}]> : tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}

// -----

sdy.mesh @mesh = <["x"=2]>
// expected-error@+1 {{'func.func' op sharding of argument 0 has 1 dimensions, expected 2 as in 'tensor<8x8xf32>'}}
func.func private @argument(tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}]>})

// -----

sdy.mesh @mesh = <["x"=2]>
// expected-error@+1 {{'func.func' op sharding of result 0 has 3 dimensions, expected 2 as in 'tensor<8x8xf32>'}}
func.func private @result() -> (tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}, {"x"}]>})

// -----

// expected-error@+1 {{'func.func' op attribute sdy.sharding of argument 0 must be a #sdy.sharding, but is "x"}}
func.func private @no_sharding(tensor<8x8xf32> {sdy.sharding = "x"})

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @operation(%arg0: tensor<8x8xf32>) {
  // expected-error@+1 {{'stablehlo.negate' op sharding of result 0 has 1 dimensions, expected 2 as in 'tensor<8x8xf32>'}}
  %0 = stablehlo.negate %arg0 {sdy.sharding = #sdy.sharding_per_value<[<@mesh, [{"x"}]>]>} : tensor<8x8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @manual(%arg0: tensor<8x8xf32>) {
  // expected-error@+1 {{'sdy.manual_computation' op in_shardings has 0 entries, expected 1}}
  %0 = sdy.manual_computation(%arg0) in_shardings=[] out_shardings=[<@mesh, [{}, {}]>] manual_axes={} (%arg1: tensor<8x8xf32>) {
    sdy.return %arg1 : tensor<8x8xf32>
  } : (tensor<8x8xf32>) -> tensor<8x8xf32>
  return
}

// -----

// expected-error@+1 {{expected a priority such as p0}}
func.func private @priority(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}q]>})

// -----

// expected-error@+1 {{expected replicated, then unreduced axes, but got reduced}}
func.func private @axes(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}], reduced={"x"}>})

// -----

func.func @rule(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{expected factors from i to z, but got a}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([a])->([a]) {i=2}>} : (tensor<2xf32>) -> tensor<2xf32>
  return
}
