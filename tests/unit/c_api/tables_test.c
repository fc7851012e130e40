// SPDX-License-Identifier: MIT
//
// Making stack sets, tables and code maps: what is refused, and that what was made works.
#include "world.h"

// Hazard C14: from C, a range can wrap round.
const char* c_api_refuses_stacks_that_wrap_round(void) {
  struct world world;
  struct surefoot_error error;
  EXPECT(fill(&world));
  const uint64_t start = UINT64_MAX - 0xfff;
  // The stack that wraps would contain every address above its start.
  const uint64_t sizes[] = {0, 0x1000 /* ends at 2^64 */, 0x1008, UINT64_MAX};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
    const struct surefoot_stack stacks[2] = {world.stack, {{start, sizes[i]}, surefoot_stack_irq}};
    error = (struct surefoot_error){99, 99};
    EXPECT(!surefoot_make_stack_set(stacks, 2, &world.task.stacks, &error));
    EXPECT(error.code == surefoot_stack_set_empty_stack && error.index == 1);
    EXPECT(walk_call(&world).verdict.stop == surefoot_stop_off_stack);
  }
  const struct surefoot_stack highest = {{start, 0xff8}, surefoot_stack_irq};
  EXPECT(surefoot_make_stack_set(&highest, 1, &world.task.cpu_stacks, NULL));
  return NULL;
}

const char* c_api_refuses_code_that_wraps_round(void) {
  struct world world;
  struct surefoot_error error;
  EXPECT(fill(&world));
  const uint64_t sizes[] = {0, 0x1000 /* ends at 2^64 */, 0x2000, UINT64_MAX - 3};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
    struct surefoot_region regions[2] = {world.region, world.region};
    regions[1].text = (struct surefoot_range){UINT64_MAX - 0xfff, sizes[i]};
    error = (struct surefoot_error){99, 99};
    EXPECT(!surefoot_make_code_map(regions, 2, world.intervals, 32, &world.code, &error));
    EXPECT(error.code == surefoot_code_map_empty_region && error.index == 1);
  }
  struct surefoot_special_ranges table;
  const struct surefoot_special_range range = {{UINT64_MAX - 0xfff, 0x2000}, SUREFOOT_SPECIAL_OTHER, {0}};
  EXPECT(!surefoot_make_absolute_special_ranges(&range, 1, &table, &error));
  EXPECT(error.code == surefoot_special_ranges_empty_range);
  return NULL;
}

const char* c_api_refuses_stacks_that_overlap(void) {
  struct world world;
  struct surefoot_error error;
  EXPECT(fill(&world));
  const struct surefoot_stack stacks[2] = {world.stack, world.stack};
  EXPECT(!surefoot_make_stack_set(stacks, 2, &world.task.stacks, &error));
  EXPECT(error.code == surefoot_stack_set_overlapping && error.index == 1);
  return NULL;
}

const char* c_api_checks_a_table_of_special_code(void) {
  struct world world;
  struct surefoot_error error;
  struct surefoot_special_ranges* const table = &world.region.special_ranges;
  EXPECT(fill(&world));
  EXPECT(!surefoot_make_special_ranges(NULL, 0, table, &error));
  EXPECT(error.code == surefoot_special_ranges_empty_table && error.index == 0);

  // Offsets count from their own fields: this one ends where it starts.
  const struct surefoot_range_entry empty_range = {.end_offset = -4, .kind = SUREFOOT_SPECIAL_EXCEPTION_ENTRY};
  EXPECT(!surefoot_make_special_ranges(&empty_range, 1, table, &error));
  EXPECT(error.code == surefoot_special_ranges_empty_range);
  EXPECT(make_kernel(&world, surefoot_policy_strict));
  EXPECT(walk_call(&world).verdict.evidence == surefoot_evidence_special_ranges_refused);

  const struct surefoot_range_entry entry = {
      .start_offset = 0x100, .end_offset = 0x104, .kind = SUREFOOT_SPECIAL_VENEER};
  EXPECT(surefoot_make_special_ranges_at(&entry, 1, text_start, table, &error));
  EXPECT(make_kernel(&world, surefoot_policy_strict));
  const struct surefoot_trace trace = walk_call(&world);
  EXPECT(!trace.verdict.is_reliable && trace.frames[1].special == SUREFOOT_SPECIAL_VENEER);
  return NULL;
}

const char* c_api_takes_special_code_by_absolute_addresses(void) {
  struct world world;
  EXPECT(fill(&world));
  const struct surefoot_special_range ranges[2] = {
      {{outer_pc - 4, 8}, SUREFOOT_SPECIAL_OTHER, {.pc = SUREFOOT_FROM_FRAME_RECORD, .base = surefoot_base_none}},
      {{inner_pc - 4, 4}, SUREFOOT_SPECIAL_VENEER, {.pc = SUREFOOT_FROM_NOWHERE}}};
  EXPECT(surefoot_make_absolute_special_ranges(ranges, 2, &world.region.special_ranges, NULL));
  EXPECT(make_kernel(&world, surefoot_policy_exact));
  const struct surefoot_trace trace = walk_call(&world);
  EXPECT(trace.frames[0].special == SUREFOOT_SPECIAL_VENEER);
  EXPECT(trace.frames[1].special == SUREFOOT_SPECIAL_OTHER);
  EXPECT(trace.frames[1].evidence == surefoot_evidence_in_special_range);
  EXPECT((trace.frames[0].evidence & surefoot_evidence_special_code_without_rule) != 0);
  return NULL;
}

const char* c_api_knows_calls_without_a_record(void) {
  struct world world;
  EXPECT(fill(&world));
  const struct surefoot_special_range call = {{outer_pc - 4, 4}, SUREFOOT_SPECIAL_CALL_WITHOUT_RECORD, {0}};
  EXPECT(surefoot_make_absolute_special_ranges(&call, 1, &world.region.calls_without_record, NULL));
  EXPECT(make_kernel(&world, surefoot_policy_exact));
  const struct surefoot_trace trace = walk_call(&world);
  EXPECT(!trace.verdict.is_reliable && trace.verdict.first_doubtful == 1);
  EXPECT(trace.frames[1].special == SUREFOOT_SPECIAL_CALL_WITHOUT_RECORD);
  return NULL;
}

// Each of the two tables of special code has to be named.
const char* c_api_takes_tables_of_zeros_for_refused_ones(void) {
  struct world world;
  EXPECT(fill(&world));
  EXPECT(walk_call(&world).verdict.is_reliable);
  struct surefoot_special_ranges* const tables[2] = {&world.region.special_ranges, &world.region.calls_without_record};
  const uint32_t problems[2] = {surefoot_port_special_ranges_refused, surefoot_port_calls_refused};
  for (int i = 0; i < 2; ++i) {
    *tables[i] = (struct surefoot_special_ranges){{0}};
    EXPECT(make_kernel(&world, surefoot_policy_exact));
    const struct surefoot_trace trace = walk_call(&world);
    EXPECT(!trace.verdict.is_reliable && trace.verdict.stop == surefoot_stop_final_record);
    EXPECT(trace.verdict.evidence == surefoot_evidence_special_ranges_refused);

    const struct surefoot_kernel_description description = {.code = &world.code};
    const struct surefoot_port_facts facts = {.is_code_execute_only = true};
    struct surefoot_port_finding finding;
    EXPECT(surefoot_check_port(&description, &facts, &finding, 1).errors != 0);
    EXPECT(finding.problem == problems[i] && finding.index == 0 && finding.address == text_start);
    *tables[i] = surefoot_no_special_ranges();
  }
  return NULL;
}

const char* c_api_checks_regions(void) {
  struct world world;
  struct surefoot_error error;
  EXPECT(fill(&world));
  struct surefoot_region regions[2] = {world.region, world.region};
  EXPECT(surefoot_intervals_needed(regions, 2) > surefoot_intervals_needed(regions, 1));
  EXPECT(!surefoot_make_code_map(regions, 2, world.intervals, 32, &world.code, &error));
  EXPECT(error.code == surefoot_code_map_overlapping_regions && error.index == 1);
  EXPECT(memcmp(&world.code, &(struct surefoot_code_map){{0}}, sizeof world.code) == 0);
  regions[1].text.start += text_size;
  EXPECT(!surefoot_make_code_map(regions, 2, world.intervals, 2, &world.code, &error));
  EXPECT(error.code == surefoot_code_map_storage_too_small);
  EXPECT(surefoot_make_code_map(regions, 2, world.intervals, surefoot_intervals_needed(regions, 2), &world.code, NULL));
  return NULL;
}

// An SFrame section of one function, whose only row says: sp + 0, both in their registers.
static void fill_section(uint8_t* section, uint64_t function, uint32_t size) {
  static const uint8_t header[28] = {0xe2, 0xde, 3, 1, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 16};
  static const uint8_t rows[8] = {1, 0, 0, 0, 0, 0, 3, 0};
  const uint64_t start = function - (uint64_t)(uintptr_t)section;
  const uint32_t size_and_data[2] = {size, 0};
  memcpy(section, header, 28);
  memcpy(section + 28, &start, 8);
  memcpy(section + 36, size_and_data, 8);
  memcpy(section + 44, rows, 8);
}

const char* c_api_walks_with_a_frame_table(void) {
  struct world world;
  _Alignas(8) uint8_t section[52];
  EXPECT(fill(&world));
  fill_section(section, text_start, text_size);
  EXPECT(make_kernel(&world, surefoot_policy_exact));
  // Without a table nothing is known of interrupted code.
  EXPECT(!walk_exception(&world).verdict.is_reliable);

  EXPECT(surefoot_make_frame_table(section, sizeof section, &world.region.frame_table, NULL));
  EXPECT(make_kernel(&world, surefoot_policy_exact));
  struct surefoot_trace trace = walk_exception(&world);
  EXPECT(trace.frame_count == 3);
  EXPECT(trace.frames[1].pc == outer_pc && trace.frames[1].source == surefoot_source_link_register);

  // The same section as it lies in another program, where it describes other code.
  const uint64_t section_at = (uint64_t)(uintptr_t)section + text_size;
  EXPECT(surefoot_make_frame_table_at(section, sizeof section, section_at, &world.region.frame_table, NULL));
  EXPECT(make_kernel(&world, surefoot_policy_exact));
  EXPECT(walk_exception(&world).frame_count == 2);
  return NULL;
}

const char* c_api_says_why_a_frame_table_is_refused(void) {
  struct surefoot_frame_table table;
  const struct surefoot_frame_table zeros = {{0}};
  struct surefoot_error error = {99, 99};
  _Alignas(8) uint8_t section[52];
  fill_section(section, text_start, text_size);
  memset(&table, 0x5a, sizeof table);
  EXPECT(!surefoot_make_frame_table(section, sizeof section - 1, &table, &error));
  EXPECT(error.code == surefoot_frame_table_truncated && memcmp(&table, &zeros, sizeof table) == 0);
  section[2] = 2;
  EXPECT(!surefoot_make_frame_table(section, sizeof section, &table, &error));
  EXPECT(error.code == surefoot_frame_table_version_2);
  EXPECT(!surefoot_make_frame_table(section, sizeof section, &table, NULL));
  return NULL;
}

const char* c_api_walks_with_patch_sites(void) {
  struct world world;
  struct surefoot_error error;
  EXPECT(fill(&world));
  const uint64_t entries[2] = {inner_pc, inner_pc + 0x40};
  EXPECT(surefoot_make_patch_sites(entries, 2, 0, 8, &world.region.patch_sites, NULL));
  EXPECT(make_kernel(&world, surefoot_policy_exact));
  const struct surefoot_trace trace = walk_exception(&world);
  EXPECT(trace.verdict.is_reliable && trace.frame_count == 3);
  EXPECT(trace.frames[1].pc == outer_pc && trace.frames[1].source == surefoot_source_link_register);

  const uint64_t unsorted[2] = {inner_pc, inner_pc - 0x40};
  EXPECT(!surefoot_make_patch_sites(unsorted, 2, 0, 8, &world.region.patch_sites, &error));
  EXPECT(error.code == surefoot_patch_sites_unsorted && error.index == 1);
  EXPECT(!surefoot_make_patch_sites(entries, 2, 0, 0, &world.region.patch_sites, &error));
  EXPECT(error.code == surefoot_patch_sites_bad_site);
  return NULL;
}
