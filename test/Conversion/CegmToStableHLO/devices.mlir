// RUN: cegm-opt %s --convert-cegm-to-stablehlo --split-input-file | FileCheck %s --implicit-check-not=cegm.

// Devices that share a program meet by their global numbers.
sdy.mesh @mesh = <["data"=4]>

// CHECK-LABEL: func @weigh
func.func @weigh(%s: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) -> tensor<5xf32> {
  // CHECK: %[[TOTAL:.*]] = stablehlo.reduce({{.*}}) applies stablehlo.add
  // CHECK: %[[COUNT:.*]] = stablehlo.reduce({{.*}}) applies stablehlo.add
  // CHECK: %[[TOTALS:.*]] = "stablehlo.all_reduce"(%[[TOTAL]]) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<{{\[}}[0, 1, 2, 3]]> : tensor<1x4xi64>, use_global_device_ids}>
  // CHECK: stablehlo.add
  // CHECK: %[[COUNTS:.*]] = "stablehlo.all_reduce"(%[[COUNT]])
  // CHECK: %[[DIVISOR:.*]] = stablehlo.maximum %[[COUNTS]],
  // CHECK: stablehlo.divide %[[TOTALS]], %[[DIVISOR]]
  %w = cegm.weigh tanh %s, %a, %l device_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>
      : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return %w : tensor<5xf32>
}

// CHECK-LABEL: func @score
func.func @score(%x: tensor<5x8xf32>) -> tensor<5xf32> {
  // One root mean square for each level, over sums in f64.
  // CHECK-COUNT-4: "stablehlo.all_reduce"({{.*}}) {{.*}}
  // CHECK-NOT: "stablehlo.all_reduce"
  // CHECK: return
  %s, %a = cegm.score inner %x, %x tokens = [0] x [0] features = [1] x [1] windows = [1, 2]
      device_groups = dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>
      : (tensor<5x8xf32>, tensor<5x8xf32>) -> (tensor<5xf32>, tensor<5xi1>)
  return %s : tensor<5xf32>
}

// CHECK-LABEL: func @audit
func.func @audit(%s: tensor<5xf32>, %w: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) -> tensor<10xf32> {
  // CHECK: applies stablehlo.minimum
  // CHECK: "stablehlo.all_reduce"
  // CHECK: stablehlo.minimum
  // CHECK: applies stablehlo.maximum
  // CHECK: "stablehlo.all_reduce"
  // CHECK: stablehlo.maximum
  %row = cegm.audit %s, %w, %a, %l device_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>
      : (tensor<5xf32>, tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<10xf32>
  return %row : tensor<10xf32>
}

// CHECK-LABEL: func @alone
func.func @alone(%s: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) -> tensor<5xf32> {
  // CHECK-NOT: "stablehlo.all_reduce"
  // CHECK: return
  %w = cegm.weigh tanh %s, %a, %l device_groups = dense<[[0], [1]]> : tensor<2x1xi64>
      : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return %w : tensor<5xf32>
}

// -----

// Without a mesh they are replicas.
// CHECK-LABEL: func @replicas
func.func @replicas(%s: tensor<5xf32>, %a: tensor<5xi1>, %l: tensor<f32>) -> tensor<5xf32> {
  // CHECK: "stablehlo.all_reduce"({{.*}}) <{replica_groups = dense<{{\[}}[0, 1]]> : tensor<1x2xi64>}>
  %w = cegm.weigh tanh %s, %a, %l device_groups = dense<[[0, 1]]> : tensor<1x2xi64>
      : (tensor<5xf32>, tensor<5xi1>, tensor<f32>) -> tensor<5xf32>
  return %w : tensor<5xf32>
}
