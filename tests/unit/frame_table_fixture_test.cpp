// SPDX-License-Identifier: MIT
//
// The reader against GNU binutils: for every instruction of the sample programs, what the reader makes of the section
// is what objdump --sframe printed of it.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <sstream>
#include <string>

#include "support/fixture.hpp"
#include "support/parameter_name.hpp"
#include "surefoot/frame_table.hpp"

namespace surefoot::testing {
namespace {

// A rule in the words of objdump: CFA, FP, RA. The key is not of interest to a walk, nor is whether one was used.
std::string in_words(const Rule& rule) {
  std::ostringstream out;
  const auto from_cfa = [&](std::int32_t offset) { out << " c" << std::showpos << offset - rule.cfa_offset; };
  switch (rule.pc) {
    case From::nowhere: return "none";
    case From::final_record: return "outermost";
    case From::link_register:
    case From::saved_pc:
    case From::saved_pair: break;
    default: return "not of a frame table";
  }
  out << (rule.base == Base::sp ? "sp" : "fp") << std::showpos << rule.cfa_offset;
  if (rule.pc == From::saved_pair) {
    from_cfa(rule.fp_offset);
  } else {
    out << " u";
  }
  if (rule.pc == From::link_register) {
    out << " u";
  } else {
    from_cfa(rule.offset);
  }
  return out.str();
}

// What objdump says.
struct Listing {
  struct Function {
    std::uint64_t size = 0;
    std::map<std::uint64_t, std::string> rows;  // by the pc from which on they hold
  };
  std::map<std::uint64_t, Function> functions;  // by their start
  std::size_t declared_functions = 0;
  std::size_t declared_rows = 0;
  std::size_t rows = 0;

  explicit Listing(const std::string& text) {
    static const std::regex function_line(R"( *func idx \[\d+\]: pc = (0x[0-9a-f]+), size = (\d+) bytes)");
    static const std::regex row_line(R"( *([0-9a-f]{16}) +([sf]p[+-]\d+) +(\S+) +([^ \[]+)(\[s\])? *)");
    static const std::regex count_line(R"( *Num (FDEs|FREs): (\d+))");
    std::istringstream lines(text);
    Function* function = nullptr;
    std::smatch match;
    for (std::string line; std::getline(lines, line);) {
      if (std::regex_match(line, match, count_line)) {
        (match[1] == "FDEs" ? declared_functions : declared_rows) = std::stoul(match[2]);
      } else if (std::regex_match(line, match, function_line)) {
        function = &functions[std::stoull(match[1], nullptr, 16)];
        function->size = std::stoull(match[2]);
      } else if (std::regex_match(line, match, row_line)) {
        ++rows;
        function->rows[std::stoull(match[1], nullptr, 16)] =
            match[2].str() + ' ' + match[3].str() + ' ' + match[4].str();
      }
    }
  }

  [[nodiscard]] std::string at(std::uint64_t pc) const {
    auto function = functions.upper_bound(pc);
    if (function == functions.begin()) return "none";
    --function;
    if (pc >= function->first + function->second.size) return "none";
    auto row = function->second.rows.upper_bound(pc);
    return row == function->second.rows.begin() ? "none" : std::prev(row)->second;
  }
};

class FrameTableFixture : public ::testing::TestWithParam<const char*> {};

TEST_P(FrameTableFixture, ReadsAsObjdumpDoes) {
  const std::string name = std::string("sframe/") + GetParam();
  const std::string elf = read_fixture(name + ".elf");
  const ElfSection section = read_section(elf, ".sframe");
  const ElfSection text = read_section(elf, ".text");
  const auto table = FrameTable::make(section.bytes, section.address);
  ASSERT_TRUE(table) << to_string(table.error().code);

  const Listing listing(read_fixture(name + ".sframe.txt"));
  // All of the text was understood.
  EXPECT_EQ(listing.functions.size(), listing.declared_functions);
  EXPECT_EQ(listing.rows, listing.declared_rows);
  ASSERT_GT(listing.rows, 20U);

  std::size_t with_rule = 0;
  for (std::uint64_t pc = text.address - 4; pc < text.address + text.bytes.size() + 8; pc += 4) {
    const std::string expected = listing.at(pc);
    with_rule += expected != "none" ? 1U : 0U;
    ASSERT_EQ(in_words(table->find(pc)), expected) << std::hex << pc;
  }
  std::size_t instructions = 0;
  for (const auto& [start, function] : listing.functions) instructions += function.size / 4;
  EXPECT_EQ(with_rule, instructions) << "a function is not wholly in .text, or has instructions before its first row";
}

INSTANTIATE_TEST_SUITE_P(OfBinutils, FrameTableFixture,
                         ::testing::Values("clang-O2-nofp", "clang-O2-pac", "gcc-O0", "gcc-O2", "gcc-Os-pac"),
                         parameter_name);

}  // namespace
}  // namespace surefoot::testing
