# The verb bench of build.sh, which sources this file.

bench_help() {
    cat <<END
usage: ./build.sh bench [--peers | --check | --all [ARGUMENTS]]
  (nothing)  a quick selection, less than five minutes; writes bench/results/ and the README's table
  --peers    with python3's torch beside it, where that is installed
  --check    only the kernels in C, every op and size, against the targets of docs/performance.md; fails if one is missed
  --all      everything that BenchmarkDotNet has, or what its arguments select (--filter '*Model*')
END
}

build_native_bench() {
    has_native_tools || return 1
    # In a folder of its own: the library that it measures is the one of the ordinary build's place.
    quiet "configuring the benchmark in C" configure bench -DNATIVE_ADAMAX_BUILD_BENCH=ON &&
        quiet "building the benchmark in C" cmake --build "$artifacts/build/bench" || exit 1
    native_bench=$artifacts/build/bench/bench/native/native_bench
}

# The system's Python first: it has the system's packages, whatever comes first on the path.
python_with() {
    for python in /usr/bin/python3 "$(command -v python3)"; do
        if [ -x "$python" ] && "$python" -c "import $1" 2>/dev/null; then
            echo "$python"
            return 0
        fi
    done
    return 1
}

run_bench() {
    peers=
    case ${1:-} in
    '') ;;
    --peers) peers=$artifacts/bench/peers.md ;;
    --check)
        shift
        build_native_bench || { say_native_tools; return 1; }
        "$native_bench" --check "$@"
        return
        ;;
    --all)
        shift
        need_dotnet
        try_native
        build_managed bench/NativeAdamax.Benchmarks/NativeAdamax.Benchmarks.csproj || return 1
        (cd "$artifacts" && dotnet "$benchmarks" "$@")
        return
        ;;
    --help | -h)
        bench_help
        return
        ;;
    *)
        say "build.sh bench: no option $1"
        bench_help >&2
        return 2
        ;;
    esac
    need_dotnet
    mkdir -p "$artifacts/bench"
    set --
    if build_native_bench; then
        "$native_bench" --quick --table "$artifacts/bench/native.tsv" || return 1
        set -- --native "$artifacts/bench/native.tsv"
    else
        say_native_tools
        say "Going on without it: the managed backend alone is measured."
    fi
    if [ -n "$peers" ]; then
        if python=$(python_with torch); then
            "$python" "$root/bench/peers/torch_peers.py" "$peers" || return 1
            set -- "$@" --peers "$peers"
        else
            say "python3 with torch is not installed: the peers are left out."
        fi
    fi
    build_managed bench/NativeAdamax.Benchmarks/NativeAdamax.Benchmarks.csproj || return 1
    dotnet "$benchmarks" quick "$root/bench/results" "$root/README.md" "$@"
}

benchmarks=$root/bench/NativeAdamax.Benchmarks/bin/Release/net10.0/NativeAdamax.Benchmarks.dll
