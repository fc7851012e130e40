// SPDX-License-Identifier: MIT
#include "frames/encoding.hpp"

#include <bit>

namespace surefoot::tools {
namespace {

constexpr unsigned zero_register = 31;
constexpr unsigned sp_field = 31;

constexpr std::uint32_t bits(std::uint32_t word, unsigned high, unsigned low) {
  return word >> low & ((std::uint32_t{2} << (high - low)) - 1);
}

constexpr bool bit(std::uint32_t word, unsigned at) { return (word >> at & 1) != 0; }

constexpr bool matches(std::uint32_t word, std::uint32_t mask, std::uint32_t value) { return (word & mask) == value; }

constexpr std::uint64_t offset_of(std::uint32_t word, unsigned high, unsigned low) {
  const unsigned width = high - low + 1;
  const std::uint64_t field = std::uint64_t{bits(word, high, low)} << (64 - width);
  return static_cast<std::uint64_t>(std::bit_cast<std::int64_t>(field) >> (64 - width)) * 4;
}

// A register in a place where 31 means XZR.
constexpr RegisterSet general(unsigned number) { return number == zero_register ? 0 : RegisterSet{1} << number; }

// A register in a place where 31 means SP.
constexpr RegisterSet or_sp(unsigned number) { return RegisterSet{1} << number; }

constexpr unsigned rd(std::uint32_t word) { return bits(word, 4, 0); }
constexpr unsigned rn(std::uint32_t word) { return bits(word, 9, 5); }
constexpr unsigned rs(std::uint32_t word) { return bits(word, 20, 16); }
constexpr unsigned rt2(std::uint32_t word) { return bits(word, 14, 10); }

// [arm-arm C4.1.93]
RegisterSet written_by_immediate(std::uint32_t word) {
  switch (bits(word, 25, 23)) {
    case 0:
    case 1: return general(rd(word));                                    // ADR, ADRP
    case 2: return bit(word, 29) ? general(rd(word)) : or_sp(rd(word));  // ADD, SUB; the forms that set flags: XZR
    case 3: return bit(word, 22) ? general(rd(word)) : or_sp(rd(word));  // SMAX and its kind; ADDG, SUBG
    case 4: return bits(word, 30, 29) == 3 ? general(rd(word)) : or_sp(rd(word));  // ANDS; AND, ORR, EOR
    case 7:
      if (matches(word, 0xff80001f, 0xf380001f)) return general(30);  // AUTIASPPC, AUTIBSPPC
      return general(rd(word));                                       // EXTR
    default: return general(rd(word));                                // MOVZ and its kind, bitfields
  }
}

// [arm-arm C4.1.94]
RegisterSet written_by_system(std::uint32_t word) {
  if (matches(word, 0xfc000000, 0x94000000)) return general(30);                             // BL
  if (matches(word, 0xfe9f0000, 0xd61f0000) && bits(word, 22, 21) == 1) return general(30);  // BLR, BLRAA, ...
  if (matches(word, 0xffe00000, 0xd5200000)) return general(rd(word));                       // MRS, SYSL
  if (matches(word, 0xffe00000, 0xd5600000)) return general(rd(word)) | general((rd(word) + 1U) & 31U);  // MRRS, SYSPL
  if (matches(word, 0xfffff000, 0xd5031000)) return 0;                                                   // WFET, WFIT
  // MSR SPSel: sp is another register from then on.
  if (matches(word, 0xfffff0ff, 0xd50040bf) || matches(word, 0xffffffe0, 0xd5184200)) return or_sp(sp_field);
  if (!matches(word, 0xfffff01f, 0xd503201f)) return 0;
  switch (bits(word, 11, 5)) {      // hints that are instructions on x16, x17 and x30
    case 0x07: return general(30);  // XPACLRI
    case 0x08:
    case 0x0a:
    case 0x0c:
    case 0x0e: return general(17);  // PACIA1716 and its kind
    case 0x18:
    case 0x19:
    case 0x1a:
    case 0x1b:
    case 0x1c:
    case 0x1d:
    case 0x1e:
    case 0x1f: return general(30);  // PACIAZ, PACIASP, AUTIASP, ...
    case 0x28: return general(16);  // CHKFEAT
    default: return 0;
  }
}

// Exclusive, ordered, compare and swap [arm-arm C4.1.96]
RegisterSet written_by_exclusive(std::uint32_t word) {
  const bool is_load = bit(word, 22);
  const bool o2 = bit(word, 23);
  const bool o1 = bit(word, 21);
  // What Armv9.6 adds: CAST, CASPT, LDTXR, STTXR. More than the truth.
  if (bit(word, 24)) return general(rs(word)) | general((rs(word) + 1U) & 31U) | general(rd(word));
  if (o2 && o1) return general(rs(word));                                               // CAS
  if (o2) return is_load ? general(rd(word)) : 0;                                       // LDAR; STLR
  if (o1 && !bit(word, 31)) return general(rs(word)) | general((rs(word) + 1U) & 31U);  // CASP
  if (is_load) return general(rd(word)) | (o1 ? general(rt2(word)) : 0);                // LDXR, LDXP
  return general(rs(word));                                                             // STXR, STXP
}

RegisterSet written_by_pair(std::uint32_t word) {
  const bool is_vector = bit(word, 26);
  RegisterSet written = 0;
  if (bit(word, 22) && !is_vector) written |= general(rd(word)) | general(rt2(word));
  if (bit(word, 23)) written |= or_sp(rn(word));  // pre- and post-index
  return written;
}

bool is_load(std::uint32_t word) {
  // size 11, opc 10 is PRFM; opc 00 stores; vectors load with bit 22.
  if (bit(word, 26)) return bit(word, 22);
  return bits(word, 23, 22) != 0 && !(bits(word, 31, 30) == 3 && bits(word, 23, 22) == 2);
}

RegisterSet written_by_single(std::uint32_t word) {
  const bool is_vector = bit(word, 26);
  const RegisterSet loaded = is_load(word) && !is_vector ? general(rd(word)) : 0;
  if (bit(word, 24)) return loaded;                                              // unsigned offset
  if (!bit(word, 21)) return bit(word, 10) ? loaded | or_sp(rn(word)) : loaded;  // unscaled; pre- and post-index
  switch (bits(word, 11, 10)) {
    case 0: {  // atomics, LDAPR, ST64B (which writes Rs), LD64B (eight registers)
      if (is_vector) return 0;
      const unsigned opcode = bits(word, 15, 12);
      if (bits(word, 31, 30) == 3 && opcode == 0xd) return RegisterSet{0xff} << rd(word);  // LD64B
      const bool is_64_byte_store = bits(word, 31, 30) == 3 && opcode >= 9 && opcode <= 0xb;
      return is_64_byte_store ? general(rs(word)) : general(rd(word));
    }
    case 2: return loaded;  // register offset
    default:                // LDRAA, LDRAB, pre-index with bit 11
      return is_vector ? 0 : general(rd(word)) | (bit(word, 11) ? or_sp(rn(word)) : 0);
  }
}

// Tags [arm-arm C4.1.96, memory tags]
RegisterSet written_by_tag_access(std::uint32_t word) {
  const bool is_load = bits(word, 11, 10) == 0 && bit(word, 22);  // LDG, LDGM
  return (is_load ? general(rd(word)) : 0) | (bit(word, 10) ? or_sp(rn(word)) : 0);
}

// 128-bit atomics, and those that check what they write: LDCLRP, RCWCAS, RCWCASP, RCWCLRP, ... As CPYFP has it, bits 11
// and 10 tell from memory copies.
RegisterSet written_by_wide_atomic(std::uint32_t word) {
  switch (bits(word, 11, 10)) {
    case 0: return general(rd(word)) | general(rs(word));                // two registers for one value
    case 1: return general(rd(word));                                    // LDTADD and its kind
    case 2: return general(rs(word));                                    // RCWCAS
    default: return general(rs(word)) | general((rs(word) + 1U) & 31U);  // RCWCASP
  }
}

// CPYFP, SETP and their kind: the addresses and the size, which both change; SET has a value instead of a source.
RegisterSet written_by_memory_copy(std::uint32_t word) {
  const bool is_set = bits(word, 23, 22) == 3;
  return general(rd(word)) | general(rn(word)) | (is_set ? 0 : general(rs(word)));
}

// LDIAPP and STILP, and LDAPR and STLR that write back.
RegisterSet written_by_ordered_pair(std::uint32_t word) {
  if (bit(word, 23)) return (bit(word, 22) ? general(rd(word)) : 0) | or_sp(rn(word));
  const RegisterSet loaded = bit(word, 22) ? general(rd(word)) | general(rs(word)) : 0;
  return loaded | (bit(word, 12) ? 0 : or_sp(rn(word)));
}

// Tags, memory copies, LDAPUR and STLUR
RegisterSet written_by_unscaled_ordered(std::uint32_t word) {
  const bool is_vector = bit(word, 26);
  if (bit(word, 21) && !is_vector && bits(word, 31, 30) == 3) return written_by_tag_access(word);
  if (bit(word, 21) && !is_vector) return written_by_wide_atomic(word);
  if (bits(word, 11, 10) == 1) return written_by_memory_copy(word);
  if (is_vector) return 0;
  if (bits(word, 11, 10) == 2) return written_by_ordered_pair(word);
  return bits(word, 23, 22) != 0 ? general(rd(word)) : 0;
}

// [arm-arm C4.1.96]
RegisterSet written_by_load_store(std::uint32_t word) {
  switch (bits(word, 29, 28)) {
    case 0:
      if (!bit(word, 26)) return written_by_exclusive(word);
      return bit(word, 23) ? or_sp(rn(word)) : 0;  // vector structures, post-index
    case 1:
      if (!bit(word, 24)) return bit(word, 26) || bits(word, 31, 30) == 3 ? 0 : general(rd(word));  // LDR (literal)
      return written_by_unscaled_ordered(word);
    case 2: return written_by_pair(word);
    default: return written_by_single(word);
  }
}

// [arm-arm C4.1.95]
RegisterSet written_by_register(std::uint32_t word) {
  if (!bit(word, 28)) {  // logical; add and subtract, with a shifted or an extended register
    const bool is_extended = bit(word, 24) && bit(word, 21);
    return is_extended && !bit(word, 29) ? or_sp(rd(word)) : general(rd(word));
  }
  if (!bit(word, 24) && bits(word, 23, 21) == 2) return 0;  // CCMP, CCMN
  if (!bit(word, 24) && bits(word, 23, 21) == 0) {
    if (bits(word, 15, 13) == 1) return or_sp(rd(word));               // ADDPT, SUBPT
    if (bits(word, 14, 10) == 1 || bits(word, 13, 10) == 2) return 0;  // RMIF, SETF: flags only
  }
  if (matches(word, 0xffe0fc00, 0x9ac01000)) return or_sp(rd(word));                             // IRG
  if (matches(word, 0xfffff3ff, 0xdac183fe) && bit(word, 11)) return general(17) | general(30);  // PACIA171615, ...
  return general(rd(word));
}

// [arm-arm C4.1.97]: what moves from a vector register to a general one.
RegisterSet written_by_vector(std::uint32_t word) {
  // UMOV, SMOV
  if (matches(word, 0xbfe0fc00, 0x0e003c00) || matches(word, 0xbfe0fc00, 0x0e002c00)) return general(rd(word));
  if (matches(word, 0x5f200000, 0x1e200000) && bits(word, 15, 10) == 0) {  // between floating point and integer
    const unsigned opcode = bits(word, 18, 16);
    const bool is_from_integer = opcode == 2 || opcode == 3 || opcode == 7;
    return is_from_integer ? 0 : general(rd(word));
  }
  if (matches(word, 0x5f200000, 0x1e000000)) {  // between floating point and fixed point
    return bits(word, 18, 17) == 1 ? 0 : general(rd(word));
  }
  return 0;
}

// Scalable vectors and matrices: sizes and counts [arm-arm C4.1.39 to C4.1.60].
RegisterSet written_by_scalable(std::uint32_t word) {
  if (matches(word, 0xff20f000, 0x04205000)) return bit(word, 23) ? general(rd(word)) : or_sp(rd(word));  // RDVL; ADDVL
  const bool is_count = matches(word, 0xff20e000, 0x0420e000)        // CNTB, INCB, ...
                        || matches(word, 0xff38c000, 0x25208000)     // CNTP, FIRSTP, LASTP
                        || matches(word, 0xff38f800, 0x25288800);    // INCP, SQINCP, ...
  const bool is_element = matches(word, 0xff2ee000, 0x0520a000)      // LASTA, CLASTA
                          || matches(word, 0xffff8fe0, 0xc04c03e0);  // MOVT
  return is_count || is_element ? general(rd(word)) : 0;
}

// BRK with a number that stands for a break that is gone on from: __builtin_debugtrap of clang, and the breaks that
// Linux compiles in for its debugger. Of the others kernels use one number for faults, which are not gone on from, and
// for warnings.
bool is_break(std::uint32_t number) { return number == 0xf000 || number == 0x400 || number == 0x401; }

// BRK with one of the numbers that compilers use for what must not be reached: __builtin_trap of clang and GCC, clang's
// sanitizers, its checks of pointer authentication.
bool is_trap_of_compiler(std::uint32_t number) {
  return number == 1 || number == 1000 || (number & 0xff00) == 0x5500 || (number & 0xfff0) == 0xc470;
}

// [semihosting §3]
constexpr std::uint32_t semihosting_call = 0xf000;

}  // namespace

Flow flow_of(std::uint32_t word, std::uint64_t pc) {
  using Kind = Flow::Kind;
  if (matches(word, 0xffff0000, 0x00000000)) return {.kind = Kind::stop};  // UDF
  if (matches(word, 0xfc000000, 0x14000000)) return {.kind = Kind::jump, .target = pc + offset_of(word, 25, 0)};
  if (matches(word, 0xfc000000, 0x94000000)) return {.kind = Kind::call, .target = pc + offset_of(word, 25, 0)};
  if (matches(word, 0xff000000, 0x54000000)) {  // B.cond, BC.cond; the conditions 14 and 15 are always true
    const bool is_always = bits(word, 3, 1) == 7;
    return {.kind = is_always ? Kind::jump : Kind::branch, .target = pc + offset_of(word, 23, 5)};
  }
  // CBGT and its kind, of Armv9.6
  if (matches(word, 0x7e000000, 0x74000000)) return {.kind = Kind::branch, .target = pc + offset_of(word, 13, 5)};
  // RETAASPPC
  if (matches(word, 0xffc0001f, 0x5500001f)) return {.kind = Kind::function_return, .target_register = 30};
  if (matches(word, 0x7e000000, 0x34000000)) return {.kind = Kind::branch, .target = pc + offset_of(word, 23, 5)};
  if (matches(word, 0x7e000000, 0x36000000)) return {.kind = Kind::branch, .target = pc + offset_of(word, 18, 5)};
  if (matches(word, 0xfe000000, 0xd6000000)) {
    if (bits(word, 20, 16) != 31) return {.kind = Kind::stop};
    const auto target = static_cast<std::uint8_t>(rn(word));
    switch (bits(word, 24, 21)) {
      case 0:
      case 8: return {.kind = Kind::indirect_jump, .target_register = target};
      case 1:
      case 9: return {.kind = Kind::indirect_call, .target_register = target};
      case 2:
        return {.kind = Kind::function_return, .target_register = bits(word, 11, 10) == 0 ? target : std::uint8_t{30}};
      case 4: return {.kind = Kind::exception_return};
      default: return {.kind = Kind::stop};
    }
  }
  // Debuggers and semihosting come back behind the instruction.
  const std::uint32_t number = bits(word, 20, 5);
  if (matches(word, 0xffe0001f, 0xd4200000)) {  // BRK
    return {.is_trap = is_trap_of_compiler(number), .may_stop = !is_break(number)};
  }
  if (matches(word, 0xffe0001f, 0xd4400000) && number != semihosting_call)
    return {.is_trap = true, .may_stop = true};  // HLT
  return {};
}

RegisterSet registers_written(std::uint32_t word) {
  switch (bits(word, 28, 25)) {
    case 0b1000:
    case 0b1001: return written_by_immediate(word);
    case 0b1010:
    case 0b1011: return written_by_system(word);
    case 0b0100:
    case 0b0110:
    case 0b1100:
    case 0b1110: return written_by_load_store(word);
    case 0b0101:
    case 0b1101: return written_by_register(word);
    case 0b0111:
    case 0b1111: return written_by_vector(word);
    case 0b0010: return written_by_scalable(word);
    case 0b0000:
      if (bit(word, 31)) return written_by_scalable(word);
      [[fallthrough]];
    default: return or_sp(rd(word)) | or_sp(rn(word));  // not allocated
  }
}

namespace {

MemoryWrite here(std::uint32_t word, unsigned size) {
  return {.extent = MemoryWrite::Extent::here,
          .base = static_cast<std::uint8_t>(rn(word)),
          .size = static_cast<std::uint8_t>(size)};
}

// The most that an instruction of these groups writes: ST64B, four vectors.
constexpr unsigned longest_write = 64;

// Exclusives, ordered accesses, and comparisons with a swap [arm-arm C4.1.94].
MemoryWrite stored_by_exclusive(std::uint32_t word) {
  if (bit(word, 24)) return here(word, longest_write);  // unprivileged
  const unsigned bytes = 1U << bits(word, 31, 30);
  const bool is_load = bit(word, 22);
  const bool has_pair = bit(word, 21);
  if (bit(word, 23)) return is_load && !has_pair ? MemoryWrite{} : here(word, bytes);  // LDAR, STLR; CAS
  if (has_pair && bits(word, 31, 30) < 2) return here(word, 8 * bytes);                // CASP of 4 and 8 bytes
  if (is_load) return {};
  return here(word, has_pair ? 2 * bytes : bytes);
}

// Loads and stores of structures in vectors [arm-arm C4.1.94].
MemoryWrite stored_by_structure(std::uint32_t word) {
  if (bit(word, 22)) return {};
  if (bit(word, 24)) {  // one lane of each
    const unsigned registers = (bit(word, 13) ? 2 : 0) + (bit(word, 21) ? 2 : 1);
    const unsigned scale = bits(word, 15, 14) == 2 && bit(word, 10) ? 3 : bits(word, 15, 14);
    return here(word, registers << scale);
  }
  static constexpr std::uint8_t registers[16] = {4, 0, 4, 0, 3, 0, 3, 1, 2, 0, 2, 0, 0, 0, 0, 0};
  const unsigned count = registers[bits(word, 15, 12)];
  return here(word, count == 0 ? longest_write : count * (bit(word, 30) ? 16 : 8));
}

// Atomics on memory, among them accesses to 64 bytes at once [arm-arm C4.1.94].
MemoryWrite stored_by_atomic(std::uint32_t word) {
  if (bit(word, 26)) return here(word, 8);  // of floating point
  const bool is_swap_or_sum = !bit(word, 15) || bits(word, 14, 12) == 0;
  if (is_swap_or_sum) return here(word, 1U << bits(word, 31, 30));
  return bits(word, 14, 12) == 4 ? MemoryWrite{} : here(word, longest_write);  // LDAPR; ST64B
}

// STG and its kind, of which only those that end in Z write anything but tags [arm-arm C4.1.94].
MemoryWrite stored_by_tag_store(std::uint32_t word) {
  if (!bit(word, 22)) return {};
  MemoryWrite write = here(word, bit(word, 23) ? 32 : 16);
  const auto granules = static_cast<std::int16_t>(static_cast<std::int32_t>(word << 11) >> 23);
  if (bits(word, 11, 10) != 1) write.offset = static_cast<std::int16_t>(granules * 16);
  return write;
}

bool is_prefetch(std::uint32_t word) {
  return matches(word, 0xffc00000, 0xf9800000) || matches(word, 0xffe00c00, 0xf8800000) ||
         matches(word, 0xffe00c00, 0xf8a00800);
}

}  // namespace

MemoryWrite memory_written(std::uint32_t word) {
  using Extent = MemoryWrite::Extent;
  const auto base = static_cast<std::uint8_t>(rn(word));
  const auto address = static_cast<std::uint8_t>(rd(word));
  switch (bits(word, 28, 25)) {
    case 0b0100:
    case 0b0110:
    case 0b1100:
    case 0b1110: {
      if (matches(word, 0x3b000000, 0x18000000)) return {};  // LDR (literal)
      if (matches(word, 0x3b200c00, 0x19000400))
        return {.extent = Extent::any, .base = address};                                        // memory copies, sets
      if (matches(word, 0xff3ffc00, 0xd9200000)) return {.extent = Extent::any, .base = base};  // STZGM, STGM
      if (bits(word, 29, 28) == 0) return bit(word, 26) ? stored_by_structure(word) : stored_by_exclusive(word);
      if (matches(word, 0x3b200c00, 0x38200000)) return stored_by_atomic(word);
      if (matches(word, 0xff200000, 0xd9200000) && bits(word, 11, 10) != 0) return stored_by_tag_store(word);
      return {.extent = is_prefetch(word) ? Extent::none : Extent::around, .base = base};
    }
    case 0b0000:  // matrices, and several scalable vectors: also loads
      return {.extent = bit(word, 31) && bit(word, 29) ? Extent::any : Extent::none, .base = base};
    case 0b0010:  // scalable vectors
      return {.extent = bits(word, 31, 29) == 7 ? Extent::any : Extent::none, .base = base};
    default:
      // DC ZVA, DC GVA, DC GZVA: a block that the address lies in
      if (!matches(word, 0xffffff00, 0xd50b7400) || bits(word, 7, 5) == 0) return {};
      return {.extent = Extent::any, .base = address};
  }
}

}  // namespace surefoot::tools
