// SPDX-License-Identifier: MIT
//
// Ways that no instruction shows, but the image does, or who knows it: patched branches, fixups of faults,
// alternatives, breaks that are gone on from, functions that others call (hazards M3, M4).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "code/flow.hpp"
#include "elf/linux_tables.hpp"

namespace surefoot::tools {

/// What somebody says of an image, beside what is in it.
struct Declarations {
  struct Numbers {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
  };
  using Pair = LinuxTables::Pair;
  std::vector<std::uint64_t> entered = {};  ///< by a call
  std::vector<Pair> patched = {};  ///< `from` may become a branch to `to`; a NOP, if that is the next instruction
  /// BRK with one of these numbers is gone on from. By default __builtin_debugtrap of clang, and the breaks that Linux
  /// compiles in for its debugger.
  std::vector<Numbers> resumed_breaks = {{0x400, 0x401}, {0xf000, 0xf000}};
};

class DeclaredWays {
 public:
  struct Way {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    bool is_fault = false;  ///< the general registers may be others there
  };
  using Alternative = LinuxTables::Alternative;

  DeclaredWays(LinuxTables tables, Declarations declarations);

  /// Adds what is declared of the instruction to what flow_of() says of it.
  void add_to(Flow& flow, std::uint32_t word, std::uint64_t pc) const;
  /// By rising place.
  [[nodiscard]] const std::vector<Way>& ways() const { return ways_; }
  [[nodiscard]] std::span<const Way> ways_from(std::uint64_t pc) const;
  [[nodiscard]] const std::vector<Alternative>& alternatives() const { return alternatives_; }
  [[nodiscard]] std::span<const Alternative> alternatives_at(std::uint64_t pc) const;
  [[nodiscard]] const std::vector<std::uint64_t>& entered() const { return entered_; }
  /// Of the image's tables, a line for each that is not understood.
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

 private:
  std::vector<Way> ways_;
  std::vector<Alternative> alternatives_;
  std::vector<std::uint64_t> places_;  // of instructions with ways or alternatives: one search for most
  std::vector<std::uint64_t> entered_;
  std::vector<std::uint64_t> resumed_;
  std::vector<std::uint64_t> not_resumed_;
  std::vector<Declarations::Numbers> resumed_breaks_;
  std::vector<std::string> faults_;
};

}  // namespace surefoot::tools
