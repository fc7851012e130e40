// SPDX-License-Identifier: MIT
//
// Any bytes as what is told of a kernel: its table of symbols in a memory, a file of the cache of code tables, its
// types in BTF. Whatever they are, they are refused in one line, or what comes of them holds together.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "linux/cache_file.hpp"
#include "linux/symbols.hpp"
#include "linux/types.hpp"
#include "require.hpp"
#include "surefoot/frame_table.hpp"

namespace surefoot::tools {
namespace {

using testing::require;

void check_error(const std::string& error) { require(!error.empty() && error.find('\n') == std::string::npos); }

void check_kallsyms(std::span<const std::byte> input) {
  constexpr std::uint64_t start = 0xffff'8000'8000'0000;
  constexpr std::size_t memory_size = 1 << 17;
  struct [[gnu::packed]] Header {
    std::uint16_t names, count, token_table, token_index, offsets, base;
    std::uint8_t has_base;
  } header;
  if (input.size() < sizeof header) return;
  std::memcpy(&header, input.data(), sizeof header);
  input = input.subspan(sizeof header);
  std::vector<std::byte> memory(memory_size);
  std::ranges::copy(input.first(std::min(input.size(), memory.size())), memory.begin());
  const ReadMemory read = [&memory](std::uint64_t address, std::span<std::byte> into) {
    const std::uint64_t offset = address - start;
    if (offset > memory.size() || into.size() > memory.size() - offset) return false;
    std::memcpy(into.data(), memory.data() + offset, into.size());
    return true;
  };
  KallsymsPlace place{.names = start + header.names,
                      .count = start + header.count,
                      .token_table = start + header.token_table,
                      .token_index = start + header.token_index,
                      .offsets = start + header.offsets,
                      .relative_base = {}};
  if ((header.has_base & 1) != 0) place.relative_base = start + header.base;
  const auto symbols = read_kallsyms(read, place);
  if (!symbols) return check_error(symbols.error());
  require(symbols->count() != 0 && symbols->count() <= memory_size);
  for (std::uint64_t address = start; address < start + 256; ++address) {
    const auto found = symbols->find(address);
    if (!found) continue;
    require(!found->name.empty() && found->offset < found->size);
    require(symbols->address_of(found->name).has_value());
  }
}

void check_cache_file(std::span<const std::byte> input) {
  constexpr std::uint64_t fingerprint = 1;
  std::vector<std::byte> bytes(input.begin(), input.end());
  seal_cache_file(bytes);
  const auto parts = read_cache_file(bytes, fingerprint);
  if (!parts) return;
  for (const PartTables& part : *parts) {
    const auto table = FrameTable::make(part.frames, part.frames_at);
    require(table.has_value() && is_sound(part));
    for (std::uint64_t pc = part.code.start(); pc - part.code.start() < 64; ++pc) static_cast<void>(table->find(pc));
  }
  const std::vector<std::byte> again = write_cache_file(*parts, fingerprint);
  require(read_cache_file(again, fingerprint).has_value());
}

void check_btf(std::span<const std::byte> input) {
  // The number of types is not bounded by more than this.
  constexpr std::size_t max_size = 1 << 16;
  const auto types = types_of_btf(input.first(std::min(input.size(), max_size)));
  if (!types) return check_error(types.error());
  const Types& made = **types;
  for (const char* const path : {"pid", "parts", "parts[1].other", "parts.before", "either", "pointer", "nobody"}) {
    const auto size = made.size_of("task");
    const auto offset = made.offset_of("task", path);
    const auto member_size = made.size_of_member("task", path);
    static_cast<void>(made.count_of("task", path));
    require(offset.has_value() == member_size.has_value());
    if (offset) require(size && *member_size <= *size && *offset <= *size - *member_size);
  }
  static_cast<void>(made.enumerator("live"));
  static_cast<void>(made.enumerator("nobody"));
}

}  // namespace
}  // namespace surefoot::tools

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::byte> input = std::as_bytes(std::span(data, size)).subspan(1);
  switch (data[0]) {
    case 'K': surefoot::tools::check_kallsyms(input); break;
    case 'C': surefoot::tools::check_cache_file(input); break;
    case 'B': surefoot::tools::check_btf(input); break;
  }
  return 0;
}
