# SPDX-License-Identifier: MIT
#
# What the tables of a linked program have in common: surefoot_add_symbol_table() and surefoot_add_frame_table() may
# both be called for one target, in any order.
include_guard()

# surefoot_link_with_table(target table tool): has the target linked by link-with-tables, with this table among others.
# `table` is an option of that script, and `tool` its value.
function(surefoot_link_with_table target table tool)
  if(NOT CMAKE_GENERATOR MATCHES "Ninja|Makefiles")
    message(FATAL_ERROR "${target}: tables of a linked program need Ninja or Makefiles, not ${CMAKE_GENERATOR}")
  endif()
  get_target_property(tables ${target} SUREFOOT_TABLES)
  if(NOT tables)
    set(tables "")
  endif()
  if(tables MATCHES " ${table} ")
    return()
  endif()
  string(APPEND tables " ${table} \"${tool}\"")

  # Either language may be the project's only one.
  set(language C)
  if(CMAKE_CXX_COMPILER_LOADED)
    set(language CXX)
  endif()
  set(assemble "\"${CMAKE_${language}_COMPILER}\"")
  if(CMAKE_${language}_COMPILER_TARGET)
    string(APPEND assemble " ${CMAKE_${language}_COMPILE_OPTIONS_TARGET}${CMAKE_${language}_COMPILER_TARGET}")
  endif()
  set(scripts "${CMAKE_CURRENT_FUNCTION_LIST_DIR}")
  set_target_properties(${target} PROPERTIES
    SUREFOOT_TABLES "${tables}"
    RULE_LAUNCH_LINK "\"${scripts}/link-with-tables\"${tables} \"${CMAKE_NM}\" ${assemble} --")
  target_link_options(${target} PRIVATE "-Wl,-L,${scripts}")
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS
    "${scripts}/link-with-tables" "${scripts}/make-frame-table" "${scripts}/make-symbol-table"
    "${scripts}/name-suffixes.awk" "${scripts}/symbol-table.awk" "${tool}")
endfunction()
