// Forms that came to Shardy after the jaxlib that this project pins.
// RUN: cegm-opt %s | FileCheck %s
// RUN: cegm-opt %s | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --mlir-print-op-generic | cegm-opt | FileCheck %s
// RUN: cegm-opt %s --emit-bytecode | cegm-opt | FileCheck %s

sdy.mesh @mesh = <["x"=4, "y"=2]>

// CHECK-LABEL: func.func @reductions(
// CHECK-SAME: %arg0: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}], unreduced=max{"x", "y"}>}
// CHECK-NEXT: %0 = sdy.all_reduce max {"x"} %arg0 out_sharding=<@mesh, [{}, {}], unreduced=max{"y"}> : tensor<8x8xf32>
// CHECK-NEXT: %1 = sdy.reduce_scatter min [{}, {"x"}] %arg1 out_sharding=<@mesh, [{}, {"x"}]> : tensor<8x8xf32>
// CHECK-NEXT: %2 = sdy.all_reduce {"y"} %arg1 out_sharding=<@mesh, [{}, {}]> : tensor<8x8xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @reductions(%arg0: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}], unreduced=max{"x", "y"}>}, %arg1: tensor<8x8xf32>) {
  %0 = sdy.all_reduce max {"x"} %arg0 out_sharding=<@mesh, [{}, {}], unreduced=max{"y"}> : tensor<8x8xf32>
  %1 = sdy.reduce_scatter min [{}, {"x"}] %arg1 out_sharding=<@mesh, [{}, {"x"}]> : tensor<8x8xf32>
  %2 = sdy.all_reduce sum {"y"} %arg1 out_sharding=<@mesh, [{}, {}]> : tensor<8x8xf32>
  return
}

// In either order.
// CHECK-LABEL: func.func private @order(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}], replicated={"x"}, unreduced={"y"}>})
func.func private @order(tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}], unreduced={"y"}, replicated={"x"}>})

// Devices in their own order say nothing.
// CHECK: sdy.mesh @plain = <["x"=4]>
sdy.mesh @plain = <["x"=4], device_ids=[0, 1, 2, 3]>

// CHECK-LABEL: func.func @history(
// CHECK-NEXT: %0 = stablehlo.add %arg0, %arg0 {sdy.propagation_edges = #sdy.propagation_edges<[{step-2 = [{"y" = operand-1 -> [operand-0, result-0]}]}, {step-12 = [{"x":(1)2 = result-0 -> [operand-0]}, {"x":(2)2 = operand-0 -> []}]}]>, sdy.sharding = #sdy.sharding_per_value<[<@mesh, [{"y"}, {"x"}]>]>} : tensor<8x8xf32>
// CHECK-NEXT: return
// CHECK-NEXT: }
func.func @history(%arg0: tensor<8x8xf32>) {
  %0 = stablehlo.add %arg0, %arg0 {sdy.propagation_edges = #sdy.propagation_edges<[{step-2 = [{"y" = operand-1 -> [operand-0, result-0]}]}, {step-12 = [{"x":(1)2 = result-0 -> [operand-0]}, {"x":(2)2 = operand-0 -> []}]}]>, sdy.sharding = #sdy.sharding_per_value<[<@mesh, [{"y"}, {"x"}]>]>} : tensor<8x8xf32>
  return
}
