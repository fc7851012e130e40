// SPDX-License-Identifier: MIT
#include "check_patch.hpp"

#include <cstddef>

namespace surefoot::livepatch::detail {
namespace {

// The ranges of one version of a function: its code, and then its parts.
class Ranges {
 public:
  constexpr Ranges(const AddressRange& code, std::span<const AddressRange> parts) noexcept
      : code_(code), parts_(parts) {}

  [[nodiscard]] constexpr std::size_t size() const noexcept { return parts_.size() + 1; }
  [[nodiscard]] constexpr const AddressRange& operator[](std::size_t index) const noexcept {
    return index == 0 ? code_ : parts_[index - 1];
  }
  [[nodiscard]] constexpr bool overlaps(const Ranges& other) const noexcept {
    for (std::size_t i = 0; i != size(); ++i) {
      for (std::size_t j = 0; j != other.size(); ++j) {
        if ((*this)[i].overlaps(other[j])) return true;
      }
    }
    return false;
  }

 private:
  const AddressRange& code_;
  std::span<const AddressRange> parts_;
};

Ranges old_of(const Replacement& replacement) noexcept { return {replacement.old_code, replacement.old_parts}; }
Ranges new_of(const Replacement& replacement) noexcept { return {replacement.new_code, replacement.new_parts}; }

std::expected<void, Refusal> check_ranges(const Ranges& ranges) noexcept {
  for (std::size_t i = 0; i != ranges.size(); ++i) {
    const bool is_wrapped = ranges[i].end() < ranges[i].start();  // C can make such a range
    if (ranges[i].is_empty() || is_wrapped) return std::unexpected(Refusal::empty_code);
    if (ranges[i].start() % instruction_size != 0) return std::unexpected(Refusal::misaligned_code);
  }
  return {};
}

}  // namespace

std::expected<void, RefusalError> check_replacements(std::span<const Replacement> replacements) noexcept {
  if (replacements.empty()) return std::unexpected(RefusalError{Refusal::no_replacements});
  for (std::size_t i = 0; i != replacements.size(); ++i) {
    const Replacement& one = replacements[i];
    for (const Ranges& ranges : {old_of(one), new_of(one)}) {
      if (const auto checked = check_ranges(ranges); !checked) return std::unexpected(RefusalError{checked.error(), i});
    }
    // A task in code that is of both versions would never be told from one that is safe.
    if (new_of(one).overlaps(old_of(one))) return std::unexpected(RefusalError{Refusal::code_in_common, i});
    for (const Replacement& earlier : replacements.first(i)) {
      if (old_of(one).overlaps(old_of(earlier))) return std::unexpected(RefusalError{Refusal::replaced_twice, i});
      const bool is_shared = new_of(one).overlaps(old_of(earlier)) || old_of(one).overlaps(new_of(earlier)) ||
                             new_of(one).overlaps(new_of(earlier));
      if (is_shared) return std::unexpected(RefusalError{Refusal::code_in_common, i});
    }
  }
  return {};
}

}  // namespace surefoot::livepatch::detail
