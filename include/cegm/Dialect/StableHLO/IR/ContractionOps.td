//===- ContractionOps.td - Products, convolutions, linear algebra ---------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_CONTRACTIONOPS_TD
#define CEGM_DIALECT_STABLEHLO_IR_CONTRACTIONOPS_TD

include "cegm/Dialect/StableHLO/IR/StablehloAttrs.td"

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

def StableHLO_DotOp : StableHLO_PureOp<"dot"> {
  let summary = "Product of vectors and matrices (deprecated)";
  let arguments = (ins HLO_Tensor:$lhs, HLO_Tensor:$rhs,
      OptionalAttr<StableHLO_PrecisionConfigAttr>:$precision_config);
  let results = (outs HLO_Tensor:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs `` custom<PrecisionConfig>($precision_config) attr-dict
      `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def StableHLO_DotGeneralOp : StableHLO_PureOp<"dot_general"> {
  let summary = "Product of tensors, summed over pairs of dimensions";
  let description = [{
    The dimensions of the result are the batching ones, then the free ones of
    `lhs`, then the free ones of `rhs`.

    ```mlir
    %2 = stablehlo.dot_general %0, %1, batching_dims = [0] x [0],
        contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT]
        : (tensor<8x2x4xf32>, tensor<8x4x3xf32>) -> tensor<8x2x3xf32>
    ```
  }];
  let arguments = (ins HLO_Tensor:$lhs, HLO_Tensor:$rhs,
      StableHLO_DotDimensionNumbers:$dot_dimension_numbers,
      OptionalAttr<StableHLO_PrecisionConfigAttr>:$precision_config,
      OptionalAttr<StableHLO_DotAlgorithm>:$algorithm);
  let results = (outs HLO_Tensor:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs `,` custom<DotDimensionNumbers>($dot_dimension_numbers) ``
      custom<PrecisionConfigAndAlgorithm>($precision_config, $algorithm)
      attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def StableHLO_EinsumOp : StableHLO_PureOp<"einsum"> {
  let summary = "Product by Einstein notation (deprecated)";
  let arguments = (ins HLO_Tensor:$lhs, HLO_Tensor:$rhs, StrAttr:$einsum_config);
  let results = (outs HLO_Tensor:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs `,` `config` `=` $einsum_config attr-dict
      `:` functional-type(operands, results)
  }];
}

def StableHLO_UnaryEinsumOp : StableHLO_PureOp<"unary_einsum"> {
  let summary = "Sum or permutation by Einstein notation (deprecated)";
  let arguments = (ins HLO_Tensor:$operand, StrAttr:$einsum_config);
  let results = (outs HLO_Tensor:$result);
  let assemblyFormat = [{
    $operand `,` `config` `=` $einsum_config attr-dict
      `:` functional-type(operands, results)
  }];
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

class StableHLO_AnyConvolutionOp<string mnemonic> : StableHLO_PureOp<mnemonic> {
  dag windowAttributes = (ins
    OptionalAttr<DenseI64ArrayAttr>:$lhs_dilation,
    OptionalAttr<DenseI64ArrayAttr>:$rhs_dilation,
    OptionalAttr<DenseBoolArrayAttr>:$window_reversal,
    StableHLO_ConvDimensionNumbers:$dimension_numbers,
    ConfinedAttr<I64Attr, [IntPositive]>:$feature_group_count,
    ConfinedAttr<I64Attr, [IntPositive]>:$batch_group_count,
    OptionalAttr<StableHLO_PrecisionConfigAttr>:$precision_config);
  let results = (outs HLO_Tensor:$result);
}

def StableHLO_ConvolutionOp : StableHLO_AnyConvolutionOp<"convolution"> {
  let summary = "Convolution";
  let arguments = !con(
    (ins HLO_Tensor:$lhs, HLO_Tensor:$rhs,
         OptionalAttr<DenseI64ArrayAttr>:$window_strides,
         OptionalAttr<I64ElementsAttr>:$padding),
    windowAttributes);
  let assemblyFormat = [{
    `(` operands `)` `dim_numbers` `=`
      custom<ConvolutionDimensions>($dimension_numbers) `,` `window` `=` `{`
      custom<WindowAttributes>($window_strides, $padding, $lhs_dilation,
                               $rhs_dilation, $window_reversal) `}`
      attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def StableHLO_DynamicConvOp : StableHLO_AnyConvolutionOp<"dynamic_conv"> {
  let summary = "Convolution whose padding is an operand";
  let arguments = !con(
    (ins HLO_Tensor:$lhs, HLO_Tensor:$rhs, HLO_IntTensor:$padding,
         OptionalAttr<DenseI64ArrayAttr>:$window_strides),
    windowAttributes);
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Linear algebra and transforms
//===----------------------------------------------------------------------===//

def StableHLO_CholeskyOp : StableHLO_PureOp<"cholesky"> {
  let summary = "Cholesky factor of a batch of matrices";
  let arguments = (ins HLO_FpOrComplexTensor:$a,
                       DefaultValuedOptionalAttr<BoolAttr, "false">:$lower);
  let results = (outs HLO_FpOrComplexTensor:$result);
  let assemblyFormat = [{
    $a (`,` `lower` `=` $lower^)? attr-dict
      `:` custom<SameOperandsAndResultType>(type($a), type($result))
  }];
  let hasVerifier = 1;
}

def StableHLO_TriangularSolveOp : StableHLO_PureOp<"triangular_solve"> {
  let summary = "Solution of a batch of triangular systems";
  let arguments = (ins HLO_FpOrComplexTensor:$a, HLO_FpOrComplexTensor:$b,
                       BoolAttr:$left_side, BoolAttr:$lower,
                       BoolAttr:$unit_diagonal,
                       StableHLO_TransposeAttr:$transpose_a);
  let results = (outs HLO_FpOrComplexTensor:$result);
  let hasVerifier = 1;
}

def StableHLO_FftOp : StableHLO_PureOp<"fft"> {
  let summary = "Discrete Fourier transform over the last dimensions";
  let arguments = (ins HLO_FpOrComplexTensor:$operand,
                       StableHLO_FftTypeAttr:$fft_type,
                       DenseI64ArrayAttr:$fft_length);
  let results = (outs HLO_FpOrComplexTensor:$result);
  let assemblyFormat = [{
    $operand `,` `type` `=` `` $fft_type `,` `length` `=` $fft_length attr-dict
      `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif // CEGM_DIALECT_STABLEHLO_IR_CONTRACTIONOPS_TD
