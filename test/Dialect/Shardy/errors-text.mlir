// RUN: cegm-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expected a priority such as p0}}
func.func private @priority(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}q]>})

// -----

// expected-error@+1 {{expected a priority without leading zeros, p1, but got p01}}
func.func private @zeros(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}p01]>})

// -----

// expected-error@+1 {{expected replicated and unreduced axes, each at most once, but got reduced}}
func.func private @axes(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}], reduced={"x"}>})

// -----

// expected-error@+1 {{expected replicated and unreduced axes, each at most once, but got unreduced}}
func.func private @twice(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}], unreduced={"x"}, unreduced={"y"}>})

// -----

// expected-error@+1 {{expected sum, max or min, but got product}}
func.func private @reduction(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}], unreduced=product{"x"}>})

// -----

func.func @factors(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{expected factors from i to z, but got a}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([a])->([a]) {i=2}>} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @reference(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{expected operand or result, but got argument}}
  %0 = stablehlo.negate %arg0 {sdy.propagation_edges = #sdy.propagation_edges<[{step-1 = [{"x" = argument-0 -> [result-0]}]}]>} : tensor<2xf32>
  return
}
