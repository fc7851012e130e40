// SPDX-License-Identifier: MIT
//
// Made by clang of net.cpp, which says how.
	.text
	.file	"net.cpp"
	.file	0 "." "tests/decode/image/net.cpp" md5 0xd0c51a564e27b3ee5e51675fe4f95f42
	.section	.text._ZN3net4sendERKNS_6PacketE,"ax",@progbits
	.globl	_ZN3net4sendERKNS_6PacketE      // -- Begin function _ZN3net4sendERKNS_6PacketE
	.p2align	2
	.type	_ZN3net4sendERKNS_6PacketE,@function
_ZN3net4sendERKNS_6PacketE:             // @_ZN3net4sendERKNS_6PacketE
.Lfunc_begin0:
	.loc	0 26 0                          // tests/decode/image/net.cpp:26:0
	.cfi_sections .debug_frame
	.cfi_startproc
// %bb.0:
	//DEBUG_VALUE: send:packet <- $x0
	stp	x29, x30, [sp, #-16]!           // 16-byte Folded Spill
	mov	x29, sp
	.cfi_def_cfa w29, 16
	.cfi_offset w30, -8
	.cfi_offset w29, -16
.Ltmp0:
	.loc	0 27 54 prologue_end            // tests/decode/image/net.cpp:27:54
	ldr	w8, [x0]
	.loc	0 27 10 is_stmt 0               // tests/decode/image/net.cpp:27:10
	ldr	x9, [x0, #8]
	.loc	0 27 18                         // tests/decode/image/net.cpp:27:18
	strb	w8, [x9]
	.loc	0 28 3 is_stmt 1                // tests/decode/image/net.cpp:28:3
	//APP
	//NO_APP
	.loc	0 29 1 epilogue_begin           // tests/decode/image/net.cpp:29:1
	ldp	x29, x30, [sp], #16             // 16-byte Folded Reload
	ret
.Ltmp1:
.Lfunc_end0:
	.size	_ZN3net4sendERKNS_6PacketE, .Lfunc_end0-_ZN3net4sendERKNS_6PacketE
	.cfi_endproc
                                        // -- End function
	.section	.text._ZN3net4pollERNS_5QueueE,"ax",@progbits
	.globl	_ZN3net4pollERNS_5QueueE        // -- Begin function _ZN3net4pollERNS_5QueueE
	.p2align	2
	.type	_ZN3net4pollERNS_5QueueE,@function
_ZN3net4pollERNS_5QueueE:               // @_ZN3net4pollERNS_5QueueE
.Lfunc_begin1:
	.loc	0 37 0                          // tests/decode/image/net.cpp:37:0
	.cfi_startproc
// %bb.0:
	//DEBUG_VALUE: poll:queue <- $x0
	//DEBUG_VALUE: drain:queue <- $x0
	//DEBUG_VALUE: drain:queue <- $x0
	//DEBUG_VALUE: poll:queue <- $x0
	stp	x29, x30, [sp, #-32]!           // 16-byte Folded Spill
	str	x19, [sp, #16]                  // 8-byte Folded Spill
	mov	x29, sp
	.cfi_def_cfa w29, 32
	.cfi_offset w19, -16
	.cfi_offset w30, -24
	.cfi_offset w29, -32
.Ltmp2:
	.loc	0 32 16 prologue_end            // tests/decode/image/net.cpp:32:16
	ldr	w8, [x0, #8]
	.loc	0 32 3 is_stmt 0                // tests/decode/image/net.cpp:32:3
	cbz	w8, .LBB1_3
.Ltmp3:
// %bb.1:
	//DEBUG_VALUE: drain:queue <- $x0
	//DEBUG_VALUE: poll:queue <- $x0
	.loc	0 0 3                           // tests/decode/image/net.cpp:0:3
	mov	x19, x0
.Ltmp4:
	//DEBUG_VALUE: poll:queue <- $x19
	//DEBUG_VALUE: poll:queue <- $x19
	//DEBUG_VALUE: drain:queue <- $x19
.LBB1_2:                                // =>This Inner Loop Header: Depth=1
	//DEBUG_VALUE: drain:queue <- $x19
	//DEBUG_VALUE: poll:queue <- $x19
	//DEBUG_VALUE: pop:this <- $x19
	.loc	0 22 12 is_stmt 1               // tests/decode/image/net.cpp:22:12
	ldr	x9, [x19]
	.loc	0 21 5                          // tests/decode/image/net.cpp:21:5
	sub	w8, w8, #1
	str	w8, [x19, #8]
	.loc	0 22 12                         // tests/decode/image/net.cpp:22:12
	add	x0, x9, w8, uxtw #4
.Ltmp5:
	.loc	0 33 5                          // tests/decode/image/net.cpp:33:5
	bl	_ZN3net4sendERKNS_6PacketE
.Ltmp6:
	.loc	0 32 16                         // tests/decode/image/net.cpp:32:16
	ldr	w8, [x19, #8]
	.loc	0 32 3 is_stmt 0                // tests/decode/image/net.cpp:32:3
	cbnz	w8, .LBB1_2
.Ltmp7:
.LBB1_3:
	.loc	0 39 3 is_stmt 1                // tests/decode/image/net.cpp:39:3
	//APP
	//NO_APP
	.loc	0 40 1 epilogue_begin           // tests/decode/image/net.cpp:40:1
	ldr	x19, [sp, #16]                  // 8-byte Folded Reload
	ldp	x29, x30, [sp], #32             // 16-byte Folded Reload
	ret
.Ltmp8:
.Lfunc_end1:
	.size	_ZN3net4pollERNS_5QueueE, .Lfunc_end1-_ZN3net4pollERNS_5QueueE
	.cfi_endproc
                                        // -- End function
	.section	.text._ZN3net7give_upEv,"ax",@progbits
	.globl	_ZN3net7give_upEv               // -- Begin function _ZN3net7give_upEv
	.p2align	2
	.type	_ZN3net7give_upEv,@function
_ZN3net7give_upEv:                      // @_ZN3net7give_upEv
.Lfunc_begin2:
	.loc	0 42 0                          // tests/decode/image/net.cpp:42:0
	.cfi_startproc
// %bb.0:
	stp	x29, x30, [sp, #-16]!           // 16-byte Folded Spill
	mov	x29, sp
	.cfi_def_cfa w29, 16
	.cfi_offset w30, -8
	.cfi_offset w29, -16
.LBB2_1:                                // =>This Inner Loop Header: Depth=1
.Ltmp9:
	.loc	0 43 16 prologue_end            // tests/decode/image/net.cpp:43:16
	//APP
	wfi
	//NO_APP
	.loc	0 43 3 is_stmt 0                // tests/decode/image/net.cpp:43:3
	b	.LBB2_1
.Ltmp10:
.Lfunc_end2:
	.size	_ZN3net7give_upEv, .Lfunc_end2-_ZN3net7give_upEv
	.cfi_endproc
                                        // -- End function
	.section	.text.worker,"ax",@progbits
	.globl	worker                          // -- Begin function worker
	.p2align	2
	.type	worker,@function
worker:                                 // @worker
.Lfunc_begin3:
	.loc	0 50 0 is_stmt 1                // tests/decode/image/net.cpp:50:0
	.cfi_startproc
// %bb.0:
	//DEBUG_VALUE: worker:queue <- $x0
	stp	x29, x30, [sp, #-16]!           // 16-byte Folded Spill
	mov	x29, sp
	.cfi_def_cfa w29, 16
	.cfi_offset w30, -8
	.cfi_offset w29, -16
.Ltmp11:
	.loc	0 51 3 prologue_end             // tests/decode/image/net.cpp:51:3
	bl	_ZN3net4pollERNS_5QueueE
.Ltmp12:
	//DEBUG_VALUE: worker:queue <- [DW_OP_LLVM_entry_value 1] $x0
	.loc	0 52 3                          // tests/decode/image/net.cpp:52:3
	//APP
	//NO_APP
	.loc	0 53 1 epilogue_begin           // tests/decode/image/net.cpp:53:1
	ldp	x29, x30, [sp], #16             // 16-byte Folded Reload
	ret
.Ltmp13:
.Lfunc_end3:
	.size	worker, .Lfunc_end3-worker
	.cfi_endproc
                                        // -- End function
	.section	.text.worker_entry,"ax",@progbits
	.globl	worker_entry                    // -- Begin function worker_entry
	.p2align	2
	.type	worker_entry,@function
worker_entry:                           // @worker_entry
.Lfunc_begin4:
	.loc	0 55 0                          // tests/decode/image/net.cpp:55:0
	.cfi_startproc
// %bb.0:
	//DEBUG_VALUE: worker_entry:queue <- $x0
	stp	x29, x30, [sp, #-16]!           // 16-byte Folded Spill
	mov	x29, sp
	.cfi_def_cfa w29, 16
	.cfi_offset w30, -8
	.cfi_offset w29, -16
.Ltmp14:
	.loc	0 56 3 prologue_end             // tests/decode/image/net.cpp:56:3
	bl	worker
.Ltmp15:
	//DEBUG_VALUE: worker_entry:queue <- [DW_OP_LLVM_entry_value 1] $x0
	.loc	0 57 3                          // tests/decode/image/net.cpp:57:3
	bl	_ZN3net7give_upEv
.Ltmp16:
.Lfunc_end4:
	.size	worker_entry, .Lfunc_end4-worker_entry
	.cfi_endproc
                                        // -- End function
	.section	.text.el1h_64_irq,"ax",@progbits
	.globl	el1h_64_irq                     // -- Begin function el1h_64_irq
	.p2align	2
	.type	el1h_64_irq,@function
el1h_64_irq:                            // @el1h_64_irq
.Lfunc_begin5:
	.loc	0 61 0                          // tests/decode/image/net.cpp:61:0
	.cfi_startproc
// %bb.0:
	//DEBUG_VALUE: el1h_64_irq:queue <- $x0
	stp	x29, x30, [sp, #-16]!           // 16-byte Folded Spill
	mov	x29, sp
	.cfi_def_cfa w29, 16
	.cfi_offset w30, -8
	.cfi_offset w29, -16
.Ltmp17:
	.loc	0 62 3 prologue_end             // tests/decode/image/net.cpp:62:3
	bl	_ZN3net4pollERNS_5QueueE
.Ltmp18:
	//DEBUG_VALUE: el1h_64_irq:queue <- [DW_OP_LLVM_entry_value 1] $x0
	.loc	0 63 3                          // tests/decode/image/net.cpp:63:3
	//APP
	//NO_APP
	.loc	0 64 1 epilogue_begin           // tests/decode/image/net.cpp:64:1
	ldp	x29, x30, [sp], #16             // 16-byte Folded Reload
	ret
.Ltmp19:
.Lfunc_end5:
	.size	el1h_64_irq, .Lfunc_end5-el1h_64_irq
	.cfi_endproc
                                        // -- End function
	.section	".linker-options","e",@llvm_linker_options
	.section	.debug_loclists,"",@progbits
	.word	.Ldebug_list_header_end0-.Ldebug_list_header_start0 // Length
.Ldebug_list_header_start0:
	.hword	5                               // Version
	.byte	8                               // Address size
	.byte	0                               // Segment selector size
	.word	5                               // Offset entry count
.Lloclists_table_base0:
	.word	.Ldebug_loc0-.Lloclists_table_base0
	.word	.Ldebug_loc1-.Lloclists_table_base0
	.word	.Ldebug_loc2-.Lloclists_table_base0
	.word	.Ldebug_loc3-.Lloclists_table_base0
	.word	.Ldebug_loc4-.Lloclists_table_base0
.Ldebug_loc0:
	.byte	1                               // DW_LLE_base_addressx
	.byte	1                               //   base address index
	.byte	4                               // DW_LLE_offset_pair
	.uleb128 .Lfunc_begin1-.Lfunc_begin1    //   starting offset
	.uleb128 .Ltmp4-.Lfunc_begin1           //   ending offset
	.byte	1                               // Loc expr size
	.byte	80                              // DW_OP_reg0
	.byte	4                               // DW_LLE_offset_pair
	.uleb128 .Ltmp4-.Lfunc_begin1           //   starting offset
	.uleb128 .Ltmp7-.Lfunc_begin1           //   ending offset
	.byte	1                               // Loc expr size
	.byte	99                              // DW_OP_reg19
	.byte	0                               // DW_LLE_end_of_list
.Ldebug_loc1:
	.byte	1                               // DW_LLE_base_addressx
	.byte	1                               //   base address index
	.byte	4                               // DW_LLE_offset_pair
	.uleb128 .Lfunc_begin1-.Lfunc_begin1    //   starting offset
	.uleb128 .Ltmp4-.Lfunc_begin1           //   ending offset
	.byte	1                               // Loc expr size
	.byte	80                              // DW_OP_reg0
	.byte	4                               // DW_LLE_offset_pair
	.uleb128 .Ltmp4-.Lfunc_begin1           //   starting offset
	.uleb128 .Ltmp7-.Lfunc_begin1           //   ending offset
	.byte	1                               // Loc expr size
	.byte	99                              // DW_OP_reg19
	.byte	0                               // DW_LLE_end_of_list
.Ldebug_loc2:
	.byte	1                               // DW_LLE_base_addressx
	.byte	6                               //   base address index
	.byte	4                               // DW_LLE_offset_pair
	.uleb128 .Lfunc_begin3-.Lfunc_begin3    //   starting offset
	.uleb128 .Ltmp12-.Lfunc_begin3          //   ending offset
	.byte	1                               // Loc expr size
	.byte	80                              // DW_OP_reg0
	.byte	4                               // DW_LLE_offset_pair
	.uleb128 .Ltmp12-.Lfunc_begin3          //   starting offset
	.uleb128 .Lfunc_end3-.Lfunc_begin3      //   ending offset
	.byte	4                               // Loc expr size
	.byte	163                             // DW_OP_entry_value
	.byte	1                               // 1
	.byte	80                              // DW_OP_reg0
	.byte	159                             // DW_OP_stack_value
	.byte	0                               // DW_LLE_end_of_list
.Ldebug_loc3:
	.byte	1                               // DW_LLE_base_addressx
	.byte	8                               //   base address index
	.byte	4                               // DW_LLE_offset_pair
	.uleb128 .Lfunc_begin4-.Lfunc_begin4    //   starting offset
	.uleb128 .Ltmp15-.Lfunc_begin4          //   ending offset
	.byte	1                               // Loc expr size
	.byte	80                              // DW_OP_reg0
	.byte	4                               // DW_LLE_offset_pair
	.uleb128 .Ltmp15-.Lfunc_begin4          //   starting offset
	.uleb128 .Lfunc_end4-.Lfunc_begin4      //   ending offset
	.byte	4                               // Loc expr size
	.byte	163                             // DW_OP_entry_value
	.byte	1                               // 1
	.byte	80                              // DW_OP_reg0
	.byte	159                             // DW_OP_stack_value
	.byte	0                               // DW_LLE_end_of_list
.Ldebug_loc4:
	.byte	1                               // DW_LLE_base_addressx
	.byte	11                              //   base address index
	.byte	4                               // DW_LLE_offset_pair
	.uleb128 .Lfunc_begin5-.Lfunc_begin5    //   starting offset
	.uleb128 .Ltmp18-.Lfunc_begin5          //   ending offset
	.byte	1                               // Loc expr size
	.byte	80                              // DW_OP_reg0
	.byte	4                               // DW_LLE_offset_pair
	.uleb128 .Ltmp18-.Lfunc_begin5          //   starting offset
	.uleb128 .Lfunc_end5-.Lfunc_begin5      //   ending offset
	.byte	4                               // Loc expr size
	.byte	163                             // DW_OP_entry_value
	.byte	1                               // 1
	.byte	80                              // DW_OP_reg0
	.byte	159                             // DW_OP_stack_value
	.byte	0                               // DW_LLE_end_of_list
.Ldebug_list_header_end0:
	.section	.debug_abbrev,"",@progbits
	.byte	1                               // Abbreviation Code
	.byte	17                              // DW_TAG_compile_unit
	.byte	1                               // DW_CHILDREN_yes
	.byte	37                              // DW_AT_producer
	.byte	37                              // DW_FORM_strx1
	.byte	19                              // DW_AT_language
	.byte	5                               // DW_FORM_data2
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	114                             // DW_AT_str_offsets_base
	.byte	23                              // DW_FORM_sec_offset
	.byte	16                              // DW_AT_stmt_list
	.byte	23                              // DW_FORM_sec_offset
	.byte	27                              // DW_AT_comp_dir
	.byte	37                              // DW_FORM_strx1
	.byte	17                              // DW_AT_low_pc
	.byte	1                               // DW_FORM_addr
	.byte	85                              // DW_AT_ranges
	.byte	35                              // DW_FORM_rnglistx
	.byte	115                             // DW_AT_addr_base
	.byte	23                              // DW_FORM_sec_offset
	.byte	116                             // DW_AT_rnglists_base
	.byte	23                              // DW_FORM_sec_offset
	.ascii	"\214\001"                      // DW_AT_loclists_base
	.byte	23                              // DW_FORM_sec_offset
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	2                               // Abbreviation Code
	.byte	36                              // DW_TAG_base_type
	.byte	0                               // DW_CHILDREN_no
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	62                              // DW_AT_encoding
	.byte	11                              // DW_FORM_data1
	.byte	11                              // DW_AT_byte_size
	.byte	11                              // DW_FORM_data1
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	3                               // Abbreviation Code
	.byte	57                              // DW_TAG_namespace
	.byte	1                               // DW_CHILDREN_yes
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	4                               // Abbreviation Code
	.byte	46                              // DW_TAG_subprogram
	.byte	1                               // DW_CHILDREN_yes
	.byte	17                              // DW_AT_low_pc
	.byte	27                              // DW_FORM_addrx
	.byte	18                              // DW_AT_high_pc
	.byte	6                               // DW_FORM_data4
	.byte	64                              // DW_AT_frame_base
	.byte	24                              // DW_FORM_exprloc
	.byte	122                             // DW_AT_call_all_calls
	.byte	25                              // DW_FORM_flag_present
	.byte	110                             // DW_AT_linkage_name
	.byte	37                              // DW_FORM_strx1
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	58                              // DW_AT_decl_file
	.byte	11                              // DW_FORM_data1
	.byte	59                              // DW_AT_decl_line
	.byte	11                              // DW_FORM_data1
	.byte	63                              // DW_AT_external
	.byte	25                              // DW_FORM_flag_present
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	5                               // Abbreviation Code
	.byte	5                               // DW_TAG_formal_parameter
	.byte	0                               // DW_CHILDREN_no
	.byte	2                               // DW_AT_location
	.byte	24                              // DW_FORM_exprloc
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	58                              // DW_AT_decl_file
	.byte	11                              // DW_FORM_data1
	.byte	59                              // DW_AT_decl_line
	.byte	11                              // DW_FORM_data1
	.byte	73                              // DW_AT_type
	.byte	19                              // DW_FORM_ref4
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	6                               // Abbreviation Code
	.byte	46                              // DW_TAG_subprogram
	.byte	1                               // DW_CHILDREN_yes
	.byte	110                             // DW_AT_linkage_name
	.byte	37                              // DW_FORM_strx1
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	58                              // DW_AT_decl_file
	.byte	11                              // DW_FORM_data1
	.byte	59                              // DW_AT_decl_line
	.byte	11                              // DW_FORM_data1
	.byte	63                              // DW_AT_external
	.byte	25                              // DW_FORM_flag_present
	.byte	32                              // DW_AT_inline
	.byte	33                              // DW_FORM_implicit_const
	.byte	1
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	7                               // Abbreviation Code
	.byte	5                               // DW_TAG_formal_parameter
	.byte	0                               // DW_CHILDREN_no
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	58                              // DW_AT_decl_file
	.byte	11                              // DW_FORM_data1
	.byte	59                              // DW_AT_decl_line
	.byte	11                              // DW_FORM_data1
	.byte	73                              // DW_AT_type
	.byte	19                              // DW_FORM_ref4
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	8                               // Abbreviation Code
	.byte	19                              // DW_TAG_structure_type
	.byte	1                               // DW_CHILDREN_yes
	.byte	54                              // DW_AT_calling_convention
	.byte	11                              // DW_FORM_data1
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	11                              // DW_AT_byte_size
	.byte	11                              // DW_FORM_data1
	.byte	58                              // DW_AT_decl_file
	.byte	11                              // DW_FORM_data1
	.byte	59                              // DW_AT_decl_line
	.byte	11                              // DW_FORM_data1
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	9                               // Abbreviation Code
	.byte	13                              // DW_TAG_member
	.byte	0                               // DW_CHILDREN_no
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	73                              // DW_AT_type
	.byte	19                              // DW_FORM_ref4
	.byte	58                              // DW_AT_decl_file
	.byte	11                              // DW_FORM_data1
	.byte	59                              // DW_AT_decl_line
	.byte	11                              // DW_FORM_data1
	.byte	56                              // DW_AT_data_member_location
	.byte	11                              // DW_FORM_data1
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	10                              // Abbreviation Code
	.byte	46                              // DW_TAG_subprogram
	.byte	1                               // DW_CHILDREN_yes
	.byte	110                             // DW_AT_linkage_name
	.byte	37                              // DW_FORM_strx1
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	58                              // DW_AT_decl_file
	.byte	11                              // DW_FORM_data1
	.byte	59                              // DW_AT_decl_line
	.byte	11                              // DW_FORM_data1
	.byte	73                              // DW_AT_type
	.byte	19                              // DW_FORM_ref4
	.byte	60                              // DW_AT_declaration
	.byte	25                              // DW_FORM_flag_present
	.byte	63                              // DW_AT_external
	.byte	25                              // DW_FORM_flag_present
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	11                              // Abbreviation Code
	.byte	5                               // DW_TAG_formal_parameter
	.byte	0                               // DW_CHILDREN_no
	.byte	73                              // DW_AT_type
	.byte	19                              // DW_FORM_ref4
	.byte	52                              // DW_AT_artificial
	.byte	25                              // DW_FORM_flag_present
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	12                              // Abbreviation Code
	.byte	5                               // DW_TAG_formal_parameter
	.byte	0                               // DW_CHILDREN_no
	.byte	2                               // DW_AT_location
	.byte	34                              // DW_FORM_loclistx
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	58                              // DW_AT_decl_file
	.byte	11                              // DW_FORM_data1
	.byte	59                              // DW_AT_decl_line
	.byte	11                              // DW_FORM_data1
	.byte	73                              // DW_AT_type
	.byte	19                              // DW_FORM_ref4
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	13                              // Abbreviation Code
	.byte	29                              // DW_TAG_inlined_subroutine
	.byte	1                               // DW_CHILDREN_yes
	.byte	49                              // DW_AT_abstract_origin
	.byte	19                              // DW_FORM_ref4
	.byte	17                              // DW_AT_low_pc
	.byte	27                              // DW_FORM_addrx
	.byte	18                              // DW_AT_high_pc
	.byte	6                               // DW_FORM_data4
	.byte	88                              // DW_AT_call_file
	.byte	11                              // DW_FORM_data1
	.byte	89                              // DW_AT_call_line
	.byte	11                              // DW_FORM_data1
	.byte	87                              // DW_AT_call_column
	.byte	11                              // DW_FORM_data1
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	14                              // Abbreviation Code
	.byte	5                               // DW_TAG_formal_parameter
	.byte	0                               // DW_CHILDREN_no
	.byte	2                               // DW_AT_location
	.byte	34                              // DW_FORM_loclistx
	.byte	49                              // DW_AT_abstract_origin
	.byte	19                              // DW_FORM_ref4
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	15                              // Abbreviation Code
	.byte	5                               // DW_TAG_formal_parameter
	.byte	0                               // DW_CHILDREN_no
	.byte	2                               // DW_AT_location
	.byte	24                              // DW_FORM_exprloc
	.byte	49                              // DW_AT_abstract_origin
	.byte	19                              // DW_FORM_ref4
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	16                              // Abbreviation Code
	.byte	72                              // DW_TAG_call_site
	.byte	0                               // DW_CHILDREN_no
	.byte	127                             // DW_AT_call_origin
	.byte	19                              // DW_FORM_ref4
	.byte	125                             // DW_AT_call_return_pc
	.byte	27                              // DW_FORM_addrx
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	17                              // Abbreviation Code
	.byte	46                              // DW_TAG_subprogram
	.byte	0                               // DW_CHILDREN_no
	.byte	17                              // DW_AT_low_pc
	.byte	27                              // DW_FORM_addrx
	.byte	18                              // DW_AT_high_pc
	.byte	6                               // DW_FORM_data4
	.byte	64                              // DW_AT_frame_base
	.byte	24                              // DW_FORM_exprloc
	.byte	122                             // DW_AT_call_all_calls
	.byte	25                              // DW_FORM_flag_present
	.byte	110                             // DW_AT_linkage_name
	.byte	37                              // DW_FORM_strx1
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	58                              // DW_AT_decl_file
	.byte	11                              // DW_FORM_data1
	.byte	59                              // DW_AT_decl_line
	.byte	11                              // DW_FORM_data1
	.byte	63                              // DW_AT_external
	.byte	25                              // DW_FORM_flag_present
	.ascii	"\207\001"                      // DW_AT_noreturn
	.byte	25                              // DW_FORM_flag_present
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	18                              // Abbreviation Code
	.byte	16                              // DW_TAG_reference_type
	.byte	0                               // DW_CHILDREN_no
	.byte	73                              // DW_AT_type
	.byte	19                              // DW_FORM_ref4
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	19                              // Abbreviation Code
	.byte	15                              // DW_TAG_pointer_type
	.byte	0                               // DW_CHILDREN_no
	.byte	73                              // DW_AT_type
	.byte	19                              // DW_FORM_ref4
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	20                              // Abbreviation Code
	.byte	46                              // DW_TAG_subprogram
	.byte	1                               // DW_CHILDREN_yes
	.byte	71                              // DW_AT_specification
	.byte	19                              // DW_FORM_ref4
	.byte	32                              // DW_AT_inline
	.byte	33                              // DW_FORM_implicit_const
	.byte	1
	.byte	100                             // DW_AT_object_pointer
	.byte	19                              // DW_FORM_ref4
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	21                              // Abbreviation Code
	.byte	5                               // DW_TAG_formal_parameter
	.byte	0                               // DW_CHILDREN_no
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	73                              // DW_AT_type
	.byte	19                              // DW_FORM_ref4
	.byte	52                              // DW_AT_artificial
	.byte	25                              // DW_FORM_flag_present
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	22                              // Abbreviation Code
	.byte	46                              // DW_TAG_subprogram
	.byte	1                               // DW_CHILDREN_yes
	.byte	17                              // DW_AT_low_pc
	.byte	27                              // DW_FORM_addrx
	.byte	18                              // DW_AT_high_pc
	.byte	6                               // DW_FORM_data4
	.byte	64                              // DW_AT_frame_base
	.byte	24                              // DW_FORM_exprloc
	.byte	122                             // DW_AT_call_all_calls
	.byte	25                              // DW_FORM_flag_present
	.byte	3                               // DW_AT_name
	.byte	37                              // DW_FORM_strx1
	.byte	58                              // DW_AT_decl_file
	.byte	11                              // DW_FORM_data1
	.byte	59                              // DW_AT_decl_line
	.byte	11                              // DW_FORM_data1
	.byte	63                              // DW_AT_external
	.byte	25                              // DW_FORM_flag_present
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	23                              // Abbreviation Code
	.byte	72                              // DW_TAG_call_site
	.byte	1                               // DW_CHILDREN_yes
	.byte	127                             // DW_AT_call_origin
	.byte	19                              // DW_FORM_ref4
	.byte	125                             // DW_AT_call_return_pc
	.byte	27                              // DW_FORM_addrx
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	24                              // Abbreviation Code
	.byte	73                              // DW_TAG_call_site_parameter
	.byte	0                               // DW_CHILDREN_no
	.byte	2                               // DW_AT_location
	.byte	24                              // DW_FORM_exprloc
	.byte	126                             // DW_AT_call_value
	.byte	24                              // DW_FORM_exprloc
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	25                              // Abbreviation Code
	.byte	38                              // DW_TAG_const_type
	.byte	0                               // DW_CHILDREN_no
	.byte	73                              // DW_AT_type
	.byte	19                              // DW_FORM_ref4
	.byte	0                               // EOM(1)
	.byte	0                               // EOM(2)
	.byte	0                               // EOM(3)
	.section	.debug_info,"",@progbits
.Lcu_begin0:
	.word	.Ldebug_info_end0-.Ldebug_info_start0 // Length of Unit
.Ldebug_info_start0:
	.hword	5                               // DWARF version number
	.byte	1                               // DWARF Unit Type
	.byte	8                               // Address Size (in bytes)
	.word	.debug_abbrev                   // Offset Into Abbrev. Section
	.byte	1                               // Abbrev [1] 0xc:0x18d DW_TAG_compile_unit
	.byte	0                               // DW_AT_producer
	.hword	33                              // DW_AT_language
	.byte	1                               // DW_AT_name
	.word	.Lstr_offsets_base0             // DW_AT_str_offsets_base
	.word	.Lline_table_start0             // DW_AT_stmt_list
	.byte	2                               // DW_AT_comp_dir
	.xword	0                               // DW_AT_low_pc
	.byte	0                               // DW_AT_ranges
	.word	.Laddr_table_base0              // DW_AT_addr_base
	.word	.Lrnglists_table_base0          // DW_AT_rnglists_base
	.word	.Lloclists_table_base0          // DW_AT_loclists_base
	.byte	2                               // Abbrev [2] 0x2f:0x4 DW_TAG_base_type
	.byte	3                               // DW_AT_name
	.byte	8                               // DW_AT_encoding
	.byte	1                               // DW_AT_byte_size
	.byte	3                               // Abbrev [3] 0x33:0xba DW_TAG_namespace
	.byte	4                               // DW_AT_name
	.byte	4                               // Abbrev [4] 0x35:0x17 DW_TAG_subprogram
	.byte	0                               // DW_AT_low_pc
	.word	.Lfunc_end0-.Lfunc_begin0       // DW_AT_high_pc
	.byte	1                               // DW_AT_frame_base
	.byte	109
                                        // DW_AT_call_all_calls
	.byte	18                              // DW_AT_linkage_name
	.byte	19                              // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	26                              // DW_AT_decl_line
                                        // DW_AT_external
	.byte	5                               // Abbrev [5] 0x41:0xa DW_TAG_formal_parameter
	.byte	1                               // DW_AT_location
	.byte	80
	.byte	27                              // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	26                              // DW_AT_decl_line
	.word	398                             // DW_AT_type
	.byte	0                               // End Of Children Mark
	.byte	6                               // Abbrev [6] 0x4c:0xe DW_TAG_subprogram
	.byte	5                               // DW_AT_linkage_name
	.byte	6                               // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	31                              // DW_AT_decl_line
                                        // DW_AT_external
                                        // DW_AT_inline
	.byte	7                               // Abbrev [7] 0x51:0x8 DW_TAG_formal_parameter
	.byte	7                               // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	31                              // DW_AT_decl_line
	.word	237                             // DW_AT_type
	.byte	0                               // End Of Children Mark
	.byte	8                               // Abbrev [8] 0x5a:0x28 DW_TAG_structure_type
	.byte	5                               // DW_AT_calling_convention
	.byte	16                              // DW_AT_name
	.byte	16                              // DW_AT_byte_size
	.byte	0                               // DW_AT_decl_file
	.byte	16                              // DW_AT_decl_line
	.byte	9                               // Abbrev [9] 0x60:0x9 DW_TAG_member
	.byte	8                               // DW_AT_name
	.word	242                             // DW_AT_type
	.byte	0                               // DW_AT_decl_file
	.byte	17                              // DW_AT_decl_line
	.byte	0                               // DW_AT_data_member_location
	.byte	9                               // Abbrev [9] 0x69:0x9 DW_TAG_member
	.byte	13                              // DW_AT_name
	.word	247                             // DW_AT_type
	.byte	0                               // DW_AT_decl_file
	.byte	18                              // DW_AT_decl_line
	.byte	8                               // DW_AT_data_member_location
	.byte	10                              // Abbrev [10] 0x72:0xf DW_TAG_subprogram
	.byte	14                              // DW_AT_linkage_name
	.byte	15                              // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	20                              // DW_AT_decl_line
	.word	256                             // DW_AT_type
                                        // DW_AT_declaration
                                        // DW_AT_external
	.byte	11                              // Abbrev [11] 0x7b:0x5 DW_TAG_formal_parameter
	.word	261                             // DW_AT_type
                                        // DW_AT_artificial
	.byte	0                               // End Of Children Mark
	.byte	0                               // End Of Children Mark
	.byte	8                               // Abbrev [8] 0x82:0x19 DW_TAG_structure_type
	.byte	5                               // DW_AT_calling_convention
	.byte	12                              // DW_AT_name
	.byte	16                              // DW_AT_byte_size
	.byte	0                               // DW_AT_decl_file
	.byte	11                              // DW_AT_decl_line
	.byte	9                               // Abbrev [9] 0x88:0x9 DW_TAG_member
	.byte	9                               // DW_AT_name
	.word	247                             // DW_AT_type
	.byte	0                               // DW_AT_decl_file
	.byte	12                              // DW_AT_decl_line
	.byte	0                               // DW_AT_data_member_location
	.byte	9                               // Abbrev [9] 0x91:0x9 DW_TAG_member
	.byte	11                              // DW_AT_name
	.word	251                             // DW_AT_type
	.byte	0                               // DW_AT_decl_file
	.byte	13                              // DW_AT_decl_line
	.byte	8                               // DW_AT_data_member_location
	.byte	0                               // End Of Children Mark
	.byte	4                               // Abbrev [4] 0x9b:0x45 DW_TAG_subprogram
	.byte	1                               // DW_AT_low_pc
	.word	.Lfunc_end1-.Lfunc_begin1       // DW_AT_high_pc
	.byte	1                               // DW_AT_frame_base
	.byte	109
                                        // DW_AT_call_all_calls
	.byte	20                              // DW_AT_linkage_name
	.byte	21                              // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	37                              // DW_AT_decl_line
                                        // DW_AT_external
	.byte	12                              // Abbrev [12] 0xa7:0x9 DW_TAG_formal_parameter
	.byte	0                               // DW_AT_location
	.byte	7                               // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	37                              // DW_AT_decl_line
	.word	237                             // DW_AT_type
	.byte	13                              // Abbrev [13] 0xb0:0x29 DW_TAG_inlined_subroutine
	.word	76                              // DW_AT_abstract_origin
	.byte	2                               // DW_AT_low_pc
	.word	.Ltmp7-.Ltmp2                   // DW_AT_high_pc
	.byte	0                               // DW_AT_call_file
	.byte	38                              // DW_AT_call_line
	.byte	3                               // DW_AT_call_column
	.byte	14                              // Abbrev [14] 0xbd:0x6 DW_TAG_formal_parameter
	.byte	1                               // DW_AT_location
	.word	81                              // DW_AT_abstract_origin
	.byte	13                              // Abbrev [13] 0xc3:0x15 DW_TAG_inlined_subroutine
	.word	266                             // DW_AT_abstract_origin
	.byte	3                               // DW_AT_low_pc
	.word	.Ltmp5-.Ltmp4                   // DW_AT_high_pc
	.byte	0                               // DW_AT_call_file
	.byte	33                              // DW_AT_call_line
	.byte	16                              // DW_AT_call_column
	.byte	15                              // Abbrev [15] 0xd0:0x7 DW_TAG_formal_parameter
	.byte	1                               // DW_AT_location
	.byte	99
	.word	275                             // DW_AT_abstract_origin
	.byte	0                               // End Of Children Mark
	.byte	0                               // End Of Children Mark
	.byte	16                              // Abbrev [16] 0xd9:0x6 DW_TAG_call_site
	.word	53                              // DW_AT_call_origin
	.byte	4                               // DW_AT_call_return_pc
	.byte	0                               // End Of Children Mark
	.byte	17                              // Abbrev [17] 0xe0:0xc DW_TAG_subprogram
	.byte	5                               // DW_AT_low_pc
	.word	.Lfunc_end2-.Lfunc_begin2       // DW_AT_high_pc
	.byte	1                               // DW_AT_frame_base
	.byte	109
                                        // DW_AT_call_all_calls
	.byte	22                              // DW_AT_linkage_name
	.byte	23                              // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	42                              // DW_AT_decl_line
                                        // DW_AT_external
                                        // DW_AT_noreturn
	.byte	0                               // End Of Children Mark
	.byte	18                              // Abbrev [18] 0xed:0x5 DW_TAG_reference_type
	.word	90                              // DW_AT_type
	.byte	19                              // Abbrev [19] 0xf2:0x5 DW_TAG_pointer_type
	.word	130                             // DW_AT_type
	.byte	2                               // Abbrev [2] 0xf7:0x4 DW_TAG_base_type
	.byte	10                              // DW_AT_name
	.byte	7                               // DW_AT_encoding
	.byte	4                               // DW_AT_byte_size
	.byte	19                              // Abbrev [19] 0xfb:0x5 DW_TAG_pointer_type
	.word	47                              // DW_AT_type
	.byte	18                              // Abbrev [18] 0x100:0x5 DW_TAG_reference_type
	.word	130                             // DW_AT_type
	.byte	19                              // Abbrev [19] 0x105:0x5 DW_TAG_pointer_type
	.word	90                              // DW_AT_type
	.byte	20                              // Abbrev [20] 0x10a:0x10 DW_TAG_subprogram
	.word	114                             // DW_AT_specification
                                        // DW_AT_inline
	.word	275                             // DW_AT_object_pointer
	.byte	21                              // Abbrev [21] 0x113:0x6 DW_TAG_formal_parameter
	.byte	17                              // DW_AT_name
	.word	282                             // DW_AT_type
                                        // DW_AT_artificial
	.byte	0                               // End Of Children Mark
	.byte	19                              // Abbrev [19] 0x11a:0x5 DW_TAG_pointer_type
	.word	90                              // DW_AT_type
	.byte	22                              // Abbrev [22] 0x11f:0x23 DW_TAG_subprogram
	.byte	6                               // DW_AT_low_pc
	.word	.Lfunc_end3-.Lfunc_begin3       // DW_AT_high_pc
	.byte	1                               // DW_AT_frame_base
	.byte	109
                                        // DW_AT_call_all_calls
	.byte	24                              // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	50                              // DW_AT_decl_line
                                        // DW_AT_external
	.byte	12                              // Abbrev [12] 0x12a:0x9 DW_TAG_formal_parameter
	.byte	2                               // DW_AT_location
	.byte	7                               // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	50                              // DW_AT_decl_line
	.word	282                             // DW_AT_type
	.byte	23                              // Abbrev [23] 0x133:0xe DW_TAG_call_site
	.word	155                             // DW_AT_call_origin
	.byte	7                               // DW_AT_call_return_pc
	.byte	24                              // Abbrev [24] 0x139:0x7 DW_TAG_call_site_parameter
	.byte	1                               // DW_AT_location
	.byte	80
	.byte	3                               // DW_AT_call_value
	.byte	163
	.byte	1
	.byte	80
	.byte	0                               // End Of Children Mark
	.byte	0                               // End Of Children Mark
	.byte	22                              // Abbrev [22] 0x142:0x29 DW_TAG_subprogram
	.byte	8                               // DW_AT_low_pc
	.word	.Lfunc_end4-.Lfunc_begin4       // DW_AT_high_pc
	.byte	1                               // DW_AT_frame_base
	.byte	109
                                        // DW_AT_call_all_calls
	.byte	25                              // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	55                              // DW_AT_decl_line
                                        // DW_AT_external
	.byte	12                              // Abbrev [12] 0x14d:0x9 DW_TAG_formal_parameter
	.byte	3                               // DW_AT_location
	.byte	7                               // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	55                              // DW_AT_decl_line
	.word	282                             // DW_AT_type
	.byte	23                              // Abbrev [23] 0x156:0xe DW_TAG_call_site
	.word	287                             // DW_AT_call_origin
	.byte	9                               // DW_AT_call_return_pc
	.byte	24                              // Abbrev [24] 0x15c:0x7 DW_TAG_call_site_parameter
	.byte	1                               // DW_AT_location
	.byte	80
	.byte	3                               // DW_AT_call_value
	.byte	163
	.byte	1
	.byte	80
	.byte	0                               // End Of Children Mark
	.byte	16                              // Abbrev [16] 0x164:0x6 DW_TAG_call_site
	.word	224                             // DW_AT_call_origin
	.byte	10                              // DW_AT_call_return_pc
	.byte	0                               // End Of Children Mark
	.byte	22                              // Abbrev [22] 0x16b:0x23 DW_TAG_subprogram
	.byte	11                              // DW_AT_low_pc
	.word	.Lfunc_end5-.Lfunc_begin5       // DW_AT_high_pc
	.byte	1                               // DW_AT_frame_base
	.byte	109
                                        // DW_AT_call_all_calls
	.byte	26                              // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	61                              // DW_AT_decl_line
                                        // DW_AT_external
	.byte	12                              // Abbrev [12] 0x176:0x9 DW_TAG_formal_parameter
	.byte	4                               // DW_AT_location
	.byte	7                               // DW_AT_name
	.byte	0                               // DW_AT_decl_file
	.byte	61                              // DW_AT_decl_line
	.word	282                             // DW_AT_type
	.byte	23                              // Abbrev [23] 0x17f:0xe DW_TAG_call_site
	.word	155                             // DW_AT_call_origin
	.byte	12                              // DW_AT_call_return_pc
	.byte	24                              // Abbrev [24] 0x185:0x7 DW_TAG_call_site_parameter
	.byte	1                               // DW_AT_location
	.byte	80
	.byte	3                               // DW_AT_call_value
	.byte	163
	.byte	1
	.byte	80
	.byte	0                               // End Of Children Mark
	.byte	0                               // End Of Children Mark
	.byte	18                              // Abbrev [18] 0x18e:0x5 DW_TAG_reference_type
	.word	403                             // DW_AT_type
	.byte	25                              // Abbrev [25] 0x193:0x5 DW_TAG_const_type
	.word	130                             // DW_AT_type
	.byte	0                               // End Of Children Mark
.Ldebug_info_end0:
	.section	.debug_rnglists,"",@progbits
	.word	.Ldebug_list_header_end1-.Ldebug_list_header_start1 // Length
.Ldebug_list_header_start1:
	.hword	5                               // Version
	.byte	8                               // Address size
	.byte	0                               // Segment selector size
	.word	1                               // Offset entry count
.Lrnglists_table_base0:
	.word	.Ldebug_ranges0-.Lrnglists_table_base0
.Ldebug_ranges0:
	.byte	3                               // DW_RLE_startx_length
	.byte	0                               //   start index
	.uleb128 .Lfunc_end0-.Lfunc_begin0      //   length
	.byte	3                               // DW_RLE_startx_length
	.byte	1                               //   start index
	.uleb128 .Lfunc_end1-.Lfunc_begin1      //   length
	.byte	3                               // DW_RLE_startx_length
	.byte	5                               //   start index
	.uleb128 .Lfunc_end2-.Lfunc_begin2      //   length
	.byte	3                               // DW_RLE_startx_length
	.byte	6                               //   start index
	.uleb128 .Lfunc_end3-.Lfunc_begin3      //   length
	.byte	3                               // DW_RLE_startx_length
	.byte	8                               //   start index
	.uleb128 .Lfunc_end4-.Lfunc_begin4      //   length
	.byte	3                               // DW_RLE_startx_length
	.byte	11                              //   start index
	.uleb128 .Lfunc_end5-.Lfunc_begin5      //   length
	.byte	0                               // DW_RLE_end_of_list
.Ldebug_list_header_end1:
	.section	.debug_str_offsets,"",@progbits
	.word	116                             // Length of String Offsets Set
	.hword	5
	.hword	0
.Lstr_offsets_base0:
	.section	.debug_str,"MS",@progbits,1
.Linfo_string0:
	.asciz	"Debian clang version 19.1.7 (3~deb12u1)" // string offset=0
.Linfo_string1:
	.asciz	"tests/decode/image/net.cpp"    // string offset=40
.Linfo_string2:
	.asciz	"."                             // string offset=67
.Linfo_string3:
	.asciz	"unsigned char"                 // string offset=69
.Linfo_string4:
	.asciz	"net"                           // string offset=83
.Linfo_string5:
	.asciz	"_ZN3net5drainERNS_5QueueE"     // string offset=87
.Linfo_string6:
	.asciz	"drain"                         // string offset=113
.Linfo_string7:
	.asciz	"queue"                         // string offset=119
.Linfo_string8:
	.asciz	"first"                         // string offset=125
.Linfo_string9:
	.asciz	"length"                        // string offset=131
.Linfo_string10:
	.asciz	"unsigned int"                  // string offset=138
.Linfo_string11:
	.asciz	"data"                          // string offset=151
.Linfo_string12:
	.asciz	"Packet"                        // string offset=156
.Linfo_string13:
	.asciz	"count"                         // string offset=163
.Linfo_string14:
	.asciz	"_ZN3net5Queue3popEv"           // string offset=169
.Linfo_string15:
	.asciz	"pop"                           // string offset=189
.Linfo_string16:
	.asciz	"Queue"                         // string offset=193
.Linfo_string17:
	.asciz	"this"                          // string offset=199
.Linfo_string18:
	.asciz	"_ZN3net4sendERKNS_6PacketE"    // string offset=204
.Linfo_string19:
	.asciz	"send"                          // string offset=231
.Linfo_string20:
	.asciz	"_ZN3net4pollERNS_5QueueE"      // string offset=236
.Linfo_string21:
	.asciz	"poll"                          // string offset=261
.Linfo_string22:
	.asciz	"_ZN3net7give_upEv"             // string offset=266
.Linfo_string23:
	.asciz	"give_up"                       // string offset=284
.Linfo_string24:
	.asciz	"worker"                        // string offset=292
.Linfo_string25:
	.asciz	"worker_entry"                  // string offset=299
.Linfo_string26:
	.asciz	"el1h_64_irq"                   // string offset=312
.Linfo_string27:
	.asciz	"packet"                        // string offset=324
	.section	.debug_str_offsets,"",@progbits
	.word	.Linfo_string0
	.word	.Linfo_string1
	.word	.Linfo_string2
	.word	.Linfo_string3
	.word	.Linfo_string4
	.word	.Linfo_string5
	.word	.Linfo_string6
	.word	.Linfo_string7
	.word	.Linfo_string8
	.word	.Linfo_string9
	.word	.Linfo_string10
	.word	.Linfo_string11
	.word	.Linfo_string12
	.word	.Linfo_string13
	.word	.Linfo_string14
	.word	.Linfo_string15
	.word	.Linfo_string16
	.word	.Linfo_string17
	.word	.Linfo_string18
	.word	.Linfo_string19
	.word	.Linfo_string20
	.word	.Linfo_string21
	.word	.Linfo_string22
	.word	.Linfo_string23
	.word	.Linfo_string24
	.word	.Linfo_string25
	.word	.Linfo_string26
	.word	.Linfo_string27
	.section	.debug_addr,"",@progbits
	.word	.Ldebug_addr_end0-.Ldebug_addr_start0 // Length of contribution
.Ldebug_addr_start0:
	.hword	5                               // DWARF version number
	.byte	8                               // Address size
	.byte	0                               // Segment selector size
.Laddr_table_base0:
	.xword	.Lfunc_begin0
	.xword	.Lfunc_begin1
	.xword	.Ltmp2
	.xword	.Ltmp4
	.xword	.Ltmp6
	.xword	.Lfunc_begin2
	.xword	.Lfunc_begin3
	.xword	.Ltmp12
	.xword	.Lfunc_begin4
	.xword	.Ltmp15
	.xword	.Ltmp16
	.xword	.Lfunc_begin5
	.xword	.Ltmp18
.Ldebug_addr_end0:
	.ident	"Debian clang version 19.1.7 (3~deb12u1)"
	.section	".note.GNU-stack","",@progbits
	.addrsig
	.section	.debug_line,"",@progbits
.Lline_table_start0:
