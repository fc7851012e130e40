// SPDX-License-Identifier: MIT
//
// The check of a port, from C.
#include "surefoot/port_check.hpp"

#include <cstddef>
#include <span>

#include "kernel.hpp"
#include "same_values.hpp"
#include "surefoot/c/port_check.h"
#include "view.hpp"

using namespace surefoot;
using detail::change_language;
using detail::view_as;

// The layouts of tasks and regions are proved in walk.cpp and code_map.cpp.
SUREFOOT_SAME_LAYOUT(surefoot_port_finding, PortFinding);
SUREFOOT_SAME_MEMBER(surefoot_port_finding, address, PortFinding, address);
SUREFOOT_SAME_MEMBER(surefoot_port_finding, index, PortFinding, index);
SUREFOOT_SAME_MEMBER(surefoot_port_finding, problem, PortFinding, problem);
SUREFOOT_SAME_MEMBER(surefoot_port_finding, fault, PortFinding, fault);

surefoot_port_result surefoot_check_port(const surefoot_kernel_description* description,
                                         const surefoot_port_facts* facts, surefoot_port_finding* findings,
                                         std::size_t capacity) {
  const PortResult result = check_port(detail::unpack(*description),
                                       {.vectors = facts->vectors,
                                        .system_control = facts->system_control,
                                        .tasks = {view_as<const Task>(facts->tasks), facts->task_count},
                                        .regions = {view_as<const Region>(facts->regions), facts->region_count},
                                        .is_code_execute_only = facts->is_code_execute_only},
                                       {view_as<PortFinding>(findings), capacity});
  change_language();
  return {.found = result.found, .errors = result.errors, .unchecked = result.unchecked};
}

std::uint8_t surefoot_port_severity_of(std::uint8_t problem) {
  return static_cast<std::uint8_t>(severity_of(static_cast<PortProblem>(problem)));
}
