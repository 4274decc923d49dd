// RUN: cegm-opt --round-bfloats %s | FileCheck %s

// CHECK-LABEL: func.func @number(
// CHECK-SAME:    %[[X:.*]]: f32
// CHECK:         %[[BITS:.*]] = arith.bitcast %[[X]] : f32 to i32
// CHECK:         %[[UPPER:.*]] = arith.shrui %[[BITS]]
// CHECK:         %[[ODD:.*]] = arith.andi %[[UPPER]]
// CHECK:         %[[BIAS:.*]] = arith.addi %[[ODD]]
// CHECK:         %[[ROUNDED:.*]] = arith.addi %[[BITS]], %[[BIAS]] : i32
// CHECK:         %[[QUIET:.*]] = arith.ori %[[BITS]]
// CHECK:         %[[NAN:.*]] = arith.cmpf uno, %[[X]], %[[X]] : f32
// CHECK:         %[[CHOSEN:.*]] = arith.select %[[NAN]], %[[QUIET]], %[[ROUNDED]] : i32
// CHECK:         %[[SHIFTED:.*]] = arith.shrui %[[CHOSEN]]
// CHECK:         %[[SHORT:.*]] = arith.trunci %[[SHIFTED]] : i32 to i16
// CHECK:         arith.bitcast %[[SHORT]] : i16 to bf16
func.func @number(%x: f32) -> bf16 {
  %0 = arith.truncf %x : f32 to bf16
  return %0 : bf16
}

// CHECK-LABEL: func.func @vector(
// CHECK-NOT:     arith.truncf
// CHECK:         arith.bitcast %{{.*}} : vector<8xi16> to vector<8xbf16>
func.func @vector(%x: vector<8xf32>) -> vector<8xbf16> {
  %0 = arith.truncf %x : vector<8xf32> to vector<8xbf16>
  return %0 : vector<8xbf16>
}

// Other types, and other ways to round.
// CHECK-LABEL: func.func @left(
// CHECK:         arith.truncf %{{.*}} : f32 to f16
// CHECK:         arith.truncf %{{.*}} downward : f32 to bf16
func.func @left(%x: f32) -> (f16, bf16) {
  %0 = arith.truncf %x : f32 to f16
  %1 = arith.truncf %x downward : f32 to bf16
  return %0, %1 : f16, bf16
}
