// SPDX-License-Identifier: MIT
//
// Tables in which an image says how control goes where no instruction tells: those of Linux, found by the names that it
// gives to sections and symbols ([linux], docs/references.md), and arrays of functions that others call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "elf/image.hpp"

namespace surefoot::tools {

struct LinuxTables {
  struct Pair {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
  };
  /// Code that is exchanged at boot for other code, where the CPU has or lacks something.
  struct Alternative {
    std::uint64_t start = 0;
    std::uint64_t replacement = 0;
    unsigned bytes = 0;  ///< of both
  };
  std::vector<Pair> fixups;               ///< __ex_table: a fault of `from` goes on at `to`
  std::vector<Pair> static_keys;          ///< __jump_table: `from` is NOP or a branch to `to`, in turns
  std::vector<Alternative> alternatives;  ///< .altinstructions
  std::vector<std::uint64_t> warnings;    ///< __bug_table: breaks that are gone on from
  std::vector<std::uint64_t> bugs;        ///< the same: breaks that are not
  std::vector<std::uint64_t> entered;     ///< .init_array and its kind, initcalls, exported functions
  std::vector<std::string> faults;        ///< a line for each table that is not as it is known here
};

/// What is not in the image is empty. Every address is that of an instruction. In no order.
[[nodiscard]] LinuxTables read_linux_tables(const Image& image);

}  // namespace surefoot::tools
