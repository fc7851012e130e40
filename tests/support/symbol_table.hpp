// SPDX-License-Identifier: MIT
//
// Makes symbol tables in memory, as cmake/make-symbol-table does in a program.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "surefoot/symbols.hpp"

namespace surefoot::testing {

struct Function {
  std::uint64_t start;
  std::uint32_t size;
  std::string name;
};

/// The words of a table that lies at `table_at`.
[[nodiscard]] inline std::vector<std::uint32_t> symbol_table(std::uint64_t table_at,
                                                             const std::vector<Function>& functions) {
  std::vector<std::uint32_t> words{SymbolTableHeader::expected_magic, static_cast<std::uint32_t>(functions.size()), 0};
  std::string names;
  for (const Function& function : functions) {
    words.push_back(static_cast<std::uint32_t>(function.start - table_at));
    words.push_back(function.size);
    words.push_back(static_cast<std::uint32_t>(names.size()));
    names += function.name + '\0';
  }
  words[2] = static_cast<std::uint32_t>(names.size());
  names.resize((names.size() + 3) / 4 * 4);
  const std::size_t names_begin = words.size();
  words.resize(names_begin + names.size() / 4);
  std::memcpy(words.data() + names_begin, names.data(), names.size());
  return words;
}

}  // namespace surefoot::testing
