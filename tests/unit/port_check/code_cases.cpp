// SPDX-License-Identifier: MIT
//
// Tables that do not fit their code.
#include "scene.hpp"

namespace surefoot::testing {
namespace {

using namespace a64;
using enum PortProblem;
using Findings = std::vector<PortFinding>;

constexpr std::uint64_t is_signing_on = std::uint64_t{1} << 31;

}  // namespace

std::vector<PortCase> code_cases() {
  return {
      {"CodeNotLookedAt",
       [](PortScene& scene) -> Findings {
         scene.facts.is_code_execute_only = true;
         return {found(code_not_looked_at)};
       }},
      {"C7_WitnessWithoutCode",
       [](PortScene& scene) -> Findings {
         scene.facts.is_code_execute_only = true;
         scene.description.witnesses = Witnesses({.call_site = true});
         return {found(witness_without_code), found(code_not_looked_at)};
       }},
      {"FrameTableElsewhere",
       [](PortScene& scene) -> Findings {
         scene.move_frame_table(place::far_away);
         return {found(frame_table_elsewhere, 0, scene.text(0))};
       }},
      {"FrameTableOfAFunctionThatIsPartlyText",
       [](PortScene& scene) -> Findings {
         scene.functions.push_back({.start = scene.text(place::text_end - 4), .size = 8, .rows = {{0, Base::sp, {0}}}});
         return {found(frame_table_of_other_code, 0, scene.text(place::text_end - 4))};
       }},
      {"FrameTableOfHalfInstructions",
       [](PortScene& scene) -> Findings {
         scene.functions.push_back({.start = scene.text(0xc02), .size = 8, .rows = {{0, Base::sp, {0}}}});
         return {found(frame_table_of_other_code, 0, scene.text(0xc02))};
       }},
      {"FrameTableMovedByOneInstruction",
       [](PortScene& scene) -> Findings {
         scene.move_frame_table(4);
         return {found(frame_table_of_other_code, 0, scene.text(place::pushing + 4))};
       }},
      // The push is where no row says so.
      {"PushThatTheTableDoesNotKnow",
       [](PortScene& scene) -> Findings {
         scene.put(place::pushing, {push_pair_32, paciasp});
         return {found(frame_table_of_other_code, 0, scene.text(place::pushing))};
       }},
      // And the other way round.
      {"RowWithoutAPush",
       [](PortScene& scene) -> Findings {
         scene.code(place::pushing + 4) = nop;
         return {found(frame_table_of_other_code, 0, scene.text(place::pushing + 4))};
       }},
      {"OtherAmountOfRoom",
       [](PortScene& scene) -> Findings {
         scene.code(place::subtracting) = sub_sp_48 + (16U << 10);
         return {found(frame_table_of_other_code, 0, scene.text(place::subtracting))};
       }},
      {"OtherPlaceOfTheRecord",
       [](PortScene& scene) -> Findings {
         scene.code(place::subtracting + 8) = add_x29_sp_32 - (16U << 10);
         return {found(frame_table_of_other_code, 0, scene.text(place::subtracting + 8))};
       }},
      {"RoomThatIsGivenBackAtAnotherPlace",
       [](PortScene& scene) -> Findings {
         scene.put(place::subtracting + 16, {load_pair_at_32, nop, ret});
         return {found(frame_table_of_other_code, 0, scene.text(place::subtracting + 20))};
       }},
      {"OnlyTheFirstContradictionOfARegion",
       [](PortScene& scene) -> Findings {
         scene.code(place::pushing + 4) = nop;
         scene.code(place::subtracting) = nop;
         return {found(frame_table_of_other_code, 0, scene.text(place::pushing + 4))};
       }},
      {"F4_TracersCallWithoutACall",
       [](PortScene& scene) -> Findings {
         scene.put(place::ftrace_call, {mov_x29_sp, mov_x29_sp});
         return {found(special_ranges_of_other_code, 0, scene.text(place::ftrace_call))};
       }},
      {"GraphCallerWithoutACall",
       [](PortScene& scene) -> Findings {
         scene.special_at(place::ftrace_call).kind = SpecialKind::ftrace_graph_caller;
         scene.put(place::ftrace_call, {mov_x29_sp, ret});
         return {found(special_ranges_of_other_code, 0, scene.text(place::ftrace_call))};
       }},
      {"SpecialRangeThatMovesSpBeforeItsEnd",
       [](PortScene& scene) -> Findings {
         scene.put(place::before_frame + 8, {sub_sp_48, nop});
         return {found(special_ranges_of_other_code, 0, scene.text(place::before_frame))};
       }},
      {"C12_CallWithoutRecordThatIsNone",
       [](PortScene& scene) -> Findings {
         scene.code(place::early_call) = nop;
         return {found(calls_of_other_code, 0, scene.text(place::early_call))};
       }},
      {"PatchSiteOutsideText",
       [](PortScene& scene) -> Findings {
         scene.patch_entries.push_back(scene.text(place::text_end + 0x100));
         return {found(patch_site_outside_text, 0, scene.text(place::text_end + 0x100))};
       }},
      {"PatchSitePartlyOutsideText",
       [](PortScene& scene) -> Findings {
         scene.patch_entries.push_back(scene.text(place::text_end - 8));
         return {found(patch_site_outside_text, 0, scene.text(place::text_end - 8))};
       }},
      {"PatchSiteOfOtherCode",
       [](PortScene& scene) -> Findings {
         scene.code(place::patchable + 4) = push_pair_32;
         return {found(patch_site_of_other_code, 0, scene.text(place::patchable + 4))};
       }},
      {"PatchSiteWithACallBeforeItsEnd",
       [](PortScene& scene) -> Findings {
         scene.put(place::patchable, {bti_c, bl_next, nop});
         return {found(patch_site_of_other_code, 0, scene.text(place::patchable + 4))};
       }},
      {"C8_PacMaskMissing",
       [](PortScene& scene) -> Findings {
         scene.facts.system_control |= is_signing_on;
         return {found(pac_mask_missing, 0, scene.text(place::pushing))};
       }},
      {"C8_PacMaskMissingWithTheOtherKey",
       [](PortScene& scene) -> Findings {
         scene.facts.system_control |= is_signing_on / 2;
         scene.code(place::pushing) = 0xd503'237f;  // pacibsp
         return {found(pac_mask_missing, 0, scene.text(place::pushing))};
       }},
      {"C8_PacNotLookedAt",
       [](PortScene& scene) -> Findings {
         scene.facts.system_control = 0;
         return {found(pac_not_looked_at, 0, scene.text(place::pushing))};
       }},
  };
}

}  // namespace surefoot::testing
