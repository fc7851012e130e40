// SPDX-License-Identifier: MIT
#include "judge.hpp"

#include <algorithm>
#include <optional>

#include "code/flow.hpp"

namespace corrupt_dump {
namespace {

using surefoot::tools::Flow;

bool is_same(const surefoot::tools::NamedFrame& a, const surefoot::tools::NamedFrame& b) {
  return a.frame.pc == b.frame.pc && a.frame.kind == b.frame.kind;
}

// The only frame that differs, which is not the first; empty if there are several.
std::optional<std::size_t> find_only_other(const TaskTrace& a, const TaskTrace& b) {
  if (a.frames.size() != b.frames.size()) return {};
  std::optional<std::size_t> other;
  for (std::size_t i = 0; i < a.frames.size(); ++i) {
    if (is_same(a.frames[i], b.frames[i])) continue;
    if (i == 0 || other) return {};
    other = i;
  }
  return other;
}

}  // namespace

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::same: return "same";
    case Outcome::unreliable: return "unreliable";
    case Outcome::same_frames: return "same_frames";
    case Outcome::returns_in_function: return "returns_in_function";
    case Outcome::returns_behind_register: return "returns_behind_register";
    case Outcome::returns_behind_same: return "returns_behind_same";
    case Outcome::returns_behind_veneer: return "returns_behind_veneer";
    case Outcome::exception: return "exception";
    case Outcome::wrong: return "wrong";
  }
  return "";
}

bool has_same_frames(const TaskTrace& a, const TaskTrace& b) { return std::ranges::equal(a.frames, b.frames, is_same); }

Outcome judge(DumpedLinux& dump, const ChangedWord& word, std::uint64_t value, const TaskTrace& before,
              const TaskTrace& after) {
  const bool has_same = has_same_frames(before, after);
  const surefoot::Verdict& was = before.verdict;
  const surefoot::Verdict& is = after.verdict;
  if (has_same && was.reliability == is.reliability && was.stop == is.stop && was.evidence == is.evidence) {
    return Outcome::same;
  }
  if (!is.is_reliable()) return Outcome::unreliable;
  if (has_same) return Outcome::same_frames;
  for (const auto& exception : before.exceptions) {
    if (word.address - exception.at < dump.layouts().exception.size) return Outcome::exception;
  }
  const auto other = find_only_other(before, after);
  const surefoot::PointerAuthMask pac = dump.code().kernel().pac();
  if (!other || before.frames[*other].frame.pc != pac.strip(word.value) ||
      after.frames[*other].frame.pc != pac.strip(value)) {
    return Outcome::wrong;
  }
  const std::uint64_t pc = after.frames[*other].frame.pc;
  const auto place = [&](std::uint64_t at) {
    const auto found = dump.symbols().find(at);
    return found ? std::optional(at - found->offset) : std::nullopt;
  };
  const auto old_function = place(pac.strip(word.value) - 4);
  if (old_function && old_function == place(pc - 4)) return Outcome::returns_in_function;
  const auto instruction = dump.memory().load<std::uint32_t>(pc - 4);
  if (!instruction) return Outcome::wrong;
  const Flow call = surefoot::tools::flow_of(*instruction, pc - 4);
  if (call.kind == Flow::Kind::indirect_call) return Outcome::returns_behind_register;
  if (call.kind != Flow::Kind::call) return Outcome::wrong;
  if (place(before.frames[*other - 1].frame.address().lookup()) == call.target) return Outcome::returns_behind_same;
  const surefoot::CodeMap& code = dump.code().kernel().code();
  const surefoot::Interval& target = code[code.find(call.target)];
  const bool is_veneer =
      target.kind == surefoot::IntervalKind::special && target.special == surefoot::SpecialKind::veneer;
  return is_veneer ? Outcome::returns_behind_veneer : Outcome::wrong;
}

}  // namespace corrupt_dump
