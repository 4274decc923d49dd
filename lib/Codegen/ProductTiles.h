//===- ProductTiles.h - Tiles of a product in registers ---------*- C++ -*-===//

#ifndef CEGM_LIB_CODEGEN_PRODUCTTILES_H
#define CEGM_LIB_CODEGEN_PRODUCTTILES_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cegm {

/// The sizes of tiles, in elements. A tile of C is held in registers while the
/// contracted dimension is run through.
struct TileSizes {
  /// Of a vector.
  int64_t lanes;
  /// Of a tile of C, `columns` of a multiple of `lanes`.
  int64_t rows, columns;
  /// Of the parts of A, B and C whose packed copies stay in a cache: A
  /// [blockRows, blockDepth], B [blockDepth, blockColumns].
  int64_t blockRows, blockColumns, blockDepth;
};

/// Writes code on parts of the matrices of one product, which are memrefs of
/// two dimensions.
class TileWriter {
public:
  TileWriter(ImplicitLocOpBuilder &b, FloatType type, const TileSizes &sizes)
      : b(b), type(type), sizes(sizes) {}

  Value index(int64_t value);
  Value minimum(Value a, int64_t bound);

  /// A loop over `[0, end)`; the builder goes on behind it.
  void loop(Value end, int64_t step, function_ref<void(Value)> body);

  /// Copies `matrix`, whose rows are `width` places across the panel and whose
  /// columns are `depth` steps along it, to `panels` of [panel, step, place].
  /// Places beyond `width` become zeros. `acrossIsContiguous` says which loop
  /// should be the inner one.
  void pack(Value matrix, Value width, Value depth, bool acrossIsContiguous,
            Value panels);

  /// Adds to C, from `row` and `column` on, the product of two panels of so
  /// many steps; `isFirst` tells to store it instead. `rows` and `columns` of C
  /// are left there, a full tile or less. `scratch` has the shape of a tile.
  struct Tile {
    Value row, column, rows, columns;
  };
  void multiply(Value panelsA, Value panelA, Value panelsB, Value panelB,
                Value depth, Value c, const Tile &tile, Value isFirst,
                Value scratch);

private:
  using Vectors = SmallVector<Value>;

  Vectors accumulate(Value panelsA, Value panelA, Value panelsB, Value panelB,
                     Value depth);
  void addTile(const Vectors &sums, Value c, const Tile &tile, Value isFirst);
  void addPartialTile(const Vectors &sums, Value c, const Tile &tile,
                      Value isFirst, Value scratch);
  Value convert(Value value, Type to);
  Value addTo(Value sum, Value old, Value isFirst);
  int64_t vectorsPerRow() const { return sizes.columns / sizes.lanes; }

  ImplicitLocOpBuilder &b;
  FloatType type;
  const TileSizes &sizes;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_CODEGEN_PRODUCTTILES_H
