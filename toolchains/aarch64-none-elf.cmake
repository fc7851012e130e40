# SPDX-License-Identifier: MIT
#
# AArch64 without an operating system: clang 19 with lld and the freestanding part of LLVM libc++ 19, or else an AArch64
# GCC. For this project and for users' own, from the source tree and from an installed copy: everything that it needs
# lies beside it.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)  # There is nothing that a program could be linked with.

set(SUREFOOT_TOOLCHAIN "" CACHE STRING "clang or gcc; empty takes clang where it can be used")
set_property(CACHE SUREFOOT_TOOLCHAIN PROPERTY STRINGS "" clang gcc)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SUREFOOT_TOOLCHAIN)
if(NOT SUREFOOT_TOOLCHAIN MATCHES "^(clang|gcc)?$")
  message(FATAL_ERROR "SUREFOOT_TOOLCHAIN is '${SUREFOOT_TOOLCHAIN}'; it can be clang, gcc or empty")
endif()

if(NOT SUREFOOT_TOOLCHAIN STREQUAL "gcc")
  include("${CMAKE_CURRENT_LIST_DIR}/detail/none-elf-clang.cmake")
endif()
if(NOT CMAKE_CXX_COMPILER)
  include("${CMAKE_CURRENT_LIST_DIR}/detail/none-elf-gcc.cmake")
endif()
