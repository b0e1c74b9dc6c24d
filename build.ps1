# Builds, tests and runs NativeAdamax: ./build.ps1 help. It is build.sh in PowerShell, with the same verbs, for Windows;
# it runs wherever PowerShell does.
$root = $PSScriptRoot
$artifacts = Join-Path $root 'artifacts'
$windows = $env:OS -eq 'Windows_NT'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

$help = @'
usage: ./build.ps1 VERB
  demo [ARGUMENTS]  build everything and run the demo (demo --help: its arguments)
  test [SUITE...]   build everything and run all tests, or these suites; test --list: their names
  native            build the native library into artifacts/native
  bench             run the benchmarks
  pack              make the NuGet package in artifacts/packages (--require-all: for every platform, or fail)
  bindings [--check]
                    write src/NativeAdamax/Interop/NativeMethods.g.cs from the header, or compare them
  clean             delete what was built
  help              this text
'@

function Test-Command([string]$name) {
    return [bool](Get-Command $name -ErrorAction SilentlyContinue)
}

# One line, and the command's output only where it fails. Answers whether it did not.
function Invoke-Quiet([string]$name, [scriptblock]$command) {
    Write-Host -NoNewline "$name ... "
    $output = & $command 2>&1 | Out-String
    if ($LASTEXITCODE -eq 0) {
        Write-Host 'ok'
        return $true
    }
    Write-Host 'failed'
    Write-Host $output
    return $false
}

function Test-VisualStudio([string[]]$components) {
    $vswhere = Join-Path ${env:ProgramFiles(x86)} 'Microsoft Visual Studio/Installer/vswhere.exe'
    return (Test-Path $vswhere) -and
        [bool](& $vswhere -latest -products * -requires $components -requiresAny -property installationPath)
}

function Test-NativeTools {
    if (-not (Test-Command cmake)) {
        return $false
    }
    if (-not $windows) {
        return Test-Command cc
    }
    $tools = 'Microsoft.VisualStudio.Component.VC.Tools'
    return Test-VisualStudio "$tools.x86.x64", "$tools.ARM64"
}

function Write-NativeTools {
    if (-not $windows) {
        Write-Host 'The native library needs CMake 3.21, Ninja or Make, and a C compiler.'
        return
    }
    Write-Host 'The native library needs CMake 3.21 and the C++ tools of Visual Studio. They come with:'
    Write-Host '    winget install Kitware.CMake'
    Write-Host '    winget install Microsoft.VisualStudio.2022.BuildTools --override'
    Write-Host '        "--add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"'
}

function Assert-Dotnet {
    $sdks = @()
    if (Test-Command dotnet) {
        $sdks = @(dotnet --list-sdks)
    }
    if (@($sdks | Where-Object { [int]($_.Split('.')[0]) -ge 10 }).Count -eq 0) {
        Write-Host 'NativeAdamax needs the .NET SDK 10.0 or later: winget install Microsoft.DotNet.SDK.10'
        Write-Host 'or https://dotnet.microsoft.com/download/dotnet/10.0'
        $sdks | ForEach-Object { Write-Host "Installed here: $_" }
        exit 1
    }
}

# What CMake found out, so that it looks again.
function Clear-Configuration([string]$build) {
    Remove-Item "$build/CMakeCache.txt", "$build/CMakeFiles" -Recurse -Force -ErrorAction SilentlyContinue
}

# With what the folder was configured for in a copy of the source, or before its folder was renamed, forgotten.
function Invoke-Configure([string]$build, [string[]]$options) {
    $source = "CMAKE_HOME_DIRECTORY:INTERNAL=$($root -replace '\\', '/')"
    if (@(Get-Content "$build/CMakeCache.txt" -ErrorAction SilentlyContinue) -notcontains $source) {
        Clear-Configuration $build
    }
    cmake -S $root -B $build @options
    if ($LASTEXITCODE -ne 0) {
        Clear-Configuration $build # which may have kept a compiler that does not work
    }
}

# The library for this machine. Answers whether there are the tools for it.
function Build-Native {
    if (-not (Test-NativeTools)) {
        Write-NativeTools
        return $false
    }
    $build = Join-Path $artifacts 'build/native'
    if (-not (Invoke-Quiet 'configuring the native library' { Invoke-Configure $build })) {
        return $false
    }
    if (-not (Invoke-Quiet 'building the native library' {
                cmake --build $build --config Release --target native_adamax
            })) {
        exit 1
    }
    return $true
}

# Without the tools the managed backend does the same work, so that this is no failure.
function Invoke-NativeBuild {
    if (-not (Build-Native)) {
        Write-Host 'Going on without it: the managed backend gives the same bits.'
    }
}

function Build-Managed([string]$project) {
    $path = Join-Path $root $project
    return Invoke-Quiet "building $project" { dotnet build $path -c Release -v quiet -nologo }
}

# The native libraries that can be built here, and the package around them. Its outcome is the exit code.
function Invoke-Pack([string[]]$options) {
    $assets = Join-Path $artifacts 'assets'
    $packages = Join-Path $artifacts 'packages'
    $requireAll = $withoutCompiler = 'OFF'
    foreach ($option in $options) {
        if ($option -ne '--require-all') {
            Write-Output "build.ps1 pack: no option $option; there is --require-all"
            $global:LASTEXITCODE = 2
            return
        }
        $requireAll = 'ON'
    }
    if (Test-Command cmake) {
        if (-not (Test-NativeTools)) {
            $withoutCompiler = 'ON'
        }
        cmake "-DREQUIRE_ALL=$requireAll" "-DWITHOUT_COMPILER=$withoutCompiler" -P "$root/native/cmake/Assets.cmake"
        if ($LASTEXITCODE -ne 0) {
            return
        }
    }
    else {
        Write-NativeTools
        if ($requireAll -eq 'ON') {
            $global:LASTEXITCODE = 1
            return
        }
        Remove-Item $assets, (Join-Path $artifacts 'symbols') -Recurse -Force -ErrorAction SilentlyContinue
        New-Item $assets -ItemType Directory -Force | Out-Null
        Get-ChildItem (Join-Path $root 'native/cmake') -Filter '*-*64.cmake' |
            ForEach-Object { "$($_.BaseName) CMake is not installed" } | Set-Content (Join-Path $assets 'missing.txt')
    }
    Remove-Item (Join-Path $packages 'NativeAdamax.*nupkg') -ErrorAction SilentlyContinue
    # Apart from the ordinary build, whose assembly knows where it was built.
    dotnet pack (Join-Path $root 'src/NativeAdamax') -c Release -nologo -o $packages `
        --artifacts-path (Join-Path $artifacts 'pack') -p:ContinuousIntegrationBuild=true "-p:NativeAssets=$assets"
    if ($LASTEXITCODE -ne 0) {
        return
    }
    $missing = @(Get-Content (Join-Path $assets 'missing.txt') | ForEach-Object { $_.Split(' ')[0] })
    if ($missing) {
        Write-Output "MISSING from it: $missing"
    }
}

$verb = 'help'
$arguments = @()
if ($args.Count -gt 0) {
    $verb = $args[0]
    $arguments = @($args | Select-Object -Skip 1)
}
switch ($verb) {
    'demo' {
        Assert-Dotnet
        Invoke-NativeBuild
        if (-not (Build-Managed 'src/NativeAdamax.Demo/NativeAdamax.Demo.csproj')) {
            exit 1
        }
        dotnet (Join-Path $root 'src/NativeAdamax.Demo/bin/Release/net10.0/NativeAdamax.Demo.dll') @arguments
        exit $LASTEXITCODE
    }
    'test' {
        . (Join-Path $root 'tests/suites.ps1')
        Invoke-Suites $arguments
    }
    'native' {
        exit [int](-not (Build-Native))
    }
    'bindings' {
        Assert-Dotnet
        Push-Location $root
        dotnet run --project native/bindings -c Release -- @arguments
        Pop-Location
        exit $LASTEXITCODE
    }
    'pack' {
        Assert-Dotnet
        Invoke-Pack $arguments | Out-Host
        exit $LASTEXITCODE
    }
    'bench' {
        Write-Host "build.ps1: $verb is not there yet"
        exit 1
    }
    'clean' {
        Remove-Item $artifacts -Recurse -Force -ErrorAction SilentlyContinue
        foreach ($folder in 'src', 'tests', 'native', 'bench') {
            Get-ChildItem (Join-Path $root $folder) -Directory -Recurse -Include bin, obj -ErrorAction SilentlyContinue |
                Remove-Item -Recurse -Force -ErrorAction SilentlyContinue
        }
    }
    { $_ -in 'help', '-h', '--help' } {
        Write-Host $help
    }
    default {
        Write-Host "build.ps1: no verb $verb"
        Write-Host $help
        exit 2
    }
}
