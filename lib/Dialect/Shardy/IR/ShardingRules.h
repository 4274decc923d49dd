//===- ShardingRules.h - The names of factors -------------------*- C++ -*-===//

#ifndef CEGM_LIB_DIALECT_SHARDY_IR_SHARDINGRULES_H
#define CEGM_LIB_DIALECT_SHARDY_IR_SHARDINGRULES_H

#include <cstdint>
#include <string>

namespace mlir::sdy {

/// Factors have letters from `i` to `z`, then the names `z_1`, `z_2` and so on.
std::string getFactorName(int64_t factor);

} // namespace mlir::sdy

#endif // CEGM_LIB_DIALECT_SHARDY_IR_SHARDINGRULES_H
