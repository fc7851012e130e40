// SPDX-License-Identifier: MIT
//
// Prints traces, verdicts and the findings of a check as text; see print.hpp. A kernel that calls these functions links
// surefoot::print as well.
#ifndef SUREFOOT_C_PRINT_H
#define SUREFOOT_C_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/frame.h"
#include "surefoot/c/port_check.h"
#include "surefoot/c/symbols.h"
#include "surefoot/c/user_trace.h"
#include "surefoot/c/verdict.h"
#include "surefoot/c/walk.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A function and an object that take the next piece of text, which no zero ends.
struct surefoot_sink {
  void (*write)(void* object, const char* text, size_t size);
  void* object;
};

/// Zeros print neither names of functions nor colours.
struct surefoot_print_options {
  struct surefoot_symbols symbols;
  bool use_colour;
};

/// How a frame is printed among others.
struct surefoot_frame_position {
  size_t index;
  size_t index_width;  ///< columns; 0 takes as many as the index needs
  bool is_doubtful;
};

/// Prints the name of a function, without an end of line; control characters are escaped.
void surefoot_print_name(const struct surefoot_symbol_name* name, const struct surefoot_sink* sink);
/// Prints one frame, in a line, whatever its name holds.
void surefoot_print_frame(const struct surefoot_frame* frame, const struct surefoot_frame_position* position,
                          const struct surefoot_print_options* options, const struct surefoot_sink* sink);
/// Prints the frames, one a line, those that repeat the frames just before them in one line for all, and below the
/// frames of an unreliable trace where and why it ended.
void surefoot_print_trace(const struct surefoot_trace* trace, const struct surefoot_print_options* options,
                          const struct surefoot_sink* sink);
/// Prints the frames of a user program, marked apart from the kernel's, and where and why they end.
void surefoot_print_user_trace(const struct surefoot_user_trace* trace, const struct surefoot_print_options* options,
                               const struct surefoot_sink* sink);
/// Prints the verdict on so many frames, without an end of line.
void surefoot_print_verdict(const struct surefoot_verdict* verdict, size_t frame_count,
                            const struct surefoot_print_options* options, const struct surefoot_sink* sink);
/// Prints what surefoot_check_port() found, one finding a line, and how many had no room in the buffer.
void surefoot_print_findings(const struct surefoot_port_finding* findings, size_t capacity,
                             const struct surefoot_port_result* result, const struct surefoot_sink* sink);

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_PRINT_H
