// SPDX-License-Identifier: MIT
#include "dump/kdump_header.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "elf/byte_reader.hpp"

namespace surefoot::tools {
namespace {

// Dictated by makedumpfile: the format's version, uname's fields of 65 characters, the time, status, sizes in blocks.
constexpr std::size_t header_size = 464;
constexpr std::size_t version_at = 8;
constexpr std::size_t machine_at = 12 + 4 * 65;
constexpr std::size_t machine_size = 65;
constexpr std::size_t status_at = 424;
constexpr std::uint64_t incomplete = 8;
// Since 2012, before there were 64-bit Arm machines.
constexpr std::uint64_t known_version = 6;
// The second header, as 64-bit machines lay it out, is behind the first block.
constexpr std::size_t sub_header_size = 104;
constexpr std::size_t split_at = 12;
constexpr std::size_t vmcoreinfo_place_at = 32;
constexpr std::size_t page_count_at = 96;

// A place and a size in the file. None if the size is 0.
bool is_in_file(const DumpFile& file, std::uint64_t at, std::uint64_t size) {
  constexpr std::uint64_t max_size = std::uint64_t{64} << 20;
  return size == 0 || (size <= max_size && at <= file.size() && size <= file.size() - at);
}

bool is_page_size(std::uint64_t size) { return size == 4096 || size == 16384 || size == 65536; }

std::string machine_in(std::span<const std::byte> header) {
  // SAFETY: bytes are characters.
  const std::string_view field(reinterpret_cast<const char*>(header.data()) + machine_at, machine_size);
  std::string machine(field.substr(0, field.find('\0')));
  std::ranges::replace_if(machine, [](char c) { return c < ' ' || c > '~'; }, '?');
  return machine;
}

// What follows the first header, in blocks of a page.
struct Layout {
  std::uint64_t sub_header_blocks = 0;
  std::uint64_t bitmap_blocks = 0;
  std::uint64_t page_count = 0;
};

// libkdumpfile believes what headers say of places and sizes.
bool is_whole(const DumpFile& file, const KdumpHeader& header, const Layout& layout) {
  const std::uint64_t blocks = file.size() / header.page_size;
  constexpr std::uint64_t max_sub_header_blocks = 4096;
  if (layout.sub_header_blocks == 0 || layout.sub_header_blocks > max_sub_header_blocks) return false;
  if (1 + layout.sub_header_blocks + layout.bitmap_blocks > blocks) return false;
  // Two bitmaps: of what is memory, and of what is in the file.
  return layout.page_count <= layout.bitmap_blocks / 2 * header.page_size * 8;
}

// Whether any page is in the file: with none, libkdumpfile looks at what it never set.
bool has_pages(const DumpFile& file, const KdumpHeader& header, const Layout& layout) {
  const std::uint64_t bitmap_blocks = layout.bitmap_blocks / 2;
  std::uint64_t at = (1 + layout.sub_header_blocks + bitmap_blocks) * header.page_size;
  std::uint64_t pages_left = layout.page_count;
  std::vector<std::byte> block(static_cast<std::size_t>(header.page_size));
  for (; pages_left != 0 && file.read(at, block); at += block.size()) {
    const std::uint64_t count = std::min<std::uint64_t>(pages_left, block.size() * 8);
    for (std::uint64_t page = 0; page < count; page += 8) {
      const std::uint64_t unused = count - page < 8 ? 8 - (count - page) : 0;
      if ((block[page / 8] & (std::byte{0xff} >> unused)) != std::byte{0}) return true;
    }
    pages_left -= count;
  }
  return false;
}

}  // namespace

std::expected<KdumpHeader, std::string> read_kdump_header(const DumpFile& file) {
  constexpr std::string_view too_short = "a kdump file that ends within its header";
  constexpr std::string_view wild = "a kdump file whose header tells of more than the file has";
  std::array<std::byte, header_size> bytes{};
  if (!file.read(0, bytes)) return std::unexpected(std::string(too_short));
  const std::string machine = machine_in(bytes);
  if (machine != "aarch64" && machine != "Unknown" && !machine.empty()) {
    return std::unexpected(fmt::format("a kdump file of another architecture ({})", machine));
  }
  const std::uint64_t version = ByteReader(std::span(bytes).subspan(version_at)).unsigned_number(4);
  if (version != known_version) return std::unexpected(fmt::format("a kdump file of version {}, not 6", version));
  ByteReader reader(std::span<const std::byte>(bytes).subspan(status_at));
  KdumpHeader header;
  header.is_incomplete = (reader.unsigned_number(4) & incomplete) != 0;
  header.page_size = reader.unsigned_number(4);
  if (!is_page_size(header.page_size)) {
    return std::unexpected(fmt::format("a kdump file with pages of {} bytes", header.page_size));
  }
  Layout layout;
  layout.sub_header_blocks = reader.unsigned_number(4);
  layout.bitmap_blocks = reader.unsigned_number(4);
  const std::uint64_t old_page_count = reader.unsigned_number(4);

  std::array<std::byte, sub_header_size> second{};
  if (!file.read(header.page_size, second)) return std::unexpected(std::string(too_short));
  if (ByteReader(std::span(second).subspan(split_at)).unsigned_number(4) != 0) {
    return std::unexpected("one of several kdump files that makedumpfile --split made: only whole ones are read");
  }
  layout.page_count = ByteReader(std::span(second).subspan(page_count_at)).unsigned_number(8);
  layout.page_count = std::max(layout.page_count, old_page_count);
  ByteReader places(std::span<const std::byte>(second).subspan(vmcoreinfo_place_at));
  header.vmcoreinfo_at = places.unsigned_number(8);
  header.vmcoreinfo_size = places.unsigned_number(8);
  header.notes_at = places.unsigned_number(8);
  header.notes_size = places.unsigned_number(8);
  const std::uint64_t erased_at = places.unsigned_number(8);
  const std::uint64_t erased_size = places.unsigned_number(8);
  const bool are_in_file = is_in_file(file, header.vmcoreinfo_at, header.vmcoreinfo_size) &&
                           is_in_file(file, header.notes_at, header.notes_size) &&
                           is_in_file(file, erased_at, erased_size);
  if (!are_in_file || !is_whole(file, header, layout)) return std::unexpected(std::string(wild));
  if (!has_pages(file, header, layout)) return std::unexpected("a kdump file without memory");
  return header;
}

}  // namespace surefoot::tools
