// SPDX-License-Identifier: MIT
//
// The only place where code is written.
#include "code.hpp"

#include "surefoot/ftrace/port.hpp"

namespace surefoot::ftrace::detail {
namespace {

// Makes a written word visible to instruction fetch [arm-arm B2.4.4]: out of the data cache to where both caches meet,
// out of the instruction cache, and out of this CPU's pipeline. The executed address is named, whatever alias was
// written: data caches go by physical address, instruction caches need not. An aligned word lies in one line of either
// cache, so that the line sizes do not matter.
void synchronize(std::uint64_t code_at) noexcept {
  asm volatile(
      "dc cvau, %0\n\t"
      "dsb ish\n\t"
      "ic ivau, %0\n\t"
      "dsb ish\n\t"
      "isb"
      :
      : "r"(code_at)
      : "memory");
}

}  // namespace

std::uint32_t read_instruction(std::uint64_t code_at) noexcept {
  // SAFETY: readable by contract, and aligned, as all code addresses that come here are.
  return __atomic_load_n(reinterpret_cast<const std::uint32_t*>(code_at), __ATOMIC_RELAXED);
}

std::expected<void, PatchError> write_instruction(std::uint64_t code_at, std::uint32_t instruction) noexcept {
  if (read_instruction(code_at) == instruction) return {};
  std::uint32_t* const alias = surefoot_ftrace_port_writable_alias(code_at);
  if (alias == nullptr) return std::unexpected(PatchError::not_writable);
  // One aligned store: another CPU fetches the old word or the new one, never a mixture [arm-arm B2.2.5].
  __atomic_store_n(alias, instruction, __ATOMIC_RELAXED);
  synchronize(code_at);
  return {};
}

}  // namespace surefoot::ftrace::detail
