//===- SelectionEntries.cpp - Entries that name parameters ----------------===//

#include "SelectionEntries.h"
#include "ParameterNames.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::cegm;

//===----------------------------------------------------------------------===//
// Matching
//===----------------------------------------------------------------------===//

bool cegm::matchesEntry(StringRef entry, std::optional<unsigned> argument,
                        StringRef name) {
  unsigned index;
  if (!entry.getAsInteger(10, index))
    return argument == index;
  return matchesParameterName(name, entry);
}

bool cegm::matchesAnyEntry(ArrayRef<std::string> entries,
                           std::optional<unsigned> argument, StringRef name) {
  return llvm::any_of(entries, [&](StringRef entry) {
    return matchesEntry(entry, argument, name);
  });
}

//===----------------------------------------------------------------------===//
// Nearest names
//===----------------------------------------------------------------------===//

/// How many edits part the entry from the name, or from the nearest of the words
/// that the name is made of.
static unsigned getDistance(StringRef entry, StringRef name) {
  unsigned best = entry.edit_distance(name);
  auto isWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (StringRef rest = name.drop_until(isWord); !rest.empty();
       rest = rest.drop_until(isWord)) {
    StringRef word = rest.take_while(isWord);
    best = std::min(best, entry.edit_distance(word));
    rest = rest.drop_front(word.size());
  }
  return best;
}

/// Up to three names, the nearest first; none where all are far off.
static SmallVector<StringRef> findNearest(StringRef entry,
                                          ArrayRef<StringRef> names) {
  SmallVector<std::pair<unsigned, size_t>> found;
  unsigned limit = std::max<unsigned>(2, entry.size() / 2);
  for (auto [place, name] : llvm::enumerate(names))
    if (unsigned distance = getDistance(entry, name); distance <= limit)
      found.push_back({distance, place});
  llvm::sort(found);
  if (found.size() > 3)
    found.truncate(3);
  return llvm::map_to_vector(found,
                             [&](auto &pair) { return names[pair.second]; });
}

/// Adds to an error what an entry could have meant.
static void suggest(InFlightDiagnostic &error, StringRef entry,
                    ArrayRef<StringRef> names) {
  if (llvm::all_of(entry, llvm::isDigit))
    return;
  if (names.empty()) {
    error << "; the text has no names of arguments: give numbers, or print it "
             "with its debug locations";
    return;
  }
  SmallVector<StringRef> nearest = findNearest(entry, names);
  error << (nearest.empty() ? "; names are " : "; the nearest names are ");
  if (nearest.empty())
    nearest.append(names.begin(), names.begin() + std::min<size_t>(
                                                      3, names.size()));
  llvm::interleaveComma(nearest, error,
                        [&](StringRef name) { error << "'" << name << "'"; });
  if (names.size() > nearest.size())
    error << ", of " << names.size() << " in all";
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

LogicalResult cegm::verifyEntries(FunctionOpInterface function, StringRef pass,
                                  StringRef option,
                                  ArrayRef<std::string> entries) {
  if (entries.empty())
    return success();
  SmallVector<StringRef> names = llvm::map_to_vector(
      function.getArguments(), [](Value a) { return getParameterName(a); });
  for (StringRef entry : entries) {
    bool found = false;
    for (auto [number, name] : llvm::enumerate(names))
      found |= matchesEntry(entry, number, name);
    if (found)
      continue;
    InFlightDiagnostic error = emitError(function.getLoc());
    error << pass << ": option '" << option << "' has '" << entry
          << "', which is neither the number of one of the "
          << function.getNumArguments() << " arguments of '"
          << function.getName() << "' nor part of the name of one";
    llvm::erase(names, "");
    suggest(error, entry, names);
    return error;
  }
  return success();
}

LogicalResult cegm::verifyIncluded(const TrainingGraph &graph, StringRef pass,
                                   ArrayRef<std::string> include) {
  auto nameOf = [&](std::optional<unsigned> argument) {
    return argument ? getParameterName(graph.argument(*argument)) : StringRef();
  };
  llvm::SetVector<StringRef> names;
  for (const Site &site : graph.sites())
    if (StringRef name = nameOf(site.argument); !name.empty())
      names.insert(name);
  for (StringRef entry : include) {
    if (graph.sites().empty() ||
        llvm::any_of(graph.sites(), [&](const Site &site) {
          return matchesEntry(entry, site.argument, nameOf(site.argument));
        }))
      continue;
    InFlightDiagnostic error = emitError(graph.entry()->getLoc());
    error << pass << ": option 'include' has '" << entry
          << "', which matches no parameter with a site";
    suggest(error, entry, names.getArrayRef());
    for (const SkippedParameter &skipped : graph.skipped())
      if (matchesEntry(entry, skipped.argument, nameOf(skipped.argument)))
        error.attachNote(skipped.location)
            << describeParameter(graph, skipped.argument) << " "
            << getMessage(skipped.reason) << " [" << getCode(skipped.reason)
            << "]";
    return error;
  }
  return success();
}

LogicalResult cegm::verifySequenceLength(const TrainingGraph &graph,
                                         StringRef pass, int64_t length) {
  SmallVector<int64_t> sizes;
  for (const Site &site : graph.sites())
    for (int64_t size : site.tokenShape()) {
      // What is not known yet may be of any length.
      if (size == length || ShapedType::isDynamic(size))
        return success();
      if (size != 1 && !llvm::is_contained(sizes, size))
        sizes.push_back(size);
    }
  if (graph.sites().empty())
    return success();
  llvm::sort(sizes);
  InFlightDiagnostic error = emitError(graph.entry()->getLoc());
  error << pass << ": option 'sequence-length' is " << length
        << ", but no dimension of tokens has this length, or is a multiple of "
           "it that batch and sequence share; their sizes are ";
  llvm::interleaveComma(sizes, error);
  return error;
}
