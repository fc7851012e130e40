# SPDX-License-Identifier: MIT
#
# Archives and Debian packages, by `cpack` in the folder of a build: a bare-metal build packs the libraries, a host's
# with SUREFOOT_BUILD_TOOLS the program surefoot. No other build packs anything.
include_guard()

set(CPACK_PACKAGE_VENDOR "The Surefoot authors")
set(CPACK_PACKAGE_CONTACT "The Surefoot authors")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)

if(surefoot_is_bare_metal)
  set(component surefoot_library)
  set(CPACK_PACKAGE_NAME surefoot-aarch64-none-elf)
  set(CPACK_PACKAGE_FILE_NAME "${CPACK_PACKAGE_NAME}-${PROJECT_VERSION}")
  # Files for another machine than the one that they are installed on: in the folder that compilers for it look into.
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE all)
  set(debian_prefix /usr/aarch64-none-elf)
else()
  set(component surefoot_tools)
  set(CPACK_PACKAGE_NAME surefoot-tools)
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Makes frame tables of AArch64 kernels, and audits them")
  set(CPACK_PACKAGE_FILE_NAME "${CPACK_PACKAGE_NAME}-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR}")
  set(debian_prefix /usr)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  set(CPACK_STRIP_FILES ON)
endif()
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR}" "${PROJECT_NAME}" ${component} /)
# An archive can be unpacked anywhere.
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_BINARY_DIR}/SurefootPackFor.cmake")
file(CONFIGURE OUTPUT "${CPACK_PROJECT_CONFIG_FILE}" @ONLY CONTENT [[
if(CPACK_GENERATOR STREQUAL "DEB")
  set(CPACK_PACKAGING_INSTALL_PREFIX "@debian_prefix@")
endif()
]])
include(CPack)
