# The suites of the package, for suites.sh: it is made, looked at, made again, and its libraries are run.

# Makes the package once. package: its file.
package=not-made
package_ready() {
    if [ "$package" = not-made ]; then
        package=
        need_dotnet
        if quiet "making the package" "$root/build.sh" pack; then
            package=$(ls "$artifacts"/packages/NativeAdamax.*.nupkg)
        else
            count 0 1 0
        fi
    fi
    [ -n "$package" ]
}

why_missing() { # RID
    sed -n "s/^$1 //p" "$artifacts/assets/missing.txt"
}

# packed_suite NAME RID FOLDER ARGUMENTS...: the C tests, built as the arguments say, run the package's own library.
packed_suite() {
    name=$1 rid=$2 folder=$3
    shift 3
    if [ -d "$artifacts/assets/$rid" ]; then
        c_suite "$name" "$folder" "-DNATIVE_ADAMAX_LIBRARY=$(ls "$artifacts/assets/$rid/native/"*)" "$@"
    else
        skip_suite "$name" "the package has no library for $rid: $(why_missing "$rid")"
    fi
}

this_machine() {
    case $(uname -m) in aarch64 | arm64) architecture=arm64 ;; *) architecture=x64 ;; esac
    case $(uname -s) in Darwin) echo osx-$architecture ;; *) echo linux-$architecture ;; esac
}

suite_package() {
    package_ready || return
    packed_suite "C tests of the packed library, and of the others' files" "$(this_machine)" package \
        "-DNATIVE_ADAMAX_ASSETS=$artifacts"
    while read -r rid why; do
        skip_suite "The packed library for $rid" "$why"
    done <"$artifacts/assets/missing.txt"
}

# cross_suite NAME RID COMPILER RUNNER: the package's library for another platform, linked by a compiler of that
# platform, and run by an emulator or a loader.
cross_suite() {
    package_ready || return
    if [ "$2" = "$(this_machine)" ]; then
        note "$1: not needed here, the suite package is"
    elif [ "${2##*-}" = x64 ] && [ "$(uname -m)" != x86_64 ]; then
        skip_suite "$1" "this machine's CPU is another"
    elif has "$3" && has "$4"; then
        packed_suite "$1" "$2" "package-$2" "-DCMAKE_TOOLCHAIN_FILE=$root/native/cmake/$2-gcc.cmake"
    else
        skip_suite "$1" "$3 or $4 is not installed"
    fi
}

suite_package_musl() {
    cross_suite "C tests of the packed library on musl" linux-musl-x64 musl-gcc /lib/ld-musl-x86_64.so.1
}

suite_package_arm64() {
    cross_suite "C tests of the packed library for 64-bit ARM, emulated" linux-arm64 aarch64-linux-gnu-gcc qemu-aarch64
}

suite_package_windows() {
    wine=wine64
    for command in wine /usr/lib/wine/wine64; do
        has $wine || wine=$command
    done
    cross_suite "C tests of the packed library for Windows, on Wine" win-x64 x86_64-w64-mingw32-gcc $wine
}

package_tests=$root/tests/package/bin/Release/net10.0/NativeAdamax.Package.Tests.dll
suite_package_contents() {
    package_ready && dotnet_ready || return
    dotnet_suite "Tests of the package" "$package_tests" "NATIVE_ADAMAX_PACKAGE=$package"
}

# A program outside the repository that has the package and nothing else: the one that NATIVE_ADAMAX_PACKAGE names, a
# file or its folder, or one made here.
suite_consumer() {
    used=${NATIVE_ADAMAX_PACKAGE:-}
    if [ -z "$used" ]; then
        package_ready || return
        used=$package
    else
        case $used in /*) ;; *) used=$PWD/$used ;; esac
        [ ! -d "$used" ] || used=$(ls "$used"/NativeAdamax.*.nupkg)
    fi
    if [ -f "$used" ] && build_managed tests/consumer/NativeAdamax.Consumer.Tests.csproj; then
        dotnet_suite "A program that uses the package" \
            "$root/tests/consumer/bin/Release/net10.0/NativeAdamax.Consumer.Tests.dll" "NATIVE_ADAMAX_PACKAGE=$used"
    else
        note "A program that uses the package"
        count 0 1 0
    fi
}

# The checks of the suite below. copy: the source again, in a folder whose name is longer and has a space.
pack_again() {
    "$copy/build.sh" pack
}

same_bytes() {
    for file in "$artifacts"/packages/NativeAdamax.*nupkg; do
        cmp "$file" "$copy/artifacts/packages/$(basename "$file")" || return 1
    done
    diff -r "$artifacts/symbols" "$copy/artifacts/symbols"
}

# In a repository with a remote, which the one here need not have.
links_its_sources() {
    (
        cd "$copy" && rm -rf .git && git init -q && git remote add origin https://github.com/example/example.git &&
            git add -A && git -c user.name=test -c user.email=test@example.com commit -qm test && ./build.sh pack
    ) || return 1
    NATIVE_ADAMAX_PACKAGE=$(ls "$copy"/artifacts/packages/NativeAdamax.*.nupkg) \
        dotnet test "$package_tests" >"$copy/artifacts/said.txt"
    code=$?
    cat "$copy/artifacts/said.txt"
    [ $code -eq 0 ] && grep -q 'Skipped: *0' "$copy/artifacts/said.txt"
}

says_what_is_missing() {
    NATIVE_ADAMAX_CLANG=/nowhere "$copy/build.sh" pack >"$copy/artifacts/said.txt" 2>&1 || return 1
    packed=
    for file in "$root"/native/cmake/*-*64.cmake; do
        rid=$(basename "$file" .cmake)
        if grep -aq "runtimes/$rid/native/" "$copy"/artifacts/packages/NativeAdamax.*.nupkg; then
            packed=$rid
        elif ! grep "^MISSING from it:" "$copy/artifacts/said.txt" | grep -qw -e "$rid"; then
            echo "$rid is neither packed nor said to be missing"
            return 1
        fi
    done
    ! has_native_tools || [ -n "$packed" ]
}

refuses_what_is_incomplete() {
    rm -f "$copy"/artifacts/packages/*
    ! NATIVE_ADAMAX_CLANG=/nowhere "$copy/build.sh" pack --require-all && [ -z "$(ls "$copy/artifacts/packages")" ]
}

suite_package_again() {
    package_ready && dotnet_ready || return
    note "The package made again, in another folder"
    elsewhere=$(mktemp -d)
    copy="$elsewhere/another copy"
    mkdir "$copy"
    tar cf - -C "$root" --exclude=./artifacts --exclude=bin --exclude=obj . | tar xf - -C "$copy"
    good=0 bad=0 left_out=0
    for check in pack_again same_bytes links_its_sources says_what_is_missing refuses_what_is_incomplete; do
        if [ $check = links_its_sources ] && { ! has git || [ -s "$artifacts/assets/missing.txt" ]; }; then
            note "    skipped: $check: git is not installed, or the package is incomplete"
            left_out=1
        elif quiet "    $(echo $check | tr _ ' ')" $check; then
            good=$((good + 1))
        else
            bad=$((bad + 1))
        fi
    done
    rm -rf "$elsewhere"
    count $good $bad $left_out
}
