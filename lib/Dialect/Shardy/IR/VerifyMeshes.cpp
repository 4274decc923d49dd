//===- VerifyMeshes.cpp - Checks of meshes --------------------------------===//

#include "cegm/Dialect/Shardy/IR/SdyDialect.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::sdy;

LogicalResult
MeshAxisAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                     StringRef name, int64_t size) {
  if (size < 1)
    return emitError() << "size of axis \"" << name
                       << "\" must be at least 1, but is " << size;
  return success();
}

LogicalResult
MeshAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                 ArrayRef<MeshAxisAttr> axes, ArrayRef<int64_t> deviceIds) {
  for (int64_t id : deviceIds)
    if (id < 0)
      return emitError() << "device_ids of a mesh must not be negative, but "
                         << id << " is there";
  if (axes.empty()) {
    if (deviceIds.size() > 1)
      return emitError() << "a mesh without axes has at most one device, but "
                         << deviceIds.size() << " device_ids are given";
    return success();
  }
  llvm::StringSet<> names;
  int64_t count = 1;
  for (MeshAxisAttr axis : axes) {
    if (!names.insert(axis.getName()).second)
      return emitError() << "mesh has two axes \"" << axis.getName() << "\"";
    count *= axis.getSize();
  }
  if (deviceIds.empty())
    return success();
  if (static_cast<int64_t>(deviceIds.size()) != count)
    return emitError() << "mesh has " << deviceIds.size()
                       << " device_ids, expected " << count
                       << ", the product of the sizes of its axes";
  SmallVector<int64_t> sorted(deviceIds);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, count)))
    return emitError() << "device_ids of a mesh must be the numbers from 0 to "
                       << count - 1 << " in some order, but are " << deviceIds;
  return success();
}
