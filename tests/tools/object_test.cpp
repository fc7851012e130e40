// SPDX-License-Identifier: MIT
//
// Relocatable objects (hazard M14): rules of a module as its object tells them, and its tables, linked with it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>

#include "audit/audit.hpp"
#include "cli/frames_tables.hpp"
#include "rules/rules.hpp"
#include "sframe_decoder.hpp"
#include "support/elf_builder.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::Bytes;
using surefoot::testing::ElfBuilder;

// Each function's rows, by its name.
std::map<std::string, std::vector<std::optional<Row>>> rows_of(const Image& image) {
  std::map<std::string, std::vector<std::optional<Row>>> rows;
  const RuleDerivation derivation(image);
  for (const Group& group : derivation.groups()) {
    for (const FunctionRules& derived : derivation.derive(group)) rows[derived.function.name] = derived.rows.rows;
  }
  return rows;
}

class Object : public ::testing::TestWithParam<const char*> {
 protected:
  Image object() const { return testing::open_image(std::string("object/") + GetParam()); }
  Image linked() const { return testing::open_image(std::string("object/") + GetParam() + "_linked"); }
};

INSTANTIATE_TEST_SUITE_P(, Object, ::testing::Values("clang", "gcc"), [](const auto& info) { return info.param; });

TEST_P(Object, HasTheRulesThatItHasWhenItIsLinked_M14) {
  const auto unlinked = rows_of(object());
  const auto linked_rows = rows_of(linked());
  EXPECT_GT(unlinked.size(), 9U);
  for (const auto& [name, rows] : unlinked) {
    SCOPED_TRACE(name);
    const auto found = linked_rows.find(name);
    ASSERT_NE(found, linked_rows.end());
    EXPECT_EQ(found->second, rows);
    EXPECT_TRUE(name.starts_with("special") ||
                std::ranges::all_of(rows, [](const auto& row) { return row.has_value(); }));
  }
}

TEST_P(Object, HasCfiThatAgrees_M14) {
  const Image image = object();
  const RuleDerivation derivation(image);
  EXPECT_EQ(derivation.cfi().faulty_entries(), 0U);
  Totals totals;
  for (const Group& group : derivation.groups()) {
    for (const FunctionRules& derived : derivation.derive(group)) totals.add(derived);
  }
  EXPECT_EQ(totals.functions_with_cfi, totals.functions);
  EXPECT_EQ(totals.count(Comparison::differ), 0U);
  EXPECT_GT(totals.count(Comparison::agree), 200U);
}

TEST_P(Object, KnowsWhatItImportsByName_M14) {
  const Image image = object();
  EXPECT_TRUE(image.is_relocatable());
  EXPECT_FALSE(linked().is_relocatable());
  for (const char* name : {"panic", "__stack_chk_fail", "defined_elsewhere", "maybe"}) {
    const auto at = std::ranges::find(image.imports(), name, &Import::name);
    ASSERT_NE(at, image.imports().end()) << name;
    EXPECT_EQ(image.section_at(at->stub), nullptr) << name;
  }
  const RuleDerivation derivation(image);
  const Image& of = derivation.image();
  const std::uint64_t stop = of.find_symbol("stop")->address;
  const Function* const function = of.find_function(stop);
  EXPECT_FALSE(derivation.comes_back(function->end - 4, {.kind = Flow::Kind::call, .target = stop}))
      << "it ends in a call of panic";
}

// What another section has is at a distance that only the relocations tell.
TEST_P(Object, CallsFunctionsOfOtherSections_M14) {
  const Image image = object();
  const Function* const early = image.find_function(image.find_symbol("stop_early")->address);
  ASSERT_NE(early, nullptr);
  bool calls = false;
  for (std::uint64_t pc = early->start; pc < early->end; pc += 4) {
    calls |= flow_of(*image.instruction_at(pc), pc).target == image.find_symbol("stop")->address;
  }
  EXPECT_TRUE(calls);
}

TEST_P(Object, HasTablesThatAreRightWhereverTheSectionsAre_M14) {
  const Image image = linked();
  std::map<std::string, std::size_t> known;
  for (const char* code : {".text", ".init.text"}) {
    const Section* section = image.find_section(std::string(".surefoot.frames") + (code[1] == 't' ? "" : code));
    ASSERT_NE(section, nullptr) << code;
    const testing::DecodedTable table = testing::decode_sframe(section->bytes, section->address);
    const auto checked = FrameTable::make(section->bytes, section->address);
    ASSERT_TRUE(checked) << code;
    const RuleDerivation derivation(image);
    for (const Group& group : derivation.groups()) {
      for (const FunctionRules& derived : derivation.derive(group)) {
        for (std::size_t i = 0; i < derived.rows.rows.size(); ++i) {
          const std::optional<Row> row = table.find(derived.address_of(i));
          EXPECT_EQ(row.has_value(), checked->find(derived.address_of(i)).is_known());
          if (!row) continue;
          EXPECT_EQ(row, derived.rows.rows[i]) << derived.function.name;
          ++known[code];
        }
      }
    }
  }
  EXPECT_GT(known[".text"], 130U);
  EXPECT_GT(known[".init.text"], 50U);
}

TEST_P(Object, HasATableOfCallsThatIsRightWhereItIs_M14) {
  const Image image = linked();
  const SpecialTable calls = SpecialTable::of_calls(image);
  ASSERT_TRUE(calls.check());
  ASSERT_EQ(calls.entry_count(), 1U);
  EXPECT_EQ(calls.bounds(0).first, image.find_symbol("calls_early")->address + 4);
}

TEST(ObjectOfClang, HasTheSpecialRangesOfAllItsSections_M14) {
  const SpecialTable special(testing::open_image("object/clang"));
  ASSERT_TRUE(special.check()) << to_string(special.check().error().code);
  EXPECT_EQ(special.entry_count(), 2U);
}

TEST(ObjectOfClang, IsNotGivenTablesTwice) {
  const Image image = testing::open_image("object/clang");
  const Frames frames = make_frames(image, {}).value();
  const auto once = add_sections(image.file(), make_object_tables(image, frames).value());
  ASSERT_TRUE(once);
  const Image with_tables = Image::from_memory(*once).value();
  const auto twice = add_sections(with_tables.file(), make_object_tables(with_tables, frames).value());
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error(), "the object has a section .surefoot.frames already");
}

// Two sections of code and one of data, all at no address; relocations of the first.
struct Relocations {
  Bytes bytes;
  Relocations& add(std::uint64_t offset, std::uint64_t symbol, std::uint64_t type, std::uint64_t addend = 0) {
    surefoot::testing::append(bytes, offset, 8);
    surefoot::testing::append(bytes, symbol << 32 | type, 8);
    surefoot::testing::append(bytes, addend, 8);
    return *this;
  }
};

constexpr std::uint32_t symbols_index = 5;

Bytes object_with(const Relocations& relocations, std::uint64_t code_size = 16) {
  ElfBuilder builder;
  builder.code(".text", 0, code_size / 4)
      .code(".text.other", 0, 4)
      .section({.name = ".data", .flags = SHF_ALLOC | SHF_WRITE, .bytes = surefoot::testing::words({0, 0})})
      .section({.name = ".rela.text", .type = SHT_RELA, .bytes = relocations.bytes, .link = symbols_index})
      .symbol({.name = "first", .size = 16, .section = 1})
      .symbol({.name = "other", .size = 16, .section = 2})
      .symbol({.name = "elsewhere", .section = SHN_UNDEF});
  Bytes file = builder.build();
  surefoot::testing::patch(file, offsetof(Elf64_Ehdr, e_type), ET_REL, 2);
  surefoot::testing::patch(file, ElfBuilder::section_header_at(file, 4) + offsetof(Elf64_Shdr, sh_info), 1, 4);
  return file;
}

std::string error_of(const Bytes& file) {
  const auto image = Image::from_memory(file);
  return image ? "" : image.error();
}

TEST(ObjectFile, GivesEachSectionAPlaceOfItsOwn_M14) {
  const Bytes file = object_with({});
  const Image image = Image::from_memory(file).value();
  ASSERT_EQ(image.sections().size(), 3U);
  EXPECT_EQ(image.sections()[0].name, ".text");
  EXPECT_EQ(image.sections()[1].name, ".text.other");
  EXPECT_NE(image.sections()[0].address, 0U);
  for (std::size_t i = 1; i < image.sections().size(); ++i) {
    const Section& before = image.sections()[i - 1];
    EXPECT_GT(image.sections()[i].address, before.address + before.size) << "what stands at its end is not the next";
  }
  EXPECT_EQ(image.find_symbol("other")->address, image.sections()[1].address);
  EXPECT_EQ(image.functions().size(), 2U);
}

TEST(ObjectFile, RefusesWhatCannotBeTrue_M14) {
  const struct {
    Relocations relocations;
    const char* error;
  } cases[] = {
      {Relocations().add(0, 4711, R_AARCH64_CALL26), "damaged: relocation 0 of .text is of nothing"},
      {Relocations().add(~0ULL, 1, R_AARCH64_CALL26), "damaged: relocation 0 of .text is of nothing"},
      {Relocations().add(16, 1, R_AARCH64_CALL26), "damaged: relocation 0 of .text is of nothing"},
      {Relocations().add(14, 1, R_AARCH64_CALL26), "damaged: a relocation at .text+0xe goes beyond it"},
      {Relocations().add(12, 1, R_AARCH64_ABS64), "damaged: a relocation at .text+0xc goes beyond it"},
      {Relocations().add(4, 1, R_AARCH64_CALL26, 1ULL << 40),
       "the branch at .text+0x4 does not reach where it is to go"},
      {Relocations().add(4, 1, R_AARCH64_CALL26, 1), "the branch at .text+0x4 does not reach where it is to go"},
  };
  for (const auto& c : cases) EXPECT_EQ(error_of(object_with(c.relocations)), c.error);
}

// As in a patch for a running kernel: only the loader knows where such a symbol is.
TEST(ObjectFile, TakesSymbolsOfReservedSectionsForUndefined_M14) {
  Bytes file = object_with(Relocations().add(4, 3, R_AARCH64_CALL26));
  constexpr std::uint16_t of_live_patches = 0xff20;
  const std::size_t symbols = ElfBuilder::section_header_at(file, symbols_index);
  Elf64_Shdr header;
  std::memcpy(&header, file.data() + symbols, sizeof header);
  const std::size_t third = header.sh_offset + 3 * sizeof(Elf64_Sym);
  surefoot::testing::patch(file, third + offsetof(Elf64_Sym, st_shndx), of_live_patches, 2);
  const auto image = Image::from_memory(file);
  ASSERT_TRUE(image) << image.error();
  EXPECT_EQ(image->section_at(flow_of(*image->instruction_at(image->functions()[0].start + 4), 0).target), nullptr);
}

TEST(ObjectFile, RefusesSectionsThatTakeTooMuch_M14) {
  const Bytes good = object_with({});
  const auto patched = [&good](std::size_t section, std::size_t field, std::uint64_t value) {
    Bytes file = good;
    surefoot::testing::patch(file, ElfBuilder::section_header_at(file, section) + field, value, 8);
    return error_of(file);
  };
  EXPECT_EQ(patched(3, offsetof(Elf64_Shdr, sh_addralign), 3), "damaged: section .data has an alignment of 0x3");
  EXPECT_EQ(patched(3, offsetof(Elf64_Shdr, sh_addralign), 1ULL << 63),
            "damaged: section .data has an alignment of 0x8000000000000000");
  Bytes huge = good;
  surefoot::testing::patch(huge, ElfBuilder::section_header_at(huge, 3) + offsetof(Elf64_Shdr, sh_type), SHT_NOBITS, 4);
  surefoot::testing::patch(huge, ElfBuilder::section_header_at(huge, 3) + offsetof(Elf64_Shdr, sh_size), 1ULL << 63, 8);
  EXPECT_EQ(error_of(huge), "the sections of the object take more than 2 GiB");
}

}  // namespace
}  // namespace surefoot::tools
