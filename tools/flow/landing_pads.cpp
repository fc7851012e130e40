// SPDX-License-Identifier: MIT
//
// Language-specific data areas for C++. No standard defines them; this is what GCC and clang write alike.
#include "flow/landing_pads.hpp"

#include <dwarf.h>

#include <algorithm>
#include <limits>

#include "elf/byte_reader.hpp"
#include "elf/frame_entries.hpp"
#include "elf/image.hpp"

namespace surefoot::tools {
namespace {

// What the file holds from an address on, to the end of its section.
std::span<const std::byte> bytes_from(const Image& image, std::uint64_t address) {
  const Section* section = image.section_at(address);
  if (section == nullptr || address - section->address >= section->bytes.size()) return {};
  return section->bytes.subspan(static_cast<std::size_t>(address - section->address));
}

void read_area(const Image& image, const FrameEntry& entry, LandingPads& found) {
  ByteReader reader(bytes_from(image, *entry.lsda), *entry.lsda);
  std::uint64_t base = entry.start;
  const auto base_encoding = static_cast<std::uint8_t>(reader.unsigned_number(1));
  if (base_encoding != DW_EH_PE_omit) base = read_encoded_address(reader, base_encoding);
  const auto type_encoding = static_cast<std::uint8_t>(reader.unsigned_number(1));
  if (type_encoding != DW_EH_PE_omit) static_cast<void>(reader.uleb128());
  const auto site_encoding = static_cast<std::uint8_t>(reader.unsigned_number(1));
  const std::uint64_t size = reader.uleb128();
  if (reader.has_failed() || size > reader.rest().size()) return;
  ByteReader sites(reader.rest().first(static_cast<std::size_t>(size)), reader.place());
  while (!sites.is_at_end()) {
    const std::uint64_t start = read_encoded_address(sites, site_encoding);
    const std::uint64_t length = read_encoded_address(sites, site_encoding);
    const std::uint64_t pad = read_encoded_address(sites, site_encoding);
    static_cast<void>(sites.uleb128());  // the action
    if (sites.has_failed()) return;
    const bool is_inside = start <= entry.end - entry.start && length <= entry.end - entry.start - start;
    if (pad == 0 || length == 0 || !is_inside) continue;
    found.push_back({.start = entry.start + start, .end = entry.start + start + length, .pad = base + pad});
  }
}

}  // namespace

LandingPads find_landing_pads(const Image& image) {
  LandingPads found;
  for (const FrameEntry& entry : image.frame_entries().entries) {
    if (entry.lsda) read_area(image, entry, found);
  }
  std::ranges::sort(found, {}, &LandingPad::start);
  LandingPads kept;
  for (const LandingPad& landing : found) {
    if (kept.empty() || landing.start >= kept.back().end) kept.push_back(landing);
  }
  return kept;
}

std::optional<std::uint64_t> pad_of(const LandingPads& landing_pads, std::uint64_t call) {
  auto at = std::ranges::upper_bound(landing_pads, call, {}, &LandingPad::start);
  if (at == landing_pads.begin() || call >= (--at)->end) return std::nullopt;
  return at->pad;
}

}  // namespace surefoot::tools
