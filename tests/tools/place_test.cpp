// SPDX-License-Identifier: MIT
//
// Where an image lies changes none of its rules (hazard M14): at address 0, in the high half, moved at its start; and
// where its tables are to lie.
#include <elf.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>

#include "cli/frames_report.hpp"
#include "cli/frames_tables.hpp"
#include "elf/linked_table.hpp"
#include "rules/rules.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

struct Known {
  std::vector<std::optional<Row>> rows;
  bool has_cfi = false;
  friend bool operator==(const Known&, const Known&) = default;
};

// By the distance from the first instruction.
std::map<std::uint64_t, Known> functions_of(const Image& image) {
  std::map<std::uint64_t, Known> known;
  const RuleDerivation derivation(image);
  const std::uint64_t first = derivation.functions().front().start;
  for (const Group& group : derivation.groups()) {
    for (FunctionRules& derived : derivation.derive(group)) {
      known[derived.function.start - first] = {std::move(derived.rows.rows), derived.function.has_cfi};
    }
  }
  return known;
}

TEST(Place, AtAddressZeroHasTheSameRules_M14) {
  const Image at_0 = testing::open_image("place/at_0");
  ASSERT_EQ(at_0.functions().front().start, 0U);
  EXPECT_TRUE(at_0.functions().front().has_cfi);
  const auto known = functions_of(at_0);
  EXPECT_GT(known.size(), 60U);
  EXPECT_TRUE(known == functions_of(testing::open_image("place/at_1000")));
}

// Without symbols only CFI tells of functions.
TEST(Place, AtAddressZeroHasTheSameFunctionsWithoutSymbols_M14) {
  const auto without_symbols = [](const char* name) {
    std::vector<std::byte> bytes = testing::bytes_of_file(testing::path_of_image(name));
    constexpr char symbols[] = "\0.symtab";
    const auto is_same = [](std::byte byte, char c) { return byte == static_cast<std::byte>(c); };
    EXPECT_FALSE(std::ranges::search(bytes, symbols, is_same).empty());
    Elf64_Ehdr header;
    std::memcpy(&header, bytes.data(), sizeof header);
    for (std::size_t i = 0; i < header.e_shnum; ++i) {
      std::byte* const at = bytes.data() + header.e_shoff + i * sizeof(Elf64_Shdr);
      Elf64_Shdr section;
      std::memcpy(&section, at, sizeof section);
      if (section.sh_type == SHT_SYMTAB) section.sh_type = SHT_PROGBITS;
      std::memcpy(at, &section, sizeof section);
    }
    return bytes;
  };
  const std::vector<std::byte> at_0 = without_symbols("place/at_0");
  const std::vector<std::byte> at_1000 = without_symbols("place/at_1000");
  const auto known = functions_of(Image::from_memory(at_0).value());
  EXPECT_GT(known.size(), 60U);
  EXPECT_TRUE(known == functions_of(Image::from_memory(at_1000).value()));
}

TEST(Place, InTheHighHalfHasTablesNearItsCode_M14) {
  const Image image = testing::open_image("place/high");
  const auto frames = make_frames(image, {});
  ASSERT_TRUE(frames) << frames.error();
  EXPECT_TRUE(frames->is_place_chosen);
  EXPECT_EQ(frames->address % 8, 0U);
  EXPECT_EQ(image.section_at(frames->address), nullptr);
  EXPECT_GT(frames->address, image.functions().back().end);
  EXPECT_LT(frames->address - image.functions().back().end, 1U << 30);
  EXPECT_GE(frames->calls.address, frames->address + frames->section.bytes.size());
  EXPECT_TRUE(people_text({}, *frames).contains("(chosen, as the image has no place for it)"));
  EXPECT_TRUE(functions_of(image) == functions_of(testing::open_image("place/at_1000")));
}

TEST(Place, ThatTheCommandLineNamesIsTaken) {
  const auto frames = make_frames(testing::open_image("place/at_0"), {.image = {}, .output = {}, .address = 0});
  ASSERT_TRUE(frames);
  EXPECT_FALSE(frames->is_place_chosen);
  EXPECT_EQ(frames->address, 0U);
}

// Words that are in the file only as relocations.
TEST(Place, ThatRelocationsMoveToHasTheSameRules_M14) {
  const auto fixed = functions_of(testing::open_image("place/fixed"));
  EXPECT_TRUE(std::ranges::all_of(fixed.at(0).rows, [](const auto& row) { return row.has_value(); }));
  for (const char* name : {"place/pie", "place/pie_packed"}) {
    EXPECT_TRUE(functions_of(testing::open_image(name)) == fixed) << name;
  }
}

TEST(Place, OfATableEndsWithItsSection) {
  const Image image = testing::open_image("frame_table");
  const Section* section = image.find_section(".surefoot.frames");
  ASSERT_NE(section, nullptr);
  const TablePlace whole{.address = section->address, .size = section->size};
  EXPECT_EQ(read_table(image, whole).size(), section->size);
  EXPECT_EQ(read_table(image, {.address = whole.address, .size = whole.size + 64}).size(), section->size);
  EXPECT_EQ(read_table(image, {.address = whole.address, .size = ~std::uint64_t{0}}).size(), section->size);
  EXPECT_EQ(read_table(image, {.address = whole.address + 8, .size = whole.size}).size(), section->size - 8);
  EXPECT_TRUE(read_table(image, {.address = 1, .size = 1}).empty());
}

}  // namespace
}  // namespace surefoot::tools
