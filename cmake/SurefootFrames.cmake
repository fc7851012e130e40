# SPDX-License-Identifier: MIT
#
# surefoot_add_frame_table(target): gives the executable `target` a frame table for its own code, which the program
# reads through surefoot::FrameTable::linked(), and a table of the calls that it makes without a frame record: special
# ranges, from __surefoot_calls_start to __surefoot_calls_end. The target's linker script places both by
# surefoot-frames.ld.inc; its folder is put on the linker's search path. The target is linked two or three times; the
# link fails if a function moves in between. Needs a generator that knows RULE_LAUNCH_LINK: Ninja or Makefiles.
#
# The tables are made by the program surefoot: SUREFOOT_TOOL, if that is set, here or in the environment; else the one
# that was installed with this file, or is on the path; else, in a source tree, one that is built for this machine by
# its own compiler.
include_guard()
include("${CMAKE_CURRENT_LIST_DIR}/SurefootTables.cmake")

set(SUREFOOT_TOOL "" CACHE FILEPATH "The program surefoot, which makes frame tables; empty looks for it or builds it")

# Makes the target surefoot_host_tool, which builds the program `tool` from the source tree.
function(surefoot_build_host_tool source_dir tool)
  if(TARGET surefoot_host_tool)
    return()
  endif()
  include(ExternalProject)
  cmake_path(GET tool PARENT_PATH tool_dir)
  ExternalProject_Add(surefoot_host_tool
    SOURCE_DIR "${source_dir}"
    PREFIX "${tool_dir}"
    BINARY_DIR "${tool_dir}/build"
    CMAKE_ARGS
      -DCMAKE_BUILD_TYPE=Release
      "-DCMAKE_RUNTIME_OUTPUT_DIRECTORY=${tool_dir}"
      -DSUREFOOT_BUILD_TOOLS=ON
      -DSUREFOOT_BUILD_TESTS=OFF
      -DSUREFOOT_BUILD_EXAMPLES=OFF
      -DSUREFOOT_INSTALL=OFF
    INSTALL_COMMAND ""
    BUILD_BYPRODUCTS "${tool}"
    BUILD_ALWAYS ON)
endfunction()

# Sets the variable `result` to the path of the program surefoot.
function(surefoot_find_tool result)
  cmake_path(GET CMAKE_CURRENT_FUNCTION_LIST_DIR PARENT_PATH root)
  set(tool "${SUREFOOT_TOOL}")
  if(NOT tool)
    set(tool "$ENV{SUREFOOT_TOOL}")
  endif()
  if(tool AND NOT EXISTS "${tool}")
    message(FATAL_ERROR "SUREFOOT_TOOL: there is no ${tool}")
  endif()
  set(has_sources OFF)
  if(EXISTS "${root}/tools/CMakeLists.txt")
    set(has_sources ON)
  endif()
  # In a build of its own, the program that belongs to the sources, and not whichever was installed before.
  if(NOT tool AND NOT (has_sources AND root STREQUAL CMAKE_SOURCE_DIR))
    find_program(SUREFOOT_FOUND_TOOL surefoot HINTS "${root}/../../bin" NO_CMAKE_FIND_ROOT_PATH)
    set(tool "${SUREFOOT_FOUND_TOOL}")
  endif()
  if(NOT tool AND has_sources)
    set(tool "${CMAKE_BINARY_DIR}/surefoot-host-tool/surefoot")
    surefoot_build_host_tool("${root}" "${tool}")
  endif()
  if(NOT tool)
    message(FATAL_ERROR "surefoot_add_frame_table needs the program surefoot: install it, or set SUREFOOT_TOOL")
  endif()
  set(${result} "${tool}" PARENT_SCOPE)
endfunction()

function(surefoot_add_frame_table target)
  surefoot_find_tool(tool)
  surefoot_link_with_table(${target} --frames "${tool}")
  if(TARGET surefoot_host_tool)
    add_dependencies(${target} surefoot_host_tool)
  endif()
endfunction()
