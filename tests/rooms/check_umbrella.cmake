# SPDX-License-Identifier: BSL-1.0
# Checks that <reinstate/reinstate.hpp> includes every header of reinstate::reinstate. Run with cmake -P; HEADERS are their
# paths, ROOT is the folder that includes start from.
cmake_minimum_required(VERSION 3.24)
file(STRINGS ${ROOT}/reinstate/reinstate.hpp included REGEX "^#include <reinstate/")
set(missing "")
foreach(header IN LISTS HEADERS)
  file(RELATIVE_PATH name ${ROOT} ${header})
  if(NOT name STREQUAL "reinstate/reinstate.hpp" AND NOT "#include <${name}>" IN_LIST included)
    string(APPEND missing "  ${name}\n")
  endif()
endforeach()
if(NOT missing STREQUAL "")
  message(FATAL_ERROR "reinstate/reinstate.hpp does not include:\n${missing}")
endif()
