// SPDX-License-Identifier: MIT
#include "code/registers.hpp"

#include "code/fields.hpp"

namespace surefoot::tools {
namespace {

constexpr unsigned zero_register = 31;
constexpr unsigned sp_field = 31;

// A register in a place where 31 means XZR.
constexpr RegisterSet general(unsigned number) { return number == zero_register ? 0 : RegisterSet{1} << number; }

// A register in a place where 31 means SP.
constexpr RegisterSet or_sp(unsigned number) { return RegisterSet{1} << number; }

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

bool is_prefetch(std::uint32_t word) { return !bit(word, 26) && bits(word, 31, 30) == 3 && bits(word, 23, 22) == 2; }

RegisterSet written_by_single(std::uint32_t word) {
  const bool is_vector = bit(word, 26);
  const bool is_load = is_single_load(word) && !is_vector && !is_prefetch(word);
  const RegisterSet loaded = is_load ? general(rd(word)) : 0;
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

}  // namespace

bool is_allocated(std::uint32_t word) {
  switch (bits(word, 28, 25)) {
    case 0b0000: return bit(word, 31) || bits(word, 31, 16) == 0;  // matrices; UDF
    case 0b0001:
    case 0b0011: return false;
    case 0b1010:
    case 0b1011:
      return matches(word, 0x7c000000, 0x14000000)      // B, BL
             || matches(word, 0x7c000000, 0x34000000)   // CBZ, CBNZ, TBZ, TBNZ
             || matches(word, 0xff000000, 0x54000000)   // B.cond, BC.cond
             || matches(word, 0xffc0001f, 0x5500001f)   // RETAASPPC
             || matches(word, 0x7e000000, 0x74000000)   // CBGT and its kind
             || matches(word, 0xfc000000, 0xd4000000);  // exceptions, system instructions, branches to registers
    default: return true;
  }
}

RegisterSet registers_written(std::uint32_t word) {
  if (!is_allocated(word)) return ~RegisterSet{0};
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
    default: return bit(word, 31) ? written_by_scalable(word) : 0;  // the latter: UDF
  }
}

}  // namespace surefoot::tools
