// SPDX-License-Identifier: MIT
//
// The description of a kernel's code: what is refused, and the rows of calls by which chains begin.
#include "linux/kernel_code.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "sframe/writer.hpp"
#include "surefoot/code_map.hpp"

namespace surefoot::tools {
namespace {

constexpr std::uint64_t text = 0xffff'8000'8001'0000;

// A table in which nothing is described.
PartTables tables_at(std::uint64_t address) {
  SframeWriter writer(address);
  writer.add({.start = address, .end = address + 4, .rows = {Row{.where = Row::Where::nowhere}}});
  return {.section = "",
          .code = AddressRange(address, address + 0x1000),
          .frames = std::move(writer.finish()->bytes),
          .frames_at = address,
          .calls_without_record = {}};
}

std::string error_of(std::vector<CodePart> parts, const SpecialCode& special = {}) {
  const auto code = KernelCode::make(std::move(parts), special, {}, 0);
  return code ? "" : code.error();
}

TEST(CodeOfAKernel, MayComeInAnyOrder) {
  const PartTables tables = tables_at(text);
  EXPECT_EQ(error_of({{.text = AddressRange(text + 0x2000, text + 0x3000)},
                      {.text = AddressRange(text, text + 0x1000), .tables = &tables}}),
            "");
}

TEST(CodeOfAKernel, IsRefusedWhereTwoPartsOverlap) {
  const std::string error =
      error_of({{.text = AddressRange(text, text + 0x1000)}, {.text = AddressRange(text + 0xffc, text + 0x2000)}});
  EXPECT_TRUE(error.starts_with("the kernel's code is refused: ")) << error;
  EXPECT_TRUE(error.ends_with(" at 0xffff800080010ffc")) << error;
}

TEST(CodeOfAKernel, IsRefusedWithADamagedTable) {
  PartTables tables = tables_at(text);
  tables.frames.resize(10);
  const std::string error = error_of({{.text = AddressRange(text, text + 0x1000), .tables = &tables}});
  EXPECT_TRUE(error.starts_with("a frame table is refused: ")) << error;
}

TEST(CodeOfAKernel, IsRefusedWithSpecialRangesThatOverlap) {
  SpecialCode special;
  special.ranges = {{.range = AddressRange(text, text + 8), .kind = SpecialKind::other},
                    {.range = AddressRange(text + 4, text + 12), .kind = SpecialKind::other}};
  const std::string error = error_of({{.text = AddressRange(text, text + 0x1000)}}, special);
  EXPECT_EQ(error, "the kernel's special ranges are refused: overlapping at index 1");
}

// Where a part has tables, and nowhere else.
TEST(CodeOfAKernel, HasARowForEachCallByWhichAChainBegins) {
  constexpr std::uint64_t slide = 0x10'0000;
  const PartTables tables = tables_at(text);
  SpecialCode special;
  special.outermost_calls = {text + slide, text + slide + 0x20, text + slide + 0xffc, text + slide + 0x5000};
  const auto code =
      KernelCode::make({{.text = AddressRange(text + slide, text + slide + 0x1000), .tables = &tables, .slide = slide},
                        {.text = AddressRange(text + slide + 0x5000, text + slide + 0x6000)}},
                       special, {}, 0);
  ASSERT_TRUE(code) << code.error();
  const CodeMap& map = (*code)->kernel().code();
  std::size_t rows = 0;
  for (const Region& region : map.regions()) {
    for (const std::uint64_t call : special.outermost_calls) {
      if (!region.text.contains(call) || region.text.end() - region.text.start() != 4) continue;
      EXPECT_EQ(region.frame_table.find(call).pc, From::final_record);
      ++rows;
    }
  }
  EXPECT_EQ(rows, 3U);
  // Two halves of what is between, the three calls, and the part that nobody knows.
  EXPECT_EQ(map.regions().size(), 6U);
}

}  // namespace
}  // namespace surefoot::tools
