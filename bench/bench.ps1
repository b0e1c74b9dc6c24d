# The verb bench of build.ps1, which sources this file.
$benchHelp = @'
usage: ./build.ps1 bench [--peers | --check | --all [ARGUMENTS]]
  (nothing)  a quick selection, less than five minutes; writes bench/results/ and the README's table
  --peers    with python3's torch beside it, where that is installed
  --check    only the kernels in C, every op and size, against the targets of docs/performance.md; fails if one is missed
  --all      everything that BenchmarkDotNet has, or what its arguments select (--filter '*Model*')
'@
$benchmarks = Join-Path $root 'bench/NativeAdamax.Benchmarks/bin/Release/net10.0/NativeAdamax.Benchmarks.dll'
$benchProject = 'bench/NativeAdamax.Benchmarks/NativeAdamax.Benchmarks.csproj'

# The C benchmark's program; nothing where there are no tools for it.
function Build-NativeBench {
    if (-not (Test-NativeTools)) {
        Write-NativeTools
        return
    }
    $build = Join-Path $artifacts 'build/bench'
    if (-not (Invoke-Quiet 'configuring the benchmark in C' {
                Invoke-Configure $build '-DNATIVE_ADAMAX_BUILD_BENCH=ON'
            }) -or
        -not (Invoke-Quiet 'building the benchmark in C' { cmake --build $build --config Release })) {
        exit 1
    }
    $name = if ($windows) { 'native_bench.exe' } else { 'native_bench' }
    return (Get-ChildItem $build -Recurse -Filter $name | Select-Object -First 1).FullName
}

# The system's Python first: it has the system's packages, whatever comes first on the path. Nothing where none has it.
function Find-PythonWith([string]$module) {
    foreach ($python in '/usr/bin/python3', 'python3') {
        if (Test-Command $python) {
            & $python -c "import $module" 2>$null | Out-Null
            if ($LASTEXITCODE -eq 0) {
                return $python
            }
        }
    }
}

function Invoke-Bench([string[]]$options) {
    $option = if ($options) { $options[0] } else { '' }
    $others = @($options | Select-Object -Skip 1)
    if ($option -in '--help', '-h') {
        Write-Host $benchHelp
        exit 0
    }
    if ($option -notin '', '--peers', '--check', '--all') {
        Write-Host "build.ps1 bench: no option $option"
        Write-Host $benchHelp
        exit 2
    }
    if ($option -eq '--check') {
        $program = Build-NativeBench
        if (-not $program) {
            exit 1
        }
        & $program --check @others
        exit $LASTEXITCODE
    }
    Assert-Dotnet
    if ($option -eq '--all') {
        Invoke-NativeBuild
        if (-not (Build-Managed $benchProject)) {
            exit 1
        }
        Push-Location $artifacts
        dotnet $benchmarks @others
        Pop-Location
        exit $LASTEXITCODE
    }
    $folder = Join-Path $artifacts 'bench'
    New-Item $folder -ItemType Directory -Force | Out-Null
    $report = @()
    $program = Build-NativeBench
    if ($program) {
        $table = Join-Path $folder 'native.tsv'
        & $program --quick --table $table
        if ($LASTEXITCODE -ne 0) {
            exit 1
        }
        $report += '--native', $table
    }
    if ($option -eq '--peers') {
        $python = Find-PythonWith torch
        if ($python) {
            $peers = Join-Path $folder 'peers.md'
            & $python (Join-Path $root 'bench/peers/torch_peers.py') $peers
            if ($LASTEXITCODE -ne 0) {
                exit 1
            }
            $report += '--peers', $peers
        }
        else {
            Write-Host 'python3 with torch is not installed: the peers are left out.'
        }
    }
    if (-not (Build-Managed $benchProject)) {
        exit 1
    }
    dotnet $benchmarks quick (Join-Path $root 'bench/results') (Join-Path $root 'README.md') @report
    exit $LASTEXITCODE
}
