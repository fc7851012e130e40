// SPDX-License-Identifier: MIT
//
// Any bytes as a dump: the first says whether as a file with a format, or as a raw image, which takes them for
// VMCOREINFO and translation tables too. kdump files are left out: libkdumpfile is not instrumented.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "dump/dump.hpp"
#include "dump/virtual_memory.hpp"
#include "dump/vmcoreinfo.hpp"
#include "require.hpp"
#include "support/dump_builder.hpp"

namespace surefoot::tools {
namespace {

using testing::require;

constexpr std::uint64_t raw_base = 0x4000'0000;

bool is_kdump(std::string_view text) { return text.starts_with("KDUMP   ") || text.starts_with("DISKDUMP"); }

bool is_one_line(std::string_view text) { return !text.empty() && !text.contains('\n'); }

void check_ranges(PhysicalMemory& memory) {
  std::uint64_t end = 0;
  bool is_first = true;
  std::array<std::byte, 16> bytes{};
  for (const AddressRange& range : memory.ranges()) {
    require(!range.is_empty() && (is_first || range.start() > end) && range.end() <= physical_end);
    end = range.end();
    is_first = false;
    require(memory.read(range.start(), std::span(bytes).first(1)) == PageState::present);
    require(memory.read(range.end() - 1, std::span(bytes).first(1)) == PageState::present);
    require(memory.read(range.end() - 1, std::span(bytes).first(2)) == PageState::absent);
    static_cast<void>(memory.read(range.start() - 8, bytes));
  }
}

void check_translation(PhysicalMemory& memory, const Vmcoreinfo& info) {
  const auto tables = find_page_tables(info);
  if (!tables) return require(is_one_line(tables.error()));
  require(tables->root < physical_end && tables->address_bits >= 36 && tables->address_bits <= 52);
  VirtualMemory view(memory, *tables);
  const std::uint64_t page_size = std::uint64_t{1} << tables->page_bits;
  const std::uint64_t first = ~std::uint64_t{0} << tables->address_bits;
  for (std::uint64_t i = 0; i < 64; ++i) {
    for (const std::uint64_t address : {first + i * page_size, 0 - (i + 1) * page_size, first + (i << 30)}) {
      const auto physical = view.to_physical(address);
      require(!physical || *physical < std::uint64_t{1} << 52);
      const auto word = view.word(address);
      require(physical || !word);
      require(view.word(address) == word);
      const auto text = view.text(address + 8 * i, 300);
      require(!text || (text->size() <= 300 && !text->contains('\0')));
      std::array<std::byte, 5000> bytes{};
      static_cast<void>(view.read(address + 100, bytes));
    }
  }
  require(!view.word(first - 8) && !view.word(0));
}

void check(const Dump& dump) {
  require(!dump.memory->ranges().empty());
  for (const std::string& warning : dump.warnings) require(is_one_line(warning));
  check_ranges(*dump.memory);
  check_translation(*dump.memory, Vmcoreinfo::parse(dump.vmcoreinfo));
  if (const auto found = find_vmcoreinfo(*dump.memory)) {
    const Vmcoreinfo info = Vmcoreinfo::parse(*found);
    require(info.text("OSRELEASE").has_value() && info.text("PAGESIZE").has_value());
    check_translation(*dump.memory, info);
  }
}

}  // namespace
}  // namespace surefoot::tools

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace surefoot::tools;
  if (size == 0) return 0;
  const std::span<const std::byte> input = std::as_bytes(std::span(data, size)).subspan(1);
  // SAFETY: bytes are characters.
  const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
  const bool holds_kdump = text.starts_with("makedumpfile") && (text.contains("KDUMP   ") || text.contains("DISKDUMP"));
  if (is_kdump(text) || holds_kdump) return 0;
  const surefoot::testing::TestFile file(input);
  const auto dump = open_dump(file.path(), data[0] % 2 == 0 ? std::nullopt : std::optional(raw_base));
  if (dump) {
    check(*dump);
  } else {
    require(is_one_line(dump.error()));
  }
  return 0;
}
