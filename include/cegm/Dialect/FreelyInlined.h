//===- FreelyInlined.h - Dialects whose ops may be inlined ------*- C++ -*-===//

#ifndef CEGM_DIALECT_FREELYINLINED_H
#define CEGM_DIALECT_FREELYINLINED_H

#include "mlir/Transforms/InliningUtils.h"

namespace mlir::cegm {

/// Every operation of the dialect may be inlined, and a function may be inlined
/// into every region: none of them knows where it stands.
struct FreelyInlined : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;

  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final {
    return true;
  }
};

} // namespace mlir::cegm

#endif // CEGM_DIALECT_FREELYINLINED_H
