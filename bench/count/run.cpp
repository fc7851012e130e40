// SPDX-License-Identifier: MIT
//
// Counts what the library's parts execute. One line a figure; scripts/bench reads them.
//
//   count NAME INSTRUCTIONS
//   stack NAME BYTES
#include "boot/run.hpp"

#include "count/counter.hpp"
#include "count/names.hpp"
#include "count/profiles.hpp"
#include "count/searches.hpp"
#include "count/walks.hpp"
#include "count/witnesses.hpp"

namespace kernel {

int run() noexcept {
  if (!bench::start_counter()) return 2;
  bench::count_walks();
  bench::count_profiles();
  bench::count_witnesses();
  bench::count_searches();
  bench::count_describing();
  bench::count_names();
  return bench::has_failed() ? 1 : 0;
}

}  // namespace kernel
