// SPDX-License-Identifier: MIT
//
// Sizes of the library's objects: each is the size of a symbol, bench_bytes_NAME.
#include "surefoot/surefoot.hpp"

#define BENCH_BYTES(name, type)                       \
  extern "C" {                                        \
  extern const char bench_bytes_##name[sizeof(type)]; \
  const char bench_bytes_##name[sizeof(type)] = {};   \
  }

BENCH_BYTES(return_stack, surefoot::ReturnStack)
BENCH_BYTES(return_entry, surefoot::ReturnEntry)
BENCH_BYTES(task_activity, surefoot::TaskActivity)
BENCH_BYTES(final_record, surefoot::MetadataRecord)
BENCH_BYTES(exception_frame, surefoot::ExceptionFrame)
BENCH_BYTES(kernel, surefoot::Kernel)
BENCH_BYTES(task, surefoot::Task)
BENCH_BYTES(cursor, surefoot::Cursor)
BENCH_BYTES(frame, surefoot::Frame)
BENCH_BYTES(special_range, surefoot::SpecialRangeEntry)
BENCH_BYTES(region, surefoot::Region)
BENCH_BYTES(interval, surefoot::Interval)
