// SPDX-License-Identifier: MIT
//
// Wrong tasks.
#include "scene.hpp"
#include "support/return_stack_depth.hpp"

namespace surefoot::testing {
namespace {

using enum PortProblem;
using Findings = std::vector<PortFinding>;

AddressRange& own(PortScene& scene, std::size_t task) { return scene.own_stacks[task][0].range; }

bool refuse(void*, std::uint64_t, std::uint64_t*) noexcept { return false; }

}  // namespace

std::vector<PortCase> task_cases() {
  return {
      {"NoTask",
       [](PortScene& scene) -> Findings {
         scene.at_last = [](PortScene& made) { made.facts.tasks = {}; };
         return {found(no_task)};
       }},
      {"NoStack",
       [](PortScene& scene) -> Findings {
         scene.own_stacks[1].clear();
         return {found(no_stack, 1), found(final_record_off_stack, 1, scene.final_records[1])};
       }},
      // Changed behind the back of the set that was made.
      {"T18_EmptyStack",
       [](PortScene& scene) -> Findings {
         scene.at_last = [](PortScene& made) { own(made, 1) = {own(made, 1).start(), 0}; };
         return {found(empty_stack, 1, own(scene, 1).start()),
                 found(final_record_off_stack, 1, scene.final_records[1])};
       }},
      {"MisalignedStack",
       [](PortScene& scene) -> Findings {
         own(scene, 1) = {own(scene, 1).start() + 8, own(scene, 1).end()};
         return {found(misaligned_stack, 1, own(scene, 1).start())};
       }},
      {"MisalignedEndOfStack",
       [](PortScene& scene) -> Findings {
         own(scene, 1) = {own(scene, 1).start(), own(scene, 1).end() - 8};
         return {found(misaligned_stack, 1, own(scene, 1).start())};
       }},
      {"TooManyStacks",
       [](PortScene& scene) -> Findings {
         scene.cpu_stacks.clear();
         for (std::uint64_t i = 0; i < max_stacks; ++i) {
           const std::uint64_t start = scene.text(place::stacks + 0x1000 + 16 * i);
           scene.cpu_stacks.push_back({.range = {start, start + 16}});
         }
         return {found(too_many_stacks, 0)};
       }},
      {"OverlappingStacksOfTaskAndCpu",
       [](PortScene& scene) -> Findings {
         scene.cpu_stacks[0].range = {own(scene, 0).start() - 16, own(scene, 0).start() + 16};
         return {found(overlapping_stacks, 0, own(scene, 0).start() - 16)};
       }},
      {"StackOfTwoTasks",
       [](PortScene& scene) -> Findings {
         own(scene, 1) = {own(scene, 0).end() - 16, own(scene, 1).end()};
         return {found(stack_of_two_tasks, 1, own(scene, 1).start())};
       }},
      {"StackOfATaskAndOfTheCpuOfAnother",
       [](PortScene& scene) -> Findings {
         scene.cpu_stacks[0].range = own(scene, 1);
         return {found(stack_of_two_tasks, 1, own(scene, 1).start())};
       }},
      {"CpuStacksThatAreNotTheSame",
       [](PortScene& scene) -> Findings {
         static std::array<Stack, 1> other;
         scene.at_last = [](PortScene& made) {
           other[0].range = {made.cpu_stacks[0].range.start(), made.cpu_stacks[0].range.end() - 16};
           made.tasks[1].cpu_stacks = StackSet::make(other).value();
         };
         return {found(stack_of_two_tasks, 1, scene.cpu_stacks[0].range.start())};
       }},
      {"StackInText",
       [](PortScene& scene) -> Findings {
         scene.own_stacks[1].push_back({.range = {scene.text(place::text_end - 16), scene.text(place::text_end + 16)}});
         return {found(stack_in_text, 1, scene.text(place::text_end - 16))};
       }},
      {"RegionsOnTheStackOfTheirMaker",
       [](PortScene& scene) -> Findings {
         // As if describe_kernel() had them in variables of its own.
         const auto at = reinterpret_cast<std::uintptr_t>(scene.regions.data());
         scene.own_stacks[1].push_back({.range = {at / 16 * 16, at / 16 * 16 + 32}});
         return {found(code_map_on_stack, 1, at)};
       }},
      {"CodeMapOnTheStackOfItsMaker",
       [](PortScene& scene) -> Findings {
         static std::array<Stack, 2> stacks;
         scene.at_last = [](PortScene& made) {
           const auto at = reinterpret_cast<std::uintptr_t>(made.map());
           stacks = {made.own_stacks[1][0], Stack{{at / 16 * 16, at / 16 * 16 + 16}}};
           made.tasks[1].stacks = StackSet::make(stacks).value();
         };
         return {found(code_map_on_stack, 1, reinterpret_cast<std::uintptr_t>(scene.map()))};
       }},
      {"C8_PacMaskCutsStack",
       [](PortScene& scene) -> Findings {
         scene.description.pac = PointerAuthMask(place::stacks);
         return {found(pac_mask_cuts_stack, 0, own(scene, 0).start()),
                 found(pac_mask_cuts_stack, 0, scene.cpu_stacks[0].range.start()),
                 found(pac_mask_cuts_stack, 1, own(scene, 1).start())};
       }},
      {"TagMaskCutsStack",
       [](PortScene& scene) -> Findings {
         // Only bits in which addresses of one stack differ.
         scene.description.tags = AddressTagMask(place::stack_size / 2);
         return {found(tag_mask_cuts_stack, 0, own(scene, 0).start()),
                 found(tag_mask_cuts_stack, 0, scene.cpu_stacks[0].range.start()),
                 found(tag_mask_cuts_stack, 1, own(scene, 1).start())};
       }},
      {"T17_NoFinalRecord",
       [](PortScene& scene) -> Findings {
         scene.final_records[1] = 0;
         return {found(no_final_record, 1)};
       }},
      {"MisalignedFinalRecord",
       [](PortScene& scene) -> Findings {
         scene.final_records[0] += 4;
         return {found(misaligned_final_record, 0, scene.final_records[0])};
       }},
      {"T2_FinalRecordOfAnotherTask",
       [](PortScene& scene) -> Findings {
         scene.final_records[1] = scene.final_records[0];
         return {found(final_record_off_stack, 1, scene.final_records[1])};
       }},
      {"T4_FinalRecordPartlyOffStack",
       [](PortScene& scene) -> Findings {
         scene.final_records[0] = own(scene, 0).end() - 16;
         return {found(final_record_off_stack, 0, scene.final_records[0])};
       }},
      {"T5_FirstWordOfFinalRecord",
       [](PortScene& scene) -> Findings {
         scene.final_word(0, 0) = 1;
         return {found(not_a_final_record, 0, scene.final_records[0])};
       }},
      {"T5_SecondWordOfFinalRecord",
       [](PortScene& scene) -> Findings {
         scene.final_word(1, 1) = scene.text(place::pushing);
         return {found(not_a_final_record, 1, scene.final_records[1])};
       }},
      {"T3_TypeOfFinalRecord",
       [](PortScene& scene) -> Findings {
         scene.final_word(1, 2) = SUREFOOT_METADATA_EXCEPTION;
         return {found(not_a_final_record, 1, scene.final_records[1])};
       }},
      {"T15_FinalRecordNotLookedAt",
       [](PortScene& scene) -> Findings {
         static constexpr ForeignMemory unreadable{.read = refuse};
         scene.at_last = [](PortScene& made) { made.tasks[1].memory = &unreadable; };
         return {found(final_record_not_looked_at, 1, scene.final_records[1])};
       }},
      {"TooManyReturnStacks",
       [](PortScene& scene) -> Findings {
         scene.return_stacks[0].resize(max_return_stacks + 1, scene.return_stacks[0][0]);
         return {found(too_many_return_stacks, 0)};
       }},
      {"NullReturnStack",
       [](PortScene& scene) -> Findings {
         scene.return_stacks[0].push_back(nullptr);
         return {found(damaged_return_stack, 0)};
       }},
      {"G17_DepthAboveCapacity",
       [](PortScene& scene) -> Findings {
         static std::array<ReturnEntry, 2> entries;
         static ReturnStack damaged{entries};
         set_depth(damaged, 3);
         scene.return_stacks[1] = {&damaged};
         return {found(damaged_return_stack, 1, reinterpret_cast<std::uintptr_t>(&damaged))};
       }},
      {"G3_NoReturnStackInAKernelWithPatchSites",
       [](PortScene& scene) -> Findings {
         scene.special_at(place::return_to_handler).kind = SpecialKind::other;
         scene.return_stacks[1].clear();
         return {found(no_return_stack, 1)};
       }},
      {"G3_NoReturnStackInAKernelWithAReturnHook",
       [](PortScene& scene) -> Findings {
         scene.patch_entries.clear();
         scene.return_stacks[0].clear();
         return {found(no_return_stack, 0)};
       }},
      {"WitnessWithoutShadowCallStack",
       [](PortScene& scene) -> Findings {
         scene.description.witnesses = Witnesses({.shadow_call_stack = true});
         scene.at_last = [](PortScene& made) { made.tasks[0].shadow_call_stack = {0x1000, 0x1000}; };
         return {found(witness_without_shadow_call_stack, 1)};
       }},
  };
}

}  // namespace surefoot::testing
