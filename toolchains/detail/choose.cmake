# SPDX-License-Identifier: MIT
#
# How the toolchain files choose compilers.
set(SUREFOOT_TOOLCHAIN "" CACHE STRING "clang or gcc; empty takes what can be used")
set_property(CACHE SUREFOOT_TOOLCHAIN PROPERTY STRINGS "" clang gcc)
if(NOT SUREFOOT_TOOLCHAIN MATCHES "^(clang|gcc)?$")
  message(FATAL_ERROR "SUREFOOT_TOOLCHAIN is '${SUREFOOT_TOOLCHAIN}'; it can be clang, gcc or empty")
endif()
# A project that CMake makes to try the compiler takes what was chosen for this one.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES
  SUREFOOT_TOOLCHAIN SUREFOOT_CLANGXX SUREFOOT_LLD SUREFOOT_LIBCXX)

# The versions of clang that docs/compilers.md is about, the newest first.
set(surefoot_clang_versions 23 22 21 20 19 18 17)
set(surefoot_oldest_clang 17)
set(surefoot_gcc_versions 16 15 14 13 12)

# surefoot_find_version(variable program): the major version that a program of LLVM or GCC says it has; 0 if it says
# none.
function(surefoot_find_version variable program)
  set(${variable} 0 PARENT_SCOPE)
  execute_process(COMMAND "${program}" --version OUTPUT_VARIABLE text ERROR_QUIET RESULT_VARIABLE code)
  if(code EQUAL 0 AND text MATCHES "(clang|LLD|LLVM)[^\n]* ([0-9]+)\\.[0-9]+")
    set(${variable} ${CMAKE_MATCH_2} PARENT_SCOPE)
  endif()
endfunction()

# surefoot_other_driver(variable path): the compiler of C beside that of C++, or the other way round: clang-19 for
# clang++-19.
function(surefoot_other_driver variable path)
  get_filename_component(folder "${path}" DIRECTORY)
  get_filename_component(name "${path}" NAME)
  if(NOT name MATCHES "(clang\\+\\+|clang|g\\+\\+|gcc)(-[0-9.]+)?(\\.exe)?$")
    message(FATAL_ERROR "set both CMAKE_C_COMPILER and CMAKE_CXX_COMPILER: '${path}' does not tell the other's name")
  endif()
  set(driver "${CMAKE_MATCH_1}")
  set(after "${CMAKE_MATCH_2}${CMAKE_MATCH_3}")
  string(FIND "${name}" "${driver}${after}" at REVERSE)
  string(SUBSTRING "${name}" 0 ${at} before)
  set(clang++ clang)
  set(clang clang++)
  set(g++ gcc)
  set(gcc g++)
  set(${variable} "${folder}/${before}${${driver}}${after}" PARENT_SCOPE)
endfunction()

# surefoot_list_clangs(variable): each clang that is found, the newest first, as VERSION=PATH.
function(surefoot_list_clangs variable)
  set(found "")
  foreach(name IN ITEMS clang++ ${surefoot_clang_versions})
    string(REGEX REPLACE "^([0-9]+)$" "clang++-\\1" name "${name}")
    unset(path)
    find_program(path "${name}" NO_CACHE)
    if(path)
      surefoot_find_version(version "${path}")
      list(APPEND found "${version}=${path}")
    endif()
  endforeach()
  list(SORT found COMPARE NATURAL ORDER DESCENDING)
  set(${variable} "${found}" PARENT_SCOPE)
endfunction()

# surefoot_find_gcc(variable names...): the first of these compilers that is found, or else one with a version in its
# name, the newest first.
function(surefoot_find_gcc variable)
  list(GET ARGN -1 last)
  list(TRANSFORM surefoot_gcc_versions PREPEND "${last}-" OUTPUT_VARIABLE versioned)
  find_program(path NAMES ${ARGN} ${versioned} NO_CACHE REQUIRED)
  set(${variable} "${path}" PARENT_SCOPE)
endfunction()

# surefoot_find_given(variable compilers): the program that CMAKE_<LANG>_COMPILER names, without its options; empty if
# there is none.
function(surefoot_find_given variable compiler)
  set(${variable} "" PARENT_SCOPE)
  if(compiler)
    list(GET compiler 0 name)
    find_program(path "${name}" NO_CACHE)
    if(NOT path)
      message(FATAL_ERROR "there is no such compiler: ${name}")
    endif()
    set(${variable} "${path}" PARENT_SCOPE)
  endif()
endfunction()

# surefoot_family_of(variable compiler): clang or gcc.
function(surefoot_family_of variable compiler)
  execute_process(COMMAND "${compiler}" --version OUTPUT_VARIABLE text ERROR_VARIABLE errors RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "the compiler does not run: ${compiler}: ${code} ${errors}")
  endif()
  set(${variable} gcc PARENT_SCOPE)
  if(text MATCHES "clang")
    set(${variable} clang PARENT_SCOPE)
  endif()
endfunction()

# The compilers that were given: surefoot_given_cxx and surefoot_given_c, and surefoot_given_family, clang or gcc; empty
# if none was. Of two that belong together one is enough.
surefoot_find_given(surefoot_given_cxx "${CMAKE_CXX_COMPILER}")
surefoot_find_given(surefoot_given_c "${CMAKE_C_COMPILER}")
set(surefoot_given_family "")
if(surefoot_given_cxx OR surefoot_given_c)
  set(surefoot_given ${surefoot_given_cxx} ${surefoot_given_c})
  list(GET surefoot_given 0 surefoot_given)
  surefoot_family_of(surefoot_given_family "${surefoot_given}")
  if(SUREFOOT_TOOLCHAIN AND NOT SUREFOOT_TOOLCHAIN STREQUAL surefoot_given_family)
    message(FATAL_ERROR "SUREFOOT_TOOLCHAIN is ${SUREFOOT_TOOLCHAIN}, but the given compiler is not: ${surefoot_given}")
  endif()
  if(NOT surefoot_given_cxx)
    surefoot_other_driver(surefoot_given_cxx "${surefoot_given}")
  elseif(NOT surefoot_given_c)
    surefoot_other_driver(surefoot_given_c "${surefoot_given}")
  endif()
endif()
