//===- SelectionEntries.h - Entries that name parameters --------*- C++ -*-===//

#ifndef CEGM_LIB_TRANSFORMS_SELECTIONENTRIES_H
#define CEGM_LIB_TRANSFORMS_SELECTIONENTRIES_H

#include "SiteSelection.h"

namespace mlir::cegm {

/// Whether an entry of the options `include`, `exclude` and `parameters` means
/// the argument: by its number or by a part of its name, in which a `*` stands
/// for any text.
bool matchesEntry(StringRef entry, std::optional<unsigned> argument,
                  StringRef name);
bool matchesAnyEntry(ArrayRef<std::string> entries,
                     std::optional<unsigned> argument, StringRef name);

/// Verifies that each entry of the option means some argument of `entry`; the
/// error has the names that are nearest. `pass` is what it begins with.
LogicalResult verifyEntries(FunctionOpInterface function, StringRef pass,
                            StringRef option, ArrayRef<std::string> entries);

/// Verifies that each entry of `include` means a parameter with a site.
LogicalResult verifyIncluded(const TrainingGraph &graph, StringRef pass,
                             ArrayRef<std::string> include);

/// Verifies that some site has tokens of the length `sequence-length`.
LogicalResult verifySequenceLength(const TrainingGraph &graph, StringRef pass,
                                   int64_t length);

} // namespace mlir::cegm

#endif // CEGM_LIB_TRANSFORMS_SELECTIONENTRIES_H
