# SPDX-License-Identifier: MIT
#
# The GCC half of aarch64-none-elf.cmake. A compiler for Linux does as well, once it is told not to assume Linux.
if(surefoot_given_cxx)
  set(surefoot_cxx "${surefoot_given_cxx}")
  set(surefoot_c "${surefoot_given_c}")
else()
  surefoot_find_gcc(surefoot_cxx aarch64-none-elf-g++ aarch64-linux-gnu-g++)
  surefoot_other_driver(surefoot_c "${surefoot_cxx}")
endif()
# Compilers for Linux are often set to make position-independent code by themselves.
set(CMAKE_CXX_COMPILER "${surefoot_cxx}" -ffreestanding -fno-pie)
set(CMAKE_C_COMPILER "${surefoot_c}" -ffreestanding -fno-pie)
set(CMAKE_ASM_COMPILER "${surefoot_c}" -ffreestanding -fno-pie)
foreach(surefoot_language IN ITEMS C CXX ASM)
  set(CMAKE_${surefoot_language}_LINK_FLAGS "-nostdlib -static -no-pie")
endforeach()
