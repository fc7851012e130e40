// SPDX-License-Identifier: MIT
//
// The code maps that follow each other while the kernel runs, and their grace periods. A map is made in storage of its
// own and published. The storage of an old one is used again when no walk that may use it is under way; a walk says so
// for as long as it takes.
#pragma once

#include <span>

#include "surefoot/address.hpp"
#include "surefoot/code_map.hpp"

namespace kernel::walks {

/// So many maps there can be at a time: the one in force, and those that walks may still use.
inline constexpr unsigned map_count = 4;
/// The most regions of one map: the image, and modules.
inline constexpr unsigned most_regions = 8;

/// Makes a map of these regions, which it copies, and puts it in force. The regions' tables have to stay in place until
/// may_be_used() says that they need not. False if the storage of all maps is in use: nothing has changed then, and it
/// may be tried again when walks have ended. From tasks and from interrupt handlers.
[[nodiscard]] bool publish(std::span<const surefoot::Region> regions) noexcept;

/// True if the map in force, or an older one that a walk may use, has a region there.
[[nodiscard]] bool may_be_used(const surefoot::AddressRange& text) noexcept;

/// Held from before the beginning of a walk until after its end, a cursor's included, in whatever context.
class WalkScope {
 public:
  WalkScope() noexcept;
  ~WalkScope();
  WalkScope(const WalkScope&) = delete;
  WalkScope& operator=(const WalkScope&) = delete;

 private:
  std::uint32_t map_ = 0;
};

}  // namespace kernel::walks
