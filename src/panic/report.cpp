// SPDX-License-Identifier: MIT
//
// A report from its first line to its last.
#include "surefoot/panic/report.hpp"

#include "scene.hpp"

namespace surefoot::panic {
namespace {

void write_cpu_number(const Report& report, Writer& writer) noexcept {
  if (report.cpu == unknown_cpu) {
    writer.text("cpu unknown");
  } else {
    writer.text("cpu ");
    writer.decimal(report.cpu);
  }
}

}  // namespace

void write_heading(const Report& report, Heading heading, const Output& output) noexcept {
  Writer writer(output, false);
  writer.text("---[ surefoot: ");
  switch (heading) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Heading::panic: writer.text("panic"); break;
    case Heading::panic_in_panic: writer.text("panic in a panic"); break;
    case Heading::stopped:
      write_cpu_number(report, writer);
      writer.text(" stopped");
      break;
    case Heading::silent:
      write_cpu_number(report, writer);
      writer.text(" does not answer");
      break;
  }
  if (report.reason != nullptr) {
    writer.text(": ");
    writer.name(report.reason);
  }
  writer.text(" ]---\n");
}

void write_cpu(const Report& report, const Output& output) noexcept {
  Writer writer(output, false);
  const bool has_cpu = report.cpu != unknown_cpu;
  const bool has_task = report.task_name != nullptr || report.task_number != unknown_task;
  if (has_cpu) {
    writer.text("CPU: ");
    writer.decimal(report.cpu);
  }
  if (has_task) {
    writer.text(has_cpu ? "  Task:" : "Task:");
    if (report.task_name != nullptr) {
      writer.text(" ");
      writer.name(report.task_name);
    }
    if (report.task_number != unknown_task) {
      writer.text(" (");
      writer.decimal(report.task_number);
      writer.text(")");
    }
  }
  if (has_cpu || has_task) writer.text("\n");
}

void write_end(const Report& report, Heading heading, const Output& output) noexcept {
  Writer writer(output, false);
  const bool is_panic = heading == Heading::panic || heading == Heading::panic_in_panic;
  writer.text(is_panic ? "---[ surefoot: end of panic, " : "---[ surefoot: end of ");
  write_cpu_number(report, writer);
  writer.text(" ]---\n");
}

void print_report(const Report& report, Heading heading, const Output& output) noexcept {
  const Fallback fallback;
  const Scene scene(report, fallback, output);
  write_heading(report, heading, output);
  write_cpu(report, output);
  write_cause(report, output);
  write_places(scene, true);
  write_registers(scene);
  write_trace(scene);
  write_return_stacks(scene);
  write_code(scene);
  write_stack(scene);
  write_end(report, heading, output);
}

void print_brief(const Report& report, Heading heading, const Output& output) noexcept {
  const Fallback fallback;
  const Scene scene(report, fallback, output);
  // Neither the reason nor the task's name: to read one of them may be what failed.
  Report numbers = report;
  numbers.reason = nullptr;
  numbers.task_name = nullptr;
  write_heading(numbers, heading, output);
  write_cpu(numbers, output);
  write_cause(report, output);
  write_places(scene, false);
  write_registers(scene);
  write_end(report, heading, output);
}

}  // namespace surefoot::panic
