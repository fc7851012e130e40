// SPDX-License-Identifier: MIT
//
// The modules of a dump: names, sections, symbols, and lists that are damaged.
#include "linux/modules.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "linux/module_files.hpp"
#include "linux/walked_world.hpp"
#include "support/dump_world.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::DumpWorld;
using surefoot::testing::is_said;
using surefoot::testing::KernelForm;

class Modules : public ::testing::TestWithParam<KernelForm> {
 protected:
  DumpWorld world_{GetParam()};
  const ModuleLayout& layout_ = *world_.layouts().module;

  ModuleList read() {
    VirtualMemory memory(world_.memory(), world_.tables());
    return read_modules(memory, world_.symbols(), layout_);
  }
  KernelSymbols names_of(const LoadedModule& module) {
    VirtualMemory memory(world_.memory(), world_.tables());
    KernelSymbols names;
    add_names(memory, layout_, module, names);
    names.finish();
    return names;
  }
  bool has_code_of(const LoadedModule& module, const std::string& file) {
    VirtualMemory memory(world_.memory(), world_.tables());
    const auto opened = ModuleFile::open(file);
    return opened && is_its_code(memory, module, (*opened)->image());
  }
};

INSTANTIATE_TEST_SUITE_P(Forms, Modules, ::testing::Values(KernelForm::plain, KernelForm::typed),
                         [](const auto& info) { return std::string(name_of(info.param)); });

TEST_P(Modules, HaveTheirCodeAndSections) {
  EXPECT_TRUE(read().modules.empty());
  const std::uint64_t first = world_.add_module("first");
  const std::uint64_t second = world_.add_module("second");
  const ModuleList list = read();
  EXPECT_TRUE(list.warnings.empty());
  ASSERT_EQ(list.modules.size(), 2U);
  EXPECT_EQ(list.modules[0].name, "first");
  EXPECT_EQ(list.modules[0].text.start(), first);
  EXPECT_EQ(list.modules[0].text.end(), first + 4096);
  EXPECT_EQ(list.modules[1].text.start(), second);
  EXPECT_EQ(list.modules[0].sections.size(), 3U);
  EXPECT_EQ(list.modules[0].sections.at(".text"), first);
  EXPECT_EQ(list.modules[0].sections.at(".plt"), first + 0x800);
}

TEST_P(Modules, HaveTheNamesOfTheirFunctions) {
  const std::uint64_t start = world_.add_module("one");
  const KernelSymbols names = names_of(read().modules.at(0));
  EXPECT_EQ(names.address_of("module_read"), start);
  const auto place = names.find(start + 4);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->name, "module_read");
  EXPECT_EQ(place->offset, 4U);
  // Code that was given back, and is no part of the module any more.
  EXPECT_FALSE(names.address_of("init_module"));
}

TEST_P(Modules, HaveTheCodeOfTheirFileOrNot) {
  const std::uint64_t start = world_.add_module("one");
  const LoadedModule module = read().modules.at(0);
  EXPECT_TRUE(has_code_of(module, world_.module_file()));
  EXPECT_FALSE(has_code_of(module, world_.vmlinux()));
  for (std::uint64_t at = start; at < start + 64; at += 4) world_.write_number(at, 0xd503'201fU);
  EXPECT_FALSE(has_code_of(module, world_.module_file()));
  world_.forget(start);
  EXPECT_FALSE(has_code_of(module, world_.module_file()));
}

TEST_P(Modules, AreLeftOutWhileTheyAreLoaded) {
  world_.add_module("one");
  const std::uint64_t module = read().modules.at(0).address;
  world_.write_number(module + layout_.text_size, 0U);
  EXPECT_TRUE(read().modules.empty());
}

TEST_P(Modules, ComeOnceWhereTheListLeadsBackToItsMiddle) {
  world_.add_module("first");
  world_.add_module("second");
  const ModuleList whole = read();
  world_.write_word(whole.modules[1].address + layout_.list, whole.modules[0].address + layout_.list);
  const ModuleList list = read();
  EXPECT_EQ(list.modules.size(), 2U);
  EXPECT_TRUE(is_said(list.warnings, "the list of modules is damaged"));
}

TEST_P(Modules, EndWhereTheListCannotBeRead) {
  world_.add_module("first");
  world_.add_module("second");
  world_.write_word(read().modules[0].address + layout_.list, 0xffff'0000'0000'0000);
  const ModuleList list = read();
  EXPECT_EQ(list.modules.size(), 1U);
  EXPECT_TRUE(is_said(list.warnings, "the list of modules is damaged"));
}

TEST_P(Modules, AreNoneWithoutTheirSymbol) {
  VirtualMemory memory(world_.memory(), world_.tables());
  KernelSymbols none;
  none.finish();
  EXPECT_TRUE(is_said(read_modules(memory, none, layout_).warnings, "the symbol modules is missing"));
}

TEST_P(Modules, HaveAsManySectionsAndNamesAsCanBeRead) {
  world_.add_module("one");
  const std::uint64_t module = read().modules.at(0).address;
  const std::uint64_t attributes = world_.word(module + *layout_.sections);
  if (layout_.section_count) world_.write_number(attributes + *layout_.section_count, 0xffff'ffffU);
  const std::uint64_t second = attributes + layout_.section_array + layout_.section_size;
  world_.write_word(second + layout_.section_name, 0xffff'0000'0000'0000);
  EXPECT_EQ(read().modules.at(0).sections.count(".text"), 1U);
  const std::uint64_t names = world_.word(module + *layout_.names);
  world_.write_number(names + layout_.symbol_count, 0xffff'ffffU);
  EXPECT_TRUE(names_of(read().modules.at(0)).address_of("module_read"));
  world_.write_word(module + *layout_.sections, 0xffff'0000'0000'0000);
  world_.write_word(module + *layout_.names, 0xffff'0000'0000'0000);
  EXPECT_TRUE(read().modules.at(0).sections.empty());
  EXPECT_EQ(names_of(read().modules.at(0)).count(), 0U);
}

}  // namespace
}  // namespace surefoot::tools
