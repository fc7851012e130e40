// SPDX-License-Identifier: MIT
#include "judge.hpp"

#include <algorithm>

#include <fmt/format.h>

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

class CaptureJudge {
 public:
  CaptureJudge(const Capture& capture, Code& code, std::size_t examples, Report& report)
      : capture_(capture),
        memory_(capture),
        scene_(capture, memory_),
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
    const Truth truth = control_.follow();
    if (!is_good) ++report_.not_reliable;
    if (is_good && truth.end != Truth::End::complete) {
      return refuse(fmt::format("control ends after {} of {} frames, at {:#x}, {}", truth.pcs.size(), trace.frames.size(), truth.pcs.empty() ? 0 : truth.pcs.back(), static_cast<int>(truth.end)));
    }
    if (is_good && !shows(trace, truth)) return refuse("control returns elsewhere");
    read_.insert(read_.end(), control_.words_read().begin(), control_.words_read().end());
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
    bool is_followed = false;
    for (std::size_t set = 0; set < witness_sets().size(); ++set) {
      const Trace trace = scene_.walk(set, Policy::exact);
      const bool is_exact = is_reliable(Policy::exact, trace.verdict);
      const surefoot::Verdict verdict = trace.verdict;
      if (is_exact) {
        if (!is_followed) static_cast<void>(truth_ = control_.follow());
        is_followed = true;
        judge_reliable(index, set, trace);
      }
      if (set == 0) {
        found_.assign(trace.frames.begin(), trace.frames.end());
        const Trace here = scene_.walk_here(Policy::exact);
        const bool is_same = std::ranges::equal(here.frames, found_, {}, &surefoot::Frame::pc, &surefoot::Frame::pc) &&
                             here.verdict.evidence == verdict.evidence && here.verdict.stop == verdict.stop;
        if (!is_same) ++report_.differing;
      }
    }
  }

  void judge_reliable(std::size_t index, std::size_t set, const Trace& trace) {
    if (truth_.end == Truth::End::not_known) {
      if (set == 0) ++report_.judged_without;
      return;
    }
    Counts& counts = report_.counts[index][set];
    ++counts.reliable;
    if (truth_.end == Truth::End::complete && shows(trace, truth_)) return;
    ++counts.wrong;
    if (is_reliable(Policy::strict, trace.verdict)) ++counts.wrong_strict;
    if (truth_.end == Truth::End::refused) ++counts.refused;
    if (counts.wrong > most_examples_) return;
    Example example{.capture = capture_.name,
                    .mutation = std::string(all_mutations()[index].name),
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
  Control control_;
  std::size_t most_examples_;
  Report& report_;
  std::vector<std::uint64_t> read_;
  std::vector<surefoot::Frame> found_;
  Truth truth_;
};

}  // namespace

Report::Report()
    : mutations(all_mutations().size()),
      counts(all_mutations().size(), std::vector<Counts>(witness_sets().size())) {}

void judge(const Capture& capture, Code& code, std::uint64_t mutations, std::uint64_t seed, std::size_t examples,
           Report& report) {
  CaptureJudge judge(capture, code, examples, report);
  if (judge.judge_capture()) judge.mutate(mutations, Random(seed));
}

}  // namespace corrupt
