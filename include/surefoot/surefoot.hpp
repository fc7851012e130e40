// SPDX-License-Identifier: MIT
//
// All of the core's public interface. See README.md for an example.
#pragma once

#include "surefoot/address.hpp"
#include "surefoot/config.hpp"
#include "surefoot/context.hpp"
#include "surefoot/cursor.hpp"
#include "surefoot/evidence.hpp"
#include "surefoot/frame.hpp"
#include "surefoot/frame_table.hpp"
#include "surefoot/linked_frame_table.hpp"
#include "surefoot/linked_ranges.hpp"
#include "surefoot/patch_sites.hpp"
#include "surefoot/reader.hpp"
#include "surefoot/records.hpp"
#include "surefoot/return_stack.hpp"
#include "surefoot/rule.hpp"
#include "surefoot/special_ranges.hpp"
#include "surefoot/stacks.hpp"
#include "surefoot/start.hpp"
#include "surefoot/verdict.hpp"
#include "surefoot/version.h"
#include "surefoot/walk.hpp"
