// SPDX-License-Identifier: MIT
//
// The C library functions, and patching of text through its writable view.
#include <cstddef>
#include <cstdint>

#include "arch/system_registers.hpp"
#include "memory/address_space.hpp"
#include "memory/linker_symbols.hpp"
#include "platform/check.hpp"
#include "platform/probes.hpp"

extern "C" {
void* memmove(void* to, const void* from, std::size_t size) noexcept;
int memcmp(const void* left, const void* right, std::size_t size) noexcept;
}

namespace kernel::selftest {
namespace {

// By volatile pointers, so that the calls happen.
void* (*volatile call_memmove)(void*, const void*, std::size_t) noexcept = memmove;
int (*volatile call_memcmp)(const void*, const void*, std::size_t) noexcept = memcmp;

bool moves_overlapping_memory() noexcept {
  char bytes[] = {'a', 'b', 'c', 'd', 'e', 'f'};
  call_memmove(bytes + 1, bytes, 4);
  const bool is_right_upwards = call_memcmp(bytes, "aabcdf", 6) == 0;
  call_memmove(bytes, bytes + 2, 4);
  return is_right_upwards && call_memcmp(bytes, "bcdfdf", 6) == 0 && call_memcmp(bytes, "bcdfdg", 6) < 0;
}

constexpr std::uint32_t mov_x0_2 = 0xd280'0040;

}  // namespace

void check_memory() noexcept {
  check("memory: memmove copies overlapping bytes either way", moves_overlapping_memory());
  check("memory: MMU, both caches and WXN are on", (KERNEL_READ_REGISTER("sctlr_el1") & 0x8'1005) == 0x8'1005);

  const auto at = reinterpret_cast<std::uintptr_t>(probe_patched_instruction);
  const std::uint32_t original = *memory::writable_text(at);
  const bool returned_1 = probe_patchable() == 1;
  memory::patch_text(at, mov_x0_2);
  const bool returned_2 = probe_patchable() == 2;
  memory::patch_text(at, original);
  check("memory: patched text is executed", returned_1 && returned_2 && probe_patchable() == 1);
}

}  // namespace kernel::selftest
