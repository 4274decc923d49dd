// RUN: cegm-opt %s --cegm-to-nvvm --split-input-file --verify-diagnostics

// What is not a cegm op has no kernel.

func.func @rest(%x: tensor<4x8xf32>, %w: tensor<4xf32>) -> tensor<4x8xf32> {
  %0 = cegm.scale %x by %w tokens = [0] : (tensor<4x8xf32>, tensor<4xf32>) -> tensor<4x8xf32>
  // expected-error @+1 {{op was not bufferized}}
  %1 = stablehlo.add %0, %x : tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// -----

func.func @host(%x: tensor<4xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  // expected-error @+1 {{'memref.load' op reads or writes a buffer on the host, but buffers are on the GPU}}
  %0 = tensor.extract %x[%c0] : tensor<4xf32>
  return %0 : f32
}

// -----

// An op with a region that reads and writes buffers by itself.
func.func @product(%x: tensor<4x8xf32>, %y: tensor<8x2xf32>, %out: tensor<4x2xf32>)
    -> tensor<4x2xf32> {
  // expected-error @+1 {{'linalg.matmul' op reads or writes a buffer on the host, but buffers are on the GPU}}
  %0 = linalg.matmul ins(%x, %y : tensor<4x8xf32>, tensor<8x2xf32>)
      outs(%out : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}
