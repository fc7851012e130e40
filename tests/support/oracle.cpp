// SPDX-License-Identifier: MIT
//
// The oracle. Written from what the headers promise.
#include "support/oracle.hpp"

#include <optional>

namespace surefoot::testing {
namespace {

using enum EvidenceBit;

// What each policy lets pass.
constexpr Evidence harmless_in_strict = return_address_hooked | changed_stack;
constexpr Evidence harmless_in_exact =
    harmless_in_strict | return_entry_in_flight | crossed_exception | in_special_range;

// The words of one stack, and whether they may still be read.
struct OracleStack {
  std::uint64_t base;
  std::vector<bool> is_dead;
  bool was_entered = false;

  [[nodiscard]] std::uint64_t end() const { return base + 8 * is_dead.size(); }
  void kill_below(std::uint64_t address) {
    for (std::size_t i = 0; i < is_dead.size(); ++i) {
      if (base + 8 * i < address) is_dead[i] = true;
    }
  }
};

// One frame as it was found, and what was known when it was.
struct Step {
  Frame frame;
  std::uint64_t fp;
  Rule rule;                             // that holds for the frame
  std::optional<std::uint64_t> live_lr;  // its return address, if a rule has told
};

// The registers that the last crossed exception saved.
struct Saved {
  std::uint64_t sp = 0;
  std::uint64_t lr = 0;
  std::uint64_t x9 = 0;
};

class Oracle {
 public:
  Oracle(const Context& context, const SlowFrameTable* frame_table, const FlatMemory& memory)
      : context_(context), frame_table_(frame_table), memory_(memory) {
    for (const FlatStack& stack : memory.stacks) {
      stacks_.push_back({.base = stack.base, .is_dead = std::vector<bool>(stack.words.size())});
    }
    if (context.return_stack != nullptr) {
      if (context.return_stack->depth() > context.return_stack->capacity()) initial_ |= return_stack_damaged;
      for (const ReturnEntry& entry : context.return_stack->entries()) entries_.push_back(entry);
    }
    is_passed_.resize(entries_.size());
    if (!context.special_ranges.is_valid()) initial_ |= special_ranges_refused;
    for (std::size_t i = 0; i < context.special_ranges.size(); ++i) ranges_.push_back(context.special_ranges[i]);
  }

  void run(const OracleStart& start) {
    take_sp(start.registers.sp);
    if (start.is_exception) {
      saved_ = {.sp = start.registers.sp, .lr = start.lr, .x9 = start.x9};
      add_frame({start.registers.pc, CodeAddress::Kind::exact}, start.registers.fp, Source::start,
                crossed_exception | mode_of(start.pstate));
    } else {
      add_caller(start.registers.pc, start.registers.fp, Source::start, {});
    }
    while (!stop_) follow();
  }

  [[nodiscard]] Walked result(std::size_t buffer_size) const {
    Walked walked;
    Evidence evidence = initial_;
    std::optional<std::size_t> doubt;
    const auto doubt_at = [&doubt](std::size_t index) { doubt = doubt ? std::min(*doubt, index) : index; };
    if (is_bad(initial_)) doubt_at(0);
    StopReason stop = *stop_;
    std::uint64_t stop_at = stop_at_;
    bool is_cut = false;
    for (std::size_t i = 0; i < steps_.size() && !is_cut; ++i) {
      if (i < buffer_size) {
        evidence |= steps_[i].frame.evidence;
        if (is_bad(steps_[i].frame.evidence)) doubt_at(i);
        if (steps_[i].frame.evidence.has(return_entry_skipped | return_entry_invalid)) doubt_at(first_unmatched(i));
        walked.frames.push_back(steps_[i].frame);
        continue;
      }
      is_cut = true;
      stop = StopReason::truncated;
      stop_at = steps_[i].fp;
    }
    if (!is_cut) {
      evidence |= at_end_;
      if (at_end_.has(return_entry_left_over | return_entry_invalid)) doubt_at(first_unmatched(steps_.size()));
    }
    const std::size_t count = walked.frames.size();
    const bool is_end = stop == StopReason::final_record;
    walked.verdict = {.reliability = is_end && !is_bad(evidence) ? Reliability::reliable : Reliability::unreliable,
                      .stop = stop,
                      .evidence = evidence,
                      .first_doubtful = doubt ? std::min(*doubt, count) : count,
                      .stop_at = stop_at};
    return walked;
  }

 private:
  [[nodiscard]] bool is_bad(Evidence evidence) const {
    const Evidence harmless = context_.policy == Policy::exact ? harmless_in_exact : harmless_in_strict;
    return (evidence | harmless) != harmless;
  }

  // The first frame after all those before `end` that an entry answered for.
  [[nodiscard]] std::size_t first_unmatched(std::size_t end) const {
    std::size_t index = 0;
    for (std::size_t i = 0; i < end; ++i) {
      if (steps_[i].frame.evidence.has(return_address_hooked | return_entry_in_flight)) index = i + 1;
    }
    return index;
  }

  void end(StopReason reason, std::uint64_t at) {
    stop_ = reason;
    stop_at_ = at;
  }

  // Bit by bit, every bit that the mask names becomes bit 55.
  [[nodiscard]] std::uint64_t strip(std::uint64_t address) const {
    const std::uint64_t half = address >> 55 & 1;
    for (unsigned bit = 0; bit < 64; ++bit) {
      if ((context_.pac.bits() >> bit & 1) == 0) continue;
      address = (address & ~(std::uint64_t{1} << bit)) | half << bit;
    }
    return address;
  }

  // Address 0 stands for no final record.
  [[nodiscard]] bool is_final(std::uint64_t at) const { return at != 0 && at == context_.final_record_at; }

  [[nodiscard]] std::uint64_t word(std::uint64_t address) const { return memory_.word_at(address).value(); }

  // What the saved pstate of interrupted kernel code says: mode 0 is EL0, and bit 4 is AArch32, which EL0 alone runs.
  [[nodiscard]] static Evidence mode_of(std::uint64_t pstate) {
    const std::uint64_t mode = pstate % 32;
    return mode == 0 || mode >= 16 ? Evidence(interrupted_el0) : Evidence();
  }

  // True if each of the words is alive on the present stack.
  [[nodiscard]] bool is_alive(std::uint64_t address, std::size_t words) const {
    if (present_ == nullptr) return false;
    for (std::size_t i = 0; i < words; ++i) {
      const std::uint64_t at = address + 8 * i;
      if (at < present_->base || at >= present_->end() || present_->is_dead[(at - present_->base) / 8]) return false;
    }
    return true;
  }

  // True if nothing is dead from there to the end of the present stack, of which the end itself is a part.
  [[nodiscard]] bool is_alive_or_end(std::uint64_t address) const {
    return present_ != nullptr && (address == present_->end() || is_alive(address, 1));
  }

  // True if that changed the stack.
  bool go_to(OracleStack& stack, std::uint64_t low) {
    const bool is_other = present_ != nullptr && present_ != &stack;
    present_ = &stack;
    stack.was_entered = true;
    stack.kill_below(low);
    return is_other;
  }

  // True if that changed the stack. After it, an sp that is on no stack, or where all is dead, is not usable.
  bool take_sp(std::uint64_t sp) {
    const OracleStack* before = present_;
    is_sp_usable_ = is_alive_or_end(sp);
    const bool has_changed = go_to_stack_of(sp);
    if (present_ != before) is_sp_usable_ = true;
    return has_changed;
  }

  bool go_to_stack_of(std::uint64_t sp) {
    OracleStack* found = nullptr;
    for (OracleStack& stack : stacks_) {
      if (found == nullptr && sp >= stack.base && sp < stack.end()) found = &stack;
    }
    for (OracleStack& stack : stacks_) {
      if (found == nullptr && sp == stack.end()) found = &stack;
    }
    if (found == nullptr || (found != present_ && found->was_entered)) return false;
    return go_to(*found, sp);
  }

  // By what the last frame says of its caller.
  void follow() {
    const Step step = steps_.back();
    if (step.live_lr) return add_caller(*step.live_lr, step.fp, Source::link_register, {});
    switch (step.rule.pc) {
      case From::link_register:
      case From::x9:
      case From::stack:
      case From::saved_pair:
      case From::saved_pc:
        if (!follow_rule(step)) follow_record(unknown_interrupted_code);
        return;
      case From::return_stack:
        return add_caller(range_of(step.frame.pc).range.start(), step.fp, Source::return_stack, {});
      case From::final_record: return follow_record(is_final(step.fp) ? Evidence() : unknown_interrupted_code);
      case From::frame_record:
      case From::nowhere: return follow_record({});
    }
  }

  [[nodiscard]] std::uint64_t from_base(const Step& step, std::int32_t offset) const {
    return (step.rule.base == Base::fp ? step.fp : saved_.sp) + static_cast<std::uint64_t>(std::int64_t{offset});
  }

  // The stack that has all these words, and the caller's sp if that is known: the present one, of what is alive there,
  // or, counted from x29, one that was not entered. Null if there is none.
  OracleStack* stack_of(const std::vector<std::uint64_t>& words, std::optional<std::uint64_t> cfa, Base base) {
    bool is_present = true;
    for (const std::uint64_t at : words) is_present = is_present && at % 8 == 0 && is_alive(at, 1);
    if (cfa) is_present = is_present && *cfa % 16 == 0 && is_alive_or_end(*cfa);
    if (is_present) return present_;
    if (base != Base::fp || words.empty()) return nullptr;
    for (OracleStack& stack : stacks_) {
      bool has_all = !stack.was_entered;
      for (const std::uint64_t at : words) has_all = has_all && at % 8 == 0 && at >= stack.base && at < stack.end();
      if (cfa) has_all = has_all && *cfa % 16 == 0 && *cfa >= stack.base && *cfa <= stack.end();
      if (has_all) return &stack;
    }
    return nullptr;
  }

  // False, and nothing has happened, if what is in memory does not fit the rule.
  bool follow_rule(const Step& step) {
    const Rule& rule = step.rule;
    const bool is_saved = rule.pc == From::saved_pair || rule.pc == From::saved_pc;
    std::vector<std::uint64_t> words;
    if (is_saved || rule.pc == From::stack) words.push_back(from_base(step, rule.offset));
    if (rule.pc == From::saved_pair) words.push_back(from_base(step, rule.fp_offset));
    std::optional<std::uint64_t> cfa;
    if (rule.base != Base::none) cfa = from_base(step, rule.cfa_offset);
    Evidence noticed;
    if (!words.empty() || cfa) {
      OracleStack* const stack = stack_of(words, cfa, rule.base);
      if (stack == nullptr) return false;
      for (const std::uint64_t at : words) {
        if (is_saved && word(at) == 0) return false;
      }
      if (rule.pc == From::saved_pc && step.fp == 0) return false;
      if (stack != present_ && go_to(*stack, stack->base)) noticed = changed_stack;
      if (cfa) present_->kill_below(*cfa);
    }
    const std::uint64_t fp = words.size() == 2 ? word(words[1]) : step.fp;
    switch (rule.pc) {
      case From::link_register:
        if (rule.lr == From::nowhere) {
          add_caller(saved_.lr, fp, Source::link_register, noticed);
        } else {
          add_resumed(step, saved_.lr, Source::link_register);
        }
        break;
      case From::x9: add_resumed(step, saved_.x9, Source::x9); break;
      case From::stack: add_resumed(step, word(words[0]), Source::stack); break;
      default: add_caller(word(words[0]), fp, Source::frame_table, noticed);
    }
    return true;
  }

  void add_resumed(const Step& from, std::uint64_t pc, Source source) {
    add_frame({strip(pc), CodeAddress::Kind::exact}, from.fp, source, {});
    if (from.rule.lr == From::link_register) steps_.back().live_lr = saved_.lr;
    if (from.rule.lr == From::x9) steps_.back().live_lr = saved_.x9;
  }

  // `noticed` says that the frame's own rule did not fit.
  void follow_record(Evidence noticed) {
    const std::uint64_t at = steps_.back().fp;
    if (at % 8 != 0) return end(StopReason::misaligned_record, at);
    const Rule rule = noticed.is_empty() ? steps_.back().rule : Rule{};
    if (!is_alive(at, 2)) {
      OracleStack* found = nullptr;
      for (OracleStack& stack : stacks_) {
        if (memory_.word_at(at) && memory_.word_at(at + 8) && at >= stack.base && at + 8 < stack.end()) found = &stack;
      }
      if (found == nullptr) return end(StopReason::off_stack, at);
      if (found == present_) return end(StopReason::not_above_previous, at);
      if (found->was_entered) return end(StopReason::stack_reentered, at);
      // Nothing of it is dead: the record may be the one in an ExceptionFrame.
      if (go_to(*found, found->base)) noticed |= changed_stack;
    }
    const std::uint64_t fp = word(at);
    const std::uint64_t lr = word(at + 8);
    if (fp == 0 && lr == 0) {
      if (rule.offset != 0 || rule.fp_offset != 0) noticed |= saved_pc_differs;
      return follow_metadata(at, noticed);
    }
    if (fp == 0 || lr == 0) return end(StopReason::half_zero_record, at);
    if (rule.offset != 0) {
      const std::uint64_t saved_at = at + static_cast<std::uint64_t>(std::int64_t{rule.offset});
      const bool agrees = saved_at % 8 == 0 && is_alive(saved_at, 1) &&
                          (word(saved_at) == strip(lr) || word(saved_at) == strip(lr) - 4);
      if (!agrees) noticed |= saved_pc_differs;
    }
    if (rule.fp_offset != 0 && !has_same_registers(at + static_cast<std::uint64_t>(std::int64_t{rule.fp_offset}), fp))
      noticed |= saved_pc_differs;
    // An exception whose handler was called with no metadata record leaves the interrupted function's own.
    if (steps_.back().frame.special == SpecialKind::exception_entry && rule.pc == From::frame_record)
      noticed |= unknown_interrupted_code;
    present_->kill_below(at + 16);
    add_caller(lr, fp, Source::frame_record, noticed);
  }

  // What a function gets back as {x29, x30} is what its record holds, or a hook that leads there.
  [[nodiscard]] bool has_same_registers(std::uint64_t saved_at, std::uint64_t record_at) const {
    if (saved_at % 8 != 0 || record_at % 8 != 0 || !is_alive(saved_at, 2) || !is_alive(record_at, 2)) return false;
    if (word(saved_at) != word(record_at)) return false;
    const std::uint64_t wanted = strip(word(record_at + 8));
    std::uint64_t lr = strip(word(saved_at + 8));
    if (lr == wanted) return true;
    for (std::size_t i = entries_.size(); i > 0; --i) {
      const ReturnEntry& entry = entries_[i - 1];
      if (is_passed_[i - 1] || entry.return_address == 0) continue;
      const bool is_applied = entry.hook == lr;
      const bool is_pending = !is_applied && strip(entry.return_address) == lr;
      if (entry.key != word(saved_at) || !(is_applied || is_pending)) return false;
      if (is_pending) continue;
      if (!is_instruction(lr)) return false;
      lr = strip(entry.return_address);
      if (lr == wanted) return true;
    }
    return false;
  }

  void follow_metadata(std::uint64_t at, Evidence noticed) {
    if (!is_alive(at, 3)) return end(StopReason::metadata_off_stack, at);
    const std::uint64_t type = word(at + 16);
    if (type == 1) {
      if (!is_final(at)) return end(StopReason::final_record_misplaced, at);
      at_end_ = noticed;
      for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (!is_passed_[i] && entries_[i].return_address != 0) at_end_ |= return_entry_left_over;
      }
      at_end_ |= pass_from(0);
      return end(StopReason::final_record, at);
    }
    if (type != 2) return end(StopReason::unknown_metadata, at);
    const std::uint64_t frame_at = at - 288;
    if (!is_alive(frame_at, 40)) return end(StopReason::exception_frame_off_stack, at);
    present_->kill_below(frame_at + 320);
    if (take_sp(word(frame_at + 248))) noticed |= changed_stack;
    saved_ = {.sp = word(frame_at + 248), .lr = word(frame_at + 240), .x9 = word(frame_at + 72)};
    add_frame({word(frame_at + 256), CodeAddress::Kind::exact}, word(frame_at + 232), Source::exception_frame,
              noticed | crossed_exception | mode_of(word(frame_at + 264)));
  }

  [[nodiscard]] SpecialRange range_of(std::uint64_t address) const {
    for (const SpecialRange& range : ranges_) {
      if (address >= range.range.start() && address < range.range.end()) return range;
    }
    return {};
  }

  [[nodiscard]] bool is_hook(std::uint64_t pc) const {
    for (const SpecialRange& range : ranges_) {
      const bool is_trampoline = range.kind == SpecialKind::return_to_handler || range.kind == SpecialKind::return_hook;
      if (is_trampoline && range.range.start() == pc) return true;
    }
    // The newest whole entry that was not passed names its own hook.
    for (std::size_t i = entries_.size(); i > 0; --i) {
      if (!is_passed_[i - 1] && entries_[i - 1].return_address != 0) return entries_[i - 1].hook == pc;
    }
    return false;
  }

  void add_caller(std::uint64_t found_pc, std::uint64_t key, Source source, Evidence noticed) {
    std::uint64_t pc = strip(found_pc);
    if (may_be_in_flight()) noticed |= use_in_flight(pc, key);
    Evidence restored;
    std::size_t turns = 0;
    while (is_hook(pc) && !restored.has(return_address_unresolved)) {
      const std::optional<std::size_t> fresh = newest(pc, key, false);
      const std::optional<std::size_t> index = fresh ? fresh : newest(pc, key, true);
      if (!index) {
        restored |= return_address_unresolved;
        break;
      }
      if (!fresh) restored |= return_entry_out_of_order;
      for (std::size_t i = *index + 1; i < entries_.size(); ++i) {
        if (!is_passed_[i] && entries_[i].return_address != 0) restored |= return_entry_skipped;
      }
      restored |= pass_from(*index);
      if (!is_instruction(pc)) restored |= not_text;
      pc = strip(entries_[*index].return_address);
      restored |= return_address_hooked;
      if (++turns > entries_.size()) restored |= return_address_unresolved;
    }
    if (restored.has(return_address_hooked)) source = Source::return_stack;
    const bool is_known = !restored.has(return_address_unresolved);
    add_frame({pc, is_known ? CodeAddress::Kind::return_address : CodeAddress::Kind::exact}, key, source,
              noticed | restored);
  }

  // True if a rule said, of the frame that is left or of the one before it, that the next return address may be hooked
  // any moment. An exception in between would have stopped the tracer.
  [[nodiscard]] bool may_be_in_flight() const {
    const std::size_t count = steps_.size();
    if (count == 0) return false;
    const Step& last = steps_[count - 1];
    if (!last.live_lr && last.rule.in_flight != 0) return last.rule.in_flight == 1;
    return count > 1 && !steps_[count - 2].live_lr && steps_[count - 2].rule.in_flight == 2 &&
           !last.frame.evidence.has(crossed_exception);
  }

  // The entries that are not passed, of one key, down to the one with this address.
  Evidence use_in_flight(std::uint64_t pc, std::uint64_t key) {
    for (std::size_t i = entries_.size(); i > 0; --i) {
      const ReturnEntry& entry = entries_[i - 1];
      if (is_passed_[i - 1] || entry.return_address == 0) continue;
      if (entry.key != key) return {};
      if (strip(entry.return_address) != pc) continue;
      return return_entry_in_flight | pass_from(i - 1);
    }
    return {};
  }

  // All entries from there on are passed now. Of those that have no return address, the newest first, each needs an
  // exception of its own that came before.
  Evidence pass_from(std::size_t index) {
    Evidence noticed;
    for (std::size_t i = entries_.size(); i > index; --i) {
      if (is_passed_[i - 1]) continue;
      is_passed_[i - 1] = true;
      if (entries_[i - 1].return_address != 0) continue;
      std::size_t crossed = 0;
      for (const Step& step : steps_) crossed += step.frame.evidence.has(crossed_exception) ? 1U : 0U;
      if (explained_count_ == crossed) {
        noticed |= return_entry_invalid;
      } else {
        ++explained_count_;
      }
    }
    return noticed;
  }

  [[nodiscard]] std::optional<std::size_t> newest(std::uint64_t hook, std::uint64_t key, bool is_passed) const {
    for (std::size_t i = entries_.size(); i > 0; --i) {
      const ReturnEntry& entry = entries_[i - 1];
      if (is_passed_[i - 1] == is_passed && entry.return_address != 0 && entry.key == key && entry.hook == hook)
        return i - 1;
    }
    return std::nullopt;
  }

  // True if all of the four bytes there are in one text range.
  [[nodiscard]] bool is_instruction(std::uint64_t at) const {
    for (const AddressRange& range : context_.text) {
      const bool is_in_range = at >= range.start() && at < range.end();
      if (is_in_range && range.end() - at >= 4 && at % 4 == 0) return true;
    }
    return false;
  }

  void add_frame(CodeAddress address, std::uint64_t fp, Source source, Evidence noticed) {
    if (!is_instruction(address.lookup())) noticed |= not_text;
    const SpecialRange range = range_of(address.lookup());
    if (range.kind != SpecialKind::none) noticed |= in_special_range;
    const bool is_interrupted = noticed.has(crossed_exception);
    Rule rule = range.rule;
    if (range.kind == SpecialKind::none && !is_interrupted) rule = {.pc = From::frame_record};
    if (!is_interrupted && rule.pc != From::frame_record) rule = {};
    if (range.kind == SpecialKind::none && is_interrupted && frame_table_ != nullptr && is_sp_usable_) {
      rule = frame_table_->find(address.value());
    }
    if (rule.pc == From::nowhere) noticed |= is_interrupted ? unknown_interrupted_code : special_code_without_rule;
    steps_.push_back({.frame = {.pc = address.value(),
                                .evidence = noticed,
                                .kind = address.kind(),
                                .source = source,
                                .special = range.kind},
                      .fp = fp,
                      .rule = rule,
                      .live_lr = std::nullopt});
  }

  const Context& context_;
  const SlowFrameTable* frame_table_;
  const FlatMemory& memory_;
  std::vector<OracleStack> stacks_;
  OracleStack* present_ = nullptr;
  std::vector<ReturnEntry> entries_;
  std::vector<bool> is_passed_;
  std::size_t explained_count_ = 0;  // invalid entries that an exception explains
  std::vector<SpecialRange> ranges_;
  std::vector<Step> steps_;
  Saved saved_;
  bool is_sp_usable_ = false;
  Evidence initial_;
  Evidence at_end_;
  std::optional<StopReason> stop_;
  std::uint64_t stop_at_ = 0;
};

}  // namespace

Walked oracle_walk(const OracleStart& start, const Context& context, const SlowFrameTable* frame_table,
                   const FlatMemory& memory, std::size_t buffer_size) {
  Oracle oracle(context, frame_table, memory);
  oracle.run(start);
  return oracle.result(buffer_size);
}

}  // namespace surefoot::testing
