// SPDX-License-Identifier: MIT
//
// What stands before a kernel's line, and what only looks like it.
#include "decode/prefix.hpp"

#include <gtest/gtest.h>

namespace surefoot::tools {
namespace {

struct Case {
  std::string_view line;
  std::string_view rest;
  std::string_view speaker;
};

constexpr Case cases[] = {
    {"pc : 0x1", "pc : 0x1", ""},
    {"  #0  0x1", "  #0  0x1", ""},
    {"[   12.345678]   #0  0x1", "  #0  0x1", ""},
    {"[   12.345678] pc : x", "pc : x", ""},
    {"[12.345678,C1] pc", "pc", "C1"},
    {"[   12.345678][  T123]  name", " name", "T123"},
    {"[   12.345678][    C0] Call trace:", "Call trace:", "C0"},
    {"<4>[   12.345678] Call trace:", "Call trace:", ""},
    {"<4>Call trace:", "Call trace:", ""},
    {"[Sun Nov 29 06:05:24 2026] Call trace:", "Call trace:", ""},
    {"[  +0.000012] Call trace:", "Call trace:", ""},
    {"[00:00:00.010,000] <err> os: lr : x", "lr : x", ""},
    {"12:34:56.789   #0  0x1", "  #0  0x1", ""},
    {"12:34:56 Call trace:", "Call trace:", ""},
    {"Nov 29 06:05:24 board kernel: [  1.5] pc", "pc", ""},
    {"Nov  9 06:05:24 board kernel: pc", "pc", ""},
    {"2026-11-29T06:05:24.123456+00:00 board kernel: pc", "pc", ""},
    {"2026-11-29T06:05:24+0000 board kernel: pc", "pc", ""},
    {"2026-11-29 06:05:24 pc : x", "pc : x", ""},
    {"kern  :emerg : [    1.5] pc", "pc", ""},
    {"kernel: pc", "pc", ""},
    {"(CPU0)   #0  0x1", "  #0  0x1", "CPU0"},
    {"[CPU3] pc", "pc", "CPU3"},
    {"[    1.5] (CPU12) pc", "pc", "CPU12"},
    {"E: call trace:", "call trace:", ""},
    // No prefixes: what a line is about.
    {"[<0>] name+0x1/0x2", "[<0>] name+0x1/0x2", ""},
    {"  [1] f returns to", "  [1] f returns to", ""},
    {"[ 2] 0x4", "[ 2] 0x4", ""},
    {"<name+0x1/0x2>", "<name+0x1/0x2>", ""},
    {"<1234> x", "<1234> x", ""},
    {"Novel 29", "Novel 29", ""},
    {"12:34", "12:34", ""},
    {"[", "[", ""},
    {"[   12.", "[   12.", ""},
    {"(CPU", "(CPU", ""},
    {"", "", ""},
};

TEST(Prefix, IsTakenOffAndTellsWhoPrinted) {
  for (const Case& each : cases) {
    SCOPED_TRACE(each.line);
    const Prefix prefix = find_prefix(each.line);
    EXPECT_EQ(each.line.substr(prefix.size), each.rest);
    EXPECT_EQ(prefix.speaker, each.speaker);
  }
}

}  // namespace
}  // namespace surefoot::tools
