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
  stores_here 31, 8, 8, str x0, [sp, #8]
  stores_here 31, -8, 16, stur q0, [sp, #-8]
  stores_here 29, -8, 8, sttr x0, [x29, #-8]
  stores_here 31, -8, 8, stlur x0, [sp, #-8]
  stores_here 31, -8, 8, stlur d0, [sp, #-8]
  stores_here 31, -32, 32, stp q0, q1, [sp, #-32]!
  stores_here 29, 0, 16, stnp x0, x1, [x29]
  stores_here 31, 16, 16, stgp x0, x1, [sp, #16]
  stores_here 31, -16, 16, stilp x0, x1, [sp, #-16]!
  stores_here 31, -8, 8, stlr x0, [sp, #-8]!
  stores_here 31, 0, 16, swpp x0, x1, [sp]
  stores_here 31, 0, 16, rcwcasp x0, x1, x2, x3, [sp]
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
  stores EXTENT_BLOCK, 2, dc zva, x2
  stores EXTENT_BLOCK, 2, dc gva, x2
  stores EXTENT_BLOCK, 2, dc gzva, x2
  stores EXTENT_AT_UNKNOWN_DISTANCE, 1, stgm x0, [x1]
  stores EXTENT_AT_UNKNOWN_DISTANCE, 1, stzgm x0, [x1]
  stores_counted 3, 2, cpyfp [x3]!, [x1]!, x2!
  stores_counted 3, 2, cpymwn [x3]!, [x1]!, x2!
  stores_counted 3, 2, setp [x3]!, x2!, x1
  stores_counted 3, 2, setgm [x3]!, x2!, x1
  stores EXTENT_AT_UNKNOWN_DISTANCE, 31, st1d {z0.d}, p0, [sp, #-1, mul vl]
  stores EXTENT_AT_UNKNOWN_DISTANCE, 31, str z0, [sp, #-1, mul vl]
  stores EXTENT_AT_UNKNOWN_DISTANCE, 29, str p0, [x29, #7, mul vl]
  stores EXTENT_AT_UNKNOWN_DISTANCE, 31, st1b {z0.b-z3.b}, pn8, [sp]
  stores EXTENT_AT_UNKNOWN_DISTANCE, 31, str za[w12, 2], [sp, #2, mul vl]
  stores EXTENT_AT_UNKNOWN_DISTANCE, 31, st1q {za0h.q[w12, 0]}, p0, [sp]
  stores EXTENT_AT_UNKNOWN_DISTANCE, 31, str zt0, [sp]
  stores EXTENT_NONE, 0, add z31.d, z31.d, z29.d
  stores EXTENT_NONE, 0, ld1d {z0.d}, p0/z, [sp]
  stores EXTENT_NONE, 0, fmopa za0.s, p0/m, p1/m, z31.s, z29.s
  stores_here 29, 0, 16, str z0, [x29]
  stores_here 31, 65520, 16, str q0, [sp, #65520]
  stores_here 31, 6, 2, strh w0, [sp, #6]
  stores_here 31, 5, 1, str b0, [sp, #5]
  stores_here 31, -16, 8, str x0, [sp, #-16]!
  stores_here 31, 0, 8, str d0, [sp], #16
  stores_here 31, -3, 1, sturb w0, [sp, #-3]
  stores_here 31, 0, 16, stp x0, x1, [sp], #16
  stores_here 31, -8, 8, stp w0, w1, [sp, #-8]
  stores_here 31, 8, 8, stp s0, s1, [sp, #8]
  stores_here 31, 16, 16, stnp d0, d1, [sp, #16]
  stores_here 31, -16, 16, stgp x0, x1, [sp, #-16]!
  stores_here 31, -8, 8, stilp w0, w1, [sp, #-8]!
  stores_here 31, 0, 16, stilp x0, x1, [sp]
  stores_here 31, -4, 4, stlr w0, [sp, #-4]!
  stores_here 31, 7, 1, stlurb w0, [sp, #7]
  stores_here 31, -16, 16, stlur q0, [sp, #-16]
  stores_here 31, 0, 8, rcwcas x0, x1, [sp]
  stores_here 31, 0, 16, ldclrp x0, x1, [sp]
  stores EXTENT_AT_UNKNOWN_DISTANCE, 31, str x0, [sp, x1, lsl #3]
  stores EXTENT_NONE, 0, ldr x0, [sp, x1, lsl #3]
  stores EXTENT_NONE, 0, ldraa x0, [sp, #8]!
  stores EXTENT_NONE, 0, ldp q0, q1, [sp], #32
  stores EXTENT_NONE, 0, ldpsw x0, x1, [sp]
  stores EXTENT_NONE, 0, ldapur x0, [sp, #-8]
  stores EXTENT_NONE, 0, ldapursw x0, [sp, #-8]
  stores EXTENT_NONE, 0, ldapur q0, [sp, #-16]
  stores EXTENT_NONE, 0, ldiapp x0, x1, [sp], #16
  stores EXTENT_NONE, 0, ldg x0, [sp]
  stores_here 1, 0, 8, gcsstr x0, [x1]
  stores_here 1, 0, 8, gcssttr x0, [x1]
  stores EXTENT_NONE, 0, gcspushm x1
  stores EXTENT_NONE, 0, ldgm x0, [x1]
  .size list, . - list
