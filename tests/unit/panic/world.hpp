// SPDX-License-Identifier: MIT
//
// A kernel with one region, a task with a stack of words, and the report of it as text. Words that are in no map cannot
// be read, and a read of one is counted.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "support/symbol_table.hpp"
#include "surefoot/panic.hpp"
#include "surefoot/surefoot.hpp"

namespace surefoot::testing {

class PanicWorld : public ::testing::Test {
 protected:
  static constexpr std::uint64_t text_start = 0x4008'0000;
  static constexpr std::uint64_t stack_start = 0x4040'0000;
  static constexpr std::uint64_t stack_end = 0x4040'1000;
  static constexpr std::uint64_t irq_start = 0x4050'0000;
  static constexpr std::uint64_t irq_end = 0x4050'1000;
  static constexpr std::uint64_t frame_at = irq_end - SUREFOOT_EXCEPTION_FRAME_SIZE;
  static constexpr std::uint64_t final_at = stack_end - 0x20;
  static constexpr std::uint64_t record_at = stack_start + 0x800;

  PanicWorld() {
    for (std::uint64_t at = stack_start; at < stack_end; at += 8) words[at] = 0;
    for (std::uint64_t at = irq_start; at < irq_end; at += 8) words[at] = 0;
    for (std::uint64_t at = text_start; at < text_start + 0x1000; at += 8) words[at] = 0xd503'201f'd503'233f;
    // net::send, interrupted in its body, called by net::poll, called by the task's entry.
    words[record_at] = record_at + 0x40;
    words[record_at + 8] = text_start + 0x134;
    words[record_at + 0x40] = final_at;
    words[record_at + 0x48] = text_start + 0x10;
    words[final_at + 16] = SUREFOOT_METADATA_FINAL;
    for (std::uint64_t i = 0; i < 29; ++i) set_register(i, 0x1111'0000'0000'0000 + i);
    set(SUREFOOT_EXCEPTION_FRAME_OFFSET_FP, record_at);
    set(SUREFOOT_EXCEPTION_FRAME_OFFSET_LR, text_start + 0x134);
    set(SUREFOOT_EXCEPTION_FRAME_OFFSET_SP, record_at);
    set(SUREFOOT_EXCEPTION_FRAME_OFFSET_PC, text_start + 0x214);
    set(SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE, 0x6040'0005);
    set(SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD + 16, SUREFOOT_METADATA_EXCEPTION);
    task.stacks = StackSet::make(own).value();
    task.cpu_stacks = StackSet::make(of_cpu).value();
    task.final_record_at = final_at;
    task.memory = &memory;
    region.special_ranges = SpecialRanges::none();
    code = CodeMap::make({&region, 1}, intervals).value();
    kernel = Kernel::make({.code = &code, .policy = Policy::exact}).value();
    table = symbol_table(0x4000'0000, {{text_start, 0x40, "task_entry"},
                                       {text_start + 0x100, 0x90, "net::poll"},
                                       {text_start + 0x200, 0x80, "net::send"}});
    report.symbols = Symbols::make(table, 0x4000'0000).value();
  }

  void set(std::uint64_t offset, std::uint64_t value) { words[frame_at + offset] = value; }
  void set_register(std::uint64_t number, std::uint64_t value) {
    set(SUREFOOT_EXCEPTION_FRAME_OFFSET_X0 + 8 * number, value);
  }

  static bool read(void* object, std::uint64_t address, std::uint64_t* word) noexcept {
    auto* const world = static_cast<PanicWorld*>(object);
    const auto found = world->words.find(address);
    if (found == world->words.end()) {
      ++world->refused;
      return false;
    }
    *word = found->second;
    return true;
  }
  static void append(void* object, const char* text, std::size_t size) noexcept {
    static_cast<PanicWorld*>(object)->text.append(text, size);
  }

  std::string printed(panic::Heading heading = panic::Heading::panic) {
    text.clear();
    panic::print_report(report, heading, {.write = append, .object = this});
    return text;
  }
  std::string printed_brief() {
    text.clear();
    panic::print_brief(report, panic::Heading::panic_in_panic, {.write = append, .object = this});
    return text;
  }
  /// The lines that begin with this, of what was printed last.
  [[nodiscard]] std::string lines(const std::string& beginning) const {
    std::string found;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at) + 1;
      if (text.compare(at, beginning.size(), beginning) == 0) found += text.substr(at, end - at);
      at = end;
    }
    return found;
  }

  std::map<std::uint64_t, std::uint64_t> words;
  std::size_t refused = 0;
  std::string text;
  ForeignMemory memory{.read = read, .object = this};
  Stack own[1] = {{.range = {stack_start, stack_end}, .kind = StackKind::task}};
  Stack of_cpu[1] = {{.range = {irq_start, irq_end}, .kind = StackKind::irq}};
  Task task;
  Region region{.text = {text_start, text_start + 0x1000}};
  Interval intervals[16];
  CodeMap code;
  Kernel kernel;
  std::vector<std::uint32_t> table;
  panic::Syndrome syndrome{.esr = 0x9600'0044, .far = 0x10};
  panic::Report report{.reason = "bad news",
                       .cpu = 2,
                       .task_name = "worker-3",
                       .task_number = 17,
                       .exception_frame_at = frame_at,
                       .syndrome = &syndrome,
                       .kernel = &kernel,
                       .task = &task};
};

}  // namespace surefoot::testing
