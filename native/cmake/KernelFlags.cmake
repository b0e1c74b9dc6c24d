# How the kernels are compiled and linked. What the flags are for: docs/numerics.md.

# clang-cl takes the options of both: this makes one of Clang's own into one of those that it passes on.
function(native_adamax_gnu_flags out)
    set(flags ${ARGN})
    if(MSVC)
        list(TRANSFORM flags PREPEND "/clang:")
    endif()
    set(${out} "${flags}" PARENT_SCOPE)
endfunction()

# Allows a file of the current folder the instruction set that it is for.
function(native_adamax_isa_flags source isa)
    set(avx2 -mavx2)
    set(avx512 -mavx2 -mavx512f -mavx512vl -mavx512dq -mavx512bw)
    if(MSVC AND NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        string(TOUPPER "/arch:${isa}" flags)
    else()
        native_adamax_gnu_flags(flags ${${isa}})
    endif()
    if(isa MATCHES "^avx")
        set_source_files_properties("${source}" PROPERTIES COMPILE_OPTIONS "${flags}")
    endif()
endfunction()

# What the kernels and their tests share: warnings, a sanitizer, and arithmetic exactly as it is written.
function(native_adamax_common_flags target)
    if(MSVC)
        target_compile_options(${target} PRIVATE /W4 /fp:precise $<$<BOOL:${NATIVE_ADAMAX_WERROR}>:/WX>)
    else()
        target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic $<$<BOOL:${NATIVE_ADAMAX_WERROR}>:-Werror>)
    endif()
    if(NOT MSVC OR CMAKE_C_COMPILER_ID MATCHES "Clang")
        native_adamax_gnu_flags(flags -ffp-contract=off -fno-fast-math -fno-math-errno)
        target_compile_options(${target} PRIVATE ${flags})
    endif()
    if(NATIVE_ADAMAX_SANITIZE)
        target_compile_options(${target} PRIVATE
            -g -fno-omit-frame-pointer -fsanitize=${NATIVE_ADAMAX_SANITIZE} -fno-sanitize-recover=all)
        target_link_options(${target} PRIVATE -fsanitize=${NATIVE_ADAMAX_SANITIZE})
    endif()
endfunction()

function(native_adamax_compile target)
    native_adamax_common_flags(${target})
    set_target_properties(${target} PROPERTIES C_VISIBILITY_PRESET hidden)
    if(MSVC)
        # No default library, no stack cookies: both would bring in the C runtime.
        target_compile_options(${target} PRIVATE /O2 /Oi /GS- /Zl)
    else()
        # Without any optimization Clang calls memcpy.
        target_compile_options(${target} PRIVATE $<IF:$<CONFIG:Debug>,-Og,-O3> -ffreestanding -fno-stack-protector)
        if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
            # GCC makes a call of memset out of a loop, even where there is no library to call.
            # And it makes vectors of loops with comparisons only where it need not keep exceptions apart, which nobody
            # asks for here.
            target_compile_options(${target} PRIVATE -fno-tree-loop-distribute-patterns -fno-trapping-math)
        endif()
    endif()
    if(CMAKE_C_COMPILER_ID MATCHES "Clang")
        # Without a library Clang leaves out the tables that debuggers, profilers and Windows walk the stack by.
        native_adamax_gnu_flags(flags -ffreestanding -fasynchronous-unwind-tables)
        target_compile_options(${target} PRIVATE ${flags})
    endif()
    if(NATIVE_ADAMAX_ARCHITECTURE STREQUAL "x64")
        if(APPLE)
            target_compile_options(${target} PRIVATE -march=x86-64) # Apple's baseline is beyond that of the others
        endif()
        native_adamax_isa_flags(native/src/isa_avx2.c avx2)
        native_adamax_isa_flags(native/src/isa_avx512.c avx512)
    endif()
endfunction()

# No C library, no runtime, no start-up code: the file works with every C library and asks its loader for nothing.
function(native_adamax_link_without_imports target)
    if(MSVC)
        target_link_options(${target} PRIVATE /NOENTRY /NODEFAULTLIB /INCREMENTAL:NO /MANIFEST:NO)
        set(CMAKE_C_STANDARD_LIBRARIES "" PARENT_SCOPE) # which CMake links to everything
        if(NATIVE_ADAMAX_ARCHITECTURE STREQUAL "x64")
            target_link_options(${target} PRIVATE /CETCOMPAT)
        endif()
    elseif(WIN32)
        target_link_options(${target} PRIVATE -nostdlib -nostartfiles -Wl,--no-entry)
    elseif(APPLE)
        target_link_options(${target} PRIVATE -nostdlib -Wl,-adhoc_codesign)
        set_target_properties(${target} PROPERTIES BUILD_WITH_INSTALL_NAME_DIR ON INSTALL_NAME_DIR "@rpath")
    else()
        target_link_options(${target} PRIVATE -nostdlib -nostartfiles -Wl,--build-id=sha1
            -Wl,--no-undefined -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack)
    endif()
    if(WIN32)
        set_target_properties(${target} PROPERTIES PREFIX "")
    endif()
endfunction()
