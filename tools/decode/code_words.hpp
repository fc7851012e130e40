// SPDX-License-Identifier: MIT
//
// The words of a `Code:` line: disassembled, and compared with the image.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "code/instruction.hpp"
#include "decode/images.hpp"
#include "decode/note.hpp"

namespace surefoot::tools {

struct CodeComparison {
  std::vector<InstructionNote> instructions;
  std::size_t compared = 0;
  std::size_t different = 0;
};

class CodeWords {
 public:
  /// `pc`: the instruction that the marked word is, if it was found in an image.
  [[nodiscard]] CodeComparison compare(std::span<const CodeWord> words, const std::optional<Resolved>& pc) const;

 private:
  [[nodiscard]] std::string text_of(std::uint32_t word, std::uint64_t address, const LoadedImage* image) const;

  Decoder decoder_;
};

}  // namespace surefoot::tools
