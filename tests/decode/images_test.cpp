// SPDX-License-Identifier: MIT
//
// Which instruction of which image a log means.
#include "decode/images.hpp"

#include <gtest/gtest.h>

#include "support/elf_builder.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::Bytes;
using surefoot::testing::ElfBuilder;

// 0x1000: nop, bl, nop, nop. Two functions of one name and size, one of another size, and one with padding behind it.
const Image& kernel_image() {
  static const Bytes file =
      ElfBuilder()
          .section({.name = ".text",
                    .flags = SHF_ALLOC | SHF_EXECINSTR,
                    .address = 0x10000,
                    .bytes = surefoot::testing::words({0xd503'201f, 0x9400'0002, 0xd503'201f, 0xd503'201f, 0xd503'201f,
                                                       0xd503'201f, 0xd503'201f, 0xd503'201f, 0xd503'201f, 0xd503'201f,
                                                       0xd503'201f, 0xd503'201f, 0xd503'201f, 0xd503'201f, 0xd503'201f,
                                                       0xd503'201f})})
          .symbol({.name = "first", .address = 0x10000, .size = 0x10})
          .symbol({.name = "twice", .address = 0x10010, .size = 8, .binding = STB_LOCAL})
          .symbol({.name = "twice", .address = 0x10018, .size = 8, .binding = STB_LOCAL})
          .symbol({.name = "_ZN3net4sendEi", .address = 0x10020, .size = 8})
          .symbol({.name = "twice", .address = 0x10030, .size = 0x10, .binding = STB_LOCAL})
          .build();
  static const Image image = Image::from_memory(file).value();
  return image;
}

Images kernel() { return Images(LoadedImage(kernel_image(), "")); }

LoggedAddress named(std::string_view name, std::uint64_t offset, std::uint64_t size, Role role = Role::exact) {
  return {.value = {},
          .place = NamedPlace{.name = name, .offset = offset, .size = size, .module = {}, .build_id = {}},
          .role = role};
}

TEST(Images, FindAnInstructionByNameAndOffset) {
  Images images = kernel();
  const std::optional<Resolved> found = images.resolve(named("first", 8, 0x10, Role::return_address)).found;
  ASSERT_TRUE(found);
  EXPECT_EQ(found->address, 0x10008u);
  EXPECT_EQ(found->lookup, 0x10004u);
  EXPECT_EQ(found->candidates, 1u);
  EXPECT_EQ(found->other_size, 0u);
}

TEST(Images, KnowNamesInCWithAndWithoutParameters) {
  for (const char* name : {"_ZN3net4sendEi", "net::send(int)", "net::send"}) {
    Images images = kernel();
    const std::optional<Resolved> found = images.resolve(named(name, 4, 8)).found;
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->address, 0x10024u) << name;
  }
}

TEST(Images, ChooseBySizeAmongFunctionsOfOneName) {
  Images images = kernel();
  EXPECT_EQ(images.resolve(named("twice", 4, 0x10)).found->address, 0x10034u);
  const std::optional<Resolved> two = images.resolve(named("twice", 4, 8)).found;
  ASSERT_TRUE(two);
  EXPECT_EQ(two->candidates, 2u);
  // An address tells them apart.
  LoggedAddress second = named("twice", 4, 8);
  second.value = 0x1001c;
  EXPECT_EQ(images.resolve(second).found->address, 0x1001cu);
  EXPECT_EQ(images.resolve(second).found->candidates, 1u);
}

TEST(Images, TakeTheDistanceToTheNextSymbolForASize) {
  Images images = kernel();
  EXPECT_EQ(images.resolve(named("net::send", 4, 0x10)).found->other_size, 0u);
  EXPECT_EQ(images.resolve(named("net::send", 4, 0x14)).found->other_size, 8u);
  EXPECT_EQ(images.resolve(named("net::send", 4, 4)).found->other_size, 8u);
}

TEST(Images, SayWhyNothingIsFound) {
  Images images = kernel();
  EXPECT_EQ(images.resolve(named("none", 4, 8)).reason, Unresolved::no_such_function);
  LoggedAddress of_module = named("first", 4, 0x10);
  of_module.place->module = "driver";
  EXPECT_EQ(images.resolve(of_module).reason, Unresolved::no_such_module);
  const Resolution outside = images.resolve({.value = 0x5000, .place = {}, .role = Role::exact});
  EXPECT_FALSE(outside.found);
  EXPECT_EQ(outside.reason, Unresolved::outside);
}

TEST(Images, TellAReturnAddressByTheCallBeforeIt) {
  Images images = kernel();
  EXPECT_EQ(images.resolve({.value = 0x10008, .place = {}, .role = Role::unsaid}).found->lookup, 0x10004u);
  EXPECT_EQ(images.resolve({.value = 0x1000c, .place = {}, .role = Role::unsaid}).found->lookup, 0x1000cu);
}

TEST(Images, LearnWhereTheKernelWasLoaded) {
  Images images = kernel();
  LoggedAddress address = named("first", 8, 0x10);
  address.value = 0xffff'8000'0001'0008;
  const Resolution moved = images.resolve(address);
  EXPECT_TRUE(moved.is_moved);
  EXPECT_EQ(moved.found->address, 0x10008u);
  EXPECT_EQ(images.all().front().slide(), 0xffff'8000'0000'0000u);
  EXPECT_EQ(images.resolve({.value = 0xffff'8000'0001'0024, .place = {}, .role = Role::exact}).found->address,
            0x10024u);
  EXPECT_FALSE(images.resolve(address).is_moved);
}

TEST(Images, LearnNothingFromASignedReturnAddress) {
  Images images = kernel();
  LoggedAddress address = named("first", 8, 0x10);
  for (const std::uint64_t signed_address : {0x5738'3400'0001'0008U, 0x2b74'8000'0001'0008U}) {
    address.value = signed_address;
    const Resolution resolution = images.resolve(address);
    EXPECT_FALSE(resolution.is_moved);
    EXPECT_EQ(resolution.found->address, 0x10008u);
    EXPECT_EQ(images.all().front().slide(), 0u);
  }
}

TEST(Images, LearnNothingFromAnAddressThatIsNotWholePagesAway) {
  Images images = kernel();
  LoggedAddress address = named("first", 8, 0x10);
  address.value = 0xffff'8000'0001'000c;
  EXPECT_FALSE(images.resolve(address).is_moved);
  EXPECT_EQ(images.all().front().slide(), 0u);
}

TEST(Images, FindModulesByNameAndWhereTheyWereLoaded) {
  Images images = kernel();
  auto module = LoadedImage::open(testing::path_of_image("object/clang"), "driver", 0xffff'8000'7a00'0000);
  ASSERT_TRUE(module) << module.error();
  const Function& function = module->image().functions().front();
  const std::string name = function.name;
  const std::uint64_t start = function.start + module->slide();
  images.add(std::move(*module));
  EXPECT_EQ(images.resolve({.value = start, .place = {}, .role = Role::exact}).found->image->name(), "driver");
  LoggedAddress address = named(name, 4, function.end - function.start);
  address.place->module = "driver";
  EXPECT_EQ(images.resolve(address).found->image->name(), "driver");
}

// elfutils lays the sections of an object out in another way than Image does; the linked image has no such doubt.
TEST(DebugInfo, TellsTheSameOfAnObjectAndOfTheImageLinkedFromIt) {
  auto object = LoadedImage::open(testing::path_of_image("decode/net_object"), "", {});
  auto linked = LoadedImage::open(testing::path_of_image("decode/net"), "", {});
  ASSERT_TRUE(object && linked);
  ASSERT_TRUE(object->image().is_relocatable());
  std::size_t compared = 0;
  for (const Function& function : object->image().functions()) {
    SCOPED_TRACE(function.name);
    const std::vector<NamedCode>& same = linked->find_code(function.name);
    ASSERT_EQ(same.size(), 1u);
    for (std::uint64_t offset = 0; offset < function.end - function.start; offset += 4, ++compared) {
      const std::vector<CodePlace> places = object->debug_info().find(function.start + offset);
      EXPECT_FALSE(places.empty()) << offset;
      EXPECT_EQ(places, linked->debug_info().find(same.front().start + offset)) << offset;
    }
  }
  EXPECT_EQ(compared, 41u);
}

TEST(WithoutParameters, LeavesTheNameAlone) {
  struct Case {
    const char* full;
    const char* bare;
  };
  const Case cases[] = {
      {"net::send(int)", "net::send"},
      {"net::send(int (*)(char)) const", "net::send"},
      {"a::(anonymous namespace)::f(int)", "a::(anonymous namespace)::f"},
      {"a::(anonymous namespace)::f", "a::(anonymous namespace)::f"},
      {"void f<int>(int)", "f<int>"},
      {"A<B (C)>::f<int>(int)", "A<B (C)>::f<int>"},
      {"f(int) [clone .isra.0]", "f"},
      {"plain", "plain"},
      {"", ""},
      {")", ")"},
      {"()", "()"},
  };
  for (const Case& each : cases) EXPECT_EQ(without_parameters(each.full), each.bare) << each.full;
}

}  // namespace
}  // namespace surefoot::tools
