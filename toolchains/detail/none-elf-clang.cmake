# SPDX-License-Identifier: MIT
#
# The clang half of aarch64-none-elf.cmake. Sets CMAKE_CXX_COMPILER unless something is missing.
find_program(SUREFOOT_CLANGXX clang++-19)
find_program(SUREFOOT_LLD ld.lld-19)
set(libcxx "")
if(SUREFOOT_CLANGXX)
  # libc++ has no files of its own for this target: the headers of the host's package are the same for all.
  execute_process(COMMAND "${SUREFOOT_CLANGXX}" -print-resource-dir
    OUTPUT_VARIABLE resources OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  foreach(candidate IN ITEMS "${resources}/../../../include/c++/v1" "${resources}/../../../../include/c++/v1")
    if(EXISTS "${candidate}/expected")
      get_filename_component(libcxx "${candidate}" REALPATH)
      break()
    endif()
  endforeach()
endif()

if(SUREFOOT_CLANGXX AND SUREFOOT_LLD AND libcxx)
  string(REGEX REPLACE "clang\\+\\+([^/]*)$" "clang\\1" CMAKE_C_COMPILER "${SUREFOOT_CLANGXX}")
  set(CMAKE_CXX_COMPILER "${SUREFOOT_CLANGXX}")
  set(CMAKE_ASM_COMPILER "${CMAKE_C_COMPILER}")
  foreach(language IN ITEMS C CXX ASM)
    set(CMAKE_${language}_COMPILER_TARGET aarch64-none-elf)
    set(CMAKE_${language}_FLAGS_INIT "-ffreestanding")
  endforeach()
  get_filename_component(site "${CMAKE_CURRENT_LIST_DIR}/../../cmake/libcxx" ABSOLUTE)
  string(APPEND CMAKE_CXX_FLAGS_INIT " -nostdinc++ -isystem \"${site}\" -isystem \"${libcxx}\"")
  set(CMAKE_EXE_LINKER_FLAGS_INIT "--ld-path=\"${SUREFOOT_LLD}\" -nostdlib -static")
elseif(SUREFOOT_TOOLCHAIN STREQUAL "clang")
  message(FATAL_ERROR "clang++-19 (${SUREFOOT_CLANGXX}), ld.lld-19 (${SUREFOOT_LLD}) or the headers of libc++-19-dev "
    "(${libcxx}) are missing")
endif()
