// RUN: cegm-opt --approximate-math %s | FileCheck %s

// CHECK-LABEL: func.func @single(
// CHECK-NOT:     math.exp
// CHECK-NOT:     math.rsqrt
// CHECK:         math.fma
func.func @single(%x: f32) -> (f32, f32) {
  %0 = math.exp %x : f32
  %1 = math.rsqrt %x : f32
  return %0, %1 : f32, f32
}

// CHECK-LABEL: func.func @left(
// CHECK-NEXT:    math.exp %{{.*}} : f64
// CHECK-NEXT:    math.sin %{{.*}} : f32
func.func @left(%x: f64, %y: f32) -> (f64, f32) {
  %0 = math.exp %x : f64
  %1 = math.sin %y : f32
  return %0, %1 : f64, f32
}

// Neither log(1 + x) nor exp(x) - 1 as it stands: small numbers would be lost.
// CHECK-LABEL: func.func @compensated(
// CHECK-SAME:    %[[X:.*]]: vector<2xf64>)
// CHECK:         %[[SUM:.*]] = arith.addf %[[X]], %{{.*}} : vector<2xf64>
// CHECK:         %[[LOG:.*]] = math.log %[[SUM]]
// CHECK:         arith.divf %[[X]], %{{.*}}
// CHECK:         %[[POWER:.*]] = math.exp %[[X]]
// CHECK:         math.log %[[POWER]]
func.func @compensated(%x: vector<2xf64>) -> (vector<2xf64>, vector<2xf64>) {
  %0 = math.log1p %x : vector<2xf64>
  %1 = math.expm1 %x : vector<2xf64>
  return %0, %1 : vector<2xf64>, vector<2xf64>
}
