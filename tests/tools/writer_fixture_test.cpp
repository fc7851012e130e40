// SPDX-License-Identifier: MIT
//
// The writer beside another producer: GNU as and ld 2.47 (tests/fixtures/sframe).
#include <gtest/gtest.h>

#include <string>

#include "objdump_text.hpp"
#include "sframe/writer.hpp"
#include "sframe_decoder.hpp"
#include "support/fixture.hpp"
#include "support/parameter_name.hpp"

namespace surefoot::tools {
namespace {

class WriterFixture : public ::testing::TestWithParam<const char*> {};

TEST_P(WriterFixture, SaysTheSameInNoMoreBytes) {
  const std::string name = std::string("sframe/") + GetParam();
  const auto theirs = surefoot::testing::read_section(surefoot::testing::read_fixture(name + ".elf"), ".sframe");
  const auto functions = testing::read_objdump_text(SUREFOOT_TEST_FIXTURES "/" + name + ".sframe.txt");
  const auto ours = write_sframe(functions, theirs.address);
  ASSERT_TRUE(ours) << ours.error();
  RecordProperty("bytes", static_cast<int>(ours->bytes.size()));
  RecordProperty("their_bytes", static_cast<int>(theirs.bytes.size()));
  EXPECT_LE(ours->bytes.size(), theirs.bytes.size());

  const auto our_table = testing::decode_sframe(ours->bytes, theirs.address);
  const auto their_table = testing::decode_sframe(theirs.bytes, theirs.address);
  ASSERT_EQ(our_table.functions.size(), their_table.functions.size());
  for (const FunctionRows& function : functions) {
    for (std::size_t i = 0; i < function.rows.size(); ++i) {
      const std::uint64_t pc = function.start + 4 * i;
      ASSERT_TRUE(function.rows[i]) << std::hex << pc;
      EXPECT_EQ(our_table.find(pc), function.rows[i]) << std::hex << pc;
      EXPECT_EQ(their_table.find(pc), function.rows[i]) << std::hex << pc;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, WriterFixture,
                         ::testing::Values("clang-O2-nofp", "clang-O2-pac", "gcc-O0", "gcc-O2", "gcc-Os-pac"),
                         surefoot::testing::parameter_name);

}  // namespace
}  // namespace surefoot::tools
