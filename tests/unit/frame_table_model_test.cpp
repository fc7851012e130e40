// SPDX-License-Identifier: MIT
//
// The reader against a slow one, on random sections, whole and damaged: the same refusals and rules, every rule
// well-formed, and nothing read outside of the section.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <string>

#include "support/fixture.hpp"
#include "support/frame_table_section.hpp"
#include "support/random_source.hpp"
#include "support/rounds.hpp"
#include "support/slow_frame_table.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t first_seed = 1;
constexpr std::uint64_t section_count = rounds(20'000U);

std::int32_t random_word(RandomSource& random, unsigned width) {
  const auto word = static_cast<std::int32_t>(random.word());
  if (random.is_chosen(60)) return static_cast<std::int32_t>(8 * random.below(15));
  return width == 1 ? static_cast<std::int8_t>(word) : width == 2 ? static_cast<std::int16_t>(word) : word;
}

SectionFunction random_function(RandomSource& random, std::uint64_t start) {
  const auto one_of_widths = [&] { return static_cast<unsigned>(random.one_of({1, 2, 4})); };
  SectionFunction function{.start = start, .address_width = one_of_widths()};
  const std::size_t limit = function.address_width == 1 ? 64 : 400;
  function.size = static_cast<std::uint32_t>(4 * random.below(limit));
  if (random.is_chosen(10)) {
    function.info |= info_masked;
    function.block_size = static_cast<unsigned>(random.one_of({0, 8, 16, 24, 255}));
  }
  if (random.is_chosen(10)) function.info |= info_key_b;
  if (random.is_chosen(3)) function.info |= static_cast<unsigned>(random.one_of({info_signal_frame, info_unknown, 8}));
  if (random.is_chosen(5)) function.type = static_cast<unsigned>(random.one_of({1, 2, 0x20}));
  std::uint64_t row_start = random.is_chosen(80) ? 0 : 4;
  for (std::size_t rows = random.below(8); rows > 0 && row_start < function.size; --rows) {
    SectionRow row{.start = row_start, .base = random.is_chosen(50) ? Base::sp : Base::fp};
    row.word_width = random.is_chosen(1) ? 8 : one_of_widths();
    for (std::uint64_t words = random.one_of({0, 1, 1, 2, 3, 3, 4}); words > 0; --words) {
      row.words.push_back(random_word(random, row.word_width));
    }
    row.is_signed = random.is_chosen(30);
    function.rows.push_back(row);
    row_start += 4 * (1 + random.below(6));
  }
  return function;
}

SectionBytes random_section(RandomSource& random, std::uint64_t address) {
  std::vector<SectionFunction> functions;
  std::uint64_t next = random.is_chosen(95) ? 0x4000'0000 : random.word() & ~std::uint64_t{3};
  for (std::size_t count = random.below(9); count > 0; --count) {
    functions.push_back(random_function(random, next));
    next += functions.back().size + 4 * random.below(3);
  }
  if (functions.size() > 1 && random.is_chosen(5)) std::swap(functions.front(), functions.back());
  return make_section(functions, {.address = address,
                                  .flags = static_cast<unsigned>(random.one_of({0, 1, 4, 5})),
                                  .auxiliary_size = static_cast<unsigned>(random.one_of({0, 0, 0, 1, 8, 255})),
                                  .gap_before_index = random.below(3),
                                  .gap_before_rows = random.below(3),
                                  .is_rows_first = random.is_chosen(20)});
}

// Numbers that make bounds fail, in places that hold numbers.
void damage(RandomSource& random, SectionBytes& section) {
  if (random.is_chosen(5)) put(section, 0, 2, random.one_of({0xe2de, 0xdee1}));
  if (random.is_chosen(5)) put(section, 2, 1, random.below(5));
  for (std::size_t count = 1 + random.below(3); count > 0 && !section.empty(); --count) {
    // Often in the header.
    const std::size_t at = random.below(random.is_chosen(30) ? std::min(section.size(), header_size) : section.size());
    const std::size_t width = random.one_of({1, 1, 2, 4});
    if (random.is_chosen(10)) {
      section.resize(at);
    } else if (at + width <= section.size()) {
      put(section, at, width, random.one_of({0, 1, ~std::uint64_t{0}, random.word(), 0x7fff'ffff, section.size()}));
    }
  }
}

class FrameTableModel : public ::testing::Test {
 protected:
  // Compares the readers at every address that may make a difference. False at the first failure.
  bool agrees(const SectionBytes& section, std::uint64_t address, RandomSource& random) {
    const GuardedBytes guarded(section);
    const auto table = FrameTable::make(guarded.span(), address);
    const auto slow = SlowFrameTable::from_section(section, address);
    EXPECT_EQ(table ? "none" : to_string(table.error().code), std::string(slow ? "none" : to_string(slow.error())));
    if (::testing::Test::HasFailure()) return false;
    if (!table) {
      ++refusals[table.error().code];
      return true;
    }
    std::vector<std::uint64_t> pcs{0, ~std::uint64_t{0}, random.word()};
    for (const SlowFrameTable::Function& function : slow->functions()) {
      for (const std::uint64_t edge : {function.start, function.start + function.size}) {
        for (std::uint64_t pc = edge - 5; pc != edge + 5; ++pc) pcs.push_back(pc);
      }
      const std::uint64_t some = std::min<std::uint64_t>(function.size, 2000);
      for (std::uint64_t offset = 0; offset < some; offset += 4) pcs.push_back(function.start + offset);
      pcs.push_back(function.start + random.below(function.size));
    }
    for (const std::uint64_t pc : pcs) {
      const Rule rule = table->find(pc);
      EXPECT_TRUE(is_well_formed(rule)) << std::hex << pc;
      EXPECT_TRUE(rule == slow->find(pc)) << std::hex << pc << ": pc from " << static_cast<int>(rule.pc) << ", not "
                                          << static_cast<int>(slow->find(pc).pc);
      ++rules[rule.pc];
      if (::testing::Test::HasFailure()) return false;
    }
    return true;
  }

  // A model that meets nothing proves nothing.
  void expect_all_rules_seen() {
    for (const From from : {From::nowhere, From::final_record, From::link_register, From::saved_pc, From::saved_pair}) {
      EXPECT_GT(rules[from], section_count / 10) << static_cast<int>(from);
    }
  }

  std::map<FrameTableFault, std::size_t> refusals;
  std::map<From, std::size_t> rules;
};

TEST_F(FrameTableModel, AgreesOnRandomSections) {
  for (std::uint64_t seed = first_seed; seed < first_seed + section_count; ++seed) {
    SCOPED_TRACE(seed);
    RandomSource random(seed);
    const std::uint64_t address = random.is_chosen(50) ? 0x4003'0000 : random.word();
    if (!agrees(random_section(random, address), address, random)) break;
  }
  expect_all_rules_seen();
  EXPECT_GT(refusals[FrameTableFault::unsorted], section_count / 200);
}

TEST_F(FrameTableModel, AgreesOnDamagedSections) {
  for (std::uint64_t seed = first_seed; seed < first_seed + section_count; ++seed) {
    SCOPED_TRACE(seed);
    RandomSource random(seed);
    const std::uint64_t address = 0x4003'0000;
    SectionBytes section = random_section(random, address);
    damage(random, section);
    if (!agrees(section, address, random)) break;
  }
  expect_all_rules_seen();
  for (unsigned number = 0; number <= static_cast<unsigned>(FrameTableFault::unsorted); ++number) {
    const auto fault = static_cast<FrameTableFault>(number);
    EXPECT_GT(refusals[fault], section_count / 2'000) << to_string(fault);
  }
  std::cout << "seeds " << first_seed << " to " << first_seed + section_count - 1 << '\n';
}

// The sections of the samples, with each byte changed to a few values, and cut at each length.
TEST_F(FrameTableModel, AgreesOnDamagedSamples) {
  RandomSource random(first_seed);
  for (const char* name : {"clang-O2-nofp", "gcc-O0"}) {
    const ElfSection sample = read_section(read_fixture(std::string("sframe/") + name + ".elf"), ".sframe");
    for (std::size_t at = 0; at < sample.bytes.size(); ++at) {
      SCOPED_TRACE(::testing::Message() << name << ", byte " << at);
      const SectionBytes cut(sample.bytes.begin(), sample.bytes.begin() + static_cast<std::ptrdiff_t>(at));
      if (!agrees(cut, sample.address, random)) return;
      for (const unsigned change : {0x01U, 0x80U, 0xffU}) {
        SectionBytes section = sample.bytes;
        section[at] ^= static_cast<std::byte>(change);
        if (!agrees(section, sample.address, random)) return;
      }
    }
  }
}

}  // namespace
}  // namespace surefoot::testing
