// SPDX-License-Identifier: MIT
//
// Random choices, the same on every machine for one seed: the engine is fixed by the C++ standard, and no standard
// distribution is used, since those are not.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <random>
#include <span>

namespace surefoot::testing {

class RandomSource {
 public:
  explicit RandomSource(std::uint64_t seed) : engine_(seed) {}
  /// Of a fuzzer's input: the choices of the seed in its first 8 bytes, of which each pair of bytes behind them changes
  /// one. So a short input makes a whole world, and a small change of the input is a small change of the world.
  explicit RandomSource(std::span<const std::byte> input)
      : engine_(first_word(input)), changes_(input.subspan(std::min(input.size(), sizeof(std::uint64_t)))) {}

  [[nodiscard]] std::uint64_t word() {
    const std::uint64_t chosen = engine_();
    if (changes_.size() < sizeof(std::uint16_t)) return chosen;
    std::uint16_t change = 0;
    std::memcpy(&change, changes_.data(), sizeof change);
    changes_ = changes_.subspan(sizeof change);
    return chosen ^ change;
  }
  /// 0 to limit - 1; 0 if there is nothing to choose from.
  [[nodiscard]] std::size_t below(std::size_t limit) { return limit == 0 ? 0 : word() % limit; }
  /// True in `percent` of 100 cases.
  [[nodiscard]] bool is_chosen(unsigned percent) { return word() % 100 < percent; }
  [[nodiscard]] std::uint64_t one_of(std::initializer_list<std::uint64_t> values) {
    return values.begin()[below(values.size())];
  }

 private:
  static std::uint64_t first_word(std::span<const std::byte> input) {
    std::uint64_t word = 0;
    if (!input.empty()) std::memcpy(&word, input.data(), std::min(input.size(), sizeof word));
    return word;
  }

  std::mt19937_64 engine_;
  std::span<const std::byte> changes_;
};

}  // namespace surefoot::testing
