//===- Passes.td - Passes on the way to machine code -------*- tablegen -*-===//

#ifndef CEGM_CODEGEN_PASSES
#define CEGM_CODEGEN_PASSES

include "mlir/Pass/PassBase.td"

def SeparateDestinationsPass : Pass<"separate-destinations"> {
  let summary = "give each destination a tensor.empty or a linalg.fill of its own";
  let description = [{
    CSE makes one op of all `tensor.empty` of a type. As the initial value of
    two carried tensors, or in two branches, one such op would become one buffer
    for both: it holds nothing that a write could destroy, as far as
    bufferization can see. So each use gets a copy, right before its user, which
    also keeps the buffer's life short.

    Likewise a `linalg.fill` of such a tensor that several ops write over, zeros
    that several products are added to, say, would be copied for each of them.
    Each destination gets a fill of its own; those who only read it share one.

    Before:

    ```mlir
    %e = tensor.empty() : tensor<4xf32>
    %r:2 = scf.for %i = %a to %b step %c iter_args(%x = %e, %y = %e) ...
    ```

    After:

    ```mlir
    %e = tensor.empty() : tensor<4xf32>
    %f = tensor.empty() : tensor<4xf32>
    %r:2 = scf.for %i = %a to %b step %c iter_args(%x = %e, %y = %f) ...
    ```
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def SeparateResultsPass : Pass<"separate-results"> {
  let summary = "give each result of a function a tensor of its own";
  let description = [{
    A function may return a tensor twice, as its new state and as a report of it.
    Where results become buffers of the caller, each needs one of its own: all
    but the first become copies.

    Before:

    ```mlir
    return %new, %new : tensor<4xf32>, tensor<4xf32>
    ```

    After:

    ```mlir
    %copy = bufferization.alloc_tensor() copy(%new) : tensor<4xf32>
    return %new, %copy : tensor<4xf32>, tensor<4xf32>
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect"];
}

def ReshapeDynamicExpansionsPass : Pass<"reshape-dynamic-expansions"> {
  let summary = "divide a dimension into several dynamic ones by a tensor.reshape";
  let description = [{
    Passes over buffers (`expand-strided-metadata`) follow a `tensor.expand_shape`
    only where at most one of the dimensions that another is divided into is
    dynamic. All others become a `tensor.reshape`, which is a view too.

    Before:

    ```mlir
    %r = tensor.expand_shape %x [[0, 1], [2]] output_shape [%a, %b, 4]
        : tensor<?x4xf32> into tensor<?x?x4xf32>
    ```

    After:

    ```mlir
    %c4 = arith.constant 4 : index
    %shape = tensor.from_elements %a, %b, %c4 : tensor<3xindex>
    %r = tensor.reshape %x(%shape)
        : (tensor<?x4xf32>, tensor<3xindex>) -> tensor<?x?x4xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def BindEntryResultsPass : Pass<"bind-entry-results", "::mlir::ModuleOp"> {
  let summary = "give each result of the entry function a buffer of its caller";
  let description = [{
    Appends to the entry function an argument for each of its results of static
    shape and materializes the result in it, so that no call allocates what it
    returns. A result whose shape is known at run time only stays a result.

    An argument that is donated (`tf.aliasing_output` names its result;
    `jax.buffer_donor` goes with the first result of its type that is still
    free) is the destination of that result itself, and the step updates it in
    place. All other arguments are marked as not writable. The attribute
    `cegm.result` of an argument names the result that it receives.

    The other functions become private, and the entry function gets the C
    interface `_mlir_ciface_<name>`.

    Before:

    ```mlir
    func.func @main(%x: tensor<4xf32>, %p: tensor<4xf32> {tf.aliasing_output = 1 : i32})
        -> (tensor<f32>, tensor<4xf32>) {
      ...
      return %loss, %new : tensor<f32>, tensor<4xf32>
    }
    ```

    After:

    ```mlir
    func.func @main(%x: tensor<4xf32> {bufferization.writable = false},
                    %p: tensor<4xf32> {cegm.result = 1 : i64},
                    %r: tensor<f32> {cegm.result = 0 : i64})
        -> (tensor<f32>, tensor<4xf32>) attributes {llvm.emit_c_interface} {
      ...
      %0 = bufferization.materialize_in_destination %loss in %r
          : (tensor<f32>, tensor<f32>) -> tensor<f32>
      %1 = bufferization.materialize_in_destination %new in %p
          : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return %0, %1 : tensor<f32>, tensor<4xf32>
    }
    ```

    *Errors.* No entry function, or one that is called; an argument or a result
    that is neither a ranked tensor nor a number; an argument that is donated to
    a result of another type.
  }];
  let options = [
    Option<"donate", "donate", "bool", "true",
           "Update donated arguments in place; if false, none is">,
    ListOption<"donateArguments", "donate-arguments", "int64_t",
               "Arguments that are donated as by jax.buffer_donor, beside those "
               "that are marked">
  ];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::LLVM::LLVMDialect"];
}

def DropBoundResultsPass : Pass<"drop-bound-results", "::mlir::ModuleOp"> {
  let summary = "remove the results that arguments receive";
  let description = [{
    After bufferization, removes from the functions with `cegm.result` arguments
    each result that an argument receives.

    Before:

    ```mlir
    func.func @main(%x: memref<4xf32>, %r: memref<4xf32> {cegm.result = 0 : i64})
        -> memref<4xf32> {
      ...
      return %r : memref<4xf32>
    }
    ```

    After:

    ```mlir
    func.func @main(%x: memref<4xf32>, %r: memref<4xf32> {cegm.result = 0 : i64}) {
      ...
      return
    }
    ```
  }];
}

def OutlineKernelsPass : Pass<"outline-kernels", "::mlir::ModuleOp"> {
  let summary = "move each linalg op and parallel loop into a function of its own";
  let description = [{
    Each linalg op on memrefs, and each `scf.forall` and `scf.parallel`, becomes
    the body of a private function, with the constants that it reads; zeros that a
    matrix product is added to go with it. What stays is a list of calls. Machine code is
    generated function by function, with passes whose time grows faster than the
    size of a function, so that a step of thousands of ops compiles in seconds,
    and equal kernels can be merged by `duplicate-function-elimination`.

    A function all of whose buffers have a static layout takes bare pointers
    (`llvm.bareptr`), and those that share no memory with another argument are
    marked `llvm.noalias`.

    Before:

    ```mlir
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : memref<8xf32>) outs(%y : memref<8xf32>) { ... }
    ```

    After:

    ```mlir
    func.func private @kernel_0(%x: memref<8xf32> {llvm.noalias},
                                %y: memref<8xf32> {llvm.noalias})
        attributes {llvm.bareptr, passthrough = ["noinline"]} {
      linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
          ins(%x : memref<8xf32>) outs(%y : memref<8xf32>) { ... }
      return
    }
    ...
    call @kernel_0(%x, %y) : (memref<8xf32>, memref<8xf32>) -> ()
    ```
  }];
  let dependentDialects = ["::mlir::func::FuncDialect",
                           "::mlir::LLVM::LLVMDialect"];
}

def FuseElementwisePass : Pass<"fuse-elementwise", "::mlir::func::FuncOp"> {
  let summary = "compute elementwise linalg ops in the ops that use them";
  let description = [{
    Fuses elementwise `linalg.generic` ops on tensors into the op that uses
    them, so that what is between is never stored. Not fused are operands of
    matrix products, whose elements are read many times; ops of several users,
    but for broadcasts, transpositions and conversions; and divisions and
    elementary functions where the user would repeat them.

    Before:

    ```mlir
    %0 = linalg.generic {indexing_maps = [#id, #id], ...} ins(%x) outs(%e) { arith.mulf }
    %1 = linalg.generic {indexing_maps = [#id, #id], ...} ins(%0) outs(%e) { arith.addf }
    ```

    After:

    ```mlir
    %1 = linalg.generic {indexing_maps = [#id, #id], ...} ins(%x) outs(%e) { arith.mulf arith.addf }
    ```
  }];
}

def LinalgToBlasPass : Pass<"linalg-to-blas", "::mlir::ModuleOp"> {
  let summary = "matrix products as calls of a BLAS";
  let description = [{
    Contractions of f32 and f64 buffers of static layout, named or generic, with
    any number of batch dimensions, become calls of `cblas_sgemm` and
    `cblas_dgemm`. Dimensions that follow each other in all operands are merged;
    those that cannot be become loops around the call, so that the heads of an
    attention need no transposition. An output that was just filled with zeros is
    written, not added to. What a BLAS does not take is left as it is. Several
    threads share the iterations of the outermost loop, or where there are too few
    of them, the rows or columns of the product, each by calls of its own; the BLAS
    must not start threads itself.

    Before:

    ```mlir
    linalg.fill ins(%zero : f32) outs(%c : memref<64x16xf32>)
    linalg.matmul ins(%a, %b : memref<64x32xf32>, memref<32x16xf32>)
        outs(%c : memref<64x16xf32>)
    ```

    After (101 and 111 are BLAS's row-major order and no transposition):

    ```mlir
    call @cblas_sgemm(%c101, %c111, %c111, %c64, %c16, %c32, %one, %a_pointer,
                      %c32, %b_pointer, %c16, %zero, %c_pointer, %c16)
    ```
  }];
  let options = [
    Option<"minSize", "min-size", "int64_t", "4096",
           "Products of fewer multiplications are left as they are">,
    Option<"threads", "threads", "int64_t", "1",
           "Number of threads that share a product">,
    Option<"minParallel", "min-parallel", "int64_t", "524288",
           "Products of fewer multiplications, in all iterations of their "
           "loops, run in one thread">
  ];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

def TileProductsPass : Pass<"tile-products", "::mlir::func::FuncOp"> {
  let summary = "matrix products as loops over packed tiles";
  let description = [{
    Writes contractions of buffers of static layout and of f16, bf16, f32 or f64,
    named or generic, with any number of batch dimensions, as loops over blocks
    that fit a cache. A block of each operand is copied to panels in the order in
    which they are read, whatever its layout, and padded with zeros; a tile of
    six rows and two vectors of the output is held in registers through the depth
    of a block. Sums are in f32 at least, and 16-bit outputs are rounded once. An
    output that was just filled with zeros is written, not added to. Several
    threads share the iterations of the outermost loop, or where there are too
    few of them, the rows or columns of the product.

    Before:

    ```mlir
    linalg.matmul ins(%a, %b : memref<512x512xf32>, memref<512x512xf32>)
        outs(%c : memref<512x512xf32>)
    ```

    After, in outline:

    ```mlir
    scf.for %j = %c0 to %c512 step %blockColumns {
      scf.for %p = %c0 to %c512 step %blockDepth {
        // B[%p, %j] to panels
        scf.for %i = %c0 to %c512 step %blockRows {
          // A[%i, %p] to panels
          scf.for %tj = ... { scf.for %ti = ... {
            %sums:12 = scf.for %step = %c0 to %depth step %c1 iter_args(...) {
              // loads of one column of A's panel and one row of B's, sums
            }
            // C[%i + %ti, %j + %tj] += %sums
          } }
        }
      }
    }
    ```
  }];
  let options = [
    Option<"minSize", "min-size", "int64_t", "4096",
           "Products of fewer multiplications are left as they are">,
    Option<"threads", "threads", "int64_t", "1",
           "Number of threads that share a product">,
    Option<"minParallel", "min-parallel", "int64_t", "524288",
           "Products of fewer multiplications, in all iterations of their "
           "loops, run in one thread">,
    Option<"vectorBits", "vector-bits", "int64_t", "256",
           "Bits of a vector register">
  ];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def PlanBuffersPass : Pass<"plan-buffers", "::mlir::func::FuncOp"> {
  let summary = "one allocation for all temporaries of a function";
  let description = [{
    Replaces the allocations of static size that are freed in the block where
    they are made by parts of one buffer. Those that do not live at the same time
    share memory, so that a step touches less of it, most of which is in a cache
    still; and one large block is kept by the allocator from call to call, where
    many that come and go are fetched from the system each time, page by page.
    What is allocated in a loop or a branch lives while that runs; parallel loops
    are left alone. Run it after `outline-kernels`, which has to tell which
    buffers are distinct.

    Before:

    ```mlir
    %a = memref.alloc() : memref<1024xf32>
    call @first(%x, %a) : (memref<1024xf32>, memref<1024xf32>) -> ()
    memref.dealloc %a : memref<1024xf32>
    %b = memref.alloc() : memref<1024xf32>
    call @second(%x, %b) : (memref<1024xf32>, memref<1024xf32>) -> ()
    memref.dealloc %b : memref<1024xf32>
    ```

    After:

    ```mlir
    %all = memref.alloc() {alignment = 64 : i64} : memref<4096xi8>
    %a = memref.view %all[%c0][] : memref<4096xi8> to memref<1024xf32>
    call @first(%x, %a) : (memref<1024xf32>, memref<1024xf32>) -> ()
    %b = memref.view %all[%c0][] : memref<4096xi8> to memref<1024xf32>
    call @second(%x, %b) : (memref<1024xf32>, memref<1024xf32>) -> ()
    memref.dealloc %all : memref<4096xi8>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ParallelizeKernelsPass
    : Pass<"parallelize-kernels", "::mlir::func::FuncOp"> {
  let summary = "spread the outermost parallel loop of an op over threads";
  let description = [{
    Tiles the first parallel loop of each linalg op on buffers into one
    `scf.parallel` iteration a thread, where the op has work enough to pay for
    waking them.

    Before:

    ```mlir
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : memref<100000xf32>) outs(%y : memref<100000xf32>) { ... }
    ```

    After:

    ```mlir
    scf.forall (%i) = (0) to (100000) step (50000) {
      %0 = memref.subview %x[%i] [50000] [1] : ...
      %1 = memref.subview %y[%i] [50000] [1] : ...
      linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
          ins(%0 : ...) outs(%1 : ...) { ... }
    }
    ```
  }];
  let options = [
    Option<"threads", "threads", "int64_t", "1", "Number of threads">,
    Option<"minSize", "min-size", "int64_t", "32768",
           "Ops of fewer iterations run in one thread">
  ];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

def OrderLoopsPass : Pass<"order-loops", "::mlir::func::FuncOp"> {
  let summary = "put the loop over adjacent elements innermost";
  let description = [{
    Interchanges the loops of each `linalg.generic` on buffers so that the
    innermost one is that in which most operands are contiguous, the output
    first of all, so that it can be vectorised.

    Before (a sum over rows, whose inner loop strides over them):

    ```mlir
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>,
                                     affine_map<(i, j) -> (i)>],
                    iterator_types = ["parallel", "reduction"]}
    ```

    After:

    ```mlir
    linalg.generic {indexing_maps = [affine_map<(j, i) -> (j, i)>,
                                     affine_map<(j, i) -> (i)>],
                    iterator_types = ["reduction", "parallel"]}
    ```
  }];
}

def PromoteAccumulatorsPass
    : Pass<"promote-accumulators", "::mlir::func::FuncOp"> {
  let summary = "keep what a loop accumulates in a register";
  let description = [{
    A loop that loads and stores one element of a buffer in each iteration, which
    nothing else in it touches, carries that element as a value. A sum or a
    product that it accumulates may be computed in any order (`reassoc`), so that
    several lanes accumulate at a time.

    Before:

    ```mlir
    scf.for %j = %c0 to %n step %c1 {
      %a = memref.load %x[%i, %j] : memref<8x16xf32>
      %s = memref.load %sum[%i] : memref<8xf32>
      %t = arith.addf %s, %a : f32
      memref.store %t, %sum[%i] : memref<8xf32>
    }
    ```

    After:

    ```mlir
    %s = memref.load %sum[%i] : memref<8xf32>
    %r = scf.for %j = %c0 to %n step %c1 iter_args(%acc = %s) -> (f32) {
      %a = memref.load %x[%i, %j] : memref<8x16xf32>
      %t = arith.addf %acc, %a fastmath<reassoc> : f32
      scf.yield %t : f32
    }
    memref.store %r, %sum[%i] : memref<8xf32>
    ```
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect"];
}

def ApproximateMathPass : Pass<"approximate-math"> {
  let summary = "elementary functions as arithmetic";
  let description = [{
    Replaces `math.exp`, `expm1`, `log`, `log1p`, `log2`, `tanh`, `erf`, `erfc`
    and `rsqrt` on f32 by the polynomials of MLIR's math dialect, a few units in
    the last place from the exact value, for these have no branches and no calls
    and so can be vectorised. Other types and functions are left for the
    mathematical library.

    Before:

    ```mlir
    %y = math.exp %x : f32
    ```

    After:

    ```mlir
    %0 = math.fma ...
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def RoundBFloatsPass : Pass<"round-bfloats"> {
  let summary = "roundings from f32 to bf16 as integer arithmetic";
  let description = [{
    Replaces `arith.truncf` from f32 to bf16, of numbers and vectors, by integer
    arithmetic that all processors have in vectors: to nearest, ties to even, and
    a NaN stays one.

    Before:

    ```mlir
    %y = arith.truncf %x : f32 to bf16
    ```

    After:

    ```mlir
    %bits = arith.bitcast %x : f32 to i32
    ...
    %upper = arith.trunci %shifted : i32 to i16
    %y = arith.bitcast %upper : i16 to bf16
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

#endif // CEGM_CODEGEN_PASSES
