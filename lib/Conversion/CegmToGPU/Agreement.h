//===- Agreement.h - What the sums of a row say ---------------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOGPU_AGREEMENT_H
#define CEGM_LIB_CONVERSION_CEGMTOGPU_AGREEMENT_H

#include "Levels.h"

namespace mlir::cegm::to_gpu {

/// The cosine, 0 where a norm is 0, or the product, of rows whose f64 sums are
/// given.
inline Value getAgreement(Body &body, const ScoreTask &task,
                          ArrayRef<Value> sums) {
  if (!task.isCosine())
    return sums[2];
  // The root of each factor: their product may be out of range.
  Value norms = body.mul(body.sqrt(sums[0]), body.sqrt(sums[1]));
  Value zero = body.zero(norms.getType());
  Value cosine =
      body.select(body.less(zero, norms), body.div(sums[2], norms), zero);
  return body.convert(cosine, task.type);
}

} // namespace mlir::cegm::to_gpu

#endif // CEGM_LIB_CONVERSION_CEGMTOGPU_AGREEMENT_H
