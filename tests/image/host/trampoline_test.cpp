// SPDX-License-Identifier: MIT
//
// The exact policy at every instruction of entry-ftrace.S: the image's own special-range table, made-up registers and
// stacks as each row says, and the trace that must come out. What scripts/sweep proves on a kernel, in milliseconds.
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "special_table.hpp"
#include "surefoot/surefoot.hpp"
#include "trampoline_rows.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t stack_base = 0x7000'0000;
constexpr std::size_t stack_words = 256;
constexpr std::uint64_t call_site_sp = stack_base + 0x400;  // sp where P calls F
constexpr std::uint64_t p_record = call_site_sp + 0x20;     // the key of F's entry
constexpr std::uint64_t g_record = p_record + 0x20;
constexpr std::uint64_t final_record = g_record + 0x20;
constexpr std::uint64_t ftrace_frame = call_site_sp - SUREFOOT_FTRACE_FRAME_SIZE;
constexpr std::uint64_t function_record = ftrace_frame + SUREFOOT_FTRACE_FRAME_OFFSET_FUNCTION_RECORD;
constexpr std::uint64_t return_frame = call_site_sp - SUREFOOT_RETURN_FRAME_SIZE;
constexpr std::uint64_t garbage = 0xdead'0000'0000'0001;

/// What tracing has done to F's return address so far.
enum class Hook : std::uint8_t {
  none,
  pushed,       ///< its entry is there; frame and registers may or may not hold the hook yet
  tail_called,  ///< F was tail-called by a hooked function, whose entry is there
  both,         ///< tail_called, and F is hooked too: two entries with one key
};
constexpr Hook all_hooks[] = {Hook::none, Hook::pushed, Hook::tail_called, Hook::both};

struct Code {
  std::uint64_t f = Image::under_test().symbol("_ZN4demo11plain_innerEv").address + 8;
  std::uint64_t p = Image::under_test().symbol("_ZN4demo12plain_middleEv").address + 0x1c;
  std::uint64_t g = Image::under_test().symbol("_ZN4demo11plain_outerEv").address + 0x1c;
  std::uint64_t h = Image::under_test().symbol("_ZN4demo9run_plainEv").address + 0x1c;
  std::uint64_t hook = Image::under_test().symbol("return_to_handler").address;
  std::uint64_t ftrace_call = Image::under_test().symbol("ftrace_call").address;
  AddressRange text{Image::under_test().symbol("__kernel_text_start").address,
                    Image::under_test().symbol("__kernel_text_end").address};
};

/// The stack, and the promise that nothing else is read.
struct Stack64 {
  std::array<std::uint64_t, stack_words> words;
  unsigned wild_reads = 0;

  std::uint64_t& at(std::uint64_t address) { return words.at((address - stack_base) / 8); }
};
struct StackReader64 {
  Stack64* stack;
  bool read(std::uint64_t address, std::uint64_t& word) noexcept {
    if (address < stack_base || address % 8 != 0 || address - stack_base >= 8 * stack_words) {
      ++stack->wild_reads;
      return false;
    }
    word = stack->at(address);
    return true;
  }
};

/// One walk of one row.
class Scene {
 public:
  Scene(const SpecialRanges& ranges, std::uint64_t pc, State state, Hook hook, bool is_sp_lowered, bool is_hook_written)
      : state_(state), hook_(hook), is_hook_written_(is_hook_written) {
    stack.words.fill(garbage);
    frame_.pc = pc;
    frame_.fp = frame_.lr = garbage;
    for (std::uint64_t& x : frame_.x) x = garbage;
    frame_.pstate = 0x3c5;  // EL1h
    record(p_record, g_record, code_.g);
    record(g_record, final_record, code_.h);
    record(final_record, 0, 0);
    stack.at(final_record + 16) = SUREFOOT_METADATA_FINAL;
    push_entries();
    const bool is_in_handler =
        state == State::handler_entered || state == State::handler_in_frame || state == State::handler_has_lr;
    if (is_in_handler) {
      enter_handler(is_sp_lowered);
    } else {
      enter_trampoline(is_sp_lowered);
    }
    context_.special_ranges = ranges;
  }

  /// A tracer has written the saved pc alone.
  void redirect_pc_only() { stack.at(ftrace_frame + SUREFOOT_FTRACE_FRAME_OFFSET_PC) = code_.g; }
  /// As return_to_handler does with its very last stores.
  void pop() { returns_.pop(); }

  [[nodiscard]] Verdict walk_it() {
    const Stack stacks[] = {{.range = {stack_base, stack_base + 8 * stack_words}}};
    const AddressRange text[] = {code_.text};
    context_.stacks = stacks;
    context_.text = text;
    context_.return_stack = &returns_;
    context_.final_record_at = final_record;
    context_.policy = Policy::exact;
    std::array<Frame, 16> frames;
    const Trace trace = walk(Start::exception(frame_), context_, frames, StackReader64{&stack});
    pcs.clear();
    for (const Frame& found : trace.frames) pcs.push_back(found.pc);
    return trace.verdict;
  }

  [[nodiscard]] std::vector<std::uint64_t> expected() const {
    std::vector<std::uint64_t> result{frame_.pc};
    if (state_ == State::stub) result.push_back(code_.ftrace_call + 4);
    const bool is_f_live =
        state_ != State::handler_entered && state_ != State::handler_in_frame && state_ != State::handler_has_lr;
    if (is_f_live) result.push_back(code_.f);
    result.insert(result.end(), {code_.p, code_.g, code_.h});
    return result;
  }

  std::vector<std::uint64_t> pcs;
  Stack64 stack;

 private:
  void record(std::uint64_t at, std::uint64_t fp, std::uint64_t lr) {
    stack.at(at) = fp;
    stack.at(at + 8) = lr;
  }
  void push(std::uint64_t return_address) {
    ASSERT_TRUE(returns_.push({.return_address = return_address, .function = 1, .key = p_record, .hook = code_.hook}));
  }
  void push_entries() {
    if (hook_ == Hook::tail_called || hook_ == Hook::both) push(code_.p);
    if (hook_ == Hook::pushed || hook_ == Hook::both) push(passed_return_address());
  }
  // What F was called with.
  [[nodiscard]] std::uint64_t passed_return_address() const {
    return hook_ == Hook::tail_called || hook_ == Hook::both ? code_.hook : code_.p;
  }

  void enter_trampoline(bool is_sp_lowered) {
    const std::uint64_t passed = passed_return_address();
    const std::uint64_t lr = is_hook_written_ ? code_.hook : passed;
    frame_.sp = is_sp_lowered ? ftrace_frame : call_site_sp;
    frame_.fp = p_record;
    if (state_ == State::before_frame) {
      frame_.lr = code_.f;
      frame_.x[9] = passed;
      return;
    }
    stack.at(ftrace_frame + SUREFOOT_FTRACE_FRAME_OFFSET_FP) = p_record;
    stack.at(ftrace_frame + SUREFOOT_FTRACE_FRAME_OFFSET_LR) = lr;
    stack.at(ftrace_frame + SUREFOOT_FTRACE_FRAME_OFFSET_PC) = code_.f;
    record(function_record, function_record + 16, code_.f);
    record(function_record + 16, p_record, passed);
    switch (state_) {
      case State::in_frame: frame_.fp = function_record; break;
      case State::stub:
        frame_.fp = function_record;
        frame_.lr = code_.ftrace_call + 4;
        break;
      case State::x29_restored: frame_.lr = lr; break;
      case State::way_back_in_x9:
        frame_.lr = lr;
        frame_.x[9] = code_.f;
        break;
      default: FAIL() << "no state of the trampoline";
    }
  }

  void enter_handler(bool is_sp_lowered) {
    frame_.sp = is_sp_lowered ? return_frame : call_site_sp;
    frame_.fp = p_record;
    if (state_ == State::handler_in_frame) {
      frame_.fp = return_frame + SUREFOOT_RETURN_FRAME_OFFSET_RECORD;
      record(frame_.fp, p_record, code_.hook);
    }
    if (state_ == State::handler_has_lr) frame_.lr = passed_return_address();
  }

  Code code_;
  State state_;
  Hook hook_;
  bool is_hook_written_;
  ExceptionFrame frame_{};
  Context context_;
  std::array<ReturnEntry, 4> storage_{};
  ReturnStack returns_{storage_};
};

// Calls back for every row in every variant that there is: (name, pc, state, hook, sp lowered, hook written).
template <typename Visit>
void for_each_walk(Visit visit) {
  for (const RowsOfSymbol& of_symbol : trampoline_rows()) {
    std::uint64_t pc = Image::under_test().symbol(of_symbol.symbol).address;
    for (const Row& row : of_symbol.rows) {
      const bool is_in_handler = row.state == State::handler_entered || row.state == State::handler_in_frame ||
                                 row.state == State::handler_has_lr;
      const bool has_frame = row.state == State::in_frame || row.state == State::stub ||
                             row.state == State::x29_restored || row.state == State::handler_in_frame;
      for (const Hook hook : all_hooks) {
        const bool is_hooked = hook == Hook::pushed || hook == Hook::both;
        // A function that is not hooked does not come to the handler, and none is before the trampoline has run.
        if (is_in_handler && !is_hooked) continue;
        if (row.state == State::before_frame && is_hooked) continue;
        // Once the registers are restored, what was pushed is written as well.
        const bool may_be_unwritten = row.state == State::in_frame || row.state == State::stub;
        for (const bool is_sp_lowered : {true, false}) {
          if (has_frame && !is_sp_lowered) continue;
          for (const bool is_written : {true, false}) {
            if (is_written != is_hooked && !(is_hooked && may_be_unwritten)) continue;
            visit(of_symbol.symbol, pc, row.state, hook, is_sp_lowered, is_written);
          }
        }
      }
      pc += instruction_size;
    }
  }
}

// The rows are the code: as many, in the same order, and with nothing between them or behind.
TEST(TrampolineRows, NameEveryInstructionOfTheTrampolines) {
  const Image& image = Image::under_test();
  std::uint64_t next = image.symbol("ftrace_regs_caller").address;
  for (const RowsOfSymbol& of_symbol : trampoline_rows()) {
    SCOPED_TRACE(of_symbol.symbol);
    EXPECT_EQ(image.symbol(of_symbol.symbol).address, next);
    for (const Row& row : of_symbol.rows) {
      const auto instruction = image.decode(next);
      ASSERT_TRUE(instruction);
      // Later versions of Capstone name the hint.
      const std::string mnemonic = instruction->mnemonic == "bti" ? "hint" : instruction->mnemonic;
      EXPECT_EQ(mnemonic, row.mnemonic) << std::hex << next << ' ' << instruction->operands;
      next += instruction_size;
    }
  }
  EXPECT_EQ(next, image.symbol("ftrace_stub").address + image.symbol("ftrace_stub").size);
}

TEST(TrampolineRows, AreWalkedExactlyAtEveryInstruction) {  // E4 E6 E8 E10 E11 R1 R2 R4 R5, G7 G8 G10 G12
  const SpecialTable table = special_table();
  std::size_t walks = 0;
  for_each_walk([&](const char* symbol, std::uint64_t pc, State state, Hook hook, bool is_sp_lowered, bool is_written) {
    Scene scene(table.ranges(), pc, state, hook, is_sp_lowered, is_written);
    const Verdict verdict = scene.walk_it();
    SCOPED_TRACE(::testing::Message() << symbol << " at " << std::hex << pc << ", hook " << int(hook) << ", sp lowered "
                                      << is_sp_lowered << ", hook written " << is_written);
    EXPECT_EQ(scene.pcs, scene.expected());
    EXPECT_TRUE(verdict.is_reliable());
    EXPECT_EQ(classify(Policy::strict, verdict.evidence, verdict.stop), Reliability::unreliable);
    EXPECT_EQ(scene.stack.wild_reads, 0U);
    ++walks;
  });
  EXPECT_GT(walks, 300U);
}

// R3: there is no moment at which the address is nowhere, so popped or not makes no difference.
TEST(TrampolineRows, AreWalkedExactlyAfterThePop) {
  const SpecialTable table = special_table();
  for_each_walk([&](const char* symbol, std::uint64_t pc, State state, Hook hook, bool is_sp_lowered, bool is_written) {
    if (state != State::handler_has_lr) return;
    Scene scene(table.ranges(), pc, state, hook, is_sp_lowered, is_written);
    scene.pop();
    SCOPED_TRACE(::testing::Message() << symbol << " at " << std::hex << pc);
    EXPECT_TRUE(scene.walk_it().is_reliable());
    EXPECT_EQ(scene.pcs, scene.expected());
  });
}

TEST(TrampolineRows, AreDoubtedWhereTheSavedPcAloneWasChanged) {  // F2
  const SpecialTable table = special_table();
  for_each_walk([&](const char* symbol, std::uint64_t pc, State state, Hook hook, bool is_sp_lowered, bool is_written) {
    if (state != State::in_frame && state != State::stub) return;
    Scene scene(table.ranges(), pc, state, hook, is_sp_lowered, is_written);
    scene.redirect_pc_only();
    SCOPED_TRACE(::testing::Message() << symbol << " at " << std::hex << pc);
    EXPECT_FALSE(scene.walk_it().is_reliable());
  });
}

// The proof can fail: with any one rule exchanged for another, some row comes out wrong.
TEST(TrampolineRows, NoticeEveryRuleThatIsWrong) {
  const SpecialTable table = special_table();
  std::set<std::pair<unsigned, int>> rules;
  const Image& image = Image::under_test();
  const AddressRange trampolines(image.symbol("ftrace_regs_caller").address, image.symbol("ftrace_stub").address + 8);
  for (std::size_t i = 0; i < table.entries.size(); ++i) {
    if (!trampolines.contains(table.ranges()[i].range.start(), 1)) continue;
    rules.insert({table.entries[i].rule, table.entries[i].rule_offset});
  }
  EXPECT_GE(rules.size(), 7U);
  for (const auto& [rule, offset] : rules) {
    SpecialTable broken = table;
    for (SpecialRangeEntry& entry : broken.entries) {
      if (entry.rule != rule || entry.rule_offset != offset) continue;
      entry.rule = rule == SUREFOOT_FROM_FRAME_RECORD ? SUREFOOT_FROM_LINK_REGISTER : SUREFOOT_FROM_FRAME_RECORD;
      entry.rule_offset = 0;
    }
    std::size_t wrong = 0;
    for_each_walk([&](const char*, std::uint64_t pc, State state, Hook hook, bool is_sp_lowered, bool is_written) {
      Scene scene(broken.ranges(), pc, state, hook, is_sp_lowered, is_written);
      const bool is_reliable = scene.walk_it().is_reliable();
      wrong += is_reliable && scene.pcs == scene.expected() ? 0U : 1U;
    });
    EXPECT_GT(wrong, 0U) << "rule " << rule << ", offset " << offset;
  }
}

}  // namespace
}  // namespace surefoot::testing
