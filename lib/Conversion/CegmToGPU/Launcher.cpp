//===- Launcher.cpp - Kernels and what the host does for them -------------===//

#include "Launcher.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

Launcher::Launcher(RewriterBase &rewriter, Operation *op,
                   gpu::GPUModuleOp kernels, KernelOptions options)
    : builder(op->getLoc(), rewriter), kernels(kernels), options(options) {}

static Value flatten(ImplicitLocOpBuilder &builder, Value buffer) {
  int64_t rank = cast<MemRefType>(buffer.getType()).getRank();
  if (rank < 2)
    return buffer;
  SmallVector<ReassociationIndices> all(1, llvm::to_vector<2>(llvm::seq(rank)));
  return memref::CollapseShapeOp::create(builder, buffer, all);
}

static MemRefType getBufferType(RankedTensorType type) {
  return MemRefType::get(type.getShape(), type.getElementType());
}

Value Launcher::getBuffer(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  Value buffer = bufferization::ToBufferOp::create(builder, getBufferType(type),
                                                   tensor, /*read_only=*/true);
  return flatten(builder, buffer);
}

Value Launcher::getNumber(Value tensor) {
  DenseElementsAttr value;
  if (!matchPattern(tensor, m_Constant(&value)))
    return getBuffer(tensor);
  return arith::ConstantOp::create(builder, *value.value_begin<FloatAttr>());
}

std::pair<Value, Value> Launcher::getResult(RankedTensorType type) {
  Value buffer = memref::AllocOp::create(builder, getBufferType(type));
  Value tensor = bufferization::ToTensorOp::create(
      builder, type, buffer, /*restrict=*/true, /*writable=*/true);
  return {flatten(builder, buffer), tensor};
}

/// Where parts of the allocation of scratch begin: multiples of what the widest
/// access needs, and of a line of the cache.
static constexpr int64_t scratchAlignment = 128;

static MemRefType getScratchType(OpBuilder &builder, int64_t size) {
  return MemRefType::get({size}, builder.getI8Type());
}

Value Launcher::getScratch(Type element, int64_t size) {
  if (!scratch)
    scratch = memref::AllocOp::create(builder, getScratchType(builder, 0));
  Value offset = arith::ConstantIndexOp::create(builder, scratchSize);
  int64_t bytes = divideCeil(element.getIntOrFloatBitWidth(), 8) * size;
  scratchSize += llvm::alignTo(bytes, scratchAlignment);
  return memref::ViewOp::create(builder, MemRefType::get({size}, element),
                                scratch, offset, /*sizes=*/ValueRange());
}

Launcher::~Launcher() {
  if (scratch)
    scratch.getMemref().setType(getScratchType(builder, scratchSize));
}

/// The name with the first number that makes it unique.
static std::string getUniqueName(gpu::GPUModuleOp kernels, StringRef name) {
  std::string unique = name.str();
  for (unsigned suffix = 1; kernels.lookupSymbol(unique); ++suffix)
    unique = (name + "_" + Twine(suffix)).str();
  return unique;
}

void Launcher::launch(StringRef name, Grid grid, ValueRange operands,
                      llvm::function_ref<void(Body &, ValueRange)> body) {
  OpBuilder outer(kernels.getBodyRegion());
  outer.setInsertionPointToEnd(kernels.getBody());
  auto kernel = gpu::GPUFuncOp::create(
      outer, builder.getLoc(), getUniqueName(kernels, name),
      builder.getFunctionType(TypeRange(operands), {}));
  kernel->setAttr(gpu::GPUDialect::getKernelFuncAttrName(),
                  builder.getUnitAttr());
  int32_t blockSize[] = {static_cast<int32_t>(grid.threads), 1, 1};
  kernel.setKnownBlockSize(blockSize);
  Body writer(builder.getLoc(), kernel);
  // A copy: shared buffers become further arguments of the block.
  SmallVector<Value> arguments(kernel.getArguments());
  body(writer, arguments);
  gpu::ReturnOp::create(writer);

  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, value);
  };
  Value one = index(1);
  gpu::LaunchFuncOp::create(
      builder, kernel,
      gpu::KernelDim3{index(grid.blocks), index(grid.rows), one},
      gpu::KernelDim3{index(grid.threads), one, one},
      /*dynamicSharedMemorySize=*/Value(), operands);
}
