// SPDX-License-Identifier: MIT
//
// What is true of the whole kernel. Described once, checked once, and never checked again in a walk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>

#include "surefoot/address.hpp"
#include "surefoot/code_map.hpp"
#include "surefoot/error.hpp"
#include "surefoot/exception_layout.hpp"
#include "surefoot/verdict.hpp"
#include "surefoot/witnesses.hpp"

namespace surefoot {

/// What a kernel is made of.
struct KernelDescription {
  /// The code map in force; see Kernel::publish(). Required.
  const CodeMap* code = nullptr;
  /// The bits of a return address that pointer authentication uses; none by default.
  PointerAuthMask pac{};
  /// The bits of a stack address that hold a tag; none by default.
  AddressTagMask tags{};
  /// How exception entry saves registers, and how the ends of chains are marked.
  ExceptionLayout exception{};
  /// What walks compare the chain with. Each costs instructions a frame.
  Witnesses witnesses{};
  /// The policy of walks that name none.
  Policy policy = Policy::strict;
};

/// What can be wrong with a description, piece by piece. Of a register of the exception layout, the index of the error
/// is its place in ExceptionLayout, from pc at 0 to record at 6.
enum class KernelFault : std::uint8_t {
  missing_code_map,
  bad_frame_size,         ///< of an exception frame: no multiple of 8, or 0
  missing_register,       ///< pc, fp or the record is absent
  misaligned_register,    ///< an offset is no multiple of 8
  register_outside,       ///< a register or the record is not wholly inside the frame
  overlapping_registers,  ///< two registers share a word, or one lies in a typed record
  ambiguous_types,        ///< the two types of records are equal
};

/// Why a description was refused.
using KernelError = Error<KernelFault>;

/// A checked description. Made at boot; lives as long as walks are made.
class Kernel {
 public:
  /// A kernel of which nothing is known: walks find frames, and are unreliable. In the place of one that was refused,
  /// or is not made yet.
  constexpr Kernel() noexcept : description_{.code = &no_code} {}

  /// Checks the description. Reads nothing else. Any context.
  [[nodiscard]] static constexpr std::expected<Kernel, KernelError> make(
      const KernelDescription& description) noexcept {
    if (description.code == nullptr) return std::unexpected(KernelError{KernelFault::missing_code_map});
    const auto checked = check(description.exception);
    if (!checked) return std::unexpected(checked.error());
    return Kernel(description);
  }

  /// Puts another code map in force: walks that begin from here on use it, walks that have begun go on with the old
  /// one. Callable while walks run on other CPUs. The old map may go once these have ended: the kernel's own grace
  /// period tells when.
  void publish(const CodeMap& code) noexcept { __atomic_store_n(&description_.code, &code, __ATOMIC_RELEASE); }

  /// The map in force. Any context.
  [[nodiscard]] const CodeMap& code() const noexcept { return *__atomic_load_n(&description_.code, __ATOMIC_ACQUIRE); }
  [[nodiscard]] constexpr PointerAuthMask pac() const noexcept { return description_.pac; }
  [[nodiscard]] constexpr AddressTagMask tags() const noexcept { return description_.tags; }
  [[nodiscard]] constexpr const ExceptionLayout& exception() const noexcept { return description_.exception; }
  [[nodiscard]] constexpr const Witnesses& witnesses() const noexcept { return description_.witnesses; }
  [[nodiscard]] constexpr Policy policy() const noexcept { return description_.policy; }

 private:
  [[nodiscard]] static constexpr std::expected<void, KernelError> check(const ExceptionLayout& layout) noexcept;

  constexpr explicit Kernel(const KernelDescription& description) noexcept : description_(description) {}

  static constexpr CodeMap no_code{};

  KernelDescription description_;
};

constexpr std::expected<void, KernelError> Kernel::check(const ExceptionLayout& layout) noexcept {
  using enum KernelFault;
  constexpr unsigned word = sizeof(std::uint64_t);
  const auto refuse = [](KernelFault fault, std::size_t index = 0) {
    return std::unexpected(KernelError{fault, index});
  };
  if (layout.size == 0 || layout.size % word != 0) return refuse(bad_frame_size);
  const bool is_typed = layout.typing == RecordTyping::typed;
  const unsigned record_size = is_typed ? SUREFOOT_METADATA_RECORD_SIZE : SUREFOOT_FRAME_RECORD_SIZE;
  const std::uint16_t offsets[] = {layout.pc, layout.pstate, layout.sp, layout.fp, layout.lr, layout.x9, layout.record};
  constexpr std::size_t record_index = 6;
  for (std::size_t i = 0; i <= record_index; ++i) {
    const bool is_required = i == 0 || i == 3 || i == record_index;
    if (offsets[i] == ExceptionLayout::absent) {
      if (is_required) return refuse(missing_register, i);
      continue;
    }
    if (offsets[i] % word != 0) return refuse(misaligned_register, i);
    if (offsets[i] + (i == record_index ? record_size : word) > layout.size) return refuse(register_outside, i);
    if (i == record_index) continue;
    for (std::size_t j = 0; j < i; ++j) {
      if (offsets[i] == offsets[j]) return refuse(overlapping_registers, i);
    }
    const bool is_in_record = offsets[i] >= layout.record && offsets[i] < layout.record + record_size;
    if (is_typed && is_in_record) return refuse(overlapping_registers, i);
  }
  if (is_typed && layout.final_type == layout.exception_type) return refuse(ambiguous_types);
  return {};
}

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(KernelFault fault) noexcept;

}  // namespace surefoot
