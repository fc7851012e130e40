// SPDX-License-Identifier: MIT
//
// The writer beside another producer: GNU as and ld 2.47 (tests/fixtures/sframe).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "objdump_text.hpp"
#include "sframe/writer.hpp"
#include "sframe_decoder.hpp"

namespace surefoot::tools {
namespace {

const std::filesystem::path fixtures = SUREFOOT_TEST_FIXTURES "/sframe";

struct LinkedSection {
  std::uint64_t address = 0;
  std::vector<std::byte> bytes;
};

/// The number at an offset of an ELF file.
template <typename Number>
Number number_at(const std::string& file, std::uint64_t offset) {
  Number number{};
  std::memcpy(&number, file.substr(offset, sizeof(number)).c_str(), sizeof(number));
  return number;
}

/// The section of type SHT_GNU_SFRAME, from the section headers [gabi].
LinkedSection read_sframe_section(const std::filesystem::path& elf) {
  std::ifstream input(elf, std::ios::binary);
  const std::string file(std::istreambuf_iterator<char>(input), {});
  const auto headers = number_at<std::uint64_t>(file, 0x28);
  const auto count = number_at<std::uint16_t>(file, 0x3c);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t header = headers + 64 * i;
    if (number_at<std::uint32_t>(file, header + 4) == 0x6ffffff4) {
      const std::string bytes =
          file.substr(number_at<std::uint64_t>(file, header + 0x18), number_at<std::uint64_t>(file, header + 0x20));
      const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
      return {.address = number_at<std::uint64_t>(file, header + 0x10), .bytes = {data, data + bytes.size()}};
    }
  }
  throw std::runtime_error(elf.string() + ": no section SHT_GNU_SFRAME");
}

class WriterFixture : public ::testing::TestWithParam<const char*> {};

TEST_P(WriterFixture, SaysTheSameInNoMoreBytes) {
  const LinkedSection theirs = read_sframe_section(fixtures / (std::string(GetParam()) + ".elf"));
  const auto functions = testing::read_objdump_text(fixtures / (std::string(GetParam()) + ".sframe.txt"));
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
                         [](const auto& info) {
                           std::string name = info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace surefoot::tools
