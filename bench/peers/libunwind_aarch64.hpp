// SPDX-License-Identifier: MIT
//
// nongnu libunwind on AArch64: as on the host, and frame by frame, as debuggers and profilers use it that want more
// than addresses.
#pragma once

#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include <cstddef>

#include "host/methods.hpp"

namespace surefoot::bench {

/// The functions behind unw_init_local(), unw_step() and unw_get_reg(), which are macros.
struct LibunwindSteppers {
  int (*init_local)(unw_cursor_t* cursor, unw_context_t* context);
  int (*step)(unw_cursor_t* cursor);
  int (*get_register)(unw_cursor_t* cursor, int number, unw_word_t* value);
};

/// Loads them the first time. Ends the program if they are not there.
[[nodiscard]] const LibunwindSteppers& load_libunwind_steppers();

/// As on the host, but for the addresses: those of version 1.6 for AArch64 are in the calls, not behind them.
class LibunwindAarch64 : public Libunwind {
 public:
  using Libunwind::Libunwind;
  [[nodiscard]] std::uint64_t pc(std::size_t index) const { return Libunwind::pc(index) + 1; }
};

/// By CFI, with a cache of the rows of CFI for each address; all registers are restored that a frame has saved.
class LibunwindSteps : public Peer {
 public:
  using Peer::Peer;
  [[gnu::always_inline]] std::size_t take(const Top&) {
    unw_context_t context;
    unw_cursor_t cursor;
    std::size_t count = 0;
    __extension__ unw_getcontext(&context);  // a macro, with a statement in an expression
    if (steppers_.init_local(&cursor, &context) < 0) return 0;
    do {
      unw_word_t pc = 0;
      if (count == static_cast<std::size_t>(capacity()) || steppers_.get_register(&cursor, UNW_REG_IP, &pc) < 0) break;
      if (pc == 0) break;  // one step after the bottom
      buffer()[count++] = reinterpret_cast<void*>(pc);
    } while (steppers_.step(&cursor) > 0);
    return count;
  }

 private:
  LibunwindSteppers steppers_ = load_libunwind_steppers();
};

}  // namespace surefoot::bench
