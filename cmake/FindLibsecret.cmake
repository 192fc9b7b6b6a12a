# SPDX-License-Identifier: BSL-1.0
# libsecret ships no CMake package. Defines Libsecret::Libsecret.
find_package(PkgConfig QUIET)
pkg_check_modules(PC_LIBSECRET QUIET IMPORTED_TARGET libsecret-1)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libsecret
  REQUIRED_VARS PC_LIBSECRET_LINK_LIBRARIES VERSION_VAR PC_LIBSECRET_VERSION)

if(Libsecret_FOUND AND NOT TARGET Libsecret::Libsecret)
  add_library(Libsecret::Libsecret INTERFACE IMPORTED)
  target_link_libraries(Libsecret::Libsecret INTERFACE PkgConfig::PC_LIBSECRET)
endif()
