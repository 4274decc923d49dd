//===- StablehloDialect.cpp - The StableHLO dialect -----------------------===//

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"

#include "mlir/Interfaces/FoldInterfaces.h"
#include "mlir/Transforms/InliningUtils.h"

using namespace mlir;
using namespace mlir::stablehlo;

#include "cegm/Dialect/StableHLO/IR/StablehloDialect.cpp.inc"

namespace {

/// Every operation may be inlined, and a function may be inlined into every
/// region: none of them knows where it stands.
struct StablehloInlinerInterface : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;

  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final {
    return true;
  }
};

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
  addInterfaces<StablehloFoldInterface, StablehloInlinerInterface>();
}

Operation *StablehloDialect::materializeConstant(OpBuilder &builder,
                                                 Attribute value, Type type,
                                                 Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return ConstantOp::create(builder, loc, elements);
}
