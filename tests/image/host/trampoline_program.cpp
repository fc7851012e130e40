// SPDX-License-Identifier: MIT
//
// Finding the addresses by symbol and instruction, so that they hold for every compiler.
#include "trampoline_program.hpp"

#include <cstddef>
#include <string>

#include "image.hpp"
#include "support/frame_table_section.hpp"

namespace surefoot::testing {
namespace {

// The address behind the `count`th instruction of this mnemonic; the end of the function if there are not as many.
std::uint64_t behind(const std::string& function, const std::string& mnemonic, unsigned count) {
  const Image& image = Image::under_test();
  const ImageSymbol& symbol = image.symbol(function);
  std::uint64_t pc = symbol.address;
  for (; pc < symbol.address + symbol.size && count != 0; pc += instruction_size) {
    const auto instruction = image.decode(pc);
    if (instruction && instruction->mnemonic == mnemonic) --count;
  }
  return pc;
}

std::uint64_t behind_patch_site(const std::string& function) { return behind(function, "nop", 2); }
std::uint64_t behind_call(const std::string& function) { return behind(function, "bl", 1); }
std::uint64_t address(const std::string& symbol) { return Image::under_test().symbol(symbol).address; }

constexpr std::uint64_t probe_size = 4 * instruction_size;

}  // namespace

const Program& Program::under_test() {
  static const Program program{
      .f = behind_patch_site("_ZN4demo11plain_innerEv"),
      .p = behind_call("_ZN4demo12plain_middleEv"),
      .g = behind_call("_ZN4demo11plain_outerEv"),
      .h = behind_call("_ZN4demo9run_plainEv"),
      .target = address("_ZN4demo6tracedEv"),
      .callee = behind_call("_ZN4demo12calls_tracedEv"),
      .handler = address("return_to_handler"),
      .probe = address("__kernel_text_end") - probe_size,
      .elsewhere = address("_ZN4demo11tail_calledEv"),
      .after_call = address("ftrace_call") + instruction_size,
      .text = {address("__kernel_text_start"), address("__kernel_text_end")},
  };
  return program;
}

SpecialTable table_with_probe() {
  SpecialTable table = special_table();
  const std::uint64_t entry_at = table.at + table.entries.size() * sizeof(SpecialRangeEntry);
  const auto offset_of = [entry_at](std::uint64_t address, std::uint64_t field) {
    return static_cast<std::int32_t>(address - (entry_at + field));
  };
  const std::uint64_t probe = Program::under_test().probe;
  table.entries.push_back({
      .start_offset = offset_of(probe, offsetof(SpecialRangeEntry, start_offset)),
      .end_offset = offset_of(probe + probe_size, offsetof(SpecialRangeEntry, end_offset)),
      .kind = SUREFOOT_SPECIAL_RETURN_HOOK,
      .rule = SUREFOOT_FROM_RETURN_STACK,
      .rule_offset = 0,
      .registers_offset = 0,
      .caller_sp = 0,
  });
  return table;
}

FrameTable table_of_p() {
  constexpr std::uint64_t table_at = 0x4800'0000;
  constexpr std::int32_t cfa = p_record + SUREFOOT_FRAME_RECORD_SIZE - call_site_sp;
  static const SectionBytes section = make_section({{.start = Program::under_test().p - instruction_size,
                                                     .size = 2 * instruction_size,
                                                     .rows = {{.words = {cfa, -8, -16}}}}},
                                                   {.address = table_at});
  return FrameTable::make(section, table_at).value();
}

}  // namespace surefoot::testing
