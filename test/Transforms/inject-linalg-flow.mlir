// A step in bf16: products are summed in f32 and rounded right away. The
// rounded input gradient is what the layer before gets, so the scores of the
// layer behind come before the rounding, with all that they need.
// RUN: cegm-opt %s --inject-entanglement=apply=flow | FileCheck %s

// CHECK: %[[DY:.*]] = linalg.tanh
// CHECK: %[[DX:.*]] = linalg.matmul ins(%[[DY]], %{{.*}} : tensor<5x3xbf16>, tensor<3x6xbf16>)
// CHECK: %[[HT:.*]] = linalg.transpose
// CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}}, %[[WEIGHTS:[a-z_0-9]+]] = cegm.entangle %[[DY]], %{{.*}}, %[[DX]],
// CHECK-NEXT: %[[FLOW:.*]] = cegm.scale %[[DX]] by %[[WEIGHTS]]
// CHECK-NEXT: %[[DH:.*]] = linalg.generic {{.*}} ins(%[[FLOW]] : tensor<5x6xf32>)
// CHECK: cegm.entangle %{{.*}}, %{{.*}}, %[[DH]],
#same = affine_map<(d0, d1) -> (d0, d1)>
func.func @main(%v: tensor<4x6xbf16>, %w: tensor<6x3xbf16>, %x: tensor<5x4xbf16>) -> (tensor<4x6xbf16>, tensor<6x3xbf16>) {
  %zero = arith.constant 0.0 : f32
  %e56 = tensor.empty() : tensor<5x6xf32>
  %z56 = linalg.fill ins(%zero : f32) outs(%e56 : tensor<5x6xf32>) -> tensor<5x6xf32>
  %y = linalg.matmul ins(%x, %v : tensor<5x4xbf16>, tensor<4x6xbf16>) outs(%z56 : tensor<5x6xf32>) -> tensor<5x6xf32>
  %e56b = tensor.empty() : tensor<5x6xbf16>
  %h = linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel", "parallel"]} ins(%y : tensor<5x6xf32>) outs(%e56b : tensor<5x6xbf16>) {
  ^bb0(%in: f32, %out: bf16):
    %0 = arith.truncf %in : f32 to bf16
    linalg.yield %0 : bf16
  } -> tensor<5x6xbf16>
  %z53 = arith.constant dense<0.0> : tensor<5x3xf32>
  %p = linalg.matmul ins(%h, %w : tensor<5x6xbf16>, tensor<6x3xbf16>) outs(%z53 : tensor<5x3xf32>) -> tensor<5x3xf32>
  %e53b = tensor.empty() : tensor<5x3xbf16>
  %q = linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel", "parallel"]} ins(%p : tensor<5x3xf32>) outs(%e53b : tensor<5x3xbf16>) {
  ^bb0(%in: f32, %out: bf16):
    %0 = arith.truncf %in : f32 to bf16
    linalg.yield %0 : bf16
  } -> tensor<5x3xbf16>
  %dq = linalg.tanh ins(%q : tensor<5x3xbf16>) outs(%e53b : tensor<5x3xbf16>) -> tensor<5x3xbf16>
  %e36 = tensor.empty() : tensor<3x6xbf16>
  %wt = linalg.transpose ins(%w : tensor<6x3xbf16>) outs(%e36 : tensor<3x6xbf16>) permutation = [1, 0]
  %dx = linalg.matmul ins(%dq, %wt : tensor<5x3xbf16>, tensor<3x6xbf16>) outs(%z56 : tensor<5x6xf32>) -> tensor<5x6xf32>
  %dh = linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel", "parallel"]} ins(%dx : tensor<5x6xf32>) outs(%e56b : tensor<5x6xbf16>) {
  ^bb0(%in: f32, %out: bf16):
    %0 = arith.truncf %in : f32 to bf16
    linalg.yield %0 : bf16
  } -> tensor<5x6xbf16>
  %e65 = tensor.empty() : tensor<6x5xbf16>
  %ht = linalg.transpose ins(%h : tensor<5x6xbf16>) outs(%e65 : tensor<6x5xbf16>) permutation = [1, 0]
  %z63 = arith.constant dense<0.0> : tensor<6x3xf32>
  %dw = linalg.matmul ins(%ht, %dq : tensor<6x5xbf16>, tensor<5x3xbf16>) outs(%z63 : tensor<6x3xf32>) -> tensor<6x3xf32>
  %e45 = tensor.empty() : tensor<4x5xbf16>
  %xt = linalg.transpose ins(%x : tensor<5x4xbf16>) outs(%e45 : tensor<4x5xbf16>) permutation = [1, 0]
  %z46 = arith.constant dense<0.0> : tensor<4x6xf32>
  %dv = linalg.matmul ins(%xt, %dh : tensor<4x5xbf16>, tensor<5x6xbf16>) outs(%z46 : tensor<4x6xf32>) -> tensor<4x6xf32>
  %e46 = tensor.empty() : tensor<4x6xbf16>
  %v1 = linalg.generic {indexing_maps = [#same, #same, #same], iterator_types = ["parallel", "parallel"]} ins(%v, %dv : tensor<4x6xbf16>, tensor<4x6xf32>) outs(%e46 : tensor<4x6xbf16>) {
  ^bb0(%in: bf16, %g: f32, %out: bf16):
    %0 = arith.truncf %g : f32 to bf16
    %1 = arith.subf %in, %0 : bf16
    linalg.yield %1 : bf16
  } -> tensor<4x6xbf16>
  %e63 = tensor.empty() : tensor<6x3xbf16>
  %w1 = linalg.generic {indexing_maps = [#same, #same, #same], iterator_types = ["parallel", "parallel"]} ins(%w, %dw : tensor<6x3xbf16>, tensor<6x3xf32>) outs(%e63 : tensor<6x3xbf16>) {
  ^bb0(%in: bf16, %g: f32, %out: bf16):
    %0 = arith.truncf %g : f32 to bf16
    %1 = arith.subf %in, %0 : bf16
    linalg.yield %1 : bf16
  } -> tensor<6x3xbf16>
  return %v1, %w1 : tensor<4x6xbf16>, tensor<6x3xbf16>
}
