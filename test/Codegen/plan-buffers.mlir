// RUN: cegm-opt --allow-unregistered-dialect --pass-pipeline="builtin.module(func.func(plan-buffers))" --split-input-file %s | FileCheck %s

// The third one may have the place of the first.
// CHECK-LABEL: func.func @share(
// CHECK:         %[[ALL:.*]] = memref.alloc() {alignment = 64 : i64} : memref<192xi8>
// CHECK:         %[[FIRST:.*]] = arith.constant 0 : index
// CHECK:         memref.view %[[ALL]][%[[FIRST]]][] : memref<192xi8> to memref<32xf32>
// CHECK:         %[[SECOND:.*]] = arith.constant 128 : index
// CHECK:         memref.view %[[ALL]][%[[SECOND]]][] : memref<192xi8> to memref<5xf64>
// CHECK-NOT:     memref.dealloc
// CHECK:         %[[THIRD:.*]] = arith.constant 0 : index
// CHECK:         memref.view %[[ALL]][%[[THIRD]]][] : memref<192xi8> to memref<30xi1>
// CHECK:         "test.use"
// CHECK-NEXT:    memref.dealloc %[[ALL]]
// CHECK-NEXT:    return
func.func @share() {
  %a = memref.alloc() : memref<32xf32>
  %b = memref.alloc() {alignment = 64 : i64} : memref<5xf64>
  "test.use"(%a, %b) : (memref<32xf32>, memref<5xf64>) -> ()
  memref.dealloc %a : memref<32xf32>
  %c = memref.alloc() : memref<30xi1>
  "test.use"(%b, %c) : (memref<5xf64>, memref<30xi1>) -> ()
  memref.dealloc %b : memref<5xf64>
  memref.dealloc %c : memref<30xi1>
  return
}

// -----

// What a loop needs lives as long as the loop, beside what is alive around it.
// CHECK-LABEL: func.func @loop(
// CHECK:         %[[ALL:.*]] = memref.alloc() {{.*}} : memref<128xi8>
// CHECK:         memref.view %[[ALL]]
// CHECK:         scf.for
// CHECK-NOT:       memref.alloc
// CHECK:           memref.view %[[ALL]]
// CHECK-NOT:       memref.dealloc
// CHECK:         memref.dealloc %[[ALL]]
func.func @loop(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<16xf32>
  scf.for %i = %c0 to %n step %c1 {
    %b = memref.alloc() : memref<16xf32>
    "test.use"(%a, %b) : (memref<16xf32>, memref<16xf32>) -> ()
    memref.dealloc %b : memref<16xf32>
  }
  memref.dealloc %a : memref<16xf32>
  return
}

// -----

// A dynamic size, a buffer that is returned, one that may be freed elsewhere,
// and those of iterations that run at the same time stay as they are.
// CHECK-LABEL: func.func @left(
// CHECK-NOT:     memref.view
// CHECK-COUNT-4: memref.alloc
// CHECK-NOT:     memref.view
func.func @left(%n: index, %flag: i1) -> memref<4xf32> {
  %a = memref.alloc(%n) : memref<?xf32>
  %b = memref.alloc() : memref<4xf32>
  %c = memref.alloc() : memref<4xf32>
  "test.use"(%a, %b, %c) : (memref<?xf32>, memref<4xf32>, memref<4xf32>) -> ()
  memref.dealloc %a : memref<?xf32>
  scf.if %flag {
    memref.dealloc %c : memref<4xf32>
  }
  scf.forall (%i) in (4) {
    %d = memref.alloc() : memref<4xf32>
    "test.use"(%d) : (memref<4xf32>) -> ()
    memref.dealloc %d : memref<4xf32>
  }
  return %b : memref<4xf32>
}
