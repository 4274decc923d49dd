//===- AxisParts.h - Axes of a mesh, and parts of them ----------*- C++ -*-===//

#ifndef CEGM_LIB_DIALECT_SHARDY_IR_AXISPARTS_H
#define CEGM_LIB_DIALECT_SHARDY_IR_AXISPARTS_H

#include "cegm/Dialect/Shardy/IR/SdyDialect.h"

namespace mlir::sdy {

/// A part of an axis, or the whole. An axis of size 8 that is taken apart into
/// 2 x 4 has the parts from 1 to 2 and from 2 to 8: what is left of a part cuts
/// into `begin` pieces, and it cuts each into `end / begin`.
struct AxisPart {
  int64_t axis, begin, end;

  bool operator==(const AxisPart &other) const = default;
  auto operator<=>(const AxisPart &other) const = default;

  int64_t getSize() const { return end / begin; }
  bool overlaps(const AxisPart &other) const {
    return axis == other.axis && begin < other.end && other.begin < end;
  }
  /// Whether `next`, beside it on the right, makes one part with it.
  bool touches(const AxisPart &next) const {
    return axis == next.axis && end == next.begin;
  }
};

using AxisParts = SmallVector<AxisPart>;

/// The axes of one mesh, numbered.
class MeshAxes {
public:
  explicit MeshAxes(MeshAttr mesh) : mesh(mesh) {}

  MeshAttr getMesh() const { return mesh; }
  std::optional<int64_t> find(StringRef name) const;
  int64_t getSize(int64_t axis) const { return mesh.getAxes()[axis].getSize(); }

  /// The parts that `axes` name. All of them must be axes of the mesh.
  AxisPart get(AxisRefAttr axis) const;
  AxisParts get(ArrayRef<AxisRefAttr> axes) const;

  /// As in the text of a sharding.
  std::string toString(const AxisPart &part) const;
  std::string toString(ArrayRef<AxisPart> parts) const;
  /// The names of all axes.
  std::string getNames() const;

private:
  MeshAttr mesh;
};

/// An axis as in the text of a sharding.
std::string toString(AxisRefAttr axis);

/// Adds a part on the right, as one with the last if they touch.
void appendPart(AxisParts &parts, const AxisPart &part);

/// Takes a part off the right; false if it is not there.
bool removeLastPart(AxisParts &parts, const AxisPart &part);

/// In the order of the mesh, those that touch as one.
AxisParts sortParts(AxisParts parts);

/// What `others` leave of `parts`.
AxisParts subtractParts(ArrayRef<AxisPart> parts, ArrayRef<AxisPart> others);

/// Into how many pieces all of them cut.
int64_t countPieces(ArrayRef<AxisPart> parts);

} // namespace mlir::sdy

#endif // CEGM_LIB_DIALECT_SHARDY_IR_AXISPARTS_H
