//===- ParameterNamesTest.cpp - Names of parameters as users write them ---===//

#include "ParameterNames.h"

#include <gtest/gtest.h>

using namespace mlir::cegm;

namespace {

TEST(ParameterNames, AllNotationsHaveOneForm) {
  EXPECT_EQ(normalizeParameterName("params['hid']['kernel']"),
            "params/hid/kernel/");
  EXPECT_EQ(normalizeParameterName("params[\"hid\"].kernel"),
            "params/hid/kernel");
  EXPECT_EQ(normalizeParameterName("params/hid/kernel"), "params/hid/kernel");
  EXPECT_EQ(normalizeParameterName(".layers[0].w"), "/layers/0/w");
}

TEST(ParameterNames, AnyNotationMatchesAnyOther) {
  for (const char *name :
       {"params['hid']['kernel']", "params.hid.kernel", "params/hid/kernel"}) {
    for (const char *pattern :
         {"hid/kernel", "hid.kernel", ".hid.kernel", "['hid']['kernel']",
          "params['hid']['kernel']", "params.hid.kernel", "/hid/kernel/", "hid",
          "params.*.kernel", "params[*]['kernel']"})
      EXPECT_TRUE(matchesParameterName(name, pattern))
          << name << " " << pattern;
    for (const char *pattern :
         {"hid/bias", "kernel.hid", "['hi']", ".id.", "params.kernel", "head"})
      EXPECT_FALSE(matchesParameterName(name, pattern))
          << name << " " << pattern;
  }
}

TEST(ParameterNames, TextMayBeAnyPartOfAName) {
  EXPECT_TRUE(matchesParameterName("params['hidden']['kernel']", "hid"));
  EXPECT_TRUE(matchesParameterName("params['hidden']['kernel']", "den.ker"));
  EXPECT_TRUE(matchesParameterName("params['hidden']['kernel']", ""));
  EXPECT_FALSE(matchesParameterName("", "hid"));
}

TEST(ParameterNames, SeparatorsAtTheEndsBoundAKey) {
  EXPECT_TRUE(matchesParameterName("layers[1].weight", "layers.1"));
  EXPECT_TRUE(matchesParameterName("layers[10].weight", "layers.1"));
  EXPECT_TRUE(matchesParameterName("layers[1].weight", "layers[1]"));
  EXPECT_FALSE(matchesParameterName("layers[10].weight", "layers[1]"));
  EXPECT_FALSE(matchesParameterName("mlayers[1].weight", "/layers"));
  EXPECT_TRUE(matchesParameterName("layers[1].weight", "/layers"));
  EXPECT_TRUE(matchesParameterName("params['out']", "out/"));
}

TEST(ParameterNames, StarsStandForAnyTextAlsoForNone) {
  EXPECT_TRUE(matchesParameterName("params['a']['b']", "['a']*['b']"));
  EXPECT_TRUE(matchesParameterName("params['a']['x']['b']", "['a']*['b']"));
  EXPECT_TRUE(matchesParameterName("params['a']['b']", "*a*b*"));
  EXPECT_FALSE(matchesParameterName("params['b']['a']", "['a']*['b']"));
  EXPECT_FALSE(matchesParameterName("params['b']", "b*b"));
}

} // namespace
