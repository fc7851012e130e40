# SPDX-License-Identifier: MIT
#
# Compiler flags, as targets that are linked where they are wanted. They belong to this build and are not exported.
include_guard()

# For all code of this project, tests included.
add_library(surefoot_flags INTERFACE)
target_compile_options(surefoot_flags INTERFACE
  $<$<COMPILE_LANGUAGE:C,CXX>:-Wall -Wextra -Wpedantic -Wundef -Wshadow -Wconversion -Wsign-conversion -Wswitch
    -Wimplicit-fallthrough -Wvla>
  $<$<BOOL:${SUREFOOT_WARNINGS_AS_ERRORS}>:-Werror>)
if(SUREFOOT_SANITIZE)
  list(JOIN SUREFOOT_SANITIZE "," surefoot_sanitizers)
  target_compile_options(surefoot_flags INTERFACE
    -fsanitize=${surefoot_sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(surefoot_flags INTERFACE -fsanitize=${surefoot_sanitizers})
endif()
if(SUREFOOT_BUILD_FUZZERS)
  # Coverage, which leads a fuzz target; without libFuzzer's main function, it is only counted.
  target_compile_options(surefoot_flags INTERFACE $<$<COMPILE_LANGUAGE:C,CXX>:-fsanitize=fuzzer-no-link>)
endif()
if(SUREFOOT_BRANCH_PROTECTION)
  target_compile_options(surefoot_flags INTERFACE -mbranch-protection=${SUREFOOT_BRANCH_PROTECTION})
endif()

# For the libraries: code that a kernel can link, and run from an NMI or before the MMU is on.
add_library(surefoot_library_flags INTERFACE)
target_link_libraries(surefoot_library_flags INTERFACE surefoot_flags)
target_compile_options(surefoot_library_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-stack-protector
    -fno-omit-frame-pointer -ffunction-sections -fdata-sections>)
if(surefoot_is_aarch64)
  target_compile_options(surefoot_library_flags INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-mgeneral-regs-only -mstrict-align -mno-omit-leaf-frame-pointer
      # Whatever the toolchain is for: no loop becomes a call of strlen.
      -ffreestanding
      # It may be the kernel's pointer to its CPU's data, or a shadow call stack.
      -ffixed-x18
      # Which GCC forgets when it optimises a program as a whole.
      $<$<CXX_COMPILER_ID:GNU>:-fno-lto>
      # Its library's assertions, on at -O0 from GCC 15 on, would be calls into libstdc++.
      $<$<CXX_COMPILER_ID:GNU>:-D_GLIBCXX_NO_ASSERTIONS>
      # Outlined atomics would be calls into libgcc.
      -mno-outline-atomics
      # Takes back what a kernel may set for all of its code: the library is never traced.
      -fpatchable-function-entry=0>)
else()
  # As near as the host's standard library lets it come to -mgeneral-regs-only.
  target_compile_options(surefoot_library_flags INTERFACE
    $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-mno-implicit-float>)
endif()
if(surefoot_is_bare_metal)
  # For any kernel: to a CPU without the extensions these instructions are hints.
  target_compile_options(surefoot_library_flags INTERFACE -mbranch-protection=standard)
endif()
