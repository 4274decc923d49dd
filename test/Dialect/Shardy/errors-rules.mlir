// RUN: cegm-opt %s --split-input-file --verify-diagnostics

func.func @no_rule(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{'stablehlo.custom_call' op attribute sdy.sharding_rule must be a #sdy.op_sharding_rule, but is 1}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = 1 : i32} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @operands(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{sharding rule has 2 mappings of operands, expected 1}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([i], [i])->([i]) {i=2}>} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @nothing() {
  // expected-error@+1 {{sharding rule has no mappings of operands, expected at least one}}
  %0 = stablehlo.custom_call @f() {sdy.sharding_rule = #sdy.op_sharding_rule<()->([i]) {i=2}>} : () -> tensor<2xf32>
  return
}

// -----

func.func @shape(%arg0: tensor<?xf32>) {
  // expected-error@+1 {{sharding rule expects static shapes, but operand 0 is 'tensor<?xf32>'}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([i])->([i]) {i=2}>} : (tensor<?xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @rank(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{sharding rule has 2 dimensions for result 0, expected 1 as in 'tensor<2xf32>'}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([i])->([i, j]) {i=2, j=2}>} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @unknown_factor(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{sharding rule dimension 0 of operand 0 has the factor z_1, whose size the rule does not give: it has 1 factors}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([z_1])->([i]) {i=2}>} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @again(%arg0: tensor<2x2xf32>) {
  // expected-error@+1 {{sharding rule dimension 1 of operand 0 has the factor i again, expected it once in a value}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([i, i])->([i]) {i=2}>} : (tensor<2x2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @one(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{sharding rule dimension 0 of operand 0 has the factor j of size 1 beside others; leave it out}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([ij])->([i]) {i=2, j=1}>} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @unused(%arg0: tensor<2xf32>) {
  // expected-error@+1 {{sharding rule has the factor j, which no operand or result uses}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([i])->([i]) {i=2, j=2}>} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @kinds(%arg0: tensor<2x2xf32>) {
  // expected-error@+1 {{sharding rule permutation factors have j, which is among the need_replication factors already}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([i, j])->([i]) {i=2, j=2} need_replication={j} permutation={j}>} : (tensor<2x2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @order(%arg0: tensor<2x2xf32>) {
  // expected-error@+1 {{sharding rule reduction factors have i after j, expected alphabetical order}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([i, j])->([k]) {i=2, j=2, k=2} reduction={j, i}>} : (tensor<2x2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @reduction(%arg0: tensor<2x2xf32>) {
  // expected-error@+1 {{sharding rule has the reduction factor i in a result, expected it in operands only}}
  %0 = stablehlo.custom_call @f(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([i, j])->([i]) {i=2, j=2} reduction={i}>} : (tensor<2x2xf32>) -> tensor<2xf32>
  return
}
