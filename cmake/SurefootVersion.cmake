# SPDX-License-Identifier: MIT
#
# surefoot_version, from the header that says it. Included before project(), which needs it.
include_guard()

set(surefoot_version_header "${CMAKE_CURRENT_LIST_DIR}/../include/surefoot/version.h")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${surefoot_version_header}")
set(surefoot_version "")
foreach(part IN ITEMS MAJOR MINOR PATCH)
  file(STRINGS "${surefoot_version_header}" line REGEX "^#define SUREFOOT_VERSION_${part} [0-9]+$")
  if(NOT line MATCHES "^#define SUREFOOT_VERSION_${part} ([0-9]+)$")
    message(FATAL_ERROR "${surefoot_version_header} has no number SUREFOOT_VERSION_${part}")
  endif()
  list(APPEND surefoot_version ${CMAKE_MATCH_1})
endforeach()
list(JOIN surefoot_version "." surefoot_version)
