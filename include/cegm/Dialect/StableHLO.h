//===- StableHLO.h - StableHLO, CHLO and Shardy in one include ------------===//
//
// Passes include this file and never name where the dialects live: what they
// use of them has the names of the official libraries.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_DIALECT_STABLEHLO_H
#define CEGM_DIALECT_STABLEHLO_H

#include "cegm/Dialect/CHLO/IR/ChloOps.h"
#include "cegm/Dialect/Shardy/IR/SdyDialect.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"

#endif // CEGM_DIALECT_STABLEHLO_H
