// SPDX-License-Identifier: MIT
#include "cli/vmcore_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <CLI/CLI.hpp>
#include <expected>
#include <tuple>
#include <utility>

#include "cli/report.hpp"
#include "linux/read_dump.hpp"
#include "vmcore_report/flame.hpp"
#include "vmcore_report/json.hpp"
#include "vmcore_report/summary.hpp"
#include "vmcore_report/text.hpp"

namespace surefoot::tools {
namespace {

constexpr const char* exit_codes_of_dumps =
    "Exit codes:\n"
    "  0  all tasks were walked, whatever their verdicts\n"
    "  1  walked, but something of the dump is missing, damaged or was refused: the warnings, or a trace that stopped "
    "at unreadable memory, say what\n"
    "  2  the dump, the image or the command line cannot be used; one line on standard error says why\n"
    "  3  the output could not be written, or memory ran out\n";

ExitCode refuse(const std::string& subject, const std::string& reason) {
  print_error(subject, reason);
  return ExitCode::bad_input;
}

// Idle tasks have one pid; their CPUs tell them apart.
void sort_by_pid(DumpReport& report) {
  std::ranges::sort(report.tasks, {}, [](const TaskTrace& trace) {
    return std::tuple(trace.task.pid, trace.task.cpu, trace.task.address);
  });
}

ExitCode write_graphs(const VmcoreOptions& options, const DumpReport& report) {
  if (options.flame_output.empty() && options.folded_output.empty()) return ExitCode::ok;
  const std::expected<StackTree, std::string> tree = stacks_of(report);
  if (!tree) return refuse(options.dump, tree.error());
  ExitCode written = ExitCode::ok;
  if (!options.folded_output.empty()) written = write_file(options.folded_output, folded_text(*tree));
  if (written != ExitCode::ok || options.flame_output.empty()) return written;
  return write_file(options.flame_output, flame_graph_of(report, *tree));
}

void add_output_options(CLI::App& command, VmcoreOptions& options) {
  command.add_flag("--json", options.is_json, "print one JSON object, with the summary in it (docs/linux-dumps.md)");
  command.add_flag("--summary", options.is_summary,
                   "in place of the traces: how many are reliable, why others are not, states, ends, and the "
                   "functions that most tasks wait in. Those are the first frames that are not of the scheduler: " +
                       scheduler_functions());
  command
      .add_option("--flame", options.flame_output,
                  "where to write a flame graph of all tasks for a browser, by process")
      ->option_text("FILE.svg");
  command.add_option("--folded", options.folded_output, "where to write the same as flamegraph.pl reads it")
      ->option_text("FILE");
  add_color_option(command, options.color);
  command.add_flag("--no-progress", options.is_without_progress,
                   "no progress on standard error, if that is a terminal");
}

}  // namespace

CLI::App* add_vmcore_command(CLI::App& program, VmcoreOptions& options) {
  CLI::App* command =
      program.add_subcommand("vmcore", "Walk the tasks of a memory dump of Linux, and say which traces can be trusted");
  command
      ->add_option("DUMP", options.dump,
                   "an ELF dump (kdump, QEMU), a compressed one (makedumpfile), or RAM as it is (--base)")
      ->required()
      ->option_text(" ");
  command
      ->add_option("--vmlinux", options.vmlinux,
                   "the image of the kernel that ran, with symbols and BTF or debug information. Without it names come "
                   "from the dump, nothing is known of the code, and no trace is reliable")
      ->option_text("FILE");
  command
      ->add_option("--modules", options.modules,
                   "a folder with the files of its modules. Without it traces through their code are unreliable")
      ->option_text("DIR");
  command->add_option("--pid", options.pid, "walk the task with this pid only; 0 for the idle tasks")
      ->option_text("N")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option(
          "--policy", options.policy,
          "what a reliable trace may hold: strict (the default) or exact, which accepts exceptions and special "
          "code where a rule leads to the caller")
      ->option_text("POLICY")
      ->check(CLI::IsMember({"strict", "exact"}));
  command->add_option("--base", options.base, "DUMP is RAM as it is, and this the physical address of its first byte")
      ->option_text("ADDRESS");
  command->add_flag("--no-cache", options.is_without_cache,
                    "derive frame tables anew, and keep none. Default: one file per build id in "
                    "$XDG_CACHE_HOME/surefoot or ~/.cache/surefoot");
  add_output_options(*command, options);
  add_jobs_option(*command, options.jobs);
  command->footer(exit_codes_of_dumps);
  return command;
}

ExitCode show_dump(const VmcoreOptions& options, DumpReport report) {
  if (options.pid) {
    std::erase_if(report.tasks, [&](const TaskTrace& trace) { return trace.task.pid != *options.pid; });
    if (report.tasks.empty()) return refuse(options.dump, fmt::format("no task has the pid {}", *options.pid));
  }
  if (report.tasks.empty()) return refuse(options.dump, "no tasks were found");
  sort_by_pid(report);
  const ExitCode written = write_graphs(options, report);
  if (written != ExitCode::ok) return written;
  const Summary summary = summarize(report);
  const DumpLook look{.has_colour = wants_colour(options.color), .is_summary = options.is_summary};
  const ExitCode printed = print(options.is_json ? json_of(report, summary) : text_of(report, summary, look));
  if (printed != ExitCode::ok) return printed;
  return is_whole(report) ? ExitCode::ok : ExitCode::findings;
}

ExitCode run_vmcore(const VmcoreOptions& options) {
  const DumpRequest request{.dump = options.dump,
                            .vmlinux = options.vmlinux,
                            .modules = options.modules,
                            .raw_base = options.base,
                            .pid = options.pid,
                            .policy = options.policy == "exact" ? Policy::exact : Policy::strict,
                            .cache_folder = {},
                            .is_without_cache = options.is_without_cache};
  std::expected<DumpReport, std::string> report;
  {
    Progress progress("vmcore", !options.is_without_progress);
    report = read_linux_dump(request, make_work(options.jobs, progress));
  }
  if (!report) return refuse(options.dump, report.error());
  return show_dump(options, std::move(*report));
}

}  // namespace surefoot::tools
