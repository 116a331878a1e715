# SPDX-License-Identifier: Apache-2.0
# Sources are found by folder; a file named svc_*.c under ecosystems belongs to the service.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/gen)
file(GLOB_RECURSE TW_BASE_SRC CONFIGURE_DEPENDS src/base/*.c)
file(GLOB_RECURSE TW_ENGINE_SRC CONFIGURE_DEPENDS src/engine/*.c)
file(GLOB_RECURSE TW_ECO_SRC CONFIGURE_DEPENDS src/ecosystems/*.c)
set(TW_ECO_SVC ${TW_ECO_SRC})
list(FILTER TW_ECO_SRC EXCLUDE REGEX "/svc_[^/]*\\.c$")
list(FILTER TW_ECO_SVC INCLUDE REGEX "/svc_[^/]*\\.c$")
file(GLOB_RECURSE TW_SERVICE_SRC CONFIGURE_DEPENDS src/service/*.c)
file(GLOB_RECURSE TW_NET_SRC CONFIGURE_DEPENDS src/service/net/*.c)
list(REMOVE_ITEM TW_SERVICE_SRC ${TW_NET_SRC} ${CMAKE_SOURCE_DIR}/src/service/yara/module.c)
file(GLOB_RECURSE TW_CLI_SRC CONFIGURE_DEPENDS src/cli/*.c)

add_library(tw_base OBJECT ${TW_BASE_SRC})
target_link_libraries(tw_base PUBLIC ${TW_ENGINE_LIBS})
include(cmake/tables.cmake)
add_library(tw_engine OBJECT ${TW_ENGINE_SRC} ${TW_TABLES_SRC} ${TW_UNICODE_SRC} ${TW_POPULAR_SRC})
target_link_libraries(tw_engine PUBLIC ${TW_ENGINE_LIBS})
add_library(tw_eco OBJECT ${TW_ECO_SRC})
add_dependencies(tw_base tw_tables) # generated headers exist before anything compiles
add_dependencies(tw_engine tw_tables)
add_dependencies(tw_eco tw_tables)
include(cmake/rules.cmake)

# libtidewaiter: everything from bytes to verdict, nothing else.
add_library(libtidewaiter STATIC $<TARGET_OBJECTS:tw_base> $<TARGET_OBJECTS:tw_engine> $<TARGET_OBJECTS:tw_eco>
    $<TARGET_OBJECTS:tw_rules_objects>)
set_target_properties(libtidewaiter PROPERTIES OUTPUT_NAME tidewaiter ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
target_link_libraries(libtidewaiter PUBLIC ${TW_ENGINE_LIBS} m)

add_library(tw_service STATIC ${TW_SERVICE_SRC})
target_link_libraries(tw_service PUBLIC libtidewaiter PkgConfig::TW_SERVICE_DEPS ${CMAKE_DL_LIBS})

# Optional: what is linked to libyara, loaded when --yara is given.
if(TW_YARA_FOUND)
  add_library(tidewaiter-yara MODULE src/service/yara/module.c)
  set_target_properties(tidewaiter-yara PROPERTIES PREFIX "")
  target_link_libraries(tidewaiter-yara PRIVATE PkgConfig::TW_YARA)
endif()

# The program without its main, so that tests can link it.
set(TW_CLI_MAIN ${CMAKE_SOURCE_DIR}/src/cli/main.c)
list(REMOVE_ITEM TW_CLI_SRC ${TW_CLI_MAIN})
add_library(tw_cli STATIC ${TW_CLI_SRC})
target_link_libraries(tw_cli PUBLIC tw_service)
add_executable(tidewaiter ${TW_CLI_MAIN})
target_link_libraries(tidewaiter PRIVATE tw_cli)

# What needs an HTTP client is a program of its own, started by tidewaiter.
set(TW_NET_MAIN ${CMAKE_SOURCE_DIR}/src/service/net/main.c)
list(REMOVE_ITEM TW_NET_SRC ${TW_NET_MAIN})
add_library(tw_net STATIC ${TW_NET_SRC} ${TW_ECO_SVC})
target_link_libraries(tw_net PUBLIC libtidewaiter PkgConfig::TW_NET_DEPS)
add_executable(tidewaiter-net ${TW_NET_MAIN})
target_link_libraries(tidewaiter-net PRIVATE tw_net)
