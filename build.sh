#!/bin/sh
# Builds, tests and runs NativeAdamax: ./build.sh help. On Windows: build.ps1, with the same verbs.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
artifacts=$root/artifacts
logs=$artifacts/logs
tests=$root/tests/NativeAdamax.Tests/bin/Release/net10.0
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
passed=0 failed=0 skipped=0

help() {
    cat <<END
usage: ./build.sh VERB
  demo [ARGUMENTS]  build everything and run the demo (demo --help: its arguments)
  test              build everything and run all tests
  native            build the native library into artifacts/native
  bench             run the benchmarks
  pack              make the NuGet package
  bindings          write src/NativeAdamax/Interop/NativeMethods.g.cs from the header
  clean             delete what was built
  help              this text
END
}

say() {
    printf '%s\n' "$*" >&2
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# quiet NAME COMMAND...: one line, and the command's output only where it fails.
quiet() {
    name=$1
    shift
    mkdir -p "$logs"
    printf '%s ... ' "$name" >&2
    if "$@" >"$logs/last.log" 2>&1 </dev/null; then
        say ok
    else
        say failed
        cat "$logs/last.log" >&2
        return 1
    fi
}

c_compiler() {
    for compiler in "${CC:-cc}" gcc clang; do
        has "$compiler" && echo "$compiler" && return
    done
    return 1
}

has_native_tools() {
    has cmake && c_compiler >/dev/null && { has ninja || has make; } || return 1
    # shellcheck disable=SC2046 # two numbers, to be split
    set -- $(cmake --version | sed -n '1s/[^0-9]*\([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
    [ "$1" -gt 3 ] || { [ "$1" -eq 3 ] && [ "$2" -ge 21 ]; }
}

say_native_tools() {
    say "The native library needs CMake 3.21, Ninja or Make, and a C compiler. They come with:"
    if has apt-get; then say "    sudo apt-get install cmake ninja-build gcc libc6-dev"
    elif has dnf; then say "    sudo dnf install cmake ninja-build gcc"
    elif has apk; then say "    apk add cmake ninja gcc musl-dev"
    elif has pacman; then say "    sudo pacman -S cmake ninja gcc"
    elif has zypper; then say "    sudo zypper install cmake ninja gcc"
    elif has brew; then say "    brew install cmake ninja; xcode-select --install"
    else say "    https://cmake.org/download and your system's C compiler"
    fi
}

need_dotnet() {
    if has dotnet && dotnet --list-sdks 2>/dev/null | grep -qE '^[1-9][0-9]+\.'; then
        return
    fi
    say "NativeAdamax needs the .NET SDK 10.0 or later: https://dotnet.microsoft.com/download/dotnet/10.0"
    has dotnet && say "Installed here: $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | tr '\n' ' ')"
    exit 1
}

# configure FOLDER ARGUMENTS...: with Ninja where it is, unless the folder has been configured with something else.
configure() {
    folder=$artifacts/build/$1
    shift
    if [ ! -f "$folder/CMakeCache.txt" ] && has ninja; then
        set -- -G Ninja "$@"
    fi
    CC=${CC:-$(c_compiler)} cmake -S "$root" -B "$folder" "$@"
}

# The library for this machine. Without the tools the managed backend does the same work, so that this is no failure.
build_native() {
    if ! has_native_tools; then
        say_native_tools
        say "Going on without it: the managed backend gives the same bits."
        return
    fi
    quiet "configuring the native library" configure native &&
        quiet "building the native library" cmake --build "$artifacts/build/native" --target native_adamax || exit 1
}

build_managed() {
    quiet "building $1" dotnet build "$root/$1" -c Release -v quiet -nologo
}

count() { # PASSED FAILED SKIPPED
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    say "    passed: $1, failed: $2, skipped: $3"
}

skip_suite() { # NAME REASON
    say "$1"
    say "    skipped: $2"
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
    say "$1"
    folder=$2 build=$artifacts/build/$2
    shift 2
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
        "$build/results.xml" | unescape >&2
    count $((all - bad - left_out)) "$bad" "$left_out"
}

# dotnet_suite NAME ASSEMBLY VARIABLE=VALUE...: the C# tests with these variables set.
left_out_word=skipped
dotnet_suite() {
    say "$1"
    results=$artifacts/results/results.trx under_test=$2
    shift 2
    mkdir -p "$artifacts/results"
    rm -f "$results"
    quiet "    running" env "$@" dotnet test "$under_test" --results-directory "$artifacts/results" \
        --logger "trx;LogFileName=results.trx"
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
        "$results" | unescape >&2
    [ "$left_out_word" = skipped ] || left_out=0
    count "$good" "$bad" "$left_out"
}

run_c_suites() {
    if ! has_native_tools; then
        say_native_tools
        skip_suite "C tests" "CMake or a C compiler is not installed"
        return
    fi
    c_suite "C tests" native
    c_suite "C tests with the address sanitizer" address -DNATIVE_ADAMAX_SANITIZE=address
    c_suite "C tests with the undefined behaviour sanitizer" undefined -DNATIVE_ADAMAX_SANITIZE=undefined

    other=
    for compiler in clang-14 clang-15 clang-16 clang-17 clang-18 clang-19 clang-20 clang-21 clang; do
        has "$compiler" && other=$compiler # the last is the best
    done
    if "$(c_compiler)" --version 2>/dev/null | grep -qi clang; then
        : # the tests above were Clang's
    elif [ -n "$other" ]; then
        c_suite "C tests compiled by $other" clang "-DCMAKE_C_COMPILER=$other" \
            "-DNATIVE_ADAMAX_OUTPUT=$artifacts/build/clang"
    else
        skip_suite "C tests compiled by Clang" "clang is not installed"
    fi

    case $(uname -m) in
    aarch64 | arm64) ;;
    *)
        if has aarch64-linux-gnu-gcc && has qemu-aarch64; then
            c_suite "C tests for 64-bit ARM, emulated" arm64 \
                "-DNATIVE_ADAMAX_OUTPUT=$artifacts/build/arm64" \
                "-DCMAKE_TOOLCHAIN_FILE=$root/native/cmake/linux-arm64-gcc.cmake"
        else
            skip_suite "C tests for 64-bit ARM, emulated" "aarch64-linux-gnu-gcc or qemu-aarch64 is not installed"
        fi
        ;;
    esac
}

run_dotnet_suites() {
    if ! build_managed NativeAdamax.sln; then
        count 0 1 0
        return
    fi
    assembly=$tests/NativeAdamax.Tests.dll
    dotnet_suite "C# tests" "$assembly"
    dotnet_suite "C# tests without AVX-512" "$assembly" DOTNET_EnableAVX512=0
    dotnet_suite "C# tests without AVX" "$assembly" DOTNET_EnableAVX=0
    dotnet_suite "C# tests without hardware intrinsics" "$assembly" DOTNET_EnableHWIntrinsic=0

    copy=$artifacts/without-native
    rm -rf "$copy"
    cp -R "$tests" "$copy"
    if rm "$copy"/*native_adamax.* 2>/dev/null; then
        # What needs the library has run above, and is not missing here.
        left_out_word="needs the library"
        dotnet_suite "C# tests without the native library" "$copy/NativeAdamax.Tests.dll"
    fi
}

verb=${1:-help}
[ $# -gt 0 ] && shift
case $verb in
demo)
    need_dotnet
    build_native
    build_managed src/NativeAdamax.Demo/NativeAdamax.Demo.csproj || exit 1
    exec dotnet "$root/src/NativeAdamax.Demo/bin/Release/net10.0/NativeAdamax.Demo.dll" "$@"
    ;;
test)
    exec 2>&1 # so that the last line is the last, whatever collects the output
    need_dotnet
    run_c_suites
    run_dotnet_suites
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    ;;
native)
    if ! has_native_tools; then
        say_native_tools
        exit 1
    fi
    build_native
    ;;
bindings)
    need_dotnet
    case ${NATIVE_ADAMAX_BINDGEN:-/} in
    /*) ;;
    *) export NATIVE_ADAMAX_BINDGEN="$PWD/$NATIVE_ADAMAX_BINDGEN" ;;
    esac
    cd "$root" && exec dotnet run --project native/bindings -c Release -- "$@"
    ;;
bench | pack)
    say "build.sh: $verb is not there yet"
    exit 1
    ;;
clean)
    rm -rf "$artifacts"
    find "$root/src" "$root/tests" "$root/native" "$root/bench" -type d \( -name bin -o -name obj \) -prune \
        -exec rm -rf {} + 2>/dev/null
    true
    ;;
help | -h | --help)
    help
    ;;
*)
    say "build.sh: no verb $verb"
    help >&2
    exit 2
    ;;
esac
