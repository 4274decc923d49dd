// Shardy: the text is the official one, before and after.
// RUN: cegm-opt %s | FileCheck %s
// RUN: cegm-opt %s | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --mlir-print-op-generic | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --emit-bytecode | cegm-opt | FileCheck %s

// CHECK: sdy.mesh @mesh = <["x"=4, "y"=2]>
sdy.mesh @mesh = <["x"=4, "y"=2]>

// CHECK: sdy.mesh @reordered = <["x"=2, "y"=2], device_ids=[3, 2, 1, 0]>
sdy.mesh @reordered = <["x"=2, "y"=2], device_ids=[3, 2, 1, 0]>

// CHECK: sdy.mesh @empty_mesh = <[]>
sdy.mesh @empty_mesh = <[]>

// CHECK: sdy.mesh @maximal_mesh_0 = <[], device_ids=[0]> {stablehlo.mesh = {axes = []}}
sdy.mesh @maximal_mesh_0 = <[], device_ids=[0]> {stablehlo.mesh = {axes = []}}

// CHECK-LABEL: func.func @constraints(
// CHECK-NEXT: %0 = sdy.sharding_constraint %arg0 <@mesh, [{"x":(1)2, "y"}, {"x":(2)2}]> : tensor<8x8xf32>
// CHECK-NEXT: %1 = sdy.reshard %0 <mesh<["a"=2]>, [{"a", ?}, {}]> : tensor<8x8xf32>
// CHECK-NEXT: %2 = sdy.sharding_constraint %arg1 <@mesh, [], replicated={"x":(1)2}, unreduced={"y"}> : tensor<f32>
// CHECK-NEXT: %3 = stablehlo.add %1, %1 {sdy.sharding = #sdy.sharding_per_value<[<@mesh, [{}, {"x"}]>]>} : tensor<8x8xf32>
// CHECK-NEXT: sdy.sharding_group %3 group_id=7 : tensor<8x8xf32>
// CHECK-NEXT: %4 = sdy.propagation_barrier %3 allowed_direction=FORWARD : tensor<8x8xf32>
// CHECK-NEXT: %5 = sdy.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT: %6 = call @callee(%5) : (tensor<f32>) -> tensor<f32>
// CHECK-NEXT: %7 = sdy.func_data_flow_edge %6 : tensor<f32>
// CHECK-NEXT: stablehlo.custom_call @run(%arg0) {has_side_effect = true, sdy.sharding = #sdy.sharding_per_value<[<@maximal_mesh_0, []>]>} : (tensor<8x8xf32>) -> ()
// CHECK-NEXT: return %4 : tensor<8x8xf32>
// CHECK-NEXT: }
func.func @constraints(%arg0: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}p0, {?}p1]>}, %arg1: tensor<f32>) -> (tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x", ?}, {}], replicated={"y"}>}) {
  %0 = sdy.sharding_constraint %arg0 <@mesh, [{"x":(1)2, "y"}, {"x":(2)2}]> : tensor<8x8xf32>
  %1 = sdy.reshard %0 <mesh<["a"=2]>, [{"a", ?}, {}]> : tensor<8x8xf32>
  %2 = sdy.sharding_constraint %arg1 <@mesh, [], replicated={"x":(1)2}, unreduced={"y"}> : tensor<f32>
  %3 = stablehlo.add %1, %1 {sdy.sharding = #sdy.sharding_per_value<[<@mesh, [{}, {"x"}]>]>} : tensor<8x8xf32>
  sdy.sharding_group %3 group_id=7 : tensor<8x8xf32>
  %4 = sdy.propagation_barrier %3 allowed_direction=FORWARD : tensor<8x8xf32>
  %5 = sdy.constant dense<0.000000e+00> : tensor<f32>
  %6 = call @callee(%5) : (tensor<f32>) -> tensor<f32>
  %7 = sdy.func_data_flow_edge %6 : tensor<f32>
  stablehlo.custom_call @run(%arg0) {has_side_effect = true, sdy.sharding = #sdy.sharding_per_value<[<@maximal_mesh_0, []>]>} : (tensor<8x8xf32>) -> ()
  return %4 : tensor<8x8xf32>
}

// CHECK-LABEL: func.func @edge(
// CHECK-NEXT: %0 = stablehlo.negate %arg0 : tensor<8x8xf32>
// CHECK-NEXT: %1 = sdy.data_flow_edge %0 sharding=<@mesh, [{"x"}, {}]> : tensor<8x8xf32>
// CHECK-NEXT: return %1 : tensor<8x8xf32>
// CHECK-NEXT: }
func.func @edge(%arg0: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %0 = stablehlo.negate %arg0 : tensor<8x8xf32>
  %1 = sdy.data_flow_edge %0 sharding=<@mesh, [{"x"}, {}]> : tensor<8x8xf32>
  return %1 : tensor<8x8xf32>
}

// CHECK-LABEL: func.func @rules(
// CHECK-NEXT: %0 = stablehlo.custom_call @foo(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([i, jk])->([i, jk]) {i=2, j=2, k=2} need_replication={j} permutation={k}, custom>} : (tensor<2x4xf32>) -> tensor<2x4xf32>
// CHECK-NEXT: %1 = stablehlo.custom_call @foo(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([i, j])->([i, j]) {i=2, j=4} blocked_propagation={i}>} : (tensor<2x4xf32>) -> tensor<2x4xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @rules(%arg0: tensor<2x4xf32>) {
  %0 = stablehlo.custom_call @foo(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([i, jk])->([i, jk]) {i=2, j=2, k=2} need_replication={j} permutation={k}, custom>} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = stablehlo.custom_call @foo(%arg0) {sdy.sharding_rule = #sdy.op_sharding_rule<([i, j])->([i, j]) {i=2, j=4} blocked_propagation={i}>} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// CHECK-LABEL: func.func @regions(
// CHECK-NEXT: %0 = sdy.manual_computation(%arg0) in_shardings=[<@mesh, [{"x"}, {}]>] out_shardings=[<@mesh, [{"x"}, {}]>] manual_axes={"x", "y"} (%arg1: tensor<2x8xf32>) {
// CHECK-NEXT: %3 = stablehlo.negate %arg1 : tensor<2x8xf32>
// CHECK-NEXT: sdy.return %3 : tensor<2x8xf32>
// CHECK-NEXT: } : (tensor<8x8xf32>) -> tensor<8x8xf32>
// CHECK-NEXT: %1 = sdy.named_computation<"foo">(%0) in_shardings=[<@mesh, [{"x"}, {}]>] out_shardings=[<@mesh, [{}, {}]>] (%arg1: tensor<8x8xf32>) {
// CHECK-NEXT: sdy.return %arg1 : tensor<8x8xf32>
// CHECK-NEXT: } {note = 1 : i32} : (tensor<8x8xf32>) -> tensor<8x8xf32>
// CHECK-NEXT: %2 = sdy.named_computation<"bar">(%1) (%arg1: tensor<8x8xf32>) {
// CHECK-NEXT: sdy.return %arg1 : tensor<8x8xf32>
// CHECK-NEXT: } : (tensor<8x8xf32>) -> tensor<8x8xf32>
// CHECK-NEXT: sdy.manual_computation() in_shardings=[] out_shardings=[] manual_axes={} () {
// CHECK-NEXT: sdy.return
// CHECK-NEXT: } : () -> ()
// CHECK-NEXT: return %2 : tensor<8x8xf32>
// CHECK-NEXT: }
func.func @regions(%arg0: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %0 = sdy.manual_computation(%arg0) in_shardings=[<@mesh, [{"x"}, {}]>] out_shardings=[<@mesh, [{"x"}, {}]>] manual_axes={"x", "y"} (%arg1: tensor<2x8xf32>) {
    %3 = stablehlo.negate %arg1 : tensor<2x8xf32>
    sdy.return %3 : tensor<2x8xf32>
  } : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = sdy.named_computation<"foo">(%0) in_shardings=[<@mesh, [{"x"}, {}]>] out_shardings=[<@mesh, [{}, {}]>] (%arg1: tensor<8x8xf32>) {
    sdy.return %arg1 : tensor<8x8xf32>
  } {note = 1 : i32} : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %2 = sdy.named_computation<"bar">(%1) (%arg1: tensor<8x8xf32>) {
    sdy.return %arg1 : tensor<8x8xf32>
  } : (tensor<8x8xf32>) -> tensor<8x8xf32>
  sdy.manual_computation() in_shardings=[] out_shardings=[] manual_axes={} () {
    sdy.return
  } : () -> ()
  return %2 : tensor<8x8xf32>
}

// CHECK-LABEL: func.func @collectives(
// CHECK-NEXT: %0 = sdy.all_gather [{}, {"x"}] %arg0 out_sharding=<@mesh, [{"y"}, {}]> : tensor<8x8xf32>
// CHECK-NEXT: %1 = sdy.all_slice [{}, {"x":(1)2}] %arg1 out_sharding=<@mesh, [{"y"}, {"x":(1)2}]> : tensor<8x8xf32>
// CHECK-NEXT: %2 = sdy.all_to_all [{"x"}: 1->0] %arg0 out_sharding=<@mesh, [{"y", "x"}, {}]> : tensor<8x8xf32>
// CHECK-NEXT: %3 = sdy.collective_permute %arg1 out_sharding=<@mesh, [{"x":(1)2}, {}]> : tensor<8x8xf32>
// CHECK-NEXT: %4 = sdy.all_reduce {"x"} %arg1 out_sharding=<@mesh, [{"y"}, {}]> : tensor<8x8xf32>
// CHECK-NEXT: %5 = sdy.reduce_scatter [{}, {"x"}] %arg1 out_sharding=<@mesh, [{"y"}, {"x"}]> : tensor<8x8xf32>
// CHECK-NEXT: %6 = sdy.sharded_to_unreduced [{}, {"x"}] %arg0 out_sharding=<@mesh, [{"y"}, {}], unreduced={"x"}> : tensor<8x8xf32>
// CHECK-NEXT: %7 = sdy.replicated_to_unreduced {"x"} %arg1 out_sharding=<@mesh, [{"y"}, {}], unreduced={"x"}> : tensor<8x8xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @collectives(%arg0: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"y"}, {"x"}]>}, %arg1: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"y"}, {}]>}) {
  %0 = sdy.all_gather [{}, {"x"}] %arg0 out_sharding=<@mesh, [{"y"}, {}]> : tensor<8x8xf32>
  %1 = sdy.all_slice [{}, {"x":(1)2}] %arg1 out_sharding=<@mesh, [{"y"}, {"x":(1)2}]> : tensor<8x8xf32>
  %2 = sdy.all_to_all [{"x"}: 1->0] %arg0 out_sharding=<@mesh, [{"y", "x"}, {}]> : tensor<8x8xf32>
  %3 = sdy.collective_permute %arg1 out_sharding=<@mesh, [{"x":(1)2}, {}]> : tensor<8x8xf32>
  %4 = sdy.all_reduce {"x"} %arg1 out_sharding=<@mesh, [{"y"}, {}]> : tensor<8x8xf32>
  %5 = sdy.reduce_scatter [{}, {"x"}] %arg1 out_sharding=<@mesh, [{"y"}, {"x"}]> : tensor<8x8xf32>
  %6 = sdy.sharded_to_unreduced [{}, {"x"}] %arg0 out_sharding=<@mesh, [{"y"}, {}], unreduced={"x"}> : tensor<8x8xf32>
  %7 = sdy.replicated_to_unreduced {"x"} %arg1 out_sharding=<@mesh, [{"y"}, {}], unreduced={"x"}> : tensor<8x8xf32>
  return
}

// CHECK-LABEL: func.func private @callee(
// CHECK-NEXT: return %arg0 : tensor<f32>
// CHECK-NEXT: }
func.func private @callee(%arg0: tensor<f32>) -> tensor<f32> {
  return %arg0 : tensor<f32>
}

// CHECK-LABEL: func.func @tokens(
// CHECK-NEXT: %0:2 = sdy.manual_computation(%arg0, %arg1) in_shardings=[<@mesh, []>, <@mesh, [{"x"}]>] out_shardings=[<@mesh, []>, <@mesh, [{"x"}]>] manual_axes={"x"} (%arg2: !stablehlo.token, %arg3: tensor<2xf32>) {
// CHECK-NEXT: sdy.return %arg2, %arg3 : !stablehlo.token, tensor<2xf32>
// CHECK-NEXT: } : (!stablehlo.token, tensor<8xf32>) -> (!stablehlo.token, tensor<8xf32>)
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @tokens(%arg0: !stablehlo.token, %arg1: tensor<8xf32>) {
  %0:2 = sdy.manual_computation(%arg0, %arg1) in_shardings=[<@mesh, []>, <@mesh, [{"x"}]>] out_shardings=[<@mesh, []>, <@mesh, [{"x"}]>] manual_axes={"x"} (%arg2: !stablehlo.token, %arg3: tensor<2xf32>) {
    sdy.return %arg2, %arg3 : !stablehlo.token, tensor<2xf32>
  } : (!stablehlo.token, tensor<8xf32>) -> (!stablehlo.token, tensor<8xf32>)
  return
}
