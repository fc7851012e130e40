// SPDX-License-Identifier: MIT
#include "dump/kdump_header.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "elf/byte_reader.hpp"

namespace surefoot::tools {
namespace {

// Dictated by makedumpfile: version, uname's fields of 65 characters, the time, status, and the size of a block.
constexpr std::size_t header_size = 464;
constexpr std::size_t version_at = 8;
constexpr std::size_t machine_at = 12 + 4 * 65;
constexpr std::size_t machine_size = 65;
constexpr std::size_t status_at = 424;
constexpr std::uint64_t incomplete = 8;
// In the second block. Dictated by makedumpfile too, as 64-bit machines lay it out.
constexpr std::size_t sub_header_size = 64;
constexpr std::size_t vmcoreinfo_place_at = 32;
constexpr std::uint64_t first_version_with_vmcoreinfo = 3;
constexpr std::uint64_t first_version_with_notes = 4;

bool is_page_size(std::uint64_t size) { return size == 4096 || size == 16384 || size == 65536; }

std::string machine_in(std::span<const std::byte> header) {
  // SAFETY: bytes are characters.
  const std::string_view field(reinterpret_cast<const char*>(header.data()) + machine_at, machine_size);
  std::string machine(field.substr(0, field.find('\0')));
  std::ranges::replace_if(machine, [](char c) { return c < ' ' || c > '~'; }, '?');
  return machine;
}

}  // namespace

std::expected<KdumpHeader, std::string> read_kdump_header(const DumpFile& file) {
  std::array<std::byte, header_size> bytes{};
  if (!file.read(0, bytes)) return std::unexpected("a kdump file that ends within its header");
  const std::string machine = machine_in(bytes);
  if (machine != "aarch64" && machine != "Unknown" && !machine.empty()) {
    return std::unexpected(fmt::format("a kdump file of another architecture ({})", machine));
  }
  const std::uint64_t version = ByteReader(std::span(bytes).subspan(version_at)).unsigned_number(4);
  ByteReader reader(std::span(bytes).subspan(status_at));
  KdumpHeader header;
  header.is_incomplete = (reader.unsigned_number(4) & incomplete) != 0;
  header.page_size = reader.unsigned_number(4);
  if (!is_page_size(header.page_size)) {
    return std::unexpected(fmt::format("a kdump file with pages of {} bytes", header.page_size));
  }
  std::array<std::byte, sub_header_size> second{};
  if (!file.read(header.page_size, second)) return std::unexpected("a kdump file that ends within its header");
  ByteReader places(std::span(second).subspan(vmcoreinfo_place_at));
  const bool has_vmcoreinfo = version >= first_version_with_vmcoreinfo;
  header.vmcoreinfo_at = places.unsigned_number(8);
  header.vmcoreinfo_size = has_vmcoreinfo ? places.unsigned_number(8) : 0;
  if (version < first_version_with_notes) return header;
  header.notes_at = places.unsigned_number(8);
  header.notes_size = places.unsigned_number(8);
  return header;
}

}  // namespace surefoot::tools
