// SPDX-License-Identifier: MIT
#include "elf/layout.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <string_view>
#include <tuple>

namespace surefoot::tools {
namespace {

// Everything within what a 32-bit distance can say, and ADRP.
constexpr std::uint64_t first_address = 0x10000;
constexpr std::uint64_t max_address = std::uint64_t{1} << 31;
constexpr std::uint64_t gap = 16;
constexpr std::uint64_t page = 0x1000;
constexpr std::uint64_t undefined_stride = 16;

bool is_linked(const RawSection& section) { return (section.header.sh_flags & SHF_LINK_ORDER) != 0; }

class Placer {
 public:
  explicit Placer(std::vector<RawSection>& sections) : sections_(sections) {}

  std::expected<Layout, Image::Error> place_all() {
    Layout layout{.indices = find_section_indices(sections_)};
    for (RawSection& section : sections_) {
      if (section.is_loaded() && section.is_code()) place(section);
    }
    // Behind the code, for the branches that go there.
    layout.undefined_at = take(undefined_stride, count_symbols() * undefined_stride);
    layout.unknown_at = take(page, page);
    for (RawSection& section : sections_) {
      if (section.is_loaded() && !section.is_code() && !is_linked(section)) place(section);
    }
    place_linked();
    if (!error_.empty()) return std::unexpected(error_);
    return layout;
  }

 private:
  std::uint64_t take(std::uint64_t alignment, std::uint64_t size) {
    if (!error_.empty()) return 0;
    // Neither sum can wrap: none of the numbers is above 2^31 when it is used.
    const std::uint64_t at = (next_ + alignment - 1) & ~(alignment - 1);
    if (at > max_address || size > max_address - at) {
      error_ = "the sections of the object take more than 2 GiB";
      return 0;
    }
    next_ = at + size + gap;
    return at;
  }

  void place(RawSection& section) {
    const std::uint64_t alignment = std::max<std::uint64_t>(section.header.sh_addralign, 1);
    if (error_.empty() && (!std::has_single_bit(alignment) || alignment > max_address)) {
      error_ = fmt::format("damaged: section {:.64} has an alignment of {:#x}", section.name, alignment);
    }
    section.header.sh_addr = take(alignment, section.header.sh_size);
  }

  // Entries that belong to sections of code stand in the order of those, as a linker puts them, without gaps.
  void place_linked() {
    std::vector<RawSection*> linked;
    for (RawSection& section : sections_) {
      if (section.is_loaded() && !section.is_code() && is_linked(section)) linked.push_back(&section);
    }
    const auto address_of_code = [this](const RawSection* section) {
      const std::uint32_t link = section->header.sh_link;
      return link < sections_.size() ? sections_[link].header.sh_addr : 0;
    };
    std::ranges::sort(linked, {}, [&](const RawSection* section) {
      return std::tuple(std::string_view(section->name), address_of_code(section), section);
    });
    const RawSection* previous = nullptr;
    for (RawSection* section : linked) {
      if (previous != nullptr && previous->name == section->name && error_.empty()) next_ -= gap;
      place(*section);
      previous = section;
    }
  }

  std::uint64_t count_symbols() const {
    std::uint64_t count = 0;
    for (const RawSection& section : sections_) {
      if (section.header.sh_type == SHT_SYMTAB)
        count = std::max<std::uint64_t>(count, section.bytes.size() / sizeof(Elf64_Sym));
    }
    return count;
  }

  std::vector<RawSection>& sections_;
  std::uint64_t next_ = first_address;
  std::string error_;
};

}  // namespace

std::expected<Layout, Image::Error> lay_out(std::vector<RawSection>& sections) { return Placer(sections).place_all(); }

bool is_placed_by_linker(const Elf64_Sym& symbol) {
  const bool is_reserved =
      symbol.st_shndx >= SHN_LORESERVE && symbol.st_shndx != SHN_ABS && symbol.st_shndx != SHN_XINDEX;
  return symbol.st_shndx == SHN_UNDEF || is_reserved;
}

std::optional<std::uint64_t> address_of(const std::vector<RawSection>& sections, const Layout* layout,
                                        const Elf64_Sym& symbol, std::uint64_t index) {
  if (layout == nullptr || symbol.st_shndx == SHN_ABS) return symbol.st_value;
  if (is_placed_by_linker(symbol)) return layout->undefined_at + index * undefined_stride;
  std::uint64_t section = symbol.st_shndx;
  if (section == SHN_XINDEX) section = section_beyond_field(layout->indices, index);
  if (section >= sections.size() || section == SHN_UNDEF) return std::nullopt;
  return sections[static_cast<std::size_t>(section)].header.sh_addr + symbol.st_value;
}

}  // namespace surefoot::tools
