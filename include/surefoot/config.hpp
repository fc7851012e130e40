// SPDX-License-Identifier: MIT
//
// What the compiler and the build say about the target. SUREFOOT_OPT_* macros are set by the build, SUREFOOT_HAS_* and
// SUREFOOT_IS_* are derived here and are not for the user to set.
#pragma once

#include "surefoot/version.h"

#if defined(__aarch64__)
#define SUREFOOT_IS_AARCH64 1
#else
#define SUREFOOT_IS_AARCH64 0
#endif

/// 1 where the library's assembly (capture.S, entry-ftrace.S) is part of the build. Elsewhere only foreign stacks, such
/// as those of a test or of a memory dump, can be walked.
#define SUREFOOT_HAS_ASM SUREFOOT_IS_AARCH64

/// 1 (the default) keeps the checks of what the caller promised; 0 removes them. Data is always checked.
#if !defined(SUREFOOT_OPT_CHECKS)
#define SUREFOOT_OPT_CHECKS 1
#endif

/// Marks a step of the walk that is a function of its own: it works on the state in memory, so that the stack of a walk
/// is that of one path through it, and the text is there once.
#define SUREFOOT_STEP [[gnu::noinline]]
/// Marks a step that is made part of the function that calls it: at every place where a walk's budget hangs on it.
#define SUREFOOT_INLINE [[gnu::always_inline]]
/// Marks the loop over plain frames. GCC keeps its values in registers only if it is a function of its own, and each
/// entry then costs some 25 instructions more.
#if defined(__clang__)
#define SUREFOOT_LOOP SUREFOOT_INLINE
#else
#define SUREFOOT_LOOP SUREFOOT_STEP
#endif

/// States what the caller of a function must have made true. Corrupt data is never a broken contract: it is a
/// StopReason. May be defined by the build to end in the kernel's own panic.
#if !defined(SUREFOOT_CHECK)
#if SUREFOOT_OPT_CHECKS
#define SUREFOOT_CHECK(condition) ((condition) ? static_cast<void>(0) : __builtin_trap())
#else
#define SUREFOOT_CHECK(condition) static_cast<void>(0)
#endif
#endif
