// SPDX-License-Identifier: MIT
//
// What is made of single instructions.
#include "code/instruction.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace surefoot::tools {
namespace {

using Operation = Instruction::Operation;

constexpr std::uint64_t pc = 0x1000;

// Where 31 is sp.
std::string base_name(unsigned number) { return number == 31 ? "sp" : fmt::format("x{}", number); }
// Where 31 is XZR.
std::string name(unsigned number) {
  return number == Instruction::not_general ? "v" : number == 31 ? "xzr" : fmt::format("x{}", number);
}

std::string to_text(const Extension& extension) {
  return (extension.bytes == 8 ? std::string() : fmt::format(":{}", extension.bytes)) +
         (extension.is_signed ? "s" : "") +
         (extension.shift == 0 ? std::string() : fmt::format(" << {}", extension.shift));
}

std::string access_text(const Instruction& instruction, const char* verb, const char* arrow) {
  std::string text = verb;
  if (instruction.is_32_bit) text += " w";
  for (unsigned i = 0; i < instruction.register_count; ++i) text += " " + name(instruction.registers[i]);
  const MemoryOperand& memory = instruction.memory;
  const std::string offset =
      memory.has_index ? name(memory.index) + to_text(memory.extension) : fmt::format("{}", memory.offset);
  text += fmt::format(" {} {}{} [{} + {}]", arrow, instruction.access_bytes, instruction.is_sign_extended ? "s" : "",
                      base_name(memory.base), offset);
  if (memory.writeback != 0) text += fmt::format(" {} += {}", base_name(memory.base), memory.writeback);
  return text;
}

// The destination in its width; which of sp and XZR number 31 is says the encoding.
std::string destination_text(const Instruction& instruction) {
  if (instruction.destination == 31) return (instruction.written >> 31 & 1) != 0 ? "sp" : "xzr";
  return fmt::format("{}{}", instruction.is_32_bit ? "w" : "x", instruction.destination);
}

std::string operation_text(const Instruction& instruction) {
  const std::string destination = destination_text(instruction);
  const std::string second = name(instruction.second) + to_text(instruction.extension);
  switch (instruction.operation) {
    case Operation::unknown: return "unknown";
    case Operation::other: return "other";
    case Operation::set: return fmt::format("{} = {}", destination, instruction.number);
    case Operation::insert: return fmt::format("{}[{}] = {}", destination, instruction.shift, instruction.number);
    case Operation::add:
      return fmt::format("{} = {} + {}", destination, base_name(instruction.source), instruction.number);
    case Operation::add_register:
      return fmt::format("{} = {} + {}", destination, base_name(instruction.source), second);
    case Operation::subtract_register:
      return fmt::format("{} = {} - {}", destination, base_name(instruction.source), second);
    case Operation::mask:
      return fmt::format("{} = {} & {}", destination, base_name(instruction.source), instruction.number);
    case Operation::load: return access_text(instruction, "load", "<-");
    case Operation::store: return access_text(instruction, "store", "->");
    case Operation::compare:
      return fmt::format("compare {}{}, {}", instruction.is_32_bit ? "w:" : "", base_name(instruction.source),
                         instruction.number);
    case Operation::compare_register:
      return fmt::format("compare {}, {}", base_name(instruction.source), name(instruction.second));
    case Operation::sign: return "sign " + name(instruction.destination);
    case Operation::authenticate: return "authenticate " + name(instruction.destination);
    case Operation::strip: return "strip " + name(instruction.destination);
  }
  return {};
}

std::string to_text(const Instruction& instruction) {
  return operation_text(instruction) + (instruction.sets_flags ? " flags" : "");
}

// At 0x1000, by the assembler of clang 19. What Capstone does not know is taken to set flags.
constexpr struct {
  std::uint32_t word;
  const char* text;
  const char* expected;
} cases[] = {
    {0x910043ff, "add sp, sp, #16", "sp = sp + 16"},
    {0xd14007ff, "sub sp, sp, #1, lsl #12", "sp = sp + -4096"},
    {0x910083fd, "add x29, sp, #32", "x29 = sp + 32"},
    {0x910003fd, "mov x29, sp", "x29 = sp + 0"},
    {0x910003bf, "mov sp, x29", "sp = x29 + 0"},
    {0xaa0903fe, "mov x30, x9", "x30 = x9 + 0"},
    {0x2a0903fe, "mov w30, w9", "w30 = x9 + 0"},
    {0x110043ff, "add wsp, wsp, #16", "sp = sp + 16"},
    {0xaa1f03e0, "mov x0, xzr", "x0 = 0"},
    {0xaa0003ff, "mov xzr, x0", "xzr = x0 + 0"},
    {0xd2a00020, "mov x0, #65536", "x0 = 65536"},
    {0xd2a24680, "movz x0, #4660, lsl #16", "x0 = 305397760"},
    {0x928001e0, "movn x0, #15", "x0 = -16"},
    {0x12800000, "mov w0, #-1", "w0 = -1"},
    {0xf2c00020, "movk x0, #1, lsl #32", "x0[32] = 1"},
    {0xb2089fe0, "orr x0, xzr, #0xff00ff00ff00ff00", "other"},
    {0x10000040, "adr x0, 0x1008", "x0 = 4104"},
    {0xd0000000, "adrp x0, 0x3000", "x0 = 12288"},
    {0xcb2163ff, "sub sp, sp, x1", "sp = sp - x1"},
    {0xcb2153ff, "sub sp, sp, w1, uxtw #4", "sp = sp - x1:4 << 4"},
    {0x8b21c3e0, "add x0, sp, w1, sxtw", "x0 = sp + x1:4s"},
    {0x8b020c20, "add x0, x1, x2, lsl #3", "x0 = x1 + x2 << 3"},
    {0x8b228820, "add x0, x1, w2, sxtb #2", "x0 = x1 + x2:1s << 2"},
    {0x8b222820, "add x0, x1, w2, uxth #2", "x0 = x1 + x2:2 << 2"},
    {0x0b020020, "add w0, w1, w2", "w0 = x1 + x2:4"},
    {0x8b420c20, "add x0, x1, x2, lsr #3", "other"},
    {0x8b0103e0, "add x0, xzr, x1", "other"},
    {0xcb0103e0, "neg x0, x1", "other"},
    {0xb1000420, "adds x0, x1, #1", "x0 = x1 + 1 flags"},
    {0x927ced3f, "and sp, x9, #-16", "sp = x9 & -16"},
    {0x12000820, "and w0, w1, #7", "w0 = x1 & 7"},
    {0x8a020020, "and x0, x1, x2", "other"},
    {0xf2400820, "ands x0, x1, #7", "w0 = x1 & 7 flags"},
    {0xaa020020, "orr x0, x1, x2", "other"},
    {0x9a82003e, "csel x30, x1, x2, eq", "other"},
    {0xf94007fe, "ldr x30, [sp, #8]", "load x30 <- 8 [sp + 8]"},
    {0xf84107fe, "ldr x30, [sp], #16", "load x30 <- 8 [sp + 0] sp += 16"},
    {0xf81f0ffe, "str x30, [sp, #-16]!", "store x30 -> 8 [sp + -16] sp += -16"},
    {0xa9be7bfd, "stp x29, x30, [sp, #-32]!", "store x29 x30 -> 8 [sp + -32] sp += -32"},
    {0xa8c27bfd, "ldp x29, x30, [sp], #32", "load x29 x30 <- 8 [sp + 0] sp += 32"},
    {0xa9017bfd, "stp x29, x30, [sp, #16]", "store x29 x30 -> 8 [sp + 16]"},
    {0x29010440, "stp w0, w1, [x2, #8]", "store w x0 x1 -> 4 [x2 + 8]"},
    {0x694007e0, "ldpsw x0, x1, [sp]", "load x0 x1 <- 4s [sp + 0]"},
    {0xa84107e0, "ldnp x0, x1, [sp, #16]", "load x0 x1 <- 8 [sp + 16]"},
    {0xa8007bfd, "stnp x29, x30, [sp]", "store x29 x30 -> 8 [sp + 0]"},
    {0xa9007bff, "stp xzr, x30, [sp]", "store xzr x30 -> 8 [sp + 0]"},
    {0xadbf07e0, "stp q0, q1, [sp, #-32]!", "store v v -> 16 [sp + -32] sp += -32"},
    {0xfc4087e8, "ldr d8, [sp], #8", "load v <- 8 [sp + 0] sp += 8"},
    {0xbd000020, "str s0, [x1]", "store v -> 4 [x1 + 0]"},
    {0x38604841, "ldrb w1, [x2, w0, uxtw]", "load w x1 <- 1 [x2 + x0:4]"},
    {0x38e06841, "ldrsb w1, [x2, x0]", "load w x1 <- 1s [x2 + x0]"},
    {0x78607841, "ldrh w1, [x2, x0, lsl #1]", "load w x1 <- 2 [x2 + x0 << 1]"},
    {0xb8a0d841, "ldrsw x1, [x2, w0, sxtw #2]", "load x1 <- 4s [x2 + x0:4s << 2]"},
    {0xf8607841, "ldr x1, [x2, x0, lsl #3]", "load x1 <- 8 [x2 + x0 << 3]"},
    {0xf85f8020, "ldur x0, [x1, #-8]", "load x0 <- 8 [x1 + -8]"},
    {0x781ff020, "sturh w0, [x1, #-1]", "store w x0 -> 2 [x1 + -1]"},
    {0x58000080, "ldr x0, 0x1010", "other"},
    {0xf98003e0, "prfm pldl1keep, [sp]", "other"},
    {0xc8dfffe0, "ldar x0, [sp]", "other"},
    {0xf8000be0, "sttr x0, [sp]", "other"},
    {0x4cdf73e0, "ld1 {v0.16b}, [sp], #16", "other"},
    {0xf100141f, "cmp x0, #5", "compare x0, 5 flags"},
    {0x7140041f, "cmp w0, #1, lsl #12", "compare w:x0, 4096 flags"},
    {0xf10043ff, "cmp sp, #16", "compare sp, 16 flags"},
    {0xeb2963ff, "cmp sp, x9", "compare sp, x9 flags"},
    {0xeb09001f, "cmp x0, x9", "other flags"},
    {0xeb2943ff, "cmp sp, w9, uxtw", "other flags"},
    {0xb100141f, "cmn x0, #5", "other flags"},
    {0xf27f041f, "tst x0, #6", "other flags"},
    {0xfa450800, "ccmp x0, #5, #0, eq", "other flags"},
    {0xf1000400, "subs x0, x0, #1", "x0 = x0 + -1 flags"},
    {0x1e612000, "fcmp d0, d1", "other flags"},
    {0x4e183c00, "mov x0, v0.d[1]", "other"},
    {0x4e181c00, "mov v0.d[1], x0", "other"},
    {0x4ea11c20, "mov v0.16b, v1.16b", "other"},
    {0x9e660000, "fmov x0, d0", "other"},
    {0x4e080c00, "dup v0.2d, x0", "other"},
    {0x4e228420, "add v0.16b, v1.16b, v2.16b", "other"},
    {0x7ee28420, "sub d0, d1, d2", "other"},
    {0x4e221c20, "and v0.16b, v1.16b, v2.16b", "other"},
    {0x04e20020, "add z0.d, z1.d, z2.d", "other flags"},
    {0x05820000, "and z0.d, z0.d, #1", "other flags"},
    {0x05e03800, "mov z0.d, x0", "other flags"},
    {0x858043e0, "ldr z0, [sp]", "other flags"},
    {0xe58003e0, "str p0, [sp]", "other flags"},
    {0xd503233f, "paciasp", "sign x30"},
    {0xd503235f, "pacibz", "sign x30"},
    {0xd50323bf, "autiasp", "authenticate x30"},
    {0xd50323df, "autibz", "authenticate x30"},
    {0xd50320ff, "xpaclri", "strip x30"},
    {0xd503211f, "pacia1716", "other"},
    {0xd503245f, "bti c", "other"},
    {0xd503201f, "nop", "other"},
    {0xdac103fe, "pacia x30, sp", "sign x30 flags"},
    {0xdac123e0, "paciza x0", "sign x0 flags"},
    {0xdac117fe, "autib x30, sp", "authenticate x30 flags"},
    {0xdac13be1, "autdza x1", "authenticate x1 flags"},
    {0xdac143fe, "xpaci x30", "strip x30 flags"},
    {0xdac147e1, "xpacd x1", "strip x1 flags"},
    {0x9ac23020, "pacga x0, x1, x2", "other flags"},
    {0xdac1a3fe, "paciasppc", "sign x30 flags"},
    {0xdac1a7fe, "pacibsppc", "sign x30 flags"},
    {0xdac183fe, "pacnbiasppc", "sign x30 flags"},
    {0xdac187fe, "pacnbibsppc", "sign x30 flags"},
    {0xdac1903e | 16 << 5, "autiasppcr x17", "authenticate x30 flags"},
    {0xdac1943e, "autibsppcr x1", "authenticate x30 flags"},
    {0xf380001f, "autiasppc #0", "authenticate x30 flags"},
    {0xf3a0001f, "autibsppc #0", "authenticate x30 flags"},
    {0xdac18bfe, "pacia171615", "other flags"},
    {0xdac1bbfe, "autia171615", "other flags"},
};

TEST(Decoder, DescribesWhatMatters) {
  const Decoder decoder;
  for (const auto& [word, text, expected] : cases) {
    EXPECT_EQ(to_text(decoder.decode(word, pc)), expected) << text;
  }
}

TEST(Decoder, TakesRegistersAndFlowFromTheEncoding) {
  const Decoder decoder;
  for (const auto& [word, text, expected] : cases) {
    const Instruction instruction = decoder.decode(word, pc);
    EXPECT_EQ(instruction.word, word);
    EXPECT_EQ(instruction.written, registers_written(word)) << text;
    EXPECT_EQ(instruction.flow.kind, flow_of(word, pc).kind) << text;
  }
}

// Flags that an unknown instruction may set are not what a comparison before it has left.
TEST(Decoder, KnowsWhatSetsFlags) {
  const Decoder decoder;
  const struct {
    std::uint32_t word;
    const char* text;
    bool sets_flags;
  } instructions[] = {
      {0xb1000420, "adds x0, x1, #1", true},
      {0xab020020, "adds x0, x1, x2", true},
      {0xeb020020, "subs x0, x1, x2", true},
      {0xba020020, "adcs x0, x1, x2", true},
      {0xfa020020, "sbcs x0, x1, x2", true},
      {0xf2400820, "ands x0, x1, #7", true},
      {0xea220020, "bics x0, x1, x2", true},
      {0xeb0103e0, "negs x0, x1", true},
      {0xfa0103e0, "ngcs x0, x1", true},
      {0xba410800, "ccmn x0, x1, #0, eq", true},
      {0x1e612000, "fcmp d0, d1", true},
      {0x1e612010, "fcmpe d0, d1", true},
      {0x1e610400, "fccmp d0, d1, #0, eq", true},
      {0xd51b4200, "msr nzcv, x0", true},
      {0xd500401f, "cfinv", true},
      {0xba000400, "rmif x0, #0, #0", true},
      {0x3a00080d, "setf8 w0", true},
      {0x25e0cc00, "whilele p0.d, w0, w0", true},
      {0xd53b4200, "mrs x0, nzcv", false},
      {0x91000420, "add x0, x1, #1", false},
      {0xf94003e0, "ldr x0, [sp]", false},
      {0xd503201f, "nop", false},
  };
  for (const auto& [word, text, sets_flags] : instructions) {
    EXPECT_EQ(decoder.decode(word, pc).sets_flags, sets_flags) << text;
  }
}

TEST(Decoder, WritesForPeople) {
  const Decoder decoder;
  EXPECT_EQ(decoder.to_text(0xa9be7bfd, pc), "stp x29, x30, [sp, #-0x20]!");
  EXPECT_EQ(decoder.to_text(0xd503201f, pc), "nop");
  EXPECT_EQ(decoder.to_text(0xffff'ffff, pc), ".inst 0xffffffff");
}

TEST(Decoder, DecodesAnyWord) {
  const Decoder decoder;
  for (std::uint64_t word = 0; word < 0x1'0000'0000; word += 0x1'0025) {
    const Instruction instruction = decoder.decode(static_cast<std::uint32_t>(word), pc);
    ASSERT_LT(instruction.destination, 32U);
    ASSERT_LT(instruction.source, 32U);
    ASSERT_LT(instruction.second, 32U);
    ASSERT_LT(instruction.memory.base, 32U);
    ASSERT_LT(instruction.memory.index, 32U);
    ASSERT_LT(instruction.shift, 64U);
    ASSERT_LT(instruction.extension.shift, 64U);
    ASSERT_LT(instruction.memory.extension.shift, 64U);
    ASSERT_LE(instruction.register_count, 2U);
  }
}

}  // namespace
}  // namespace surefoot::tools
