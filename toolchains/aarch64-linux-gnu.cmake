# SPDX-License-Identifier: MIT
#
# AArch64 Linux, static, run by qemu-user: for tests of the real processor state on another host. GCC, or clang 19 with
# GCC's libraries if SUREFOOT_TOOLCHAIN is clang.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64)

set(SUREFOOT_TOOLCHAIN "" CACHE STRING "clang or gcc; empty takes gcc")
set_property(CACHE SUREFOOT_TOOLCHAIN PROPERTY STRINGS "" clang gcc)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SUREFOOT_TOOLCHAIN)

if(SUREFOOT_TOOLCHAIN STREQUAL "clang")
  set(CMAKE_C_COMPILER clang-19)
  set(CMAKE_CXX_COMPILER clang++-19)
  foreach(language IN ITEMS C CXX ASM)
    set(CMAKE_${language}_COMPILER_TARGET aarch64-linux-gnu)
  endforeach()
else()
  set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
  set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
endif()
set(CMAKE_ASM_COMPILER ${CMAKE_C_COMPILER})
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)

set(CMAKE_FIND_ROOT_PATH /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
