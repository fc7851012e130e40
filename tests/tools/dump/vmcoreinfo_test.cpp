// SPDX-License-Identifier: MIT
#include "dump/vmcoreinfo.hpp"

#include <gtest/gtest.h>

#include "support/dump_builder.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::SparseMemory;
using surefoot::testing::vmcoreinfo_text;

TEST(Vmcoreinfo, ReadsTextsNumbersAndSymbols) {
  const Vmcoreinfo info = Vmcoreinfo::parse(
      "OSRELEASE=6.12.0=x\nNUMBER(VA_BITS)=52\nNUMBER(A)=-184549376\nNUMBER(B)=0xfff0000000000000\n"
      "SYMBOL(_stext)=ffff800080010000\nKERNELOFFSET=314f23000000\nSYMBOL(c)=0x10\nEMPTY=\n");
  EXPECT_EQ(info.text("OSRELEASE"), "6.12.0=x");
  EXPECT_EQ(info.text("EMPTY"), "");
  EXPECT_EQ(info.number("VA_BITS"), 52U);
  EXPECT_EQ(info.number("A"), 0 - std::uint64_t{184549376});
  EXPECT_EQ(info.number("B"), 0xfff0'0000'0000'0000U);
  EXPECT_EQ(info.symbol("_stext"), 0xffff'8000'8001'0000U);
  EXPECT_EQ(info.symbol("c"), 0x10U);
  EXPECT_EQ(info.hexadecimal("KERNELOFFSET"), 0x314f'2300'0000U);
  EXPECT_EQ(info.text("OSRELEAS"), std::nullopt);
  EXPECT_EQ(info.number("_stext"), std::nullopt);
}

TEST(Vmcoreinfo, TakesNoNumberThatIsNotWholeOrTooLarge) {
  const Vmcoreinfo info = Vmcoreinfo::parse(
      "NUMBER(a)=\nNUMBER(b)=12x\nNUMBER(c)=0x\nNUMBER(d)=18446744073709551616\nNUMBER(e)=--1\nSYMBOL(f)=xyz\n"
      "NUMBER(g)= 1\nNUMBER(h)=+1\n");
  for (const std::string_view name : {"a", "b", "c", "d", "e", "g", "h"}) EXPECT_EQ(info.number(name), std::nullopt);
  EXPECT_EQ(info.symbol("f"), std::nullopt);
}

TEST(Vmcoreinfo, TakesTheFirstOfEqualKeysAndLeavesOutOtherLines) {
  const Vmcoreinfo info = Vmcoreinfo::parse(std::string_view("\n=1\nno value\nK=1\nK=2\nL=3\0M=4\n", 31));
  EXPECT_EQ(info.text("K"), "1");
  EXPECT_EQ(info.text("L"), "3");
  EXPECT_EQ(info.text("M"), std::nullopt);
  EXPECT_EQ(info.text(""), std::nullopt);
  EXPECT_EQ(info.text("no value"), std::nullopt);
}

TEST(FindVmcoreinfo, FindsTheTextAtTheStartOfAPage) {
  SparseMemory memory;
  memory.write(0x4000'3000, vmcoreinfo_text());
  memory.write(0x4000'0ff8, std::string_view("OSRELEASE="));
  EXPECT_EQ(find_vmcoreinfo(memory), vmcoreinfo_text());
}

TEST(FindVmcoreinfo, FindsTheTextBehindTheHeaderOfANote) {
  SparseMemory memory;
  memory.write(0x4000'3000 + 24, vmcoreinfo_text());
  EXPECT_EQ(find_vmcoreinfo(memory), vmcoreinfo_text());
}

TEST(FindVmcoreinfo, TakesNoTextThatLacksWhatIsNeeded) {
  SparseMemory memory;
  memory.write(0x4000'1000, std::string_view("OSRELEASE=6\nPAGESIZE=4096\n"));
  memory.write(0x4000'2000, std::string_view("OSRELEASE=6\nSYMBOL(swapper_pg_dir)=ffff\n"));
  memory.write(0x4000'3000, std::string_view("XOSRELEASE=6\nPAGESIZE=4096\nSYMBOL(swapper_pg_dir)=ffff\n"));
  memory.write(0x4000'4008, vmcoreinfo_text());
  EXPECT_EQ(find_vmcoreinfo(memory), std::nullopt);
}

TEST(FindVmcoreinfo, TakesTheLongestOfSeveral) {
  SparseMemory memory;
  memory.write(0x4000'1000, vmcoreinfo_text("A=1\n"));
  memory.write(0x4000'2000, vmcoreinfo_text("A=1\nB=2\n"));
  memory.write(0x4000'3000, vmcoreinfo_text());
  EXPECT_EQ(find_vmcoreinfo(memory), vmcoreinfo_text("A=1\nB=2\n"));
}

TEST(FindVmcoreinfo, GoesOnInTheNextPageAndStopsAtAGap) {
  const std::string more = "LONG=" + std::string(5000, 'x') + "\n";
  SparseMemory memory;
  memory.write(0x4000'1000, vmcoreinfo_text(more));
  EXPECT_EQ(find_vmcoreinfo(memory), vmcoreinfo_text(more));
  memory.forget(0x4000'2000);
  EXPECT_EQ(find_vmcoreinfo(memory), vmcoreinfo_text(more).substr(0, 4096));
}

TEST(FindVmcoreinfo, StopsAtWhatIsNoText) {
  SparseMemory memory;
  memory.write(0x4000'1000, vmcoreinfo_text() + "\x80garbage");
  EXPECT_EQ(find_vmcoreinfo(memory), vmcoreinfo_text());
}

TEST(FindVmcoreinfo, LooksBehindDamagedPages) {
  SparseMemory memory;
  memory.write(0x4000'0000, std::string(0x2000, 'x'));
  memory.write(0x4000'2000, vmcoreinfo_text());
  memory.damage(0x4000'1000);
  EXPECT_EQ(find_vmcoreinfo(memory), vmcoreinfo_text());
}

}  // namespace
}  // namespace surefoot::tools
