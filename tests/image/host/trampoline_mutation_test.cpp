// SPDX-License-Identifier: MIT
//
// The proof can fail: whatever is changed in what the table says of the trampolines, some row comes out wrong.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "special_table.hpp"
#include "trampoline_expected.hpp"

namespace surefoot::testing {
namespace {

// The ranges of the trampolines, in the order of their addresses.
constexpr const char* range_names[] = {
    "regs E4", "regs E4 in frame", "regs E6", "E4",    "E4 in frame", "E6",    "common E6",   "ftrace_call", "E8",
    "E10",     "E11 in frame",     "E11",     "graph", "R1",          "R2 R4", "R5 in frame", "R5",          "stub",
};

std::string rule_text(const Rule& rule) {
  constexpr const char* from[] = {"nowhere", "frame_record", "link_register", "x9", "stack", "return_stack"};
  std::string text = from[static_cast<unsigned>(rule.pc)];
  if (rule.lr != From::nowhere) text += std::string(" lr=") + from[static_cast<unsigned>(rule.lr)];
  if (rule.in_flight != 0) text += " in_flight=" + std::to_string(rule.in_flight);
  if (rule.offset != 0) text += " offset=" + std::to_string(rule.offset);
  if (rule.base == Base::sp) text += " caller_sp=" + std::to_string(rule.cfa_offset);
  if (rule.fp_offset != 0) text += " registers_offset=" + std::to_string(rule.fp_offset);
  return text;
}

std::uint8_t packed(const Rule& rule) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(rule.pc) |
                                   static_cast<unsigned>(rule.lr) << SUREFOOT_RULE_SHIFT_LR |
                                   static_cast<unsigned>(rule.in_flight) << SUREFOOT_RULE_SHIFT_IN_FLIGHT);
}

std::uint16_t packed_caller_sp(const Rule& rule) {
  return rule.base == Base::sp ? static_cast<std::uint16_t>(rule.cfa_offset | SUREFOOT_CALLER_SP_IS_KNOWN) : 0;
}

class TrampolineProof : public ::testing::Test {
 protected:
  struct Expected {
    const Case* the_case;
    std::vector<Frame> frames;
  };

  TrampolineProof() {
    const Image& image = Image::under_test();
    const ImageSymbol& last = image.symbol("ftrace_stub");
    const AddressRange trampolines(image.symbol("ftrace_regs_caller").address, last.address + last.size);
    for (std::size_t i = 0; i < table_.entries.size(); ++i) {
      if (trampolines.contains(range(i).start(), 1)) indices_.push_back(i);
    }
    for (const Case& the_case : all_cases()) expected_.push_back({&the_case, expected_frames(the_case)});
  }

  [[nodiscard]] AddressRange range(std::size_t index) const { return table_.ranges()[index].range; }
  [[nodiscard]] Rule rule(std::size_t index) const { return table_.ranges()[index].rule; }
  [[nodiscard]] std::string name(std::size_t index) const {
    const std::size_t position = index - indices_.front();
    return position < std::size(range_names) ? range_names[position] : "unnamed";
  }

  // True if the walks with `changed` are not all as they should be.
  [[nodiscard]] bool is_noticed(const SpecialTable& changed) const {
    const SpecialRanges before = table_.ranges();
    const SpecialRanges after = changed.ranges();
    if (!after.is_valid()) return true;
    for (const Expected& expected : expected_) {
      // Saves the walks that the change cannot reach.
      bool is_reached = false;
      for (const Frame& frame : expected.frames) {
        const std::uint64_t at = frame.address().lookup();
        is_reached |= before.find(at).rule != after.find(at).rule || before.find(at).kind != after.find(at).kind;
      }
      if (!is_reached) continue;
      const Found found = TrampolineScene(*expected.the_case).walk_it(after, Policy::exact);
      if (!are_same(found.frames, expected.frames)) return true;
      if (found.verdict.is_reliable() != is_expected_reliable(*expected.the_case)) return true;
    }
    return false;
  }

  SpecialTable table_ = table_with_probe();
  std::vector<std::size_t> indices_;  // of the trampolines' entries
  std::vector<Expected> expected_;
};

TEST_F(TrampolineProof, KnowsEveryRange) {
  ASSERT_EQ(indices_.size(), std::size(range_names));
  EXPECT_EQ(indices_.back() - indices_.front(), indices_.size() - 1);
}

// Each range's rule exchanged for each other one of the trampolines, for none, and for itself without one of its parts.
TEST_F(TrampolineProof, NoticesEveryRuleThatIsWrong) {
  std::set<std::string> unnoticed;
  for (const std::size_t index : indices_) {
    std::vector<Rule> others{{}};
    for (const std::size_t other : indices_) others.push_back(rule(other));
    Rule without = rule(index);
    without.lr = From::nowhere;
    others.push_back(without);
    without = rule(index);
    without.in_flight = 0;
    others.push_back(without);
    without = rule(index);
    without.offset = 0;
    others.push_back(without);
    without = rule(index);
    without.base = Base::none;
    without.cfa_offset = 0;
    others.push_back(without);
    without = rule(index);
    without.fp_offset = 0;
    others.push_back(without);
    for (const Rule& other : others) {
      if (other == rule(index)) continue;
      SpecialTable changed = table_;
      changed.entries[index].rule = packed(other);
      changed.entries[index].rule_offset = static_cast<std::int16_t>(other.offset);
      changed.entries[index].registers_offset = static_cast<std::int16_t>(other.fp_offset);
      changed.entries[index].caller_sp = packed_caller_sp(other);
      if (!is_noticed(changed)) unnoticed.insert(name(index) + ": " + rule_text(other));
    }
  }
  std::set<std::string> harmless;
  // Before the tracers are called, nothing is in flight and nothing redirected.
  for (const char* range : {"regs E6", "E6", "common E6"}) {
    for (const char* other :
         {"frame_record", "frame_record in_flight=2 offset=-16", "frame_record in_flight=2 registers_offset=-40",
          "frame_record offset=-16 registers_offset=-40"}) {
      harmless.insert(std::string(range) + ": " + other);
    }
  }
  // What the stub returns to is never hooked, and has a record.
  harmless.insert("stub: link_register in_flight=1 caller_sp=0");
  harmless.insert("stub: link_register in_flight=1 caller_sp=96");
  EXPECT_EQ(unnoticed, harmless);
}

// Each place where one range follows another, an instruction too early or too late.
TEST_F(TrampolineProof, NoticesEveryBoundThatIsWrong) {
  std::set<std::string> unnoticed;
  for (std::size_t i = 1; i < indices_.size(); ++i) {
    const std::size_t index = indices_[i];
    for (const std::int32_t distance : {-4, 4}) {
      SpecialTable changed = table_;
      changed.entries[index - 1].end_offset += distance;
      changed.entries[index].start_offset += distance;
      if (!is_noticed(changed)) unnoticed.insert(name(index) + (distance < 0 ? ": early" : ": late"));
    }
  }
  EXPECT_EQ(unnoticed, std::set<std::string>());
}

}  // namespace
}  // namespace surefoot::testing
