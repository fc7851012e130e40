// SPDX-License-Identifier: MIT
//
// Random choices, the same on every machine for one seed: the engine is fixed by the C++ standard, and no standard
// distribution is used, since those are not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>

namespace surefoot::testing {

class RandomSource {
 public:
  explicit RandomSource(std::uint64_t seed) : engine_(seed) {}

  [[nodiscard]] std::uint64_t word() { return engine_(); }
  /// 0 to limit - 1; 0 if there is nothing to choose from.
  [[nodiscard]] std::size_t below(std::size_t limit) { return limit == 0 ? 0 : engine_() % limit; }
  /// True in `percent` of 100 cases.
  [[nodiscard]] bool is_chosen(unsigned percent) { return engine_() % 100 < percent; }
  [[nodiscard]] std::uint64_t one_of(std::initializer_list<std::uint64_t> values) {
    return values.begin()[below(values.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace surefoot::testing
