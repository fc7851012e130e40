// SPDX-License-Identifier: MIT
//
// Names for the cases of a test whose parameter is a file's name.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace surefoot::testing {

/// The name up to its first dot, in the letters that GoogleTest allows: libstdc++.so.6 is libstdcpp.
inline std::string parameter_name(const ::testing::TestParamInfo<const char*>& info) {
  std::string name;
  for (const char* at = info.param; *at != '\0' && *at != '.'; ++at) {
    name += *at == '-' ? '_' : *at == '+' ? 'p' : *at;
  }
  return name;
}

}  // namespace surefoot::testing
