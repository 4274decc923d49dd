//===- ProductTiles.cpp - Tiles of a product in registers -----------------===//

#include "ProductTiles.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using cegm::TileWriter;

Value TileWriter::index(int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

Value TileWriter::minimum(Value a, int64_t bound) {
  return arith::MinUIOp::create(b, a, index(bound));
}

void TileWriter::loop(Value end, int64_t step, function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(b, index(0), end, index(step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

/// Widens or narrows a number or a vector.
Value TileWriter::convert(Value value, Type to) {
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    to = vector.clone(to);
  unsigned from = getElementTypeOrSelf(value).getIntOrFloatBitWidth();
  unsigned width = getElementTypeOrSelf(to).getIntOrFloatBitWidth();
  if (from < width)
    return arith::ExtFOp::create(b, to, value);
  return from > width ? arith::TruncFOp::create(b, to, value) : value;
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

void TileWriter::pack(Value matrix, Value width, Value depth,
                      bool acrossIsContiguous, Value panels) {
  int64_t panelWidth = cast<MemRefType>(panels.getType()).getShape().back();
  loop(width, panelWidth, [&](Value start) {
    Value panel = arith::DivUIOp::create(b, start, index(panelWidth));
    Value rest = arith::SubIOp::create(b, width, start);
    Value count = minimum(rest, panelWidth);
    auto copy = [&](Value place, Value step) {
      Value row = arith::AddIOp::create(b, start, place);
      Value element = memref::LoadOp::create(b, matrix, ValueRange{row, step});
      memref::StoreOp::create(b, convert(element, type), panels,
                              ValueRange{panel, step, place});
    };
    auto copyAll = [&](Value count) {
      if (acrossIsContiguous)
        loop(depth, 1, [&](Value step) {
          loop(count, 1, [&](Value place) { copy(place, step); });
        });
      else
        loop(count, 1, [&](Value place) {
          loop(depth, 1, [&](Value step) { copy(place, step); });
        });
    };
    // Nearly all panels are full, and a loop of known length is vectors.
    Value isFull = arith::CmpIOp::create(b, arith::CmpIPredicate::uge, rest,
                                         index(panelWidth));
    auto choice = scf::IfOp::create(b, isFull, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(choice.thenBlock());
    copyAll(index(panelWidth));
    b.setInsertionPointToStart(choice.elseBlock());
    copyAll(count);
    Value zero = arith::ConstantOp::create(b, b.getFloatAttr(type, 0.0));
    loop(depth, 1, [&](Value step) {
      auto padding = scf::ForOp::create(b, count, index(panelWidth), index(1));
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(padding.getBody());
      memref::StoreOp::create(
          b, zero, panels, ValueRange{panel, step, padding.getInductionVar()});
    });
  });
}

//===----------------------------------------------------------------------===//
// Multiplying
//===----------------------------------------------------------------------===//

/// The sums of one tile, row by row.
TileWriter::Vectors TileWriter::accumulate(Value panelsA, Value panelA,
                                           Value panelsB, Value panelB,
                                           Value depth) {
  auto vectorType = VectorType::get({sizes.lanes}, type);
  Value zero = arith::ConstantOp::create(
      b, DenseElementsAttr::get(vectorType, b.getFloatAttr(type, 0.0)));
  Vectors init(sizes.rows * vectorsPerRow(), zero);
  auto loop = scf::ForOp::create(b, index(0), depth, index(1), init);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value step = loop.getInductionVar();
  Vectors columns, sums;
  for (int64_t vector = 0; vector < vectorsPerRow(); ++vector)
    columns.push_back(vector::LoadOp::create(
        b, vectorType, panelsB,
        ValueRange{panelB, step, index(vector * sizes.lanes)}));
  for (int64_t row = 0; row < sizes.rows; ++row) {
    Value element = memref::LoadOp::create(
        b, panelsA, ValueRange{panelA, step, index(row)});
    Value factor = vector::BroadcastOp::create(b, vectorType, element);
    for (int64_t vector = 0; vector < vectorsPerRow(); ++vector) {
      Value sum = loop.getRegionIterArg(row * vectorsPerRow() + vector);
      // One instruction where the processor has it.
      auto flags = arith::FastMathFlags::contract;
      Value term = arith::MulFOp::create(b, factor, columns[vector], flags);
      sums.push_back(arith::AddFOp::create(b, sum, term, flags));
    }
  }
  scf::YieldOp::create(b, sums);
  return Vectors(loop.getResults());
}

/// What C had is not read as a number where the product is the first.
Value TileWriter::addTo(Value sum, Value old, Value isFirst) {
  Value added = arith::AddFOp::create(b, convert(old, type), sum);
  return convert(arith::SelectOp::create(b, isFirst, sum, added),
                 getElementTypeOrSelf(old));
}

void TileWriter::addTile(const Vectors &sums, Value c, const Tile &tile,
                         Value isFirst) {
  Type element = cast<MemRefType>(c.getType()).getElementType();
  auto vectorType = VectorType::get({sizes.lanes}, element);
  for (auto [number, sum] : llvm::enumerate(sums)) {
    Value row =
        arith::AddIOp::create(b, tile.row, index(number / vectorsPerRow()));
    Value column = arith::AddIOp::create(
        b, tile.column, index(number % vectorsPerRow() * sizes.lanes));
    Value place[] = {row, column};
    Value old = vector::LoadOp::create(b, vectorType, c, place);
    vector::StoreOp::create(b, addTo(sum, old, isFirst), c, place);
  }
}

void TileWriter::addPartialTile(const Vectors &sums, Value c, const Tile &tile,
                                Value isFirst, Value scratch) {
  for (auto [number, sum] : llvm::enumerate(sums))
    vector::StoreOp::create(
        b, sum, scratch,
        ValueRange{index(number / vectorsPerRow()),
                   index(number % vectorsPerRow() * sizes.lanes)});
  loop(tile.rows, 1, [&](Value row) {
    loop(tile.columns, 1, [&](Value column) {
      Value sum = memref::LoadOp::create(b, scratch, ValueRange{row, column});
      Value place[] = {arith::AddIOp::create(b, tile.row, row),
                       arith::AddIOp::create(b, tile.column, column)};
      Value old = memref::LoadOp::create(b, c, place);
      memref::StoreOp::create(b, addTo(sum, old, isFirst), c, place);
    });
  });
}

void TileWriter::multiply(Value panelsA, Value panelA, Value panelsB,
                          Value panelB, Value depth, Value c, const Tile &tile,
                          Value isFirst, Value scratch) {
  Vectors sums = accumulate(panelsA, panelA, panelsB, panelB, depth);
  auto isFull = [&](Value count, int64_t whole) -> Value {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, count,
                                 index(whole));
  };
  Value isWhole = arith::AndIOp::create(b, isFull(tile.rows, sizes.rows),
                                        isFull(tile.columns, sizes.columns));
  auto choice = scf::IfOp::create(b, isWhole, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(choice.thenBlock());
  addTile(sums, c, tile, isFirst);
  b.setInsertionPointToStart(choice.elseBlock());
  addPartialTile(sums, c, tile, isFirst, scratch);
}
