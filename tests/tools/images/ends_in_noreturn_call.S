// SPDX-License-Identifier: MIT
#include "parts.inc"

  .text
.function never_returns
  b never_returns
.end_function never_returns

.function fails
  enter
.fault
  bl never_returns
.end_function fails
