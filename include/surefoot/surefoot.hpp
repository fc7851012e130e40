// SPDX-License-Identifier: MIT
//
// All of the core's public interface. See README.md for an example.
#pragma once

#include "surefoot/address.hpp"
#include "surefoot/code_map.hpp"
#include "surefoot/config.hpp"
#include "surefoot/cursor.hpp"
#include "surefoot/error.hpp"
#include "surefoot/evidence.hpp"
#include "surefoot/exception_layout.hpp"
#include "surefoot/frame.hpp"
#include "surefoot/frame_table.hpp"
#include "surefoot/kernel.hpp"
#include "surefoot/memory.hpp"
#include "surefoot/patch_sites.hpp"
#include "surefoot/port_check.hpp"
#include "surefoot/records.hpp"
#include "surefoot/return_stack.hpp"
#include "surefoot/rule.hpp"
#include "surefoot/special_ranges.hpp"
#include "surefoot/stacks.hpp"
#include "surefoot/start.hpp"
#include "surefoot/task.hpp"
#include "surefoot/verdict.hpp"
#include "surefoot/version.h"
#include "surefoot/walk.hpp"
#include "surefoot/witnesses.hpp"
