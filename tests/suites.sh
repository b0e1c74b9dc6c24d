# The test suites of build.sh, which reads this file and calls run_suites. On Windows: suites.ps1, with the same suites.
tests=$root/tests/NativeAdamax.Tests/bin/Release/net10.0
passed=0 failed=0 skipped=0
suites="c c-debug c-address c-undefined c-clang c-arm64 c-avx512 dotnet dotnet-isas dotnet-fallback"
suites="$suites package package-contents package-again package-musl package-arm64 package-windows consumer"
. "$root/tests/package.sh"

# What the tests found, to the terminal, and to the page of a run on GitHub, so that what was skipped is seen there.
note() {
    say "$1"
    [ -z "${GITHUB_STEP_SUMMARY:-}" ] || printf '    %s\n' "$1" >>"$GITHUB_STEP_SUMMARY"
}

note_lines() {
    while IFS= read -r line; do
        note "$line"
    done
}

count() { # PASSED FAILED SKIPPED
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    note "    passed: $1, failed: $2, skipped: $3"
}

skip_suite() { # NAME REASON
    note "$1"
    note "    skipped: $2"
    count 0 0 1
}

unescape() {
    sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#x[AD];/ /g; s/&amp;/\&/g'
}

attribute() { # NAME: the first such attribute of the XML read that is a number, or 0
    value=$(grep -oE "(^|[[:space:]])$1=\"[0-9]+\"" | head -n 1 | tr -cd 0-9)
    echo "${value:-0}"
}

# c_suite NAME FOLDER ARGUMENTS...: the C tests, built as the arguments say.
c_suite() {
    if ! has_native_tools; then
        say_native_tools
        skip_suite "$1" "CMake or a C compiler is not installed"
        return
    fi
    note "$1"
    folder=$2 build=$artifacts/build/$2
    shift 2
    [ "$folder" = native ] || set -- "-DNATIVE_ADAMAX_OUTPUT=$build/library" "$@"
    if ! quiet "    configuring" configure "$folder" -DNATIVE_ADAMAX_BUILD_TESTS=ON -DNATIVE_ADAMAX_WERROR=ON "$@" ||
        ! quiet "    building" cmake --build "$build" --parallel; then
        count 0 1 0
        return
    fi
    rm -f "$build/results.xml"
    quiet "    running" ctest --test-dir "$build" --parallel "$(nproc 2>/dev/null || echo 2)" --no-tests=error \
        --output-on-failure --output-junit "$build/results.xml"
    code=$?
    touch "$build/results.xml"
    all=$(attribute tests <"$build/results.xml")
    bad=$(attribute failures <"$build/results.xml")
    left_out=$(grep -c '<skipped message="SKIP_' "$build/results.xml")
    [ $code -ne 0 ] && [ "$bad" -eq 0 ] && bad=1 && all=$((all + 1))
    awk '/<testcase /  { split($0, part, "\""); test = part[2]; out = 0 }
         /<skipped message="SKIP_/ { out = 1 }
         out && sub(/.*<system-out>(skipped: )?/, "") { print "    skipped: " test ": " $0; out = 0 }' \
        "$build/results.xml" | unescape | note_lines
    count $((all - bad - left_out)) "$bad" "$left_out"
}

# dotnet_suite NAME ASSEMBLY VARIABLE=VALUE...: the C# tests with these variables set. filter: which of them.
left_out_word=skipped
filter=Category!=None
dotnet_suite() {
    note "$1"
    results=$artifacts/results/results.trx under_test=$2
    shift 2
    mkdir -p "$artifacts/results"
    rm -f "$results"
    quiet "    running" env "$@" dotnet test "$under_test" --results-directory "$artifacts/results" \
        --logger "trx;LogFileName=results.trx" --filter "$filter"
    code=$?
    touch "$results"
    good=$(grep '<Counters ' "$results" | attribute passed)
    bad=$(grep '<Counters ' "$results" | attribute failed)
    left_out=$(grep -c 'outcome="NotExecuted"' "$results")
    [ "$bad" -eq 0 ] && { [ $code -ne 0 ] || [ "$good" -eq 0 ]; } && bad=1
    awk -v word="$left_out_word" '
        /<UnitTestResult / { match($0, /testName="[^"]*"/); test = substr($0, RSTART + 10, RLENGTH - 11)
                             out = index($0, "outcome=\"NotExecuted\"") }
        out && sub(/.*<Message>/, "") { sub(/<\/Message>.*/, ""); print "    " word ": " test ": " $0; out = 0 }' \
        "$results" | unescape | note_lines
    [ "$left_out_word" = skipped ] || left_out=0
    count "$good" "$bad" "$left_out"
}

suite_c() {
    c_suite "C tests" native
}

suite_c_debug() {
    # The benchmark with it, so that what changes under it does not break it.
    c_suite "C tests, debug" debug -DCMAKE_BUILD_TYPE=Debug -DNATIVE_ADAMAX_BUILD_BENCH=ON
}

suite_c_address() {
    c_suite "C tests with the address sanitizer" address -DNATIVE_ADAMAX_SANITIZE=address
}

suite_c_undefined() {
    c_suite "C tests with the undefined behaviour sanitizer" undefined -DNATIVE_ADAMAX_SANITIZE=undefined
}

suite_c_clang() {
    other=
    for compiler in clang-14 clang-15 clang-16 clang-17 clang-18 clang-19 clang-20 clang-21 clang; do
        has "$compiler" && other=$compiler # the last is the best
    done
    if "$(c_compiler)" --version 2>/dev/null | grep -qi clang; then
        note "C tests compiled by Clang: not needed here, the C tests are"
    elif [ -n "$other" ]; then
        c_suite "C tests compiled by $other" clang "-DCMAKE_C_COMPILER=$other"
    else
        skip_suite "C tests compiled by Clang" "clang is not installed"
    fi
}

suite_c_arm64() {
    case $(uname -m) in
    aarch64 | arm64) note "C tests for 64-bit ARM, emulated: not needed here, the C tests are" ;;
    *)
        if has aarch64-linux-gnu-gcc && has qemu-aarch64; then
            c_suite "C tests for 64-bit ARM, emulated" arm64 \
                "-DCMAKE_TOOLCHAIN_FILE=$root/native/cmake/linux-arm64-gcc.cmake"
        else
            skip_suite "C tests for 64-bit ARM, emulated" "aarch64-linux-gnu-gcc or qemu-aarch64 is not installed"
        fi
        ;;
    esac
}

# A processor with AVX-512, by Intel's Software Development Emulator: on the path, or in the folder SDE_PATH.
suite_c_avx512() {
    emulator=$(PATH="${SDE_PATH:-/nowhere}:$PATH" command -v sde64)
    if [ -n "$emulator" ]; then
        c_suite "C tests with AVX-512, emulated" avx512 "-DCMAKE_CROSSCOMPILING_EMULATOR=$emulator;-skx;--"
    elif grep -qw avx512f /proc/cpuinfo 2>/dev/null; then
        note "C tests with AVX-512, emulated: not needed here, this CPU has it"
    else
        skip_suite "C tests with AVX-512, emulated" "neither AVX-512 nor sde64, Intel's emulator, is here"
    fi
}

# What the C# tests need, built once.
managed=not-built
dotnet_ready() {
    if [ $managed = not-built ]; then
        managed=failed
        try_native
        if build_managed NativeAdamax.sln; then managed=built; else count 0 1 0; fi
    fi
    [ $managed = built ]
}

suite_dotnet() {
    dotnet_ready && dotnet_suite "C# tests" "$tests/NativeAdamax.Tests.dll"
}

# What does not depend on the instruction set, and takes long, runs once: in the suite dotnet.
suite_dotnet_isas() {
    dotnet_ready || return
    filter="Category!=Repository&Category!=Once"
    dotnet_suite "C# tests without AVX-512" "$tests/NativeAdamax.Tests.dll" DOTNET_EnableAVX512=0
    dotnet_suite "C# tests without AVX" "$tests/NativeAdamax.Tests.dll" DOTNET_EnableAVX=0
    dotnet_suite "C# tests without hardware intrinsics" "$tests/NativeAdamax.Tests.dll" DOTNET_EnableHWIntrinsic=0
    filter=Category!=None
}

suite_dotnet_fallback() {
    dotnet_ready || return
    copy=$artifacts/without-native
    rm -rf "$copy"
    cp -R "$tests" "$copy"
    if rm "$copy"/*native_adamax.* 2>/dev/null; then
        # What needs the library runs in the suite dotnet, and is not missing here.
        left_out_word="needs the library" filter="Category!=Repository&Category!=Once"
        dotnet_suite "C# tests without the native library" "$copy/NativeAdamax.Tests.dll"
        left_out_word=skipped filter=Category!=None
    else
        note "C# tests without the native library: not needed here, the C# tests are"
    fi
}

# run_suites [SUITE...]: these, or all.
run_suites() {
    if [ "${1:-}" = --list ]; then
        echo "$suites" | tr ' ' '\n'
        return
    fi
    # shellcheck disable=SC2086 # words
    [ $# -gt 0 ] || set -- $suites
    for suite in "$@"; do
        case " $suites " in
        *" $suite "*) ;;
        *)
            say "build.sh: no suite $suite; there are: $suites"
            return 2
            ;;
        esac
        case $suite in dotnet* | package* | consumer) need_dotnet ;; esac
    done
    for suite in "$@"; do
        "suite_$(echo "$suite" | tr - _)"
    done
    note "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
