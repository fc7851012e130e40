// SPDX-License-Identifier: MIT
//
// The names of what can be wrong with a table or a description, from C. Linked only where a name is asked for.
#include "same_values.hpp"
#include "surefoot/c/kernel.h"
#include "surefoot/c/stacks.h"
#include "surefoot/kernel.hpp"
#include "surefoot/stacks.hpp"
#include "view.hpp"

using namespace surefoot;
using detail::as_enumerator;

namespace {

[[maybe_unused]] constexpr void prove(SpecialRangesFault value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_empty_table, SpecialRangesFault::empty_table);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_empty_range, SpecialRangesFault::empty_range);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_misaligned, SpecialRangesFault::misaligned);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_unsorted, SpecialRangesFault::unsorted);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_overlapping, SpecialRangesFault::overlapping);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_unknown_kind, SpecialRangesFault::unknown_kind);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_unknown_rule, SpecialRangesFault::unknown_rule);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_nonzero_reserved, SpecialRangesFault::nonzero_reserved);
  }
}

[[maybe_unused]] constexpr void prove(FrameTableFault value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_frame_table_truncated, FrameTableFault::truncated);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_not_sframe, FrameTableFault::not_sframe);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_other_byte_order, FrameTableFault::other_byte_order);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_version_1, FrameTableFault::version_1);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_version_2, FrameTableFault::version_2);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_unknown_version, FrameTableFault::unknown_version);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_unknown_flags, FrameTableFault::unknown_flags);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_other_architecture, FrameTableFault::other_architecture);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_unsorted, FrameTableFault::unsorted);
  }
}

[[maybe_unused]] constexpr void prove(PatchSitesFault value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_patch_sites_unsorted, PatchSitesFault::unsorted);
    SUREFOOT_SAME_VALUE(surefoot_patch_sites_bad_site, PatchSitesFault::bad_site);
  }
}

[[maybe_unused]] constexpr void prove(CodeMapFault value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_code_map_empty_region, CodeMapFault::empty_region);
    SUREFOOT_SAME_VALUE(surefoot_code_map_misaligned_region, CodeMapFault::misaligned_region);
    SUREFOOT_SAME_VALUE(surefoot_code_map_too_large_region, CodeMapFault::too_large_region);
    SUREFOOT_SAME_VALUE(surefoot_code_map_unsorted_regions, CodeMapFault::unsorted_regions);
    SUREFOOT_SAME_VALUE(surefoot_code_map_overlapping_regions, CodeMapFault::overlapping_regions);
    SUREFOOT_SAME_VALUE(surefoot_code_map_straddling_range, CodeMapFault::straddling_range);
    SUREFOOT_SAME_VALUE(surefoot_code_map_too_many_regions, CodeMapFault::too_many_regions);
    SUREFOOT_SAME_VALUE(surefoot_code_map_storage_too_small, CodeMapFault::storage_too_small);
  }
}

[[maybe_unused]] constexpr void prove(KernelFault value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_kernel_missing_code_map, KernelFault::missing_code_map);
    SUREFOOT_SAME_VALUE(surefoot_kernel_bad_frame_size, KernelFault::bad_frame_size);
    SUREFOOT_SAME_VALUE(surefoot_kernel_missing_register, KernelFault::missing_register);
    SUREFOOT_SAME_VALUE(surefoot_kernel_misaligned_register, KernelFault::misaligned_register);
    SUREFOOT_SAME_VALUE(surefoot_kernel_register_outside, KernelFault::register_outside);
    SUREFOOT_SAME_VALUE(surefoot_kernel_overlapping_registers, KernelFault::overlapping_registers);
    SUREFOOT_SAME_VALUE(surefoot_kernel_ambiguous_types, KernelFault::ambiguous_types);
  }
}

[[maybe_unused]] constexpr void prove(StackSetFault value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_stack_set_empty_stack, StackSetFault::empty_stack);
    SUREFOOT_SAME_VALUE(surefoot_stack_set_overlapping, StackSetFault::overlapping);
    SUREFOOT_SAME_VALUE(surefoot_stack_set_too_many_stacks, StackSetFault::too_many_stacks);
  }
}

}  // namespace

const char* surefoot_special_ranges_fault_name(std::uint32_t code) {
  return to_string(as_enumerator<SpecialRangesFault>(code));
}
const char* surefoot_frame_table_fault_name(std::uint32_t code) {
  return to_string(as_enumerator<FrameTableFault>(code));
}
const char* surefoot_patch_sites_fault_name(std::uint32_t code) {
  return to_string(as_enumerator<PatchSitesFault>(code));
}
const char* surefoot_code_map_fault_name(std::uint32_t code) { return to_string(as_enumerator<CodeMapFault>(code)); }
const char* surefoot_kernel_fault_name(std::uint32_t code) { return to_string(as_enumerator<KernelFault>(code)); }
const char* surefoot_stack_set_fault_name(std::uint32_t code) { return to_string(as_enumerator<StackSetFault>(code)); }
