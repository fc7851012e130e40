// SPDX-License-Identifier: MIT
//
// The instructions of an image, each distinct word decoded once. Words repeat: an image of 13 million instructions has
// a few hundred thousand, and a disassembler takes longer than all that is then done with one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "code/instruction.hpp"

namespace surefoot::tools {

class Vocabulary {
 public:
  /// Decodes the word, if it is a new one.
  void add(std::uint32_t word);
  /// The same as Decoder::decode(). Requires that the word was added. Threads may call it at once.
  [[nodiscard]] Instruction decode(std::uint32_t word, std::uint64_t pc) const;

 private:
  static constexpr std::uint32_t empty = ~std::uint32_t{0};

  [[nodiscard]] std::size_t place_of(std::uint32_t word) const;
  void grow();

  Decoder decoder_;
  std::vector<Instruction> instructions_;  // as at address 0
  // Indices of instructions_ or `empty`: a hash table of 2^n places, of which some are always empty. One index where a
  // std::unordered_map has a node.
  std::vector<std::uint32_t> places_ = std::vector<std::uint32_t>(1024, empty);
};

}  // namespace surefoot::tools
