# cmake -D RULE=... -D OBJDUMP=... -D NM=... -D OBJECTS=a|b|... -P Codegen.cmake
# Rules about the machine code of the kernels' objects. Fails with the instructions or symbols that break one.
cmake_minimum_required(VERSION 3.21)
string(REPLACE "|" ";" objects "${OBJECTS}")
list(FILTER objects EXCLUDE REGEX "/msvc\\.c\\.") # one word of data
set(broken FALSE)

function(run out)
    execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE text RESULT_VARIABLE result ERROR_VARIABLE error)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "${ARGN}: ${error}")
    endif()
    string(REPLACE ";" "," text "${text}")
    set(${out} "${text}" PARENT_SCOPE)
endfunction()

macro(forbid object text pattern what)
    string(REGEX MATCHALL "${pattern}" matches "${text}")
    list(LENGTH matches count)
    if(count GREATER 0)
        list(SUBLIST matches 0 5 first)
        message("FAILED: ${object}: ${count} times ${what}: ${first}")
        set(broken TRUE)
    endif()
endmacro()

# So that a tool that prints nothing, or another syntax, does not pass for code without faults.
macro(demand object text pattern what)
    if(NOT "${text}" MATCHES "${pattern}")
        message("FAILED: ${object}: no ${what} was found")
        set(broken TRUE)
    endif()
endmacro()

foreach(object IN LISTS objects)
    get_filename_component(unit "${object}" NAME)
    string(REGEX REPLACE "\\..*" "" unit "${unit}")

    if(RULE STREQUAL "no_fused_multiply_add")
        run(code "${OBJDUMP}" -d "${object}")
        demand("${unit}" "${code}" "[ \t]ret" "code")
        forbid("${unit}" "${code}" "[ \t]vfn?m(add|sub)[0-9a-z]*[^\n]*" "fused multiply-add")
        forbid("${unit}" "${code}" "[ \t](fn?madd|fn?msub|fml[as]|fml[as]l|fcmla|bfml)[0-9a-z.]*[ \t][^\n]*"
            "fused multiply-add")

    elseif(RULE STREQUAL "no_conversion_of_short_floats")
        # Some of them flush denormals, and a CPU need not have them: F16C, AVX512-BF16, AVX512-FP16 and those of ARM.
        run(code "${OBJDUMP}" -d "${object}")
        demand("${unit}" "${code}" "[ \t]ret" "code")
        forbid("${unit}" "${code}" "[ \t]v(cvtph2ps|cvtps2ph|cvtne2?ps2bf16|dpbf16ps)[^\n]*" "conversion")
        forbid("${unit}" "${code}" "[ \t]v[a-z0-9]+[ps]h[lqxyz]?[ \t][^\n]*" "instruction of AVX512-FP16")
        forbid("${unit}" "${code}" "[ \t]bf(cvt|dot|ml|mmla)[^\n]*" "instruction over bf16")
        forbid("${unit}" "${code}" "\tf[a-z0-9]+\t[^\n]*([.][48]?h|[ \t]h[0-9])[^\n]*" "half precision")

    elseif(RULE STREQUAL "wide_registers_only_in_their_unit")
        run(code "${OBJDUMP}" -d "${object}")
        demand("${unit}" "${code}" "[ \t]ret" "code")
        if(unit STREQUAL "isa_avx512")
            demand("${unit}" "${code}" "%zmm" "zmm register")
        elseif(unit STREQUAL "isa_avx2")
            demand("${unit}" "${code}" "%ymm" "ymm register")
            forbid("${unit}" "${code}" "[^\n]*(%zmm|%[xy]mm(1[6-9]|2[0-9]|3[01])|%k[0-7])[^\n]*" "AVX-512")
        else()
            forbid("${unit}" "${code}" "[^\n]*(%[yz]mm|%k[0-7])[^\n]*" "wide register")
            forbid("${unit}" "${code}" "[ \t]v[a-z0-9]+[ \t][^\n]*%xmm[^\n]*" "AVX encoding")
        endif()

    elseif(RULE STREQUAL "only_baseline_outside_the_isa_units")
        run(code "${OBJDUMP}" -d "${object}")
        demand("${unit}" "${code}" "[ \t]ret" "code")
        if(NOT unit MATCHES "^isa_avx")
            # SSE3 to SSE4.2, and what came beside AVX2.
            set(sse "addsub|h(add|sub)p|lddqu|mov(ddup|s[hl]dup|ntdqa)|ph(add|sub|minpos)|pabs|palignr|pshufb|psign")
            string(APPEND sse "|pmul(hrsw|dq|ld)|pmaddubsw|p?blend|round[ps]|dpp[sd]|(insert|extract)ps|pinsr[bdq]")
            string(APPEND sse "|pextr[bdq]|pcmp(eqq|gtq|[ei]str)|pm(ax|in)(s[bd]|u[wd])|pmov[sz]x|packusdw|ptest")
            string(APPEND sse "|mpsadbw|crc32|popcnt|lzcnt|tzcnt|andn[lq]|bextr|bls|bzhi|pdep|pext|[sr][ah][lr]x|movbe")
            forbid("${unit}" "${code}" "[ \t](${sse})[a-z0-9]*[ \t][^\n]*" "instruction beyond the x86-64 baseline")
            # Beyond ARMv8.0: atomics, dot products, half precision, SVE.
            forbid("${unit}" "${code}" "[ \t](cas|swp|ld(add|clr|set|eor)|sqrdml|[su]dot|bf(dot|cvt))[a-z]*[ \t][^\n]*"
                "instruction beyond ARMv8.0")
            forbid("${unit}" "${code}" "[ \t](z[0-9]+|p[0-9]+)[./][^\n]*" "register of SVE")
        endif()

    elseif(RULE STREQUAL "calls_no_library")
        run(symbols "${NM}" -u "${object}")
        string(REGEX REPLACE "[ \t]*(U )?_?(na_[a-z0-9_]+|fltused|_?GLOBAL_OFFSET_TABLE_)" "" symbols "${symbols}")
        forbid("${unit}" "${symbols}" "[^ \t\n][^\n]*" "symbol of another library")

    elseif(RULE STREQUAL "isa_units_define_only_their_table")
        run(symbols "${NM}" -g "${object}")
        if(unit MATCHES "^isa_")
            string(REPLACE "isa_" "na_kernels_" table "${unit}")
            demand("${unit}" "${symbols}" "[DRS] _?${table}" "table")
            # __real@ and the like: constants by which Windows' linker knows equal ones.
            set(expected "[DRS] _?${table}|R __([xyz]mm|real)@[0-9a-f]+|U [^\n]*")
            string(REGEX REPLACE "[^\n]* (${expected})" "" symbols "${symbols}")
            forbid("${unit}" "${symbols}" "[^ \t\n][^\n]*" "other symbol")
        endif()

    else()
        message(FATAL_ERROR "no such rule: ${RULE}")
    endif()
endforeach()

if(broken)
    message(FATAL_ERROR "the rule ${RULE} is broken")
endif()
