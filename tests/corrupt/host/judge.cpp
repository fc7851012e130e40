// SPDX-License-Identifier: MIT
#include "judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace corrupt {
namespace {

using surefoot::Policy;
using surefoot::Reliability;
using surefoot::Trace;

bool has_pcs(const Trace& trace, const std::vector<std::uint64_t>& pcs) {
  return std::ranges::equal(trace.frames, pcs, {}, &surefoot::Frame::pc);
}

bool shows(const Trace& trace, const Truth& truth) {
  if (trace.frames.size() != truth.pcs.size()) return false;
  for (std::size_t i = 0; i < truth.pcs.size(); ++i) {
    if (!truth.is_shown_by(i, trace.frames[i].pc)) return false;
  }
  return true;
}

bool is_equal(const Trace& trace, const std::vector<std::uint64_t>& pcs, const surefoot::Verdict& verdict) {
  return has_pcs(trace, pcs) && trace.verdict.reliability == verdict.reliability &&
         trace.verdict.stop == verdict.stop && trace.verdict.evidence == verdict.evidence;
}

bool is_reliable(Policy policy, const surefoot::Verdict& verdict) {
  return classify(policy, verdict.evidence, verdict.stop) == Reliability::reliable;
}

constexpr surefoot::Evidence hooks_are_used = surefoot::EvidenceBit::return_address_hooked;

class CaptureJudge {
 public:
  CaptureJudge(const Capture& capture, Code& code, std::size_t examples, Report& report)
      : capture_(capture),
        memory_(capture),
        scene_(capture, memory_),
        code_(code),
        control_(capture, code, memory_),
        most_examples_(examples),
        report_(report) {}

  // The capture as it is. False if the truth is not known to be what it should be.
  bool judge_capture() {
    ++report_.captures;
    scene_.keep_words_read(true);
    const auto policy = static_cast<Policy>(capture_.head.policy);
    const Trace trace = scene_.walk(0, policy);
    scene_.keep_words_read(false);
    read_ = scene_.take_words_read();
    if (!is_equal(trace, capture_.pcs, capture_.head.verdict)) return refuse("another walk than the kernel's");
    const bool is_good = is_reliable(Policy::exact, trace.verdict);
    const bool is_plain = is_reliable(Policy::strict, trace.verdict) && !trace.verdict.evidence.has(hooks_are_used);
    const Truth truth = control_.follow();
    if (!is_good) ++report_.not_reliable;
    kind_ = !is_plain ? CaptureKind::special : control_.has_varying_sp() ? CaptureKind::varying : CaptureKind::plain;
    ++report_.of_kind[static_cast<std::size_t>(kind_)];
    if (is_good && truth.end != Truth::End::complete) {
      return refuse(fmt::format("control ends after {} of {} frames, at {:#x}, {}", truth.pcs.size(),
                                trace.frames.size(), truth.pcs.empty() ? 0 : truth.pcs.back(),
                                static_cast<int>(truth.end)));
    }
    if (is_good && !shows(trace, truth)) return refuse("control returns elsewhere");
    read_.insert(read_.end(), control_.words_read().begin(), control_.words_read().end());
    std::ranges::sort(read_);
    return true;
  }

  void mutate(std::uint64_t count, Random random) {
    const Words words(capture_, control_.lowest(), read_);
    const std::size_t classes = all_mutations().size();
    if (words.live.empty()) return;
    for (std::uint64_t i = 0; i < count; ++i) {
      // A class for which there is no place here gives its turn to the next.
      for (std::size_t attempt = 0; attempt < classes; ++attempt) {
        const std::size_t index = (i + attempt) % classes;
        const bool is_changed = all_mutations()[index].apply(words, random, memory_);
        if (is_changed) judge_mutation(index);
        memory_.restore();
        if (is_changed) break;
      }
    }
    report_.misdeeds += scene_.misdeeds();
  }

 private:
  bool refuse(const std::string& why) {
    report_.broken.push_back(capture_.name + ": " + why);
    return false;
  }

  void judge_mutation(std::size_t index) {
    ++report_.mutations[index];
    Row& row = row_of(index);
    ++row.mutations;
    const std::uint64_t wild_before = scene_.misdeeds().wild_reads;
    bool is_followed = false;
    for (std::size_t set = 0; set < witness_sets().size(); ++set) {
      const Trace trace = scene_.walk(set, Policy::exact);
      const bool is_exact = is_reliable(Policy::exact, trace.verdict);
      const surefoot::Verdict verdict = trace.verdict;
      if (is_exact) {
        if (!is_followed) static_cast<void>(truth_ = control_.follow());
        is_followed = true;
        judge_reliable(index, set, row, trace);
      }
      if (set == 0) {
        found_.assign(trace.frames.begin(), trace.frames.end());
        const Trace here = scene_.walk_here(Policy::exact);
        const bool is_same = std::ranges::equal(here.frames, found_, {}, &surefoot::Frame::pc, &surefoot::Frame::pc) &&
                             here.verdict.evidence == verdict.evidence && here.verdict.stop == verdict.stop;
        if (!is_same) ++report_.differing;
      }
    }
    if (scene_.misdeeds().wild_reads != wild_before) {
      fmt::print("wild read: {} {}", capture_.name, all_mutations()[index].name);
      for (const Memory::Change& change : memory_.changes()) {
        fmt::print(" {:#x}: {:#x} -> {:#x}", change.address, change.before, Memory::word(change.address));
      }
      fmt::print("\n");
    }
  }

  // One changed word is told by what it is for, more by how they were changed.
  Row& row_of(std::size_t index) {
    if (!all_mutations()[index].is_one_word) {
      const auto is_of_class = [&](const Row& row) { return row.name == all_mutations()[index].name; };
      return *std::ranges::find_if(report_.rows, is_of_class);
    }
    const std::uint64_t address = memory_.changes().front().address;
    Role role = control_.role_of(address);
    const bool is_read = std::ranges::binary_search(read_, address);
    if (role == Role::nothing && is_read) role = Role::record_only;
    return report_.rows[static_cast<std::size_t>(kind_) * role_count + static_cast<std::size_t>(role)];
  }

  // True if all that control returns to is there, in front of what it does not come to.
  bool is_cut(const Trace& trace) const {
    if (truth_.pcs.size() > trace.frames.size()) return false;
    for (std::size_t i = 0; i < truth_.pcs.size(); ++i) {
      if (!truth_.is_shown_by(i, trace.frames[i].pc)) return false;
    }
    return true;
  }

  void judge_reliable(std::size_t index, std::size_t set, Row& row, const Trace& trace) {
    if (truth_.end == Truth::End::not_known) {
      if (set == 0) ++report_.judged_without;
      return;
    }
    Counts& counts = row.counts[set];
    ++counts.reliable;
    // The last instruction of the code may be a call, whose return address is behind it.
    const auto is_code = [&](const surefoot::Frame& frame) {
      return code_.contains(frame.pc) || code_.contains(frame.pc - 4);
    };
    if (!std::ranges::all_of(trace.frames, is_code)) ++report_.outside_code;
    if (truth_.end == Truth::End::complete && shows(trace, truth_)) return;
    ++counts.wrong;
    const bool is_strict = is_reliable(Policy::strict, trace.verdict);
    if (is_strict) ++counts.wrong_strict;
    const bool is_only_cut = is_cut(trace);
    if (is_only_cut) ++counts.cut;
    if (kept_[{&row, set, is_strict, is_only_cut}]++ >= most_examples_) return;
    Example example{.capture = capture_.name,
                    .mutation = std::string(all_mutations()[index].name),
                    .row = row.name,
                    .is_strict = is_strict,
                    .is_cut = is_only_cut,
                    .witnesses = std::string(witness_sets()[set].name),
                    .changes = {memory_.changes().begin(), memory_.changes().end()},
                    .values = {},
                    .found = {},
                    .truth = truth_};
    for (const Memory::Change& change : example.changes) example.values.push_back(Memory::word(change.address));
    for (const surefoot::Frame& frame : trace.frames) example.found.push_back(frame.pc);
    report_.examples.push_back(std::move(example));
  }

  const Capture& capture_;
  Memory memory_;
  Scene scene_;
  const Code& code_;
  Control control_;
  std::size_t most_examples_;
  Report& report_;
  CaptureKind kind_ = CaptureKind::special;
  std::vector<std::uint64_t> read_;
  std::vector<surefoot::Frame> found_;
  inline static std::map<std::tuple<const Row*, std::size_t, bool, bool>, std::size_t> kept_{};
  Truth truth_;
};

}  // namespace

Report::Report() : mutations(all_mutations().size()) {
  constexpr const char* roles[role_count] = {"return_address",   "saved_fp",     "saved_register", "exception_frame",
                                             "trampoline_frame", "return_stack", "record_only",    "nothing"};
  constexpr const char* kinds[capture_kind_count] = {"", "varying: ", "special: "};
  for (std::size_t kind = 0; kind < capture_kind_count; ++kind) {
    for (std::size_t role = 0; role < role_count; ++role) {
      const bool is_of_exception = role == static_cast<std::size_t>(Role::exception_frame);
      rows.push_back({.name = std::string(kinds[kind]) + roles[role], .is_promised = kind == 0 && !is_of_exception});
    }
  }
  for (const Mutation& mutation : all_mutations()) {
    if (!mutation.is_one_word) rows.push_back({.name = std::string(mutation.name)});
  }
}

std::vector<std::string> Report::failures() const {
  std::vector<std::string> lines;
  const auto expect = [&](std::uint64_t count, const std::string& what) {
    if (count != 0) lines.push_back(fmt::format("{} {}", count, what));
  };
  expect(misdeeds.wild_reads, "wild reads");
  expect(misdeeds.hangs, "walks that did not end");
  expect(outside_code, "reliable traces with an address that is no code");
  expect(differing, "walks that differ from the same by foreign memory");
  // The few are in the middle of what the emulation cannot follow, such as half a push to a return stack.
  expect(broken.size() * 100 > captures ? broken.size() : 0, "captures whose truth is not what the kernel's test says");
  expect(captures == 0 ? 1 : 0, "file without captures");
  for (const Row& row : rows) {
    if (!row.is_promised) continue;
    for (std::size_t set = 0; set < witness_sets().size(); ++set) {
      const Counts& counts = row.counts[set];
      if (witness_sets()[set].is_promised) {
        expect(counts.wrong - counts.cut, fmt::format("wrong: {} with {}", row.name, witness_sets()[set].name));
      }
    }
  }
  return lines;
}

void judge(const Capture& capture, Code& code, std::uint64_t mutations, std::uint64_t seed, std::size_t examples,
           Report& report) {
  CaptureJudge judge(capture, code, examples, report);
  if (judge.judge_capture()) judge.mutate(mutations, Random(seed));
}

}  // namespace corrupt
