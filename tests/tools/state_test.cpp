// SPDX-License-Identifier: MIT
#include "frames/state.hpp"

#include <gtest/gtest.h>

namespace surefoot::tools {
namespace {

TEST(State, KnowsTheCallersPairAtTheEntry) {
  const State state = State::at_entry();
  EXPECT_TRUE(state.x[fp_number].is(Value::Kind::entry_fp));
  EXPECT_TRUE(state.x[lr_number].is(Value::Kind::entry_lr));
  EXPECT_EQ(state.sp(), Value::cfa(0));
  EXPECT_EQ(state.x[0], Value{});
  EXPECT_EQ(state.slot(0), Value{});
}

}  // namespace
}  // namespace surefoot::tools
