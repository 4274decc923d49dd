//===- WeighedOperand.cpp - Which factor takes the weights ----------------===//

#include "WeighedOperand.h"

#include "cegm/Dialect/Partitioning.h"

using namespace mlir;
using namespace mlir::cegm;

/// Whether an input is data for sure: ids, or numbers of which no new state is
/// returned.
static bool isData(FunctionOpInterface entry, unsigned argument) {
  auto type = dyn_cast<RankedTensorType>(entry.getArgument(argument).getType());
  return type && type.getRank() > 0 &&
         (isa<IntegerType>(type.getElementType()) ||
          !llvm::is_contained(entry.getResultTypes(), type));
}

WeighedOperand::WeighedOperand(FunctionOpInterface entry) : entry(entry) {
  for (unsigned i = 0; i < entry.getNumArguments(); ++i)
    if (auto sharding = getArgumentSharding(entry, i);
        sharding && isData(entry, i))
      for (sdy::DimensionShardingAttr dim : sharding.getDimShardings())
        for (sdy::AxisRefAttr axis : dim.getAxes())
          dataAxes.insert(axis.getName());
}

int64_t WeighedOperand::countParts(const Site &site,
                                   int64_t gradientDim) const {
  if (site.weightDims.empty() || !site.argument)
    return 1;
  // Only a weight with the dimensions of the argument tells how it is cut.
  Value weight = site.weight;
  while (auto interface = weight.getDefiningOp<TrainingGraphOpInterface>()) {
    unsigned result = cast<OpResult>(weight).getResultNumber();
    std::optional<TensorView> view = interface.getTensorView(result);
    if (!view || view->kind != TensorView::Kind::Same)
      return 1;
    weight = view->source;
  }
  FunctionOpInterface function = entry;
  sdy::TensorShardingAttr sharding =
      getArgumentSharding(function, *site.argument);
  if (weight != function.getArgument(*site.argument) || !sharding)
    return 1;
  sdy::MeshAttr mesh = getMesh(function, sharding.getMeshOrRef());
  int64_t count = 1;
  for (sdy::AxisRefAttr axis :
       sharding.getDimShardings()[site.weightDims[gradientDim]].getAxes())
    if (mesh && !dataAxes.contains(axis.getName()))
      count *= getAxisSize(mesh, axis);
  return count;
}

int64_t WeighedOperand::widthOnDevice(const Site &site,
                                      const Rows &rows) const {
  auto type = cast<ShapedType>(rows.tensor.getType());
  std::optional<Contraction> contraction =
      cast<TrainingGraphOpInterface>(site.gradientOp).getContraction();
  int64_t width = 1;
  for (int64_t dim : rows.featureDims) {
    if (type.isDynamicDim(dim))
      return std::numeric_limits<int64_t>::max();
    const ContractionOperand &side =
        contraction->side(site.gradientOp->getOperand(
                              contraction->lhs.operandNumber) != rows.tensor);
    width *= llvm::divideCeil(type.getDimSize(dim),
                              countParts(site, side.resultDims[dim]));
  }
  return width;
}

bool WeighedOperand::isInput(const Site &site) const {
  return site.kind == Site::Kind::Dense &&
         widthOnDevice(site, site.input) < widthOnDevice(site, site.cotangent);
}
