//===- ParameterNames.h - Names of parameters as users write them -*- C++ -*-===//

#ifndef CEGM_LIB_TRANSFORMS_PARAMETERNAMES_H
#define CEGM_LIB_TRANSFORMS_PARAMETERNAMES_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace mlir::cegm {

/// The keys of a path with one slash between two: `params['hid']['kernel']`,
/// `params.hid.kernel` and `params/hid/kernel` become `params/hid/kernel`, but
/// for slashes at the ends, where the text has brackets, dots or slashes.
std::string normalizeParameterName(llvm::StringRef text);

/// True if `name` contains `pattern`, in which a `*` stands for any text. How the
/// keys are written matters in neither of them. A bracket, a dot or a slash at an
/// end of the pattern stands for an end of a key.
bool matchesParameterName(llvm::StringRef name, llvm::StringRef pattern);

} // namespace mlir::cegm

#endif // CEGM_LIB_TRANSFORMS_PARAMETERNAMES_H
