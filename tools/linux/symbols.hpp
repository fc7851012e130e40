// SPDX-License-Identifier: MIT
//
// Names of a kernel's code and data, from its image or from the table that it carries itself (kallsyms).
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "elf/image.hpp"

namespace surefoot::tools {

/// A place in a function. The name is part of the symbols that it was looked up in.
struct NamedPlace {
  std::string_view name;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  ///< of the function
};

class KernelSymbols {
 public:
  /// `size` 0: not known; it then ends where the next symbol begins. What is no function is found by its name only.
  void add(std::string_view name, std::uint64_t address, std::uint64_t size, bool is_function, bool is_global = true);
  /// After the last add(), before the first question.
  void finish();

  /// Of several symbols with the name a global one is meant, else the first that was added.
  [[nodiscard]] std::optional<std::uint64_t> address_of(std::string_view name) const;
  /// Empty if it is not known.
  [[nodiscard]] std::optional<std::uint64_t> size_of(std::string_view name) const;
  /// The function that contains the address. Of several at one address one with a size, else the first that was added.
  [[nodiscard]] std::optional<NamedPlace> find(std::uint64_t address) const;
  [[nodiscard]] std::size_t count() const { return symbols_.size(); }

 private:
  struct Symbol {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    std::size_t name_at = 0;  // in text_
    std::uint32_t name_size = 0;
    bool is_function = false;
    bool is_global = false;
  };
  struct Stretch {
    std::uint64_t start = 0;
    std::uint64_t size = 0;
    std::uint32_t symbol = 0;
  };
  [[nodiscard]] std::string_view name_of(const Symbol& symbol) const {
    return std::string_view(text_).substr(symbol.name_at, symbol.name_size);
  }
  [[nodiscard]] const Symbol* find_symbol(std::string_view name) const;

  std::string text_;
  std::vector<Symbol> symbols_;
  std::vector<std::uint32_t> by_name_;  // each name once
  std::vector<Stretch> functions_;      // by rising start, each start once
};

/// Where an address of the image is in memory; empty for what is not there.
using PlaceInMemory = std::function<std::optional<std::uint64_t>(std::uint64_t address)>;

/// Functions as the image has them (Image::functions), and all its symbols by name.
[[nodiscard]] KernelSymbols symbols_of_image(const Image& image, std::uint64_t slide);
/// The same of a module, whose sections lie where the kernel has put each.
[[nodiscard]] KernelSymbols symbols_of_image(const Image& image, const PlaceInMemory& place);

/// Copies all of it or says no.
using ReadMemory = std::function<bool(std::uint64_t address, std::span<std::byte> into)>;

/// Where the parts of a kernel's table are, in its memory.
struct KallsymsPlace {
  std::uint64_t names = 0;
  std::uint64_t count = 0;  ///< the place of the number
  std::uint64_t token_table = 0;
  std::uint64_t token_index = 0;
  std::uint64_t offsets = 0;
  std::optional<std::uint64_t> relative_base;  ///< empty: each offset counts from its own place
};

/// All symbols of the table; functions are those that are in code. An error is one line.
[[nodiscard]] std::expected<KernelSymbols, std::string> read_kallsyms(const ReadMemory& read,
                                                                      const KallsymsPlace& place);

/// By the places that VMCOREINFO names. `Memory` is VirtualMemory, `Info` is Vmcoreinfo; templates, so that symbols
/// need no dump.
template <typename Info>
[[nodiscard]] std::expected<KallsymsPlace, std::string> find_kallsyms(const Info& info) {
  const auto names = info.symbol("kallsyms_names");
  const auto count = info.symbol("kallsyms_num_syms");
  const auto token_table = info.symbol("kallsyms_token_table");
  const auto token_index = info.symbol("kallsyms_token_index");
  const auto offsets = info.symbol("kallsyms_offsets");
  if (!names || !count || !token_table || !token_index || !offsets) {
    return std::unexpected("VMCOREINFO does not say where the kernel's symbols are (kallsyms: since Linux 6.0)");
  }
  return KallsymsPlace{.names = *names,
                       .count = *count,
                       .token_table = *token_table,
                       .token_index = *token_index,
                       .offsets = *offsets,
                       .relative_base = info.symbol("kallsyms_relative_base")};
}

template <typename Memory, typename Info>
[[nodiscard]] std::expected<KernelSymbols, std::string> symbols_of_kallsyms(Memory& memory, const Info& info) {
  const std::expected<KallsymsPlace, std::string> place = find_kallsyms(info);
  if (!place) return std::unexpected(place.error());
  return read_kallsyms(
      [&memory](std::uint64_t address, std::span<std::byte> into) { return memory.read(address, into); }, *place);
}

}  // namespace surefoot::tools
