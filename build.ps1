# Builds, tests and runs NativeAdamax: .\build.ps1 help. Elsewhere: build.sh, with the same verbs.
$root = $PSScriptRoot
$artifacts = Join-Path $root 'artifacts'
$tests = Join-Path $root 'tests\NativeAdamax.Tests\bin\Release\net10.0'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$script:passed = 0
$script:failed = 0
$script:skipped = 0

$help = @'
usage: .\build.ps1 VERB
  demo [ARGUMENTS]  build everything and run the demo (demo --help: its arguments)
  test              build everything and run all tests
  native            build the native library into artifacts\native
  bench             run the benchmarks
  pack              make the NuGet package
  bindings          write src\NativeAdamax\Interop\NativeMethods.g.cs from the header
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

function Test-NativeTools {
    $vswhere = Join-Path ${env:ProgramFiles(x86)} 'Microsoft Visual Studio\Installer\vswhere.exe'
    if (-not (Test-Command cmake) -or -not (Test-Path $vswhere)) {
        return $false
    }
    $compilers = 'Microsoft.VisualStudio.Component.VC.Tools.x86.x64', 'Microsoft.VisualStudio.Component.VC.Tools.ARM64'
    return [bool](& $vswhere -latest -products * -requires $compilers -requiresAny -property installationPath)
}

function Write-NativeTools {
    Write-Host 'The native library needs CMake 3.21 and the C++ tools of Visual Studio. They come with:'
    Write-Host '    winget install Kitware.CMake'
    Write-Host '    winget install Microsoft.VisualStudio.2022.BuildTools --override "--add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"'
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

# The library for this machine. Without the tools the managed backend does the same work, so that this is no failure.
function Build-Native {
    if (-not (Test-NativeTools)) {
        Write-NativeTools
        Write-Host 'Going on without it: the managed backend gives the same bits.'
        return
    }
    $build = Join-Path $artifacts 'build\native'
    if (-not (Invoke-Quiet 'configuring the native library' { cmake -S $root -B $build })) {
        exit 1
    }
    if (-not (Invoke-Quiet 'building the native library' { cmake --build $build --config Release --target native_adamax })) {
        exit 1
    }
}

function Build-Managed([string]$project) {
    $path = Join-Path $root $project
    return Invoke-Quiet "building $project" { dotnet build $path -c Release -v quiet -nologo }
}

function Add-Count([int]$good, [int]$bad, [int]$leftOut) {
    $script:passed += $good
    $script:failed += $bad
    $script:skipped += $leftOut
    Write-Host "    passed: $good, failed: $bad, skipped: $leftOut"
}

function Skip-Suite([string]$name, [string]$reason) {
    Write-Host $name
    Write-Host "    skipped: $reason"
    Add-Count 0 0 1
}

function Invoke-CSuite {
    Write-Host 'C tests'
    $build = Join-Path $artifacts 'build\native'
    $results = Join-Path $build 'results.xml'
    if (-not (Invoke-Quiet '    configuring' { cmake -S $root -B $build -DNATIVE_ADAMAX_BUILD_TESTS=ON }) -or
        -not (Invoke-Quiet '    building' { cmake --build $build --config Release --parallel })) {
        Add-Count 0 1 0
        return
    }
    Remove-Item $results -ErrorAction SilentlyContinue
    $ok = Invoke-Quiet '    running' {
        ctest --test-dir $build -C Release --parallel $env:NUMBER_OF_PROCESSORS --no-tests=error --output-on-failure --output-junit $results
    }
    $good = $bad = $leftOut = 0
    if (Test-Path $results) {
        foreach ($test in ([xml](Get-Content -Raw $results)).testsuite.testcase) {
            if ($test.status -eq 'run') {
                $good++
            }
            elseif ($test.skipped -and $test.skipped.message -like 'SKIP_*') {
                $leftOut++
                Write-Host "    skipped: $($test.GetAttribute('name')): $($test.'system-out')"
            }
            else {
                $bad++
            }
        }
    }
    if (-not $ok -and $bad -eq 0) {
        $bad = 1
    }
    Add-Count $good $bad $leftOut
}

# The C# tests of an assembly, with an environment variable set to 0 or none.
$script:leftOutWord = 'skipped'
function Invoke-DotnetSuite([string]$name, [string]$assembly, [string]$variable) {
    Write-Host $name
    $folder = Join-Path $artifacts 'results'
    $results = Join-Path $folder 'results.trx'
    Remove-Item $results -ErrorAction SilentlyContinue
    if ($variable) {
        Set-Item "env:$variable" '0'
    }
    $ok = Invoke-Quiet '    running' { dotnet test $assembly --results-directory $folder --logger 'trx;LogFileName=results.trx' }
    if ($variable) {
        Remove-Item "env:$variable"
    }
    $good = $bad = $leftOut = 0
    if (Test-Path $results) {
        foreach ($test in ([xml](Get-Content -Raw $results)).TestRun.Results.UnitTestResult) {
            if ($test.outcome -eq 'Passed') {
                $good++
            }
            elseif ($test.outcome -eq 'NotExecuted') {
                $leftOut++
                Write-Host "    $($script:leftOutWord): $($test.testName): $($test.Output.ErrorInfo.Message)"
            }
            else {
                $bad++
            }
        }
    }
    if ($bad -eq 0 -and (-not $ok -or $good -eq 0)) {
        $bad = 1
    }
    if ($script:leftOutWord -ne 'skipped') {
        $leftOut = 0
    }
    Add-Count $good $bad $leftOut
}

function Invoke-DotnetSuites {
    if (-not (Build-Managed 'NativeAdamax.sln')) {
        Add-Count 0 1 0
        return
    }
    $assembly = Join-Path $tests 'NativeAdamax.Tests.dll'
    Invoke-DotnetSuite 'C# tests' $assembly
    Invoke-DotnetSuite 'C# tests without AVX-512' $assembly 'DOTNET_EnableAVX512'
    Invoke-DotnetSuite 'C# tests without AVX' $assembly 'DOTNET_EnableAVX'
    Invoke-DotnetSuite 'C# tests without hardware intrinsics' $assembly 'DOTNET_EnableHWIntrinsic'

    $copy = Join-Path $artifacts 'without-native'
    Remove-Item $copy -Recurse -Force -ErrorAction SilentlyContinue
    Copy-Item $tests $copy -Recurse
    if (Test-Path (Join-Path $copy 'native_adamax.dll')) {
        # What needs the library has run above, and is not missing here.
        Remove-Item (Join-Path $copy 'native_adamax.*')
        $script:leftOutWord = 'needs the library'
        Invoke-DotnetSuite 'C# tests without the native library' (Join-Path $copy 'NativeAdamax.Tests.dll')
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
        Build-Native
        if (-not (Build-Managed 'src\NativeAdamax.Demo\NativeAdamax.Demo.csproj')) {
            exit 1
        }
        dotnet (Join-Path $root 'src\NativeAdamax.Demo\bin\Release\net10.0\NativeAdamax.Demo.dll') @arguments
        exit $LASTEXITCODE
    }
    'test' {
        Assert-Dotnet
        if (Test-NativeTools) {
            Invoke-CSuite
            Skip-Suite 'C tests with sanitizers, of Clang and for other CPUs' 'build.sh runs them on Linux'
        }
        else {
            Write-NativeTools
            Skip-Suite 'C tests' 'CMake or a C compiler is not installed'
        }
        Invoke-DotnetSuites
        Write-Host "$script:passed passed, $script:failed failed, $script:skipped skipped"
        exit [int]($script:failed -gt 0 -or $script:passed -eq 0)
    }
    'native' {
        if (-not (Test-NativeTools)) {
            Write-NativeTools
            exit 1
        }
        Build-Native
    }
    'bindings' {
        Assert-Dotnet
        Push-Location $root
        dotnet run --project native/bindings -c Release -- @arguments
        Pop-Location
        exit $LASTEXITCODE
    }
    { $_ -in 'bench', 'pack' } {
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
