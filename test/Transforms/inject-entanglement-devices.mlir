// RUN: cegm-opt %s --split-input-file --inject-entanglement | FileCheck %s --check-prefix=EACH --implicit-check-not=device_groups
// RUN: cegm-opt %s --split-input-file --inject-entanglement=across-devices | FileCheck %s --check-prefix=ACROSS
// RUN: cegm-opt %s --split-input-file --inject-entanglement="audit strength-arg" | FileCheck %s --check-prefix=ROWS
// RUN: cegm-opt %s --split-input-file --inject-entanglement="audit across-devices" | FileCheck %s --check-prefix=ROW

sdy.mesh @mesh = <["data"=2, "model"=2]>

// The gradients of two devices are added up: their tokens count together.
// Without the option each device has its own row in the audit.
// EACH-LABEL: func.func @summed
// EACH: cegm.entangle
// ACROSS-LABEL: func.func @summed
// ACROSS: cegm.entangle {{.*}} device_groups = dense<{{\[}}[0, 2], [1, 3]]> : tensor<2x2xi64>
// ROWS-LABEL: func.func @summed
// ROWS-SAME: %[[STRENGTH:[a-z0-9]*]]: tensor<f32>) -> (tensor<4x6xf32>, tensor<4x10xf32> {cegm.audit = {metrics = [{{.*}}], sites = [{argument = 0 : i64, depth = 1 : i64, device = 0 : i64, kind = "dense", reweighted = true}, {{.*}} device = 1 : i64, {{.*}} device = 2 : i64, {{.*}} device = 3 : i64, {{.*}}
// ROWS: %[[OUT:.*]]:2 = sdy.manual_computation(%{{.*}}, %{{.*}}, %{{.*}}, %[[STRENGTH]]) in_shardings=[{{.*}}, <@mesh, []>] out_shardings=[{{.*}}, <@mesh, [{"data", "model"}, {}]>] {{.*}}, %[[INSIDE:[a-z0-9]*]]: tensor<f32>) {
// ROWS: cegm.entangle {{.*}} %[[INSIDE]]
// ROWS: %[[METRICS:.*]] = cegm.audit
// ROWS: %[[PART:.*]] = stablehlo.reshape %[[METRICS]] : (tensor<10xf32>) -> tensor<1x10xf32>
// ROWS: sdy.return %{{.*}}, %[[PART]]
// ROWS: %[[TABLE:.*]] = cegm.collect %[[OUT]]#1
// ROW-LABEL: func.func @summed
// ROW-SAME: tensor<2x10xf32>
// ROW: sdy.manual_computation{{.*}} out_shardings=[{{.*}}, <@mesh, [{"model"}, {}]>]
// ROW: cegm.audit {{.*}} device_groups = dense<{{\[}}[0, 2], [1, 3]]>
func.func @summed(%w: tensor<4x6xf32>, %x: tensor<8x5x4xf32>, %t: tensor<8x5x6xf32>) -> tensor<4x6xf32> {
  %new = sdy.manual_computation(%w, %x, %t)
      in_shardings=[<@mesh, [{}, {}]>, <@mesh, [{"data"}, {}, {}]>, <@mesh, [{"data"}, {}, {}]>]
      out_shardings=[<@mesh, [{}, {}]>] manual_axes={"data", "model"}
      (%v: tensor<4x6xf32>, %a: tensor<4x5x4xf32>, %b: tensor<4x5x6xf32>) {
    %y = stablehlo.dot_general %a, %v, contracting_dims = [2] x [0] : (tensor<4x5x4xf32>, tensor<4x6xf32>) -> tensor<4x5x6xf32>
    %dy = stablehlo.subtract %y, %b : tensor<4x5x6xf32>
    %dw = stablehlo.dot_general %a, %dy, contracting_dims = [0, 1] x [0, 1] : (tensor<4x5x4xf32>, tensor<4x5x6xf32>) -> tensor<4x6xf32>
    %sum = "stablehlo.all_reduce"(%dw) <{replica_groups = dense<[[0, 2], [1, 3]]> : tensor<2x2xi64>}> ({
    ^bb0(%p: tensor<f32>, %q: tensor<f32>):
      %s = stablehlo.add %p, %q : tensor<f32>
      stablehlo.return %s : tensor<f32>
    }) : (tensor<4x6xf32>) -> tensor<4x6xf32>
    %n = stablehlo.subtract %v, %sum : tensor<4x6xf32>
    sdy.return %n : tensor<4x6xf32>
  } : (tensor<4x6xf32>, tensor<8x5x4xf32>, tensor<8x5x6xf32>) -> tensor<4x6xf32>
  return %new : tensor<4x6xf32>
}

// -----

sdy.mesh @mesh = <["data"=2, "sequence"=2, "model"=2]>

// Two sums one after the other, of flattened gradients, join.
// EACH-LABEL: func.func @summed_twice
// EACH: cegm.entangle
// ACROSS-LABEL: func.func @summed_twice
// ACROSS: cegm.entangle {{.*}} device_groups = dense<{{\[}}[0, 2, 4, 6], [1, 3, 5, 7]]> : tensor<2x4xi64>
// ROWS-LABEL: func.func @summed_twice
// ROWS-SAME: tensor<8x10xf32>
// ROW-LABEL: func.func @summed_twice
// ROW-SAME: tensor<2x10xf32>
func.func @summed_twice(%w: tensor<4x6xf32>, %x: tensor<8x10x4xf32>, %t: tensor<8x10x6xf32>) -> tensor<4x6xf32> {
  %new = sdy.manual_computation(%w, %x, %t)
      in_shardings=[<@mesh, [{}, {}]>, <@mesh, [{"data"}, {"sequence"}, {}]>, <@mesh, [{"data"}, {"sequence"}, {}]>]
      out_shardings=[<@mesh, [{}, {}]>] manual_axes={"data", "sequence", "model"}
      (%v: tensor<4x6xf32>, %a: tensor<4x5x4xf32>, %b: tensor<4x5x6xf32>) {
    %y = stablehlo.dot_general %a, %v, contracting_dims = [2] x [0] : (tensor<4x5x4xf32>, tensor<4x6xf32>) -> tensor<4x5x6xf32>
    %dy = stablehlo.subtract %y, %b : tensor<4x5x6xf32>
    %dw = stablehlo.dot_general %a, %dy, contracting_dims = [0, 1] x [0, 1] : (tensor<4x5x4xf32>, tensor<4x5x6xf32>) -> tensor<4x6xf32>
    %flat = stablehlo.reshape %dw : (tensor<4x6xf32>) -> tensor<24xf32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %bias = stablehlo.reduce(%dy init: %zero) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x5x6xf32>, tensor<f32>) -> tensor<6xf32>
    %all = stablehlo.concatenate %flat, %bias, dim = 0 : (tensor<24xf32>, tensor<6xf32>) -> tensor<30xf32>
    %first = "stablehlo.all_reduce"(%all) <{replica_groups = dense<[[0, 2], [1, 3], [4, 6], [5, 7]]> : tensor<4x2xi64>}> ({
    ^bb0(%p: tensor<f32>, %q: tensor<f32>):
      %s = stablehlo.add %p, %q : tensor<f32>
      stablehlo.return %s : tensor<f32>
    }) : (tensor<30xf32>) -> tensor<30xf32>
    %sum = "stablehlo.all_reduce"(%first) <{replica_groups = dense<[[0, 4], [1, 5], [2, 6], [3, 7]]> : tensor<4x2xi64>}> ({
    ^bb0(%p: tensor<f32>, %q: tensor<f32>):
      %s = stablehlo.add %p, %q : tensor<f32>
      stablehlo.return %s : tensor<f32>
    }) : (tensor<30xf32>) -> tensor<30xf32>
    %part = stablehlo.slice %sum [0:24] : (tensor<30xf32>) -> tensor<24xf32>
    %grad = stablehlo.reshape %part : (tensor<24xf32>) -> tensor<4x6xf32>
    %n = stablehlo.subtract %v, %grad : tensor<4x6xf32>
    sdy.return %n : tensor<4x6xf32>
  } : (tensor<4x6xf32>, tensor<8x10x4xf32>, tensor<8x10x6xf32>) -> tensor<4x6xf32>
  return %new : tensor<4x6xf32>
}

// -----

sdy.mesh @mesh = <["data"=2, "model"=2], device_ids=[3, 2, 1, 0]>

// Added up outside: the shardings of the data tell.
// EACH-LABEL: func.func @outside
// EACH: cegm.entangle
// ACROSS-LABEL: func.func @outside
// ACROSS: cegm.entangle {{.*}} device_groups = dense<{{\[}}[3, 1], [2, 0]]> : tensor<2x2xi64>
// ROWS-LABEL: func.func @outside
// ROWS-SAME: tensor<4x10xf32>
// ROW-LABEL: func.func @outside
// ROW-SAME: tensor<2x10xf32>
func.func @outside(%w: tensor<4x6xf32>, %x: tensor<8x5x4xf32>, %t: tensor<8x5x6xf32>) -> tensor<4x6xf32> {
  %parts = sdy.manual_computation(%w, %x, %t)
      in_shardings=[<@mesh, [{}, {"model"}]>, <@mesh, [{"data"}, {}, {}]>, <@mesh, [{"data"}, {}, {}]>]
      out_shardings=[<@mesh, [{"data"}, {}, {"model"}]>] manual_axes={"data", "model"}
      (%v: tensor<4x3xf32>, %a: tensor<4x5x4xf32>, %b: tensor<4x5x6xf32>) {
    %y = stablehlo.dot_general %a, %v, contracting_dims = [2] x [0] : (tensor<4x5x4xf32>, tensor<4x3xf32>) -> tensor<4x5x3xf32>
    %c = stablehlo.slice %b [0:4, 0:5, 0:3] : (tensor<4x5x6xf32>) -> tensor<4x5x3xf32>
    %dy = stablehlo.subtract %y, %c : tensor<4x5x3xf32>
    %dw = stablehlo.dot_general %a, %dy, contracting_dims = [0, 1] x [0, 1] : (tensor<4x5x4xf32>, tensor<4x5x3xf32>) -> tensor<4x3xf32>
    %n = stablehlo.reshape %dw : (tensor<4x3xf32>) -> tensor<1x4x3xf32>
    sdy.return %n : tensor<1x4x3xf32>
  } : (tensor<4x6xf32>, tensor<8x5x4xf32>, tensor<8x5x6xf32>) -> tensor<2x4x6xf32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %sum = stablehlo.reduce(%parts init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<2x4x6xf32>, tensor<f32>) -> tensor<4x6xf32>
  %new = stablehlo.subtract %w, %sum : tensor<4x6xf32>
  return %new : tensor<4x6xf32>
}
