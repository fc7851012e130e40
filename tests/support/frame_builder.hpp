// SPDX-License-Identifier: MIT
//
// Builds .eh_frame and .debug_frame sections, byte by byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "support/elf_builder.hpp"

namespace surefoot::testing {

/// One CIE or more, each followed by FDEs.
class FrameBuilder {
 public:
  /// A section that lies at `address`.
  static FrameBuilder eh_frame(std::uint64_t address) { return FrameBuilder(address, true); }
  static FrameBuilder debug_frame() { return FrameBuilder(0, false); }

  struct Common {
    std::string augmentation = "zR";
    std::uint8_t pointer_encoding = 0x1b;  ///< DW_EH_PE_pcrel | DW_EH_PE_sdata4; read only with an augmentation
    std::uint8_t code_factor = 4;
    std::int8_t data_factor = -8;
    std::uint8_t return_address_register = 30;
    Bytes instructions = {std::byte{0x0c}, std::byte{31}, std::byte{0}};  ///< DW_CFA_def_cfa: sp, 0
  };
  FrameBuilder& common(const Common& common);
  FrameBuilder& common() { return common({}); }
  /// An FDE of the last CIE.
  FrameBuilder& describe(std::uint64_t start, std::uint64_t size, const Bytes& instructions = {});
  /// Anything, for a fault.
  FrameBuilder& raw(const Bytes& bytes);

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  /// As a section of an image.
  [[nodiscard]] ElfBuilder::SectionSpec section() const;

 private:
  FrameBuilder(std::uint64_t address, bool is_eh_frame) : address_(address), is_eh_frame_(is_eh_frame) {}
  void append_entry(const Bytes& entry);

  std::uint64_t address_;
  bool is_eh_frame_;
  Bytes bytes_;
  Common common_;
  std::size_t common_at_ = 0;
};

/// Call frame instructions from their bytes.
[[nodiscard]] Bytes cfi(std::initializer_list<int> values);

}  // namespace surefoot::testing
