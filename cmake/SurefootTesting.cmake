# SPDX-License-Identifier: MIT
#
# GoogleTest, and how its programs become CTest's tests.
include_guard()

# Makes GTest::gtest_main, wherever it comes from: the package, except where it was compiled for another machine or
# without this build's sanitizers; its sources, which distributions package too; or a download, if that is allowed.
function(surefoot_find_googletest)
  if(TARGET GTest::gtest_main)
    return()
  endif()
  if(NOT CMAKE_CROSSCOMPILING AND NOT SUREFOOT_SANITIZE)
    find_package(GTest QUIET)
    if(GTest_FOUND)
      set_target_properties(GTest::gtest GTest::gtest_main PROPERTIES IMPORTED_GLOBAL ON)
      return()
    endif()
  endif()
  set(INSTALL_GTEST OFF CACHE INTERNAL "")
  set(BUILD_GMOCK OFF CACHE INTERNAL "")
  if(EXISTS /usr/src/googletest/CMakeLists.txt)
    add_subdirectory(/usr/src/googletest "${PROJECT_BINARY_DIR}/googletest" EXCLUDE_FROM_ALL SYSTEM)
  elseif(SUREFOOT_FETCH_GTEST)
    include(FetchContent)
    FetchContent_Declare(googletest
      URL https://github.com/google/googletest/archive/refs/tags/v1.14.0.tar.gz
      URL_HASH SHA256=8ad598c73ad796e0d8280b082cebd82a630d73e73cd3c70057938a6501bba5d7
      SYSTEM)
    FetchContent_MakeAvailable(googletest)
  else()
    message(FATAL_ERROR "GoogleTest is missing: install the package googletest (scripts/setup does), "
      "or configure with -DSUREFOOT_FETCH_GTEST=ON")
  endif()
  foreach(target IN ITEMS gtest gtest_main)
    if(SUREFOOT_SANITIZE)
      list(JOIN SUREFOOT_SANITIZE "," sanitizers)
      target_compile_options(${target} PRIVATE -fsanitize=${sanitizers})
    endif()
    if(NOT TARGET GTest::${target})
      add_library(GTest::${target} ALIAS ${target})
    endif()
  endforeach()
endfunction()

# Helpers that tests link, in namespace surefoot::testing.
if(NOT TARGET surefoot_testing)
  add_library(surefoot_testing INTERFACE)
  add_library(surefoot::testing ALIAS surefoot_testing)
  target_include_directories(surefoot_testing INTERFACE "${PROJECT_SOURCE_DIR}/tests")
endif()

# surefoot_compile_command(variable): the words of a command that compiles C++ as this build does.
# surefoot_link_flags(variable): the words that this build gives to the compiler when it links.
function(surefoot_compile_command variable)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_COMPILER_ARG1} ${CMAKE_CXX_FLAGS}")
  set(command "${CMAKE_CXX_COMPILER}")
  if(CMAKE_CXX_COMPILER_TARGET)
    list(APPEND command "${CMAKE_CXX_COMPILE_OPTIONS_TARGET}${CMAKE_CXX_COMPILER_TARGET}")
  endif()
  list(APPEND command ${flags})
  foreach(folder IN LISTS CMAKE_CXX_STANDARD_INCLUDE_DIRECTORIES)
    list(APPEND command -isystem "${folder}")
  endforeach()
  set(${variable} "${command}" PARENT_SCOPE)
endfunction()

function(surefoot_link_flags variable)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_LINK_FLAGS} ${CMAKE_EXE_LINKER_FLAGS}")
  set(${variable} "${flags}" PARENT_SCOPE)
endfunction()

# surefoot_add_googletest(target): registers the program's tests. On a host each case is a test of its own; under an
# emulator the program is one test for each CPU model, target/model.
include(GoogleTest)
function(surefoot_add_googletest target)
  target_link_libraries(${target} PRIVATE GTest::gtest_main surefoot_flags surefoot::testing)
  target_compile_features(${target} PRIVATE cxx_std_23)
  # A fifth of the time that a test takes to compile is this header's. GCC would warn of what is in system headers.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_precompile_headers(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:<gtest/gtest.h$<ANGLE-R>>")
  endif()
  if(NOT SUREFOOT_TEST_CPUS)
    gtest_discover_tests(${target} TEST_PREFIX "${target}." DISCOVERY_TIMEOUT 60)
    return()
  endif()
  target_compile_definitions(${target} PRIVATE SUREFOOT_TEST_IS_EMULATED)
  foreach(cpu IN LISTS SUREFOOT_TEST_CPUS)
    # Pointer authentication by a function that is quick to emulate: with the architecture's own, tests of signed code
    # take seven times as long.
    string(REGEX REPLACE "^max$" "max,pauth-impdef=on" model ${cpu})
    add_test(NAME ${target}/${cpu} COMMAND qemu-aarch64 -cpu ${model} $<TARGET_FILE:${target}>)
  endforeach()
endfunction()
