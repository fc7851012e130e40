// SPDX-License-Identifier: MIT
//
// The kernel's own table of symbols, in each form that a version has given it, and damaged.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "linux/kallsyms_builder.hpp"
#include "linux/symbols.hpp"

namespace surefoot::tools {
namespace {

using testing::Kallsyms;
using testing::KallsymsForm;
using testing::make_kallsyms;

constexpr std::uint64_t text = 0xffff'8000'8000'0000;

std::vector<std::pair<std::string, std::uint64_t>> some_symbols() {
  return {{"T_text", text},
          {"T_stext", text + 0x1000},
          {"t__pi_$x", text + 0x1000},
          {"Tschedule", text + 0x1000},
          {"tschedule_tail", text + 0x1040},
          {"dinit_task_struct", text + 0x2000},
          {"Ddata", text + 0x2040}};
}

class InEachForm : public ::testing::TestWithParam<KallsymsForm> {};
INSTANTIATE_TEST_SUITE_P(Kallsyms, InEachForm,
                         ::testing::Values(KallsymsForm::upwards, KallsymsForm::downwards, KallsymsForm::placed));

TEST_P(InEachForm, EverySymbolIsFoundByNameAndFunctionsByAddress) {
  const Kallsyms table = make_kallsyms(some_symbols(), GetParam());
  const auto symbols = read_kallsyms(table.reader(), table.place);
  ASSERT_TRUE(symbols) << symbols.error();
  EXPECT_EQ(symbols->count(), 7U);
  for (const auto& [name, address] : some_symbols()) {
    SCOPED_TRACE(name);
    EXPECT_EQ(symbols->address_of(name.substr(1)), address);
  }
  const auto place = symbols->find(text + 0x1044);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->name, "schedule_tail");
  EXPECT_EQ(place->offset, 4U);
  EXPECT_EQ(place->size, 0xfc0U);
  EXPECT_FALSE(symbols->find(text + 0x2000));
}

TEST(Kallsyms, NamesTheFirstOfSeveralFunctionsAndNoMappingSymbol) {
  const Kallsyms table = make_kallsyms({{"t$x", text}, {"Wfirst", text}, {"Tsecond", text}, {"Tend", text + 8}});
  const auto symbols = read_kallsyms(table.reader(), table.place);
  ASSERT_TRUE(symbols);
  ASSERT_TRUE(symbols->find(text + 4));
  EXPECT_EQ(symbols->find(text + 4)->name, "first");
}

TEST(Kallsyms, ReadsAddressesThatDoNotCountFromTheBase) {
  // Per-CPU data of kernels that are configured so: the offset is the address.
  const Kallsyms table =
      make_kallsyms({{"Apercpu_start", 0}, {"Arunqueues", 0x9000}, {"Tfirst", text}, {"Tlast", text + 0x40}},
                    KallsymsForm::downwards);
  const auto symbols = read_kallsyms(table.reader(), table.place);
  ASSERT_TRUE(symbols) << symbols.error();
  EXPECT_EQ(symbols->address_of("runqueues"), 0x9000U);
  EXPECT_EQ(symbols->address_of("first"), text);
}

TEST(Kallsyms, ReadsNamesOfTwoLengthBytes) {
  const std::string name(500, 'n');
  const Kallsyms table = make_kallsyms({{"T" + name, text}, {"Tnext", text + 4}});
  const auto symbols = read_kallsyms(table.reader(), table.place);
  ASSERT_TRUE(symbols) << symbols.error();
  EXPECT_EQ(symbols->address_of(name), text);
  EXPECT_EQ(symbols->address_of("next"), text + 4);
}

TEST(Kallsyms, RefusesNamesThatNoKernelHas) {
  const Kallsyms longest = make_kallsyms({{"T" + std::string(1023, 'n'), text}});
  EXPECT_TRUE(read_kallsyms(longest.reader(), longest.place));
  for (const std::string& name : {std::string("T"), "T" + std::string(1024, 'n'), "T" + std::string(5000, 'n')}) {
    const Kallsyms table = make_kallsyms({{name, text}});
    const auto symbols = read_kallsyms(table.reader(), table.place);
    ASSERT_FALSE(symbols);
    EXPECT_EQ(symbols.error(), "kallsyms: a name of no sound length");
  }
}

TEST(Kallsyms, HasNoCharactersThatMoveACursor) {
  const Kallsyms table = make_kallsyms({{"Ta\x1b[2Jb", text}});
  const auto symbols = read_kallsyms(table.reader(), table.place);
  ASSERT_TRUE(symbols);
  EXPECT_EQ(symbols->address_of("a?[2Jb"), text);
}

TEST(Kallsyms, IsRefusedIfAPartIsNotInTheMemory) {
  const Kallsyms whole = make_kallsyms(some_symbols());
  const struct {
    std::uint64_t part;
    const char* error;
  } parts[] = {{whole.place.count, "kallsyms: its count is not in the memory"},
               {whole.place.token_index, "kallsyms: its index of tokens is not in the memory"},
               {whole.place.token_table, "kallsyms: its tokens are not in the memory"},
               {whole.place.offsets, "kallsyms: its addresses are not all in the memory"},
               {whole.place.names, "kallsyms: its names are not all in the memory"}};
  for (const auto& part : parts) {
    Kallsyms table = whole;
    table.memory.erase(part.part);
    const auto symbols = read_kallsyms(table.reader(), table.place);
    ASSERT_FALSE(symbols);
    EXPECT_EQ(symbols.error(), part.error);
  }
  Kallsyms table = whole;
  table.place.relative_base = 0x1000;
  const auto symbols = read_kallsyms(table.reader(), table.place);
  ASSERT_FALSE(symbols);
  EXPECT_EQ(symbols.error(), "kallsyms: its base is not in the memory");
}

TEST(Kallsyms, IsRefusedWithACountThatNoKernelHas) {
  for (const std::uint32_t count : {0U, 1'000'001U, 0xffff'ffffU}) {
    Kallsyms table = make_kallsyms(some_symbols());
    std::memcpy(table.part(table.place.count).data(), &count, sizeof count);
    const auto symbols = read_kallsyms(table.reader(), table.place);
    ASSERT_FALSE(symbols);
    EXPECT_EQ(symbols.error(), "kallsyms: " + std::to_string(count) + " symbols");
  }
}

TEST(Kallsyms, IsRefusedIfItsAddressesAreNotSorted) {
  Kallsyms table = make_kallsyms(some_symbols());
  table.part(table.place.offsets)[0] = std::byte{0xff};
  table.part(table.place.offsets)[1] = std::byte{0xff};
  const auto symbols = read_kallsyms(table.reader(), table.place);
  ASSERT_FALSE(symbols);
  EXPECT_EQ(symbols.error(), "kallsyms: its addresses are not sorted: damaged, or of an unknown format");
}

TEST(Kallsyms, IsRefusedWithATokenWithoutAnEnd) {
  Kallsyms table = make_kallsyms(some_symbols());
  for (std::byte& byte : table.part(table.place.token_table)) byte = std::byte{'x'};
  const auto symbols = read_kallsyms(table.reader(), table.place);
  ASSERT_FALSE(symbols);
  EXPECT_EQ(symbols.error(), "kallsyms: a token without an end");
}

// What VMCOREINFO says, as far as it is asked here.
struct Info {
  const KallsymsPlace& place;
  bool has_base = true;
  bool has_names = true;
  [[nodiscard]] std::optional<std::uint64_t> symbol(std::string_view name) const {
    if (name == "kallsyms_names" && has_names) return place.names;
    if (name == "kallsyms_num_syms") return place.count;
    if (name == "kallsyms_token_table") return place.token_table;
    if (name == "kallsyms_token_index") return place.token_index;
    if (name == "kallsyms_offsets") return place.offsets;
    if (name == "kallsyms_relative_base" && has_base) return place.relative_base;
    return std::nullopt;
  }
};

TEST(Kallsyms, IsFoundByWhatVmcoreinfoSays) {
  Kallsyms table = make_kallsyms(some_symbols());
  const auto symbols = symbols_of_kallsyms(table, Info{.place = table.place});
  ASSERT_TRUE(symbols) << symbols.error();
  EXPECT_EQ(symbols->address_of("schedule"), text + 0x1000);
  Kallsyms placed = make_kallsyms(some_symbols(), KallsymsForm::placed);
  EXPECT_TRUE(symbols_of_kallsyms(placed, Info{.place = placed.place, .has_base = false}));
  EXPECT_FALSE(symbols_of_kallsyms(table, Info{.place = table.place, .has_names = false}));
}

}  // namespace
}  // namespace surefoot::tools
