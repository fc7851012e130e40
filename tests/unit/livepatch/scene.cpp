// SPDX-License-Identifier: MIT
#include "livepatch/scene.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <utility>

namespace surefoot::livepatch::testing {

TaskState* current_task = nullptr;

Frame call_in(Function function, std::uint32_t version) {
  return returns_to(code_of(function, version).start() + 0x40);
}

Frame interrupted_at(std::uint64_t pc) { return {.pc = pc, .evidence = {}, .kind = CodeAddress::Kind::exact}; }

Frame returns_to(std::uint64_t pc) { return {.pc = pc, .evidence = {}, .kind = CodeAddress::Kind::return_address}; }

Frame in_special(SpecialKind kind, CodeAddress::Kind address) {
  return {.pc = trampoline_at, .evidence = EvidenceBit::in_special_range, .kind = address, .special = kind};
}

Trace OwnTrace::reliable() const {
  return {.frames = frames_,
          .verdict = {.policy = Policy::exact,
                      .reliability = Reliability::reliable,
                      .stop = StopReason::final_record,
                      .evidence = {},
                      .first_doubtful = frames_.size()}};
}

Trace OwnTrace::unreliable(StopReason stop, Evidence evidence, std::size_t first_doubtful) const {
  return {.frames = frames_, .verdict = {.stop = stop, .evidence = evidence, .first_doubtful = first_doubtful}};
}

OwnPatch::OwnPatch(std::uint32_t version, std::initializer_list<Function> functions) : filter_(functions.size()) {
  for (const Function function : functions) {
    parts_[function] = {cold_code_of(function), cold_code_of(function, version)};
    replacements_.push_back({.old_code = code_of(function),
                             .new_code = code_of(function, version),
                             .old_parts = {&parts_[function][0], 1},
                             .new_parts = {&parts_[function][1], 1}});
  }
  patch_.emplace(replacements_, filter_, [](const Patch&) noexcept -> const TaskState* { return current_task; });
}

void World::begin(Patch& patch) {
  ASSERT_TRUE(patches.prepare(patch));
  ASSERT_TRUE(patches.begin(patch));
}

void World::complete(const Trace& trace) {
  Round round = patches.begin_round();
  for (std::size_t i = 0; i != tasks.size(); ++i) round.add(patches.switch_task(tasks[i], trace), i);
  const auto finished = patches.finish(round);
  ASSERT_TRUE(finished) << to_string(finished.error().code);
}

void World::apply(Patch& patch) {
  begin(patch);
  complete(OwnTrace{}.reliable());
}

}  // namespace surefoot::livepatch::testing
