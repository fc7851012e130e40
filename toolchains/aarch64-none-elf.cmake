# SPDX-License-Identifier: MIT
#
# AArch64 without an operating system: the newest clang that can be used, with its lld and the freestanding part of LLVM
# libc++, or else an AArch64 GCC. For this project and for users' own, from the source tree and from an installed copy:
# everything that it needs lies beside it.
#
# CMAKE_CXX_COMPILER or CMAKE_C_COMPILER chooses the compiler, SUREFOOT_TOOLCHAIN its family. CMAKE_<LANG>_FLAGS and
# CMAKE_EXE_LINKER_FLAGS are the user's alone: the options that the compiler always needs belong to the compiler.
include_guard()
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)  # There is nothing that a program could be linked with.

include("${CMAKE_CURRENT_LIST_DIR}/detail/choose.cmake")
if(NOT SUREFOOT_TOOLCHAIN STREQUAL "gcc" AND NOT surefoot_given_family STREQUAL "gcc")
  include("${CMAKE_CURRENT_LIST_DIR}/detail/none-elf-clang.cmake")
endif()
if(NOT SUREFOOT_CLANGXX)
  include("${CMAKE_CURRENT_LIST_DIR}/detail/none-elf-gcc.cmake")
endif()
