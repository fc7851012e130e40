// SPDX-License-Identifier: MIT
//
// The check of a port. The text of the world is not there: its code is never read.
#include "world.h"

enum { vectors = text_start + 0x800 };

// A port in which all is right that can be looked at.
struct port {
  struct world world;
  struct surefoot_special_range special[1];
  struct surefoot_kernel_description description;
  struct surefoot_port_facts facts;
  struct surefoot_port_finding findings[8];
};

static bool describe(struct port* port) {
  memset(port, 0, sizeof *port);
  if (!fill(&port->world)) return false;
  port->special[0] =
      (struct surefoot_special_range){.range = {vectors, 0x800}, .kind = SUREFOOT_SPECIAL_EXCEPTION_ENTRY};
  if (!surefoot_make_absolute_special_ranges(port->special, 1, &port->world.region.special_ranges, NULL)) return false;
  port->description.code = &port->world.code;
  port->facts = (struct surefoot_port_facts){
      .vectors = vectors, .tasks = &port->world.task, .task_count = 1, .is_code_execute_only = true};
  return make_kernel(&port->world, surefoot_policy_strict);
}

static bool is_found(const struct port* port, size_t at, enum surefoot_port_problem problem, uint32_t index,
                     uint64_t where) {
  const struct surefoot_port_finding* const finding = &port->findings[at];
  return finding->problem == problem && finding->index == index && finding->address == where;
}

const char* c_api_checks_a_port(void) {
  struct port port;
  EXPECT(describe(&port));
  struct surefoot_port_result result = surefoot_check_port(&port.description, &port.facts, port.findings, 8);
  // The world has no frame table, and its code cannot be read.
  EXPECT(result.found == 2 && result.errors == 0 && result.unchecked == 1);
  EXPECT(is_found(&port, 0, surefoot_port_no_frame_table, 0, text_start));
  EXPECT(is_found(&port, 1, surefoot_port_code_not_looked_at, 0, 0));

  port.facts.vectors = 0;
  port.facts.task_count = 0;
  result = surefoot_check_port(&port.description, &port.facts, port.findings, 8);
  EXPECT(result.found == 4 && result.errors == 1 && result.unchecked == 2);
  EXPECT(is_found(&port, 1, surefoot_port_no_vectors, 0, 0));
  EXPECT(is_found(&port, 3, surefoot_port_no_task, 0, 0));
  return NULL;
}

const char* c_api_checks_the_tasks_of_a_port(void) {
  struct port port;
  EXPECT(describe(&port));
  port.world.words[final_at + 2] = 7;
  const struct surefoot_port_result result = surefoot_check_port(&port.description, &port.facts, port.findings, 8);
  EXPECT(result.found == 3 && result.errors == 1);
  EXPECT(is_found(&port, 2, surefoot_port_not_a_final_record, 0, port.world.task.final_record_at));
  return NULL;
}

const char* c_api_checks_the_regions_of_a_refused_map(void) {
  struct port port;
  const struct surefoot_code_map zeros = {{0}};
  EXPECT(describe(&port));
  port.world.region.text.size = 2;
  port.description.code = &zeros;
  port.facts.regions = &port.world.region;
  port.facts.region_count = 1;
  const struct surefoot_port_result result = surefoot_check_port(&port.description, &port.facts, port.findings, 2);
  EXPECT(result.found == 5 && result.errors == 3);
  EXPECT(is_found(&port, 0, surefoot_port_kernel_refused, 0, 0));
  EXPECT(strcmp(surefoot_port_fault_name(&port.findings[0]), "missing_code_map") == 0);
  EXPECT(is_found(&port, 1, surefoot_port_code_map_refused, 0, text_start));
  EXPECT(strcmp(surefoot_port_fault_name(&port.findings[1]), "misaligned_region") == 0);
  EXPECT(is_found(&port, 2, 0, 0, 0));  // no room
  return NULL;
}
