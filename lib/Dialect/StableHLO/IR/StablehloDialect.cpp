//===- StablehloDialect.cpp - The StableHLO dialect -----------------------===//

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"

#include "cegm/Dialect/FreelyInlined.h"

#include "mlir/Interfaces/FoldInterfaces.h"

using namespace mlir;
using namespace mlir::stablehlo;

#include "cegm/Dialect/StableHLO/IR/StablehloDialect.cpp.inc"

namespace {

/// Folded constants stay in the region where they are used: a reducer or a
/// branch becomes a computation of its own in XLA, which has no access to the
/// values around it.
struct StablehloFoldInterface : DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;

  bool shouldMaterializeInto(Region *) const final { return true; }
};

} // namespace

void StablehloDialect::initialize() {
  registerAttributes();
  registerTypes();
  registerElementwiseOps();
  registerShapeOps();
  registerDynamicShapeOps();
  registerContractionOps();
  registerReductionOps();
  registerIndexingOps();
  registerControlFlowOps();
  registerCollectiveOps();
  allowUnknownOperations();
  addInterfaces<StablehloFoldInterface, cegm::FreelyInlined>();
}

Operation *StablehloDialect::materializeConstant(OpBuilder &builder,
                                                 Attribute value, Type type,
                                                 Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return ConstantOp::create(builder, loc, elements);
}
