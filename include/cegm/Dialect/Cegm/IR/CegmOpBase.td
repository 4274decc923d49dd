//===- CegmOpBase.td - Types and classes that the ops share ---------------===//

#ifndef CEGM_DIALECT_CEGM_IR_CEGMOPBASE
#define CEGM_DIALECT_CEGM_IR_CEGMOPBASE

include "cegm/Dialect/Cegm/IR/CegmAttributes.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Cegm_Op<string mnemonic, list<Trait> traits = []>
    : Op<Cegm_Dialect, mnemonic, [Pure, InferTypeOpAdaptor] # traits> {
  let hasVerifier = 1;
}

/// A tensor of the training graph.
def Cegm_Tensor : RankedTensorOf<[F16, BF16, F32, F64]>;
/// One number a token, in the score type.
def Cegm_TokenTensor : RankedTensorOf<[F32, F64]>;
/// One flag a token.
def Cegm_FlagTensor : RankedTensorOf<[I1]>;
def Cegm_Scalar : 0DTensorOf<[F32, F64]>;
def Cegm_Index : 0DTensorOf<[AnyInteger]>;

/// Groups of devices that run the same op on tokens of their own, a row a
/// group: what the op computes over all tokens, it computes over those of the
/// group. None for the tokens at hand.
def Cegm_DeviceGroups : OptionalAttr<I64ElementsAttr>;

#endif // CEGM_DIALECT_CEGM_IR_CEGMOPBASE
