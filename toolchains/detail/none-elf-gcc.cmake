# SPDX-License-Identifier: MIT
#
# The GCC half of aarch64-none-elf.cmake. A compiler for Linux does as well, once it is told not to assume Linux.
find_program(SUREFOOT_GCC_CXX NAMES aarch64-none-elf-g++ aarch64-linux-gnu-g++ REQUIRED)
string(REGEX REPLACE "g\\+\\+$" "gcc" CMAKE_C_COMPILER "${SUREFOOT_GCC_CXX}")
set(CMAKE_CXX_COMPILER "${SUREFOOT_GCC_CXX}")
set(CMAKE_ASM_COMPILER "${CMAKE_C_COMPILER}")
foreach(language IN ITEMS C CXX ASM)
  # Compilers for Linux are often set to make position-independent code by themselves.
  set(CMAKE_${language}_FLAGS_INIT "-ffreestanding -fno-pie")
endforeach()
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -static -no-pie")
