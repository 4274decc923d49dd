//===- InputFormat.cpp - What a file is that is no MLIR -------------------===//

#include "cegm/Support/InputFormat.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;

/// Who wrote the bytecode: after the magic number and the version, of one byte.
static std::optional<StringRef> getProducer(StringRef contents) {
  if (!contents.consume_front("ML\xefR"))
    return std::nullopt;
  return contents.drop_front(!contents.empty()).split('\0').first;
}

std::optional<std::string> cegm::describeForeignInput(StringRef contents) {
  if (std::optional<StringRef> producer = getProducer(contents)) {
    if (!producer->starts_with("StableHLO_v"))
      return std::nullopt;
    return ("is a portable artifact of StableHLO (" + *producer +
            ", dialect 'vhlo'), expected StableHLO; write it as text: "
            "exported.mlir_module() of jax.export, or "
            "stablehlo-translate --deserialize")
        .str();
  }
  if (contents.starts_with("\xff\xfe") || contents.starts_with("\xfe\xff"))
    return "is text in UTF-16, expected UTF-8; convert it: iconv -f UTF-16 -t "
           "UTF-8";
  if (contents.starts_with("\x1f\x8b"))
    return "is compressed by gzip; decompress it first: gunzip -c";
  if (contents.starts_with("PK\x03\x04"))
    return "is a zip archive (a program of torch.export or a model of Keras, "
           "say), expected the text of a train step";
  if (contents.take_front(1024).contains('\0'))
    return "is neither MLIR text nor MLIR bytecode";
  return std::nullopt;
}

std::unique_ptr<llvm::MemoryBuffer>
cegm::dropByteOrderMark(std::unique_ptr<llvm::MemoryBuffer> buffer) {
  StringRef text = buffer->getBuffer();
  if (!text.consume_front("\xef\xbb\xbf"))
    return buffer;
  return llvm::MemoryBuffer::getMemBufferCopy(text,
                                              buffer->getBufferIdentifier());
}
