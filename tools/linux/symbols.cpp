// SPDX-License-Identifier: MIT
#include "linux/symbols.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

namespace surefoot::tools {

void KernelSymbols::add(std::string_view name, std::uint64_t address, std::uint64_t size, bool is_function,
                        bool is_global) {
  constexpr std::size_t max_count = std::numeric_limits<std::uint32_t>::max();
  if (name.empty() || name.size() > max_count || symbols_.size() == max_count) return;
  symbols_.push_back({.address = address,
                      .size = size,
                      .name_at = text_.size(),
                      .name_size = static_cast<std::uint32_t>(name.size()),
                      .is_function = is_function,
                      .is_global = is_global});
  text_ += name;
}

void KernelSymbols::finish() {
  std::vector<std::uint32_t> order(symbols_.size());
  std::iota(order.begin(), order.end(), 0U);
  by_name_ = order;
  // The number is the last part of each key, so that the first one added is the first of its equals.
  std::ranges::sort(by_name_, {},
                    [this](std::uint32_t i) { return std::tuple(name_of(symbols_[i]), !symbols_[i].is_global, i); });
  const auto other_names = std::ranges::unique(by_name_, {}, [this](std::uint32_t i) { return name_of(symbols_[i]); });
  by_name_.erase(other_names.begin(), other_names.end());

  std::ranges::sort(order, {}, [this](std::uint32_t i) {
    const Symbol& symbol = symbols_[i];
    return std::tuple(symbol.address, !symbol.is_function, symbol.size == 0, i);
  });
  functions_.clear();
  for (std::size_t first = 0; first < order.size();) {
    const Symbol& best = symbols_[order[first]];
    std::size_t next = first + 1;
    while (next < order.size() && symbols_[order[next]].address == best.address) ++next;
    const std::uint64_t up_to_next = next < order.size() ? symbols_[order[next]].address - best.address : 0;
    if (best.is_function) {
      functions_.push_back(
          {.start = best.address, .size = best.size != 0 ? best.size : up_to_next, .symbol = order[first]});
    }
    first = next;
  }
}

const KernelSymbols::Symbol* KernelSymbols::find_symbol(std::string_view name) const {
  const auto at =
      std::ranges::lower_bound(by_name_, name, {}, [this](std::uint32_t i) { return name_of(symbols_[i]); });
  if (at == by_name_.end() || name_of(symbols_[*at]) != name) return nullptr;
  return &symbols_[*at];
}

std::optional<std::uint64_t> KernelSymbols::address_of(std::string_view name) const {
  const Symbol* const symbol = find_symbol(name);
  return symbol == nullptr ? std::nullopt : std::optional(symbol->address);
}

std::optional<std::uint64_t> KernelSymbols::size_of(std::string_view name) const {
  const Symbol* const symbol = find_symbol(name);
  return symbol == nullptr || symbol->size == 0 ? std::nullopt : std::optional(symbol->size);
}

std::optional<NamedPlace> KernelSymbols::find(std::uint64_t address) const {
  const auto above = std::ranges::upper_bound(functions_, address, {}, &Stretch::start);
  if (above == functions_.begin()) return std::nullopt;
  const Stretch& function = *(above - 1);
  const std::uint64_t offset = address - function.start;
  if (offset >= function.size) return std::nullopt;
  return NamedPlace{.name = name_of(symbols_[function.symbol]), .offset = offset, .size = function.size};
}

KernelSymbols symbols_of_image(const Image& image, std::uint64_t slide) {
  return symbols_of_image(image, [slide](std::uint64_t address) { return std::optional(address + slide); });
}

KernelSymbols symbols_of_image(const Image& image, const PlaceInMemory& place) {
  KernelSymbols symbols;
  // Symbols first: a function is called by one of them.
  for (const Symbol& symbol : image.symbols()) {
    if (const auto at = place(symbol.address)) symbols.add(symbol.name, *at, symbol.size, false, symbol.is_global);
  }
  for (const Function& function : image.functions()) {
    if (const auto at = place(function.start)) {
      symbols.add(function.name, *at, function.end - function.start, true, false);
    }
  }
  symbols.finish();
  return symbols;
}

}  // namespace surefoot::tools
