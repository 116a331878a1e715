# SPDX-License-Identifier: Apache-2.0
# Data -> C at build time: capabilities/*.tsv and rules/*.yaml. Generated C is built, never committed.
file(GLOB TW_CAPABILITY_DATA CONFIGURE_DEPENDS capabilities/*)
set(TW_TABLES_SRC ${CMAKE_BINARY_DIR}/gen/engine/capabilities/tables.c)
set(TW_TABLES_IDS ${CMAKE_BINARY_DIR}/gen/capabilities/ids.h)
add_custom_command(
  OUTPUT ${TW_TABLES_SRC} ${TW_TABLES_IDS}
  COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/gen_tables.py ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/gen
  COMMAND ${CMAKE_COMMAND} -E touch ${TW_TABLES_SRC} ${TW_TABLES_IDS}
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/gen_tables.py ${TW_CAPABILITY_DATA}
  COMMENT "capability tables" VERBATIM)
set(TW_UNICODE_SRC ${CMAKE_BINARY_DIR}/gen/engine/languages/python/unicode_tables.c)
add_custom_command(
  OUTPUT ${TW_UNICODE_SRC}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/gen/engine/languages/python
  COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/gen_unicode.py ${TW_UNICODE_SRC}
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/gen_unicode.py
  COMMENT "Python's encodings and character names" VERBATIM)
file(GLOB TW_POPULAR_DATA CONFIGURE_DEPENDS data/popular/*.tsv)
set(TW_POPULAR_SRC ${CMAKE_BINARY_DIR}/gen/engine/names/popular_tables.c)
add_custom_command(
  OUTPUT ${TW_POPULAR_SRC}
  COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/gen_popular.py ${CMAKE_SOURCE_DIR} ${TW_POPULAR_SRC}
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/gen_popular.py ${TW_POPULAR_DATA}
  COMMENT "popular names" VERBATIM)
add_custom_target(tw_tables DEPENDS ${TW_TABLES_SRC} ${TW_TABLES_IDS})
