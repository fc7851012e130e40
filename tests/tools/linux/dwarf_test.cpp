// SPDX-License-Identifier: MIT
//
// Layouts out of DWARF, as two compilers write it in four ways (images/linux/types.c, which says where each member is).
#include <gtest/gtest.h>

#include <string>

#include "linux/types.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

class Dwarf : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    auto types = types_of_file(testing::path_of_image(std::string("linux/types_") + GetParam()));
    ASSERT_TRUE(types) << types.error();
    types_ = std::move(*types);
  }
  std::unique_ptr<Types> types_;
};

INSTANTIATE_TEST_SUITE_P(, Dwarf, ::testing::Values("clang_5", "clang_units", "gcc_4", "gcc_units", "gcc_4_object"),
                         [](const auto& info) { return info.param; });

TEST_P(Dwarf, SaysWhereMembersAre) {
  EXPECT_EQ(types_->source(), "DWARF");
  const struct {
    const char* path;
    std::uint64_t offset;
    std::uint64_t size;
  } members[] = {
      {"name", 0, 16},        {"flags", 16, 8},          {"first", 24, 8},
      {"list.next", 32, 8},   {"other", 24, 8},          {"layers", 40, 72},
      {"layers.size", 48, 4}, {"layers[2]", 88, 24},     {"layers[2].members.next", 104, 8},
      {"grid", 112, 40},      {"users.counter", 156, 4}, {"state", 160, 4},
      {"stack", 168, 8},      {"context.sp", 184, 8},    {"rest", 192, 0},
  };
  for (const auto& member : members) {
    SCOPED_TRACE(member.path);
    EXPECT_EQ(types_->offset_of("task", member.path), member.offset);
    EXPECT_EQ(types_->size_of_member("task", member.path), member.size);
  }
}

TEST_P(Dwarf, FindsTheWholeOfWhatIsDeclaredBefore) {
  EXPECT_EQ(types_->size_of("node"), 8U);
  EXPECT_EQ(types_->offset_of("node", "next"), 0U);
}

TEST_P(Dwarf, KnowsUnionsAndTypedefsOfStructs) {
  EXPECT_EQ(types_->size_of("whole"), 4096U);
  EXPECT_EQ(types_->offset_of("whole", "task.stack"), 168U);
  EXPECT_EQ(types_->size_of("counted"), 4U);
  EXPECT_EQ(types_->offset_of("counted", "counter"), 0U);
}

TEST_P(Dwarf, CountsElements) {
  EXPECT_EQ(types_->count_of("task", "layers"), 3U);
  EXPECT_EQ(types_->count_of("task", "grid"), 10U);
  EXPECT_EQ(types_->count_of("task", "rest"), 0U);
  EXPECT_EQ(types_->count_of("whole", "words"), 512U);
  EXPECT_EQ(types_->count_of("task", "stack"), std::nullopt);
}

TEST_P(Dwarf, KnowsEnumerators) {
  EXPECT_EQ(types_->enumerator("state_ready"), 7);
  EXPECT_EQ(types_->enumerator("state_lost"), -3);
  EXPECT_EQ(types_->enumerator("state_found"), std::nullopt);
}

TEST_P(Dwarf, HasNoAnswerWhereThereIsNone) {
  EXPECT_EQ(types_->size_of("nobody"), std::nullopt);
  EXPECT_EQ(types_->size_of("word"), std::nullopt);
  EXPECT_EQ(types_->offset_of("nobody", "name"), std::nullopt);
  for (const char* const path : {"", ".", "name.", ".name", "nobody", "name.next", "stack.next", "odd", "layers[3]",
                                 "layers[", "layers[1", "layers[x]", "layers[1]2", "flags[0]", "list..next"}) {
    SCOPED_TRACE(path);
    EXPECT_EQ(types_->offset_of("task", path), std::nullopt);
  }
}

TEST(TypesOfAFile, NeedAFileThatHasThem) {
  const auto without = types_of_file(testing::path_of_image("clean"));
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error(), "no type information: the file has neither BTF nor DWARF");
  const auto missing = types_of_file("/nowhere/at/all");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error(), "cannot be read");
  const auto folder = types_of_file(SUREFOOT_TEST_IMAGES);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error(), "not a regular file");
  const auto empty = types_of_file(testing::path_of_image("empty"));
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error(), "not an ELF file");
  const auto truncated = types_of_file(testing::path_of_image("truncated"));
  ASSERT_FALSE(truncated);
  EXPECT_EQ(truncated.error(), "truncated: the section headers are not in the file");
}

}  // namespace
}  // namespace surefoot::tools
