// SPDX-License-Identifier: MIT
//
// A linked AArch64 image, as far as its tests need it: symbols, bytes by address, and single decoded instructions.
// The image's path comes in the environment variable SUREFOOT_IMAGE.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace surefoot::testing {

struct ImageSymbol {
  std::string name;
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  bool is_function = false;
};

struct Instruction {
  std::string mnemonic;
  std::string operands;
  /// Of a direct branch: where it goes.
  std::optional<std::uint64_t> target;
};

class Image {
 public:
  /// The image under test. Ends the test program with a message if it cannot be read.
  [[nodiscard]] static const Image& under_test();

  explicit Image(const std::string& path);

  /// By name; ends the test program if there is none.
  [[nodiscard]] const ImageSymbol& symbol(const std::string& name) const;
  [[nodiscard]] bool has_symbol(const std::string& name) const { return symbols_.contains(name); }
  [[nodiscard]] const std::map<std::string, ImageSymbol>& symbols() const { return symbols_; }

  /// The bytes of [address, end) as they are loaded; ends the test program if they are in no section.
  [[nodiscard]] std::span<const std::uint8_t> bytes(std::uint64_t address, std::uint64_t end) const;
  /// The instruction at `address`, or nothing if Capstone cannot decode the word.
  [[nodiscard]] std::optional<Instruction> decode(std::uint64_t address) const;

 private:
  struct Section {
    std::uint64_t address = 0;
    std::vector<std::uint8_t> bytes;
  };
  std::vector<Section> sections_;
  std::map<std::string, ImageSymbol> symbols_;
};

}  // namespace surefoot::testing
