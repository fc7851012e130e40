# SPDX-License-Identifier: MIT
#
# surefoot_add_symbol_table(target): gives the executable `target` a table of its own functions, which the program reads
# through surefoot::linked_symbols(). The target's linker script places the table by surefoot-symbols.ld.inc; its
# folder is put on the linker's search path. The target is linked twice; the link fails if a function moves in between.
# Needs a generator that knows RULE_LAUNCH_LINK: Ninja or Makefiles.
include_guard()
set(SUREFOOT_SYMBOLS_DIR "${CMAKE_CURRENT_LIST_DIR}")

function(surefoot_add_symbol_table target)
  if(NOT CMAKE_GENERATOR MATCHES "Ninja|Makefiles")
    message(FATAL_ERROR "surefoot_add_symbol_table needs Ninja or Makefiles, not ${CMAKE_GENERATOR}")
  endif()
  # The names of C++ are the same on every machine: any demangler does.
  find_program(SUREFOOT_CXXFILT NAMES llvm-cxxfilt-19 llvm-cxxfilt c++filt REQUIRED)

  set(assemble "${CMAKE_CXX_COMPILER}")
  if(CMAKE_CXX_COMPILER_TARGET)
    string(APPEND assemble " ${CMAKE_CXX_COMPILE_OPTIONS_TARGET}${CMAKE_CXX_COMPILER_TARGET}")
  endif()
  set(script "${SUREFOOT_SYMBOLS_DIR}/link-with-symbols")
  set_target_properties(${target} PROPERTIES
    RULE_LAUNCH_LINK "\"${script}\" \"${CMAKE_NM}\" \"${SUREFOOT_CXXFILT}\" ${assemble} --")
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${script}")
  target_link_options(${target} PRIVATE "-Wl,-L,${SUREFOOT_SYMBOLS_DIR}")
endfunction()
