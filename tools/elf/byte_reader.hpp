// SPDX-License-Identifier: MIT
//
// Reads little-endian numbers one after the other. Past the end it gives zeros and remembers: a reader that has failed
// once stays failed, so that one check after several reads is enough.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace surefoot::tools {

class ByteReader {
 public:
  /// `address` is that of the first byte, for place().
  explicit ByteReader(std::span<const std::byte> bytes, std::uint64_t address = 0) : bytes_(bytes), address_(address) {}

  [[nodiscard]] bool has_failed() const { return has_failed_; }
  [[nodiscard]] bool is_at_end() const { return at_ == bytes_.size(); }
  [[nodiscard]] std::span<const std::byte> rest() const { return bytes_.subspan(at_); }
  /// The address of the next byte.
  [[nodiscard]] std::uint64_t place() const { return address_ + at_; }

  void fail() {
    has_failed_ = true;
    at_ = bytes_.size();
  }

  void skip(std::uint64_t count) {
    if (count > bytes_.size() - at_) return fail();
    at_ += static_cast<std::size_t>(count);
  }

  /// A number of up to 8 bytes.
  std::uint64_t unsigned_number(unsigned size) {
    if (size > bytes_.size() - at_) {
      fail();
      return 0;
    }
    std::uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= std::to_integer<std::uint64_t>(bytes_[at_ + i]) << (8 * i);
    at_ += size;
    return value;
  }

  std::int64_t signed_number(unsigned size) {
    const std::uint64_t value = unsigned_number(size);
    const unsigned unused_bits = 64 - 8 * size;
    return static_cast<std::int64_t>(value << unused_bits) >> unused_bits;
  }

  /// LEB128 [dwarf5 §7.6]. Bits above 64 must be what a longer spelling of the same number has there.
  std::uint64_t uleb128() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint64_t byte = unsigned_number(1);
      const std::uint64_t bits = byte & 0x7f;
      if (has_failed_) return 0;
      if (shift < 64) value |= bits << shift;
      const bool is_lost = shift >= 64 ? bits != 0 : shift == 63 && bits > 1;
      if (is_lost) {
        fail();
        return 0;
      }
      if ((byte & 0x80) == 0) return value;
    }
  }

  std::int64_t sleb128() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint64_t byte = unsigned_number(1);
      const std::uint64_t bits = byte & 0x7f;
      if (has_failed_) return 0;
      if (shift < 64) value |= bits << shift;
      const std::uint64_t sign_bits = static_cast<std::int64_t>(value) < 0 ? 0x7f : 0;
      if (shift >= 63 && bits != sign_bits) {
        fail();
        return 0;
      }
      if ((byte & 0x80) != 0) continue;
      if (shift < 57 && (byte & 0x40) != 0) value |= ~std::uint64_t{0} << (shift + 7);
      return static_cast<std::int64_t>(value);
    }
  }

 private:
  std::span<const std::byte> bytes_;
  std::uint64_t address_;
  std::size_t at_ = 0;
  bool has_failed_ = false;
};

}  // namespace surefoot::tools
