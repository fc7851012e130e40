// SPDX-License-Identifier: MIT
//
// The tables of the fake program.
#include "support/program_table.hpp"

#include <deque>

#include "support/code_map.hpp"

namespace surefoot::testing {
namespace {

constexpr unsigned function_count = 200;

SectionFunction function(unsigned number, SectionRow row) {
  return {.start = code::function(number), .size = code::function_size, .rows = {std::move(row)}};
}

SectionRow random_row(RandomSource& random) {
  const auto words = [&random](std::size_t limit) { return static_cast<std::int32_t>(8 * random.below(limit)); };
  const std::size_t kind = random.below(100);
  if (kind < 30) return {.words = {2 * words(3)}};
  if (kind < 65) return {.base = Base::fp, .words = {16 + 2 * words(2), -8, -16}};
  if (kind < 80) return {.words = {2 * words(6), -words(8), -words(8)}};
  if (kind < 88) return {.words = {16, -16}};
  if (kind < 92) return {};
  const auto any = [&random] { return static_cast<std::int32_t>(static_cast<std::int8_t>(random.word())); };
  return {.base = random.is_chosen(50) ? Base::sp : Base::fp, .words = {any(), any(), any()}};
}

}  // namespace

ProgramTable::ProgramTable(const std::vector<SectionFunction>& functions)
    : section_(make_section(functions)),
      table_(FrameTable::make(section_, SectionForm{}.address).value()),
      slow_(SlowFrameTable::from_section(section_, SectionForm{}.address).value()) {}

const ProgramTable& random_program_table(RandomSource& random) {
  static const std::deque<ProgramTable> tables = [] {
    std::deque<ProgramTable> made;
    RandomSource own(3);
    for (int i = 0; i < 40; ++i) {
      std::vector<SectionFunction> functions;
      for (unsigned number = 0; number < function_count; ++number) {
        if (own.is_chosen(80)) functions.push_back(function(number, random_row(own)));
      }
      made.emplace_back(functions);
    }
    return made;
  }();
  return tables[random.below(tables.size())];
}

const ProgramTable& true_program_table() {
  static const ProgramTable table([] {
    // At its calls each has its record; what its shape says begins behind them.
    constexpr std::uint64_t shape_at = code::ret(0) - code::function(0) + 4;
    const SectionRow by_record{.base = Base::fp, .words = {16, -8, -16}};
    std::vector<SectionFunction> functions;
    for (unsigned number = 0; number < function_count; ++number) {
      SectionFunction made = function(number, by_record);
      const auto add = [&made](std::vector<std::int32_t> words) {
        made.rows.push_back({.start = shape_at, .words = std::move(words)});
      };
      switch (shape_of(number)) {
        case FrameShape::record: break;
        case FrameShape::new_record: add({16, -8, -16}); break;
        case FrameShape::leaf: add({0}); break;
        case FrameShape::saved_pc: add({16, -16}); break;
        case FrameShape::unknown: made.size = shape_at; break;
      }
      functions.push_back(std::move(made));
    }
    return functions;
  }());
  return table;
}

}  // namespace surefoot::testing
