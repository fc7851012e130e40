// SPDX-License-Identifier: MIT
#include "elf/name.hpp"

#include <gtest/gtest.h>

namespace surefoot::tools {
namespace {

TEST(Name, IsThatOfCxx) {
  EXPECT_EQ(demangle("_ZN3net5panicEi"), "net::panic(int)");
  EXPECT_EQ(demangle("_ZN3net4copyERKNS_5StateES2_@@NET_1"), "net::copy(net::State const&, net::State const&)");
}

TEST(Name, StaysWhatItIsIfItIsNoneOfCxx) {
  EXPECT_EQ(demangle("main"), "main");
  EXPECT_EQ(demangle("_Znonsense"), "_Znonsense");
  EXPECT_EQ(demangle("_Z"), "_Z");
  EXPECT_EQ(demangle("_Z99f"), "_Z99f");
  EXPECT_EQ(demangle(""), "");
}

// A pair of two of what came before, thirty times: gigabytes, if it were believed.
TEST(Name, DoesNotGrowBeyondMemory) {
  std::string symbol = "_Z1f1PI1AS0_E";
  const std::string digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (std::size_t i = 0; i < 30; ++i) {
    const std::string last = std::string("S") + digits[i + 1] + "_";
    symbol += "S_I" + last + last + "E";
  }
  EXPECT_EQ(demangle(symbol), symbol);
}

TEST(Name, CountsNoReferencesInsideIdentifiers) {
  EXPECT_EQ(demangle("_ZN39S_S_S_S_S_S_S_S_S_S_S_S_S_S_S_S_S_S_S_x1fEv"),
            "S_S_S_S_S_S_S_S_S_S_S_S_S_S_S_S_S_S_S_x::f()");
}

}  // namespace
}  // namespace surefoot::tools
