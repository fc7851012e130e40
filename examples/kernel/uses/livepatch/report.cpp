// SPDX-License-Identifier: MIT
#include "uses/livepatch/report.hpp"

#include <array>
#include <span>

#include "console/console.hpp"

namespace livepatch {
namespace {

namespace console = kernel::console;

using surefoot::livepatch::Finding;
using surefoot::livepatch::Outcome;

constinit surefoot::Symbols symbols{};

constexpr Outcome outcome_at(unsigned index) noexcept { return static_cast<Outcome>(index); }

void print_place(const Finding& finding) noexcept {
  if (finding.pc == 0) return;
  const auto kind =
      finding.is_return_address ? surefoot::CodeAddress::Kind::return_address : surefoot::CodeAddress::Kind::exact;
  const surefoot::Symbol symbol = symbols.find({finding.pc, kind});
  if (!symbol.is_known()) {
    console::print(" at frame ", std::uint64_t{finding.frame}, ", ", console::hex(finding.pc));
  } else {
    console::print(" at frame ", std::uint64_t{finding.frame}, ", ");
    std::array<char, 64> name;
    symbol.name.copy_to(name);
    console::print(name.data(), "+", console::hex(symbol.offset), "/", console::hex(symbol.size));
  }
}

}  // namespace

void Report::add(const kernel::Task& task, const Finding& finding, bool needs_trace) noexcept {
  const Worker* const worker = worker_of(task);
  if (worker == nullptr) return;
  walks_ += needs_trace ? 1U : 0U;
  ++counts_[static_cast<unsigned>(worker->kind)][static_cast<unsigned>(finding.outcome)];
  if (holder_ != nullptr || !is_holding(finding.outcome)) return;
  holder_ = worker;
  holder_finding_ = finding;
}

std::uint32_t Report::count(Outcome outcome) const noexcept {
  std::uint32_t sum = 0;
  for (const auto& counts : counts_) sum += counts[static_cast<unsigned>(outcome)];
  return sum;
}

void prepare_report(const surefoot::Symbols& names) noexcept { symbols = names; }

void print_round(unsigned number, const Report& report) noexcept {
  const console::Hold hold(console::Patience::endless);
  console::print("  round ", number, ": ", report.walks(), " walks, ", report.count(Outcome::switched), " switched\n");
  for (unsigned kind = 0; kind != kind_count; ++kind) {
    bool is_first = true;
    for (unsigned i = 0; i != surefoot::livepatch::outcome_count; ++i) {
      const std::uint32_t count = report.count(static_cast<Kind>(kind), outcome_at(i));
      if (count == 0 || outcome_at(i) == Outcome::up_to_date) continue;
      console::print(is_first ? "    " : ", ", is_first ? to_string(static_cast<Kind>(kind)) : "", is_first ? ": " : "",
                     count, " ", to_string(outcome_at(i)));
      is_first = false;
    }
    if (!is_first) console::print("\n");
  }
  if (report.holder() == nullptr) return;
  const Finding& finding = report.holder_finding();
  console::print("    held up in outer ", report.in_replacement[0], ", in inner ", report.in_replacement[1],
                 "; first by task ", report.holder()->number, ", ", to_string(finding.outcome));
  print_place(finding);
  console::print("\n");
}

void print_summary(const Summary& summary, std::uint32_t level, bool is_done) noexcept {
  console::print(summary.what, ": ", is_done ? "level " : "NOT DONE, level ", level, ", rounds ", summary.rounds,
                 ", switched by rounds ", summary.switched_by_rounds, "\n");
}

}  // namespace livepatch
