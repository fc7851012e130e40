// SPDX-License-Identifier: MIT
//
// surefoot-corrupt: mutates captures, walks them, and says how often a walk called wrong frames reliable.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <unordered_map>

#include "judge.hpp"

namespace corrupt {
namespace {

struct Options {
  std::vector<std::string> files;
  std::uint64_t mutations = 10'100'000;
  std::uint64_t seed = 1;
  std::size_t examples = 0;
};

std::uint64_t identity_of_code(const Capture& capture) {
  std::uint64_t hash = hash_seed;
  for (const CapturedRegion& region : capture.regions) {
    const Piece* const piece = capture.find_piece(region.head.text.start());
    hash = hash_step(hash_step(hash, region.head.text.start()), piece != nullptr ? piece->hash : 0);
    hash = hash_step(hash, region.ranges.size());
  }
  return hash;
}

void print_example(const Example& example) {
  fmt::print("wrong {} ({}) {} with {}, {}{}\n", example.row, example.mutation, example.capture, example.witnesses,
             example.is_strict ? "strict" : "exact", example.is_cut ? ", cut" : "");
  for (std::size_t i = 0; i < example.changes.size() && i < 8; ++i) {
    fmt::print("  {:#x}: {:#x} -> {:#x}\n", example.changes[i].address, example.changes[i].before, example.values[i]);
  }
  fmt::print("  found  ");
  for (const std::uint64_t pc : example.found) fmt::print(" {:x}", pc);
  fmt::print("\n  control");
  for (const std::uint64_t pc : example.truth.pcs) fmt::print(" {:x}", pc);
  constexpr const char* ends[] = {"", " and traps", " and is refused", " and is not known"};
  fmt::print("{}\n", ends[static_cast<std::size_t>(example.truth.end)]);
}

void print_table(const Report& report) {
  for (std::size_t i = 0; i < all_mutations().size(); ++i) {
    fmt::print("class {} {}\n", all_mutations()[i].name, report.mutations[i]);
  }
  fmt::print("reliable, and of these wrong in exact/in strict as well/only cut:\n");
  fmt::print("{:<26}{:>11}", "changed", "mutations");
  for (const WitnessSet& set : witness_sets()) fmt::print("  {:>26}", set.name);
  fmt::print("\n");
  for (const Row& row : report.rows) {
    if (row.mutations == 0) continue;
    fmt::print("{:<26}{:>11}", row.name, row.mutations);
    for (const Counts& counts : row.counts) {
      fmt::print("  {:>26}",
                 fmt::format("{} {}/{}/{}", counts.reliable, counts.wrong, counts.wrong_strict, counts.cut));
    }
    fmt::print("\n");
  }
}

int run(const Options& options) {
  std::vector<Capture> captures;
  for (const std::string& file : options.files) {
    auto read = read_captures(file);
    if (!read) {
      fmt::print(stderr, "surefoot-corrupt: {}\n", read.error());
      return 2;
    }
    for (Capture& capture : *read) captures.push_back(std::move(capture));
  }
  // Most captures are of exceptions and trampolines. The few others are what witnesses promise most about.
  const auto weight_of = [](const Capture& capture) { return capture.head.verdict.is_reliable() ? 16U : 1U; };
  std::uint64_t weights = 0;
  for (const Capture& capture : captures) weights += weight_of(capture);
  Report report;
  std::unordered_map<std::uint64_t, std::unique_ptr<Code>> codes;
  for (std::size_t i = 0; i < captures.size(); ++i) {
    const Capture& capture = captures[i];
    std::unique_ptr<Code>& code = codes[identity_of_code(capture)];
    if (code == nullptr) code = std::make_unique<Code>(capture);
    const std::uint64_t share = (options.mutations * weight_of(capture) + weights - 1) / weights;
    judge(capture, *code, share, options.seed + i, options.examples, report);
  }
  for (const Example& example : report.examples) print_example(example);
  for (const std::string& line : report.broken) fmt::print("broken capture {}\n", line);
  print_table(report);
  fmt::print("plain {} varying {} special {}\n", report.of_kind[0], report.of_kind[1], report.of_kind[2]);
  fmt::print("captures {} unreliable {} broken {} not_judged {} differing {} wild_reads {} hangs {}\n", report.captures,
             report.not_reliable, report.broken.size(), report.judged_without, report.differing,
             report.misdeeds.wild_reads, report.misdeeds.hangs);
  const std::vector<std::string> failures = report.failures();
  for (const std::string& failure : failures) fmt::print("corrupt: {}\n", failure);
  return failures.empty() ? 0 : 1;
}

}  // namespace
}  // namespace corrupt

int main(int argc, char** argv) {
  corrupt::Options options;
  CLI::App app("Walks mutated captures of kernels, and compares them with what control returns to.");
  app.add_option("captures", options.files, "Files that kernels have written")->required();
  app.add_option("--mutations", options.mutations, "How many in all");
  app.add_option("--seed", options.seed, "Of the first capture's mutations");
  app.add_option("--examples", options.examples, "How many wrong ones to show of each class and set of witnesses");
  CLI11_PARSE(app, argc, argv);
  try {
    return corrupt::run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "surefoot-corrupt: {}\n", error.what());
    return 2;
  }
}
