// SPDX-License-Identifier: MIT
//
// Synchronous exceptions at EL1: BRK, and what their frame says.
#include "arch/exceptions.hpp"

#include <cstdint>

#include "arch/interrupt_mask.hpp"
#include "memory/stacks.hpp"
#include "platform/check.hpp"
#include "platform/probes.hpp"
#include "sched/scheduler.hpp"

namespace kernel::selftest {
namespace {

struct Seen {
  std::uint32_t count;
  std::uint64_t pc;
  std::uint64_t x28;
  std::uint16_t comment;
  bool is_complete;
  bool was_masked;
};
constinit Seen seen = {};

// A metadata record; or the interrupted x29, beside x30 or pc.
bool is_record_complete(const ExceptionFrame& frame) noexcept {
  const surefoot::MetadataRecord& record = record_of(frame);
  const surefoot::FrameRecord words = record.zeros;
  if (!has_typed_records) return words.fp == frame.fp && (words.lr == frame.lr || words.lr == frame.pc);
  return record.type == surefoot::MetadataType::exception && words.fp == 0 && words.lr == 0;
}

void note_brk(ExceptionFrame& frame) noexcept {
  const auto frame_at = reinterpret_cast<std::uintptr_t>(&frame);
  ++seen.count;
  seen.pc = frame.pc;
  seen.x28 = frame.x[28];
  seen.comment = exception_comment(read_syndrome().esr);
  seen.is_complete = is_record_complete(frame) && interrupted_sp(frame) == frame_at + sizeof(frame) &&
                     sched::current().stack().contains(frame_at, sizeof(frame));
  seen.was_masked = are_interrupts_masked();
  step_over(frame);
}

}  // namespace

void check_exceptions() noexcept {
  const ExceptionHook before = set_exception_hook(ExceptionClass::brk, note_brk);
  const std::uint64_t changed = probe_registers_over_brk();
  set_exception_hook(ExceptionClass::brk, before);

  check("exceptions: a brk is stepped over", seen.count == 1);
  check("exceptions: the frame says which brk it was",
        seen.comment == 1 && seen.pc == reinterpret_cast<std::uintptr_t>(probe_brk_instruction));
  check("exceptions: the frame holds the interrupted registers", seen.x28 == 0x5a00 + 28);
  check("exceptions: the frame has its record and lies on the interrupted stack", seen.is_complete);
  check("exceptions: no register changes across a brk", changed == 0);
  check("exceptions: interrupts are masked in a hook and on after it", seen.was_masked && !are_interrupts_masked());
}

}  // namespace kernel::selftest
