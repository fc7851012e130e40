// SPDX-License-Identifier: MIT
//
// All of live patching's public interface (the target surefoot::livepatch). docs/livepatching.md says how a kernel uses
// it, and what it has to guarantee.
#pragma once

#include "surefoot/livepatch/patch.hpp"
#include "surefoot/livepatch/patches.hpp"
#include "surefoot/livepatch/refusal.hpp"
#include "surefoot/livepatch/replacement.hpp"
#include "surefoot/livepatch/report.hpp"
#include "surefoot/livepatch/runtime.hpp"
#include "surefoot/livepatch/task_state.hpp"
