// SPDX-License-Identifier: MIT
//
// The index of a frame table as a list, for those who go through all of it. A walk does not.
#include "format.hpp"
#include "surefoot/frame_table.hpp"

namespace surefoot {

AddressRange FrameTable::function(std::uint32_t index) const noexcept {
  using namespace detail::sframe;
  const std::span<const std::byte> found(index_ + std::size_t{index} * entry::size, entry::size);
  const std::uint64_t start =
      start_base_ + std::uint64_t{index} * start_stride_ + load(found, entry::start_at, sizeof(std::uint64_t));
  return {start, start + load(found, entry::size_at, sizeof(std::uint32_t))};
}

}  // namespace surefoot
