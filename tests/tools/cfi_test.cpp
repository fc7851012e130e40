// SPDX-License-Identifier: MIT
//
// Call frame instructions, one by one, from their bytes; then entries that are wrong, overlap, or are in both sections.
#include "cfi/cfi.hpp"

#include <dwarf.h>
#include <gtest/gtest.h>

#include <ostream>

#include "elf/frame_entries.hpp"
#include "support/elf_builder.hpp"
#include "support/frame_builder.hpp"

namespace surefoot::tools {
namespace {

using testing::Bytes;
using testing::cfi;
using testing::ElfBuilder;
using testing::FrameBuilder;
using Kind = CfiPlace::Kind;

constexpr std::uint64_t code_at = 0x10000;
constexpr std::size_t code_words = 0x8000;

Cfi cfi_of(std::initializer_list<FrameBuilder> frames) {
  ElfBuilder builder;
  builder.code(".text", code_at, code_words).symbol({.name = "function", .address = code_at});
  for (const FrameBuilder& frame : frames) builder.section(frame.section());
  const Bytes file = builder.build();
  return Cfi(Image::from_memory(file).value());
}

FrameBuilder eh_frame() { return FrameBuilder::eh_frame(0x80000); }

// A row as text: bounds in instructions from the start of the code, CFA, return address, frame pointer.
std::string to_text(const CfiPlace& place) {
  switch (place.kind) {
    case Kind::same_value: return "same";
    case Kind::undefined: return "undefined";
    case Kind::at_cfa: return "c" + std::to_string(place.number);
    case Kind::in_register: return "x" + std::to_string(place.number);
    case Kind::unsupported: return "unsupported";
  }
  return "";
}

std::string to_text(const CfiRow& row) {
  const std::string cfa = row.has_cfa
                              ? (row.cfa_register == sp_number ? "sp" : "x" + std::to_string(row.cfa_register)) + "+" +
                                    std::to_string(row.cfa_offset)
                              : "expression";
  return std::to_string((row.start - code_at) / 4) + "-" + std::to_string((row.end - code_at) / 4) + " " + cfa +
         " ra " + to_text(row.ra) + " fp " + to_text(row.fp) + (row.is_signed ? " signed" : "") +
         (row.is_signal_frame ? " signal" : "");
}

using Texts = std::vector<std::string>;

Texts to_texts(const Cfi& cfi) {
  Texts texts;
  for (const CfiRow& row : cfi.rows()) texts.push_back(to_text(row));
  return texts;
}

// The rows of an FDE of 0x4000 instructions.
Texts rows_of(const Bytes& instructions) {
  const Cfi result = cfi_of({eh_frame().common().describe(code_at, 0x4000 * 4, instructions)});
  Texts texts = to_texts(result);
  if (result.faulty_entries() != 0) texts.emplace_back("faulty");
  return texts;
}

TEST(Cfi, FollowsAUsualFunction) {
  // stp x29, x30, [sp, #-32]!; mov x29, sp; ...; ldp x29, x30, [sp], #32
  const Bytes instructions = cfi({0x41, DW_CFA_def_cfa_offset, 32, 0x80 | 29, 4, 0x80 | 30, 3,  //
                                  0x41, DW_CFA_def_cfa_register, 29,                            //
                                  0x4a, 0xc0 | 30, 0xc0 | 29, DW_CFA_def_cfa, 31, 0, DW_CFA_nop});
  EXPECT_EQ(rows_of(instructions), (Texts{
                                       "0-1 sp+0 ra same fp same",
                                       "1-2 sp+32 ra c-24 fp c-32",
                                       "2-12 x29+32 ra c-24 fp c-32",
                                       "12-16384 sp+0 ra same fp same",
                                   }));
}

TEST(Cfi, AdvancesByEachOfItsInstructions) {
  EXPECT_EQ(
      rows_of(cfi({0x7f,
                   DW_CFA_def_cfa_offset,
                   1,  //
                   DW_CFA_advance_loc1,
                   0xff,
                   DW_CFA_def_cfa_offset,
                   2,  //
                   DW_CFA_advance_loc2,
                   0x00,
                   0x01,
                   DW_CFA_def_cfa_offset,
                   3,  //
                   DW_CFA_advance_loc4,
                   0x00,
                   0x02,
                   0x00,
                   0x00,
                   DW_CFA_def_cfa_offset,
                   4,
                   DW_CFA_MIPS_advance_loc8,
                   0x00,
                   0x03,
                   0,
                   0,
                   0,
                   0,
                   0,
                   0,
                   DW_CFA_def_cfa_offset,
                   5})),
      (Texts{"0-63 sp+0 ra same fp same", "63-318 sp+1 ra same fp same", "318-574 sp+2 ra same fp same",
             "574-1086 sp+3 ra same fp same", "1086-1854 sp+4 ra same fp same", "1854-16384 sp+5 ra same fp same"}));
}

TEST(Cfi, AdvancesToAnAddress) {
  const FrameBuilder absolute =
      FrameBuilder::debug_frame().common().describe(code_at, 0x100,
                                                    cfi({DW_CFA_set_loc, 0x20, 0x00, 0x01, 0, 0, 0, 0, 0,  // 0x10020
                                                         DW_CFA_def_cfa_offset, 16}));
  EXPECT_EQ(to_texts(cfi_of({absolute})), (Texts{"0-8 sp+0 ra same fp same", "8-64 sp+16 ra same fp same"}));

  // The operand is relative to itself: behind the two lengths, the CIE's place, start, size and the opcode.
  FrameBuilder relative = eh_frame().common();
  const std::uint64_t operand_at = 0x80000 + relative.bytes().size() + 4 + 4 + 4 + 4 + 1 + 1;
  Bytes instructions = cfi({DW_CFA_set_loc});
  testing::append(instructions, code_at + 0x20 - operand_at, 4);
  instructions.push_back(std::byte{DW_CFA_def_cfa_offset});
  instructions.push_back(std::byte{16});
  relative.describe(code_at, 0x100, instructions);
  EXPECT_EQ(to_texts(cfi_of({relative})), (Texts{"0-8 sp+0 ra same fp same", "8-64 sp+16 ra same fp same"}));
}

TEST(Cfi, KnowsWhereEachInstructionPutsARegister) {
  struct Case {
    std::string row;
    Bytes instructions;
  } const cases[] = {
      {"sp+0 ra c-8 fp same", cfi({0x80 | 30, 1})},
      {"sp+0 ra same fp c-16", cfi({DW_CFA_offset_extended, 29, 2})},
      {"sp+0 ra c8 fp same", cfi({DW_CFA_offset_extended_sf, 30, 0x7f})},
      {"sp+0 ra c1032 fp same", cfi({DW_CFA_offset_extended_sf, 30, 0xff, 0x7e})},
      {"sp+0 ra c16 fp same", cfi({DW_CFA_GNU_negative_offset_extended, 30, 2})},
      {"sp+0 ra undefined fp same", cfi({DW_CFA_undefined, 30})},
      {"sp+0 ra same fp undefined", cfi({DW_CFA_undefined, 29})},
      {"sp+0 ra same fp same", cfi({DW_CFA_undefined, 30, DW_CFA_same_value, 30})},
      {"sp+0 ra x9 fp same", cfi({DW_CFA_register, 30, 9})},
      {"sp+0 ra unsupported fp same", cfi({DW_CFA_register, 30, 64})},
      {"sp+0 ra unsupported fp same", cfi({DW_CFA_val_offset, 30, 1})},
      {"sp+0 ra same fp unsupported", cfi({DW_CFA_val_offset_sf, 29, 1})},
      {"sp+0 ra unsupported fp same", cfi({DW_CFA_expression, 30, 2, DW_CFA_undefined, 29})},
      {"sp+0 ra same fp unsupported", cfi({DW_CFA_val_expression, 29, 1, 0x96})},
      {"sp+0 ra same fp same", cfi({0x80 | 19, 2, DW_CFA_offset_extended, 72, 4, DW_CFA_expression, 20, 0})},
      {"sp+0 ra same fp same", cfi({0x80 | 30, 1, DW_CFA_restore_extended, 30})},
      {"sp+0 ra same fp same", cfi({0x80 | 29, 1, 0xc0 | 29})},
      {"x29+0 ra same fp same", cfi({DW_CFA_def_cfa_register, 29})},
      {"x9+128 ra same fp same", cfi({DW_CFA_def_cfa, 9, 0x80, 0x01})},
      {"x29+16 ra same fp same", cfi({DW_CFA_def_cfa_sf, 29, 0x7e})},
      {"sp+8 ra same fp same", cfi({DW_CFA_def_cfa_offset_sf, 0x7f})},
      {"expression ra same fp same", cfi({DW_CFA_def_cfa_expression, 3, 0x8f, 0x10, 0x22})},
      {"sp+16 ra same fp same", cfi({DW_CFA_def_cfa_expression, 0, DW_CFA_def_cfa, 31, 16})},
      {"sp+0 ra same fp same", cfi({DW_CFA_GNU_args_size, 0x80, 0x01})},
      {"sp+0 ra same fp same signed", cfi({0x2d})},
      {"sp+0 ra same fp same", cfi({0x2d, 0x2d})},
      {"sp+0 ra unsupported fp same", cfi({DW_CFA_val_expression, 34, 1, 0x31})},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.row);
    EXPECT_EQ(rows_of(c.instructions), Texts{"0-16384 " + c.row});
  }
}

// Where the instruction that signs stands, and so of what is behind it [aadwarf64 §4.4].
TEST(Cfi, M8_HasTheReturnAddressSignedBehindTheInstructionThatSignsItWithThePc) {
  EXPECT_EQ(rows_of(cfi({0x2c})), (Texts{"0-1 sp+0 ra same fp same", "1-16384 sp+0 ra same fp same signed"}));
  EXPECT_EQ(rows_of(cfi({0x42, 0x2c, 0x44, 0x2c})),
            (Texts{"0-2 sp+0 ra same fp same", "2-3 sp+0 ra same fp same", "3-6 sp+0 ra same fp same signed",
                   "6-16384 sp+0 ra same fp same"}));
}

TEST(Cfi, RemembersAndRestoresAllOfAState) {
  const Bytes instructions = cfi({0x2d,
                                  0x80 | 30,
                                  1,
                                  DW_CFA_def_cfa,
                                  29,
                                  16,
                                  DW_CFA_remember_state,  //
                                  0x41,
                                  0x2d,
                                  0xc0 | 30,
                                  DW_CFA_def_cfa,
                                  31,
                                  0,
                                  DW_CFA_remember_state,  //
                                  0x41,
                                  DW_CFA_undefined,
                                  30,  //
                                  0x41,
                                  DW_CFA_restore_state,  //
                                  0x41,
                                  DW_CFA_restore_state});
  EXPECT_EQ(rows_of(instructions),
            (Texts{"0-1 x29+16 ra c-8 fp same signed", "1-2 sp+0 ra same fp same", "2-3 sp+0 ra undefined fp same",
                   "3-4 sp+0 ra same fp same", "4-16384 x29+16 ra c-8 fp same signed"}));
}

TEST(Cfi, BeginsWithTheRulesOfTheCieAndRestoresThem) {
  FrameBuilder::Common common;
  common.instructions = cfi({DW_CFA_def_cfa, 29, 16, 0x80 | 30, 1, 0x80 | 29, 2, 0x2d});
  const FrameBuilder frame = eh_frame().common(common).describe(
      code_at, 8, cfi({DW_CFA_same_value, 30, 0x80 | 29, 9, 0x41, 0xc0 | 30, 0xc0 | 29}));
  EXPECT_EQ(to_texts(cfi_of({frame})),
            (Texts{"0-1 x29+16 ra same fp c-72 signed", "1-2 x29+16 ra c-8 fp c-16 signed"}));
}

TEST(Cfi, UnderstandsTheLettersOfAnAugmentation) {
  const std::uint8_t absolute = DW_EH_PE_absptr;
  const std::uint8_t relative4 = DW_EH_PE_pcrel | DW_EH_PE_sdata4;
  struct Case {
    std::string augmentation;
    std::uint8_t encoding;
    std::string row;
  } const cases[] = {
      {"", absolute, "0-4 sp+0 ra same fp same"},
      {"z", absolute, "0-4 sp+0 ra same fp same"},
      {"zR", relative4, "0-4 sp+0 ra same fp same"},
      {"zR", DW_EH_PE_pcrel | DW_EH_PE_sdata8, "0-4 sp+0 ra same fp same"},
      {"zR", DW_EH_PE_udata4, "0-4 sp+0 ra same fp same"},
      {"zRS", relative4, "0-4 sp+0 ra same fp same signal"},
      {"zRB", relative4, "0-4 sp+0 ra same fp same"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.augmentation);
    const FrameBuilder::Common common{.augmentation = c.augmentation, .pointer_encoding = c.encoding};
    EXPECT_EQ(to_texts(cfi_of({eh_frame().common(common).describe(code_at, 16)})), Texts{c.row});
  }
}

TEST(Cfi, LeavesOutAddressesThatOnlyALinkerKnows) {
  for (const unsigned encoding :
       std::initializer_list<unsigned>{DW_EH_PE_datarel | DW_EH_PE_sdata4, DW_EH_PE_indirect | DW_EH_PE_sdata4,
                                       DW_EH_PE_aligned | DW_EH_PE_sdata4, DW_EH_PE_pcrel | 0x07, DW_EH_PE_omit}) {
    SCOPED_TRACE(encoding);
    const FrameBuilder::Common common{.pointer_encoding = static_cast<std::uint8_t>(encoding)};
    const Cfi result = cfi_of({eh_frame().common(common).describe(code_at, 16)});
    EXPECT_EQ(to_texts(result), Texts{});
    EXPECT_EQ(result.faulty_entries(), 1U);
  }
}

TEST(Cfi, TakesAnotherColumnForTheReturnAddress) {
  const FrameBuilder::Common common{.return_address_register = 15};
  EXPECT_EQ(to_texts(cfi_of({eh_frame().common(common).describe(code_at, 8, cfi({0x41, 0x80 | 15, 1}))})),
            (Texts{"0-1 sp+0 ra x15 fp same", "1-2 sp+0 ra c-8 fp same"}));
}

TEST(Cfi, LeavesOutAWholeEntryWithAFault) {
  const Bytes cases[] = {
      cfi({DW_CFA_restore_state}),
      cfi({0x41, 0x3e}),                                                 // no such instruction
      cfi({0x41, DW_CFA_def_cfa_offset, 0x80, 0x80, 0x80, 0x80, 0x80}),  // without an end, nor room for a NOP
      cfi({0x41, DW_CFA_expression, 30, 0x7f}),                          // a block that goes beyond the entry
      cfi({DW_CFA_advance_loc4, 0xff, 0xff, 0xff, 0xff}),                // beyond the function
      cfi({DW_CFA_set_loc, 0, 0, 0, 0}),                                 // before it
      cfi({DW_CFA_def_cfa, 32, 0}),                                      // no such register
      cfi({DW_CFA_def_cfa_expression, 0, DW_CFA_def_cfa_offset, 8}),     // an offset to nothing
      cfi({DW_CFA_def_cfa_offset, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}),
      cfi({DW_CFA_def_cfa_offset, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02}),
      cfi({DW_CFA_offset_extended_sf, 30, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f}),
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    SCOPED_TRACE(i);
    // All FDEs around it stay.
    const Cfi result = cfi_of(
        {eh_frame().common().describe(code_at, 16).describe(code_at + 16, 16, cases[i]).describe(code_at + 32, 16)});
    EXPECT_EQ(to_texts(result), (Texts{"0-4 sp+0 ra same fp same", "8-12 sp+0 ra same fp same"}));
    EXPECT_EQ(result.faulty_entries(), 1U);
  }
}

TEST(Cfi, RefusesToRememberWithoutBound) {
  Bytes instructions(256, std::byte{DW_CFA_remember_state});
  EXPECT_EQ(rows_of(instructions), Texts{"0-16384 sp+0 ra same fp same"});
  instructions.push_back(std::byte{DW_CFA_remember_state});
  EXPECT_EQ(rows_of(instructions), Texts{"faulty"});
}

TEST(Cfi, RefusesToChangeBetweenInstructions) {
  const FrameBuilder::Common common{.code_factor = 1};
  const Cfi result = cfi_of({eh_frame().common(common).describe(code_at, 16, cfi({0x42}))});
  EXPECT_EQ(to_texts(result), Texts{});
  EXPECT_EQ(result.faulty_entries(), 1U);
}

TEST(Cfi, LeavesOutAllEntriesOfAFaultyCie) {
  const FrameBuilder::Common wrong_instruction{.instructions = cfi({0x3e})};
  const FrameBuilder::Common advancing{.instructions = cfi({0x41})};
  const FrameBuilder::Common unknown_letter{.augmentation = "zRX"};
  const FrameBuilder::Common old_kind{.augmentation = "eh"};
  for (const FrameBuilder::Common& common : {wrong_instruction, advancing, unknown_letter, old_kind}) {
    SCOPED_TRACE(common.augmentation);
    const Cfi result = cfi_of({eh_frame()
                                   .common(common)
                                   .describe(code_at, 16)
                                   .describe(code_at + 16, 16)
                                   .common()
                                   .describe(code_at + 32, 16)});
    EXPECT_EQ(to_texts(result), Texts{"8-12 sp+0 ra same fp same"});
    EXPECT_GE(result.faulty_entries(), 2U);
  }
}

TEST(Cfi, StopsAtALengthThatGoesBeyondTheSection) {
  const Cfi result = cfi_of(
      {eh_frame().common().describe(code_at, 16).raw(testing::words({0x1000, 0, 0, 0})).describe(code_at + 16, 16)});
  EXPECT_EQ(to_texts(result), Texts{"0-4 sp+0 ra same fp same"});
  EXPECT_EQ(result.faulty_entries(), 1U);
}

TEST(Cfi, StopsAtATerminator) {
  const Cfi result = cfi_of({eh_frame().common().describe(code_at, 16).raw(testing::words({0}))});
  EXPECT_EQ(to_texts(result), Texts{"0-4 sp+0 ra same fp same"});
  EXPECT_EQ(result.faulty_entries(), 0U);
}

TEST(Cfi, LeavesOutWhatDescribesNoCode) {
  const Cfi result = cfi_of({eh_frame()
                                 .common()
                                 .describe(0x5000, 16)
                                 .describe(code_at + 4 * code_words - 16, 32)
                                 .describe(code_at + 2, 16)
                                 .describe(code_at - 16, 32)
                                 .describe(code_at + 32, 16)
                                 .describe(code_at + 48, 0)});  // empty: no fault
  EXPECT_EQ(to_texts(result), Texts{"8-12 sp+0 ra same fp same"});
  EXPECT_EQ(result.faulty_entries(), 4U);
}

TEST(Cfi, KnowsWhatALinkerLeavesOfCodeThatItDropped) {
  const Cfi result =
      cfi_of({FrameBuilder::debug_frame().common().describe(0, 16).describe(0, 48).describe(code_at, 16)});
  EXPECT_EQ(to_texts(result), Texts{"0-4 sp+0 ra same fp same"});
  EXPECT_EQ(result.faulty_entries(), 0U);
}

TEST(Cfi, LeavesOutEntriesThatContradictEachOther) {
  const Bytes other = cfi({DW_CFA_def_cfa_offset, 16});
  const Cfi result = cfi_of({eh_frame()
                                 .common()
                                 .describe(code_at, 16)
                                 .describe(code_at + 32, 16)
                                 .describe(code_at + 32, 16)  // says the same
                                 .describe(code_at + 64, 16)
                                 .describe(code_at + 64, 16, other)
                                 .describe(code_at + 96, 32)
                                 .describe(code_at + 112, 32)
                                 .describe(code_at + 128, 64)
                                 .describe(code_at + 192, 16)});
  EXPECT_EQ(to_texts(result),
            (Texts{"0-4 sp+0 ra same fp same", "8-12 sp+0 ra same fp same", "48-52 sp+0 ra same fp same"}));
  EXPECT_EQ(result.faulty_entries(), 5U);
}

TEST(Cfi, PrefersEhFrameToDebugFrame) {
  const Bytes other = cfi({DW_CFA_def_cfa_offset, 16});
  const Cfi result = cfi_of({FrameBuilder::debug_frame()
                                 .common()
                                 .describe(code_at, 16, other)
                                 .describe(code_at + 16, 16, other)
                                 .describe(code_at + 32, 32, other),
                             eh_frame().common().describe(code_at, 16).describe(code_at + 48, 16)});
  EXPECT_EQ(to_texts(result),
            (Texts{"0-4 sp+0 ra same fp same", "4-8 sp+16 ra same fp same", "12-16 sp+0 ra same fp same"}));
  EXPECT_EQ(result.faulty_entries(), 0U);
}

// A zlib stream that holds its bytes as they are, behind the header that ELF puts before one [gabi, Section
// compression].
Bytes compressed(const Bytes& bytes, std::uint64_t claimed_size) {
  Bytes result;
  testing::append(result, ELFCOMPRESS_ZLIB, 4);
  testing::append(result, 0, 4);
  testing::append(result, claimed_size, 8);
  testing::append(result, 1, 8);
  testing::append(result, 0x0178, 2);  // deflate, no dictionary
  testing::append(result, 1, 1);       // the last block, stored
  testing::append(result, bytes.size(), 2);
  testing::append(result, ~bytes.size() & 0xffff, 2);
  result.insert(result.end(), bytes.begin(), bytes.end());
  std::uint32_t low = 1;  // Adler-32
  std::uint32_t high = 0;
  for (const std::byte byte : bytes) {
    low = (low + std::to_integer<std::uint32_t>(byte)) % 65521;
    high = (high + low) % 65521;
  }
  for (const std::uint32_t sum : {high, low}) {
    testing::append(result, sum >> 8, 1);
    testing::append(result, sum & 0xff, 1);
  }
  return result;
}

Texts rows_of_compressed(std::uint64_t excess) {
  ElfBuilder::SectionSpec section = FrameBuilder::debug_frame().common().describe(code_at, 16).section();
  section.flags = SHF_COMPRESSED;
  section.bytes = compressed(section.bytes, section.bytes.size() + excess);
  ElfBuilder builder;
  builder.code(".text", code_at, 16).section(section).symbol({.name = "function", .address = code_at});
  const Bytes file = builder.build();
  return to_texts(Cfi(Image::from_memory(file).value()));
}

TEST(Cfi, ReadsACompressedSection) { EXPECT_EQ(rows_of_compressed(0), Texts{"0-4 sp+0 ra same fp same"}); }

TEST(Cfi, DoesNotBelieveTheSizeThatACompressedSectionClaims) {
  for (const std::uint64_t excess :
       {std::uint64_t{1}, std::uint64_t{1} << 24, std::uint64_t{1} << 40, ~std::uint64_t{0} - 1000}) {
    EXPECT_EQ(rows_of_compressed(excess), Texts{}) << excess;
  }
}

TEST(Cfi, FindsTheRowOfAnInstruction) {
  const Cfi result = cfi_of({eh_frame().common().describe(code_at + 16, 16, cfi({0x42, DW_CFA_def_cfa_offset, 16}))});
  EXPECT_EQ(result.find(code_at + 12), nullptr);
  EXPECT_EQ(result.find(code_at + 16), &result.rows()[0]);
  EXPECT_EQ(result.find(code_at + 20), &result.rows()[0]);
  EXPECT_EQ(result.find(code_at + 24), &result.rows()[1]);
  EXPECT_EQ(result.find(code_at + 28), &result.rows()[1]);
  EXPECT_EQ(result.find(code_at + 32), nullptr);
}

}  // namespace
}  // namespace surefoot::tools
