// SPDX-License-Identifier: MIT
//
// One A64 instruction, in the few terms that matter to where a function keeps its caller's pair.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "code/flow.hpp"
#include "code/memory.hpp"
#include "code/registers.hpp"

namespace surefoot::tools {

/// How the second operand of an addition is made from its register.
struct Extension {
  std::uint8_t bytes = 8;  ///< the low bytes of the register that count
  bool is_signed = false;
  std::uint8_t shift = 0;
};

/// An address: base + offset, or base + extended index.
struct MemoryOperand {
  std::int32_t offset = 0;     ///< from the base as it is before the instruction
  std::int32_t writeback = 0;  ///< added to the base by the instruction
  std::uint8_t base = 0;       ///< 31 is sp
  bool has_index = false;
  std::uint8_t index = 0;  ///< 31 is XZR
  Extension extension;
};

struct Instruction {
  enum class Operation : std::uint8_t {
    other,         ///< the registers in `written` become unknown; memory_written() tells the rest
    unknown,       ///< not allocated: all becomes unknown
    set,           ///< destination = number
    insert,        ///< 16 bits of destination = number, from bit `shift` on
    add,           ///< destination = source + number
    add_register,  ///< destination = source + extended second source
    subtract_register,
    mask,              ///< destination = source & number
    load,              ///< registers[] from memory
    store,             ///< registers[] to memory
    compare,           ///< flags = source - number
    compare_register,  ///< flags = source - second source, whole
    sign,
    authenticate,
    strip,
  };
  static constexpr std::uint8_t not_general = 0xff;  ///< a vector register

  // By falling size: one is kept for each instruction of a function while that is followed.
  Flow flow;
  std::int64_t number = 0;
  std::uint32_t word = 0;
  RegisterSet written = 0;
  MemoryOperand memory;
  Operation operation = Operation::other;
  bool is_32_bit = false;  ///< on w registers, or as if: what is written is extended with zeros
  bool sets_flags = false;
  std::uint8_t destination = 0;  ///< 31 is sp
  std::uint8_t source = 0;       ///< 31 is sp
  std::uint8_t second = 0;       ///< 31 is XZR
  Extension extension;           ///< of the second source
  std::uint8_t shift = 0;
  std::uint8_t access_bytes = 0;  ///< for each register
  bool is_sign_extended = false;
  std::uint8_t register_count = 0;
  std::uint8_t registers[2] = {};  ///< of a load or store; 31 is XZR
};

/// True for the instructions of which no disassembler is asked: branches to a label, ADR and ADRP. They hold an
/// address, and so are the words that differ most.
[[nodiscard]] bool is_decoded_by_encoding(std::uint32_t word);

/// Decodes by Capstone, and by encoding group what Capstone does not know. Not for several threads at once.
class Decoder {
 public:
  Decoder();
  [[nodiscard]] Instruction decode(std::uint32_t word, std::uint64_t pc) const;
  /// For people: "stp x29, x30, [sp, #-0x20]!", or ".inst 0x..." where Capstone knows no better.
  [[nodiscard]] std::string to_text(std::uint32_t word, std::uint64_t pc) const;

 private:
  struct Handle;
  std::shared_ptr<Handle> handle_;
};

}  // namespace surefoot::tools
