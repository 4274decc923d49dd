//===- Passes.td - Passes from cegm to other dialects ---------------------===//

#ifndef CEGM_CONVERSION_PASSES
#define CEGM_CONVERSION_PASSES

include "mlir/Pass/PassBase.td"

def ConvertCegmToCustomCallPass : Pass<"convert-cegm-to-custom-call"> {
  let summary = "call compiled kernels for the cegm ops that read rows";
  let description = [{
    Replaces `cegm.entangle` and `cegm.score` by calls of code outside of the
    module, for users who stay in XLA: typed custom calls whose configuration
    holds the op as the text of a function. `cegm.jax` registers the handler,
    which compiles the text by `--cegm-to-llvm` once, and calls it with XLA's
    buffers. Only results that are used are results of the call, and all layouts
    are row-major.

    Left alone, for `--convert-cegm-to-stablehlo`: the other ops, which XLA fuses
    with their neighbours; ops with dynamic or empty operands; ops with
    `device_groups`; and those that a partitioner divides among devices, which
    cannot divide a call.

    Before:

    ```mlir
    %scores, %active = cegm.score cosine %x, %dx tokens = [0] x [0]
        features = [1] x [1] windows = [1]
        : (tensor<8x4xf32>, tensor<8x4xf32>) -> (tensor<8xf32>, tensor<8xi1>)
    ```

    After:

    ```mlir
    %0:2 = stablehlo.custom_call @cegm.kernel(%x, %dx) {
        api_version = 4 : i32,
        backend_config = {kernel = "func.func @kernel(...) ..."},
        operand_layouts = [dense<[1, 0]> : tensor<2xindex>,
                           dense<[1, 0]> : tensor<2xindex>],
        result_layouts = [dense<0> : tensor<1xindex>,
                          dense<0> : tensor<1xindex>]}
        : (tensor<8x4xf32>, tensor<8x4xf32>) -> (tensor<8xf32>, tensor<8xi1>)
    ```
  }];
  let options = [
    Option<"callTarget", "call-target", "std::string", "\"cegm.kernel\"",
           "The name that the handler is registered by">,
    Option<"minElements", "min-elements", "int64_t", "0",
           "The fewest elements of a context for which a call is made">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect",
                           "::mlir::stablehlo::StablehloDialect"];
}

def ConvertCegmToLinalgPass : Pass<"convert-cegm-to-linalg"> {
  let summary = "expand every cegm op into linalg on tensors";
  let description = [{
    Replaces each op of the cegm dialect by `linalg.generic` and ops of the
    tensor, arith and math dialects, inline and in destination style. Token and
    feature dimensions may have any order, which the indexing maps absorb, and
    any size, static or dynamic. `cegm.entangle` is decomposed on the way.

    Sums are made in f64, where no square of an f32 number leaves the range, and
    additions whose order is free carry the flag `reassoc`, so that they can be
    vectorised.

    Before:

    ```mlir
    %r = cegm.scale %x by %w tokens = [0]
        : (tensor<8x4xbf16>, tensor<8xf32>) -> tensor<8x4xbf16>
    ```

    After:

    ```mlir
    #all = affine_map<(d0, d1) -> (d0, d1)>
    #tokens = affine_map<(d0, d1) -> (d0)>
    %0 = tensor.empty() : tensor<8x4xbf16>
    %r = linalg.generic {indexing_maps = [#all, #tokens, #all],
                         iterator_types = ["parallel", "parallel"]}
        ins(%x, %w : tensor<8x4xbf16>, tensor<8xf32>)
        outs(%0 : tensor<8x4xbf16>) {
    ^bb0(%in: bf16, %weight: f32, %out: bf16):
      %1 = arith.extf %in : bf16 to f32
      %2 = arith.mulf %1, %weight : f32
      %3 = arith.truncf %2 : f32 to bf16
      linalg.yield %3 : bf16
    } -> tensor<8x4xbf16>
    ```
  }];
  let options = [
    Option<"singlePass", "single-pass", "bool", "true",
           "Make all sums over tokens and windows in one pass over context and "
           "gradient where their layout allows it">,
    Option<"vectorBits", "vector-bits", "int64_t", "256",
           "Size in bits of the vectors of that pass">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect",
    "::mlir::vector::VectorDialect"
  ];
}

def ConvertCegmToStableHLOPass : Pass<"convert-cegm-to-stablehlo"> {
  let summary = "expand every cegm op into StableHLO";
  let description = [{
    Replaces each op of the cegm dialect by StableHLO ops, inline, and
    `arith.constant`s of tensor type by `stablehlo.constant`, so that a StableHLO
    module with cegm ops becomes a StableHLO module that JAX, XLA and IREE read.
    `cegm.entangle` is decomposed on the way.

    What depends on the context alone (the largest magnitudes of its rows and
    their squares) is written the same way for each op, so that CSE shares it
    between sites that read one activation.

    Before:

    ```mlir
    %r = cegm.scale %x by %w tokens = [0]
        : (tensor<8x4xbf16>, tensor<8xf32>) -> tensor<8x4xbf16>
    ```

    After:

    ```mlir
    %0 = stablehlo.convert %x : (tensor<8x4xbf16>) -> tensor<8x4xf32>
    %1 = stablehlo.broadcast_in_dim %w, dims = [0] : (tensor<8xf32>) -> tensor<8x4xf32>
    %2 = stablehlo.multiply %0, %1 : tensor<8x4xf32>
    %r = stablehlo.convert %2 : (tensor<8x4xf32>) -> tensor<8x4xbf16>
    ```

    Where a type does not know a size, ops that take sizes as operands stand for
    the static ones (`dynamic_broadcast_in_dim`, `dynamic_reshape`,
    `real_dynamic_slice`), with the sizes from `get_dimension_size`. Once the
    sizes are known, as when JAX calls an exported step, they are static again.
  }];
  let dependentDialects = ["::mlir::stablehlo::StablehloDialect"];
}

def ConvertCegmToGPUPass
    : Pass<"convert-cegm-to-gpu", "::mlir::ModuleOp"> {
  let summary = "turn cegm ops into GPU kernels and their launches";
  let description = [{
    Writes the kernels of every `cegm.score`, `cegm.couple`, `cegm.weigh` and
    `cegm.scale` into one `gpu.module`, and in place of the op the launches, with
    buffers at the boundary to the tensors around. `cegm.entangle` is decomposed
    on the way. Tensors are taken to live on the device.

    Rows of contexts and gradients are read once, in loads of 16 bytes where
    their sizes allow, by the kernel that sums over the features of tokens and
    windows; all sums have a fixed order, so that results do not vary from run
    to run.

    Before:

    ```mlir
    %r = cegm.scale %x by %w tokens = [0]
        : (tensor<8x64xf32>, tensor<8xf32>) -> tensor<8x64xf32>
    ```

    After:

    ```mlir
    gpu.module @cegm_kernels {
      gpu.func @scale(%x: memref<512xf32>, %w: memref<8xf32>,
                      %r: memref<512xf32>) kernel { ... }
    }
    ...
    %buffer = memref.alloc() : memref<8x64xf32>
    %flat = memref.collapse_shape %buffer [[0, 1]]
        : memref<8x64xf32> into memref<512xf32>
    gpu.launch_func @cegm_kernels::@scale blocks in (%c1, %c1, %c1)
        threads in (%c128, %c1, %c1)
        args(%x_flat : memref<512xf32>, %w_buffer : memref<8xf32>,
             %flat : memref<512xf32>)
    ```

    *Errors.* A dynamic dimension or a dimension of size 0 of an operand of a
    cegm op; a cegm op that reports (`cegm.audit` and its kind) or that removes
    the radial part, which have no kernels.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::gpu::GPUDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::NVVM::NVVMDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
  let options = [
    Option<"rowsInFlight", "rows-in-flight", "int64_t", /*default=*/"0",
           "The most rows that a thread loads before it uses the first of them; "
           "0 chooses by the element type">
  ];
}

def PlaceBuffersOnGPUPass
    : Pass<"place-buffers-on-gpu", "::mlir::func::FuncOp"> {
  let summary = "move the buffers of host code to the device";
  let description = [{
    Allocations become allocations on the device, which are freed after their
    last use unless the function returns them; copies become copies there, and
    constants are copied to it where they are used. The pass expects that what a
    function computes with buffers is in kernels.

    Before:

    ```mlir
    %buffer = memref.alloc() : memref<16xf32>
    gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1)
        threads in (%c32, %c1, %c1) args(%buffer : memref<16xf32>)
    ```

    After:

    ```mlir
    %buffer = gpu.alloc () : memref<16xf32>
    gpu.launch_func @kernels::@k blocks in (%c1, %c1, %c1)
        threads in (%c32, %c1, %c1) args(%buffer : memref<16xf32>)
    gpu.dealloc %buffer : memref<16xf32>
    ```

    *Errors.* An op outside kernels that reads or writes a buffer.
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect"];
}

def ConvertStableHLOToLinalgPass
    : Pass<"convert-stablehlo-to-linalg", "::mlir::ModuleOp"> {
  let summary = "turn a training graph into linalg, tensor, arith and scf";
  let description = [{
    Replaces the ops of StableHLO, CHLO and Shardy, and those of torch-mlir's
    tm_tensor, by ops on tensors of MLIR's own dialects, which its passes fuse,
    tile, vectorise and bufferise. A step of many devices runs as on one: shardings
    are dropped, and collectives of one participant are what they are given.

    Elementwise ops, broadcasts and transposes become `linalg.generic`, so that
    they fuse; on tensors without dimensions, plain scalar code. A product becomes
    a `linalg.matmul`, a `linalg.batch_matmul` or a `linalg.contract`, whose maps
    say how the operands are stored. Loops that count become `scf.for`, whose
    carried tensors can stay in place. Integers lose their sign: what depends on
    it is written into the ops.

    Before:

    ```mlir
    %0 = stablehlo.add %x, %y : tensor<4x8xf32>
    ```

    After:

    ```mlir
    %e = tensor.empty() : tensor<4x8xf32>
    %0 = linalg.generic {indexing_maps = [#id, #id, #id],
                         iterator_types = ["parallel", "parallel"]}
        ins(%x, %y : tensor<4x8xf32>, tensor<4x8xf32>)
        outs(%e : tensor<4x8xf32>) {
    ^bb0(%a: f32, %b: f32, %out: f32):
      %sum = arith.addf %a, %b : f32
      linalg.yield %sum : f32
    } -> tensor<4x8xf32>
    ```

    *Errors.* Each op that is left: with its name, and why it was not converted
    (a dynamic shape, several participants, a region that does not work element by
    element).
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect",
    "::mlir::arith::ArithDialect",
    "::mlir::bufferization::BufferizationDialect",
    "::mlir::cf::ControlFlowDialect",
    "::mlir::complex::ComplexDialect",
    "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif // CEGM_CONVERSION_PASSES
