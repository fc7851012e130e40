// SPDX-License-Identifier: MIT
//
// Names and addresses of a kernel's code, and the build id of its image.
#include "linux/symbols.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "elf/build_id.hpp"
#include "support/elf_builder.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::append;
using surefoot::testing::Bytes;
using surefoot::testing::ElfBuilder;

TEST(KernelSymbols, EndWhereTheNextSymbolBeginsIfTheyHaveNoSize) {
  KernelSymbols symbols;
  symbols.add("last", 0x3000, 0, true);
  symbols.add("sized", 0x2000, 0x10, true);
  symbols.add("first", 0x1000, 0, true);
  symbols.add("data", 0x1800, 0, false);
  symbols.finish();
  ASSERT_TRUE(symbols.find(0x17ff));
  EXPECT_EQ(symbols.find(0x17ff)->name, "first");
  EXPECT_EQ(symbols.find(0x17ff)->offset, 0x7ffU);
  EXPECT_EQ(symbols.find(0x17ff)->size, 0x800U);
  EXPECT_FALSE(symbols.find(0xfff));
  EXPECT_FALSE(symbols.find(0x1800));
  EXPECT_TRUE(symbols.find(0x200f));
  EXPECT_FALSE(symbols.find(0x2010));
  EXPECT_FALSE(symbols.find(0x3000));
  EXPECT_FALSE(symbols.find(~std::uint64_t{0}));
}

TEST(KernelSymbols, AreGlobalOnesIfSeveralHaveOneName) {
  KernelSymbols symbols;
  symbols.add("both", 0x1000, 0, true, false);
  symbols.add("both", 0x2000, 4, true, true);
  symbols.add("locals", 0x4000, 8, true, false);
  symbols.add("locals", 0x3000, 4, true, false);
  symbols.add("", 0x5000, 4, true);
  symbols.finish();
  EXPECT_EQ(symbols.address_of("both"), 0x2000U);
  EXPECT_EQ(symbols.size_of("both"), 4U);
  EXPECT_EQ(symbols.address_of("locals"), 0x4000U);
  EXPECT_EQ(symbols.address_of("bot"), std::nullopt);
  EXPECT_EQ(symbols.address_of(""), std::nullopt);
  EXPECT_EQ(symbols.size_of("nobody"), std::nullopt);
  EXPECT_EQ(symbols.count(), 4U);
}

TEST(KernelSymbols, PreferAFunctionWithASizeAtOneAddress) {
  KernelSymbols symbols;
  symbols.add("mark", 0x1000, 0, true);
  symbols.add("function", 0x1000, 8, true);
  symbols.add("object", 0x1000, 64, false);
  symbols.finish();
  ASSERT_TRUE(symbols.find(0x1004));
  EXPECT_EQ(symbols.find(0x1004)->name, "function");
  EXPECT_FALSE(symbols.find(0x1008));
}

TEST(KernelSymbols, StayWhatTheyAreWhenTheyAreMovedAndCopied) {
  KernelSymbols symbols;
  symbols.add("name", 0x1000, 8, true);
  symbols.finish();
  const KernelSymbols copy = symbols;
  const KernelSymbols moved = std::move(symbols);
  EXPECT_EQ(copy.find(0x1000)->name, "name");
  EXPECT_EQ(moved.find(0x1000)->name, "name");
}

Bytes small_image() {
  return ElfBuilder()
      .code(".text", 0x1000, 16)
      .section({.name = ".data", .flags = SHF_ALLOC | SHF_WRITE, .address = 0x2000, .bytes = Bytes(16)})
      .symbol({.name = "function", .address = 0x1000, .size = 16})
      .symbol({.name = "label", .address = 0x1020, .size = 0, .type = STT_NOTYPE})
      .symbol({.name = "object", .address = 0x2000, .size = 8, .type = STT_OBJECT, .section = 2})
      .build();
}

TEST(SymbolsOfAnImage, LieWhereItWasLoaded) {
  const Bytes file = small_image();
  const KernelSymbols symbols = symbols_of_image(Image::from_memory(file).value(), 0x10'0000);
  EXPECT_EQ(symbols.address_of("object"), 0x10'2000U);
  EXPECT_EQ(symbols.size_of("object"), 8U);
  ASSERT_TRUE(symbols.find(0x10'100c));
  EXPECT_EQ(symbols.find(0x10'100c)->name, "function");
  EXPECT_EQ(symbols.find(0x10'100c)->offset, 12U);
  EXPECT_FALSE(symbols.find(0x10'1010));
  ASSERT_TRUE(symbols.find(0x10'1024));
  EXPECT_EQ(symbols.find(0x10'1024)->name, "label");
  EXPECT_FALSE(symbols.find(0x1000));
  EXPECT_FALSE(symbols.find(0x10'2000));
}

TEST(SymbolsOfAnImage, LieWhereEachSectionWasLoaded) {
  const Bytes file = small_image();
  const Image image = Image::from_memory(file).value();
  const KernelSymbols symbols = symbols_of_image(image, [&image](std::uint64_t address) {
    const Section* const section = image.section_at(address);
    const bool is_code = section != nullptr && section->is_executable;
    return is_code ? std::optional(address - section->address + 0x8000) : std::nullopt;
  });
  EXPECT_EQ(symbols.address_of("function"), 0x8000U);
  EXPECT_EQ(symbols.address_of("object"), std::nullopt);
  EXPECT_TRUE(symbols.find(0x8000));
}

Bytes note(std::string_view owner, std::uint32_t type, std::size_t size) {
  Bytes bytes;
  append(bytes, owner.size() + 1, 4);
  append(bytes, size, 4);
  append(bytes, type, 4);
  append(bytes, owner);
  do append(bytes, 0, 1);
  while (bytes.size() % 4 != 0);
  for (std::size_t i = 0; i < size; ++i) append(bytes, 0xa0 + i, 1);
  while (bytes.size() % 4 != 0) append(bytes, 0, 1);
  return bytes;
}

std::optional<std::string> build_id_with(const std::string& section, const Bytes& notes) {
  const Bytes file =
      ElfBuilder()
          .code(".text", 0x1000, 4)
          .section({.name = section, .type = SHT_NOTE, .flags = SHF_ALLOC, .address = 0x2000, .bytes = notes})
          .symbol({.name = "function", .address = 0x1000, .size = 16})
          .build();
  return build_id_of(Image::from_memory(file).value());
}

TEST(BuildId, IsFoundAmongOtherNotes) {
  Bytes notes = note("Linux", 0x101, 5);
  const Bytes other = note("GNU", 5, 8);
  const Bytes ours = note("GNU", NT_GNU_BUILD_ID, 3);
  notes.insert(notes.end(), other.begin(), other.end());
  notes.insert(notes.end(), ours.begin(), ours.end());
  EXPECT_EQ(build_id_with(".notes", notes), "a0a1a2");
  EXPECT_EQ(build_id_with(".note.gnu.build-id", ours), "a0a1a2");
  EXPECT_EQ(build_id_with(".note.other", ours), std::nullopt);
}

TEST(BuildId, IsReadOfALinkersOwn) { EXPECT_EQ(build_id_of(testing::open_image("linux/types_gcc_4")), "5eed00"); }

TEST(BuildId, IsNotReadBeyondItsSection) {
  const Bytes ours = note("GNU", NT_GNU_BUILD_ID, 20);
  EXPECT_TRUE(build_id_with(".notes", ours));
  for (std::size_t size = 1; size < ours.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_FALSE(build_id_with(".notes", Bytes(ours.begin(), ours.begin() + static_cast<std::ptrdiff_t>(size))));
  }
  EXPECT_FALSE(build_id_with(".notes", note("GNU", NT_GNU_BUILD_ID, 65)));
  EXPECT_FALSE(build_id_with(".notes", note("GNU", NT_GNU_BUILD_ID, 0)));
  EXPECT_FALSE(build_id_with(".notes", note("GNX", NT_GNU_BUILD_ID, 20)));
}

}  // namespace
}  // namespace surefoot::tools
