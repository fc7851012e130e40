// SPDX-License-Identifier: MIT
//
// The return trampoline of return_hook.hpp: of another kind than return_to_handler, and of the same shape.
#include "surefoot/return_trampoline.h"

  .section .text.sweep_return_hook, "ax", %progbits

return_trampoline sweep_return_hook, kind=return_hook, exit=sweep_return_hook_exit

.bti_property
