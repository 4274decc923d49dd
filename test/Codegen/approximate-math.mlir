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
