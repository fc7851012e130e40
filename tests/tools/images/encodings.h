// SPDX-License-Identifier: MIT
//
// What encodings_*.S expects of each of its instructions, as encoding_test.cpp reads it.
#ifndef SUREFOOT_TEST_IMAGE_ENCODINGS_H
#define SUREFOOT_TEST_IMAGE_ENCODINGS_H

// Flow::Kind
#define FLOW_NEXT 0
#define FLOW_JUMP 1
#define FLOW_BRANCH 2
#define FLOW_CALL 3
#define FLOW_INDIRECT_CALL 4
#define FLOW_INDIRECT_JUMP 5
#define FLOW_FUNCTION_RETURN 6
#define FLOW_EXCEPTION_RETURN 7
#define FLOW_STOP 8
// ... and of Kind next, but meant for an end
#define FLOW_TRAP 9

// MemoryWrite::Extent
#define EXTENT_NONE 0
#define EXTENT_HERE 1
#define EXTENT_AROUND 2
#define EXTENT_ANY 3

#ifdef __ASSEMBLER__

// No spaces: they would end a macro's argument.
#define NONE 0
#define X(n) (1<<n)
#define SP (1<<31)

// writes set, instruction: it may change these registers.
.macro writes set:req, instruction:vararg
  \instruction
  .pushsection .rodata.written, "a", %progbits
  .word \set
  .popsection
.endm

// stores extent, base, instruction: it may write this much of memory.
.macro stores extent:req, base:req, instruction:vararg
  \instruction
  .pushsection .rodata.stored, "a", %progbits
  .word \extent, \base
  .popsection
.endm

// goes kind, register, target, instruction
.macro goes kind:req, register:req, target:req, instruction:vararg
  \instruction
  .pushsection .rodata.goes, "a", %progbits
  .word \kind, \register
  .quad \target
  .popsection
.endm

#endif
#endif
