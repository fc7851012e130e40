// SPDX-License-Identifier: MIT
#include "linux/layouts.hpp"

#include <gtest/gtest.h>

namespace surefoot::tools {
namespace {

// A kernel that has every member that is asked for, at one place.
class EveryMember : public Types {
 public:
  std::optional<std::uint64_t> size_of(std::string_view /*type*/) const override { return 336; }
  std::optional<std::uint64_t> offset_of(std::string_view /*type*/, std::string_view path) const override {
    return path == "sp" ? 248 : 8;
  }
  std::optional<std::uint64_t> size_of_member(std::string_view /*type*/, std::string_view /*path*/) const override {
    return 8;
  }
  std::optional<std::uint64_t> count_of(std::string_view /*type*/, std::string_view /*path*/) const override {
    return 16;
  }
  std::optional<std::int64_t> enumerator(std::string_view /*name*/) const override { return 0; }
  std::string_view source() const override { return "test"; }
};

TEST(Layouts, LeaveOutTheSavedSpWhichTheKernelDoesNotReturnBy) {
  KernelSymbols symbols;
  symbols.finish();
  const auto layouts = read_layouts(EveryMember(), symbols);
  ASSERT_TRUE(layouts) << layouts.error();
  EXPECT_EQ(layouts->exception.size, 336);
  EXPECT_EQ(layouts->exception.sp, ExceptionLayout::absent);
}

}  // namespace
}  // namespace surefoot::tools
