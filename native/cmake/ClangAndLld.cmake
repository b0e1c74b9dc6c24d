# What the toolchain files of the packed libraries share: Clang and lld build for every platform from any, without an
# SDK of it, because the library needs nothing but the compiler's own headers.
include("${CMAKE_CURRENT_LIST_DIR}/FindClang.cmake")
native_adamax_find_clang()
if(NOT NATIVE_ADAMAX_CLANG)
    message(FATAL_ERROR "${NATIVE_ADAMAX_NO_CLANG}")
endif()
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES NATIVE_ADAMAX_CLANG)

# Debug information goes apart after linking. No path of this machine may be in it: the library's identity is a hash
# that covers it.
get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
execute_process(COMMAND "${NATIVE_ADAMAX_CLANG}" -print-resource-dir OUTPUT_VARIABLE headers
    OUTPUT_STRIP_TRAILING_WHITESPACE)
set(no_paths -ffile-compilation-dir=. "-ffile-prefix-map=${root}=." "-ffile-prefix-map=${headers}=clang")

if(CMAKE_SYSTEM_NAME STREQUAL "Windows")
    native_adamax_clang_tool(CMAKE_C_COMPILER clang-cl)
    native_adamax_clang_tool(CMAKE_LINKER lld-link)
    native_adamax_clang_tool(CMAKE_RC_COMPILER llvm-rc)
    list(APPEND no_paths -gno-codeview-command-line)
    list(TRANSFORM no_paths REPLACE "(.+)" "\"/clang:\\1\"")
    list(JOIN no_paths " " no_paths)
    set(CMAKE_C_FLAGS_INIT "/X /Z7 ${no_paths}")
    set(CMAKE_SHARED_LINKER_FLAGS_INIT "/DYNAMICBASE /HIGHENTROPYVA /NXCOMPAT /OPT:REF /OPT:ICF")
    string(APPEND CMAKE_SHARED_LINKER_FLAGS_INIT
        " /DEBUG /PDBALTPATH:native_adamax.pdb /PDBSOURCEPATH:. /Brepro")
else()
    set(CMAKE_C_COMPILER "${NATIVE_ADAMAX_CLANG}")
    list(TRANSFORM no_paths REPLACE "(.+)" "\"\\1\"")
    list(JOIN no_paths " " no_paths)
    set(CMAKE_C_FLAGS_INIT "-nostdlibinc -g ${no_paths}")
    if(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
        native_adamax_clang_tool(lld ld64.lld)
        native_adamax_clang_tool(CMAKE_INSTALL_NAME_TOOL llvm-install-name-tool)
        set(CMAKE_OSX_SYSROOT "" CACHE STRING "")
        set(CMAKE_SHARED_LINKER_FLAGS_INIT "-Wl,-reproducible -Wl,-oso_prefix,.")
    else()
        native_adamax_clang_tool(lld ld.lld)
    endif()
    string(PREPEND CMAKE_SHARED_LINKER_FLAGS_INIT "-fuse-ld=lld \"--ld-path=${lld}\" ")
endif()
