//===- Body.cpp - Writes the body of a kernel -----------------------------===//

#include "Body.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <limits>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

Type to_gpu::getElementType(Type type) { return getElementTypeOrSelf(type); }

static bool isFloat(Value value) {
  return isa<FloatType>(getElementType(value.getType()));
}

Body::Body(Location loc, gpu::GPUFuncOp kernel)
    : ImplicitLocOpBuilder(loc, kernel.getContext()), kernel(kernel) {
  setInsertionPointToEnd(&kernel.getBody().front());
  threadIdValue = gpu::ThreadIdOp::create(*this, gpu::Dimension::x);
}

Value Body::index(int64_t value) {
  return arith::ConstantIndexOp::create(*this, value);
}

Value Body::number(double value, Type type) {
  TypedAttr attribute = getFloatAttr(getElementType(type), value);
  if (auto shaped = dyn_cast<VectorType>(type))
    attribute = DenseElementsAttr::get(shaped, Attribute(attribute));
  return arith::ConstantOp::create(*this, attribute);
}

Value Body::blockId(gpu::Dimension dim) {
  return gpu::BlockIdOp::create(*this, dim);
}

Value Body::add(Value lhs, Value rhs) {
  if (!isFloat(lhs))
    return arith::AddIOp::create(*this, lhs, rhs);
  return arith::AddFOp::create(*this, lhs, rhs, arith::FastMathFlags::contract);
}

Value Body::sub(Value lhs, Value rhs) {
  if (!isFloat(lhs))
    return arith::SubIOp::create(*this, lhs, rhs);
  return arith::SubFOp::create(*this, lhs, rhs, arith::FastMathFlags::contract);
}

Value Body::mul(Value lhs, Value rhs) {
  if (!isFloat(lhs))
    return arith::MulIOp::create(*this, lhs, rhs);
  return arith::MulFOp::create(*this, lhs, rhs, arith::FastMathFlags::contract);
}

Value Body::div(Value lhs, Value rhs) {
  if (!isFloat(lhs))
    return arith::DivUIOp::create(*this, lhs, rhs);
  return arith::DivFOp::create(*this, lhs, rhs);
}

Value Body::rem(Value lhs, Value rhs) {
  return arith::RemUIOp::create(*this, lhs, rhs);
}

Value Body::fma(Value lhs, Value rhs, Value addend) {
  return add(mul(lhs, rhs), addend);
}

Value Body::negate(Value value) { return arith::NegFOp::create(*this, value); }

Value Body::abs(Value value) { return max(value, negate(value)); }

Value Body::sqrt(Value value) {
  // The ops of MLIR for this end in calls of a library that is not there.
  StringRef name = value.getType().isF64() ? "llvm.sqrt.f64" : "llvm.sqrt.f32";
  return LLVM::CallIntrinsicOp::create(*this, value.getType(),
                                       getStringAttr(name), value)
      .getResult(0);
}

Value Body::min(Value lhs, Value rhs) {
  if (!isFloat(lhs))
    return arith::MinUIOp::create(*this, lhs, rhs);
  return arith::MinNumFOp::create(*this, lhs, rhs);
}

Value Body::max(Value lhs, Value rhs) {
  if (!isFloat(lhs))
    return arith::MaxUIOp::create(*this, lhs, rhs);
  return arith::MaxNumFOp::create(*this, lhs, rhs);
}

Value Body::convert(Value value, Type element) {
  Type from = getElementType(value.getType());
  if (from == element)
    return value;
  Type type = element;
  if (auto shaped = dyn_cast<VectorType>(value.getType()))
    type = shaped.clone(element);
  if (from.getIntOrFloatBitWidth() < element.getIntOrFloatBitWidth())
    return arith::ExtFOp::create(*this, type, value);
  return arith::TruncFOp::create(*this, type, value);
}

Value Body::fromFlag(Value flag, Type type) {
  return arith::UIToFPOp::create(*this, type, flag);
}

Value Body::less(Value lhs, Value rhs) {
  if (!isFloat(lhs))
    return arith::CmpIOp::create(*this, arith::CmpIPredicate::ult, lhs, rhs);
  return arith::CmpFOp::create(*this, arith::CmpFPredicate::OLT, lhs, rhs);
}

Value Body::equal(Value lhs, Value rhs) {
  if (!isFloat(lhs))
    return arith::CmpIOp::create(*this, arith::CmpIPredicate::eq, lhs, rhs);
  return arith::CmpFOp::create(*this, arith::CmpFPredicate::OEQ, lhs, rhs);
}

Value Body::lessOrEqual(Value lhs, Value rhs) {
  return arith::CmpFOp::create(*this, arith::CmpFPredicate::OLE, lhs, rhs);
}

Value Body::isFinite(Value value) {
  return less(abs(value),
              number(std::numeric_limits<double>::infinity(), value.getType()));
}

Value Body::isNaN(Value value) {
  return arith::CmpFOp::create(*this, arith::CmpFPredicate::UNO, value, value);
}

Value Body::flag(bool value) {
  return arith::ConstantOp::create(*this, getBoolAttr(value));
}

Value Body::logicalAnd(Value lhs, Value rhs) {
  return arith::AndIOp::create(*this, lhs, rhs);
}

Value Body::logicalOr(Value lhs, Value rhs) {
  return arith::OrIOp::create(*this, lhs, rhs);
}

Value Body::logicalNot(Value value) {
  return arith::XOrIOp::create(*this, value, flag(true));
}

Value Body::select(Value condition, Value yes, Value no) {
  return arith::SelectOp::create(*this, condition, yes, no);
}

Value Body::load(Value buffer, Value position) {
  return memref::LoadOp::create(*this, buffer, position);
}

Value Body::loadScalar(Value buffer) {
  return memref::LoadOp::create(*this, buffer);
}

void Body::store(Value value, Value buffer, Value position) {
  memref::StoreOp::create(*this, value, buffer, position);
}

static llvm::MaybeAlign getAlignment(VectorType type) {
  return llvm::MaybeAlign(type.getNumElements() *
                          type.getElementTypeBitWidth() / 8);
}

Value Body::loadVector(Value buffer, Value position, int64_t width) {
  if (width == 1)
    return load(buffer, position);
  auto type = VectorType::get(
      {width}, cast<MemRefType>(buffer.getType()).getElementType());
  return vector::LoadOp::create(*this, type, buffer, position,
                                /*nontemporal=*/false, getAlignment(type));
}

void Body::storeVector(Value value, Value buffer, Value position) {
  auto type = dyn_cast<VectorType>(value.getType());
  if (!type)
    return store(value, buffer, position);
  vector::StoreOp::create(*this, value, buffer, position,
                          /*nontemporal=*/false, getAlignment(type));
}

SmallVector<Value> Body::unpack(Value value) {
  auto type = dyn_cast<VectorType>(value.getType());
  if (!type)
    return {value};
  SmallVector<Value> numbers;
  for (int64_t lane = 0; lane < type.getNumElements(); ++lane)
    numbers.push_back(vector::ExtractOp::create(*this, value, lane));
  return numbers;
}

Value Body::splat(Value value, Type type) {
  if (!isa<VectorType>(type))
    return value;
  return vector::BroadcastOp::create(*this, type, value);
}

Value Body::sumElements(Value vector) {
  Value sum;
  for (Value number : unpack(vector))
    sum = sum ? add(sum, number) : number;
  return sum;
}

Value Body::shared(Type element, int64_t size) {
  auto space =
      gpu::AddressSpaceAttr::get(getContext(), gpu::AddressSpace::Workgroup);
  auto type = MemRefType::get({size}, element, AffineMap(), space);
  Value buffer = kernel.addWorkgroupAttribution(type, getLoc());
  // LLVM takes arrays to be aligned to 16 bytes when it widens accesses, but
  // without this the assembly asks for the alignment of an element alone.
  kernel.setWorkgroupAttributionAttr(kernel.getNumWorkgroupAttributions() - 1,
                                     LLVM::LLVMDialect::getAlignAttrName(),
                                     getI64IntegerAttr(16));
  return buffer;
}

void Body::barrier() { gpu::BarrierOp::create(*this); }

Value Body::shuffle(Value value, int64_t mask) {
  return gpu::ShuffleOp::create(*this, value, mask, warpSize,
                                gpu::ShuffleMode::XOR)
      .getShuffleResult();
}

SmallVector<Value> Body::loop(Value from, Value to, int64_t step,
                              ValueRange initial, LoopBody body) {
  auto op = scf::ForOp::create(*this, from, to, index(step), initial);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(op.getBody());
  SmallVector<Value> results =
      body(op.getInductionVar(), op.getRegionIterArgs());
  setInsertionPointToEnd(op.getBody());
  // A loop that carries nothing has its terminator from the start.
  if (!initial.empty())
    scf::YieldOp::create(*this, results);
  return op.getResults();
}

void Body::ifThen(Value condition, llvm::function_ref<void()> body) {
  auto op = scf::IfOp::create(*this, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(op.thenBlock());
  body();
}

SmallVector<Value>
Body::ifElse(Value condition, TypeRange types,
             llvm::function_ref<SmallVector<Value>()> thenBody,
             llvm::function_ref<SmallVector<Value>()> elseBody) {
  auto op = scf::IfOp::create(*this, types, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(op.thenBlock());
  scf::YieldOp::create(*this, thenBody());
  setInsertionPointToStart(op.elseBlock());
  scf::YieldOp::create(*this, elseBody());
  return op.getResults();
}
