// RUN: cegm-opt %s --split-input-file --verify-diagnostics

sdy.mesh @mesh = <["x"=2]>
// expected-error@+1 {{'func.func' op sharding of argument 0: has 1 dimensions, expected 2 as in 'tensor<8x8xf32>'}}
func.func private @argument(tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}]>})

// -----

sdy.mesh @mesh = <["x"=2]>
// expected-error@+1 {{'func.func' op sharding of result 0: has 3 dimensions, expected 2 as in 'tensor<8x8xf32>'}}
func.func private @result() -> (tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}, {"x"}]>})

// -----

// expected-error@+1 {{'func.func' op attribute sdy.sharding of argument 0 must be a #sdy.sharding, but is "x"}}
func.func private @no_sharding(tensor<8x8xf32> {sdy.sharding = "x"})

// -----

func.func @no_list(%arg0: tensor<8x8xf32>) {
  // expected-error@+1 {{'stablehlo.negate' op attribute sdy.sharding must be a #sdy.sharding_per_value, but is 1}}
  %0 = stablehlo.negate %arg0 {sdy.sharding = 1 : i32} : tensor<8x8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @operation(%arg0: tensor<8x8xf32>) {
  // expected-error@+1 {{'stablehlo.negate' op sharding of result 0: has 1 dimensions, expected 2 as in 'tensor<8x8xf32>'}}
  %0 = stablehlo.negate %arg0 {sdy.sharding = #sdy.sharding_per_value<[<@mesh, [{"x"}]>]>} : tensor<8x8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @number(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{'stablehlo.negate' op has 2 shardings of results, expected 1}}
  %0 = stablehlo.negate %arg0 {sdy.sharding = #sdy.sharding_per_value<[<@mesh, [{"x"}]>, <@mesh, [{"x"}]>]>} : tensor<8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
// expected-error@+1 {{sharding of argument 0: the mesh @other is not in the module}}
func.func private @unknown_mesh(tensor<8xf32> {sdy.sharding = #sdy.sharding<@other, [{"x"}]>})

// -----

sdy.mesh @mesh = <["x"=2, "y"=4]>
// expected-error@+1 {{sharding of argument 1: dimension 0 has the axis "z", but the mesh has "x", "y"}}
func.func private @unknown_axis(tensor<8xf32>, tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"z"}]>})

// -----

sdy.mesh @mesh = <["x"=2]>
// expected-error@+1 {{sharding of argument 0: dimension 1 has "x", which overlaps with "x" of the same sharding or list}}
func.func private @twice(tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {"x"}]>})

// -----

sdy.mesh @mesh = <["x"=8]>
// expected-error@+1 {{replicated has "x":(2)2, which overlaps with "x":(1)4 of the same sharding or list}}
func.func private @parts(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x":(1)4}], replicated={"x":(2)2}>})

// -----

sdy.mesh @mesh = <["x"=8]>
// expected-error@+1 {{dimension 0 has "x":(1)2 and "x":(2)2 beside it; write "x":(1)4}}
func.func private @beside(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x":(1)2, "x":(2)2}]>})

// -----

sdy.mesh @mesh = <["x"=2, "y"=2]>
// expected-error@+1 {{unreduced must be in the order of the mesh, {"x", "y"}, but is {"y", "x"}}}
func.func private @order(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}], unreduced={"y", "x"}>})

// -----

sdy.mesh @mesh = <["x"=8]>
// expected-error@+1 {{the axis of the part "x":(3)2 has size 8, which 3 times 2 does not divide}}
func.func private @divides(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x":(3)2}]>})

// -----

sdy.mesh @mesh = <["x"=8]>
// expected-error@+1 {{the size of the part "x":(2)1 must be at least 2, but is 1}}
func.func private @small(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x":(2)1}]>})

// -----

sdy.mesh @mesh = <["x"=8]>
// expected-error@+1 {{the size to the left of the part "x":(0)2 must be at least 1, but is 0}}
func.func private @left(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x":(0)2}]>})

// -----

sdy.mesh @mesh = <["x"=8]>
// expected-error@+1 {{the part "x":(1)8 is the whole axis; write "x"}}
func.func private @whole(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x":(1)8}]>})

// -----

sdy.mesh @mesh = <["x"=8]>
// expected-error@+1 {{dimension 0 has a priority, but neither axes nor ?}}
func.func private @priority(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}p1]>})

// -----

sdy.mesh @mesh = <[], device_ids=[3]>
// expected-error@+1 {{a mesh of one explicit device has no axes, expected a sharding without dimensions and axes, but got #sdy.sharding<@mesh, [{}]>}}
func.func private @one_device(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>})

// -----

sdy.mesh @mesh = <["x"=2]>
// expected-error@+1 {{'!stablehlo.token' has no dimensions, expected a sharding without dimensions and axes, but got #sdy.sharding<@mesh, [{"x"}]>}}
func.func private @token(!stablehlo.token {sdy.sharding = #sdy.sharding<@mesh, [{"x"}]>})

// -----

sdy.mesh @mesh = <["x"=2]>
// expected-error@+1 {{has a sharding, but 'tensor<*xf32>' has no rank; only ranked tensors can be cut}}
func.func private @unranked(tensor<*xf32> {sdy.sharding = #sdy.sharding<@mesh, []>})
