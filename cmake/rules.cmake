# SPDX-License-Identifier: Apache-2.0
# rules/*.yaml -> gen/rules_bundle.c at build time, through the very code that compiles user rules.
# The engine does not depend on the bundle; the program and the library add tw_rules_objects.
file(GLOB TW_RULES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rules/*.yaml)
add_library(tw_core STATIC $<TARGET_OBJECTS:tw_base> $<TARGET_OBJECTS:tw_engine> $<TARGET_OBJECTS:tw_eco>)
add_executable(tw-compile-rules tools/compile_rules.c)
target_link_libraries(tw-compile-rules PRIVATE tw_core ${TW_ENGINE_LIBS} m)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/gen/rules_bundle.c
    COMMAND tw-compile-rules ${CMAKE_BINARY_DIR}/gen/rules_bundle.c
        ${CMAKE_SOURCE_DIR}/rules/measured.tsv ${TW_RULES}
    DEPENDS tw-compile-rules ${CMAKE_SOURCE_DIR}/rules/measured.tsv ${TW_RULES} VERBATIM)
add_library(tw_rules_objects OBJECT ${CMAKE_BINARY_DIR}/gen/rules_bundle.c)
target_include_directories(tw_rules_objects PRIVATE ${CMAKE_SOURCE_DIR}/src)
