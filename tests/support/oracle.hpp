// SPDX-License-Identifier: MIT
//
// A second walk, for the first to be compared with. It is slow and plain: it marks every word of every stack as dead or
// alive, keeps every step, searches by loops, and shares no code with the library but its vocabulary.
#pragma once

#include "support/context.hpp"
#include "support/flat_memory.hpp"
#include "support/slow_frame_table.hpp"
#include "support/trace_text.hpp"
#include "surefoot/start.hpp"

namespace surefoot::testing {

/// Where the oracle's walk starts: at a call, or at interrupted kernel code with three more registers.
struct OracleStart {
  Registers registers;
  bool is_exception = false;
  std::uint64_t lr = 0;
  std::uint64_t x9 = 0;
  std::uint64_t pstate = 0x3c5;  // EL1h

  /// What an exception at the start would have saved.
  [[nodiscard]] ExceptionFrame exception_frame() const {
    ExceptionFrame frame{};
    frame.fp = registers.fp;
    frame.sp = registers.sp;
    frame.pc = registers.pc;
    frame.lr = lr;
    frame.x[9] = x9;
    frame.pstate = pstate;
    frame.record.type = MetadataType::exception;
    return frame;
  }
};

/// What walk() should say with a buffer of this many frames. The context's stacks are those of the memory, in order;
/// its frame table is not looked at, but the slow one, if there is one.
[[nodiscard]] Walked oracle_walk(const OracleStart& start, const Context& context, const SlowFrameTable* frame_table,
                                 const FlatMemory& memory, std::size_t buffer_size);

}  // namespace surefoot::testing
