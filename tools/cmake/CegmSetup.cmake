# Finds MLIR, sets the flags of this project's own code, and defines the three
# functions that the folders use: cegm_tablegen, cegm_add_library and
# cegm_add_tool.

find_package(zstd QUIET)
find_package(MLIR 22.1 REQUIRED CONFIG)
message(STATUS "Using MLIR ${LLVM_PACKAGE_VERSION} in ${MLIR_DIR}")
list(APPEND CMAKE_MODULE_PATH "${MLIR_CMAKE_DIR}" "${LLVM_CMAKE_DIR}")
include(TableGen)
include(AddLLVM)
include(AddMLIR)
separate_arguments(CEGM_LLVM_DEFINITIONS UNIX_COMMAND "${LLVM_DEFINITIONS}")
add_definitions(${CEGM_LLVM_DEFINITIONS})

find_program(CEGM_CCACHE ccache)
if(CEGM_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CEGM_CCACHE}")
endif()
find_program(CEGM_LLD NAMES ld.lld ld.lld-22 PATHS /usr/lib/llvm-22/bin)
if(CEGM_LLD)
  add_link_options("-fuse-ld=lld" "-B/usr/lib/llvm-22/bin")
endif()

# Of this project's own code: MLIR's shared libraries stay as they are.
set(CEGM_SANITIZE "" CACHE STRING "Sanitizers of clang, e.g. address;undefined")
if(CEGM_SANITIZE)
  list(JOIN CEGM_SANITIZE "," sanitizers)
  # Type information of MLIR's classes is in the shared library and in ours, and
  # the two are not the same to the check of virtual tables.
  add_compile_options(-fsanitize=${sanitizers} -fno-sanitize=vptr
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${sanitizers})
endif()

set(CEGM_WARNINGS -Wall -Wextra -Werror -Wno-unused-parameter)

# cegm_tablegen(<target> <file.td> <generator> <output> [<generator> <output>]...)
# Runs mlir-tblgen; a generator's own options follow it after semicolons.
function(cegm_tablegen target td)
  set(LLVM_TARGET_DEFINITIONS ${td})
  set(rest ${ARGN})
  while(rest)
    list(POP_FRONT rest output flags)
    string(REPLACE " " ";" flags "${flags}")
    mlir_tablegen(${output} ${flags} EXTRA_INCLUDES ${PROJECT_SOURCE_DIR}/include)
  endwhile()
  add_public_tablegen_target(${target})
  set_property(GLOBAL APPEND PROPERTY CEGM_TABLEGEN_TARGETS ${target})
endfunction()

# cegm_add_library(<name> SOURCES ... [LINK ...])
# A static library of this project. Every library sees all generated headers.
function(cegm_add_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE ${CEGM_WARNINGS} -fno-exceptions)
  target_link_libraries(${name} PUBLIC ${ARG_LINK} MLIR LLVM)
  get_property(tablegen GLOBAL PROPERTY CEGM_TABLEGEN_TARGETS)
  if(tablegen)
    add_dependencies(${name} ${tablegen})
  endif()
  set_property(GLOBAL APPEND PROPERTY CEGM_LIBRARIES ${name})
endfunction()

# cegm_add_tool(<name> SOURCES ... LINK ...)
function(cegm_add_tool name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE ${CEGM_WARNINGS} -fno-exceptions)
  target_link_libraries(${name} PRIVATE ${ARG_LINK} MLIR LLVM)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin"
    INSTALL_RPATH "${LLVM_LIBRARY_DIR}")
  install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()
