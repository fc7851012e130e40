// SPDX-License-Identifier: MIT
//
// The names of the functions in the running program; see symbols.hpp. A kernel that calls these functions links
// surefoot::print as well.
#ifndef SUREFOOT_C_SYMBOLS_H
#define SUREFOOT_C_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A checked table. Zeros know no function.
struct surefoot_symbols {
  uint64_t opaque[4];
};

/// A name in a table, which must stay in place. Zeros are the name of no function.
struct surefoot_symbol_name {
  uint64_t opaque[3];
};

/// Characters of the longest name.
enum { surefoot_symbol_name_max = 1023 };

/// A function, as seen from an address inside it.
struct surefoot_symbol {
  struct surefoot_symbol_name name;
  uint64_t offset;  ///< from the function's first instruction to the address
  uint64_t size;    ///< rounded up to whole instructions; 0 if the address is in no function of the table
};

enum surefoot_symbols_fault {
  surefoot_symbols_truncated,
  surefoot_symbols_unknown_format,
  surefoot_symbols_too_many_pairs,
  surefoot_symbols_wrong_index,
  surefoot_symbols_unsorted,
  surefoot_symbols_overlapping,
  surefoot_symbols_out_of_reach,
  surefoot_symbols_broken_entry,
  surefoot_symbols_empty_symbol,
  surefoot_symbols_name_outside,
  surefoot_symbols_unknown_code,
  surefoot_symbols_name_too_deep,
  surefoot_symbols_name_too_long
};
enum { surefoot_symbols_fault_count = surefoot_symbols_name_too_long + 1 };

/// Checks a table of the running program, which must stay in place. No words are a valid table without functions.
bool surefoot_make_symbols(const uint32_t* words, size_t count, struct surefoot_symbols* out,
                           struct surefoot_error* error);
/// The same for a table that is at `table_at` in the program that it describes.
bool surefoot_make_symbols_at(const uint32_t* words, size_t count, uint64_t table_at, struct surefoot_symbols* out,
                              struct surefoot_error* error);
/// The function that a pc is in. `kind` is an enum surefoot_pc_kind.
struct surefoot_symbol surefoot_find_symbol(const struct surefoot_symbols* symbols, uint64_t pc, uint8_t kind);

/// Whether the address is in a function of the table.
bool surefoot_symbol_is_known(const struct surefoot_symbol* symbol);
/// Writes as many of the name's characters as there is room for, and a zero byte behind them if there is any room.
/// Returns the length of the whole name. The characters are those of the table: surefoot_print_name() escapes them.
size_t surefoot_copy_symbol_name(const struct surefoot_symbol_name* name, char* room, size_t size);

/// The name, as in logs; never NULL.
const char* surefoot_symbols_fault_name(uint32_t code);

#if defined(__aarch64__) && !defined(__cplusplus)
// Set by the linker (surefoot-symbols.ld.inc). Only a program that calls the function below refers to them.
extern __attribute__((visibility("hidden"))) const uint32_t __surefoot_symbols_start[];
extern __attribute__((visibility("hidden"))) const uint32_t __surefoot_symbols_end[];

/// The table of this program.
static inline bool surefoot_linked_symbols(struct surefoot_symbols* out, struct surefoot_error* error) {
  const uintptr_t size = (uintptr_t)__surefoot_symbols_end - (uintptr_t)__surefoot_symbols_start;
  return surefoot_make_symbols(__surefoot_symbols_start, size / sizeof(uint32_t), out, error);
}
#endif

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_SYMBOLS_H
