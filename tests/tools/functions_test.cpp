// SPDX-License-Identifier: MIT
//
// Where functions begin and end: what symbols say, what FDEs say, and who wins.
#include <gtest/gtest.h>

#include <ostream>

#include "elf/image.hpp"
#include "support/elf_builder.hpp"
#include "support/frame_builder.hpp"

namespace surefoot::tools {

static void PrintTo(const Function& function, std::ostream* out) {
  *out << "'" << function.name << "' [0x" << std::hex << function.start << ", 0x" << function.end << ")"
       << (function.has_size ? " sized" : "") << (function.has_cfi ? " with CFI" : "");
}

namespace {

using testing::Bytes;
using testing::ElfBuilder;
using testing::FrameBuilder;

// 64 instructions from 0x1000 to 0x1100.
ElfBuilder text() {
  ElfBuilder builder;
  builder.code(".text", 0x1000, 64);
  return builder;
}

std::vector<Function> functions_of(const ElfBuilder& builder) {
  const Bytes file = builder.build();
  const auto image = Image::from_memory(file);
  if (!image) ADD_FAILURE() << image.error();
  return image ? image->functions() : std::vector<Function>();
}

FrameBuilder frames() { return FrameBuilder::eh_frame(0x8000).common(); }

using Expected = std::vector<Function>;

TEST(Functions, AreWhereSizedSymbolsSay) {
  const ElfBuilder builder = text()
                                 .symbol({.name = "second", .address = 0x1040, .size = 0x20})
                                 .symbol({.name = "first", .address = 0x1000, .size = 0x30, .binding = STB_LOCAL});
  EXPECT_EQ(functions_of(builder),
            (Expected{{"first", 0x1000, 0x1030, true, false}, {"second", 0x1040, 0x1060, true}}));
}

TEST(Functions, ComeFromTheDynamicSymbolsOfAStrippedLibrary) {
  const ElfBuilder builder = text().stripped().symbol({.name = "first", .address = 0x1000, .size = 0x30});
  EXPECT_EQ(functions_of(builder), (Expected{{"first", 0x1000, 0x1030, true}}));
}

TEST(Functions, HaveTheBestNameOfTheirStart) {
  struct Case {
    ElfBuilder::SymbolSpec better;
    ElfBuilder::SymbolSpec worse;
  } const cases[] = {
      {{.name = "z", .address = 0x1000, .size = 0x10, .binding = STB_LOCAL}, {.name = "a", .address = 0x1000}},
      {{.name = "z", .address = 0x1000}, {.name = "a", .address = 0x1000, .type = STT_NOTYPE}},
      {{.name = "z", .address = 0x1000, .size = 0x10},
       {.name = "a", .address = 0x1000, .size = 0x10, .binding = STB_LOCAL}},
      {{.name = "a", .address = 0x1000, .size = 0x10}, {.name = "z", .address = 0x1000, .size = 0x10}},
      {{.name = "z", .address = 0x1000, .size = 0x10, .type = STT_GNU_IFUNC},
       {.name = "a", .address = 0x1000, .size = 0x10, .type = STT_OBJECT}},
  };
  for (const Case& c : cases) {
    for (const bool is_better_first : {true, false}) {
      ElfBuilder builder = text();
      builder.symbol(is_better_first ? c.better : c.worse).symbol(is_better_first ? c.worse : c.better);
      const std::vector<Function> functions = functions_of(builder);
      ASSERT_EQ(functions.size(), 1U);
      EXPECT_EQ(functions[0].name, c.better.name);
    }
  }
}

TEST(Functions, AreNotCutByASymbolInside) {
  const ElfBuilder builder = text()
                                 .symbol({.name = "outer", .address = 0x1000, .size = 0x40})
                                 .symbol({.name = "inner", .address = 0x1010, .size = 0x10})
                                 .symbol({.name = "label", .address = 0x1020, .type = STT_NOTYPE});
  EXPECT_EQ(functions_of(builder), (Expected{{"outer", 0x1000, 0x1040, true}}));
}

TEST(Functions, AreNotHiddenByASymbolOfNoTypeAroundThem) {
  const ElfBuilder builder = text()
                                 .symbol({.name = "all", .address = 0x1000, .size = 0x100, .type = STT_NOTYPE})
                                 .symbol({.name = "first", .address = 0x1020, .size = 0x20})
                                 .symbol({.name = "second", .address = 0x1060, .size = 0x20});
  const std::vector<Function> functions = functions_of(builder);
  ASSERT_EQ(functions.size(), 3U);
  EXPECT_EQ(functions[0], (Function{"all", 0x1000, 0x1020, true}));
  EXPECT_EQ(functions[1], (Function{"first", 0x1020, 0x1040, true}));
  EXPECT_EQ(functions[2], (Function{"second", 0x1060, 0x1080, true}));
}

TEST(Functions, WithoutSizeEndAtTheNextSymbolOrWithTheirSection) {
  const ElfBuilder builder = text()
                                 .symbol({.name = "first", .address = 0x1000})
                                 .symbol({.name = "second", .address = 0x1020, .type = STT_NOTYPE})
                                 .symbol({.name = "third", .address = 0x1040, .size = 0x10})
                                 .symbol({.name = "fourth", .address = 0x1060})
                                 .symbol({.name = "table", .address = 0x1080, .size = 8, .type = STT_OBJECT})
                                 .symbol({.name = "fifth", .address = 0x1090});
  EXPECT_EQ(functions_of(builder), (Expected{{"first", 0x1000, 0x1020},
                                             {"second", 0x1020, 0x1040},
                                             {"third", 0x1040, 0x1050, true},
                                             {"fourth", 0x1060, 0x1080},
                                             {"fifth", 0x1090, 0x1100}}));
}

// It may be the head of a loop, which is not entered as a function is.
TEST(Functions, DoNotBeginAtLocalLabels) {
  const ElfBuilder builder = text()
                                 .symbol({.name = "function", .address = 0x1000})
                                 .symbol({.name = "loop", .address = 0x1020, .type = STT_NOTYPE, .binding = STB_LOCAL});
  EXPECT_EQ(functions_of(builder), (Expected{{"function", 0x1000, 0x1100}}));
}

TEST(Functions, AreWhereFdesSayInAFileWithoutSymbols) {
  ElfBuilder builder = text();
  builder.section(frames().describe(0x1000, 0x20).describe(0x1040, 0x40).section());
  EXPECT_EQ(functions_of(builder), (Expected{{"", 0x1000, 0x1020, false, true}, {"", 0x1040, 0x1080, false, true}}));
}

TEST(Functions, TakeNamesForFdesFromSymbolsWithoutSize) {
  ElfBuilder builder = text();
  builder.section(frames().describe(0x1000, 0x20).section())
      .symbol({.name = "assembly", .address = 0x1000, .type = STT_NOTYPE})
      .symbol({.name = "entry", .address = 0x1010});
  EXPECT_EQ(functions_of(builder), (Expected{{"assembly", 0x1000, 0x1020, false, true}}));
}

TEST(Functions, AreSplitWhereOneSymbolSpansSeveralFdes) {
  ElfBuilder builder = text();
  builder.section(frames().describe(0x1000, 0x20).describe(0x1020, 0x20).describe(0x1050, 0x40).section())
      .symbol({.name = "function", .address = 0x1000, .size = 0x80})
      .symbol({.name = "function.cold", .address = 0x1020, .type = STT_NOTYPE});
  EXPECT_EQ(functions_of(builder), (Expected{{"function", 0x1000, 0x1020, true, true},
                                             {"function.cold", 0x1020, 0x1040, false, true},
                                             {"", 0x1050, 0x1080, false, true}}));
}

TEST(Functions, MayShareAnFde) {
  ElfBuilder builder = text();
  builder.section(frames().describe(0x1000, 0x40).section())
      .symbol({.name = "first", .address = 0x1000, .size = 0x20})
      .symbol({.name = "second", .address = 0x1020, .size = 0x20});
  EXPECT_EQ(functions_of(builder),
            (Expected{{"first", 0x1000, 0x1020, true, true}, {"second", 0x1020, 0x1040, true, true}}));
}

TEST(Functions, BeginWithTheFdeWhereASymbolIsInItsMiddle) {
  ElfBuilder builder = text();
  builder.section(frames().describe(0x1000, 0x40).section()).symbol({.name = "inner", .address = 0x1020, .size = 0x20});
  EXPECT_EQ(functions_of(builder),
            (Expected{{"", 0x1000, 0x1020, false, true}, {"inner", 0x1020, 0x1040, true, true}}));
}

TEST(Functions, HaveCfiOnlyIfAnFdeCoversThemWholly) {
  ElfBuilder builder = text();
  builder.section(frames().describe(0x1008, 0x18).describe(0x1040, 0x1c).section())
      .symbol({.name = "patchable", .address = 0x1000, .size = 0x20})
      .symbol({.name = "pool", .address = 0x1040, .size = 0x20});
  EXPECT_EQ(functions_of(builder), (Expected{{"patchable", 0x1000, 0x1020, true}, {"pool", 0x1040, 0x1060, true}}));
}

TEST(Functions, AreNotMadeFromWhatIsNoCode) {
  const ElfBuilder builder =
      text()
          .section({.name = ".data", .flags = SHF_ALLOC, .address = 0x2000, .bytes = testing::words({0, 0})})
          .symbol({.name = "function", .address = 0x1000, .size = 0x10})
          .symbol({.name = "misaligned", .address = 0x1012, .size = 0x10})
          .symbol({.name = "in_data", .address = 0x2000, .size = 8, .section = 2})
          .symbol({.name = "nowhere", .address = 0x9000, .size = 8})
          .symbol({.name = "absolute", .address = 0x1040, .size = 8, .section = SHN_ABS})
          .symbol({.name = "undefined", .address = 0x1050, .size = 8, .section = SHN_UNDEF})
          .symbol({.name = "object", .address = 0x1060, .size = 8, .type = STT_OBJECT})
          .symbol({.name = "of_thread", .address = 0x1070, .size = 8, .type = STT_TLS})
          .symbol({.name = "text_end", .address = 0x1100, .type = STT_NOTYPE});
  EXPECT_EQ(functions_of(builder), (Expected{{"function", 0x1000, 0x1010, true}}));
}

TEST(Functions, StayInsideTheirSection) {
  const ElfBuilder builder = text()
                                 .symbol({.name = "huge", .address = 0x10f0, .size = ~std::uint64_t{0}})
                                 .symbol({.name = "odd", .address = 0x1000, .size = 0x13});
  EXPECT_EQ(functions_of(builder), (Expected{{"odd", 0x1000, 0x1010, true}, {"huge", 0x10f0, 0x1100, true}}));
}

TEST(Functions, AreFoundByAnyAddressInside) {
  const Bytes file = text().symbol({.name = "function", .address = 0x1010, .size = 0x10}).build();
  const Image image = Image::from_memory(file).value();
  EXPECT_EQ(image.find_function(0x100f), nullptr);
  EXPECT_EQ(image.find_function(0x1010), &image.functions()[0]);
  EXPECT_EQ(image.find_function(0x101f), &image.functions()[0]);
  EXPECT_EQ(image.find_function(0x1020), nullptr);
}

}  // namespace
}  // namespace surefoot::tools
