// SPDX-License-Identifier: MIT
//
// Tasks of each kind in a DumpWorld: for the fuzzer, and for the dump that the program is tried on.
#pragma once

namespace surefoot::testing {

class DumpWorld;

/// 10 and 11, two threads of one process: asleep with hooked functions; asleep in an exception of a leaf. 12: running
/// on CPU 1's IRQ stack. 13: has not run yet. 14: a zombie.
void add_tasks_of_each_kind(DumpWorld& world);

}  // namespace surefoot::testing
