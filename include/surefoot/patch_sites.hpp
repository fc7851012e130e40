// SPDX-License-Identifier: MIT
//
// The patch sites at function entries: the one piece of ordinary functions whose caller is known without a table for
// each instruction. Up to and including the call to the trampoline nothing has touched the link register.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/error.hpp"

namespace surefoot {

/// What can be wrong with an entry.
enum class PatchSitesFault : std::uint8_t {
  unsorted,  ///< an entry is not above the one before it
  bad_site,  ///< the site would not be made of whole instructions, or it would be empty
};

/// Why a table of patch sites was refused, and the first entry that is wrong.
using PatchSitesError = Error<PatchSitesFault>;

/// View of a sorted table of patch sites, as the linker makes it of the sections __patchable_function_entries. A
/// default-constructed one knows no site.
class PatchSites {
 public:
  constexpr PatchSites() = default;

  /// Checks the entries, once, and makes the view. Every site reaches from `start_offset` to `end_offset` bytes from
  /// its entry (ftrace::patch_sites() knows them). Reads the entries only; any context; O(entries).
  [[nodiscard]] static std::expected<PatchSites, PatchSitesError> make(std::span<const std::uint64_t> entries,
                                                                       std::uint64_t start_offset,
                                                                       std::uint64_t end_offset) noexcept;

  [[nodiscard]] constexpr std::size_t size() const noexcept { return entries_.size(); }
  /// The instructions of the site at `index`. Requires index < size().
  [[nodiscard]] constexpr AddressRange operator[](std::size_t index) const noexcept {
    return {entries_[index] + start_offset_, entries_[index] + end_offset_};
  }

  /// True if `pc`, exact, is in front of an instruction of a patch site: the function has just been called, and its
  /// return address is in the link register. O(log entries).
  [[nodiscard]] bool contains(std::uint64_t pc) const noexcept { return contains_ != nullptr && contains_(*this, pc); }

 private:
  // By pointer, so that a walk without patch sites does not link the search.
  using Contains = bool (*)(const PatchSites& sites, std::uint64_t pc) noexcept;
  static bool search(const PatchSites& sites, std::uint64_t pc) noexcept;

  Contains contains_ = nullptr;
  std::span<const std::uint64_t> entries_;
  std::uint64_t start_offset_ = 0;
  std::uint64_t end_offset_ = 0;
};

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(PatchSitesFault fault) noexcept;

}  // namespace surefoot
