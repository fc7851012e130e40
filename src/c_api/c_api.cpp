// SPDX-License-Identifier: MIT
//
// The C interface. Stacks, registers and frames are used where they lie, by layouts that same_values.hpp proves equal.
#include "same_values.hpp"
#include "surefoot/surefoot.h"
#include "surefoot/walk.hpp"

using namespace surefoot;

namespace {

// A C object, seen as the C++ object of the same layout.
template <typename To, typename From>
To* view_as(From* object) noexcept {
  static_assert(alignof(To) <= alignof(From));
  // SAFETY: same_values.hpp proves that the layouts are equal. The two types must not be told apart by link-time
  // optimisation across the languages, either: all that was stored through the one is in memory from here on.
  asm volatile("" : "+r"(object) : : "memory");
  return reinterpret_cast<To*>(object);
}

SpecialRanges unpack(const surefoot_special_ranges& packed) noexcept {
  SpecialRanges ranges;
  // SAFETY: trivially copyable, and of one size (same_values.hpp). The bytes come from pack(), or are zeros, which is
  // what a refused table is made of.
  __builtin_memcpy(static_cast<void*>(&ranges), &packed, sizeof ranges);
  return ranges;
}

surefoot_special_ranges pack(const SpecialRanges& ranges) noexcept {
  surefoot_special_ranges packed = {};
  __builtin_memcpy(&packed, &ranges, sizeof packed);
  return packed;
}

PatchSites unpack(const surefoot_patch_sites& sites) noexcept {
  return PatchSites::make({sites.entries, sites.entry_count}, sites.start_offset, sites.end_offset)
      .value_or(PatchSites());
}

// Null for a refused table, which is zeros. A made one never is: it names its reader.
const FrameTable* unpack(const surefoot_frame_table* packed) noexcept {
  std::uint64_t bits = 0;
  if (packed != nullptr) {
    for (const std::uint64_t word : packed->opaque) bits |= word;
  }
  return bits != 0 ? view_as<const FrameTable>(packed) : nullptr;
}

// C++ makes an empty range of one that would wrap round (AddressRange). From C it comes as it is, and would hold what
// it does not name.
bool does_wrap(const surefoot_range& range) noexcept { return range.size > ~range.start; }

const surefoot_range* find_wrapping(const surefoot_context& context) noexcept {
  for (std::size_t i = 0; i < context.stack_count; ++i) {
    if (does_wrap(context.stacks[i].range)) return &context.stacks[i].range;
  }
  for (std::size_t i = 0; i < context.text_count; ++i) {
    if (does_wrap(context.text[i])) return &context.text[i];
  }
  return nullptr;
}

surefoot_trace refused(const surefoot_range& range) noexcept {
  return {.frame_count = 0,
          .verdict = {.is_reliable = false,
                      .stop = surefoot_stop_bad_context,
                      .evidence = 0,
                      .first_doubtful = 0,
                      .stop_at = range.start}};
}

surefoot_trace walk_into(const Start& start, const surefoot_context& in, surefoot_frame* frames,
                         std::size_t capacity) noexcept {
  if (const surefoot_range* wrapping = find_wrapping(in)) return refused(*wrapping);
  const Context context{.stacks = {view_as<const Stack>(in.stacks), in.stack_count},
                        .text = {view_as<const AddressRange>(in.text), in.text_count},
                        .special_ranges = unpack(in.special_ranges),
                        .return_stack = reinterpret_cast<const ReturnStack*>(in.return_stack),
                        .final_record_at = in.final_record_at,
                        .pac = PointerAuthMask(in.pac_mask),
                        .policy = static_cast<Policy>(in.policy),
                        .patch_sites = unpack(in.patch_sites),
                        .frame_table = unpack(in.frame_table)};
  const Trace trace = walk(start, context, {view_as<Frame>(frames), capacity});
  asm volatile("" : : : "memory");  // as in view_as, for what was stored through Frame
  return {.frame_count = trace.frames.size(),
          .verdict = {.is_reliable = trace.verdict.is_reliable(),
                      .stop = static_cast<surefoot_stop_reason>(trace.verdict.stop),
                      .evidence = trace.verdict.evidence.bits(),
                      .first_doubtful = trace.verdict.first_doubtful,
                      .stop_at = trace.verdict.stop_at}};
}

}  // namespace

bool surefoot_make_special_ranges(const surefoot_range_entry* entries, std::size_t entry_count,
                                  surefoot_special_ranges* out) {
  const auto made = SpecialRanges::make({view_as<const SpecialRangeEntry>(entries), entry_count});
  *out = pack(made ? *made : SpecialRanges());
  return made.has_value();
}

surefoot_special_ranges surefoot_no_special_ranges() { return pack(SpecialRanges::none()); }

void surefoot_enter_cpu(surefoot_task_activity* activity) { view_as<TaskActivity>(activity)->enter_cpu(); }
void surefoot_leave_cpu(surefoot_task_activity* activity) { view_as<TaskActivity>(activity)->leave_cpu(); }

surefoot_trace surefoot_walk_call(const surefoot_context* context, const surefoot_registers* registers,
                                  surefoot_frame* frames, std::size_t capacity) {
  return walk_into(Start::at_call({registers->fp, registers->sp, registers->pc}), *context, frames, capacity);
}

surefoot_trace surefoot_walk_blocked_task(const surefoot_context* context, const surefoot_registers* saved,
                                          const surefoot_task_activity* activity, surefoot_frame* frames,
                                          std::size_t capacity) {
  // Views, not copies: the walk reads the registers after it has read the activity.
  const Start start = Start::blocked_task(*view_as<const Registers>(saved), *view_as<const TaskActivity>(activity));
  return walk_into(start, *context, frames, capacity);
}

surefoot_trace surefoot_walk_exception(const surefoot_context* context, const surefoot_exception_frame* frame,
                                       surefoot_frame* frames, std::size_t capacity) {
  return walk_into(Start::exception(*view_as<const ExceptionFrame>(frame)), *context, frames, capacity);
}

const char* surefoot_stop_name(surefoot_stop_reason stop) { return to_string(static_cast<StopReason>(stop)); }
const char* surefoot_evidence_name(surefoot_evidence bit) { return to_string(static_cast<EvidenceBit>(bit)); }
const char* surefoot_source_name(surefoot_source source) { return to_string(static_cast<Source>(source)); }
const char* surefoot_special_name(std::uint8_t kind) { return to_string(static_cast<SpecialKind>(kind)); }
