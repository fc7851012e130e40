// SPDX-License-Identifier: MIT
//
// The table of symbols that a kernel carries. A name is a number of tokens, each of them a byte that stands for some
// characters; the first character of all says what the symbol is, as nm has it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "elf/name.hpp"
#include "linux/symbols.hpp"

namespace surefoot::tools {
namespace {

constexpr std::uint32_t max_symbols = 1'000'000;
constexpr std::size_t max_name = 1024;  // with the letter
constexpr std::size_t token_count = 256;

// Reads byte after byte, a piece at a time that does not leave its page.
class Reader {
 public:
  Reader(const ReadMemory& read, std::uint64_t address) : read_(read), next_(address) {}

  // Empty at the end of what is there, and of what makes sense.
  std::optional<std::uint8_t> byte() {
    if (at_ == size_ && !refill()) return std::nullopt;
    return std::to_integer<std::uint8_t>(piece_[at_++]);
  }

 private:
  bool refill() {
    const std::size_t size = piece_.size() - static_cast<std::size_t>(next_ % piece_.size());
    if (left_ < size || !read_(next_, std::span(piece_).first(size))) return false;
    left_ -= size;
    next_ += size;
    at_ = 0;
    size_ = size;
    return true;
  }

  const ReadMemory& read_;
  std::uint64_t next_;
  std::size_t left_ = std::size_t{64} << 20;  // ten times what the largest kernels need
  std::array<std::byte, 4096> piece_ = {};    // the smallest page
  std::size_t at_ = 0;
  std::size_t size_ = 0;
};

template <typename Integer>
std::optional<Integer> load(const ReadMemory& read, std::uint64_t address) {
  std::array<std::byte, sizeof(Integer)> bytes;
  if (!read(address, bytes)) return std::nullopt;
  Integer value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

using Tokens = std::array<std::string, token_count>;

std::expected<Tokens, std::string> read_tokens(const ReadMemory& read, const KallsymsPlace& place) {
  std::array<std::uint16_t, token_count> index = {};
  if (!read(place.token_index, std::as_writable_bytes(std::span(index)))) {
    return std::unexpected("kallsyms: its index of tokens is not in the memory");
  }
  Tokens tokens;
  for (std::size_t i = 0; i < token_count; ++i) {
    Reader reader(read, place.token_table + index[i]);
    while (true) {
      const auto next = reader.byte();
      if (!next) return std::unexpected("kallsyms: its tokens are not in the memory");
      if (*next == 0) break;
      if (tokens[i].size() == max_name) return std::unexpected("kallsyms: a token without an end");
      tokens[i] += static_cast<char>(*next);
    }
  }
  return tokens;
}

// The next name with its letter; empty if it is not all there. Longer than max_name: too long.
std::optional<std::string> read_name(Reader& reader, const Tokens& tokens) {
  const auto first = reader.byte();
  if (!first) return std::nullopt;
  unsigned length = *first;
  // Since Linux 6.1: two bytes for what is longer. Older kernels have no such names.
  if ((length & 0x80) != 0) {
    const auto second = reader.byte();
    if (!second) return std::nullopt;
    length = (length & 0x7f) | static_cast<unsigned>(*second) << 7;
  }
  std::string name;
  for (unsigned i = 0; i < length; ++i) {
    const auto token = reader.byte();
    if (!token) return std::nullopt;
    if (name.size() <= max_name) name += tokens[*token];
  }
  return name;
}

// True for what tells code and data apart and names neither [aaelf64 §5.9], with or without a prefix of the kernel's.
bool is_mapping_symbol(std::string_view name) {
  const std::size_t at = name.rfind('$');
  if (at == std::string_view::npos || at + 1 == name.size()) return false;
  const bool is_kind = name[at + 1] == 'x' || name[at + 1] == 'd';
  return is_kind && (at + 2 == name.size() || name[at + 2] == '.');
}

// The addresses that the offsets stand for. Either all count upwards from the base, or, in kernels that were configured
// so, the negative ones do, and the others are addresses themselves. On AArch64 no image has 2 GiB: a negative offset
// tells the two apart.
std::vector<std::uint64_t> addresses_of(const std::vector<std::int32_t>& offsets, const KallsymsPlace& place,
                                        std::uint64_t base) {
  const bool is_absolute = std::ranges::any_of(offsets, [](std::int32_t offset) { return offset < 0; });
  std::vector<std::uint64_t> addresses(offsets.size());
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const auto offset = static_cast<std::uint64_t>(std::int64_t{offsets[i]});
    if (!place.relative_base) {
      addresses[i] = place.offsets + i * sizeof(std::int32_t) + offset;
    } else if (is_absolute) {
      addresses[i] = offsets[i] < 0 ? base - 1 - offset : offset;
    } else {
      addresses[i] = base + offset;
    }
  }
  return addresses;
}

std::expected<std::vector<std::uint64_t>, std::string> read_addresses(const ReadMemory& read,
                                                                      const KallsymsPlace& place, std::size_t count) {
  std::uint64_t base = 0;
  if (place.relative_base) {
    const auto value = load<std::uint64_t>(read, *place.relative_base);
    if (!value) return std::unexpected("kallsyms: its base is not in the memory");
    base = *value;
  }
  std::vector<std::int32_t> offsets(count);
  // In pieces: memory is read by those who keep account of each page.
  constexpr std::size_t piece = 1024;
  for (std::size_t i = 0; i < count; i += piece) {
    const std::span<std::int32_t> part = std::span(offsets).subspan(i, std::min(piece, count - i));
    if (!read(place.offsets + i * sizeof(std::int32_t), std::as_writable_bytes(part))) {
      return std::unexpected("kallsyms: its addresses are not all in the memory");
    }
  }
  std::vector<std::uint64_t> addresses = addresses_of(offsets, place, base);
  if (!std::ranges::is_sorted(addresses)) {
    return std::unexpected("kallsyms: its addresses are not sorted: damaged, or of an unknown format");
  }
  return addresses;
}

}  // namespace

std::expected<KernelSymbols, std::string> read_kallsyms(const ReadMemory& read, const KallsymsPlace& place) {
  const auto count = load<std::uint32_t>(read, place.count);
  if (!count) return std::unexpected("kallsyms: its count is not in the memory");
  if (*count == 0 || *count > max_symbols) return std::unexpected(fmt::format("kallsyms: {} symbols", *count));
  const std::expected<Tokens, std::string> tokens = read_tokens(read, place);
  if (!tokens) return std::unexpected(tokens.error());
  const std::expected<std::vector<std::uint64_t>, std::string> addresses = read_addresses(read, place, *count);
  if (!addresses) return std::unexpected(addresses.error());
  KernelSymbols symbols;
  Reader reader(read, place.names);
  for (const std::uint64_t address : *addresses) {
    const auto name = read_name(reader, *tokens);
    if (!name) return std::unexpected("kallsyms: its names are not all in the memory");
    if (name->size() < 2 || name->size() > max_name) return std::unexpected("kallsyms: a name of no sound length");
    const char letter = name->front();
    const std::string text = printable_name(std::string_view(*name).substr(1));
    const bool is_function = std::string_view("tTwW").contains(letter) && !is_mapping_symbol(text);
    const bool is_global = letter >= 'A' && letter <= 'Z';
    symbols.add(text, address, 0, is_function, is_global);
  }
  symbols.finish();
  return symbols;
}

}  // namespace surefoot::tools
