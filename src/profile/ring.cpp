// SPDX-License-Identifier: MIT
//
// The consumer's side of a ring.
#include "surefoot/profile.hpp"

namespace surefoot::profile {

std::span<const std::byte> Ring::take(std::span<std::byte> room) noexcept {
  const std::uint64_t at = taken_;
  const std::uint64_t there = __atomic_load_n(&published_, __ATOMIC_ACQUIRE) - at;
  if (there < prefix_size) return {};
  const std::uint64_t mask = size_ - 1;
  // SAFETY: `there` bytes from `at` on were published, and the mask leads into the storage.
  const auto byte_at = [&](std::uint64_t position) { return bytes_[position & mask]; };
  const std::size_t size = 2 + (static_cast<std::size_t>(byte_at(at)) | static_cast<std::size_t>(byte_at(at + 1)) << 8);
  if (size > there || size > room.size()) return {};
  for (std::size_t i = 0; i < size; ++i) room[i] = byte_at(at + i);
  // The copy is made before the room is free.
  __atomic_store_n(&taken_, at + size, __ATOMIC_RELEASE);
  return room.first(size);
}

}  // namespace surefoot::profile
