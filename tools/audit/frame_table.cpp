// SPDX-License-Identifier: MIT
#include "audit/frame_table.hpp"

#include <fmt/format.h>

#include <span>

namespace surefoot::tools {
namespace {

// The rule in the terms in which it is proved; where the return address is signed it does not say.
std::optional<Row> row_of(const Rule& rule) {
  Row row{.where = Row::Where::registers,
          .base = rule.base == surefoot::Base::fp ? Row::Base::fp : Row::Base::sp,
          .cfa = rule.cfa_offset};
  switch (rule.pc) {
    case From::link_register: return row;
    case From::saved_pair:
      row.where = Row::Where::stack;
      row.ra = rule.offset - rule.cfa_offset;
      row.fp = rule.fp_offset - rule.cfa_offset;
      return row;
    case From::saved_pc:
      row.where = Row::Where::lr_on_stack;
      row.ra = rule.offset - rule.cfa_offset;
      return row;
    case From::final_record: row.where = Row::Where::nowhere; return row;
    case From::nowhere:
    case From::frame_record:
    case From::x9:
    case From::stack:
    case From::return_stack: break;  // a frame table gives none of these
  }
  return std::nullopt;
}

// The executor does not read there, and the trace is unreliable: no fault of the table's that anybody could fall for.
bool is_below_sp(const Row& row, const State& state) {
  if (!state.sp().is(Value::Kind::cfa)) return false;
  const bool has_ra = row.where == Row::Where::stack || row.where == Row::Where::lr_on_stack;
  const bool has_fp = row.where == Row::Where::stack;
  return (has_ra && row.ra < state.sp().number) || (has_fp && row.fp < state.sp().number);
}

bool is_right_but_for_sign(Row row, const State& state) {
  if (is_right(row, state)) return true;
  row.is_signed = true;
  return is_right(row, state);
}

// Of an image without the symbols: the section of another producer, or our own of a stripped one.
const Section* find_section(const Image& image) {
  const Section* section = image.find_section(".sframe");
  return section != nullptr ? section : image.find_section(".surefoot.frames");
}

}  // namespace

FrameTableCheck::FrameTableCheck(const Image& image, Findings& findings) : image_(image) {
  const Symbol* start = image.find_symbol("__surefoot_frame_table_start");
  const Symbol* end = image.find_symbol("__surefoot_frame_table_end");
  if (start != nullptr && end != nullptr && start->address <= end->address) {
    address_ = start->address;
    bytes_ = end->address - start->address;
  } else if (const Section* section = find_section(image)) {
    address_ = section->address;
    bytes_ = section->size;
  }
  if (bytes_ == 0) return;
  const auto table = FrameTable::from_section(image.read(address_, bytes_), address_);
  if (table) {
    table_ = *table;
  } else {
    findings.push_back(make_finding(FindingKind::frame_table_refused, address_,
                                    fmt::format("{} bytes: {}", bytes_, surefoot::to_string(table.error()))));
  }
}

void FrameTableCheck::check(const Derived& derived, Findings& findings) {
  if (!table_) return;
  std::size_t wrong = 0;
  std::size_t first_wrong = 0;
  for (std::size_t i = 0; i < derived.is_ordinary.size(); ++i) {
    if (!derived.is_ordinary[i]) continue;
    const std::uint64_t pc = derived.address_of(i);
    const std::optional<Row> there = row_of(table_->find(pc));
    const std::optional<Row>& wanted = derived.rows.rows[i];
    if (!there) {
      if (wanted && missing_++ == 0) first_missing_at_ = pc;
      continue;
    }
    // Where nothing was derived there is nothing to hold against the table.
    const std::optional<State>& state = derived.analysis.states[i];
    if (!wanted || !state) continue;
    const bool is_right = wanted->where == Row::Where::nowhere
                              ? there->where == Row::Where::nowhere
                              : is_right_but_for_sign(*there, *state) || is_below_sp(*there, *state);
    if (!is_right && wrong++ == 0) first_wrong = i;
  }
  if (wrong == 0) return;
  Finding finding = make_finding(FindingKind::frame_table_wrong, derived.address_of(first_wrong), {});
  finding.detail =
      fmt::format("{} of {} instructions: the table says {}, and right is {}", wrong, derived.instructions,
                  to_string(*row_of(table_->find(finding.address))), to_string(*derived.rows.rows[first_wrong]));
  finding.weight = wrong;
  place(image_, finding);
  findings.push_back(std::move(finding));
}

void FrameTableCheck::finish(Findings& findings) const {
  if (bytes_ == 0) {
    findings.push_back(make_finding(FindingKind::frame_table_missing, 0, "no section of one, or an empty one"));
  } else if (missing_ != 0) {
    Finding finding = make_finding(
        FindingKind::frame_table_incomplete, first_missing_at_,
        fmt::format("{} instructions that could have a rule have none in the table; here is the first", missing_));
    place(image_, finding);
    findings.push_back(std::move(finding));
  }
}

}  // namespace surefoot::tools
