// SPDX-License-Identifier: MIT
//
// Any bytes as a symbol table: it is refused at the first entry that is wrong, or finds what a loop over its entries
// finds, and no name ends outside of it.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>
#include <vector>

#include "require.hpp"
#include "surefoot/symbols.hpp"

using namespace surefoot;
using surefoot::testing::require;

namespace {

constexpr std::uint32_t header_words = 3;
constexpr std::uint32_t entry_words = 3;

// The entries of an accepted table, from its words.
class SlowSymbols {
 public:
  SlowSymbols(std::span<const std::uint32_t> words, std::uint64_t table_at) : words_(words), table_at_(table_at) {}

  [[nodiscard]] std::size_t size() const { return words_.empty() ? 0 : words_[1]; }
  [[nodiscard]] std::uint64_t start(std::size_t i) const {
    return table_at_ + static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(word(i, 0))});
  }
  [[nodiscard]] std::uint32_t symbol_size(std::size_t i) const { return word(i, 1); }
  [[nodiscard]] const char* name(std::size_t i) const {
    const auto* const names = reinterpret_cast<const char*>(&words_[header_words] + entry_words * size());
    return names + word(i, 2);
  }

 private:
  [[nodiscard]] std::uint32_t word(std::size_t i, std::size_t field) const {
    return words_[header_words + entry_words * i + field];
  }

  std::span<const std::uint32_t> words_;
  std::uint64_t table_at_;
};

void check_find(const Symbols& symbols, const SlowSymbols& slow, std::uint64_t pc, CodeAddress::Kind kind) {
  const CodeAddress address(pc, kind);
  const Symbol found = symbols.find(address);
  for (std::size_t i = 0; i < slow.size(); ++i) {
    if (address.lookup() - slow.start(i) >= slow.symbol_size(i)) continue;
    require(found.name == slow.name(i), "the name");
    require(found.offset == pc - slow.start(i) && found.size == slow.symbol_size(i), "where in the function");
    static_cast<void>(std::strlen(found.name));  // a sanitizer sees one without an end
    return;
  }
  require(!found.is_known(), "no function is found where there is none");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The first byte chooses where the table lies; the words fill a heap block from end to end.
  if (size == 0) return 0;
  // No offset and no size leads from them around the ends of the address space.
  constexpr std::uint64_t places[] = {0x8000'0000, 0xffff'8000'0000'0004, 0xffff'ffe0'0000'0000};
  const std::uint64_t table_at = places[data[0] % std::size(places)];
  std::vector<std::uint32_t> words((size - 1) / sizeof(std::uint32_t));
  if (!words.empty()) std::memcpy(words.data(), data + 1, words.size() * sizeof words[0]);
  const auto made = Symbols::make(words, table_at);
  if (!made) {
    require(!words.empty(), "no table at all is a valid one");
    const bool is_of_an_entry = words.size() >= header_words && made.error().index < words[1];
    require(made.error().index == 0 || is_of_an_entry, "the wrong entry is one of the table");
    return 0;
  }
  const SlowSymbols slow(words, table_at);
  require(made->size() == slow.size(), "the number of functions");
  constexpr std::size_t most = 64;
  for (std::size_t i = 0; i < slow.size() && i < most; ++i) {
    const std::uint64_t start = slow.start(i);
    for (const std::uint64_t pc : {start - 1, start, start + 3, start + 4, start + slow.symbol_size(i)}) {
      check_find(*made, slow, pc, CodeAddress::Kind::exact);
      check_find(*made, slow, pc, CodeAddress::Kind::return_address);
    }
  }
  return 0;
}
