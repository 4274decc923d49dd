//===- TrainingGraphOpInterface.cpp - What a frontend's op does -----------===//

#include "cegm/Interfaces/TrainingGraphOpInterface.h"

using namespace mlir;
using namespace mlir::cegm;

#include "cegm/Interfaces/TrainingGraphOpInterface.cpp.inc"

SmallVector<int64_t> ContractionOperand::freeDims() const {
  SmallVector<int64_t> free;
  for (int64_t dim = 0, e = resultDims.size(); dim < e; ++dim)
    if (!llvm::is_contained(batchDims, dim) &&
        !llvm::is_contained(contractedDims, dim))
      free.push_back(dim);
  return free;
}
