//===- BindEntryResults.cpp - Results in buffers of the caller ------------===//

#include "cegm/Codegen/Passes.h"

#include "cegm/Analysis/TrainingGraph.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_BINDENTRYRESULTSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

static constexpr StringLiteral kAliasName = "tf.aliasing_output";
static constexpr StringLiteral kDonorName = "jax.buffer_donor";

/// For each result the number of the donated argument that it is written to, or
/// nothing.
using Donations = SmallVector<std::optional<unsigned>>;

static LogicalResult checkTypes(func::FuncOp entry) {
  auto isHandled = [](Type type) {
    return isa<RankedTensorType>(type) || type.isIntOrIndexOrFloat();
  };
  for (Type type : llvm::concat<const Type>(entry.getArgumentTypes(),
                                            entry.getResultTypes())) {
    Type element = getElementTypeOrSelf(type);
    if (isa<RankedTensorType>(type) && !element.isIntOrIndexOrFloat() &&
        !isa<ComplexType>(element))
      return entry.emitError("arguments and results of @")
             << entry.getName() << " must have numbers as elements, got "
             << type;
  }
  for (auto [number, type] : llvm::enumerate(entry.getArgumentTypes()))
    if (!isHandled(type))
      return entry.emitError("argument ")
             << number << " of @" << entry.getName()
             << " must be a ranked tensor or a number, got " << type;
  for (auto [number, type] : llvm::enumerate(entry.getResultTypes()))
    if (!isa<RankedTensorType>(type))
      return entry.emitError("result ")
             << number << " of @" << entry.getName()
             << " must be a ranked tensor, got " << type;
  return success();
}

/// The donations that the attributes ask for and, after them, those of the
/// arguments that leave the choice of the result to us.
static FailureOr<Donations> findDonations(func::FuncOp entry,
                                          ArrayRef<int64_t> donors) {
  Donations result(entry.getNumResults());
  SmallVector<unsigned> free;
  for (unsigned number = 0, e = entry.getNumArguments(); number != e;
       ++number) {
    Type type = entry.getArgumentTypes()[number];
    if (auto alias = entry.getArgAttrOfType<IntegerAttr>(number, kAliasName)) {
      uint64_t output = alias.getValue().getZExtValue();
      if (output >= result.size())
        return entry.emitError("argument ")
               << number << " of @" << entry.getName()
               << " is donated to result " << output << ", there are "
               << result.size();
      if (entry.getResultTypes()[output] != type)
        return entry.emitError("argument ")
               << number << " of @" << entry.getName() << " has type " << type
               << " and is donated to result " << output << " of type "
               << entry.getResultTypes()[output];
      if (result[output])
        return entry.emitError("arguments ")
               << *result[output] << " and " << number << " of @"
               << entry.getName() << " are both donated to result " << output;
      result[output] = number;
    } else if (entry.getArgAttr(number, kDonorName) ||
               llvm::is_contained(donors, int64_t(number))) {
      free.push_back(number);
    }
  }
  for (unsigned number : free)
    for (auto [output, type] : llvm::enumerate(entry.getResultTypes()))
      if (!result[output] && type == entry.getArgumentTypes()[number]) {
        result[output] = number;
        break;
      }
  return result;
}

/// Copies each result that is a donated argument itself, of another result
/// (both are read and written at the end, and no order of the writes fits all),
/// and each that is an earlier result, too: one value has one destination.
static void copyShared(func::FuncOp entry, const Donations &donations) {
  Operation *end = entry.front().getTerminator();
  OpBuilder builder(end);
  SmallPtrSet<Value, 16> returned;
  for (OpOperand &operand : end->getOpOperands()) {
    auto argument = dyn_cast<BlockArgument>(operand.get());
    auto isOfOther = [&](unsigned output) {
      return argument && output != operand.getOperandNumber() &&
             donations[output] == argument.getArgNumber();
    };
    if (returned.insert(operand.get()).second &&
        !llvm::any_of(llvm::seq<unsigned>(donations.size()), isOfOther))
      continue;
    auto copy = bufferization::AllocTensorOp::create(
        builder, end->getLoc(), cast<RankedTensorType>(operand.get().getType()),
        /*dynamicSizes=*/ValueRange(), /*copy=*/operand.get());
    operand.set(copy.getResult());
  }
}

/// Appends the arguments and materializes the results.
static void bindResults(func::FuncOp entry, const Donations &donations) {
  OpBuilder builder(entry.getContext());
  unsigned numInputs = entry.getNumArguments();
  llvm::SmallDenseSet<unsigned> donated;
  auto *end = entry.front().getTerminator();
  builder.setInsertionPoint(end);
  for (auto [output, type] : llvm::enumerate(entry.getResultTypes())) {
    auto tensor = cast<RankedTensorType>(type);
    std::optional<unsigned> number = donations[output];
    if (!number) {
      if (!tensor.hasStaticShape())
        continue;
      number = entry.getNumArguments();
      (void)entry.insertArgument(*number, type, {}, entry.getLoc());
    }
    donated.insert(*number);
    entry.setArgAttr(*number, cegm::kResultAttrName,
                     builder.getI64IntegerAttr(output));
    auto materialize = bufferization::MaterializeInDestinationOp::create(
        builder, end->getLoc(), type, end->getOperand(output),
        entry.getArgument(*number));
    end->setOperand(output, materialize.getResult());
  }
  for (unsigned number = 0; number != numInputs; ++number)
    if (!donated.contains(number) &&
        isa<TensorType>(entry.getArgumentTypes()[number]))
      entry.setArgAttr(number,
                       bufferization::BufferizationDialect::kWritableAttrName,
                       builder.getBoolAttr(false));
}

namespace {
struct BindEntryResults
    : cegm::impl::BindEntryResultsPassBase<BindEntryResults> {
  using BindEntryResultsPassBase::BindEntryResultsPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto entry = dyn_cast_or_null<func::FuncOp>(
        cegm::findEntryFunction(module).getOperation());
    if (!entry || entry.isExternal()) {
      module.emitError("the module has no entry function: no public function "
                       "with a body, or several and none is @main");
      return signalPassFailure();
    }
    if (failed(check(module, entry)))
      return signalPassFailure();
    auto donations = findDonations(entry, donateArguments);
    if (failed(donations))
      return signalPassFailure();
    if (!donate)
      donations->assign(entry.getNumResults(), std::nullopt);
    for (unsigned number = 0, e = entry.getNumArguments(); number != e;
         ++number) {
      entry.removeArgAttr(number, kAliasName);
      entry.removeArgAttr(number, kDonorName);
    }
    copyShared(entry, *donations);
    bindResults(entry, *donations);
    entry->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                   UnitAttr::get(&getContext()));
    for (auto function : module.getOps<func::FuncOp>())
      function.setVisibility(function == entry
                                 ? SymbolTable::Visibility::Public
                                 : SymbolTable::Visibility::Private);
  }

private:
  LogicalResult check(ModuleOp module, func::FuncOp entry) {
    if (failed(checkTypes(entry)))
      return failure();
    if (!entry.getBody().hasOneBlock())
      return entry.emitError("the entry function @")
             << entry.getName() << " must have one block";
    for (int64_t number : donateArguments)
      if (number < 0 || number >= int64_t(entry.getNumArguments()))
        return entry.emitError("donate-arguments: there is no argument ")
               << number << ", @" << entry.getName() << " has "
               << entry.getNumArguments();
    std::string wrapper = ("_mlir_ciface_" + entry.getName()).str();
    if (Operation *taken = SymbolTable::lookupSymbolIn(module, wrapper))
      return taken->emitError("@")
             << wrapper << " is the name of the C interface of the entry "
             << "function @" << entry.getName() << "; rename it";
    auto uses = SymbolTable::getSymbolUses(entry, module);
    if (!uses || !uses->empty())
      return entry.emitError("the entry function @")
             << entry.getName() << " must not be called";
    return success();
  }
};
} // namespace
