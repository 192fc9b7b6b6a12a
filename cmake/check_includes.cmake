# SPDX-License-Identifier: BSL-1.0
# Checks which rooms (folders of lib/) the files of one room include. Run at build time:
#
#     cmake -DROOM=<room> -DFILES=<files> [-DALLOWED=<rooms>] -DROOTS=<folders> -P check_includes.cmake
#
# ROOM     the folder of the files, relative to lib/: engine/backup
# FILES    sources and headers of the room, absolute or relative to the first of ROOTS
# ALLOWED  the rooms it may include besides itself: crypto;format/age;engine/set
# ROOTS    the folders that quoted includes start from: the path of lib/
#
# Errors: a quoted include of a room that is not allowed, a quoted include that names no room, a header that is not
# beneath ROOTS, and an allowed room that no file includes. All errors are listed before the script fails.
cmake_minimum_required(VERSION 3.24)

foreach(argument ROOM FILES ROOTS)
  if("${${argument}}" STREQUAL "")
    message(FATAL_ERROR "check_includes.cmake: -D${argument}=... is missing")
  endif()
endforeach()
list(GET ROOTS 0 first_root)
set(unused ${ALLOWED})
set(errors "")

# Appends the place of an include and what is wrong with it to the errors. CMake prints indented lines as they are.
function(add_error file directive text)
  file(READ "${file}" content)
  string(FIND "${content}" "${directive}" position)
  string(SUBSTRING "${content}" 0 ${position} before)
  string(REGEX REPLACE "[^\n]" "" newlines "${before}")
  string(LENGTH "${newlines}" line)
  math(EXPR line "${line} + 1")
  set(errors "${errors}  ${file}:${line}: ${directive}\n    ${text}\n" PARENT_SCOPE)
endfunction()

foreach(file IN LISTS FILES)
  get_filename_component(file "${file}" ABSOLUTE BASE_DIR "${first_root}")
  file(STRINGS "${file}" directives REGEX "^[ \t]*#[ \t]*include[ \t]*\"[^\"]*\"")
  foreach(directive IN LISTS directives)
    string(REGEX MATCH "#[ \t]*include[ \t]*\"([^\"]*)\"" directive "${directive}")
    set(header "${CMAKE_MATCH_1}")
    get_filename_component(room "${header}" DIRECTORY)
    get_filename_component(name "${header}" NAME)
    set(found FALSE)
    foreach(root IN LISTS ROOTS)
      if(EXISTS "${root}/${header}")
        set(found TRUE)
      endif()
    endforeach()
    if(room STREQUAL "")
      add_error("${file}" "${directive}" "Name the room: #include \"${ROOM}/${name}\" if it is a header of this room.")
    elseif(NOT room STREQUAL ROOM AND NOT room IN_LIST ALLOWED)
      add_error("${file}" "${directive}"
        "${ROOM} may not include ${room}. If the arrow is meant, add ${room} to NEEDS of ${ROOM} in lib/CMakeLists.txt.")
    elseif(NOT found)
      add_error("${file}" "${directive}" "There is no such header in ${ROOTS}.")
    endif()
    list(REMOVE_ITEM unused "${room}")
  endforeach()
endforeach()

foreach(room IN LISTS unused)
  string(APPEND errors
    "  ${ROOM}: no file includes ${room}. Remove ${room} from NEEDS of ${ROOM} in lib/CMakeLists.txt.\n")
endforeach()

if(NOT errors STREQUAL "")
  message(FATAL_ERROR "wrong includes in ${ROOM}:\n${errors}")
endif()
