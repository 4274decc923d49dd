//===- StableHLO.h - StableHLO, CHLO and Shardy, from where they come -----===//
//
// Passes include this file and never name where the dialects live: in this
// project, or in the official libraries when it is built against those.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_DIALECT_STABLEHLO_H
#define CEGM_DIALECT_STABLEHLO_H

#ifdef CEGM_STABLEHLO_UPSTREAM
#include "shardy/dialect/sdy/ir/dialect.h"
#include "stablehlo/dialect/ChloOps.h"
#include "stablehlo/dialect/StablehloOps.h"
#else
#include "cegm/Dialect/CHLO/IR/ChloOps.h"
#include "cegm/Dialect/Shardy/IR/SdyDialect.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#endif

#endif // CEGM_DIALECT_STABLEHLO_H
