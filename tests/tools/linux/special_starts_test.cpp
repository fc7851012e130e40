// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "linux/special_code.hpp"

namespace surefoot::tools {
namespace {

SpecialCode find_in(KernelSymbols& symbols) {
  symbols.finish();
  const ReadInstruction nothing = [](std::uint64_t) -> std::optional<std::uint32_t> { return {}; };
  return find_special_code(symbols, nothing, Layouts{});
}

bool is_special(const SpecialCode& code, std::uint64_t address) {
  return std::ranges::any_of(code.ranges, [&](const SpecialRange& range) { return range.range.contains(address); });
}

constexpr std::uint64_t start = 0xffff'8000'0801'0000;
constexpr std::uint64_t size = 0x60;

TEST(SpecialCode, BeginsBehindTheFirstInstructionOfWhatCCallsAndGoesOnToNobody) {
  for (const char* name : {"cpu_switch_to", "__cpu_suspend_enter", "__efi_rt_asm_wrapper", "__guest_enter",
                           "__hyp_set_vectors", "__hyp_reset_vectors", "__sdei_handler_abort"}) {
    SCOPED_TRACE(name);
    KernelSymbols symbols;
    symbols.add(name, start, size, true);
    const SpecialCode code = find_in(symbols);
    EXPECT_FALSE(is_special(code, start));
    EXPECT_TRUE(is_special(code, start + 4));
    EXPECT_TRUE(is_special(code, start + size - 4));
    EXPECT_FALSE(is_special(code, start + size));
  }
}

TEST(SpecialCode, BeginsWithWhatIsEnteredInAnotherWay) {
  for (const char* name : {"cpu_resume", "ftrace_caller", "arch_rethook_trampoline"}) {
    SCOPED_TRACE(name);
    KernelSymbols symbols;
    symbols.add(name, start, size, true);
    EXPECT_TRUE(is_special(find_in(symbols), start));
  }
}

}  // namespace
}  // namespace surefoot::tools
