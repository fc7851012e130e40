// SPDX-License-Identifier: MIT
//
// Instructions of each encoding group, and what they may write in memory.
#include "encodings.inc"

  .text
  .type list, %function
list:
  stores EXTENT_NONE, 0, add x0, sp, #1
  stores EXTENT_NONE, 0, orr x0, x1, x2
  stores EXTENT_NONE, 0, fadd d0, d1, d2
  stores EXTENT_NONE, 0, bl .
  stores EXTENT_NONE, 0, dsb sy
  stores EXTENT_NONE, 0, dc civac, x1
  stores EXTENT_NONE, 0, ldr x0, .
  stores EXTENT_AROUND, 31, str x0, [sp, #8]
  stores EXTENT_AROUND, 31, stur q0, [sp, #-8]
  stores EXTENT_AROUND, 29, sttr x0, [x29, #-8]
  stores EXTENT_AROUND, 31, stlur x0, [sp, #-8]
  stores EXTENT_AROUND, 31, stlur d0, [sp, #-8]
  stores EXTENT_AROUND, 31, stp q0, q1, [sp, #-32]!
  stores EXTENT_AROUND, 29, stnp x0, x1, [x29]
  stores EXTENT_AROUND, 31, stgp x0, x1, [sp, #16]
  stores EXTENT_AROUND, 31, stilp x0, x1, [sp, #-16]!
  stores EXTENT_AROUND, 31, stlr x0, [sp, #-8]!
  stores EXTENT_AROUND, 31, stz2g x0, [sp, #32]
  stores EXTENT_AROUND, 31, swpp x0, x1, [sp]
  stores EXTENT_AROUND, 31, rcwcasp x0, x1, x2, x3, [sp]
  stores EXTENT_HERE, 31, stlr x0, [sp]
  stores EXTENT_HERE, 31, stxp w0, x1, x2, [sp]
  stores EXTENT_HERE, 31, casp x0, x1, x2, x3, [sp]
  stores EXTENT_HERE, 31, st4 {v0.16b, v1.16b, v2.16b, v3.16b}, [sp]
  stores EXTENT_HERE, 29, st1 {v0.d}[1], [x29], #8
  stores EXTENT_HERE, 31, stadd x0, [sp]
  stores EXTENT_HERE, 29, swp x0, x1, [x29]
  stores EXTENT_HERE, 31, st64b x0, [sp]
  stores EXTENT_HERE, 31, st64bv x0, x2, [sp]
  stores EXTENT_ANY, 2, dc zva, x2
  stores EXTENT_ANY, 2, dc gva, x2
  stores EXTENT_ANY, 2, dc gzva, x2
  stores EXTENT_ANY, 1, stgm x0, [x1]
  stores EXTENT_ANY, 1, stzgm x0, [x1]
  stores EXTENT_ANY, 3, cpyfp [x3]!, [x1]!, x2!
  stores EXTENT_ANY, 3, cpymwn [x3]!, [x1]!, x2!
  stores EXTENT_ANY, 3, setp [x3]!, x2!, x1
  stores EXTENT_ANY, 3, setgm [x3]!, x2!, x1
  stores EXTENT_ANY, 31, st1d {z0.d}, p0, [sp, #-1, mul vl]
  stores EXTENT_ANY, 31, str z0, [sp, #-1, mul vl]
  stores EXTENT_ANY, 29, str p0, [x29, #7, mul vl]
  stores EXTENT_ANY, 31, st1b {z0.b-z3.b}, pn8, [sp]
  stores EXTENT_ANY, 31, str za[w12, 2], [sp, #2, mul vl]
  stores EXTENT_ANY, 31, st1q {za0h.q[w12, 0]}, p0, [sp]
  stores EXTENT_ANY, 31, str zt0, [sp]
  stores EXTENT_NONE, 0, add z31.d, z31.d, z29.d
  stores EXTENT_NONE, 0, ld1d {z0.d}, p0/z, [sp]
  stores EXTENT_NONE, 0, fmopa za0.s, p0/m, p1/m, z31.s, z29.s
  .size list, . - list
