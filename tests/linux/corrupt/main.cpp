// SPDX-License-Identifier: MIT
//
// Opens a dump, corrupts the stacks of its tasks in copies of single words, and looks for traces that are reliable with
// frames that they should not have. Exit code 1 if there is one of one changed word, 2 if the dump cannot be used.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "calls.hpp"
#include "campaign.hpp"
#include "report.hpp"
#include "values.hpp"
#include "victim.hpp"

namespace corrupt_dump {
namespace {

struct Options {
  surefoot::tools::DumpRequest request;
  std::uint64_t seed = 1;
  std::size_t every = 1;
  std::size_t examples = 3;
};

Pool make_pool(const DumpedLinux& dump, const std::vector<Victim>& victims) {
  const surefoot::tools::SpecialCode& special = dump.special();
  Pool pool;
  for (const std::uint64_t hook :
       {special.return_to_handler, special.kretprobe_hook, special.rethook_hook, special.new_task}) {
    if (hook != 0) pool.hooks.push_back(hook);
  }
  for (const std::uint64_t call : special.outermost_calls) pool.hooks.push_back(call + 4);
  for (const Victim& victim : victims) {
    for (const auto& frame : victim.exact.frames) pool.return_addresses.push_back(frame.frame.pc);
    for (const Record& record : victim.records) pool.records.push_back(record.at);
  }
  return pool;
}

int run(const Options& options) {
  const auto dump = DumpedLinux::open(options.request, {});
  if (!dump) {
    fmt::print(stderr, "surefoot-corrupt-dump: {}\n", dump.error());
    return 2;
  }
  std::vector<Victim> victims;
  for (const auto& task : (*dump)->tasks()) victims.emplace_back(**dump, task);
  const Calls calls(**dump);
  const Pool pool = make_pool(**dump, victims);
  Values values(**dump, calls, pool, options.seed);
  Report report(**dump, options.examples);
  Campaign campaign(**dump, values, [&report](const Finding& finding) { report.hear(finding); });
  for (std::size_t i = 0; i < victims.size(); i += options.every) {
    const Victim& victim = victims[i];
    if (options.request.pid && victim.task.pid != *options.request.pid) continue;
    campaign.change_words(victim);
    campaign.change_records(victim);
    std::fflush(stdout);
  }
  report.print_totals(options.request.dump, campaign);
  const bool is_wrong = campaign.one_word[0].count(Outcome::wrong) + campaign.one_word[1].count(Outcome::wrong) != 0;
  return is_wrong ? 1 : 0;
}

}  // namespace
}  // namespace corrupt_dump

int main(int argc, char** argv) {
  CLI::App app("Corrupts the stacks of a Linux dump, and looks for reliable traces that are wrong.");
  corrupt_dump::Options options;
  app.add_option("dump", options.request.dump)->required();
  app.add_option("--vmlinux", options.request.vmlinux)->required();
  app.add_option("--modules", options.request.modules);
  app.add_option("--pid", options.request.pid, "this task only");
  app.add_option("--seed", options.seed, "of the random values");
  app.add_option("--every", options.every, "one of so many tasks")->check(CLI::PositiveNumber);
  app.add_option("--examples", options.examples, "how many findings of a kind are shown");
  CLI11_PARSE(app, argc, argv);
  return corrupt_dump::run(options);
}
