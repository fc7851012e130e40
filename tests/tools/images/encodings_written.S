// SPDX-License-Identifier: MIT
//
// Instructions of each encoding group, and the general registers that they change.
#include "encodings.inc"

  .text
  .type list, %function
list:
  // Data processing, immediate
  writes X(30), adr x30, .
  writes X(29), adrp x29, .
  writes NONE, adr xzr, .
  writes SP, add sp, sp, #16
  writes SP, sub wsp, w1, #16
  writes X(29), add x29, sp, #16
  writes X(30), adds x30, x1, #1
  writes NONE, cmp sp, #16
  writes NONE, cmn w1, #16
  writes SP, addg sp, sp, #16, #1
  writes SP, subg sp, x1, #16, #1
  writes X(30), smax x30, x1, #1
  writes NONE, umin wzr, w1, #1
  writes SP, and sp, x9, #-16
  writes SP, orr sp, x1, #1
  writes SP, eor wsp, w1, #1
  writes X(30), ands x30, x1, #1
  writes NONE, tst x1, #1
  writes X(30), mov x30, #1
  writes X(30), movk x30, #1, lsl #16
  writes X(29), movn w29, #1
  writes X(30), ubfx x30, x1, #4, #5
  writes X(30), bfi x30, x1, #4, #5
  writes X(30), ror x30, x1, #4
  writes X(30), extr w30, w1, w2, #4
  writes X(30), autiasppc .
  writes X(30), autibsppc .

  // Branches, exceptions, system
  writes NONE, b .
  writes NONE, b.eq .
  writes NONE, bc.ne .
  writes NONE, cbz x30, .
  writes NONE, tbnz w30, #3, .
  writes X(30), bl .
  writes X(30), blr x1
  writes X(30), blraaz x30
  writes X(30), blrab x1, sp
  writes NONE, br x30
  writes NONE, braa x30, sp
  writes NONE, ret
  writes NONE, retab
  writes NONE, retaasppc .
  writes NONE, eret
  writes NONE, svc #0
  writes NONE, brk #1
  writes NONE, hlt #1
  writes NONE, nop
  writes NONE, yield
  writes NONE, bti jc
  writes NONE, esb
  writes NONE, csdb
  writes X(30), xpaclri
  writes X(17), pacia1716
  writes X(17), pacib1716
  writes X(17), autia1716
  writes X(17), autib1716
  writes X(30), paciaz
  writes X(30), paciasp
  writes X(30), pacibz
  writes X(30), pacibsp
  writes X(30), autiaz
  writes X(30), autiasp
  writes X(30), autibz
  writes X(30), autibsp
  writes X(16), chkfeat x16
  writes NONE, dsb sy
  writes NONE, isb
  writes NONE, clrex
  writes NONE, wfet x30
  writes NONE, wfit x30
  writes NONE, cfinv
  writes NONE, msr daifset, #15
  writes SP, msr spsel, #1
  writes SP, msr spsel, x3
  writes NONE, msr sp_el0, x30
  writes NONE, msr nzcv, x30
  writes X(30), mrs x30, sp_el0
  writes NONE, mrs xzr, nzcv
  writes X(30), sysl x30, #0, c7, c0, #0
  writes NONE, dc zva, x30
  writes NONE, ic ivau, x30
  writes NONE, at s1e1r, x30
  writes NONE, tlbi vae1, x30
  writes X(28)|X(29), mrrs x28, x29, ttbr0_el1
  writes NONE, msrr ttbr0_el1, x28, x29
  writes NONE, sysp #0, c8, c1, #1, x28, x29
  writes X(30), gcspopm x30
  writes X(30), gcsss2 x30
  writes NONE, gcspushm x30
  writes NONE, gcsss1 x30
  writes NONE, gcspushx
  writes NONE, gcspopx
  writes NONE, gcspopcx
  writes NONE, gcsb dsync
  writes NONE, gcsstr x30, [sp]
  writes NONE, gcssttr x30, [sp]
  writes X(30), tstart x30
  writes NONE, tcommit

  // Exclusive, ordered, compare and swap
  writes X(30), ldxr x30, [sp]
  writes X(29)|X(30), ldaxp x29, x30, [sp]
  writes X(30), stxr w30, x1, [sp]
  writes X(29), stlxp w29, x30, x1, [sp]
  writes X(30), ldar x30, [sp]
  writes X(30), ldlarb w30, [sp]
  writes NONE, stlr x30, [sp]
  writes X(30), cas x30, x29, [sp]
  writes X(29), casalb w29, w30, [sp]
  writes X(28)|X(29), casp x28, x29, x4, x5, [sp]
  writes X(30), caspal w30, wzr, w4, w5, [sp]

  // Vector structures
  writes NONE, ld1 {v29.16b, v30.16b}, [sp]
  writes SP, ld1 {v29.16b, v30.16b}, [sp], #32
  writes X(29), st4 {v0.8h, v1.8h, v2.8h, v3.8h}, [x29], x30
  writes NONE, ld1r {v30.4s}, [x30]
  writes X(30), ld3r {v0.4s, v1.4s, v2.4s}, [x30], x1
  writes NONE, st1 {v30.d}[1], [x30]
  writes X(30), ld2 {v0.b, v1.b}[7], [x30], #2
  writes NONE, ldap1 {v30.d}[1], [x30]

  // Literals
  writes X(30), ldr x30, .
  writes X(29), ldrsw x29, .
  writes NONE, ldr d30, .
  writes NONE, prfm pldl1keep, .

  // Pairs
  writes NONE, stp x29, x30, [sp, #16]
  writes SP, stp x29, x30, [sp, #-16]!
  writes SP, stp q29, q30, [sp], #32
  writes X(29)|X(30), ldp x29, x30, [sp, #16]
  writes X(29)|X(30)|SP, ldp x29, x30, [sp], #16
  writes X(29)|X(30)|X(9), ldp w29, w30, [x9, #8]!
  writes X(30), ldp xzr, x30, [sp]
  writes SP, ldp d29, d30, [sp], #16
  writes X(29)|X(30), ldpsw x29, x30, [sp]
  writes X(29)|X(30), ldnp x29, x30, [sp]
  writes NONE, stnp x29, x30, [sp]
  writes NONE, stgp x29, x30, [sp]
  writes SP, stgp x29, x30, [sp, #-32]!

  // Single registers
  writes X(30), ldr x30, [sp, #16]
  writes X(30), ldrb w30, [sp, #16]
  writes X(30), ldrsh w30, [sp, #16]
  writes X(30), ldrsw x30, [sp, #16]
  writes NONE, ldr q30, [sp, #16]
  writes NONE, str x30, [sp, #16]
  writes NONE, prfm pldl1keep, [x30, #8]
  writes X(30)|SP, ldr x30, [sp], #16
  writes X(30)|X(9), ldrb w30, [x9, #1]!
  writes SP, str x30, [sp, #-16]!
  writes SP, ldr d30, [sp], #16
  writes SP, str q30, [sp, #-16]!
  writes X(30), ldur x30, [sp, #1]
  writes NONE, stur x30, [sp, #1]
  writes NONE, ldur b30, [sp, #1]
  writes NONE, prfum pldl1keep, [x30, #1]
  writes X(30), ldtr x30, [sp]
  writes NONE, sttr x30, [sp]
  writes X(30), ldr x30, [sp, x1, lsl #3]
  writes NONE, str x30, [sp, x1]
  writes NONE, ldr s30, [sp, w1, uxtw]
  writes NONE, prfm pstl1strm, [x30, x1]
  writes X(30), ldraa x30, [x1]
  writes X(30)|SP, ldrab x30, [sp, #8]!

  // Atomics
  writes X(30), ldadd x1, x30, [sp]
  writes X(29), ldsetal w1, w29, [sp]
  writes NONE, stadd x30, [sp]
  writes X(30), swpb w1, w30, [sp]
  writes X(30), ldapr x30, [sp]
  writes X(22)|X(23)|X(24)|X(25)|X(26)|X(27)|X(28)|X(29), ld64b x22, [sp]
  writes X(2)|X(3)|X(4)|X(5)|X(6)|X(7)|X(8)|X(9), ld64b x2, [sp]
  writes NONE, st64b x22, [sp]
  writes X(30), st64bv x30, x22, [sp]
  writes X(29), st64bv0 x29, x22, [sp]
  writes X(29)|X(30), ldclrp x29, x30, [sp]
  writes X(29)|X(30), swppal x30, x29, [sp]
  writes X(30), rcwcas x30, x1, [sp]
  writes X(28)|X(29), rcwcasp x28, x29, x2, x3, [sp]
  writes X(30), rcwclr x1, x30, [sp]
  writes X(29)|X(30), rcwswpp x29, x30, [sp]

  // Ordered, unscaled
  writes X(30), ldapur x30, [sp, #1]
  writes X(30), ldapursb w30, [sp, #1]
  writes NONE, stlur x30, [sp, #1]
  writes NONE, ldapur q30, [sp, #1]
  writes NONE, stlur d30, [sp, #1]
  writes X(29)|X(30), ldiapp x29, x30, [x0]
  writes X(29)|X(30)|SP, ldiapp x29, x30, [sp], #16
  writes NONE, stilp x29, x30, [x0]
  writes SP, stilp x29, x30, [sp, #-16]!
  writes X(30)|SP, ldapr x30, [sp], #8
  writes SP, stlr x30, [sp, #-8]!

  // Tags
  writes X(30), ldg x30, [sp]
  writes NONE, stg x30, [sp, #16]
  writes SP, stg x30, [sp], #16
  writes SP, st2g x30, [sp, #-32]!
  writes X(29), stz2g x30, [x29], #32
  writes NONE, stzg sp, [sp]
  writes X(30), ldgm x30, [x1]
  writes NONE, stgm x30, [x1]
  writes NONE, stzgm x30, [x1]

  // Memory copies and sets
  writes X(30)|X(29)|X(2), cpyfp [x30]!, [x29]!, x2!
  writes X(30)|X(29)|X(2), cpye [x30]!, [x29]!, x2!
  writes X(30)|X(2), setp [x30]!, x2!, x29
  writes X(29)|X(2), setge [x29]!, x2!, x30

  // Data processing, register
  writes X(30), add x30, x1, x2
  writes NONE, cmp x30, x29
  writes SP, add sp, sp, x1, lsl #4
  writes SP, sub sp, x29, w1, uxtw
  writes X(30), subs x30, sp, x1, uxtx
  writes X(30), orr x30, x1, x2
  writes X(30), mov x30, x29
  writes SP, mov sp, x29
  writes NONE, mov xzr, x30
  writes X(30), bics x30, x1, x2
  writes X(30), adc x30, x1, x2
  writes SP, addpt sp, sp, x1
  writes SP, subpt sp, sp, x1, lsl #2
  writes NONE, rmif x30, #1, #2
  writes NONE, setf8 w30
  writes NONE, setf16 w30
  writes NONE, ccmp x30, x29, #0, eq
  writes NONE, ccmn w30, #3, #0, eq
  writes X(30), csel x30, x1, x2, eq
  writes X(30), cset w30, eq
  writes X(30), udiv x30, x1, x2
  writes X(30), lsl x30, x1, x2
  writes X(30), crc32cx w30, w1, x2
  writes X(30), pacga x30, x1, sp
  writes SP, irg sp, sp
  writes X(30), irg x30, sp, x1
  writes X(30), gmi x30, sp, x1
  writes X(30), subp x30, sp, sp
  writes X(30), subps x30, x1, x2
  writes X(30), smax x30, x1, x2
  writes X(30), clz x30, x1
  writes X(30), rbit w30, w1
  writes X(30), ctz x30, x1
  writes X(30), pacia x30, sp
  writes X(30), autdzb x30
  writes X(30), xpaci x30
  writes X(30), pacnbiasppc
  writes X(30), paciasppc
  writes X(30), autiasppcr x1
  writes X(30), madd x30, x1, x2, x3
  writes X(30), maddpt x30, x1, x2, x3
  writes NONE, smull xzr, w1, w2

  // Vectors
  writes X(30), umov w30, v0.b[3]
  writes X(30), mov x30, v0.d[1]
  writes X(30), smov x30, v0.h[3]
  writes NONE, mov v30.d[1], x30
  writes NONE, dup v30.2d, x30
  writes X(30), fmov x30, d1
  writes X(30), fmov w30, h1
  writes X(30), fmov x30, v1.d[1]
  writes NONE, fmov d30, x30
  writes NONE, fmov v30.d[1], x30
  writes X(30), fcvtzs x30, d1
  writes X(30), fcvtzu w30, s1, #4
  writes X(30), fjcvtzs w30, d1
  writes NONE, scvtf d30, x30
  writes NONE, ucvtf s30, w30, #4
  writes NONE, fadd d30, d29, d31
  writes NONE, fcmp d30, d29
  writes NONE, fmov d30, #1.0
  writes NONE, add v30.16b, v29.16b, v31.16b
  writes NONE, aese v30.16b, v29.16b
  writes NONE, sha512h q30, q29, v31.2d
  writes NONE, fmadd d30, d29, d31, d30

  // Scalable vectors and matrices
  writes SP, addvl sp, sp, #-1
  writes X(29), addpl x29, sp, #1
  writes X(30), rdvl x30, #1
  writes X(30), cntb x30
  writes X(30), incd x30, all, mul #3
  writes X(30), sqdecw x30, w30
  writes NONE, inch z30.h
  writes X(30), cntp x30, p0, p1.b
  writes X(30), incp x30, p1.d
  writes NONE, incp z30.d, p1
  writes X(30), lasta w30, p0, z29.s
  writes NONE, lasta s30, p0, z29.s
  writes X(30), clastb x30, p0, x30, z29.d
  writes NONE, add z30.d, z29.d, z31.d
  writes NONE, ld1d {z30.d}, p0/z, [x30, x29, lsl #3]
  writes NONE, st1d {z31.d}, p0, [sp, #1, mul vl]
  writes NONE, str z31, [sp, #-1, mul vl]
  writes NONE, ldr p15, [sp, #3, mul vl]
  writes NONE, dup z30.d, x30
  writes NONE, whilelo p0.d, x30, x29
  writes NONE, ptrue p15.b
  writes SP, addsvl sp, sp, #-1
  writes X(30), rdsvl x30, #1
  writes NONE, smstart
  writes NONE, ldr za[w12, 2], [sp, #2, mul vl]
  writes NONE, fmopa za0.s, p0/m, p1/m, z30.s, z29.s
  writes X(30), movt x30, zt0[8]
  writes NONE, movt zt0[8], x30
  writes NONE, st1b {z28.b-z31.b}, pn8, [sp, x30]
  .size list, . - list
