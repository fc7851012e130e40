// SPDX-License-Identifier: MIT
//
// Addresses and ranges of addresses, and the one place where a pointer authentication code is removed. Addresses are
// 64-bit integers, not pointers, so that the same code walks the running kernel, another machine's memory or a test's.
#pragma once

#include <cstdint>

namespace surefoot {

/// Half-open range of addresses [start, end). One that would wrap round is empty.
class AddressRange {
 public:
  constexpr AddressRange() = default;
  constexpr AddressRange(std::uint64_t start, std::uint64_t end) noexcept
      : start_(start), size_(end > start ? end - start : 0) {}

  [[nodiscard]] constexpr std::uint64_t start() const noexcept { return start_; }
  [[nodiscard]] constexpr std::uint64_t end() const noexcept { return start_ + size_; }
  [[nodiscard]] constexpr bool is_empty() const noexcept { return size_ == 0; }

  /// True if all of [address, address + size) is inside. No sum is formed, so nothing can wrap.
  [[nodiscard]] constexpr bool contains(std::uint64_t address, std::uint64_t size) const noexcept {
    return size <= size_ && address >= start_ && address - start_ <= size_ - size;
  }
  /// True if the byte at `address` is inside.
  [[nodiscard]] constexpr bool contains(std::uint64_t address) const noexcept { return address - start_ < size_; }
  [[nodiscard]] constexpr bool overlaps(const AddressRange& other) const noexcept {
    return start_ < other.end() && other.start_ < end();
  }

 private:
  std::uint64_t start_ = 0;
  std::uint64_t size_ = 0;
};

/// `address` + `offset`, modulo 2^64. What a table or a rule says is not to be trusted: whoever reads there checks it.
[[nodiscard]] constexpr std::uint64_t offset_by(std::uint64_t address, std::int32_t offset) noexcept {
  return address + static_cast<std::uint64_t>(std::int64_t{offset});
}

/// The bytes of one A64 instruction [arm-arm C4.1].
inline constexpr std::uint64_t instruction_size = 4;

/// A code address together with what it says. An exact pc names the instruction that runs next in interrupted code; a
/// return address names the instruction after a call, which may already belong to the next function when the call
/// never returns.
class CodeAddress {
 public:
  enum class Kind : std::uint8_t { exact, return_address };

  constexpr CodeAddress() = default;
  constexpr CodeAddress(std::uint64_t value, Kind kind) noexcept : value_(value), kind_(kind) {}

  [[nodiscard]] constexpr std::uint64_t value() const noexcept { return value_; }
  [[nodiscard]] constexpr Kind kind() const noexcept { return kind_; }

  /// The address to look up in tables: of the call for a return address, the pc itself for an exact one. A return
  /// address below 4 wraps to the top of the address space, which no table contains.
  [[nodiscard]] constexpr std::uint64_t lookup() const noexcept {
    return kind_ == Kind::exact ? value_ : value_ - instruction_size;
  }

 private:
  std::uint64_t value_ = 0;
  Kind kind_ = Kind::exact;
};

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(CodeAddress::Kind kind) noexcept;

/// Bit 55 tells the two halves of the address space apart, whatever the bits above it hold [arm-arm D8.10.3].
inline constexpr std::uint64_t address_half_bit = std::uint64_t{1} << 55;

/// The bits of a code address that may hold a pointer authentication code; none by default.
class PointerAuthMask {
 public:
  constexpr PointerAuthMask() = default;
  constexpr explicit PointerAuthMask(std::uint64_t bits) noexcept : bits_(bits & ~address_half_bit) {}

  /// The mask for a translation regime with this many bits of virtual address and no tagged code addresses: every bit
  /// above them but bit 55 [arm-arm D8.10.3].
  [[nodiscard]] static constexpr PointerAuthMask for_address_bits(unsigned address_bits) noexcept {
    return PointerAuthMask(address_bits < 64 ? ~std::uint64_t{0} << address_bits : 0);
  }

  /// The address without its code. Bit 55 selects the half of the address space, and the removed bits become copies of
  /// it, as XPACI does [arm-arm C6.2, XPACI].
  [[nodiscard, gnu::always_inline]] constexpr std::uint64_t strip(std::uint64_t address) const noexcept {
    return (address & address_half_bit) != 0 ? address | bits_ : address & ~bits_;
  }
  [[nodiscard]] constexpr std::uint64_t bits() const noexcept { return bits_; }

 private:
  std::uint64_t bits_ = 0;
};

/// The bits of a data address that may hold a tag (TBI, MTE); none by default. Frame pointers and stack pointers are
/// compared and read without their tags.
class AddressTagMask {
 public:
  constexpr AddressTagMask() = default;
  constexpr explicit AddressTagMask(std::uint64_t bits) noexcept : bits_(bits & ~address_half_bit) {}

  /// The mask of a translation regime that ignores the top byte (TCR_ELx.TBI) [arm-arm D8.8].
  [[nodiscard]] static constexpr AddressTagMask for_top_byte() noexcept {
    return AddressTagMask(std::uint64_t{0xff} << 56);
  }

  /// The address without its tag: the removed bits become copies of bit 55.
  [[nodiscard, gnu::always_inline]] constexpr std::uint64_t strip(std::uint64_t address) const noexcept {
    return (address & address_half_bit) != 0 ? address | bits_ : address & ~bits_;
  }
  [[nodiscard]] constexpr std::uint64_t bits() const noexcept { return bits_; }

 private:
  std::uint64_t bits_ = 0;
};

}  // namespace surefoot
