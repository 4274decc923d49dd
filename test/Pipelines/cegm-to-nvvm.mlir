// RUN: cegm-opt %s --cegm-to-nvvm | FileCheck %s --check-prefixes=CHECK,SM90
// RUN: cegm-opt %s --cegm-to-nvvm="chip=sm_80" | FileCheck %s --check-prefixes=CHECK,SM80
// RUN: cegm-opt %s --cegm-to-nvvm="chip=sm_100" | FileCheck %s --check-prefixes=CHECK,SM100
// RUN: cegm-opt %s --cegm-to-nvvm | FileCheck %s --check-prefix=LIBRARY
// RUN: not cegm-opt %s --cegm-to-nvvm="chip=gfx90" 2>&1 | FileCheck %s --check-prefix=CHIP
// RUN: not cegm-opt %s --cegm-to-nvvm="chip=sm_999" 2>&1 | FileCheck %s --check-prefix=NUMBER
// RUN: not cegm-opt %s --cegm-to-nvvm="chip=sm_100 features=+ptx80" 2>&1 | FileCheck %s --check-prefix=PTX
// RUN: cegm-opt %s --cegm-to-nvvm="chip=sm_120" | FileCheck %s --check-prefix=SM120

// NUMBER: 'sm_999' is no chip that kernels can be made for
// PTX: features '+ptx80': kernels for sm_100 need +ptx86 or newer
// SM120: chip = "sm_120", features = "+ptx87"

// Nothing is read or added in an order of chance, and nothing is left for a
// library to provide.

// SM80: gpu.binary @cegm_kernels
// SM80-SAME: .version 7.1\0A.target sm_80
// SM90: gpu.binary @cegm_kernels
// SM90-SAME: .version 8.0\0A.target sm_90
// SM100: gpu.binary @cegm_kernels
// SM100-SAME: .version 8.6\0A.target sm_100
// CHECK-SAME: .visible .entry row_sums(
// CHECK-SAME: .maxntid 128, 1, 1
// CHECK-SAME: ld.global.{{v4.b32|v2.b64}}
// CHECK-SAME: fma.rn.f32
// CHECK-SAME: shfl.sync.bfly.b32
// CHECK-SAME: bar.sync \090;
// CHECK-SAME: .visible .entry tokens(
// CHECK-SAME: vote.sync.any.pred
// CHECK-SAME: sqrt.rn.f64
// CHECK-SAME: .visible .entry scale(
// CHECK-SAME: st.global.{{v4.b32|v2.b64}}

// LIBRARY-NOT: __nv_
// LIBRARY-NOT: atom.
// LIBRARY-NOT: red.global
// LIBRARY-NOT: .local

// Results are arguments of the caller; scratch is one allocation an op.

// CHECK: llvm.func @entangle(
// CHECK: %[[STREAM:.*]] = llvm.call @mgpuStreamCreate()
// CHECK: %[[SCRATCH:.*]] = llvm.call @mgpuMemAlloc(%{{.*}}, %[[STREAM]], %{{.*}})
// CHECK: gpu.launch_func <%[[STREAM]] : !llvm.ptr> @cegm_kernels::@row_sums
// CHECK: gpu.launch_func <%[[STREAM]] : !llvm.ptr> @cegm_kernels::@scores
// CHECK: llvm.call @mgpuMemFree(%[[SCRATCH]], %[[STREAM]])
// CHECK: gpu.launch_func <%[[STREAM]] : !llvm.ptr> @cegm_kernels::@scale
// CHECK: llvm.call @mgpuStreamSynchronize(%[[STREAM]])
// CHECK: llvm.return

// CHIP: 'gfx90' is no chip that kernels can be made for, expected sm_ and the number of an architecture

func.func @entangle(%dy: tensor<2x128x256xf32>, %x: tensor<2x128x256xf32>, %dx: tensor<2x128x256xf32>)
    -> (tensor<2x128x256xf32>, tensor<2x128xf32>) {
  %strength = arith.constant dense<0.1> : tensor<f32>
  %entangled, %scores, %active, %weights = cegm.entangle %dy, %x, %dx, %strength
      tokens = [0, 1] x [0, 1] x [0, 1] features = [2] x [2] windows = [1, 16]
      : (tensor<2x128x256xf32>, tensor<2x128x256xf32>, tensor<2x128x256xf32>, tensor<f32>)
      -> (tensor<2x128x256xf32>, tensor<2x128xf32>, tensor<2x128xi1>, tensor<2x128xf32>)
  return %entangled, %scores : tensor<2x128x256xf32>, tensor<2x128xf32>
}
