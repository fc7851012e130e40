// SPDX-License-Identifier: MIT
//
// The frames of a user program, behind a kernel's own trace: for profiles and reports that show both. Apart from walks
// of the kernel in everything: what a user program has on its stack is its own affair, so that this trace has no
// verdict, and takes no part in the kernel's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/memory.hpp"

namespace surefoot {

/// What is true of the addresses that user programs use.
struct UserSpace {
  /// Reads the program's memory, and refuses what it cannot read: it must not fault, nor wait where the walk may not.
  /// Without one nothing is read. Called for words inside the thread's stack only.
  ForeignMemory memory{};
  /// The addresses that a user program may use at all. A pc outside is not shown: no program can put a function of the
  /// kernel into a trace.
  AddressRange addresses{};
  /// The bits of a return address that pointer authentication uses, and those of a stack address that hold a tag.
  PointerAuthMask pac{};
  AddressTagMask tags{};
};

/// A thread that has entered the kernel: the registers that the entry saved, and where its stack may be. A kernel that
/// does not know the bounds of a thread's stack gives those of the mapping that sp is in.
struct UserThread {
  std::uint64_t pc = 0;
  std::uint64_t fp = 0;
  std::uint64_t sp = 0;
  AddressRange stack{};
};

/// Why a user trace ended. The enumerator is also its name in logs (to_string). The address in brackets is
/// UserTrace::stop_at.
enum class UserStop : std::uint8_t {
  chain_end,  ///< a frame pointer or a return address of 0: where chains of frame records end [the record, or 0]
  truncated,  ///< the buffer is full [the next record]
  misaligned_record,   ///< a frame pointer is no multiple of 8 [the frame pointer]
  off_stack,           ///< a record is not wholly inside the stack [the record]
  not_above_previous,  ///< a record is not above the one before it, or below sp [the record]
  unreadable,          ///< the memory refused a word, or there is none [the word]
  not_user_code,       ///< a pc is outside the addresses of user programs [the pc]
};
inline constexpr unsigned user_stop_count = 7;

/// The functions of a user program, the callee before its caller: the interrupted pc, and then return addresses. A
/// function that has not made its frame record yet, or makes none, hides its caller.
struct UserTrace {
  std::span<const std::uint64_t> pcs;
  UserStop stop = UserStop::chain_end;
  std::uint64_t stop_at = 0;

  /// How the pc at `index` is looked up: the first is exact. Requires index < pcs.size().
  [[nodiscard]] constexpr CodeAddress address(std::size_t index) const noexcept {
    return {pcs[index], index == 0 ? CodeAddress::Kind::exact : CodeAddress::Kind::return_address};
  }
};

/// Follows the frame records [aapcs64 §6.4.6] of a user thread into `pcs`. For a thread that is in the kernel, at the
/// frame of its exception from EL0. Calls the reader at most twice for each pc, and reads nothing else; as many turns
/// as `pcs` has room for. Other threads of the program may write there meanwhile. Usable wherever the reader is.
[[nodiscard]] UserTrace walk_user(const UserSpace& space, const UserThread& thread,
                                  std::span<std::uint64_t> pcs) noexcept;

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(UserStop stop) noexcept;

}  // namespace surefoot
