//===- TileProducts.cpp - Matrix products that keep to registers ----------===//
//
// The loops are those that BLAS libraries have: a block of B and a block of A
// are copied to panels, in the order in which they are read, and stay in a
// cache while they are multiplied; each tile of C is held in registers through
// the depth of a block.
//
//===----------------------------------------------------------------------===//

#include "MatrixProduct.h"
#include "ProductTiles.h"

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_TILEPRODUCTSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;
using namespace mlir::cegm;

/// Twelve sums, two columns and a row's factor are as many vectors as sixteen
/// registers hold.
static constexpr int64_t tileRows = 6, vectorsPerRow = 2;

/// Bytes of the packed blocks: of a panel of B, which stays in the nearest
/// cache, of A, which stays in the second, and of B, in the last.
static constexpr int64_t panelBytes = 16 << 10, blockABytes = 96 << 10,
                         blockBBytes = 2 << 20;

static Type getElement(linalg::LinalgOp op, unsigned operand) {
  return cast<MemRefType>(op->getOperand(operand).getType()).getElementType();
}

/// The type in which `op` is summed, if its elements are numbers that it can
/// hold: f32 at least.
static FloatType getSumType(linalg::LinalgOp op) {
  FloatType widest = Float32Type::get(op.getContext());
  for (unsigned operand = 0; operand != 3; ++operand) {
    Type element = getElement(op, operand);
    if (!element.isF16() && !element.isBF16() && !element.isF32() &&
        !element.isF64())
      return nullptr;
    if (element.isF64())
      widest = cast<FloatType>(element);
  }
  return widest;
}

static TileSizes chooseSizes(const MatrixProduct &product, FloatType type,
                             int64_t vectorBits, bool isNarrow) {
  TileSizes sizes;
  int64_t bytes = type.getWidth() / 8;
  sizes.lanes = std::max<int64_t>(vectorBits / type.getWidth(), 1);
  sizes.rows = tileRows;
  sizes.columns = vectorsPerRow * sizes.lanes;
  // A narrow C is rounded once.
  sizes.blockDepth =
      isNarrow ? product.k
               : std::min(product.k, panelBytes / (sizes.columns * bytes));
  auto fit = [&](int64_t cacheBytes, int64_t multiple, int64_t needed) {
    int64_t tiles = cacheBytes / (sizes.blockDepth * bytes) / multiple;
    return multiple *
           std::clamp<int64_t>(tiles, 1, llvm::divideCeil(needed, multiple));
  };
  sizes.blockRows = fit(blockABytes, sizes.rows, product.m);
  sizes.blockColumns = fit(blockBBytes, sizes.columns, product.n);
  return sizes;
}

namespace {
/// Writes the loops over the blocks of one part of a product.
class BlockWriter {
public:
  BlockWriter(ImplicitLocOpBuilder &b, linalg::LinalgOp op,
              const MatrixProduct &product, FloatType type,
              const TileSizes &sizes)
      : b(b), product(product), operands(op->getOperands()), type(type),
        sizes(sizes), tiles(b, type, sizes) {}

  void write(const ProductPart &part, bool accumulate) {
    Value m = toValue(part.m), n = toValue(part.n);
    Value k = tiles.index(product.k);
    // Panels run along the contracted dimension: B is read by columns.
    Value matrixA = view(part, 0, {part.m, b.getIndexAttr(product.k)}, false);
    Value matrixB = view(part, 1, {part.n, b.getIndexAttr(product.k)}, true);
    Value matrixC = view(part, 2, {part.m, part.n}, false);
    Value panelsA =
        allocate({sizes.blockRows / sizes.rows, sizes.blockDepth, sizes.rows});
    Value panelsB = allocate(
        {sizes.blockColumns / sizes.columns, sizes.blockDepth, sizes.columns});
    Value scratch = allocate({sizes.rows, sizes.columns});

    tiles.loop(n, sizes.blockColumns, [&](Value column) {
      Value columns = rest(n, column, sizes.blockColumns);
      tiles.loop(k, sizes.blockDepth, [&](Value step) {
        Value depth = rest(k, step, sizes.blockDepth);
        Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, step,
                                              tiles.index(accumulate ? -1 : 0));
        tiles.pack(block(matrixB, column, step, columns, depth), columns, depth,
                   !product.operands[1].isTransposed, panelsB);
        tiles.loop(m, sizes.blockRows, [&](Value row) {
          Value rows = rest(m, row, sizes.blockRows);
          tiles.pack(block(matrixA, row, step, rows, depth), rows, depth,
                     product.operands[0].isTransposed, panelsA);
          Value c = block(matrixC, row, column, rows, columns);
          tiles.loop(columns, sizes.columns, [&](Value j) {
            Value panelB =
                arith::DivUIOp::create(b, j, tiles.index(sizes.columns));
            tiles.loop(rows, sizes.rows, [&](Value i) {
              Value panelA =
                  arith::DivUIOp::create(b, i, tiles.index(sizes.rows));
              TileWriter::Tile tile{i, j, rest(rows, i, sizes.rows),
                                    rest(columns, j, sizes.columns)};
              tiles.multiply(panelsA, panelA, panelsB, panelB, depth, c, tile,
                             isFirst, scratch);
            });
          });
        });
      });
    });
    for (Value buffer : {panelsA, panelsB, scratch})
      memref::DeallocOp::create(b, buffer);
  }

private:
  Value toValue(OpFoldResult size) {
    return getValueOrCreateConstantIndexOp(b, b.getLoc(), size);
  }

  /// What is left of `whole` from `start` on, `most` at most.
  Value rest(Value whole, Value start, int64_t most) {
    return tiles.minimum(arith::SubIOp::create(b, whole, start), most);
  }

  Value allocate(ArrayRef<int64_t> shape) {
    return memref::AllocOp::create(b, MemRefType::get(shape, type),
                                   b.getI64IntegerAttr(64));
  }

  /// The matrix of an operand from the first element of `part` on.
  Value view(const ProductPart &part, unsigned number,
             ArrayRef<OpFoldResult> shape, bool transpose) {
    const MatrixOperand &operand = product.operands[number];
    SmallVector<OpFoldResult> strides = {
        b.getIndexAttr(operand.getRowStride()),
        b.getIndexAttr(operand.getColumnStride())};
    if (transpose)
      std::swap(strides[0], strides[1]);
    Value buffer = operands[operand.number];
    SmallVector<int64_t> staticShape =
        decomposeMixedValues(SmallVector<OpFoldResult>(shape)).first;
    OpFoldResult offset = part.offsets[number];
    auto layout = StridedLayoutAttr::get(
        b.getContext(),
        getConstantIntValue(offset).value_or(ShapedType::kDynamic),
        {*getConstantIntValue(strides[0]), *getConstantIntValue(strides[1])});
    auto resultType = MemRefType::get(
        staticShape, cast<MemRefType>(buffer.getType()).getElementType(),
        layout);
    return memref::ReinterpretCastOp::create(b, resultType, buffer, offset,
                                             shape, strides);
  }

  Value block(Value matrix, Value row, Value column, Value rows,
              Value columns) {
    OpFoldResult one = b.getIndexAttr(1);
    return memref::SubViewOp::create(b, matrix,
                                     ArrayRef<OpFoldResult>{row, column},
                                     ArrayRef<OpFoldResult>{rows, columns},
                                     ArrayRef<OpFoldResult>{one, one});
  }

  ImplicitLocOpBuilder &b;
  const MatrixProduct &product;
  OperandRange operands;
  FloatType type;
  const TileSizes &sizes;
  TileWriter tiles;
};

struct TileProducts : cegm::impl::TileProductsPassBase<TileProducts> {
  using TileProductsPassBase::TileProductsPassBase;

  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops)
      tile(op);
  }

private:
  void tile(linalg::LinalgOp op) {
    auto product = matchMatrixProduct(op);
    if (!product || product->getSize() < minSize)
      return;
    FloatType type = getSumType(op);
    if (!type)
      return;
    bool isNarrow = getElement(op, 2).getIntOrFloatBitWidth() < type.getWidth();
    TileSizes sizes = chooseSizes(*product, type, vectorBits, isNarrow);
    // A row or a column is read once: packed, it would be read twice.
    if (product->m < sizes.rows || product->n < sizes.lanes ||
        (isNarrow && product->loopsAccumulate))
      return;
    linalg::FillOp fill =
        product->loopsAccumulate ? linalg::FillOp() : findZeroFill(op);
    OpBuilder builder(op);
    writeProductLoops(
        builder, op.getLoc(), *product, threads, minParallel,
        [&](const ProductPart &part) {
          ImplicitLocOpBuilder b(op.getLoc(), builder);
          BlockWriter(b, op, *product, type, sizes).write(part, !fill);
        });
    if (fill)
      fill.erase();
    op.erase();
  }
};
} // namespace
