// SPDX-License-Identifier: MIT
//
// The frame description entries of .eh_frame and .debug_frame [dwarf5 §6.4.1], found but not interpreted: functions
// take their bounds from them, CFI its rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace surefoot::tools {

class ByteReader;
struct RawSymbol;
struct Section;

/// What the entries that name one CIE share.
struct CommonFrameEntry {
  std::uint64_t code_factor = 1;
  std::int64_t data_factor = 1;
  std::uint64_t return_address_register = 0;
  std::uint8_t pointer_encoding = 0;  ///< DW_EH_PE_*, of addresses in FDEs
  std::uint8_t lsda_encoding = 0xff;  ///< DW_EH_PE_omit: FDEs name no language-specific data area
  bool has_augmentation_data = false;
  bool is_signal_frame = false;
  std::span<const std::byte> instructions;
};

/// An FDE: instructions that say how the frame changes over [start, end).
struct FrameEntry {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::size_t common = 0;  ///< index of its CIE
  bool is_eh_frame = false;
  std::optional<std::uint64_t> lsda;  ///< the address of its language-specific data area
  std::span<const std::byte> instructions;
  std::uint64_t instructions_address = 0;  ///< of their first byte, for addresses that are relative to their own place
};

struct FrameEntries {
  std::vector<CommonFrameEntry> common;
  std::vector<FrameEntry> entries;  ///< none empty, none that wraps
  std::size_t faulty = 0;           ///< entries that were left out because of what is wrong with them
};

/// Appends the entries of a section that lies at `address`. `bytes` must stay in place.
void read_frame_entries(std::span<const std::byte> bytes, std::uint64_t address, bool is_eh_frame,
                        FrameEntries& entries);

/// Leaves the entries that can be believed, by rising start, none overlapping, and counts the others as faulty. Outside
/// code none is true. What both sections describe .eh_frame describes. Of two entries of one section that overlap
/// either may be wrong, so neither stays, unless they say the same. Those of code that the linker has dropped are left
/// out without being counted.
void keep_sound_entries(FrameEntries& entries, std::span<const Section> sections, std::span<const RawSymbol> symbols);

/// An address as DW_EH_PE_* `encoding` says. An encoding that is of no use for code fails the reader.
[[nodiscard]] std::uint64_t read_encoded_address(ByteReader& reader, std::uint8_t encoding);

}  // namespace surefoot::tools
