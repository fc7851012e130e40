// SPDX-License-Identifier: MIT
//
// The rules of small functions, against the lists images/rules/*.S, where each instruction has its rule beside it.
#include "flow/states.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "rules/describe.hpp"
#include "rules/rules.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

class Rules : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    image_ = testing::open_image(std::string("rules/") + GetParam());
    const RuleDerivation derivation(*image_);
    for (const Group& group : derivation.groups()) {
      for (FunctionRules& derived : derivation.derive(group)) {
        for (std::size_t i = 0; i < derived.rows.rows.size(); ++i) {
          const std::uint64_t pc = derived.address_of(i);
          const std::optional<Row>& row = derived.rows.rows[i];
          const State* const state = derived.found.states[i];
          const std::optional<std::uint32_t> word = derivation.image().instruction_at(pc);
          found_[pc] = {row ? to_string(*row) : "none", fmt::format("{}+{:#x}: {}, {}", derived.function.name, i * 4,
                                                                    word ? decoder_.to_text(*word, pc) : "data",
                                                                    state ? describe(*state) : "no state")};
        }
      }
    }
    records_ = image_->find_section(".rules")->bytes;
  }

  struct Found {
    std::string row;
    std::string text;
  };
  std::unordered_map<std::uint64_t, Found> found_;
  std::optional<Image> image_;
  std::span<const std::byte> records_;  // in the image
  Decoder decoder_;
};

INSTANTIATE_TEST_SUITE_P(, Rules,
                         ::testing::Values("entries", "extensions", "helpers", "jump_tables", "linux_tables",
                                           "noreturn", "outlined_parts", "parts_of_functions", "patched", "prologues",
                                           "synchronous_cfi", "unseen_ways"),
                         [](const auto& info) { return info.param; });

TEST_P(Rules, AreThoseOfTheList) {
  struct Record {
    std::uint64_t address;
    char row[56];
  };
  std::size_t count = 0;
  for (auto rest = records_; rest.size() >= sizeof(Record); rest = rest.subspan(sizeof(Record))) {
    Record record;
    std::memcpy(&record, rest.data(), sizeof record);
    if (record.address == 0) continue;  // filling
    ++count;
    ASSERT_EQ(record.row[sizeof record.row - 1], '\0');
    const auto found = found_.find(record.address);
    ASSERT_NE(found, found_.end()) << fmt::format("{:#x} is in no function", record.address);
    EXPECT_EQ(found->second.row, std::string_view(record.row)) << found->second.text;
  }
  EXPECT_GT(count, 0U);
}

}  // namespace
}  // namespace surefoot::tools
