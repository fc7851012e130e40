// SPDX-License-Identifier: MIT
//
// Live patching, from C. Refers to surefoot::livepatch.
#include "livepatch.hpp"

#include <new>

#include "surefoot/livepatch/report.hpp"

using namespace surefoot;
using namespace surefoot::livepatch;
using detail::change_language;
using detail::pack;
using detail::patch_in;
using detail::patches_in;
using detail::tell;
using detail::view_as;

SUREFOOT_SAME_LAYOUT(surefoot_range, AddressRange);
SUREFOOT_SAME_LAYOUT(surefoot_livepatch_replacement, Replacement);
SUREFOOT_SAME_MEMBER(surefoot_livepatch_replacement, old_code, Replacement, old_code);
SUREFOOT_SAME_MEMBER(surefoot_livepatch_replacement, new_code, Replacement, new_code);
static_assert(offsetof(surefoot_livepatch_replacement, old_parts) == offsetof(Replacement, old_parts));
static_assert(offsetof(surefoot_livepatch_replacement, new_parts) == offsetof(Replacement, new_parts));
SUREFOOT_SAME_BYTES(surefoot_livepatch_round, Round);
SUREFOOT_SAME_BYTES(surefoot_livepatch_finding, Finding);
SUREFOOT_SAME_MEMBER(surefoot_livepatch_finding, outcome, Finding, outcome);
SUREFOOT_SAME_MEMBER(surefoot_livepatch_finding, stop, Finding, stop);
SUREFOOT_SAME_MEMBER(surefoot_livepatch_finding, replacement, Finding, replacement);
SUREFOOT_SAME_MEMBER(surefoot_livepatch_finding, frame, Finding, frame);
SUREFOOT_SAME_MEMBER(surefoot_livepatch_finding, pc, Finding, pc);
SUREFOOT_SAME_MEMBER(surefoot_livepatch_finding, is_return_address, Finding, is_return_address);
SUREFOOT_SAME_MEMBER(surefoot_livepatch_finding, evidence, Finding, evidence);

namespace {

bool tell_result(const std::expected<void, RefusalError>& done, surefoot_error* error) noexcept {
  change_language();
  return done.has_value() || tell(done.error(), error);
}

const Patches& patches_in(const surefoot_livepatch_patches* patches) noexcept {
  return *view_as<const Patches>(patches);
}

}  // namespace

void surefoot_livepatch_make_patches(surefoot_livepatch_patch** storage, std::size_t capacity,
                                     surefoot_livepatch_patches* out) {
  // A patch begins with the C++ one.
  new (static_cast<void*>(out)) Patches({view_as<Patch*>(storage), capacity});
  change_language();
}

void surefoot_livepatch_make_patch(const surefoot_livepatch_replacement* replacements, std::size_t count,
                                   std::uint64_t* filter, std::size_t filter_count, surefoot_livepatch_current current,
                                   surefoot_livepatch_patch* out) {
  new (static_cast<void*>(out))
      detail::CPatch({view_as<const Replacement>(replacements), count}, {filter, filter_count}, current);
  change_language();
}

bool surefoot_livepatch_prepare(surefoot_livepatch_patches* patches, surefoot_livepatch_patch* patch,
                                surefoot_error* error) {
  return tell_result(detail::patches_in(patches).prepare(patch_in(patch)), error);
}

bool surefoot_livepatch_begin(surefoot_livepatch_patches* patches, surefoot_livepatch_patch* patch,
                              surefoot_error* error) {
  return tell_result(detail::patches_in(patches).begin(patch_in(patch)), error);
}

bool surefoot_livepatch_begin_removal(surefoot_livepatch_patches* patches, surefoot_livepatch_patch* patch,
                                      surefoot_error* error) {
  return tell_result(detail::patches_in(patches).begin_removal(patch_in(patch)), error);
}

bool surefoot_livepatch_reverse(surefoot_livepatch_patches* patches, surefoot_error* error) {
  return tell_result(detail::patches_in(patches).reverse(), error);
}

bool surefoot_livepatch_finish(surefoot_livepatch_patches* patches, const surefoot_livepatch_round* round,
                               surefoot_error* error) {
  return tell_result(detail::patches_in(patches).finish(*view_as<const Round>(round)), error);
}

surefoot_livepatch_round surefoot_livepatch_begin_round(const surefoot_livepatch_patches* patches,
                                                        std::uint32_t* in_replacement, std::size_t count) {
  const std::span<std::uint32_t> counts =
      in_replacement != nullptr ? std::span(in_replacement, count) : std::span<std::uint32_t>();
  return pack<surefoot_livepatch_round>(patches_in(patches).begin_round(counts));
}

void surefoot_livepatch_add(surefoot_livepatch_round* round, const surefoot_livepatch_finding* finding,
                            std::uint64_t task) {
  view_as<Round>(round)->add(*view_as<const Finding>(finding), task);
  change_language();
}

std::uint32_t surefoot_livepatch_count(const surefoot_livepatch_round* round, std::uint8_t outcome) {
  return outcome < outcome_count ? view_as<const Round>(round)->count(static_cast<Outcome>(outcome)) : 0;
}

std::uint32_t surefoot_livepatch_holding(const surefoot_livepatch_round* round) {
  return view_as<const Round>(round)->holding();
}

std::uint64_t surefoot_livepatch_first_holder(const surefoot_livepatch_round* round) {
  return view_as<const Round>(round)->first_holder();
}

surefoot_livepatch_finding surefoot_livepatch_first_finding(const surefoot_livepatch_round* round) {
  return pack<surefoot_livepatch_finding>(view_as<const Round>(round)->first_finding());
}

bool surefoot_livepatch_needs_trace(const surefoot_livepatch_patches* patches, surefoot_livepatch_task_state* state) {
  return patches_in(patches).needs_trace(*view_as<TaskState>(state));
}

surefoot_livepatch_finding surefoot_livepatch_switch_task(const surefoot_livepatch_patches* patches,
                                                          surefoot_livepatch_task_state* state,
                                                          const surefoot_trace* trace,
                                                          const surefoot_task_activity* activity) {
  const Trace walked{.frames = {view_as<const Frame>(trace->frames), trace->frame_count},
                     .verdict = pack<Verdict>(trace->verdict)};
  TaskState& task = *view_as<TaskState>(state);
  const Patches& all = patches_in(patches);
  return pack<surefoot_livepatch_finding>(activity != nullptr
                                              ? all.switch_task(task, walked, *view_as<const TaskActivity>(activity))
                                              : all.switch_task(task, walked));
}

void surefoot_livepatch_cross_boundary(const surefoot_livepatch_patches* patches,
                                       surefoot_livepatch_task_state* state) {
  patches_in(patches).cross_boundary(*view_as<TaskState>(state));
}

bool surefoot_livepatch_is_pending(const surefoot_livepatch_patches* patches,
                                   const surefoot_livepatch_task_state* state) {
  return patches_in(patches).is_pending(*view_as<const TaskState>(state));
}

std::uint32_t surefoot_livepatch_level(const surefoot_livepatch_task_state* state) {
  return view_as<const TaskState>(state)->level();
}

std::uint32_t surefoot_livepatch_target_level(const surefoot_livepatch_patches* patches) {
  return patches_in(patches).target().level();
}

bool surefoot_livepatch_is_applied(const surefoot_livepatch_patches* patches, const surefoot_livepatch_patch* patch) {
  return patches_in(patches).is_applied(*view_as<const detail::CPatch>(patch));
}
