# SPDX-License-Identifier: MIT
#
# surefoot_add_symbol_table(target): gives the executable `target` a table of its own functions, which the program reads
# through surefoot::Symbols::linked(). The target's linker script places the table by surefoot-symbols.ld.inc; its
# folder is put on the linker's search path. The target is linked twice; the link fails if a function moves in between.
# Needs a generator that knows RULE_LAUNCH_LINK: Ninja or Makefiles.
include_guard()
include("${CMAKE_CURRENT_LIST_DIR}/SurefootTables.cmake")

# A validator of find_program(): old demanglers of LLVM, that of LLVM 14 for one, cannot leave out parameters.
function(surefoot_check_cxxfilt result program)
  execute_process(COMMAND "${program}" --no-params _ZN3net5panicEi OUTPUT_VARIABLE name ERROR_QUIET)
  if(NOT name STREQUAL "net::panic\n")
    set(${result} OFF PARENT_SCOPE)
  endif()
endfunction()

# surefoot_find_cxxfilt(): sets SUREFOOT_CXXFILT in the cache. The names of C++ are the same on every machine: any
# demangler does.
function(surefoot_find_cxxfilt)
  set(versions 23 22 21 20 19 18 17)
  list(TRANSFORM versions PREPEND llvm-cxxfilt- OUTPUT_VARIABLE versioned)
  find_program(SUREFOOT_CXXFILT NAMES ${versioned} llvm-cxxfilt c++filt REQUIRED VALIDATOR surefoot_check_cxxfilt
    DOC "The demangler that makes names for symbol tables")
endfunction()

function(surefoot_add_symbol_table target)
  surefoot_find_cxxfilt()
  surefoot_link_with_table(${target} --symbols "${SUREFOOT_CXXFILT}")
endfunction()
