// SPDX-License-Identifier: MIT
//
// C12: the calls that are made without a frame record, and the table of them. images/calls.S marks what has to be in
// it.
#include "rules/calls.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "code/flow.hpp"
#include "code/registers.hpp"
#include "elf/special_table.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

using Addresses = std::vector<std::uint64_t>;

// Derives all functions of an image.
class CallsOf {
 public:
  explicit CallsOf(const std::string& name) : image_(testing::open_image(name)), derivation_(image_) {
    for (const Group& group : derivation_.groups()) {
      for (const FunctionRules& derived : derivation_.derive(group)) calls_.add(derived);
    }
    calls_.finish();
  }

  [[nodiscard]] const Image& image() const { return image_; }
  [[nodiscard]] const RuleDerivation& derivation() const { return derivation_; }
  [[nodiscard]] const CallsWithoutRecord& calls() const { return calls_; }
  [[nodiscard]] Addresses between(const Addresses& calls, std::uint64_t start, std::uint64_t end) const {
    return {std::ranges::lower_bound(calls, start), std::ranges::lower_bound(calls, end)};
  }
  // The ranges, in a table that lies behind the code.
  [[nodiscard]] std::vector<SpecialRangeEntry> table(std::uint64_t address) const {
    const auto bytes = write_special_ranges(calls_.ranges(), SpecialKind::call_without_record, address);
    std::vector<SpecialRangeEntry> entries(bytes.value().size() / sizeof(SpecialRangeEntry));
    std::memcpy(entries.data(), bytes->data(), bytes->size());
    return entries;
  }

 private:
  Image image_;
  RuleDerivation derivation_;
  CallsWithoutRecord calls_{derivation_};
};

std::string text_of(const Addresses& calls) {
  std::string text;
  for (const std::uint64_t call : calls) text += fmt::format("{:#x} ", call);
  return text;
}

// The calls that the image marks, by rising address.
Addresses marked(const Image& image) {
  const Section* section = image.find_section(".expected_calls");
  Addresses calls(section->bytes.size() / sizeof(std::uint64_t));
  std::memcpy(calls.data(), section->bytes.data(), section->bytes.size());
  std::ranges::sort(calls);
  return calls;
}

TEST(CallsWithoutARecord, AreFoundInEachFunction) {
  const CallsOf derived("calls");
  const Addresses expected = marked(derived.image());
  for (const Function& function : derived.derivation().functions()) {
    SCOPED_TRACE(function.name);
    EXPECT_EQ(text_of(derived.between(derived.calls().addresses(), function.start, function.end)),
              text_of(derived.between(expected, function.start, function.end)));
  }
}

TEST(CallsWithoutARecord, AreFoundOutsideOfFunctions) {
  const CallsOf derived("calls");
  EXPECT_EQ(derived.calls().addresses().back(), marked(derived.image()).back());
  EXPECT_EQ(derived.image().find_function(derived.calls().addresses().back()), nullptr);
}

TEST(CallsWithoutARecord, CountThoseInCodeThatCouldNotBeFollowed) {
  // contradicted, never_reached, is_no_function, and the one in no function
  EXPECT_EQ(CallsOf("calls").calls().not_followed(), 4u);
}

TEST(CallsWithoutARecord, AreNoneWhereEachFunctionMakesItsRecordFirst) {
  EXPECT_TRUE(CallsOf("clean").calls().addresses().empty());
}

// A range that the program itself declares concerns return addresses only.
TEST(CallsWithoutARecord, KeepTheirRulesIfTheProgramDeclaresThem) {
  const CallsOf derived("calls");
  const Symbol* function = derived.image().find_symbol("declared_call");
  for (const Group& group : derived.derivation().groups()) {
    for (const FunctionRules& of_group : derived.derivation().derive(group)) {
      if (of_group.function.start != function->address) continue;
      EXPECT_EQ(of_group.special_instructions, 0u);
      EXPECT_TRUE(std::ranges::all_of(of_group.rows.rows, [](const auto& row) { return row.has_value(); }));
    }
  }
}

TEST(CallsTable, IsOneThatTheLibraryAccepts) {
  const CallsOf derived("calls");
  for (const std::uint64_t address : {std::uint64_t{0x40090000}, std::uint64_t{0x40080000}, std::uint64_t{0}}) {
    SCOPED_TRACE(address);
    const std::vector<SpecialRangeEntry> entries = derived.table(address);
    const auto table = SpecialRanges::make(entries, address);
    ASSERT_TRUE(table);
    for (const Section& section : derived.image().sections()) {
      if (!section.is_executable) continue;
      for (std::uint64_t pc = section.address; pc < section.address + section.size; pc += 4) {
        const bool is_call = std::ranges::binary_search(derived.calls().addresses(), pc);
        EXPECT_EQ(table->find(pc).kind, is_call ? SpecialKind::call_without_record : SpecialKind::none) << pc;
        EXPECT_EQ(table->find(pc).rule.pc, From::nowhere);
      }
    }
  }
}

TEST(CallsTable, HasOneRangeForNeighbours) {
  const CallsOf derived("calls");
  const Symbol* function = derived.image().find_symbol("never_a_record");
  const std::vector<AddressRange> ranges = derived.calls().ranges();
  const auto range = std::ranges::find(ranges, function->address + 4, &AddressRange::start);
  ASSERT_NE(range, ranges.end());
  EXPECT_EQ(range->end(), function->address + 20);
}

TEST(CallsTable, HasNoBytesForNoCalls) {
  EXPECT_TRUE(write_special_ranges({}, SpecialKind::call_without_record, 0x40090000).value().empty());
}

TEST(CallsTable, CountsOffsetsFromTheirOwnFields) {
  const auto bytes =
      write_special_ranges({{0x1000, 0x1004}, {0x3000, 0x3010}}, SpecialKind::call_without_record, 0x2000);
  SpecialRangeEntry entries[2];
  ASSERT_EQ(bytes.value().size(), sizeof entries);
  std::memcpy(entries, bytes->data(), sizeof entries);
  EXPECT_EQ(entries[0].start_offset, -0x1000);
  EXPECT_EQ(entries[0].end_offset, -0x1000);
  EXPECT_EQ(entries[1].start_offset, 0xff0);
  EXPECT_EQ(entries[1].end_offset, 0xffc);
  for (const SpecialRangeEntry& entry : entries) {
    EXPECT_EQ(entry.kind, SUREFOOT_SPECIAL_CALL_WITHOUT_RECORD);
  }
  // No rule, and nothing in what is behind it.
  const std::size_t size = sizeof(SpecialRangeEntry);
  for (std::size_t i = 0; i < bytes->size(); ++i) {
    if (i % size > offsetof(SpecialRangeEntry, kind)) EXPECT_EQ((*bytes)[i], std::byte{0}) << i;
  }
}

TEST(CallsTable, IsRefusedFurtherFromItsCodeThanAnEntryCanSay) {
  const std::vector<AddressRange> ranges{{0x1000, 0x1004}};
  constexpr std::uint64_t reach = std::uint64_t{1} << 31;
  EXPECT_TRUE(write_special_ranges(ranges, SpecialKind::call_without_record, 0x1000 + reach));
  EXPECT_FALSE(write_special_ranges(ranges, SpecialKind::call_without_record, 0x1000 + reach + 8));
  EXPECT_FALSE(write_special_ranges(ranges, SpecialKind::call_without_record, 0x1000 - reach));
}

// clang with frame pointers says in CFI where the record is as soon as x29 points at it.
bool has_record_by_cfi(const CfiRow* row) {
  return row != nullptr && row->has_cfa && row->cfa_register == fp_number && row->fp.kind == CfiPlace::Kind::at_cfa &&
         row->fp.number == -row->cfa_offset && row->ra.kind == CfiPlace::Kind::at_cfa &&
         row->ra.number == row->fp.number + 8;
}

class CallsOfCompiledCode : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(, CallsOfCompiledCode,
                         ::testing::Values("compiled/clang_O0_plain", "compiled/clang_O2_plain",
                                           "compiled/clang_Os_protected", "compiled/outlined_plain",
                                           "compiled/outlined_protected", "compiled/outlined_checked"),
                         [](const auto& info) { return std::string(std::strchr(info.param, '/') + 1); });

// A second opinion on each call: that of the compiler.
TEST_P(CallsOfCompiledCode, AreThoseForWhichCfiHasNoRecordAtX29) {
  const CallsOf derived(GetParam());
  const Image& image = derived.image();
  std::size_t calls = 0;
  for (const Function& function : image.functions()) {
    SCOPED_TRACE(function.name);
    if (!function.has_cfi) continue;
    for (std::uint64_t pc = function.start; pc < function.end; pc += 4) {
      const std::optional<std::uint32_t> word = image.instruction_at(pc);
      if (!word || !flow_of(*word, pc).is_call()) continue;
      ++calls;
      const bool is_found = std::ranges::binary_search(derived.calls().addresses(), pc);
      EXPECT_NE(is_found, has_record_by_cfi(derived.derivation().cfi().find(pc))) << pc - function.start;
    }
  }
  EXPECT_GT(calls, 20u);
}

}  // namespace
}  // namespace surefoot::tools
