// RUN: cegm-opt %s --convert-cegm-to-custom-call | FileCheck %s
// RUN: cegm-opt %s --convert-cegm-to-custom-call --convert-cegm-to-stablehlo \
// RUN:   | FileCheck %s --check-prefix=BOTH

// What a partitioner divides stays formulas, which it can divide; inside a
// manual computation every device has its own part already, of which it makes
// no sums with others in a call.
sdy.mesh @mesh = <["data"=2]>

// CHECK-LABEL: func @main
// CHECK: cegm.score
// CHECK: sdy.manual_computation
// CHECK: stablehlo.custom_call @cegm.kernel
// CHECK: cegm.score inner {{.*}} device_groups

// BOTH-LABEL: func @main
// BOTH: stablehlo.reduce
// BOTH: sdy.manual_computation
// BOTH-NEXT: stablehlo.custom_call @cegm.kernel
func.func @main(%x: tensor<4x6x5xf32>, %dx: tensor<4x6x5xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>) {
  %scores, %active = cegm.score cosine %x, %dx tokens = [0, 1] x [0, 1] features = [2] x [2]
      : (tensor<4x6x5xf32>, tensor<4x6x5xf32>) -> (tensor<4x6xf32>, tensor<4x6xi1>)
  %local = sdy.manual_computation(%x, %dx)
      in_shardings=[<@mesh, [{"data"}, {}, {}]>, <@mesh, [{"data"}, {}, {}]>]
      out_shardings=[<@mesh, [{"data"}, {}]>] manual_axes={"data"}
      (%a: tensor<2x6x5xf32>, %b: tensor<2x6x5xf32>) {
    %s, %f = cegm.score cosine %a, %b tokens = [0, 1] x [0, 1] features = [2] x [2]
        : (tensor<2x6x5xf32>, tensor<2x6x5xf32>) -> (tensor<2x6xf32>, tensor<2x6xi1>)
    %o, %g = cegm.score inner %a, %b tokens = [0, 1] x [0, 1] features = [2] x [2]
        device_groups = dense<[[0, 1]]> : tensor<1x2xi64>
        : (tensor<2x6x5xf32>, tensor<2x6x5xf32>) -> (tensor<2x6xf32>, tensor<2x6xi1>)
    %both = stablehlo.add %s, %o : tensor<2x6xf32>
    sdy.return %both : tensor<2x6xf32>
  } : (tensor<4x6x5xf32>, tensor<4x6x5xf32>) -> tensor<4x6xf32>
  return %scores, %local : tensor<4x6xf32>, tensor<4x6xf32>
}
