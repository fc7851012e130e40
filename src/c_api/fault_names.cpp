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
using detail::name_of;

namespace {

[[maybe_unused]] constexpr void prove(SpecialRangesFault value) noexcept {
  constexpr unsigned count = surefoot_special_ranges_fault_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_, SpecialRangesFault, empty_table);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_, SpecialRangesFault, empty_range);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_, SpecialRangesFault, misaligned);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_, SpecialRangesFault, unsorted);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_, SpecialRangesFault, overlapping);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_, SpecialRangesFault, unknown_kind);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_, SpecialRangesFault, unknown_rule);
    SUREFOOT_SAME_VALUE(surefoot_special_ranges_, SpecialRangesFault, nonzero_reserved);
  }
}

[[maybe_unused]] constexpr void prove(FrameTableFault value) noexcept {
  constexpr unsigned count = surefoot_frame_table_fault_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_frame_table_, FrameTableFault, truncated);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_, FrameTableFault, not_sframe);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_, FrameTableFault, other_byte_order);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_, FrameTableFault, version_1);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_, FrameTableFault, version_2);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_, FrameTableFault, unknown_version);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_, FrameTableFault, unknown_flags);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_, FrameTableFault, other_architecture);
    SUREFOOT_SAME_VALUE(surefoot_frame_table_, FrameTableFault, unsorted);
  }
}

[[maybe_unused]] constexpr void prove(PatchSitesFault value) noexcept {
  constexpr unsigned count = surefoot_patch_sites_fault_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_patch_sites_, PatchSitesFault, unsorted);
    SUREFOOT_SAME_VALUE(surefoot_patch_sites_, PatchSitesFault, bad_site);
  }
}

[[maybe_unused]] constexpr void prove(CodeMapFault value) noexcept {
  constexpr unsigned count = surefoot_code_map_fault_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_code_map_, CodeMapFault, empty_region);
    SUREFOOT_SAME_VALUE(surefoot_code_map_, CodeMapFault, misaligned_region);
    SUREFOOT_SAME_VALUE(surefoot_code_map_, CodeMapFault, too_large_region);
    SUREFOOT_SAME_VALUE(surefoot_code_map_, CodeMapFault, unsorted_regions);
    SUREFOOT_SAME_VALUE(surefoot_code_map_, CodeMapFault, overlapping_regions);
    SUREFOOT_SAME_VALUE(surefoot_code_map_, CodeMapFault, straddling_range);
    SUREFOOT_SAME_VALUE(surefoot_code_map_, CodeMapFault, too_many_regions);
    SUREFOOT_SAME_VALUE(surefoot_code_map_, CodeMapFault, storage_too_small);
  }
}

[[maybe_unused]] constexpr void prove(KernelFault value) noexcept {
  constexpr unsigned count = surefoot_kernel_fault_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_kernel_, KernelFault, missing_code_map);
    SUREFOOT_SAME_VALUE(surefoot_kernel_, KernelFault, bad_frame_size);
    SUREFOOT_SAME_VALUE(surefoot_kernel_, KernelFault, missing_register);
    SUREFOOT_SAME_VALUE(surefoot_kernel_, KernelFault, misaligned_register);
    SUREFOOT_SAME_VALUE(surefoot_kernel_, KernelFault, register_outside);
    SUREFOOT_SAME_VALUE(surefoot_kernel_, KernelFault, overlapping_registers);
    SUREFOOT_SAME_VALUE(surefoot_kernel_, KernelFault, ambiguous_types);
  }
}

[[maybe_unused]] constexpr void prove(StackSetFault value) noexcept {
  constexpr unsigned count = surefoot_stack_set_fault_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_stack_set_, StackSetFault, empty_stack);
    SUREFOOT_SAME_VALUE(surefoot_stack_set_, StackSetFault, overlapping);
    SUREFOOT_SAME_VALUE(surefoot_stack_set_, StackSetFault, too_many_stacks);
  }
}

}  // namespace

const char* surefoot_special_ranges_fault_name(std::uint32_t code) {
  return name_of<SpecialRangesFault>(code, surefoot_special_ranges_fault_count);
}
const char* surefoot_frame_table_fault_name(std::uint32_t code) {
  return name_of<FrameTableFault>(code, surefoot_frame_table_fault_count);
}
const char* surefoot_patch_sites_fault_name(std::uint32_t code) {
  return name_of<PatchSitesFault>(code, surefoot_patch_sites_fault_count);
}
const char* surefoot_code_map_fault_name(std::uint32_t code) {
  return name_of<CodeMapFault>(code, surefoot_code_map_fault_count);
}
const char* surefoot_kernel_fault_name(std::uint32_t code) {
  return name_of<KernelFault>(code, surefoot_kernel_fault_count);
}
const char* surefoot_stack_set_fault_name(std::uint32_t code) {
  return name_of<StackSetFault>(code, surefoot_stack_set_fault_count);
}
