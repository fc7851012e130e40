// SPDX-License-Identifier: MIT
//
// Writes one record, byte by byte, into a ring or into plain room. Nothing of it counts before it is finished.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/profile.hpp"

namespace surefoot::profile {

/// A record that begins at position `begin` of storage whose positions are taken modulo `mask` + 1.
class RecordWriter {
 public:
  RecordWriter(std::byte* bytes, std::uint64_t mask, std::uint64_t begin, std::uint64_t room, RecordType type) noexcept
      : bytes_(bytes), mask_(mask), begin_(begin), at_(begin + 2), end_(begin + room) {
    // The size comes last, into the two bytes that are left for it.
    put(static_cast<std::uint8_t>(type));
  }

  void put(std::uint8_t byte) noexcept {
    // SAFETY: at_ is in [begin_, end_), which is free room, and the mask leads into the storage.
    if (at_ < end_) bytes_[at_ & mask_] = std::byte{byte};
    ++at_;
  }
  void put_number(std::uint64_t value) noexcept {
    for (; value >= 0x80; value >>= 7) put(static_cast<std::uint8_t>(value | 0x80));
    put(static_cast<std::uint8_t>(value));
  }
  void put_bytes(std::uint64_t value) noexcept {
    for (int byte = 0; byte < 8; ++byte) put(static_cast<std::uint8_t>(value >> (8 * byte)));
  }

  /// True if there is room for so many bytes in one piece, which begins at place(). advance() says how many there are.
  [[nodiscard]] bool has_piece(std::size_t size) const noexcept {
    return at_ <= end_ && size <= end_ - at_ && size - 1 <= mask_ - (at_ & mask_);
  }
  [[nodiscard]] std::byte* place() const noexcept { return bytes_ + (at_ & mask_); }
  void advance(std::size_t size) noexcept { at_ += size; }

  /// The size of the whole record; 0 if it had no room.
  [[nodiscard]] std::size_t finish() noexcept {
    if (at_ > end_) return 0;
    const std::uint64_t size = at_ - begin_ - 2;
    // SAFETY: there was room for more than these two bytes.
    bytes_[begin_ & mask_] = static_cast<std::byte>(size);
    bytes_[(begin_ + 1) & mask_] = static_cast<std::byte>(size >> 8);
    return static_cast<std::size_t>(at_ - begin_);
  }

 private:
  std::byte* bytes_;
  std::uint64_t mask_;
  std::uint64_t begin_;
  std::uint64_t at_;
  std::uint64_t end_;
};

/// Writes to room that is known to be enough, in one piece.
class PieceWriter {
 public:
  explicit PieceWriter(std::byte* start) noexcept : start_(start), at_(start) {}

  // SAFETY: whoever made it has asked for as much room as all numbers can take.
  void put(std::uint8_t byte) noexcept { *at_++ = std::byte{byte}; }
  void put_number(std::uint64_t value) noexcept {
    for (; value >= 0x80; value >>= 7) put(static_cast<std::uint8_t>(value | 0x80));
    put(static_cast<std::uint8_t>(value));
  }
  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - start_); }

 private:
  std::byte* start_;
  std::byte* at_;
};

/// The producer's side of a ring.
class RingWriter {
 public:
  RingWriter(Ring& ring, RecordType type) noexcept
      : ring_(ring), record_(ring.bytes_, ring.size_ - 1, ring.published_, room_of(ring), type) {}

  [[nodiscard]] RecordWriter& record() noexcept { return record_; }

  /// Makes the record visible. False if it had no room: then nothing has happened.
  [[nodiscard]] bool publish() noexcept {
    const std::size_t size = record_.finish();
    if (size == 0) return false;
    __atomic_store_n(&ring_.published_, ring_.published_ + size, __ATOMIC_RELEASE);
    return true;
  }

 private:
  // What the consumer has given back is free to be written to from here on.
  static std::uint64_t room_of(const Ring& ring) noexcept {
    return ring.size_ - (ring.published_ - __atomic_load_n(&ring.taken_, __ATOMIC_ACQUIRE));
  }

  Ring& ring_;
  RecordWriter record_;
};

}  // namespace surefoot::profile
