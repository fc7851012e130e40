// SPDX-License-Identifier: MIT
//
// Wrong descriptions and regions.
#include "scene.hpp"

namespace surefoot::testing {
namespace {

using enum PortProblem;
using Findings = std::vector<PortFinding>;

unsigned number(KernelFault fault) { return static_cast<unsigned>(fault); }
unsigned number(CodeMapFault fault) { return static_cast<unsigned>(fault); }

}  // namespace

std::vector<PortCase> region_cases() {
  return {
      {"X14_BadFrameSize",
       [](PortScene& scene) -> Findings {
         scene.description.exception.size = 7;
         return {found(kernel_refused, 0, 0, number(KernelFault::bad_frame_size))};
       }},
      {"MissingCodeMapAndMisalignedRegister",
       [](PortScene& scene) -> Findings {
         scene.is_map_refused = true;
         scene.description.exception.fp = 12;
         return {found(kernel_refused, 0, 0, number(KernelFault::missing_code_map)),
                 found(kernel_refused, 3, 0, number(KernelFault::misaligned_register))};
       }},
      {"C11_NoCode",
       [](PortScene& scene) -> Findings {
         scene.at_last = [](PortScene& made) { made.regions.clear(); };
         return {found(no_code), found(vectors_not_text, 0, scene.text(0))};
       }},
      {"OverlappingRegions",
       [](PortScene& scene) -> Findings {
         scene.is_map_refused = true;
         scene.add_module(place::text_end - 0x100);
         const std::uint64_t at = scene.text(place::text_end - 0x100);
         return {found(kernel_refused), found(code_map_refused, 1, at, number(CodeMapFault::overlapping_regions)),
                 found(no_frame_table, 1, at)};
       }},
      {"C14_TwoEmptyRegions",
       [](PortScene& scene) -> Findings {
         scene.is_map_refused = true;
         scene.add_module(place::module_text, place::module_text);
         scene.add_module(place::module_end, place::module_text);
         const std::uint64_t first = scene.text(place::module_text);
         const std::uint64_t second = scene.text(place::module_end);
         constexpr auto empty = CodeMapFault::empty_region;
         return {found(kernel_refused), found(code_map_refused, 1, first, number(empty)),
                 found(no_frame_table, 1, first), found(code_map_refused, 2, second, number(empty)),
                 found(no_frame_table, 2, second)};
       }},
      {"StraddlingRange",
       [](PortScene& scene) -> Findings {
         scene.is_map_refused = true;
         scene.special.push_back(
             {.range = {scene.text(place::text_end - 4), scene.text(place::text_end + 4)}, .kind = SpecialKind::other});
         return {found(kernel_refused),
                 found(code_map_refused, 0, scene.text(0), number(CodeMapFault::straddling_range))};
       }},
      {"TooManyRegions",
       [](PortScene& scene) -> Findings {
         scene.is_map_refused = true;
         scene.at_last = [](PortScene& made) {
           Region tiny{.special_ranges = SpecialRanges::none(), .frame_table = made.regions[0].frame_table};
           for (std::uint64_t i = 0; i < max_regions; ++i) {
             const std::uint64_t at = made.text(place::far_away + 4 * i);
             tiny.text = {at, at + 4};
             made.regions.push_back(tiny);
           }
           made.facts.is_code_execute_only = true;  // there is not so much
         };
         return {found(kernel_refused), found(code_map_refused, max_regions, 0, number(CodeMapFault::too_many_regions)),
                 found(code_not_looked_at)};
       }},
      {"RegionNotInMap",
       [](PortScene& scene) -> Findings {
         scene.at_last = [](PortScene& made) {
           static std::vector<Region> named;
           named = made.regions;
           named.push_back({.text = {made.text(place::module_text), made.text(place::module_end)},
                            .special_ranges = SpecialRanges::none(),
                            .frame_table = {}});
           made.facts.regions = named;
         };
         const std::uint64_t at = scene.text(place::module_text);
         return {found(region_not_in_map, 1, at), found(no_frame_table, 1, at)};
       }},
      {"C9_C13_SpecialRangesRefused",
       [](PortScene& scene) -> Findings {
         scene.at_last = [](PortScene& made) {
           made.regions[0].special_ranges =
               SpecialRanges::make(std::span<const SpecialRange>()).value_or(SpecialRanges());
         };
         return {found(special_ranges_refused, 0, scene.text(0))};
       }},
      {"C12_CallsRefused",
       [](PortScene& scene) -> Findings {
         scene.at_last = [](PortScene& made) { made.regions[0].calls_without_record = {}; };
         return {found(calls_refused, 0, scene.text(0))};
       }},
      {"NoFrameTable",
       [](PortScene& scene) -> Findings {
         scene.at_last = [](PortScene& made) { made.regions[0].frame_table = {}; };
         return {found(no_frame_table, 0, scene.text(0))};
       }},
      {"C8_PacMaskCutsText",
       [](PortScene& scene) -> Findings {
         scene.description.pac = PointerAuthMask(0x800);
         return {found(pac_mask_cuts_text, 0, scene.text(0)),
                 found(pac_mask_cuts_stack, 0, scene.cpu_stacks[0].range.start())};
       }},
      {"C8_PacMaskCutsTheUpperHalf",
       [](PortScene& scene) -> Findings {
         scene.is_map_refused = true;
         scene.description.pac = PointerAuthMask(std::uint64_t{1} << 47);
         scene.regions.push_back(
             {.text = {0xffff'0000'0000'0000, 0xffff'0000'0000'1000}, .special_ranges = SpecialRanges::none()});
         scene.facts.is_code_execute_only = true;
         return {found(kernel_refused), found(no_frame_table, 1, 0xffff'0000'0000'0000),
                 found(pac_mask_cuts_text, 1, 0xffff'0000'0000'0000), found(code_not_looked_at)};
       }},
      {"WitnessWithoutFrameTable",
       [](PortScene& scene) -> Findings {
         scene.description.witnesses = Witnesses({.frame_table_chain = true});
         scene.at_last = [](PortScene& made) { made.regions[0].frame_table = {}; };
         return {found(no_frame_table, 0, scene.text(0)), found(witness_without_frame_table, 0, scene.text(0))};
       }},
      {"WitnessOfTargetsWithoutFrameTable",
       [](PortScene& scene) -> Findings {
         scene.description.witnesses = Witnesses({.call_target = true});
         scene.at_last = [](PortScene& made) { made.regions[0].frame_table = {}; };
         return {found(no_frame_table, 0, scene.text(0)), found(witness_without_frame_table, 0, scene.text(0))};
       }},
  };
}

}  // namespace surefoot::testing
