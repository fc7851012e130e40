// SPDX-License-Identifier: MIT
//
// All of the tracing runtime's public interface (the target surefoot::ftrace, AArch64 only).
#pragma once

#include "surefoot/ftrace/frame.hpp"
#include "surefoot/ftrace/grace_period.hpp"
#include "surefoot/ftrace/patch_site.hpp"
#include "surefoot/ftrace/port.hpp"
#include "surefoot/ftrace/runtime.hpp"
#include "surefoot/ftrace/tracer.hpp"
