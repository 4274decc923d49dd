//===- AxisParts.cpp - Axes of a mesh, and parts of them ------------------===//

#include "AxisParts.h"

using namespace mlir;
using namespace mlir::sdy;

std::optional<int64_t> MeshAxes::find(StringRef name) const {
  for (auto [number, axis] : llvm::enumerate(mesh.getAxes()))
    if (axis.getName() == name)
      return number;
  return std::nullopt;
}

AxisPart MeshAxes::get(AxisRefAttr axis) const {
  int64_t number = *find(axis.getName());
  if (SubAxisInfoAttr part = axis.getSubAxisInfo())
    return {number, part.getPreSize(), part.getPreSize() * part.getSize()};
  return {number, 1, getSize(number)};
}

AxisParts MeshAxes::get(ArrayRef<AxisRefAttr> axes) const {
  return llvm::map_to_vector(axes, [&](AxisRefAttr axis) { return get(axis); });
}

static std::string format(StringRef name, int64_t preSize, int64_t size) {
  return ("\"" + name + "\":(" + Twine(preSize) + ")" + Twine(size)).str();
}

std::string MeshAxes::toString(const AxisPart &part) const {
  StringRef name = mesh.getAxes()[part.axis].getName();
  if (part.begin == 1 && part.end == getSize(part.axis))
    return ("\"" + name + "\"").str();
  return format(name, part.begin, part.getSize());
}

std::string MeshAxes::toString(ArrayRef<AxisPart> parts) const {
  std::string text = "{";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(parts, os,
                        [&](const AxisPart &part) { os << toString(part); });
  return text + "}";
}

std::string MeshAxes::getNames() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(mesh.getAxes(), os, [&](MeshAxisAttr axis) {
    os << '"' << axis.getName() << '"';
  });
  return text.empty() ? "no axes" : text;
}

std::string sdy::toString(AxisRefAttr axis) {
  if (SubAxisInfoAttr part = axis.getSubAxisInfo())
    return format(axis.getName(), part.getPreSize(), part.getSize());
  return ("\"" + axis.getName() + "\"").str();
}

void sdy::appendPart(AxisParts &parts, const AxisPart &part) {
  if (!parts.empty() && parts.back().touches(part))
    parts.back().end = part.end;
  else
    parts.push_back(part);
}

bool sdy::removeLastPart(AxisParts &parts, const AxisPart &part) {
  if (parts.empty())
    return false;
  AxisPart &last = parts.back();
  if (last.axis != part.axis || last.end != part.end || part.begin < last.begin)
    return false;
  last.end = part.begin;
  if (last.begin == last.end)
    parts.pop_back();
  return true;
}

AxisParts sdy::sortParts(AxisParts parts) {
  llvm::sort(parts);
  AxisParts joined;
  for (const AxisPart &part : parts)
    appendPart(joined, part);
  return joined;
}

AxisParts sdy::subtractParts(ArrayRef<AxisPart> parts,
                             ArrayRef<AxisPart> others) {
  AxisParts rest(parts);
  for (const AxisPart &other : others) {
    AxisParts next;
    for (const AxisPart &part : rest) {
      if (!part.overlaps(other)) {
        next.push_back(part);
        continue;
      }
      if (part.begin < other.begin)
        next.push_back({part.axis, part.begin, other.begin});
      if (other.end < part.end)
        next.push_back({part.axis, other.end, part.end});
    }
    rest = std::move(next);
  }
  return rest;
}

int64_t sdy::countPieces(ArrayRef<AxisPart> parts) {
  int64_t count = 1;
  for (const AxisPart &part : parts)
    count *= part.getSize();
  return count;
}
