// RUN: cegm-opt --outline-kernels --split-input-file %s | FileCheck %s
// RUN: cegm-opt --outline-kernels --duplicate-function-elimination --split-input-file %s | FileCheck %s --check-prefix=MERGED

#id = affine_map<(i) -> (i)>

// What the op reads comes as arguments, constants are its own; a buffer that is
// read and written is one argument; views of one buffer are not noalias. Copies
// of contiguous buffers stay.
// CHECK-LABEL: func.func @main(
// CHECK:         call @[[ADD:kernel[_0-9]*]](%{{.*}}, %{{.*}})
// CHECK:         call @[[ADD1:kernel[_0-9]*]](%{{.*}}, %{{.*}})
// CHECK:         call @[[VIEWS:kernel[_0-9]*]](%{{.*}}, %{{.*}})
// CHECK:         call @[[COPY:kernel[_0-9]*]](%{{.*}}, %{{.*}})
// CHECK:         memref.copy
// CHECK:         call @[[DYNAMIC:kernel[_0-9]*]](%{{.*}})
// CHECK:       func.func private @[[ADD]](%[[X:.*]]: memref<8xf32> {llvm.noalias}, %[[Y:.*]]: memref<8xf32> {llvm.noalias}) attributes {llvm.bareptr, passthrough = ["noinline"]}
// CHECK-NEXT:    %[[ONE:.*]] = arith.constant 1.0
// CHECK-NEXT:    linalg.generic {{.*}} ins(%[[X]] : memref<8xf32>) outs(%[[Y]] : memref<8xf32>)
// CHECK:       func.func private @[[VIEWS]](%{{[^:]*}}: memref<4xf32, strided<[1]>>, %{{[^:]*}}: memref<4xf32, strided<[1], offset: 4>>) attributes {llvm.bareptr, passthrough = ["noinline"]}
// CHECK:       func.func private @[[COPY]](
// CHECK:         linalg.generic
// CHECK:       func.func private @[[DYNAMIC]](%{{[^:]*}}: memref<?xf32>) attributes {passthrough = ["noinline"]} {
// MERGED-LABEL: func.func @main(
// MERGED:         call @[[ADD:kernel[_0-9]*]](
// MERGED:         call @[[ADD]](
func.func @main(%x: memref<8xf32>, %y: memref<8xf32>, %d: memref<?xf32>)
    attributes {llvm.emit_c_interface} {
  %one = arith.constant 1.0 : f32
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%x : memref<8xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%a: f32, %out: f32):
    %0 = arith.addf %a, %one : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%y : memref<8xf32>) outs(%x : memref<8xf32>) {
  ^bb0(%a: f32, %out: f32):
    %0 = arith.addf %a, %one : f32
    linalg.yield %0 : f32
  }
  %low = memref.subview %x[0] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1]>>
  %high = memref.subview %x[4] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1], offset: 4>>
  linalg.copy ins(%low : memref<4xf32, strided<[1]>>)
      outs(%high : memref<4xf32, strided<[1], offset: 4>>)
  memref.copy %low, %high : memref<4xf32, strided<[1]>> to memref<4xf32, strided<[1], offset: 4>>
  memref.copy %x, %y : memref<8xf32> to memref<8xf32>
  linalg.fill ins(%one : f32) outs(%d : memref<?xf32>)
  return
}

// -----

// Zeros go with the product that is added to them.
// CHECK-LABEL: func.func @product(
// CHECK-NEXT:    arith.constant
// CHECK-NEXT:    call @[[PRODUCT:kernel[_0-9]*]](
// CHECK-NEXT:    return
// CHECK:       func.func private @[[PRODUCT]](
// CHECK:         linalg.fill
// CHECK-NEXT:    linalg.matmul
func.func @product(%a: memref<8x8xf32>, %b: memref<8x8xf32>, %c: memref<8x8xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%c : memref<8x8xf32>)
  linalg.matmul ins(%a, %b : memref<8x8xf32>, memref<8x8xf32>) outs(%c : memref<8x8xf32>)
  return
}
