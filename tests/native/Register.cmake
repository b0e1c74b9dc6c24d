# A test that says why it does not run.
function(register_skip name reason)
    add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E echo "skipped: ${reason}")
    set_tests_properties(${name} PROPERTIES SKIP_REGULAR_EXPRESSION "skipped: ")
endfunction()

function(sanitizer_works out)
    include(CheckCSourceRuns)
    set(CMAKE_REQUIRED_FLAGS "-fsanitize=${NATIVE_ADAMAX_SANITIZE}")
    check_c_source_runs("int main(void) { return 0; }" sanitizer_${NATIVE_ADAMAX_SANITIZE}_works)
    set(${out} "${sanitizer_${NATIVE_ADAMAX_SANITIZE}_works}" PARENT_SCOPE)
endfunction()

# The address sanitizers of older compilers do not start where the kernel randomizes many bits of addresses.
function(sanitizer_launcher out)
    set(command setarch -R)
    execute_process(COMMAND ${command} true RESULT_VARIABLE result OUTPUT_QUIET ERROR_QUIET)
    if(NOT NATIVE_ADAMAX_SANITIZE STREQUAL "address" OR NOT result EQUAL 0)
        set(command "")
    endif()
    set(${out} "${command}" PARENT_SCOPE)
endfunction()

# The second argument of every MACRO(first, second...) line of a .def file whose first argument is `first`.
function(names_of out file pattern)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    file(STRINGS "${file}" lines REGEX "^${pattern}")
    list(TRANSFORM lines REPLACE "^${pattern}([a-z0-9_]+).*" "\\1")
    set(${out} "${lines}" PARENT_SCOPE)
endfunction()

function(register_suite name launcher)
    add_test(NAME "${name}" COMMAND ${launcher} $<TARGET_FILE:native_tests> ${ARGN})
    set_tests_properties("${name}" PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300
        ENVIRONMENT "ASAN_OPTIONS=detect_leaks=0;UBSAN_OPTIONS=print_stacktrace=1")
endfunction()

# Every suite for the instruction sets given. prefix: before the names; launcher: a command that runs the program.
# qemu reads all lanes of AVX2's masked loads, so that a guard page beside them faults there though no CPU does so:
# behind an emulator of x64 only the portable kernels can be held to their range.
function(register_suites prefix launcher quick)
    names_of(ops ops.def "NA_OP\\(")
    names_of(per_op suites.def "NA_SUITE\\(OP, ")
    names_of(per_isa suites.def "NA_SUITE\\(ISA, ")
    names_of(once suites.def "NA_SUITE\\(ONCE, ")
    foreach(isa IN LISTS ARGN)
        if(launcher MATCHES "qemu" AND isa STREQUAL "avx2")
            list(FILTER per_op EXCLUDE REGEX stays_inside)
            list(FILTER per_isa EXCLUDE REGEX stays_inside)
        endif()
        foreach(suite IN LISTS per_op)
            foreach(op IN LISTS ops)
                register_suite("${prefix}${op}.${isa}.${suite}" "${launcher}" ${suite} --op ${op} --isa ${isa} ${quick})
            endforeach()
        endforeach()
        foreach(suite IN LISTS per_isa)
            register_suite("${prefix}${isa}.${suite}" "${launcher}" ${suite} --isa ${isa} ${quick})
        endforeach()
    endforeach()
    foreach(suite IN LISTS once)
        register_suite("${prefix}${suite}" "${launcher}" ${suite} ${quick})
    endforeach()
endfunction()

# CPUs that this machine is not: the baseline must run without AVX, and AVX2 must be chosen without AVX-512.
function(register_older_cpus)
    find_program(NATIVE_ADAMAX_QEMU_X64 qemu-x86_64)
    set(version 0)
    if(NATIVE_ADAMAX_QEMU_X64)
        execute_process(COMMAND "${NATIVE_ADAMAX_QEMU_X64}" --version OUTPUT_VARIABLE text)
        string(REGEX MATCH "[0-9]+\\.[0-9]+" version "${text}")
    endif()
    foreach(cpu_isa IN ITEMS Nehalem:portable Haswell:avx2)
        string(REPLACE ":" ";" cpu_isa "${cpu_isa}")
        list(GET cpu_isa 0 cpu)
        list(GET cpu_isa 1 isa)
        set(launcher "${NATIVE_ADAMAX_QEMU_X64};-cpu;${cpu}")
        if(NOT NATIVE_ADAMAX_QEMU_X64)
            register_skip("on_${cpu}" "qemu-x86_64 is not installed")
        elseif(isa STREQUAL "avx2" AND version VERSION_LESS 7.2)
            register_skip("on_${cpu}" "qemu ${version} does not emulate AVX2, 7.2 does")
        else()
            register_suite("on_${cpu}.best_isa_is_${isa}" "${launcher}" best_isa_is ${isa})
            register_suites("on_${cpu}." "${launcher}" --quick ${isa})
        endif()
    endforeach()
endfunction()

# The header's functions are the exports, and there is nothing else to load.
function(register_library_test)
    set(header "${CMAKE_SOURCE_DIR}/native/include/native_adamax.h")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${header}")
    file(STRINGS "${header}" functions REGEX "^NA_API .*\\(")
    list(TRANSFORM functions REPLACE "^NA_API [a-z0-9_]+ ([a-z0-9_]+)\\(.*" "\\1")
    add_test(NAME library_imports_nothing_and_exports_the_header
        COMMAND native_tests library $<TARGET_FILE:native_adamax> ${functions})
endfunction()

function(register_codegen_tests)
    if(NOT CMAKE_OBJDUMP OR NOT CMAKE_NM)
        register_skip(codegen "objdump and nm are not installed")
        return()
    endif()
    foreach(rule IN ITEMS no_fused_multiply_add wide_registers_only_in_their_unit calls_no_library
            isa_units_define_only_their_table)
        add_test(NAME codegen.${rule} COMMAND ${CMAKE_COMMAND}
            -D RULE=${rule} -D OBJDUMP=${CMAKE_OBJDUMP} -D NM=${CMAKE_NM}
            -D "OBJECTS=$<JOIN:$<TARGET_OBJECTS:native_adamax>,|>"
            -P "${CMAKE_CURRENT_SOURCE_DIR}/Codegen.cmake")
    endforeach()
endfunction()
