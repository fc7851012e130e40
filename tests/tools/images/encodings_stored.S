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
  stores EXTENT_AROUND, 31, swpp x0, x1, [sp]
  stores EXTENT_AROUND, 31, rcwcasp x0, x1, x2, x3, [sp]
  stores_here 31, 0, 8, stlr x0, [sp]
  stores_here 31, 0, 4, stlr w0, [sp]
  stores_here 31, 0, 1, stlrb w0, [sp]
  stores_here 31, 0, 8, stllr x0, [sp]
  stores_here 31, 0, 8, stxr w1, x0, [sp]
  stores_here 31, 0, 2, stlxrh w1, w0, [sp]
  stores_here 31, 0, 16, stxp w0, x1, x2, [sp]
  stores_here 31, 0, 8, stlxp w0, w1, w2, [sp]
  stores_here 31, 0, 16, casp x0, x1, x2, x3, [sp]
  stores_here 31, 0, 8, caspal w0, w1, w2, w3, [sp]
  stores_here 31, 0, 8, cas x0, x1, [sp]
  stores_here 31, 0, 1, casab w0, w1, [sp]
  stores_here 31, 0, 64, st4 {v0.16b, v1.16b, v2.16b, v3.16b}, [sp]
  stores_here 31, 0, 32, st1 {v0.8b, v1.8b, v2.8b, v3.8b}, [sp]
  stores_here 31, 0, 48, st3 {v0.4s, v1.4s, v2.4s}, [sp], x1
  stores_here 31, 0, 24, st1 {v0.1d, v1.1d, v2.1d}, [sp], #24
  stores_here 31, 0, 32, st2 {v0.2d, v1.2d}, [sp]
  stores_here 31, 0, 16, st1 {v0.2s, v1.2s}, [sp]
  stores_here 31, 0, 16, st1 {v0.16b}, [sp]
  stores_here 29, 0, 8, st1 {v0.d}[1], [x29], #8
  stores_here 29, 0, 4, st1 {v0.s}[3], [x29]
  stores_here 29, 0, 2, st1 {v0.h}[7], [x29]
  stores_here 29, 0, 1, st1 {v0.b}[15], [x29]
  stores_here 29, 0, 16, st2 {v0.d, v1.d}[0], [x29]
  stores_here 29, 0, 12, st3 {v0.s, v1.s, v2.s}[1], [x29]
  stores_here 29, 0, 4, st4 {v0.b, v1.b, v2.b, v3.b}[1], [x29]
  stores_here 31, 0, 8, stadd x0, [sp]
  stores_here 31, 0, 4, ldaddal w0, w1, [sp]
  stores_here 31, 0, 2, ldclrh w0, w1, [sp]
  stores_here 29, 0, 8, swp x0, x1, [x29]
  stores_here 31, 0, 64, st64b x0, [sp]
  stores_here 31, 0, 64, st64bv x0, x2, [sp]
  stores_here 31, 32, 16, stzg x0, [sp, #32]
  stores_here 31, 32, 32, stz2g x0, [sp, #32]
  stores_here 31, -16, 32, stz2g x0, [sp, #-16]!
  stores_here 31, 0, 16, stzg x0, [sp], #32
  stores EXTENT_NONE, 0, stg x0, [sp, #32]
  stores EXTENT_NONE, 0, st2g x0, [sp], #32
  stores EXTENT_NONE, 0, ldar x0, [sp]
  stores EXTENT_NONE, 0, ldlar x0, [sp]
  stores EXTENT_NONE, 0, ldaxr x0, [sp]
  stores EXTENT_NONE, 0, ldaxp x0, x1, [sp]
  stores EXTENT_NONE, 0, ldapr x0, [sp]
  stores EXTENT_NONE, 0, ld1 {v0.16b, v1.16b}, [sp]
  stores EXTENT_NONE, 0, ld1 {v0.d}[1], [sp]
  stores EXTENT_NONE, 0, ld4r {v0.8b, v1.8b, v2.8b, v3.8b}, [sp]
  stores EXTENT_NONE, 0, prfm pldl1keep, [sp, #8]
  stores EXTENT_NONE, 0, prfum pldl1keep, [sp, #-8]
  stores EXTENT_NONE, 0, prfm pldl1keep, [sp, x1]
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
