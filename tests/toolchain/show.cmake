# SPDX-License-Identifier: MIT
#
# Reads the toolchain file TOOLCHAIN as a project would, and shows what it sets.
include("${TOOLCHAIN}")
foreach(variable IN ITEMS CMAKE_C_COMPILER CMAKE_CXX_COMPILER CMAKE_ASM_COMPILER SUREFOOT_LLD SUREFOOT_LIBCXX)
  message(STATUS "${variable}=${${variable}}")
endforeach()
