// What speaks for a gradient, one rule a module (docs/analysis.md).
// RUN: cegm-opt %s --split-input-file --explain-entanglement -o /dev/null | FileCheck %s

// The form alone is no gradient: a product that pools is forward, since the
// gradient of the head is computed from it.
// CHECK: Train step 'pooling': 2 sites
// CHECK: w {{ *}}4x3 {{ *}}dense {{ *}}2x5 {{.*}} dw{{$}}
// CHECK: head {{.*}} dhead{{$}}
func.func @pooling(%w: tensor<4x3xf32> loc("w"), %head: tensor<4x7xf32> loc("head"), %x: tensor<2x5x4xf32>) -> (tensor<4x3xf32>, tensor<4x7xf32>) {
  %s = stablehlo.dot_general %x, %w, contracting_dims = [2] x [0] : (tensor<2x5x4xf32>, tensor<4x3xf32>) -> tensor<2x5x3xf32>
  %a = stablehlo.tanh %s : tensor<2x5x3xf32>
  %pooled = stablehlo.dot_general %a, %x, batching_dims = [0] x [0], contracting_dims = [1] x [1] : (tensor<2x5x3xf32>, tensor<2x5x4xf32>) -> tensor<2x3x4xf32> loc("pooled")
  %y = stablehlo.dot_general %pooled, %head, contracting_dims = [2] x [0] : (tensor<2x3x4xf32>, tensor<4x7xf32>) -> tensor<2x3x7xf32>
  %dy = stablehlo.tanh %y : tensor<2x3x7xf32>
  %dhead = stablehlo.dot_general %pooled, %dy, contracting_dims = [0, 1] x [0, 1] : (tensor<2x3x4xf32>, tensor<2x3x7xf32>) -> tensor<4x7xf32> loc("dhead")
  %dpooled = stablehlo.dot_general %dy, %head, contracting_dims = [2] x [1] : (tensor<2x3x7xf32>, tensor<4x7xf32>) -> tensor<2x3x4xf32>
  %da = stablehlo.dot_general %x, %dpooled, batching_dims = [0] x [0], contracting_dims = [2] x [2] : (tensor<2x5x4xf32>, tensor<2x3x4xf32>) -> tensor<2x5x3xf32>
  %ds = stablehlo.multiply %da, %a : tensor<2x5x3xf32>
  %dw = stablehlo.dot_general %x, %ds, contracting_dims = [0, 1] x [0, 1] : (tensor<2x5x4xf32>, tensor<2x5x3xf32>) -> tensor<4x3xf32> loc("dw")
  %nw = stablehlo.subtract %w, %dw : tensor<4x3xf32>
  %nh = stablehlo.subtract %head, %dhead : tensor<4x7xf32>
  return %nw, %nh : tensor<4x3xf32>, tensor<4x7xf32>
}

// -----

// Weights of one shape on one input are told apart by what is updated, here by
// the parts of one vector.
// CHECK: Train step 'flat': 2 sites
// CHECK: b {{.*}} db{{$}}
// CHECK: a {{.*}} da{{$}}
func.func @flat(%a: tensor<4x3xf32> loc("a"), %b: tensor<4x3xf32> loc("b"), %x: tensor<5x4xf32>) -> (tensor<4x3xf32>, tensor<4x3xf32>) {
  %ya = stablehlo.dot_general %x, %a, contracting_dims = [1] x [0] : (tensor<5x4xf32>, tensor<4x3xf32>) -> tensor<5x3xf32>
  %yb = stablehlo.dot_general %x, %b, contracting_dims = [1] x [0] : (tensor<5x4xf32>, tensor<4x3xf32>) -> tensor<5x3xf32>
  %y = stablehlo.multiply %ya, %yb : tensor<5x3xf32>
  %da = stablehlo.multiply %y, %yb : tensor<5x3xf32>
  %db = stablehlo.multiply %y, %ya : tensor<5x3xf32>
  %gb = stablehlo.dot_general %x, %db, contracting_dims = [0] x [0] : (tensor<5x4xf32>, tensor<5x3xf32>) -> tensor<4x3xf32> loc("db")
  %ga = stablehlo.dot_general %x, %da, contracting_dims = [0] x [0] : (tensor<5x4xf32>, tensor<5x3xf32>) -> tensor<4x3xf32> loc("da")
  %fa = stablehlo.reshape %a : (tensor<4x3xf32>) -> tensor<12xf32>
  %fb = stablehlo.reshape %b : (tensor<4x3xf32>) -> tensor<12xf32>
  %fga = stablehlo.reshape %ga : (tensor<4x3xf32>) -> tensor<12xf32>
  %fgb = stablehlo.reshape %gb : (tensor<4x3xf32>) -> tensor<12xf32>
  %p = stablehlo.concatenate %fa, %fb, dim = 0 : (tensor<12xf32>, tensor<12xf32>) -> tensor<24xf32>
  %g = stablehlo.concatenate %fga, %fgb, dim = 0 : (tensor<12xf32>, tensor<12xf32>) -> tensor<24xf32>
  %n = stablehlo.subtract %p, %g : tensor<24xf32>
  %na = stablehlo.slice %n [0:12] : (tensor<24xf32>) -> tensor<12xf32>
  %nb = stablehlo.slice %n [12:24] : (tensor<24xf32>) -> tensor<12xf32>
  %ra = stablehlo.reshape %na : (tensor<12xf32>) -> tensor<4x3xf32>
  %rb = stablehlo.reshape %nb : (tensor<12xf32>) -> tensor<4x3xf32>
  return %ra, %rb : tensor<4x3xf32>, tensor<4x3xf32>
}

// -----

// A gradient keeps its weight through the products of a preconditioner; what is
// only squared on its way to the update is a statistic.
// CHECK: Train step 'preconditioned': 1 site
// CHECK: w {{.*}} dw{{$}}
func.func @preconditioned(%w: tensor<4x3xf32> loc("w"), %left: tensor<4x4xf32>, %x: tensor<5x4xf32>, %z: tensor<5x3xf32>) -> (tensor<4x3xf32>, tensor<4x4xf32>) {
  %y = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<5x4xf32>, tensor<4x3xf32>) -> tensor<5x3xf32>
  %dy = stablehlo.tanh %y : tensor<5x3xf32>
  %other = stablehlo.multiply %dy, %z : tensor<5x3xf32>
  %dw = stablehlo.dot_general %x, %dy, contracting_dims = [0] x [0] : (tensor<5x4xf32>, tensor<5x3xf32>) -> tensor<4x3xf32> loc("dw")
  %curvature = stablehlo.dot_general %x, %other, contracting_dims = [0] x [0] : (tensor<5x4xf32>, tensor<5x3xf32>) -> tensor<4x3xf32> loc("curvature")
  %square = stablehlo.multiply %curvature, %curvature : tensor<4x3xf32>
  %gram = stablehlo.dot_general %dw, %dw, contracting_dims = [1] x [1] : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x4xf32>
  %newLeft = stablehlo.add %left, %gram : tensor<4x4xf32>
  %u = stablehlo.dot_general %newLeft, %dw, contracting_dims = [1] x [0] : (tensor<4x4xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  %scaled = stablehlo.divide %u, %square : tensor<4x3xf32>
  %new = stablehlo.subtract %w, %scaled : tensor<4x3xf32>
  return %new, %newLeft : tensor<4x3xf32>, tensor<4x4xf32>
}

// -----

// An input that is scaled first is the input, and a constant may be the cotangent
// of a loss that is linear in the output.
// CHECK: Train step 'linear': 1 site
// CHECK: w {{.*}} dw{{$}}
func.func @linear(%w: tensor<4x3xf32> loc("w"), %rate: tensor<f32>, %x: tensor<5x4xf32>) -> tensor<4x3xf32> {
  %ones = stablehlo.constant dense<1.0> : tensor<5x3xf32>
  %rates = stablehlo.broadcast_in_dim %rate, dims = [] : (tensor<f32>) -> tensor<5x4xf32>
  %y = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<5x4xf32>, tensor<4x3xf32>) -> tensor<5x3xf32>
  %scaled = stablehlo.multiply %rates, %x : tensor<5x4xf32>
  %dw = stablehlo.dot_general %scaled, %ones, contracting_dims = [0] x [0] : (tensor<5x4xf32>, tensor<5x3xf32>) -> tensor<4x3xf32> loc("dw")
  %new = stablehlo.subtract %w, %dw : tensor<4x3xf32>
  return %new : tensor<4x3xf32>
}

// -----

// An indicator is no derivative: a codebook that moves by averages has no gradient.
// CHECK: Train step 'codebook': 0 sites, 1 left alone
// CHECK: book {{.*}} no-gradient
func.func @codebook(%book: tensor<3x4xf32> loc("book"), %x: tensor<5x4xf32>) -> tensor<3x4xf32> {
  %s = stablehlo.dot_general %x, %book, contracting_dims = [1] x [1] : (tensor<5x4xf32>, tensor<3x4xf32>) -> tensor<5x3xf32>
  %zero = stablehlo.constant dense<0.0> : tensor<5x3xf32>
  %near = stablehlo.compare GT, %s, %zero : (tensor<5x3xf32>, tensor<5x3xf32>) -> tensor<5x3xi1>
  %code = stablehlo.convert %near : (tensor<5x3xi1>) -> tensor<5x3xf32>
  %sum = stablehlo.dot_general %code, %x, contracting_dims = [0] x [0] : (tensor<5x3xf32>, tensor<5x4xf32>) -> tensor<3x4xf32>
  %new = stablehlo.add %book, %sum : tensor<3x4xf32>
  return %new : tensor<3x4xf32>
}

// -----

// Rows that are added to the table itself, by indices that are brought into range
// anew, are the gradient of its embedding.
// CHECK: Train step 'rows': 1 site
// CHECK: table {{.*}} embedding
func.func @rows(%table: tensor<9x4xf32> loc("table"), %ids: tensor<5x1xi32>) -> tensor<9x4xf32> {
  %zero = stablehlo.constant dense<0> : tensor<5x1xi32>
  %size = stablehlo.constant dense<9> : tensor<5x1xi32>
  %low = stablehlo.compare LT, %ids, %zero : (tensor<5x1xi32>, tensor<5x1xi32>) -> tensor<5x1xi1>
  %up = stablehlo.add %ids, %size : tensor<5x1xi32>
  %in = stablehlo.select %low, %up, %ids : tensor<5x1xi1>, tensor<5x1xi32>
  %x = "stablehlo.gather"(%table, %in) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 4>}> : (tensor<9x4xf32>, tensor<5x1xi32>) -> tensor<5x4xf32>
  %init = stablehlo.constant dense<0.0> : tensor<f32>
  %norm = stablehlo.reduce(%x init: %init) applies stablehlo.add across dimensions = [1] : (tensor<5x4xf32>, tensor<f32>) -> tensor<5xf32>
  %norms = stablehlo.broadcast_in_dim %norm, dims = [0] : (tensor<5xf32>) -> tensor<5x4xf32>
  %dx = stablehlo.multiply %norms, %x : tensor<5x4xf32>
  %again = stablehlo.select %low, %up, %ids : tensor<5x1xi1>, tensor<5x1xi32>
  %new = "stablehlo.scatter"(%table, %again, %dx) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %sum = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %sum : tensor<f32>
  }) : (tensor<9x4xf32>, tensor<5x1xi32>, tensor<5x4xf32>) -> tensor<9x4xf32>
  return %new : tensor<9x4xf32>
}
