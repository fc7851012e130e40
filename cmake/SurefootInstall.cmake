# SPDX-License-Identifier: MIT
#
# What a kernel needs of an installed copy: libraries, headers, the toolchain, and what its linker script includes.
include_guard()
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

install(TARGETS surefoot EXPORT surefootTargets FILE_SET HEADERS FILE_SET assembly)
install(TARGETS surefoot_c surefoot_print EXPORT surefootTargets FILE_SET HEADERS)
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

# As in the source tree, so that the files find each other in both.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/toolchains" DESTINATION "${share_dir}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/cmake/libcxx" DESTINATION "${share_dir}/cmake")
install(FILES
  "${PROJECT_SOURCE_DIR}/cmake/surefoot-frames.ld.inc"
  "${PROJECT_SOURCE_DIR}/cmake/surefoot-ranges.ld"
  "${PROJECT_SOURCE_DIR}/cmake/surefoot-ranges.ld.inc"
  "${PROJECT_SOURCE_DIR}/cmake/surefoot-symbols.ld.inc"
  "${PROJECT_SOURCE_DIR}/cmake/SurefootFrames.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/SurefootSymbols.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/SurefootTables.cmake"
  DESTINATION "${share_dir}/cmake")
install(PROGRAMS
  "${PROJECT_SOURCE_DIR}/cmake/link-with-tables"
  "${PROJECT_SOURCE_DIR}/cmake/make-frame-table"
  "${PROJECT_SOURCE_DIR}/cmake/make-symbol-table"
  DESTINATION "${share_dir}/cmake")
