// SPDX-License-Identifier: MIT
//
// One pass over the instructions, each of which takes at least a byte: the work is linear in the section's size. What
// is faulty is not interpreted half: a wrong row is worse than none.
#include "cfi/interpreter.hpp"

#include <dwarf.h>

#include <algorithm>

#include "elf/byte_reader.hpp"

namespace surefoot::tools {
namespace {

using Kind = CfiPlace::Kind;

// Newer than elfutils 0.188 [aadwarf64 §4.4].
constexpr unsigned negate_ra_state_with_pc = 0x2c;
constexpr unsigned negate_ra_state = 0x2d;
// The pseudo-register that says whether the return address is signed [aadwarf64 §4.1].
constexpr std::uint64_t ra_sign_state_number = 34;

class Interpreter {
 public:
  Interpreter(const CommonFrameEntry& common, std::span<const std::byte> instructions, std::uint64_t address)
      : common_(common), reader_(instructions, address) {}

  std::optional<CfiRules> run_initial() {
    while (!reader_.is_at_end()) execute_next();
    if (reader_.has_failed()) return std::nullopt;
    return rules_;
  }

  std::optional<std::vector<CfiRow>> run(const FrameEntry& entry, const CfiRules& initial) {
    initial_ = initial;
    rules_ = initial;
    at_ = entry.start;
    end_ = entry.end;
    while (!reader_.is_at_end()) execute_next();
    if (reader_.has_failed()) return std::nullopt;
    end_row(end_);
    return std::move(rows_);
  }

 private:
  void execute_next() {
    constexpr unsigned operand_mask = 0x3f;
    const auto byte = static_cast<unsigned>(reader_.unsigned_number(1));
    const unsigned operand = byte & operand_mask;
    switch (byte & ~operand_mask) {
      case DW_CFA_advance_loc: return advance(operand);
      case DW_CFA_offset: return set(operand, at_cfa(factored(reader_.uleb128())));
      case DW_CFA_restore: return restore(operand);
      default: return execute_extended(byte);
    }
  }

  void execute_extended(unsigned code) {
    switch (code) {
      case DW_CFA_nop: return;
      case DW_CFA_set_loc: return advance_to(read_encoded_address(reader_, common_.pointer_encoding));
      case DW_CFA_advance_loc1: return advance(reader_.unsigned_number(1));
      case DW_CFA_advance_loc2: return advance(reader_.unsigned_number(2));
      case DW_CFA_advance_loc4: return advance(reader_.unsigned_number(4));
      case DW_CFA_MIPS_advance_loc8: return advance(reader_.unsigned_number(8));
      case DW_CFA_remember_state: return remember_state();
      case DW_CFA_restore_state: return restore_state();
      case DW_CFA_def_cfa:
      case DW_CFA_def_cfa_sf:
      case DW_CFA_def_cfa_register:
      case DW_CFA_def_cfa_offset:
      case DW_CFA_def_cfa_offset_sf:
      case DW_CFA_def_cfa_expression: return define_cfa(code);
      case negate_ra_state_with_pc: return negate_with_pc();
      case negate_ra_state: rules_.is_signed = !rules_.is_signed; return;
      case DW_CFA_GNU_args_size: static_cast<void>(reader_.uleb128()); return;
      default: return execute_rule(code, reader_.uleb128());
    }
  }

  // Stands at the instruction that signs, whose address is part of the signature: what it says holds behind that.
  void negate_with_pc() {
    rules_.is_signed = !rules_.is_signed;
    if (rules_.is_signed) signed_from_ = at_ + 4;
  }

  // Those that give a register, the first operand, a rule.
  void execute_rule(unsigned code, std::uint64_t number) {
    switch (code) {
      case DW_CFA_offset_extended: return set(number, at_cfa(factored(reader_.uleb128())));
      case DW_CFA_offset_extended_sf: return set(number, at_cfa(factored(reader_.sleb128())));
      case DW_CFA_GNU_negative_offset_extended: return set(number, at_cfa(negated(factored(reader_.uleb128()))));
      case DW_CFA_restore_extended: return restore(number);
      case DW_CFA_undefined: return set(number, {.kind = Kind::undefined});
      case DW_CFA_same_value: return set(number, {.kind = Kind::same_value});
      case DW_CFA_register: return set(number, in_register(reader_.uleb128()));
      case DW_CFA_val_offset: static_cast<void>(factored(reader_.uleb128())); break;
      case DW_CFA_val_offset_sf: static_cast<void>(factored(reader_.sleb128())); break;
      case DW_CFA_expression:
      case DW_CFA_val_expression: reader_.skip(reader_.uleb128()); break;
      default: return reader_.fail();
    }
    set(number, {.kind = Kind::unsupported});
  }

  void define_cfa(unsigned code) {
    if (code == DW_CFA_def_cfa_expression) {
      reader_.skip(reader_.uleb128());
      rules_.has_cfa = false;
      return;
    }
    const bool has_register = code == DW_CFA_def_cfa || code == DW_CFA_def_cfa_sf || code == DW_CFA_def_cfa_register;
    if (has_register) {
      const std::uint64_t number = reader_.uleb128();
      if (number > sp_number) return reader_.fail();
      rules_.cfa_register = static_cast<unsigned>(number);
    }
    // After an expression only a definition of both makes sense again.
    if (code == DW_CFA_def_cfa || code == DW_CFA_def_cfa_sf) rules_.has_cfa = true;
    if (!rules_.has_cfa) return reader_.fail();
    switch (code) {
      case DW_CFA_def_cfa:
      case DW_CFA_def_cfa_offset: rules_.cfa_offset = as_signed(reader_.uleb128()); break;
      case DW_CFA_def_cfa_sf:
      case DW_CFA_def_cfa_offset_sf: rules_.cfa_offset = factored(reader_.sleb128()); break;
      default: break;
    }
  }

  // Of all registers only two matter. In a frame of a signal handler the return address may be in a column of its own.
  void set(std::uint64_t number, CfiPlace place) {
    if (number == ra_sign_state_number) rules_.ra = {.kind = Kind::unsupported};
    if (number == common_.return_address_register) rules_.ra = place;
    if (number == fp_number) rules_.fp = place;
  }

  void restore(std::uint64_t number) {
    if (number == common_.return_address_register) rules_.ra = initial_.ra;
    if (number == fp_number) rules_.fp = initial_.fp;
  }

  void remember_state() {
    constexpr std::size_t max_depth = 256;  // compilers nest two or three
    if (remembered_.size() == max_depth) return reader_.fail();
    remembered_.push_back(rules_);
  }

  void restore_state() {
    if (remembered_.empty()) return reader_.fail();
    rules_ = remembered_.back();
    remembered_.pop_back();
  }

  void advance(std::uint64_t delta) {
    std::uint64_t bytes = 0;
    if (__builtin_mul_overflow(delta, common_.code_factor, &bytes) || bytes > end_ - at_) return reader_.fail();
    advance_to(at_ + bytes);
  }

  void advance_to(std::uint64_t address) {
    // Between instructions nothing changes. In a CIE, where both ends are 0, there is nowhere to advance to.
    if (address < at_ || address > end_ || address % 4 != 0) return reader_.fail();
    end_row(address);
  }

  std::int64_t as_signed(std::uint64_t number) {
    const auto value = static_cast<std::int64_t>(number);
    if (value < 0) reader_.fail();
    return value;
  }

  std::int64_t negated(std::int64_t number) {
    std::int64_t value = 0;
    if (__builtin_sub_overflow(std::int64_t{0}, number, &value)) reader_.fail();
    return value;
  }

  std::int64_t factored(std::int64_t number) {
    std::int64_t value = 0;
    if (__builtin_mul_overflow(number, common_.data_factor, &value)) reader_.fail();
    return value;
  }
  std::int64_t factored(std::uint64_t number) { return factored(as_signed(number)); }

  static CfiPlace at_cfa(std::int64_t offset) { return {.kind = Kind::at_cfa, .number = offset}; }
  static CfiPlace in_register(std::uint64_t number) {
    if (number >= sp_number) return {.kind = Kind::unsupported};
    return {.kind = Kind::in_register, .number = static_cast<std::int64_t>(number)};
  }

  void end_row(std::uint64_t end) {
    if (rules_.is_signed && at_ < signed_from_ && at_ < end) {
      rules_.is_signed = false;
      end_row(std::min(end, signed_from_));
      rules_.is_signed = true;
    }
    if (at_ == end) return;
    rows_.push_back({.start = at_,
                     .end = end,
                     .has_cfa = rules_.has_cfa,
                     .cfa_register = rules_.cfa_register,
                     .cfa_offset = rules_.cfa_offset,
                     .ra = return_address(),
                     .fp = rules_.fp,
                     .is_signed = rules_.is_signed,
                     .is_signal_frame = common_.is_signal_frame});
    at_ = end;
  }

  // A column other than x30's is in a register other than x30.
  [[nodiscard]] CfiPlace return_address() const {
    const bool is_itself = rules_.ra.kind == Kind::same_value && common_.return_address_register != lr_number;
    return is_itself ? in_register(common_.return_address_register) : rules_.ra;
  }

  const CommonFrameEntry& common_;
  ByteReader reader_;
  CfiRules initial_;
  CfiRules rules_;
  std::vector<CfiRules> remembered_;
  std::vector<CfiRow> rows_;
  std::uint64_t at_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t signed_from_ = 0;
};

}  // namespace

std::optional<CfiRules> initial_rules(const CommonFrameEntry& common) {
  return Interpreter(common, common.instructions, 0).run_initial();
}

std::optional<std::vector<CfiRow>> make_rows(const FrameEntry& entry, const CommonFrameEntry& common,
                                             const CfiRules& initial) {
  return Interpreter(common, entry.instructions, entry.instructions_address).run(entry, initial);
}

}  // namespace surefoot::tools
