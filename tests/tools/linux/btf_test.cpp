// SPDX-License-Identifier: MIT
//
// Layouts out of BTF, which libbpf writes here, right or made to have no end.
#include <bpf/btf.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "linux/types.hpp"
#include "support/elf_builder.hpp"

namespace surefoot::tools {
namespace {

class BtfTypes : public ::testing::Test {
 protected:
  struct Free {
    void operator()(::btf* types) const { btf__free(types); }
  };

  int integer(const char* name = "int", std::size_t size = 4) {
    return btf__add_int(btf_.get(), name, size, BTF_INT_SIGNED);
  }
  void field(const char* name, int type, std::uint32_t byte) {
    ASSERT_EQ(btf__add_field(btf_.get(), name, type, byte * 8, 0), 0);
  }

  [[nodiscard]] std::vector<std::byte> bytes() const {
    std::uint32_t size = 0;
    const void* const data = btf__raw_data(btf_.get(), &size);
    const auto* const first = static_cast<const std::byte*>(data);
    return {first, first + size};
  }
  [[nodiscard]] std::unique_ptr<Types> types() const {
    auto made = types_of_btf(bytes());
    EXPECT_TRUE(made) << made.error();
    return std::move(*made);
  }

  std::unique_ptr<::btf, Free> btf_{btf__new_empty()};
};

TEST_F(BtfTypes, SayWhereMembersAre) {
  const int number = integer();
  const int constant = btf__add_const(btf_.get(), number);
  const int inner = btf__add_union(btf_.get(), nullptr, 8);
  field("either", constant, 0);
  field("other", number, 0);
  const int outer = btf__add_struct(btf_.get(), nullptr, 16);
  field("before", number, 0);
  field(nullptr, inner, 8);
  const int array = btf__add_array(btf_.get(), number, outer, 3);
  const int pointer = btf__add_ptr(btf_.get(), outer);
  btf__add_struct(btf_.get(), "task", 80);
  field("pid", number, 0);
  field(nullptr, outer, 8);
  field("parts", array, 32);
  field("pointer", pointer, 24);
  const auto made = types();
  EXPECT_EQ(made->source(), "BTF");
  EXPECT_EQ(made->size_of("task"), 80U);
  EXPECT_EQ(made->offset_of("task", "either"), 16U);
  EXPECT_EQ(made->size_of_member("task", "either"), 4U);
  EXPECT_EQ(made->offset_of("task", "parts"), 32U);
  EXPECT_EQ(made->size_of_member("task", "parts"), 48U);
  EXPECT_EQ(made->count_of("task", "parts"), 3U);
  EXPECT_EQ(made->offset_of("task", "parts[1].other"), 56U);
  EXPECT_EQ(made->offset_of("task", "parts.before"), 32U);
  EXPECT_EQ(made->offset_of("task", "parts[3]"), std::nullopt);
  EXPECT_EQ(made->size_of_member("task", "pointer"), 8U);
  EXPECT_EQ(made->offset_of("task", "pointer.before"), std::nullopt);
  EXPECT_EQ(made->offset_of("task", "nobody"), std::nullopt);
  EXPECT_EQ(made->offset_of("int", "pid"), std::nullopt);
}

TEST_F(BtfTypes, KnowEnumerators) {
  btf__add_enum(btf_.get(), "state", 4);
  btf__add_enum_value(btf_.get(), "live", 0);
  btf__add_enum_value(btf_.get(), "gone", -2);
  btf__add_enum64(btf_.get(), "wide", 8, false);
  btf__add_enum64_value(btf_.get(), "large", 0x1'0000'0001);
  const auto made = types();
  EXPECT_EQ(made->enumerator("live"), 0);
  EXPECT_EQ(made->enumerator("gone"), -2);
  EXPECT_EQ(made->enumerator("large"), 0x1'0000'0001);
  EXPECT_EQ(made->enumerator("state"), std::nullopt);
}

TEST_F(BtfTypes, FollowATypedefToItsStructAndNoDeclaration) {
  const int number = integer();
  const int nameless = btf__add_struct(btf_.get(), nullptr, 4);
  field("counter", number, 0);
  btf__add_typedef(btf_.get(), "atomic", nameless);
  btf__add_fwd(btf_.get(), "declared", BTF_FWD_STRUCT);
  const auto made = types();
  EXPECT_EQ(made->offset_of("atomic", "counter"), 0U);
  EXPECT_EQ(made->size_of("declared"), std::nullopt);
}

TEST_F(BtfTypes, HaveNoOffsetOfABitField) {
  const int number = integer();
  btf__add_struct(btf_.get(), "flags", 4);
  ASSERT_EQ(btf__add_field(btf_.get(), "one", number, 0, 1), 0);
  ASSERT_EQ(btf__add_field(btf_.get(), "eight", number, 8, 8), 0);
  const auto made = types();
  EXPECT_EQ(made->offset_of("flags", "one"), std::nullopt);
  EXPECT_EQ(made->offset_of("flags", "eight"), std::nullopt);
}

TEST_F(BtfTypes, DoNotFollowACycle) {
  btf__add_typedef(btf_.get(), "first", 2);
  btf__add_const(btf_.get(), 1);
  btf__add_struct(btf_.get(), "loop", 8);
  field("round", 1, 0);
  field(nullptr, 3, 0);  // itself
  btf__add_array(btf_.get(), 1, 4, 1);
  btf__add_struct(btf_.get(), "arrays", 8);
  field("without", 4, 0);
  const auto made = types();
  EXPECT_EQ(made->size_of("first"), std::nullopt);
  EXPECT_EQ(made->offset_of("loop", "round"), std::nullopt);
  EXPECT_EQ(made->offset_of("loop", "nobody"), std::nullopt);
  EXPECT_EQ(made->offset_of("arrays", "without"), std::nullopt);
}

TEST_F(BtfTypes, RefuseAnArrayThatIsLargerThanMemory) {
  const int number = integer();
  const int many = btf__add_array(btf_.get(), number, number, 0x8000'0000);
  const int more = btf__add_array(btf_.get(), number, many, 0x8000'0000);
  btf__add_struct(btf_.get(), "huge", 0xffff'ffff);
  field("many", many, 0);
  field("more", more, 0);
  const auto made = types();
  EXPECT_EQ(made->offset_of("huge", "many"), std::nullopt);
  EXPECT_EQ(made->offset_of("huge", "more"), std::nullopt);
}

TEST_F(BtfTypes, RefuseAMemberOutsideOfItsStruct) {
  const int number = integer();
  btf__add_struct(btf_.get(), "small", 8);
  field("inside", number, 4);
  field("beyond", number, 5);
  const auto made = types();
  EXPECT_EQ(made->offset_of("small", "inside"), 4U);
  EXPECT_EQ(made->offset_of("small", "beyond"), std::nullopt);
}

TEST_F(BtfTypes, AreRefusedWhereTheyAreNone) {
  integer();
  const std::vector<std::byte> whole = bytes();
  ASSERT_TRUE(types_of_btf(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_FALSE(types_of_btf(std::span(whole).first(size)));
  }
  std::vector<std::byte> swapped = whole;
  std::swap(swapped[0], swapped[1]);
  const auto other = types_of_btf(swapped);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error(), "its type information is no little-endian BTF of version 1");
}

TEST_F(BtfTypes, AreReadFromASectionAndFromAFileOfTheirOwn) {
  const int number = integer();
  btf__add_struct(btf_.get(), "task", 8);
  field("pid", number, 4);
  const std::string path = ::testing::TempDir() + "/surefoot-types.btf";
  const auto write = [&path](const std::vector<std::byte>& contents) {
    std::ofstream file(path, std::ios::binary);
    for (const std::byte byte : contents) file.put(static_cast<char>(byte));
  };
  write(bytes());
  const auto plain = types_of_file(path);
  ASSERT_TRUE(plain) << plain.error();
  EXPECT_EQ((*plain)->offset_of("task", "pid"), 4U);
  surefoot::testing::ElfBuilder builder;
  builder.code(".text", 0x1000, 4).section({.name = ".BTF", .bytes = bytes()});
  write(builder.build());
  const auto in_section = types_of_file(path);
  ASSERT_TRUE(in_section) << in_section.error();
  EXPECT_EQ((*in_section)->offset_of("task", "pid"), 4U);
}

}  // namespace
}  // namespace surefoot::tools
