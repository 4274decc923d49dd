//===- Rows.cpp - A tensor as rows of features ----------------------------===//

#include "Rows.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

SmallVector<Rows::Dimension> Rows::merge(ArrayRef<Dimension> dims) {
  SmallVector<Dimension> merged;
  for (Dimension dim : dims) {
    if (dim.size == 1)
      continue;
    if (!merged.empty() && merged.back().stride == dim.size * dim.stride)
      merged.back() = {merged.back().size * dim.size, dim.stride};
    else
      merged.push_back(dim);
  }
  return merged;
}

Rows::Rows(RankedTensorType type, ArrayRef<int64_t> tokens,
           ArrayRef<int64_t> features)
    : element(type.getElementType()), length(1), lengthStride(1) {
  SmallVector<int64_t> strides(type.getRank(), 1);
  for (int64_t dim = type.getRank() - 2; dim >= 0; --dim)
    strides[dim] = strides[dim + 1] * type.getDimSize(dim + 1);

  auto getDimensions = [&](ArrayRef<int64_t> dims, int64_t &count) {
    SmallVector<Dimension> result;
    for (int64_t dim : dims) {
      result.push_back({type.getDimSize(dim), strides[dim]});
      count *= type.getDimSize(dim);
    }
    return merge(result);
  };
  if (!tokens.empty()) {
    length = type.getDimSize(tokens.back());
    lengthStride = strides[tokens.back()];
    tokens = tokens.drop_back();
  }
  batchDims = getDimensions(tokens, batch);
  featureDims = getDimensions(features, this->features);
}

int64_t Rows::getVectorWidth(int64_t limit) const {
  if (featureDims.empty() || featureDims.back().stride != 1)
    return 1;
  int64_t width = limit;
  auto fit = [&](int64_t number) {
    while (number % width != 0)
      width /= 2;
  };
  fit(featureDims.back().size);
  for (Dimension dim : ArrayRef(featureDims).drop_back())
    fit(dim.stride);
  for (Dimension dim : batchDims)
    fit(dim.stride);
  if (length > 1)
    fit(lengthStride);
  return width;
}

Value Rows::getPosition(Body &body, Value number, ArrayRef<Dimension> dims) {
  if (dims.empty())
    return body.index(0);
  Value position;
  for (auto [place, dim] : llvm::enumerate(llvm::reverse(dims))) {
    bool isLast = place + 1 == dims.size();
    Value here = isLast ? number : body.rem(number, dim.size);
    Value offset = body.mul(here, dim.stride);
    position = position ? body.add(position, offset) : offset;
    if (!isLast)
      number = body.div(number, dim.size);
  }
  return position;
}

Value Rows::getRowPosition(Body &body, Value sequence, Value place) const {
  return body.add(getPosition(body, sequence, batchDims),
                  body.mul(place, lengthStride));
}

Value Rows::getFeaturePosition(Body &body, Value feature) const {
  return getPosition(body, feature, featureDims);
}
