// RUN: cegm-opt %s --split-input-file --verify-diagnostics

sdy.mesh @mesh = <["x"=2]>
func.func @number(%arg0: tensor<8x8xf32>) {
  // expected-error@+1 {{'sdy.manual_computation' op has 0 shardings of operands, expected 1}}
  %0 = sdy.manual_computation(%arg0) in_shardings=[] out_shardings=[<@mesh, [{}, {}]>] manual_axes={} (%arg1: tensor<8x8xf32>) {
    sdy.return %arg1 : tensor<8x8xf32>
  } : (tensor<8x8xf32>) -> tensor<8x8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @arguments(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{'sdy.manual_computation' op region has 2 operands, expected 1}}
  %0 = sdy.manual_computation(%arg0) in_shardings=[<@mesh, [{}]>] out_shardings=[<@mesh, [{}]>] manual_axes={} (%arg1: tensor<8xf32>, %arg2: tensor<8xf32>) {
    sdy.return %arg1 : tensor<8xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2, "y"=2]>
func.func @local(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{operand 0 of the region must be 'tensor<4xf32>', what a device has of 'tensor<8xf32>', but is 'tensor<8xf32>'}}
  %0 = sdy.manual_computation(%arg0) in_shardings=[<@mesh, [{"x", "y"}]>] out_shardings=[<@mesh, [{"x"}]>] manual_axes={"x"} (%arg1: tensor<8xf32>) {
    sdy.return %arg1 : tensor<8xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @local_result(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{result 0 of the region must be 'tensor<8xf32>', what a device has of 'tensor<8xf32>', but is 'tensor<4xf32>'}}
  %0 = sdy.manual_computation(%arg0) in_shardings=[<@mesh, [{"x"}]>] out_shardings=[<@mesh, [{}]>] manual_axes={"x"} (%arg1: tensor<4xf32>) {
    sdy.return %arg1 : tensor<4xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=4]>
func.func @padding(%arg0: tensor<6xf32>) {
  // expected-error@+1 {{sharding of operand 0: dimension 0 has size 6, which 4, the product of its manual axes, does not divide}}
  %0 = sdy.manual_computation(%arg0) in_shardings=[<@mesh, [{"x"}]>] out_shardings=[<@mesh, [{"x"}]>] manual_axes={"x"} (%arg1: tensor<2xf32>) {
    sdy.return %arg1 : tensor<2xf32>
  } : (tensor<6xf32>) -> tensor<6xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2, "y"=2]>
func.func @order(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{sharding of operand 0: dimension 0 has the manual axis "y" after "x", which is not manual; manual axes come first}}
  %0 = sdy.manual_computation(%arg0) in_shardings=[<@mesh, [{"x", "y"}]>] out_shardings=[<@mesh, [{"y"}]>] manual_axes={"y"} (%arg1: tensor<4xf32>) {
    sdy.return %arg1 : tensor<4xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @unknown_axis(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{has the manual axis "z", but the mesh has "x"}}
  %0 = sdy.manual_computation(%arg0) in_shardings=[<@mesh, [{}]>] out_shardings=[<@mesh, [{}]>] manual_axes={"z"} (%arg1: tensor<8xf32>) {
    sdy.return %arg1 : tensor<8xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
sdy.mesh @other = <["y"=2]>
func.func @meshes(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{has shardings on the meshes #sdy.mesh<["x"=2]> and #sdy.mesh<["y"=2]>, expected one mesh}}
  %0 = sdy.manual_computation(%arg0) in_shardings=[<@mesh, [{}]>] out_shardings=[<@other, [{}]>] manual_axes={"x"} (%arg1: tensor<8xf32>) {
    sdy.return %arg1 : tensor<8xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @nested(%arg0: tensor<8xf32>) {
  // expected-note@+1 {{by this manual_computation}}
  %0 = sdy.manual_computation(%arg0) in_shardings=[<@mesh, [{"x"}]>] out_shardings=[<@mesh, [{"x"}]>] manual_axes={"x"} (%arg1: tensor<4xf32>) {
    // expected-error@+1 {{'stablehlo.negate' op sharding of result 0: the axis "x" is manual here, and may not be used}}
    %1 = stablehlo.negate %arg1 {sdy.sharding = #sdy.sharding_per_value<[<@mesh, [{"x"}]>]>} : tensor<4xf32>
    sdy.return %1 : tensor<4xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @named(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{'sdy.named_computation' op operand 0 of the region must be 'tensor<8xf32>', but is 'tensor<4xf32>'}}
  %0 = sdy.named_computation<"f">(%arg0) (%arg1: tensor<4xf32>) {
    sdy.return %arg1 : tensor<4xf32>
  } : (tensor<8xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @named_results(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{'sdy.named_computation' op region has 2 results, expected 1}}
  %0 = sdy.named_computation<"f">(%arg0) (%arg1: tensor<8xf32>) {
    sdy.return %arg1, %arg1 : tensor<8xf32>, tensor<8xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

sdy.mesh @mesh = <["x"=2]>
func.func @named_shardings(%arg0: tensor<8xf32>) {
  // expected-error@+1 {{'sdy.named_computation' op sharding of result 0: has 0 dimensions, expected 1 as in 'tensor<8xf32>'}}
  %0 = sdy.named_computation<"f">(%arg0) out_shardings=[<@mesh, []>] (%arg1: tensor<8xf32>) {
    sdy.return %arg1 : tensor<8xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return
}
