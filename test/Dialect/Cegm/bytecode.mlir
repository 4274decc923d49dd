// Bytecode keeps every op, operand and attribute.
// RUN: cegm-opt %S/basic.mlir --mlir-print-op-generic > %t.text
// RUN: cegm-opt %S/basic.mlir --emit-bytecode | cegm-opt --mlir-print-op-generic > %t.bytecode
// RUN: diff %t.text %t.bytecode
// RUN: FileCheck %s < %t.bytecode

// CHECK-COUNT-2: "cegm.score"
// CHECK-COUNT-2: "cegm.couple"
// CHECK-COUNT-2: "cegm.weigh"
// CHECK: "cegm.scale"
// CHECK: "cegm.audit"
// CHECK: "cegm.remove_radial"
// CHECK-COUNT-2: "cegm.entangle"
