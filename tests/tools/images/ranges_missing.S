// SPDX-License-Identifier: MIT
//
// Code that has to be special, and no table.
#include "parts.inc"

  .text
.function exit_from_exception
.fault
  eret
.end_function exit_from_exception

.function return_to_handler
  br x0
.end_function return_to_handler
