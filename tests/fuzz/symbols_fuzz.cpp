// SPDX-License-Identifier: MIT
//
// Any bytes as a symbol table: it is refused at the first function that is wrong, or finds what a reader of the whole
// stream finds, and its names are those of a reader that recurses into pairs.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "require.hpp"
#include "support/symbol_table.hpp"
#include "surefoot/symbols.hpp"

using namespace surefoot;
using surefoot::testing::require;
using surefoot::testing::text_of;

namespace {

constexpr std::uint32_t header_words = 4;
constexpr std::uint32_t block_words = 2;

struct SlowFunction {
  std::uint64_t start;
  std::uint64_t size;
  std::string name;
};

// Reads an accepted table from one end to the other.
class SlowSymbols {
 public:
  SlowSymbols(std::span<const std::uint32_t> words, std::uint64_t table_at)
      : words_(words),
        bytes_(reinterpret_cast<const std::uint8_t*>(words.data()), words.size_bytes()),
        literal_count_(words[3] >> 16 & 0xff),
        pair_count_(words[3] & 0xffff) {
    literals_at_ = (header_words + block_words * ((std::size_t{words[1]} + 15) / 16)) * sizeof(std::uint32_t);
    while (256 - wide_ + 256 * wide_ < literal_count_ + pair_count_) ++wide_;
    at_ = literals_at_ + literal_count_ + std::size_t{3} * pair_count_;
    for (std::size_t i = 0; i < words[1]; ++i) read_function(i, table_at);
  }

  [[nodiscard]] const std::vector<SlowFunction>& functions() const { return functions_; }

 private:
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint8_t byte = bytes_[at_++];
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
  }

  std::uint32_t code() {
    const std::uint32_t first = bytes_[at_++];
    if (first < 256 - wide_) return first;
    return 256 - wide_ + (first - (256 - wide_)) * 256 + bytes_[at_++];
  }

  [[nodiscard]] std::string expand(std::uint32_t symbol) const {
    if (symbol < literal_count_) return {static_cast<char>(bytes_[literals_at_ + symbol])};
    const std::size_t pair = literals_at_ + literal_count_ + std::size_t{3} * (symbol - literal_count_);
    const std::uint32_t bits =
        std::uint32_t{bytes_[pair]} | std::uint32_t{bytes_[pair + 1]} << 8 | std::uint32_t{bytes_[pair + 2]} << 16;
    return expand(bits & 0xfff) + expand(bits >> 12);
  }

  void read_function(std::size_t i, std::uint64_t table_at) {
    const unsigned gap_bits = words_[3] >> 28;
    const unsigned unit_shift = words_[3] >> 24 & 0xf;
    const std::uint64_t head = number();
    const std::uint64_t mask = (std::uint64_t{1} << gap_bits) - 1;
    std::uint64_t gap = head & mask;
    if (gap == mask) gap += number();
    if (i % 16 == 0) {
      const auto offset = static_cast<std::int32_t>(words_[header_words + block_words * (i / 16)]);
      end_ = table_at + static_cast<std::uint64_t>(std::int64_t{offset});
    }
    SlowFunction function{.start = end_ + (gap << unit_shift), .size = head >> gap_bits << unit_shift, .name = {}};
    const std::uint64_t code_bytes = number();
    for (const std::size_t codes_end = at_ + code_bytes; at_ < codes_end;) function.name += expand(code());
    end_ = function.start + function.size;
    functions_.push_back(std::move(function));
  }

  std::span<const std::uint32_t> words_;
  std::span<const std::uint8_t> bytes_;
  std::size_t literals_at_ = 0;
  std::size_t at_ = 0;
  std::uint32_t literal_count_;
  std::uint32_t pair_count_;
  std::uint32_t wide_ = 0;
  std::uint64_t end_ = 0;
  std::vector<SlowFunction> functions_;
};

void check_find(const Symbols& symbols, const SlowSymbols& slow, std::uint64_t pc, CodeAddress::Kind kind) {
  const CodeAddress address(pc, kind);
  const Symbol found = symbols.find(address);
  for (const SlowFunction& function : slow.functions()) {
    if (address.lookup() - function.start >= function.size) continue;
    require(found.is_known() && text_of(found.name) == function.name, "the name");
    require(found.offset == pc - function.start && found.size == function.size, "where in the function");
    return;
  }
  require(!found.is_known(), "no function is found where there is none");
}

void check_table(std::span<const std::uint32_t> words, std::uint64_t table_at) {
  const auto made = Symbols::make(words, table_at);
  if (!made) {
    require(!words.empty(), "no table at all is a valid one");
    const bool is_of_a_function = words.size() >= header_words && made.error().index < words[1];
    require(made.error().index == 0 || is_of_a_function, "the wrong function is one of the table");
    return;
  }
  if (words.empty()) return;
  const SlowSymbols slow(words, table_at);
  require(made->size() == slow.functions().size(), "the number of functions");
  constexpr std::size_t most = 64;
  for (std::size_t i = 0; i < slow.functions().size() && i < most; ++i) {
    const SlowFunction& function = slow.functions()[i];
    for (const std::uint64_t pc :
         {function.start - 1, function.start, function.start + 3, function.start + 4, function.start + function.size}) {
      check_find(*made, slow, pc, CodeAddress::Kind::exact);
      check_find(*made, slow, pc, CodeAddress::Kind::return_address);
    }
  }
}

// A valid table that the input changes: any bytes alone seldom pass the check.
std::vector<std::uint32_t> changed_table(std::span<const std::uint8_t> data, std::uint64_t table_at) {
  std::vector<surefoot::testing::Function> functions;
  for (std::uint64_t i = 0; i < 20; ++i) functions.push_back({table_at + 0x1000 + 0x20 * i, 0x10, "abab"});
  std::vector<std::uint32_t> words = symbol_table(
      table_at, functions, {.gap_bits = 3, .unit_shift = 2, .literals = "ab", .pairs = {{0, 1}, {2, 2}, {3, 1}}});
  auto* const bytes = reinterpret_cast<std::uint8_t*>(words.data());
  for (std::size_t i = 0; i + 1 < data.size(); i += 2) bytes[data[i] % (words.size() * sizeof words[0])] = data[i + 1];
  return words;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The first byte chooses where the table lies, and what the rest is; words fill a heap block from end to end.
  if (size == 0) return 0;
  // No offset and no size leads from them around the ends of the address space.
  constexpr std::uint64_t places[] = {0x8000'0000, 0xffff'8000'0000'0004, 0xffff'ffe0'0000'0000};
  const std::uint64_t table_at = places[data[0] % std::size(places)];
  if (data[0] >= 128) {
    check_table(changed_table({data + 1, size - 1}, table_at), table_at);
    return 0;
  }
  std::vector<std::uint32_t> words((size - 1) / sizeof(std::uint32_t));
  if (!words.empty()) std::memcpy(words.data(), data + 1, words.size() * sizeof words[0]);
  check_table(words, table_at);
  return 0;
}
