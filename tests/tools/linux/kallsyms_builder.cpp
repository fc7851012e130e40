// SPDX-License-Identifier: MIT
#include "linux/kallsyms_builder.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "support/elf_builder.hpp"

namespace surefoot::tools::testing {
namespace {

using surefoot::testing::append;

constexpr std::uint64_t start = 0xffff'8000'8100'0000;
constexpr std::size_t page = 4096;
// Each character is its own token, but these, which stand where no name has a character.
constexpr std::array<std::string_view, 3> long_tokens = {"sched", "ule", "_task_"};

std::vector<std::byte> encode(std::string_view name) {
  std::vector<std::byte> tokens;
  while (!name.empty()) {
    std::size_t size = 1;
    auto token = static_cast<std::byte>(name[0]);
    for (std::size_t i = 0; i < long_tokens.size(); ++i) {
      if (!name.starts_with(long_tokens[i])) continue;
      size = long_tokens[i].size();
      token = static_cast<std::byte>(i + 1);
    }
    tokens.push_back(token);
    name.remove_prefix(size);
  }
  return tokens;
}

}  // namespace

bool Kallsyms::read(std::uint64_t address, std::span<std::byte> into) const {
  auto at = memory.upper_bound(address);
  if (at == memory.begin()) return false;
  --at;
  const std::uint64_t offset = address - at->first;
  if (offset > at->second.size() || into.size() > at->second.size() - offset) return false;
  std::memcpy(into.data(), at->second.data() + offset, into.size());
  return true;
}

Kallsyms make_kallsyms(const std::vector<std::pair<std::string, std::uint64_t>>& symbols, KallsymsForm form) {
  std::vector<std::byte> names;
  std::vector<std::byte> table;
  std::vector<std::byte> index;
  std::vector<std::byte> offsets;
  Kallsyms made;
  // The lowest address of the kernel itself.
  const auto first = std::ranges::find_if(symbols, [](const auto& symbol) { return symbol.second >> 63 != 0; });
  const std::uint64_t base = first == symbols.end() ? 0 : first->second;
  made.place = {.names = start + 4 * page + 8,
                .count = start,
                .token_table = start + page,
                .token_index = start + 2 * page,
                .offsets = start + 3 * page,
                .relative_base = start + 8};
  if (form == KallsymsForm::placed) made.place.relative_base.reset();
  for (std::size_t i = 0; i < 256; ++i) {
    append(index, table.size(), 2);
    const bool is_long = i >= 1 && i <= long_tokens.size();
    append(table, is_long ? long_tokens[i - 1] : std::string_view("\0", 0));
    if (!is_long) append(table, i == 0 ? '?' : i, 1);
    append(table, 0, 1);
  }
  std::uint64_t at = made.place.offsets;
  for (const auto& [name, address] : symbols) {
    const std::vector<std::byte> tokens = encode(name);
    if (tokens.size() < 128) {
      append(names, tokens.size(), 1);
    } else {
      append(names, (tokens.size() & 0x7f) | 0x80, 1);
      append(names, tokens.size() >> 7, 1);
    }
    names.insert(names.end(), tokens.begin(), tokens.end());
    std::uint64_t offset = 0;
    switch (form) {
      case KallsymsForm::upwards: offset = address - base; break;
      case KallsymsForm::downwards: offset = address < base ? address : base - 1 - address; break;
      case KallsymsForm::placed: offset = address - at; break;
    }
    append(offsets, offset, 4);
    at += 4;
  }
  const auto put = [&made](std::uint64_t address, std::vector<std::byte> bytes) {
    bytes.resize((address % page + bytes.size() + page - 1) / page * page - address % page);
    made.memory[address] = std::move(bytes);
  };
  std::vector<std::byte> numbers;
  append(numbers, symbols.size(), 8);
  append(numbers, base, 8);
  put(made.place.count, std::move(numbers));
  put(made.place.token_table, std::move(table));
  put(made.place.token_index, std::move(index));
  put(made.place.offsets, std::move(offsets));
  put(made.place.names, std::move(names));
  return made;
}

}  // namespace surefoot::tools::testing
