# SPDX-License-Identifier: MIT
#
# option                       default    meaning
# SUREFOOT_BUILD_TESTS         top level  what can run on the target: unit, live, boot, image tests
# SUREFOOT_BUILD_EXAMPLES      top level  the examples; the demo kernel in bare-metal builds only
# SUREFOOT_BUILD_TOOLS         OFF        the program `surefoot`: frame tables, audits; on a host only
# SUREFOOT_BUILD_BENCH         OFF        the benchmarks, and tests that they measure what they say
# SUREFOOT_BUILD_FUZZERS       OFF        fuzz targets and their tests of a minute each; with clang, on a host only
# SUREFOOT_INSTALL             top level  install rules and the CMake package
# SUREFOOT_WARNINGS_AS_ERRORS  OFF        a warning in this project's own code ends the build
# SUREFOOT_SANITIZE            empty      list for -fsanitize=, for tests on a host
# SUREFOOT_BRANCH_PROTECTION   empty      value for -mbranch-protection=, for the library and the tests
# SUREFOOT_TEST_CPUS           empty      QEMU CPU models under which each test program runs; empty runs it directly
# SUREFOOT_FETCH_GTEST         OFF        download GoogleTest if it is not on this machine
# SUREFOOT_OPT_CHECKS          ON         check what callers promise (SUREFOOT_CHECK in config.hpp)
#
# "Top level" is ON if Surefoot is not part of another project. No option changes another.
include_guard()

option(SUREFOOT_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(SUREFOOT_BUILD_EXAMPLES "Build the examples" ${PROJECT_IS_TOP_LEVEL})
option(SUREFOOT_BUILD_TOOLS "Build the program surefoot" OFF)
option(SUREFOOT_BUILD_BENCH "Build the benchmarks" OFF)
option(SUREFOOT_BUILD_FUZZERS "Build the fuzz targets" OFF)
option(SUREFOOT_INSTALL "Make install rules" ${PROJECT_IS_TOP_LEVEL})
option(SUREFOOT_WARNINGS_AS_ERRORS "End the build on a warning" OFF)
set(SUREFOOT_SANITIZE "" CACHE STRING "List for -fsanitize=")
set(SUREFOOT_BRANCH_PROTECTION "" CACHE STRING "Value for -mbranch-protection=")
set(SUREFOOT_TEST_CPUS "" CACHE STRING "QEMU CPU models to run tests with")
option(SUREFOOT_FETCH_GTEST "Download GoogleTest if it is not on this machine" OFF)
option(SUREFOOT_OPT_CHECKS "Check what callers promise" ON)

# What the build is for. Everything that depends on it asks these, and not the compiler or the host.
set(surefoot_is_aarch64 OFF)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  set(surefoot_is_aarch64 ON)
endif()
set(surefoot_is_bare_metal OFF)
if(CMAKE_SYSTEM_NAME STREQUAL "Generic")
  set(surefoot_is_bare_metal ON)
endif()

if(SUREFOOT_BUILD_TOOLS AND CMAKE_CROSSCOMPILING)
  message(FATAL_ERROR "SUREFOOT_BUILD_TOOLS: the tools run on this machine; build them apart (preset host-tools), "
    "not in a cross build")
endif()
