// SPDX-License-Identifier: MIT
//
// Opening ELF files: each kind of wrong file gives its own line, and a file that is cut or spoiled anywhere gives a
// line or an image, never worse.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <fstream>
#include <functional>
#include <random>

#include "cfi/cfi.hpp"
#include "elf/frame_entries.hpp"
#include "elf/image.hpp"
#include "support/elf_builder.hpp"
#include "support/frame_builder.hpp"

namespace surefoot::tools {
namespace {

using testing::Bytes;
using testing::ElfBuilder;
using testing::FrameBuilder;
using testing::patch;

// One function in .text, data, .bss, CFI.
ElfBuilder usual() {
  ElfBuilder builder;
  builder.code(".text", 0x1000, 8)
      .section({.name = ".data", .flags = SHF_ALLOC | SHF_WRITE, .address = 0x2000, .bytes = testing::words({1, 2})})
      .section({.name = ".bss",
                .type = SHT_NOBITS,
                .flags = SHF_ALLOC | SHF_WRITE,
                .address = 0x2008,
                .size_without_bytes = 0x100})
      .section(FrameBuilder::eh_frame(0x3000).common().describe(0x1000, 0x20, testing::cfi({0x42, 0x0e, 16})).section())
      .symbol({.name = "main", .address = 0x1000, .size = 0x20})
      .symbol({.name = "table", .address = 0x2000, .size = 8, .type = STT_OBJECT, .section = 2});
  return builder;
}

std::string error_of(const Bytes& file) {
  const auto image = Image::from_memory(file);
  return image ? "" : image.error();
}

// Looks at all that an image has to say.
void use(const Image& image) {
  for (const Function& function : image.functions()) {
    EXPECT_LT(function.start, function.end);
    EXPECT_EQ(image.find_function(function.end - 1), &function);
    for (std::uint64_t at = function.start; at < function.end; at += 4) static_cast<void>(image.instruction_at(at));
  }
  for (const Section& section : image.sections()) {
    static_cast<void>(image.read(section.address, section.size));
    static_cast<void>(image.find_section(section.name));
  }
  for (const Symbol& symbol : image.symbols()) EXPECT_NE(image.find_symbol(symbol.name), nullptr);
  const Cfi cfi(image);
  for (const CfiRow& row : cfi.rows()) EXPECT_EQ(cfi.find(row.start), &row);
}

TEST(Image, SaysWhatIsInAFile) {
  const Bytes file = usual().build();
  const Image image = Image::from_memory(file).value();
  ASSERT_EQ(image.sections().size(), 4U);
  EXPECT_EQ(image.sections()[0].name, ".text");
  EXPECT_TRUE(image.sections()[0].is_executable);
  EXPECT_FALSE(image.sections()[0].is_writable);
  EXPECT_TRUE(image.sections()[1].is_writable);
  EXPECT_EQ(image.sections()[2].size, 0x100U);
  EXPECT_TRUE(image.sections()[2].bytes.empty());
  ASSERT_EQ(image.functions().size(), 1U);
  EXPECT_EQ(image.functions()[0].name, "main");
  ASSERT_EQ(image.symbols().size(), 2U);
  EXPECT_EQ(image.find_symbol("table")->address, 0x2000U);
  EXPECT_EQ(image.find_symbol("chair"), nullptr);
  EXPECT_EQ(image.find_section(".data")->address, 0x2000U);
  EXPECT_EQ(image.find_section(".rodata"), nullptr);
  EXPECT_EQ(image.frame_entries().entries.size(), 1U);
  EXPECT_NE(image.elf(), nullptr);
  use(image);
}

TEST(Image, ReadsWhatTheFileHoldsOfOneSection) {
  const Bytes file = usual().build();
  const Image image = Image::from_memory(file).value();
  EXPECT_EQ(image.read(0x2000, 8).size(), 8U);
  EXPECT_EQ(image.read(0x2004, 4)[0], std::byte{2});
  EXPECT_TRUE(image.read(0x2004, 8).empty()) << "goes on into .bss";
  EXPECT_TRUE(image.read(0x2008, 4).empty()) << ".bss";
  EXPECT_TRUE(image.read(0x1ffc, 8).empty()) << "begins before the section";
  EXPECT_TRUE(image.read(0, 1).empty());
  EXPECT_TRUE(image.read(~std::uint64_t{0}, 1).empty());
  EXPECT_TRUE(image.read(0x2000, ~std::uint64_t{0}).empty());
}

TEST(Image, GivesInstructionsOfCodeOnly) {
  const Bytes file = usual().mapping("$x", 0x1000).mapping("$d.pool", 0x1010).mapping("$x.1", 0x1018).build();
  const Image image = Image::from_memory(file).value();
  EXPECT_EQ(image.instruction_at(0x1000), testing::nop_instruction);
  EXPECT_EQ(image.instruction_at(0x100c), testing::nop_instruction);
  EXPECT_EQ(image.instruction_at(0x1010), std::nullopt);
  EXPECT_EQ(image.instruction_at(0x1014), std::nullopt);
  EXPECT_EQ(image.instruction_at(0x1018), testing::nop_instruction);
  EXPECT_EQ(image.instruction_at(0x101c), testing::nop_instruction);
  EXPECT_EQ(image.instruction_at(0x1020), std::nullopt) << "behind the section";
  EXPECT_EQ(image.instruction_at(0x1002), std::nullopt) << "misaligned";
  EXPECT_EQ(image.instruction_at(0x2000), std::nullopt) << "data";
  EXPECT_EQ(image.symbols().size(), 2U) << "mapping symbols are none";
}

TEST(Image, EndsDataInCodeWithItsSection) {
  const Bytes file =
      usual().code(".init", 0x1020, 4).mapping("$d", 0x101c).symbol({.name = "init", .address = 0x1020}).build();
  const Image image = Image::from_memory(file).value();
  EXPECT_EQ(image.instruction_at(0x101c), std::nullopt);
  EXPECT_EQ(image.instruction_at(0x1020), testing::nop_instruction);
}

TEST(Image, TakesTheLastOfSeveralMappingSymbolsAtOnePlace) {
  const Bytes file = usual().mapping("$d", 0x1008).mapping("$x", 0x1008).build();
  const Image image = Image::from_memory(file).value();
  EXPECT_EQ(image.instruction_at(0x1008), testing::nop_instruction);
}

TEST(Image, TakesNoAddressFromSymbolsOfSectionsThatAreNotLoaded) {
  const Bytes file =
      usual()
          .section({.name = ".debug_line", .bytes = testing::words({1, 2, 3, 4})})
          .symbol({.name = "$d", .address = 0x1008, .type = STT_NOTYPE, .binding = STB_LOCAL, .section = 5})
          .symbol({.name = "line", .address = 0x1008, .type = STT_OBJECT, .section = 5})
          .build();
  const Image image = Image::from_memory(file).value();
  EXPECT_EQ(image.instruction_at(0x1008), testing::nop_instruction);
  EXPECT_EQ(image.symbols().size(), 2U);
}

TEST(Image, PrefersTheGlobalOfTwoSymbolsOfOneName) {
  const Bytes file = usual().symbol({.name = "main", .address = 0x1010, .size = 4, .binding = STB_LOCAL}).build();
  const Image image = Image::from_memory(file).value();
  EXPECT_EQ(image.find_symbol("main")->address, 0x1000U);
}

TEST(Image, RefusesWhatItCannotUseByName) {
  struct Case {
    std::string error;
    std::function<void(Bytes&)> spoil;
  } const cases[] = {
      {"not an ELF file", [](Bytes& file) { file.clear(); }},
      {"not an ELF file", [](Bytes& file) { patch(file, 0, 'x', 1); }},
      {"truncated: the file ends in its ELF header", [](Bytes& file) { file.resize(EI_NIDENT - 1); }},
      {"truncated: the file ends in its ELF header", [](Bytes& file) { file.resize(sizeof(Elf64_Ehdr) - 1); }},
      {"not a 64-bit ELF file", [](Bytes& file) { patch(file, EI_CLASS, ELFCLASS32, 1); }},
      {"not a little-endian ELF file", [](Bytes& file) { patch(file, EI_DATA, ELFDATA2MSB, 1); }},
      {"an unknown version of ELF", [](Bytes& file) { patch(file, EI_VERSION, 2, 1); }},
      {"for another machine: x86-64, not AArch64",
       [](Bytes& file) { patch(file, offsetof(Elf64_Ehdr, e_machine), EM_X86_64, 2); }},
      {"for another machine: number 4711, not AArch64",
       [](Bytes& file) { patch(file, offsetof(Elf64_Ehdr, e_machine), 4711, 2); }},
      {"neither an executable, a shared object nor a relocatable one",
       [](Bytes& file) { patch(file, offsetof(Elf64_Ehdr, e_type), ET_CORE, 2); }},
      {"no sections: the file has no section headers",
       [](Bytes& file) { patch(file, offsetof(Elf64_Ehdr, e_shoff), 0, 8); }},
      {"damaged: section headers of an unknown size",
       [](Bytes& file) { patch(file, offsetof(Elf64_Ehdr, e_shentsize), 40, 2); }},
      {"truncated: the file ends before its section headers",
       [](Bytes& file) { patch(file, offsetof(Elf64_Ehdr, e_shoff), file.size() - 63, 8); }},
      {"truncated: the file ends before its section headers",
       [](Bytes& file) { patch(file, offsetof(Elf64_Ehdr, e_shoff), ~std::uint64_t{7}, 8); }},
      {"truncated: the file ends in its section headers", [](Bytes& file) { file.resize(file.size() - 1); }},
      {"truncated: the file ends in its section headers",
       [](Bytes& file) { patch(file, offsetof(Elf64_Ehdr, e_shnum), 0xff00, 2); }},
      {"truncated: the file ends in its section headers",
       [](Bytes& file) {
         patch(file, offsetof(Elf64_Ehdr, e_shnum), 0, 2);
         patch(file, ElfBuilder::section_header_at(file, 0) + offsetof(Elf64_Shdr, sh_size), ~std::uint64_t{0}, 8);
       }},
      {"damaged: the sections have no table of names",
       [](Bytes& file) { patch(file, offsetof(Elf64_Ehdr, e_shstrndx), 0xfe00, 2); }},
      {"damaged: section 1 has no usable name",
       [](Bytes& file) { patch(file, ElfBuilder::section_header_at(file, 1), 0xffff'ffff, 4); }},
      {"truncated: section 1 goes beyond the end of the file",
       [](Bytes& file) {
         patch(file, ElfBuilder::section_header_at(file, 1) + offsetof(Elf64_Shdr, sh_size), file.size(), 8);
       }},
      {"truncated: section 2 goes beyond the end of the file",
       [](Bytes& file) {
         patch(file, ElfBuilder::section_header_at(file, 2) + offsetof(Elf64_Shdr, sh_offset), ~std::uint64_t{0}, 8);
       }},
      {"damaged: section 1 goes beyond the last address",
       [](Bytes& file) {
         patch(file, ElfBuilder::section_header_at(file, 1) + offsetof(Elf64_Shdr, sh_addr), ~std::uint64_t{15}, 8);
       }},
      {"sections .text and .data overlap at 0x101c",
       [](Bytes& file) {
         patch(file, ElfBuilder::section_header_at(file, 2) + offsetof(Elf64_Shdr, sh_addr), 0x101c, 8);
       }},
      {"no code: no executable section has contents",
       [](Bytes& file) {
         patch(file, ElfBuilder::section_header_at(file, 1) + offsetof(Elf64_Shdr, sh_flags), SHF_ALLOC, 8);
       }},
      {"no code: no executable section has contents",
       [](Bytes& file) {
         patch(file, ElfBuilder::section_header_at(file, 1) + offsetof(Elf64_Shdr, sh_type), SHT_NOBITS, 4);
       }},
      {"damaged: .symtab is no table of symbols",
       [](Bytes& file) {
         patch(file, ElfBuilder::section_header_at(file, 5) + offsetof(Elf64_Shdr, sh_entsize), 16, 8);
       }},
      {"damaged: .symtab is no table of symbols",
       [](Bytes& file) {
         patch(file, ElfBuilder::section_header_at(file, 5) + offsetof(Elf64_Shdr, sh_link), 4711, 4);
       }},
      {"damaged: symbol 1 of .symtab has no usable name",
       [](Bytes& file) { patch(file, ElfBuilder::section_header_at(file, 6) + offsetof(Elf64_Shdr, sh_size), 3, 8); }},
  };
  for (const Case& c : cases) {
    Bytes file = usual().build();
    c.spoil(file);
    EXPECT_EQ(error_of(file), c.error);
  }
}

TEST(Image, RefusesAFileWithoutFunctions) {
  const Bytes file = ElfBuilder().code(".text", 0x1000, 8).build();
  EXPECT_EQ(error_of(file), "no functions: neither symbols nor call frame information tell of any");
}

TEST(Image, RefusesNamesThatWouldFillTheMemory) {
  ElfBuilder builder = usual();
  for (int i = 0; i < 1000; ++i) builder.symbol({.name = i == 0 ? std::string(100'000, 'a') : "b", .address = 0x2000});
  Bytes file = builder.build();
  // All of the symbols from the first long one on now share its name.
  std::uint64_t symbols_at = 0;
  std::memcpy(&symbols_at, file.data() + ElfBuilder::section_header_at(file, 5) + offsetof(Elf64_Shdr, sh_offset), 8);
  std::uint32_t name = 0;
  std::memcpy(&name, file.data() + symbols_at + 3 * sizeof(Elf64_Sym), sizeof(name));
  for (std::size_t i = 4; i < 1003; ++i) patch(file, symbols_at + i * sizeof(Elf64_Sym), name, 4);
  EXPECT_EQ(error_of(file), "damaged: symbol 9 of .symtab has no usable name");
}

TEST(Image, KeepsNamesToOneLineOfText) {
  struct Case {
    std::string name;
    std::string text;
  } const cases[] = {
      {"main.cold", "main.cold"},
      {"two\nlines", "two?lines"},
      {"\x1b[2J", "?[2J"},
      {"gr\xc3\xb6\xc3\x9f"
       "e",
       "gr\xc3\xb6\xc3\x9f"
       "e"},
      {"\xe2\x82\xac\xf0\x9f\x90\xbe", "\xe2\x82\xac\xf0\x9f\x90\xbe"},
      {"gr\xf6\xdf"
       "e",
       "gr??e"},
      {"cut\xe2\x82", "cut??"},
      {"\xc0\xaf", "??"},
      {"\xed\xa0\x80", "???"},
      {"\xf4\x90\x80\x80", "????"},
      {"\xc2\x9b"
       "2J",
       "??2J"},
      {"\x7f", "?"},
  };
  for (const Case& c : cases) {
    const Bytes file = usual().symbol({.name = c.name, .address = 0x2000, .type = STT_OBJECT}).build();
    const Image image = Image::from_memory(file).value();
    EXPECT_NE(image.find_symbol(c.text), nullptr) << c.text;
  }
}

TEST(Image, ToleratesDataThatOverlapsData) {
  Bytes file = usual().build();
  patch(file, ElfBuilder::section_header_at(file, 3) + offsetof(Elf64_Shdr, sh_addr), 0x2004, 8);
  const Image image = Image::from_memory(file).value();
  use(image);
}

TEST(Image, TakesMoreSectionsThanItsHeaderCanTell) {
  Bytes file = usual().build();
  std::uint16_t count = 0;
  std::memcpy(&count, file.data() + offsetof(Elf64_Ehdr, e_shnum), sizeof(count));
  patch(file, offsetof(Elf64_Ehdr, e_shnum), 0, 2);
  patch(file, offsetof(Elf64_Ehdr, e_shstrndx), SHN_XINDEX, 2);
  const std::size_t first = ElfBuilder::section_header_at(file, 0);
  patch(file, first + offsetof(Elf64_Shdr, sh_size), count, 8);
  patch(file, first + offsetof(Elf64_Shdr, sh_link), count - 1U, 4);
  const Image image = Image::from_memory(file).value();
  EXPECT_EQ(image.functions().size(), 1U);
}

TEST(Image, IsSafeWhereverItsFileIsCut) {
  const Bytes whole = usual().build();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // Of exactly this size, so that a sanitizer sees a read behind it.
    const Bytes file(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(error_of(file), "") << size << " bytes";
  }
}

TEST(Image, IsSafeWhicheverByteIsSpoiled) {
  const Bytes whole = usual().mapping("$d", 0x1010).build();
  for (const std::uint64_t value : {0x00U, 0x01U, 0x7fU, 0x80U, 0xffU}) {
    for (std::size_t at = 0; at < whole.size(); ++at) {
      Bytes file = whole;
      patch(file, at, value, 1);
      if (const auto image = Image::from_memory(file)) use(*image);
    }
  }
}

TEST(Image, IsSafeWithRandomDamage) {
  std::random_device device;
  const unsigned seed = device();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const Bytes whole = usual().build();
  const auto below = [&random](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
  };
  for (int round = 0; round < 3000; ++round) {
    Bytes file = whole;
    for (std::size_t count = below(6) + 1; count != 0; --count) {
      const std::size_t at = below(file.size() / 4) * 4;
      patch(file, at, below(2) == 0 ? below(0x4000) : random(), 4);
    }
    if (const auto image = Image::from_memory(file)) use(*image);
  }
}

TEST(Image, OpensFilesByTheirPath) {
  const std::filesystem::path path = std::filesystem::path(::testing::TempDir()) / "surefoot_elf_image_test";
  const Bytes file = usual().build();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  const auto image = Image::open(path);
  std::filesystem::remove(path);
  ASSERT_TRUE(image) << image.error();
  use(*image);
}

TEST(Image, RefusesPathsThatAreNoFiles) {
  EXPECT_EQ(Image::open("/nonexistent/file").error(), "no such file");
  EXPECT_EQ(Image::open("/").error(), "not a regular file");
  EXPECT_EQ(Image::open("/dev/zero").error(), "not a regular file");
}

}  // namespace
}  // namespace surefoot::tools
