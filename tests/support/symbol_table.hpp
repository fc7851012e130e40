// SPDX-License-Identifier: MIT
//
// Makes symbol tables in memory, in the format of cmake/symbol-table.awk. Where that one chooses pairs by how often
// they occur, this one takes the ones that a test gives it, so that both are written apart.
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

/// Two symbols, by their numbers: literals come first, in the order of their bytes, then the pairs.
struct Pair {
  std::uint32_t left;
  std::uint32_t right;
};

/// Choices that a table leaves to who makes it.
struct TableForm {
  unsigned gap_bits = 3;
  unsigned unit_shift = 0;
  /// If there are any, `literals` are all that occurs in names.
  std::string literals = {};
  std::vector<Pair> pairs = {};
};

inline void append_number(std::string& bytes, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value % 0x80 + 0x80);
  bytes += static_cast<char>(value);
}

/// The codes of a row of symbols.
[[nodiscard]] inline std::string codes_of(const std::vector<std::uint32_t>& symbols, std::size_t symbol_count) {
  std::uint32_t wide = 0;  // first bytes that have a second one
  while (256 - wide + 256 * wide < symbol_count) ++wide;
  std::string codes;
  for (const std::uint32_t symbol : symbols) {
    if (symbol < 256 - wide) {
      codes += static_cast<char>(symbol);
    } else {
      codes += static_cast<char>(256 - wide + (symbol - (256 - wide)) / 256);
      codes += static_cast<char>((symbol - (256 - wide)) % 256);
    }
  }
  return codes;
}

/// The literals that the names need, in the order of their bytes.
[[nodiscard]] inline std::string literals_of(const std::vector<Function>& functions) {
  std::string literals;
  for (unsigned byte = 1; byte < 256; ++byte) {
    for (const Function& function : functions) {
      if (function.name.find(static_cast<char>(byte)) == std::string::npos) continue;
      literals += static_cast<char>(byte);
      break;
    }
  }
  return literals;
}

/// The symbols of a name: its characters, and then pairs in place of what they stand for, first given first replaced.
[[nodiscard]] inline std::vector<std::uint32_t> symbols_of(const std::string& name, const TableForm& form) {
  std::vector<std::uint32_t> symbols;
  for (const char character : name) symbols.push_back(static_cast<std::uint32_t>(form.literals.find(character)));
  for (std::size_t p = 0; p < form.pairs.size(); ++p) {
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
      if (symbols[i] != form.pairs[p].left || symbols[i + 1] != form.pairs[p].right) continue;
      symbols[i] = static_cast<std::uint32_t>(form.literals.size() + p);
      symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  }
  return symbols;
}

/// The words of a table that lies at `table_at`.
[[nodiscard]] inline std::vector<std::uint32_t> symbol_table(std::uint64_t table_at,
                                                             const std::vector<Function>& functions,
                                                             TableForm form = {}) {
  if (form.literals.empty()) form.literals = literals_of(functions);
  const std::size_t symbol_count = form.literals.size() + form.pairs.size();
  const std::uint32_t mask = (1U << form.gap_bits) - 1;
  std::vector<std::uint32_t> index;
  std::string stream;
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const Function& function = functions[i];
    if (i % SymbolTableHeader::block_size == 0) {
      index.push_back(static_cast<std::uint32_t>(function.start - table_at));
      index.push_back(static_cast<std::uint32_t>(stream.size()));
      end = function.start;
    }
    const std::uint64_t gap = (function.start - end) >> form.unit_shift;
    append_number(stream, std::uint64_t{function.size >> form.unit_shift} << form.gap_bits | (gap < mask ? gap : mask));
    if (gap >= mask) append_number(stream, gap - mask);
    const std::string codes = codes_of(symbols_of(function.name, form), symbol_count);
    append_number(stream, codes.size());
    stream += codes;
    end = function.start + function.size;
  }

  std::string bytes = form.literals;
  for (const Pair& pair : form.pairs) {
    const std::uint32_t bits = pair.left | pair.right << 12;
    for (unsigned shift = 0; shift < 24; shift += 8) bytes += static_cast<char>(bits >> shift & 0xff);
  }
  bytes += stream;
  bytes.resize((bytes.size() + 3) / 4 * 4);

  std::vector<std::uint32_t> words{SymbolTableHeader::expected_magic, static_cast<std::uint32_t>(functions.size()),
                                   static_cast<std::uint32_t>(stream.size()),
                                   static_cast<std::uint32_t>(form.pairs.size() | form.literals.size() << 16 |
                                                              form.unit_shift << 24 | form.gap_bits << 28)};
  words.insert(words.end(), index.begin(), index.end());
  const std::size_t bytes_begin = words.size();
  words.resize(bytes_begin + bytes.size() / 4);
  if (!bytes.empty()) std::memcpy(words.data() + bytes_begin, bytes.data(), bytes.size());
  return words;
}

/// The whole name.
[[nodiscard]] inline std::string text_of(const SymbolName& name) {
  std::string text(SymbolName::max_size, '\0');
  text.resize(NameReader(name).read(text));
  return text;
}

}  // namespace surefoot::testing
