# SPDX-License-Identifier: BSL-1.0
include(CMakePackageConfigHelpers)

set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/reinstate)
set(libraries reinstate reinstate_testing reinstate_wmsdk)
if(REINSTATE_HAS_LCP)
  list(APPEND libraries reinstate_lcp)
endif()
if(REINSTATE_HAS_SERVICE)
  list(APPEND libraries reinstate_service)
endif()
if(REINSTATE_HAS_KEYRING)
  list(APPEND libraries reinstate_keyring)
endif()
install(TARGETS ${libraries} EXPORT reinstate
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT reinstate NAMESPACE reinstate:: DESTINATION ${package_directory} FILE reinstate-targets.cmake)

configure_package_config_file(cmake/reinstate-config.cmake.in reinstate-config.cmake
  INSTALL_DESTINATION ${package_directory})
write_basic_package_version_file(reinstate-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/reinstate-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/reinstate-config-version.cmake
  ${CMAKE_CURRENT_SOURCE_DIR}/cmake/FindLibsecret.cmake
  ${CMAKE_CURRENT_SOURCE_DIR}/cmake/FindSodium.cmake
  DESTINATION ${package_directory})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
