// SPDX-License-Identifier: MIT
//
// An AArch64 processor that executes the code of an image, an instruction at a time, and keeps account of the calls
// that have not returned. It decodes by itself: what the tools believe of an instruction is not asked. It knows the
// instructions that the test images run, and says so where it does not know one.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "elf/image.hpp"

namespace surefoot::tools::testing {

class Machine {
 public:
  /// In front of the first instruction of `entry`, called from where `return_address` is.
  Machine(const Image& image, std::uint64_t entry, std::uint64_t return_address)
      : pc(entry), image_(&image), returns_{return_address} {
    x[30] = return_address;
  }

  std::array<std::uint64_t, 31> x{};
  std::uint64_t sp = 0;
  std::uint64_t pc;

  /// Executes an instruction. False if it is one behind which nothing is: a break, a branch to itself, the return
  /// of the outermost function.
  [[nodiscard]] bool step();
  /// The return addresses of the calls that have not returned, the outermost first.
  [[nodiscard]] const std::vector<std::uint64_t>& returns() const { return returns_; }

  /// `bytes` of 1 to 8. Memory that nobody has written is the image, or zeros.
  [[nodiscard]] std::uint64_t load(std::uint64_t address, unsigned bytes) const;
  void store(std::uint64_t address, std::uint64_t value, unsigned bytes);

 private:
  struct Flags {
    bool n = false, z = false, c = false, v = false;
  };

  // Register 31 is XZR, or sp where the instruction says so.
  [[nodiscard]] std::uint64_t get(unsigned number) const { return number == 31 ? 0 : x[number]; }
  [[nodiscard]] std::uint64_t get_or_sp(unsigned number) const { return number == 31 ? sp : x[number]; }
  void set(unsigned number, std::uint64_t value, bool is_64_bit);
  void set_or_sp(unsigned number, std::uint64_t value, bool is_64_bit);
  [[nodiscard]] bool holds(unsigned condition) const;
  [[nodiscard]] std::uint64_t add(std::uint64_t first, std::uint64_t second, std::uint32_t word);

  // Each executes its group of instructions; false if the word is not of it.
  bool compute(std::uint32_t word);
  bool compute_with_registers(std::uint32_t word);
  bool access_pair(std::uint32_t word);
  bool access_one(std::uint32_t word);
  // Where control goes after a branch; empty if the word is none.
  [[nodiscard]] std::optional<std::uint64_t> branch(std::uint32_t word);

  const Image* image_;
  std::vector<std::uint64_t> returns_;
  std::map<std::uint64_t, std::uint8_t> written_;
  Flags flags_;
};

}  // namespace surefoot::tools::testing
