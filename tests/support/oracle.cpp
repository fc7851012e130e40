// SPDX-License-Identifier: MIT
//
// The oracle. Written from what the headers promise.
#include "support/oracle.hpp"

#include <optional>

#include "support/oracle_entries.hpp"
#include "support/oracle_stacks.hpp"

namespace surefoot::testing {
namespace {

using enum EvidenceBit;

// What each policy lets pass.
constexpr Evidence harmless_in_strict = return_address_hooked | changed_stack;
constexpr Evidence harmless_in_exact =
    harmless_in_strict | return_entry_in_flight | crossed_exception | in_special_range;

// One frame as it was found, and what was known when it was.
struct Step {
  Frame frame;
  std::uint64_t fp;
  Rule rule;                             // that holds for the frame
  std::optional<std::uint64_t> live_lr;  // its return address, if a rule has told
  std::optional<std::uint64_t> sp;       // its own, if that is known
  bool is_by_row = false;                // a register named it, or a slot of such a frame
};

// How a caller was found, beside its pc and its record.
struct Way {
  Source source;
  Evidence noticed = {};
  std::optional<std::uint64_t> sp = {};
  bool is_by_row = false;
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
      : context_(context),
        frame_table_(frame_table),
        memory_(memory),
        text_(normalized(context.text)),
        stacks_(memory) {
    if (context.return_stack != nullptr) {
      if (context.return_stack->depth() > context.return_stack->capacity()) initial_ |= return_stack_damaged;
      for (const ReturnEntry& entry : context.return_stack->entries()) entries_.add(entry);
    }
    for (std::size_t i = 0; i < context.special_ranges.size(); ++i) ranges_.push_back(context.special_ranges[i]);
  }

  void run(const OracleStart& start) {
    take_sp(start.registers.sp);
    if (start.is_exception) {
      saved_ = {.sp = start.registers.sp, .lr = start.lr, .x9 = start.x9};
      add_frame(
          {start.registers.pc, CodeAddress::Kind::exact}, start.registers.fp,
          {.source = Source::start, .noticed = crossed_exception | mode_of(start.pstate), .sp = start.registers.sp});
    } else {
      add_caller(start.registers.pc, start.registers.fp, {.source = Source::start, .sp = start.registers.sp});
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

  // True if that changed the stack. After it, an sp that is on no stack, or where all is dead, is not usable.
  bool take_sp(std::uint64_t sp) {
    const OracleStack* before = stacks_.present();
    is_sp_usable_ = stacks_.is_alive_or_end(sp);
    const bool has_changed = stacks_.go_to_stack_of(sp);
    if (stacks_.present() != before) is_sp_usable_ = true;
    return has_changed;
  }

  // By what the last frame says of its caller; by its record if that does not hold here.
  void follow() {
    const Step step = steps_.back();
    const Rule& rule = step.rule;
    const bool is_by_record = !step.live_lr && (rule.pc == From::nowhere || rule.pc == From::frame_record ||
                                                rule.pc == From::exception_frame);
    if (is_by_record || (rule.pc == From::final_record && !step.live_lr && is_final(step.fp))) return follow_record({});
    if (rule.pc == From::return_stack && !step.live_lr) {
      return add_caller(range_of(step.frame.address().lookup()).range.start(), step.fp,
                        {.source = Source::return_stack});
    }
    if (rule.pc == From::final_record || !follow_slots(step)) follow_record(unknown_interrupted_code);
  }

  // The stack that a frame's first slot is on: the present one, or, by fp, another that was not entered yet.
  [[nodiscard]] OracleStack* stack_of(const Rule& rule, std::uint64_t slot_at) {
    if (rule.base != Base::fp || stacks_.is_alive(slot_at, 1)) return stacks_.present();
    OracleStack* const stack = stacks_.holding(slot_at, 1);
    return stack != nullptr && !stack->was_entered ? stack : nullptr;
  }

  // False if the rule does not hold here; nothing has changed then.
  [[nodiscard]] bool follow_slots(const Step& step) {
    Rule rule = step.rule;
    if (step.live_lr) rule = {.pc = From::link_register, .base = step.sp ? Base::sp : Base::none};
    const std::uint64_t base = rule.base == Base::fp ? step.fp : step.sp.value_or(saved_.sp);
    const auto from_base = [base](std::int32_t offset) {
      return base + static_cast<std::uint64_t>(std::int64_t{offset});
    };
    OracleStack* const stack = stack_of(rule, from_base(rule.offset));
    const auto slot = [&](std::int32_t offset) {
      const std::uint64_t at = from_base(offset);
      return at % 8 == 0 && stack != nullptr && stack->is_alive(at, 1) ? memory_.word_at(at) : std::nullopt;
    };
    const bool is_saved = rule.pc == From::saved_pair || rule.pc == From::saved_pc;
    std::optional<std::uint64_t> pc;
    std::optional<std::uint64_t> fp = step.fp;
    if (is_saved || rule.pc == From::stack) pc = slot(rule.offset);
    if (rule.pc == From::saved_pair) fp = slot(rule.fp_offset);
    if (rule.pc == From::link_register) pc = step.live_lr.value_or(saved_.lr);
    if (rule.pc == From::x9) pc = saved_.x9;
    if (!pc || !fp || (is_saved && (*pc == 0 || *fp == 0))) return false;
    std::optional<std::uint64_t> sp;
    Evidence noticed;
    if (rule.base != Base::none) {
      sp = from_base(rule.cfa_offset);
      if (*sp % 16 != 0 || stack == nullptr || !stack->is_alive_or_end(*sp)) return false;
      if (is_saved && *sp < from_base(rule.offset) + 8) return false;
      if (stacks_.go_to(*stack, *sp)) noticed |= changed_stack;
    }
    if (is_saved) {
      const bool is_by_row = step.is_by_row && rule.base == Base::sp;
      add_caller(*pc, *fp, {.source = Source::frame_table, .noticed = noticed, .sp = sp, .is_by_row = is_by_row});
    } else if (rule.pc == From::link_register && rule.lr == From::nowhere) {
      add_caller(*pc, *fp, {.source = Source::link_register, .noticed = noticed, .sp = sp, .is_by_row = true});
    } else {
      const Source source = rule.pc == From::x9      ? Source::x9
                            : rule.pc == From::stack ? Source::stack
                                                     : Source::link_register;
      add_frame({strip(*pc), CodeAddress::Kind::exact}, *fp, {.source = source, .noticed = noticed, .sp = sp});
      if (rule.lr == From::link_register) steps_.back().live_lr = saved_.lr;
      if (rule.lr == From::x9) steps_.back().live_lr = saved_.x9;
    }
    return true;
  }

  void follow_record(Evidence noticed) {
    const std::uint64_t at = steps_.back().fp;
    if (at % 8 != 0) return end(StopReason::misaligned_record, at);
    if (!stacks_.is_alive(at, 2)) {
      const bool is_memory = memory_.word_at(at) && memory_.word_at(at + 8);
      OracleStack* const found = is_memory ? stacks_.holding(at, 2) : nullptr;
      if (found == nullptr) return end(StopReason::off_stack, at);
      if (found == stacks_.present()) return end(StopReason::not_above_previous, at);
      if (found->was_entered) return end(StopReason::stack_reentered, at);
      // Nothing of it is dead: the record may be the one in an ExceptionFrame.
      if (stacks_.go_to(*found, found->base)) noticed |= changed_stack;
    }
    const std::uint64_t fp = word(at);
    const std::uint64_t lr = word(at + 8);
    const Rule& rule = steps_.back().rule;
    if (fp == 0 && lr == 0) {
      if (rule.pc == From::frame_record && rule.offset != 0) noticed |= saved_pc_differs;
      return follow_metadata(at, noticed);
    }
    if (fp == 0 || lr == 0) return end(StopReason::half_zero_record, at);
    if (rule.pc == From::frame_record && rule.offset != 0 && !has_same_registers(rule, at, fp, lr)) {
      noticed |= saved_pc_differs;
    }
    // An exception whose handler was called with no metadata record leaves the interrupted function's own.
    if (steps_.back().frame.special == SpecialKind::exception_entry && rule.pc == From::frame_record)
      noticed |= unknown_interrupted_code;
    stacks_.present()->kill_below(at + 16);
    Source source = Source::frame_record;
    if (rule.pc == From::frame_record && rule.base == Base::fp) {
      // A row that says the same, and where the frame ends.
      const std::uint64_t cfa = at + static_cast<std::uint64_t>(std::int64_t{rule.cfa_offset});
      if (cfa % 16 == 0 && stacks_.is_alive_or_end(cfa)) {
        source = Source::frame_table;
        stacks_.present()->kill_below(cfa);
      } else {
        noticed |= unknown_interrupted_code;
      }
    }
    add_caller(lr, fp, {.source = source, .noticed = noticed});
  }

  // The registers with which a trampoline goes on are those of the records.
  [[nodiscard]] bool has_same_registers(const Rule& rule, std::uint64_t at, std::uint64_t fp, std::uint64_t lr) const {
    const auto alive_word = [&](std::uint64_t address) {
      return address % 8 == 0 && stacks_.is_alive(address, 1) ? memory_.word_at(address) : std::nullopt;
    };
    const std::optional<std::uint64_t> pc = alive_word(at + static_cast<std::uint64_t>(std::int64_t{rule.offset}));
    if (!pc || (*pc != strip(lr) && *pc != strip(lr) - 4)) return false;
    if (rule.fp_offset == 0) return true;
    const std::uint64_t pair_at = at + static_cast<std::uint64_t>(std::int64_t{rule.fp_offset});
    const std::optional<std::uint64_t> saved_fp = alive_word(pair_at);
    const std::optional<std::uint64_t> saved_lr = alive_word(pair_at + 8);
    const std::optional<std::uint64_t> caller_fp = alive_word(fp);
    const std::optional<std::uint64_t> caller_lr = alive_word(fp + 8);
    if (!saved_fp || !saved_lr || !caller_fp || !caller_lr || *saved_fp != *caller_fp) return false;
    const std::uint64_t wanted = strip(*caller_lr);
    std::uint64_t lr_now = strip(*saved_lr);
    if (lr_now == wanted) return true;
    for (std::size_t i = entries_.size(); i > 0; --i) {
      const ReturnEntry& entry = entries_[i - 1];
      if (!entries_.is_left(i - 1)) continue;
      const bool is_applied = entry.hook == lr_now;
      const bool is_pending = !is_applied && strip(entry.return_address) == lr_now;
      if (entry.key != *saved_fp || !(is_applied || is_pending)) return false;
      if (is_pending) continue;
      if (!is_instruction(lr_now)) return false;
      lr_now = strip(entry.return_address);
      if (lr_now == wanted) return true;
    }
    return false;
  }

  void follow_metadata(std::uint64_t at, Evidence noticed) {
    if (!stacks_.is_alive(at, 3)) return end(StopReason::metadata_off_stack, at);
    const std::uint64_t type = word(at + 16);
    if (type == 1) {
      if (!is_final(at)) return end(StopReason::final_record_misplaced, at);
      at_end_ = noticed;
      if (entries_.is_any_left(0)) at_end_ |= return_entry_left_over;
      at_end_ |= pass_from(0);
      return end(StopReason::final_record, at);
    }
    if (type != 2) return end(StopReason::unknown_metadata, at);
    const std::uint64_t frame_at = at - 288;
    if (!stacks_.is_alive(frame_at, 40)) return end(StopReason::exception_frame_off_stack, at);
    stacks_.present()->kill_below(frame_at + 320);
    if (take_sp(word(frame_at + 248))) noticed |= changed_stack;
    saved_ = {.sp = word(frame_at + 248), .lr = word(frame_at + 240), .x9 = word(frame_at + 72)};
    add_frame({word(frame_at + 256), CodeAddress::Kind::exact}, word(frame_at + 232),
              {.source = Source::exception_frame,
               .noticed = noticed | crossed_exception | mode_of(word(frame_at + 264)),
               .sp = saved_.sp});
  }

  // True in a region of the code map, at any byte of it.
  [[nodiscard]] bool is_in_text(std::uint64_t address) const {
    for (const AddressRange& range : text_) {
      if (address >= range.start() && address < range.end()) return true;
    }
    return false;
  }

  [[nodiscard]] SpecialRange range_of(std::uint64_t address) const {
    if (!is_in_text(address)) return {};
    for (const SpecialRange& range : ranges_) {
      if (address >= range.range.start() && address < range.range.end()) return range;
    }
    return {};
  }

  [[nodiscard]] bool is_hook(std::uint64_t pc) const {
    for (const SpecialRange& range : ranges_) {
      const bool is_trampoline = range.kind == SpecialKind::return_to_handler || range.kind == SpecialKind::return_hook;
      if (is_trampoline && range.range.start() == pc && is_in_text(pc)) return true;
    }
    // The newest whole entry that was not passed names its own hook.
    for (std::size_t i = entries_.size(); i > 0; --i) {
      if (entries_.is_left(i - 1)) return entries_[i - 1].hook == pc;
    }
    return false;
  }

  void add_caller(std::uint64_t found_pc, std::uint64_t key, Way way) {
    std::uint64_t pc = strip(found_pc);
    if (may_be_in_flight()) way.noticed |= use_in_flight(pc, key);
    Evidence restored;
    std::size_t turns = 0;
    while (is_hook(pc) && !restored.has(return_address_unresolved)) {
      const std::optional<std::size_t> fresh = entries_.newest(pc, key, false);
      const std::optional<std::size_t> index = fresh ? fresh : entries_.newest(pc, key, true);
      if (!index) {
        restored |= return_address_unresolved;
        break;
      }
      if (!fresh) restored |= return_entry_out_of_order;
      if (entries_.is_any_left(*index + 1)) restored |= return_entry_skipped;
      restored |= pass_from(*index);
      if (!is_instruction(pc)) restored |= not_text;
      pc = strip(entries_[*index].return_address);
      restored |= return_address_hooked;
      if (++turns > entries_.size()) restored |= return_address_unresolved;
    }
    if (restored.has(return_address_hooked)) way.source = Source::return_stack;
    const bool is_known = !restored.has(return_address_unresolved);
    way.noticed |= restored;
    add_frame({pc, is_known ? CodeAddress::Kind::return_address : CodeAddress::Kind::exact}, key, way);
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
      if (!entries_.is_left(i - 1)) continue;
      if (entry.key != key) return {};
      if (strip(entry.return_address) != pc) continue;
      return return_entry_in_flight | pass_from(i - 1);
    }
    return {};
  }

  // All entries from there on are passed now.
  Evidence pass_from(std::size_t index) {
    std::size_t crossed = 0;
    for (const Step& step : steps_) crossed += step.frame.evidence.has(crossed_exception) ? 1U : 0U;
    return entries_.pass_from(index, crossed);
  }

  // True if all of the four bytes there are in one text range.
  [[nodiscard]] bool is_instruction(std::uint64_t at) const {
    for (const AddressRange& range : context_.text) {
      const bool is_in_range = at >= range.start() && at < range.end();
      if (is_in_range && range.end() - at >= 4 && at % 4 == 0) return true;
    }
    return false;
  }

  // The row of interrupted code, or of code at a call: x29 points to its own record mostly, and is followed as that.
  [[nodiscard]] Rule row_at(std::uint64_t pc, std::uint64_t fp, const Way& way) const {
    const Rule row = frame_table_ != nullptr ? frame_table_->find(pc) : Rule();
    if (row.pc != From::saved_pair || (row.base == Base::sp && !way.sp)) return row;
    const std::uint64_t base = row.base == Base::sp ? *way.sp : fp;
    const auto at = [base](std::int32_t offset) { return base + static_cast<std::uint64_t>(std::int64_t{offset}); };
    if (at(row.fp_offset) != fp || at(row.offset) != fp + 8) return row;
    const auto frame_size = static_cast<std::int32_t>(at(row.cfa_offset) - fp);
    return {.pc = From::frame_record, .base = Base::fp, .cfa_offset = frame_size};
  }

  // The same for a caller, whose link register the call has overwritten.
  [[nodiscard]] Rule row_at_call(CodeAddress address, std::uint64_t fp, const Way& way) const {
    const Rule row = row_at(address.lookup(), fp, way);
    if (row.pc == From::frame_record) return {.pc = From::frame_record};
    return row.pc == From::link_register || (row.base == Base::sp && !way.sp) ? Rule() : row;
  }

  void add_frame(CodeAddress address, std::uint64_t fp, const Way& way) {
    Evidence noticed = way.noticed;
    if (!is_instruction(address.lookup())) noticed |= not_text;
    const bool is_code = is_in_text(address.lookup());
    if (is_code && !context_.special_ranges.is_valid()) noticed |= special_ranges_refused;
    const SpecialRange range = range_of(address.lookup());
    const bool is_special = range.kind != SpecialKind::none;
    const bool is_interrupted = noticed.has(crossed_exception);
    const bool is_return = address.kind() == CodeAddress::Kind::return_address;
    EvidenceBit without_rule = is_interrupted ? unknown_interrupted_code : special_code_without_rule;
    Rule rule{.pc = From::frame_record};
    if (is_special) {
      noticed |= in_special_range;
      rule = range.rule;
      const bool is_by_entry = rule.pc == From::return_stack && is_return;
      if (!is_interrupted && rule.pc != From::frame_record && !is_by_entry) rule = {};
      if (is_interrupted && (!is_sp_usable_ || *way.sp % 16 != 0)) rule.base = Base::none;
    } else if (is_interrupted) {
      rule = is_code && is_sp_usable_ ? row_at(address.value(), fp, way) : Rule();
    } else if (is_return && way.is_by_row && is_code && frame_table_ != nullptr) {
      rule = row_at_call(address, fp, way);
      without_rule = unknown_interrupted_code;
    }
    if (rule.pc == From::nowhere) noticed |= without_rule;
    steps_.push_back({.frame = {.pc = address.value(),
                                .evidence = noticed,
                                .kind = address.kind(),
                                .source = way.source,
                                .special = range.kind},
                      .fp = fp,
                      .rule = rule,
                      .live_lr = std::nullopt,
                      .sp = way.sp,
                      .is_by_row = way.is_by_row && is_return});
  }

  const Context& context_;
  const SlowFrameTable* frame_table_;
  const FlatMemory& memory_;
  std::vector<AddressRange> text_;
  OracleStacks stacks_;
  OracleEntries entries_;
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
