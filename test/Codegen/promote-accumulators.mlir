// RUN: cegm-opt --pass-pipeline="builtin.module(func.func(promote-accumulators))" %s | FileCheck %s

// Two loops around one sum: one register for both.
// CHECK-LABEL: func.func @sum(
// CHECK-SAME:    %[[X:.*]]: memref<8x16xf32> {llvm.noalias}, %[[S:.*]]: memref<f32>
// CHECK:         %[[FIRST:.*]] = memref.load %[[S]][]
// CHECK:         %[[ALL:.*]] = scf.for {{.*}} iter_args(%[[ROW:.*]] = %[[FIRST]]) -> (f32)
// CHECK:           %[[INNER:.*]] = scf.for {{.*}} iter_args(%[[ACC:.*]] = %[[ROW]]) -> (f32)
// CHECK:             %[[A:.*]] = memref.load %[[X]]
// CHECK-NEXT:        %[[NEXT:.*]] = arith.addf %[[A]], %[[ACC]] fastmath<reassoc,contract>
// CHECK-NEXT:        scf.yield %[[NEXT]]
// CHECK:           scf.yield %[[INNER]]
// CHECK:         memref.store %[[ALL]], %[[S]][]
// CHECK-NOT:     memref.store
// CHECK:         return
func.func @sum(%x: memref<8x16xf32> {llvm.noalias}, %s: memref<f32> {llvm.noalias}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c16 = arith.constant 16 : index
  scf.for %i = %c0 to %c8 step %c1 {
    scf.for %j = %c0 to %c16 step %c1 {
      %a = memref.load %x[%i, %j] : memref<8x16xf32>
      %old = memref.load %s[] : memref<f32>
      %new = arith.addf %a, %old : f32
      memref.store %new, %s[] : memref<f32>
    }
  }
  return
}

// The sum may be an element that the loop reads.
// CHECK-LABEL: func.func @shared(
// CHECK-NOT:     iter_args
// CHECK:         memref.store
func.func @shared(%x: memref<16xf32>, %s: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  scf.for %j = %c0 to %c16 step %c1 {
    %a = memref.load %x[%j] : memref<16xf32>
    %old = memref.load %s[%c0] : memref<16xf32>
    %new = arith.addf %a, %old : f32
    memref.store %new, %s[%c0] : memref<16xf32>
  }
  return
}

// The order of other operations counts.
// CHECK-LABEL: func.func @last(
// CHECK:         arith.subf %{{.*}}, %{{.*}} : f32
func.func @last(%x: memref<16xf32> {llvm.noalias}, %s: memref<f32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  scf.for %j = %c0 to %c16 step %c1 {
    %a = memref.load %x[%j] : memref<16xf32>
    %old = memref.load %s[] : memref<f32>
    %new = arith.subf %a, %old : f32
    memref.store %new, %s[] : memref<f32>
  }
  return
}
