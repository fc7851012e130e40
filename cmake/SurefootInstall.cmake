# SPDX-License-Identifier: MIT
#
# What a kernel needs of an installed copy: libraries, headers, the toolchain, what its linker script includes, and what
# CMake and pkg-config have to know. All of it is the component surefoot_library; the program surefoot is the component
# surefoot_tools (tools/CMakeLists.txt). docs/getting-it.md says how each is used.
include_guard()
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME surefoot_library)
install(TARGETS surefoot EXPORT surefootTargets FILE_SET HEADERS FILE_SET assembly)
install(TARGETS surefoot_c surefoot_livepatch surefoot_panic surefoot_print surefoot_profile EXPORT surefootTargets
  FILE_SET HEADERS)
if(TARGET surefoot_ftrace)
  install(TARGETS surefoot_ftrace EXPORT surefootTargets FILE_SET HEADERS)
endif()

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/surefoot")
set(share_dir "${CMAKE_INSTALL_DATADIR}/surefoot")
install(EXPORT surefootTargets NAMESPACE surefoot:: DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/surefootConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/surefootConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/surefootConfig.cmake" INSTALL_DESTINATION "${package_dir}" PATH_VARS share_dir)
install(FILES "${PROJECT_BINARY_DIR}/surefootConfig.cmake" "${PROJECT_BINARY_DIR}/surefootConfigVersion.cmake"
  DESTINATION "${package_dir}")

# surefoot_install_pkg_config(module description [required...]): installs MODULE.pc for the target of the same name. All
# paths in it begin at the folder of that file, so that an installed copy can be moved.
function(surefoot_install_pkg_config module description)
  string(REPLACE "-" "_" library "${module}")
  list(JOIN ARGN ", " requires)
  file(RELATIVE_PATH to_prefix "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
  string(REGEX REPLACE "/$" "" to_prefix "${to_prefix}")
  foreach(dir IN ITEMS includedir libdir datadir)
    string(TOUPPER "CMAKE_INSTALL_${dir}" value)
    set(${dir} "\${prefix}")
    cmake_path(APPEND ${dir} "${${value}}")
  endforeach()
  set(definitions "")
  if(module STREQUAL "surefoot" AND NOT SUREFOOT_OPT_CHECKS)
    set(definitions " -DSUREFOOT_OPT_CHECKS=0")
  endif()
  configure_file("${PROJECT_SOURCE_DIR}/cmake/surefoot.pc.in" "${PROJECT_BINARY_DIR}/${module}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${module}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction()
surefoot_install_pkg_config(surefoot "${PROJECT_DESCRIPTION}")
surefoot_install_pkg_config(surefoot-print "Prints traces of Surefoot, and finds the names of functions" surefoot)
surefoot_install_pkg_config(surefoot-panic "Reports a panic of a kernel by Surefoot" surefoot-print surefoot)
surefoot_install_pkg_config(surefoot-profile "A sampling profiler that walks with Surefoot" surefoot)
surefoot_install_pkg_config(surefoot-c "Surefoot for kernels in C"
  surefoot-panic surefoot-print surefoot-profile surefoot)
if(TARGET surefoot_ftrace)
  surefoot_install_pkg_config(surefoot-ftrace "The tracing runtime of Surefoot" surefoot)
  surefoot_install_pkg_config(surefoot-livepatch "Live patching by reliable traces" surefoot-ftrace surefoot)
endif()

# As in the source tree, so that the files find each other in both.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/toolchains" DESTINATION "${share_dir}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/cmake/libcxx" DESTINATION "${share_dir}/cmake")
install(FILES
  "${PROJECT_SOURCE_DIR}/cmake/name-suffixes.awk"
  "${PROJECT_SOURCE_DIR}/cmake/surefoot-frames.ld.inc"
  "${PROJECT_SOURCE_DIR}/cmake/surefoot-ranges.ld"
  "${PROJECT_SOURCE_DIR}/cmake/surefoot-ranges.ld.inc"
  "${PROJECT_SOURCE_DIR}/cmake/surefoot-symbols.ld.inc"
  "${PROJECT_SOURCE_DIR}/cmake/SurefootFrames.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/SurefootSymbols.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/SurefootTables.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/symbol-table.awk"
  DESTINATION "${share_dir}/cmake")
install(PROGRAMS
  "${PROJECT_SOURCE_DIR}/cmake/link-with-tables"
  "${PROJECT_SOURCE_DIR}/cmake/make-frame-table"
  "${PROJECT_SOURCE_DIR}/cmake/make-symbol-table"
  DESTINATION "${share_dir}/cmake")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/CHANGELOG.md"
  DESTINATION "${CMAKE_INSTALL_DOCDIR}")
unset(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME)
