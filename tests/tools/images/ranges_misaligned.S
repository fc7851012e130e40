// SPDX-License-Identifier: MIT
#include "parts.h"

  .text
  leaf work
.Lend:
  .special_range work, .Lend - 2, other
