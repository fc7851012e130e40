// SPDX-License-Identifier: MIT
//
// The version is the same for the preprocessor, for C, for C++ and for CMake.
#include <gtest/gtest.h>

#include <string>

#include "surefoot/surefoot.hpp"

extern "C" const char* c_api_version();

namespace surefoot {
namespace {

#if SUREFOOT_VERSION_MAJOR < 0 || SUREFOOT_VERSION_MINOR < 0 || SUREFOOT_VERSION_PATCH < 0
#error "the parts of the version are numbers for the preprocessor"
#endif

TEST(Version, IsThatOfTheProject) { EXPECT_STREQ(SUREFOOT_VERSION, SUREFOOT_TEST_PROJECT_VERSION); }

TEST(Version, IsMadeOfItsParts) {
  EXPECT_EQ(SUREFOOT_VERSION, std::to_string(SUREFOOT_VERSION_MAJOR) + "." + std::to_string(SUREFOOT_VERSION_MINOR) +
                                  "." + std::to_string(SUREFOOT_VERSION_PATCH));
}

TEST(Version, IsTheSameInC) { EXPECT_STREQ(c_api_version(), SUREFOOT_VERSION); }

}  // namespace
}  // namespace surefoot
