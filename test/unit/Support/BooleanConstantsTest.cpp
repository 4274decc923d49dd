//===- BooleanConstantsTest.cpp - Boolean constants in hexadecimal --------===//

#include "cegm/Support/BooleanConstants.h"

#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {

using Form = BooleanConstantsStream::Form;

std::string print(StringRef text, Form form, size_t chunk = 7) {
  std::string result;
  llvm::raw_string_ostream os(result);
  {
    BooleanConstantsStream stream(os, form);
    stream.SetUnbuffered();
    for (; !text.empty(); text = text.drop_front(std::min(chunk, text.size())))
      stream << text.take_front(chunk);
  }
  return result;
}

/// The elements as a constant in which each has a byte.
std::string bytesText(ArrayRef<bool> elements, StringRef type) {
  std::string digits;
  for (bool element : elements)
    digits += element ? "01" : "00";
  return ("%c = stablehlo.constant dense<\"0x" + digits + "\"> : " + type + "\n")
      .str();
}

TEST(BooleanConstants, PacksEightElementsIntoAByte) {
  std::string text = bytesText(
      {true, false, false, true, false, false, false, true, true, false, true},
      "tensor<11xi1>");
  std::optional<std::string> packed = packBooleanConstants(text);
  ASSERT_TRUE(packed);
  // Columns stay: the shorter string is followed by spaces.
  EXPECT_EQ(packed->size(), text.size());
  EXPECT_EQ(StringRef(*packed).count("dense<\"0x8905\" "), 1u);
  EXPECT_TRUE(StringRef(*packed).ends_with(" > : tensor<11xi1>\n"));
}

TEST(BooleanConstants, PrintsWhatWasPacked) {
  for (size_t size : {9, 16, 17, 101, 2999}) {
    SmallVector<bool> elements;
    for (size_t i = 0; i < size; ++i)
      elements.push_back(i % 3 == 0 || i % 7 == 2);
    std::string type = "tensor<" + std::to_string(size) + "xi1>";
    std::string text = bytesText(elements, type);
    std::optional<std::string> packed = packBooleanConstants(text);
    ASSERT_TRUE(packed) << size;
    std::string printed = print(*packed, Form::Bytes);
    // But for the spaces, what was read.
    std::string expected = text;
    llvm::erase(printed, ' ');
    llvm::erase(expected, ' ');
    EXPECT_EQ(printed, expected) << size;
    // Packed already: read as it is.
    EXPECT_FALSE(packBooleanConstants(*packed)) << size;
  }
}

TEST(BooleanConstants, WordsHaveABracketForEachDimension) {
  StringRef packed = "#a = dense<\"0x2502\"> : tensor<2x5xi1>";
  EXPECT_EQ(print(packed, Form::Words),
            "#a = dense<[[true, false, true, false, false], [true, false, false, "
            "false, true]]> : tensor<2x5xi1>");
}

TEST(BooleanConstants, LeavesEverythingElse) {
  for (StringRef text : {
           // Elements of other types, one value for all, one element.
           "dense<\"0x00010001\"> : tensor<4xi8>",
           "dense<\"0x01\"> : tensor<1xi1>",
           "dense<\"0xFF\"> : tensor<4xi1>",
           // Not a number of bytes that fits, or a byte that is no boolean.
           "dense<\"0x0100\"> : tensor<3xi1>",
           "dense<\"0x010002\"> : tensor<3xi1>",
           "dense<\"0x01000\"> : tensor<3xi1>",
           "dense<\"0x01000g\"> : tensor<3xi1>",
           // Cut off.
           "dense<\"0x010001",
           "dense<\"0x010001\"",
           "dense<\"0x010001\"> : tensor<3x",
           "dense<\"0x010001\"> : tensor<99999999999999999999xi1>",
           "dense<\"0x010001\"> : !type",
           // In a string.
           "\"dense<\\\"0x010001\\\"> : tensor<3xi1>\"",
       }) {
    EXPECT_FALSE(packBooleanConstants(text)) << text.str();
    EXPECT_EQ(print(text, Form::Bytes), text.str());
    EXPECT_EQ(print(text, Form::Words), text.str());
  }
}

TEST(BooleanConstants, FindsAllOfALine) {
  StringRef line = "{a = dense<\"0x010001\"> : tensor<3xi1>, b = "
                   "dense<\"0x0001\">:vector<2xi1>, c = dense<\"0x0101000001\"> "
                   ": tensor<5xi1, #encoding>}";
  std::optional<std::string> packed = packBooleanConstants(line);
  ASSERT_TRUE(packed);
  EXPECT_EQ(*packed, "{a = dense<\"0x05\"    > : tensor<3xi1>, b = "
                     "dense<\"0x02\"  >:vector<2xi1>, c = dense<\"0x13\"        > "
                     ": tensor<5xi1, #encoding>}");
}

} // namespace
