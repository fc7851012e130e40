// SPDX-License-Identifier: MIT
//
// The C interface (C11): a thin layer over the C++ core, in an archive of its own. Each header has the name of the C++
// header that says what its values mean. Every function may be called in any context, but for surefoot_check_port(),
// and a walk reads nothing but what its arguments name. Structures with a member `opaque` are made by a function; a
// structure of zeros is a refused or an empty value, and is safe to walk with.
//
//   struct surefoot_frame frames[32];
//   const struct surefoot_start start = surefoot_start_blocked_task(&saved, &activity);
//   const struct surefoot_trace trace = surefoot_walk(&start, &kernel, &task, frames, 32);
//   if (trace.verdict.is_reliable) ...
#ifndef SUREFOOT_SUREFOOT_H
#define SUREFOOT_SUREFOOT_H

#include "surefoot/c/address.h"
#include "surefoot/c/code_map.h"
#include "surefoot/c/error.h"
#include "surefoot/c/frame.h"
#include "surefoot/c/frame_table.h"
#include "surefoot/c/ftrace.h"
#include "surefoot/c/kernel.h"
#include "surefoot/c/livepatch.h"
#include "surefoot/c/panic.h"
#include "surefoot/c/patch_sites.h"
#include "surefoot/c/port_check.h"
#include "surefoot/c/print.h"
#include "surefoot/c/profile.h"
#include "surefoot/c/return_stack.h"
#include "surefoot/c/special_ranges.h"
#include "surefoot/c/stacks.h"
#include "surefoot/c/start.h"
#include "surefoot/c/symbols.h"
#include "surefoot/c/task.h"
#include "surefoot/c/user_trace.h"
#include "surefoot/c/verdict.h"
#include "surefoot/c/walk.h"
#include "surefoot/layout.h"
#include "surefoot/version.h"

#endif  // SUREFOOT_SUREFOOT_H
