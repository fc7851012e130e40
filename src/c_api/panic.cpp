// SPDX-License-Identifier: MIT
//
// The report of a panic, from C. Refers to surefoot::panic.
#include "surefoot/panic.hpp"

#include "kernel.hpp"
#include "same_values.hpp"
#include "surefoot/c/panic.h"
#include "surefoot/c/verdict.h"
#include "surefoot/explain.hpp"
#include "view.hpp"

using namespace surefoot;
using detail::change_language;
using detail::is_made;
using detail::view_as;

// The layouts of tasks and memory are proved in walk.cpp, those of starts in start.cpp, that of symbols in symbols.cpp.

namespace {

SUREFOOT_SAME_LAYOUT(surefoot_syndrome, panic::Syndrome);
SUREFOOT_SAME_MEMBER(surefoot_syndrome, esr, panic::Syndrome, esr);
SUREFOOT_SAME_MEMBER(surefoot_syndrome, far, panic::Syndrome, far);
SUREFOOT_SAME_LAYOUT(surefoot_panic_all_cpus, panic::AllCpus);
SUREFOOT_SAME_LAYOUT(surefoot_panic_own_cpu, panic::OwnCpu);

[[maybe_unused]] constexpr void prove(panic::Standing standing) noexcept {
  constexpr unsigned count = surefoot_panic_standing_count;
  switch (standing) {
    SUREFOOT_SAME_VALUE(surefoot_panic_, panic::Standing, stopped);
    SUREFOOT_SAME_VALUE(surefoot_panic_, panic::Standing, silent);
    SUREFOOT_SAME_VALUE(surefoot_panic_, panic::Standing, reported);
    SUREFOOT_SAME_VALUE(surefoot_panic_, panic::Standing, absent);
  }
}
[[maybe_unused]] constexpr void prove(panic::Outcome outcome) noexcept {
  constexpr unsigned count = surefoot_panic_outcome_count;
  switch (outcome) {
    SUREFOOT_SAME_VALUE(surefoot_panic_, panic::Outcome, end_machine);
    SUREFOOT_SAME_VALUE(surefoot_panic_, panic::Outcome, stay);
    SUREFOOT_SAME_VALUE(surefoot_panic_, panic::Outcome, give_up);
  }
}

// What the C report refers to, in C++. A kernel that was not made is none.
void unpack(const surefoot_panic_report& from, panic::Report& to) noexcept {
  const auto* const kernel = view_as<const Kernel>(from.kernel);
  const bool has_kernel = kernel != nullptr && is_made(*kernel) && is_made(kernel->code());
  to.reason = from.reason;
  to.cpu = from.has_cpu ? from.cpu : panic::unknown_cpu;
  to.task_name = from.task_name;
  to.task_number = from.has_task_number ? from.task_number : panic::unknown_task;
  to.exception_frame_at = from.exception_frame_at;
  to.general_registers = from.general_registers;
  to.syndrome = view_as<const panic::Syndrome>(from.syndrome);
  to.kernel = has_kernel ? kernel : nullptr;
  to.task = view_as<const Task>(from.task);
  to.start = view_as<const Start>(from.start);
  to.policy = from.is_strict ? Policy::strict : Policy::exact;
  to.symbols = *view_as<const Symbols>(&from.symbols);
  to.memory = view_as<const ForeignMemory>(from.memory);
}

// The C port, and the report that it was called with.
struct Call {
  const surefoot_panic_port& port;
  const surefoot_panic_report& report;
};

// Each function of the port, with the object that the C one wants.
const surefoot_panic_port& port_of(void* call) noexcept { return static_cast<const Call*>(call)->port; }
void write(void* call, const char* text, std::size_t size) noexcept {
  port_of(call).write(port_of(call).object, text, size);
}
bool take_console(void* call) noexcept { return port_of(call).take_console(port_of(call).object); }
void release_console(void* call) noexcept { port_of(call).release_console(port_of(call).object); }
void stop_others(void* call) noexcept { port_of(call).stop_others(port_of(call).object); }

panic::Standing wait_for(void* object, std::uint32_t cpu, panic::Report& known) noexcept {
  const Call& call = *static_cast<const Call*>(object);
  // All that holds for the kernel, and nothing of the task.
  surefoot_panic_report other = call.report;
  other.reason = nullptr;
  other.has_cpu = true;
  other.cpu = cpu;
  other.task_name = nullptr;
  other.has_task_number = false;
  other.exception_frame_at = 0;
  other.syndrome = nullptr;
  other.task = nullptr;
  other.start = nullptr;
  const std::uint32_t standing = call.port.wait_for(call.port.object, cpu, &other);
  change_language();
  if (standing >= surefoot_panic_standing_count) return panic::Standing::absent;
  unpack(other, known);
  return static_cast<panic::Standing>(standing);
}

}  // namespace

std::uint32_t surefoot_panic(const surefoot_panic_report* report, const surefoot_panic_port* port,
                             surefoot_panic_all_cpus* all, surefoot_panic_own_cpu* own) {
  Call call{.port = *port, .report = *report};
  panic::Report unpacked;
  unpack(*report, unpacked);
  panic::Port functions{.object = &call, .write = write, .cpu_count = port->cpu_count == 0 ? 1 : port->cpu_count};
  if (port->take_console != nullptr) functions.take_console = take_console;
  if (port->release_console != nullptr) functions.release_console = release_console;
  if (port->stop_others != nullptr) functions.stop_others = stop_others;
  if (port->wait_for != nullptr) functions.wait_for = wait_for;
  const panic::Outcome outcome =
      panic::handle(unpacked, functions, *view_as<panic::AllCpus>(all), *view_as<panic::OwnCpu>(own));
  change_language();
  return static_cast<std::uint32_t>(outcome);
}

void surefoot_print_panic(const surefoot_panic_report* report, const surefoot_sink* sink) {
  panic::Report unpacked;
  unpack(*report, unpacked);
  surefoot_sink writable = *sink;
  panic::print_report(unpacked, panic::Heading::panic,
                      {.write =
                           [](void* object, const char* text, std::size_t size) noexcept {
                             const surefoot_sink& c = *static_cast<const surefoot_sink*>(object);
                             c.write(c.object, text, size);
                           },
                       .object = &writable});
}

const char* surefoot_stop_sentence(std::uint8_t stop) { return to_sentence(static_cast<StopReason>(stop)); }
const char* surefoot_evidence_sentence(std::uint32_t bit) { return to_sentence(static_cast<EvidenceBit>(bit)); }
