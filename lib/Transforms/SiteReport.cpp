//===- SiteReport.cpp - What people and programs read about sites ---------===//

#include "SiteReport.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace mlir::cegm;

/// Where an op comes from: the frontend's name for it, and the innermost place
/// in a source file that its location holds.
static std::string describeLocation(Location location) {
  std::string name, file;
  location->walk([&](Location loc) {
    if (auto named = dyn_cast<NameLoc>(loc); named && name.empty())
      name = named.getName().str();
    if (auto place = dyn_cast<FileLineColLoc>(loc)) {
      file = llvm::formatv("{0}:{1}", place.getFilename().getValue(),
                           place.getLine());
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  if (name.empty())
    return file;
  return file.empty() ? name : name + " (" + file + ")";
}

static StringRef getContextName(ContextPair context) {
  return context == ContextPair::Input ? "input" : "output";
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

static llvm::json::Value toJson(ArrayRef<int64_t> shape) {
  llvm::json::Array array;
  for (int64_t size : shape)
    if (ShapedType::isDynamic(size))
      array.push_back(nullptr);
    else
      array.push_back(size);
  return array;
}

static llvm::json::Value toJson(std::optional<int64_t> number) {
  return number ? llvm::json::Value(*number) : llvm::json::Value(nullptr);
}

/// The members that describe a parameter; null where it is not known.
static void addParameter(llvm::json::Object &object, const TrainingGraph &graph,
                         std::optional<unsigned> argument) {
  object["argument"] = nullptr;
  object["parameter"] = nullptr;
  object["shape"] = nullptr;
  if (!argument)
    return;
  object["argument"] = int64_t(*argument);
  Value value = graph.argument(*argument);
  // A name may be any bytes; JSON is UTF-8.
  if (StringRef name = getParameterName(value); !name.empty())
    object["parameter"] = llvm::json::fixUTF8(name);
  if (auto type = dyn_cast<RankedTensorType>(value.getType()))
    object["shape"] = toJson(type.getShape());
}

void cegm::printJsonReport(const TrainingGraph &graph,
                           const Selection &selection, llvm::raw_ostream &os) {
  llvm::json::Array sites, skipped;
  int64_t id = 0;
  for (const SelectedSite &selected : selection.sites) {
    const Site &site = *selected.site;
    llvm::json::Object object;
    object["kind"] = getKindName(site.kind).str();
    addParameter(object, graph, site.argument);
    object["function"] =
        FunctionOpInterface(graph.contexts()[site.context].function)
            .getName()
            .str();
    object["token_shape"] = toJson(site.tokenShape());
    object["sequence_dim"] = site.hasExamples
                                 ? llvm::json::Value(nullptr)
                                 : llvm::json::Value(site.sequenceDim());
    object["context"] = getContextName(selected.context).str();
    object["location"] =
        llvm::json::fixUTF8(describeLocation(site.gradientOp->getLoc()));
    object["repeats"] = toJson(site.repeats());
    for (Site::Layer layer : site.layers()) {
      object["id"] = id++;
      object["layer"] = toJson(layer.number);
      object["depth"] = int64_t(layer.depth);
      sites.push_back(llvm::json::Object(object));
    }
  }
  for (const LeftAlone &left : selection.leftAlone) {
    llvm::json::Object object;
    addParameter(object, graph, left.argument);
    object["code"] = left.code.str();
    object["message"] = left.message;
    object["location"] = describeLocation(left.location);
    skipped.push_back(std::move(object));
  }
  llvm::json::Object report;
  report["version"] = 1;
  report["entry"] = FunctionOpInterface(graph.entry()).getName().str();
  report["sites"] = std::move(sites);
  report["skipped"] = std::move(skipped);
  os << llvm::formatv("{0:2}", llvm::json::Value(std::move(report))) << "\n";
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

namespace {

/// Columns as wide as their widest cell; the last one is open-ended.
class TextTable {
public:
  explicit TextTable(ArrayRef<StringRef> header) { add(header); }

  template <typename Cells> void add(const Cells &cells) {
    auto &row = rows.emplace_back();
    for (const auto &cell : cells) {
      row.emplace_back(cell);
      size_t column = row.size() - 1;
      if (widths.size() <= column)
        widths.push_back(0);
      widths[column] = std::max(widths[column], row.back().size());
    }
  }

  void print(llvm::raw_ostream &os) const {
    for (auto [i, row] : llvm::enumerate(rows)) {
      printRow(os, row);
      if (i == 0) {
        SmallVector<std::string> rule;
        for (size_t width : widths)
          rule.push_back(std::string(width, '-'));
        printRow(os, rule);
      }
    }
  }

private:
  void printRow(llvm::raw_ostream &os, ArrayRef<std::string> row) const {
    for (auto [column, cell] : llvm::enumerate(row)) {
      os << cell;
      if (column + 1 < row.size())
        os.indent(widths[column] - cell.size() + 2);
    }
    os << "\n";
  }

  SmallVector<SmallVector<std::string>> rows;
  SmallVector<size_t> widths;
};

} // namespace

static std::string formatShape(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(
      shape, os,
      [&](int64_t size) {
        if (ShapedType::isDynamic(size))
          os << "?";
        else
          os << size;
      },
      "x");
  return text;
}

/// What is said behind the tokens of a site in a loop over micro-batches, say.
static std::string formatRepeats(std::optional<int64_t> repeats) {
  if (!repeats)
    return ", in a loop";
  return *repeats == 1 ? "" : llvm::formatv(", {0} times", *repeats).str();
}

static std::string formatName(const TrainingGraph &graph,
                              std::optional<unsigned> argument) {
  if (!argument)
    return "(computed)";
  StringRef name = getParameterName(graph.argument(*argument));
  return name.empty() ? llvm::formatv("argument {0}", *argument).str()
                      : name.str();
}

static std::string formatParameterShape(const TrainingGraph &graph,
                                        std::optional<unsigned> argument) {
  auto type =
      argument ? dyn_cast<RankedTensorType>(graph.argument(*argument).getType())
               : RankedTensorType();
  return type ? formatShape(type.getShape()) : "?";
}

void cegm::printTableReport(const TrainingGraph &graph,
                            const Selection &selection, llvm::raw_ostream &os) {
  size_t count = 0;
  for (const SelectedSite &selected : selection.sites)
    count += selected.site->layers().size();
  os << "Train step '" << FunctionOpInterface(graph.entry()).getName()
     << "': " << count << (count == 1 ? " site, " : " sites, ")
     << selection.leftAlone.size() << " left alone\n\n";
  if (!selection.sites.empty()) {
    TextTable table({"site", "depth", "parameter", "shape", "kind", "tokens",
                     "sequence dim", "context", "function", "location"});
    unsigned id = 0;
    for (const SelectedSite &selected : selection.sites) {
      const Site &site = *selected.site;
      FunctionOpInterface function = graph.contexts()[site.context].function;
      for (Site::Layer layer : site.layers())
        table.add(SmallVector<std::string>{
            std::to_string(id++), std::to_string(layer.depth),
            formatName(graph, site.argument) +
                (layer.number ? llvm::formatv(" layer {0}", *layer.number).str()
                              : std::string()),
            formatParameterShape(graph, site.argument),
            getKindName(site.kind).str(),
            formatShape(site.tokenShape()) + formatRepeats(site.repeats()),
            site.hasExamples ? "none" : std::to_string(site.sequenceDim()),
            getContextName(selected.context).str(), function.getName().str(),
            describeLocation(site.gradientOp->getLoc())});
    }
    table.print(os);
    os << "\n";
    if (llvm::any_of(selection.sites, [](const SelectedSite &selected) {
          return selected.site->hasExamples;
        }))
      os << "sequence dim none: the tokens are the examples of a batch; each "
            "is "
            "scored alone (window 1). If they are a sequence, give its length "
            "by "
            "sequence-length.\n\n";
  }
  if (!selection.leftAlone.empty()) {
    // The message of a code stands once, below.
    llvm::MapVector<StringRef, StringRef> reasons;
    TextTable table({"left alone", "shape", "code", "location"});
    for (const LeftAlone &left : selection.leftAlone) {
      // The location of the parameter itself says nothing that is not there.
      bool isParameter =
          left.argument &&
          left.location == graph.argument(*left.argument).getLoc();
      table.add(SmallVector<std::string>{
          formatName(graph, left.argument),
          formatParameterShape(graph, left.argument), left.code.str(),
          isParameter ? "" : describeLocation(left.location)});
      reasons.insert({left.code, left.message});
    }
    table.print(os);
    os << "\n";
    for (auto [code, message] : reasons)
      os << code << ": " << message << "\n";
    os << "\n";
  }
}
