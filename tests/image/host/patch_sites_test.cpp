// SPDX-License-Identifier: MIT
//
// The patch sites of the linked kernel, as the tracing runtime will find them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "image.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint32_t nop = 0xd503201f;
constexpr std::uint32_t bti_c = 0xd503245f;

std::uint32_t word_at(std::uint64_t address) {
  std::uint32_t word = 0;
  std::memcpy(&word, Image::under_test().bytes(address, address + sizeof word).data(), sizeof word);
  return word;
}

std::vector<std::uint64_t> entries() {
  const Image& image = Image::under_test();
  const auto bytes = image.bytes(image.symbol("__patchable_function_entries_start").address,
                                 image.symbol("__patchable_function_entries_end").address);
  std::vector<std::uint64_t> result(bytes.size() / sizeof(std::uint64_t));
  std::memcpy(result.data(), bytes.data(), result.size() * sizeof(std::uint64_t));
  return result;
}

TEST(PatchSitesOfTheImage, AreTwoNopsBehindAnOptionalLandingPad) {
  EXPECT_FALSE(entries().empty());
  for (const std::uint64_t entry : entries()) {
    const std::uint64_t nops_at = word_at(entry) == bti_c ? entry + 4 : entry;
    EXPECT_EQ(word_at(nops_at), nop) << std::hex << entry;
    EXPECT_EQ(word_at(nops_at + 4), nop) << std::hex << entry;
  }
}

TEST(PatchSitesOfTheImage, AreAtTheEntryOfAFunction) {
  std::vector<std::uint64_t> functions;
  for (const auto& [name, symbol] : Image::under_test().symbols()) {
    if (symbol.is_function) functions.push_back(symbol.address);
  }
  for (const std::uint64_t entry : entries()) {
    const bool is_function = std::ranges::find(functions, entry) != functions.end();
    const bool is_behind_landing_pad =
        word_at(entry - 4) == bti_c && std::ranges::find(functions, entry - 4) != functions.end();
    EXPECT_TRUE(is_function || is_behind_landing_pad) << std::hex << entry;
  }
}

// Of what the archives define, names of functions and of data.
std::vector<std::string> library_symbols() {
  const char* const path = std::getenv("SUREFOOT_LIBRARY_SYMBOLS");
  std::ifstream file(path == nullptr ? "" : path);
  std::vector<std::string> names;
  for (std::string name; std::getline(file, name);) names.push_back(name);
  return names;
}

// The library itself is never traced: a tracer that walks would call itself. Of an inline function the linker keeps one
// copy, and that may be the kernel's.
TEST(PatchSitesOfTheImage, AreNotInTheLibrary) {
  const Image& image = Image::under_test();
  std::size_t functions = 0;
  for (const std::string& name : library_symbols()) {
    const auto found = image.symbols().find(name);
    if (found == image.symbols().end() || !found->second.is_function) continue;
    const ImageSymbol& symbol = found->second;
    ++functions;
    for (const std::uint64_t entry : entries()) {
      EXPECT_FALSE(entry >= symbol.address && entry < symbol.address + symbol.size) << name;
    }
  }
  EXPECT_GT(functions, 20U);
}

}  // namespace
}  // namespace surefoot::testing
