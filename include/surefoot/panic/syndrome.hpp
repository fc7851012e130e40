// SPDX-License-Identifier: MIT
//
// What the exception syndrome says in words: the class, what was accessed, and why that failed. Functions of a number;
// they read no registers and run anywhere. Part of surefoot::panic.
#pragma once

#include <cstdint>

namespace surefoot::panic {

/// ESR_ELx and FAR_ELx as an exception left them [arm-arm, ESR_EL1, FAR_EL1].
struct Syndrome {
  std::uint64_t esr = 0;
  std::uint64_t far = 0;
};

/// ESR_ELx.EC, a number from 0 to 63.
[[nodiscard]] constexpr unsigned exception_class_of(std::uint64_t esr) noexcept {
  return static_cast<unsigned>(esr >> 26 & 0x3f);
}

/// The exception class in words, as in "data abort"; null for one that has no name here. Any context.
[[nodiscard]] const char* to_class_name(std::uint64_t esr) noexcept;

/// What kind of access faulted, and whether FAR_ELx holds its address.
enum class FaultAccess : std::uint8_t {
  none,  ///< the class is about no memory
  read,
  write,
  execution,
  cache_maintenance,
};
[[nodiscard]] FaultAccess fault_access_of(std::uint64_t esr) noexcept;
/// The access in words, as in "write to". Null for none.
[[nodiscard]] const char* to_words(FaultAccess access) noexcept;
/// True if FAR_ELx is the address of the access: it is not for every abort (FnV).
[[nodiscard]] bool has_fault_address(std::uint64_t esr) noexcept;

/// Why an access failed.
struct FaultStatus {
  static constexpr int no_level = -2;

  const char* name = nullptr;  ///< as in "translation fault"; null if the class has no fault status, or an unknown one
  int level = no_level;        ///< of the translation tables, from -1 to 3, or no_level
};
[[nodiscard]] FaultStatus fault_status_of(std::uint64_t esr) noexcept;

/// PSTATE.M as in "EL1h", or "AArch32", or null for a mode that is none.
[[nodiscard]] const char* to_mode_name(std::uint64_t pstate) noexcept;

}  // namespace surefoot::panic
