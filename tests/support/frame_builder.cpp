// SPDX-License-Identifier: MIT
#include "support/frame_builder.hpp"

#include <dwarf.h>

namespace surefoot::testing {
namespace {

constexpr unsigned format_mask = 0x0f;

unsigned pointer_size(std::uint8_t encoding) {
  switch (encoding & format_mask) {
    case DW_EH_PE_udata2:
    case DW_EH_PE_sdata2: return 2;
    case DW_EH_PE_udata4:
    case DW_EH_PE_sdata4: return 4;
    default: return 8;
  }
}

// After the length and the CIE's place.
constexpr std::size_t entry_header_size = 8;

}  // namespace

Bytes cfi(std::initializer_list<int> values) {
  Bytes bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

void FrameBuilder::append_entry(const Bytes& entry) {
  // Entries end on a multiple of 8, filled up by DW_CFA_nop.
  const std::size_t size = (4 + entry.size() + 7) / 8 * 8 - 4;
  append(bytes_, size, 4);
  bytes_.insert(bytes_.end(), entry.begin(), entry.end());
  bytes_.resize(bytes_.size() + size - entry.size());
}

FrameBuilder& FrameBuilder::common(const Common& common) {
  common_ = common;
  if (!is_eh_frame_) {
    common_.augmentation.clear();
    common_.pointer_encoding = DW_EH_PE_absptr;
  }
  common_at_ = bytes_.size();
  Bytes entry;
  append(entry, is_eh_frame_ ? 0 : 0xffff'ffff, 4);
  append(entry, 1, 1);  // version
  append(entry, common_.augmentation);
  append(entry, 0, 1);
  append(entry, common_.code_factor, 1);
  append(entry, static_cast<std::uint8_t>(common_.data_factor & 0x7f), 1);
  append(entry, common_.return_address_register, 1);
  if (common_.augmentation.starts_with('z')) {
    const bool has_encoding = common_.augmentation.find('R') != std::string::npos;
    append(entry, has_encoding ? 1 : 0, 1);
    if (has_encoding) append(entry, common_.pointer_encoding, 1);
  }
  entry.insert(entry.end(), common_.instructions.begin(), common_.instructions.end());
  append_entry(entry);
  return *this;
}

FrameBuilder& FrameBuilder::describe(std::uint64_t start, std::uint64_t size, const Bytes& instructions) {
  Bytes entry;
  append(entry, is_eh_frame_ ? bytes_.size() + 4 - common_at_ : common_at_, 4);
  const bool is_relative = (common_.pointer_encoding & DW_EH_PE_pcrel) != 0;
  append(entry, is_relative ? start - (address_ + bytes_.size() + entry_header_size) : start,
         pointer_size(common_.pointer_encoding));
  append(entry, size, pointer_size(common_.pointer_encoding));
  if (common_.augmentation.starts_with('z')) append(entry, 0, 1);
  entry.insert(entry.end(), instructions.begin(), instructions.end());
  append_entry(entry);
  return *this;
}

FrameBuilder& FrameBuilder::raw(const Bytes& bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}

ElfBuilder::SectionSpec FrameBuilder::section() const {
  return {.name = is_eh_frame_ ? ".eh_frame" : ".debug_frame",
          .flags = is_eh_frame_ ? std::uint64_t{SHF_ALLOC} : 0,
          .address = address_,
          .bytes = bytes_};
}

}  // namespace surefoot::testing
