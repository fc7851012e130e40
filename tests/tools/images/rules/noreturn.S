// SPDX-License-Identifier: MIT
//
// Which calls come back. What is behind shows it, which is reached in another way as well.
#include "rules.inc"

  .text

define_root
define_leaf
define_stops

begin stops_by_another
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", bl stops
end stops_by_another

// calls: a call that comes back, with x30 lost; calls_at_end: one that does not.
.macro calls callee:req
begin calls_\callee
  at ENTRY, mov x19, x30
  at ENTRY, cbz x0, 1f
  at ENTRY, bl \callee
1:
  at NONE, ret x19
end calls_\callee
.endm
.macro calls_at_end callee:req
begin calls_\callee
  at ENTRY, mov x19, x30
  at ENTRY, cbz x0, 1f
  at ENTRY, bl \callee
1:
  at ENTRY, ret x19
end calls_\callee
.endm

  calls leaf
  calls_at_end stops
  calls_at_end stops_by_another

// By its name one would think that it ends the program. It does not.
begin exit
  at ENTRY, mov x0, #0
  at ENTRY, ret
end exit
  calls exit

// By this name it does, whatever it jumps through.
begin longjmp
  at ENTRY, ldr x16, [x0]
  at ENTRY, br x16
end longjmp
  calls_at_end longjmp

// The text behind the call is for the callee, which knows how long it is.
begin calls_with_text
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u u", bl leaf
  .ascii "text"
  at "sp+16 u c-16", ldr x30, [sp], #16
  at ENTRY, ret
end calls_with_text
  calls calls_with_text

// Ends in a call of what comes back, and so runs into the next function, which gives its frame back.
begin runs_on
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u u", bl leaf
end runs_on

begin run_into
  at NONE, ldr x30, [sp], #16
  at NONE, ret
end run_into
  calls runs_on

// A trap comes back only if a debugger says so.
begin traps
  at ENTRY, brk #1
end traps
  calls_at_end traps

// GCC's __builtin_trap, before the function has a record. What is behind it is reached with one (M4).
begin traps_on_a_way
  at ENTRY, cbz x0, 1f
  at ENTRY, brk #1000
2:
  at RECORD16, mov x3, #1
  at RECORD16, b 4f
1:
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
3:
  at RECORD16, bl leaf
  at RECORD16, cbz x0, 2b
4:
  at RECORD16, cbnz x3, 3b
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
end traps_on_a_way

// A break of the kernel's own may be gone on from: who calls a function that has one may be returned to.
begin breaks
  at ENTRY, brk #0
  at ENTRY, ret
end breaks
begin calls_breaks
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl breaks
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, b leaf
end calls_breaks
