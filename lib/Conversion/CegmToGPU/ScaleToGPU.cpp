//===- ScaleToGPU.cpp - cegm.scale ----------------------------------------===//

#include "Lowerings.h"
#include "Tiling.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

/// Rows that a thread loads before it stores the first of them.
static constexpr int64_t rowsInFlight = 8;

Value to_gpu::lowerScale(Launcher &launcher, ScaleOp op) {
  RankedTensorType inputType = op.getInput().getType();
  SmallVector<int64_t> features;
  for (int64_t dim = 0; dim < inputType.getRank(); ++dim)
    if (!llvm::is_contained(op.getTokens(), dim))
      features.push_back(dim);
  Rows rows(inputType, op.getTokens(), features);
  FloatType type = getScoreType(inputType, op.getWeights().getType());
  int64_t tokens = rows.getTokens();
  Tiling tiling = Tiling::get(rows.getFeatures(), getCommonWidth(rows),
                              divideCeil(tokens, rowsInFlight));
  auto [result, tensor] = launcher.getResult(inputType);
  SmallVector<Value> operands = {launcher.getBuffer(op.getInput()),
                                 launcher.getBuffer(op.getWeights()), result};
  launcher.launch(
      "scale", tiling.getGrid(), operands,
      [&](Body &body, ValueRange arguments) {
        Place place(body, tiling);
        Value first = body.mul(place.group, rowsInFlight);
        Value feature = rows.getFeaturePosition(body, place.feature);
        bool isRagged = tokens % rowsInFlight != 0;
        SmallVector<Value> positions, values;
        for (int64_t row = 0; row < rowsInFlight; ++row) {
          Value token = body.add(first, row);
          if (isRagged)
            token = body.min(token, body.index(tokens - 1));
          Value sequence = body.div(token, rows.getLength());
          Value at = body.rem(token, rows.getLength());
          positions.push_back(
              body.add(rows.getRowPosition(body, sequence, at), feature));
          Value input =
              body.loadVector(arguments[0], positions.back(), tiling.width);
          Value weight = body.convert(body.load(arguments[1], token), type);
          Value wide = body.convert(input, type);
          Value product = body.mul(wide, body.splat(weight, wide.getType()));
          values.push_back(body.convert(product, inputType.getElementType()));
        }
        // Rows past the end are the last one again: the same value is stored.
        place.ifActive(body, place.isInside, [&] {
          for (auto [position, value] : llvm::zip_equal(positions, values))
            body.storeVector(value, arguments[2], position);
        });
      });
  return tensor;
}
