#!/bin/sh
# Builds, tests and runs NativeAdamax: ./build.sh help. On Windows: build.ps1, with the same verbs.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
artifacts=$root/artifacts
logs=$artifacts/logs
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

help() {
    cat <<END
usage: ./build.sh VERB
  demo [ARGUMENTS]  build everything and run the demo (demo --help: its arguments)
  test [SUITE...]   build everything and run all tests, or these suites; test --list: their names
  native            build the native library into artifacts/native
  bench             run the benchmarks
  pack              make the NuGet package in artifacts/packages (--require-all: for every platform, or fail)
  bindings [--check]
                    write src/NativeAdamax/Interop/NativeMethods.g.cs from the header, or compare them
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
    if ! mkdir -p "$logs" || ! true >"$logs/last.log"; then
        say "$logs cannot be written to."
        exit 1
    fi
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

# forget_configuration FOLDER: what CMake found out, so that it looks again.
forget_configuration() {
    rm -rf "$1/CMakeCache.txt" "$1/CMakeFiles"
}

# configured_elsewhere FOLDER: in a copy of the source, or before its folder was renamed.
configured_elsewhere() {
    source=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$1/CMakeCache.txt" 2>/dev/null)
    [ -n "$source" ] && [ "$(CDPATH='' cd -- "$source" 2>/dev/null && pwd -P)" != "$(cd "$root" && pwd -P)" ]
}

# configure FOLDER ARGUMENTS...: with Ninja where it is, unless the folder has been configured with something else.
configure() {
    folder=$artifacts/build/$1
    shift
    if configured_elsewhere "$folder"; then
        forget_configuration "$folder"
    fi
    if [ ! -f "$folder/CMakeCache.txt" ] && has ninja; then
        set -- -G Ninja "$@"
    fi
    if ! CC=${CC:-$(c_compiler)} cmake -S "$root" -B "$folder" "$@"; then
        forget_configuration "$folder" # which may have kept a compiler that does not work
        return 1
    fi
}

# The library for this machine. Answers whether there are the tools for it.
build_native() {
    if ! has_native_tools; then
        say_native_tools
        return 1
    fi
    quiet "configuring the native library" configure native || return 1
    quiet "building the native library" cmake --build "$artifacts/build/native" --target native_adamax || exit 1
}

# Without the tools the managed backend does the same work, so that this is no failure.
try_native() {
    build_native || say "Going on without it: the managed backend gives the same bits."
}

build_managed() {
    quiet "building $1" dotnet build "$root/$1" -c Release -v quiet -nologo
}

# pack [--require-all]: the native libraries that can be built here, and the package around them.
pack() {
    require_all=OFF without_compiler=OFF
    case ${1:-} in
    --require-all) require_all=ON ;;
    ?*)
        say "build.sh pack: no option $1; there is --require-all"
        return 2
        ;;
    esac
    if has cmake; then
        has_native_tools || without_compiler=ON
        cmake -D REQUIRE_ALL=$require_all -D WITHOUT_COMPILER=$without_compiler \
            -P "$root/native/cmake/Assets.cmake" || return 1
    else
        say_native_tools
        [ $require_all = OFF ] || return 1
        rm -rf "$artifacts/assets" "$artifacts/symbols"
        mkdir -p "$artifacts/assets"
        (cd "$root/native/cmake" && ls ./*-*64.cmake) |
            sed 's:^\./::; s:\.cmake$: CMake is not installed:' >"$artifacts/assets/missing.txt"
    fi
    rm -f "$artifacts"/packages/NativeAdamax.*nupkg
    # Apart from the ordinary build, whose assembly knows where it was built.
    quiet "packing" dotnet pack "$root/src/NativeAdamax" -c Release -nologo -o "$artifacts/packages" \
        --artifacts-path "$artifacts/pack" -p:ContinuousIntegrationBuild=true "-p:NativeAssets=$artifacts/assets" ||
        return 1
    packages=$(ls "$artifacts"/packages/NativeAdamax.*nupkg) || return 1
    say "$packages"
    missing=$(cut -d ' ' -f 1 "$artifacts/assets/missing.txt")
    # shellcheck disable=SC2086 # words
    [ -z "$missing" ] || say "MISSING from it:" $missing
}

verb=${1:-help}
[ $# -gt 0 ] && shift
case $verb in
demo)
    need_dotnet
    try_native
    build_managed src/NativeAdamax.Demo/NativeAdamax.Demo.csproj || exit 1
    exec dotnet "$root/src/NativeAdamax.Demo/bin/Release/net10.0/NativeAdamax.Demo.dll" "$@"
    ;;
test)
    exec 2>&1 # so that the last line is the last, whatever collects the output
    . "$root/tests/suites.sh"
    run_suites "$@"
    exit # before the shell reads on, in a script that has been changed meanwhile
    ;;
native)
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
pack)
    need_dotnet
    pack "$@"
    ;;
bench)
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
