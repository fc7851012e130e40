# SPDX-License-Identifier: MIT
#
# surefoot_add_symbol_table(target): gives the executable `target` a table of its own functions, which the program reads
# through surefoot::Symbols::linked(). The target's linker script places the table by surefoot-symbols.ld.inc; its
# folder is put on the linker's search path. The target is linked twice; the link fails if a function moves in between.
# Needs a generator that knows RULE_LAUNCH_LINK: Ninja or Makefiles.
include_guard()
include("${CMAKE_CURRENT_LIST_DIR}/SurefootTables.cmake")

function(surefoot_add_symbol_table target)
  # The names of C++ are the same on every machine: any demangler does.
  find_program(SUREFOOT_CXXFILT NAMES llvm-cxxfilt-19 llvm-cxxfilt c++filt REQUIRED)
  surefoot_link_with_table(${target} --symbols "${SUREFOOT_CXXFILT}")
endfunction()
