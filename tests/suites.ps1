# The test suites of build.ps1, which reads this file and calls Invoke-Suites. It is suites.sh in PowerShell, with the
# same suites.
$tests = Join-Path $root 'tests/NativeAdamax.Tests/bin/Release/net10.0'
$script:passed = 0
$script:failed = 0
$script:skipped = 0
$suites = 'c', 'c-debug', 'c-address', 'c-undefined', 'c-clang', 'c-arm64', 'c-avx512'
$suites += 'dotnet', 'dotnet-isas', 'dotnet-fallback'
$suites += 'package', 'package-contents', 'package-again', 'package-musl', 'package-arm64', 'package-windows'
$suites += 'consumer'
. (Join-Path $root 'tests/package.ps1')

# What the tests found, to the terminal, and to the page of a run on GitHub, so that what was skipped is seen there.
function Write-Note([string]$text) {
    Write-Host $text
    if ($env:GITHUB_STEP_SUMMARY) {
        Add-Content -Path $env:GITHUB_STEP_SUMMARY -Value "    $text" -Encoding utf8
    }
}

function Add-Count([int]$good, [int]$bad, [int]$leftOut) {
    $script:passed += $good
    $script:failed += $bad
    $script:skipped += $leftOut
    Write-Note "    passed: $good, failed: $bad, skipped: $leftOut"
}

function Skip-Suite([string]$name, [string]$reason) {
    Write-Note $name
    Write-Note "    skipped: $reason"
    Add-Count 0 0 1
}

# The C tests, built as the arguments say.
function Invoke-CSuite([string]$name, [string]$folder, [string]$configuration, [string[]]$arguments) {
    if (-not (Test-NativeTools)) {
        Write-NativeTools
        Skip-Suite $name 'CMake or a C compiler is not installed'
        return
    }
    Write-Note $name
    $build = Join-Path $artifacts "build/$folder"
    $results = Join-Path $build 'results.xml'
    $options = @('-DNATIVE_ADAMAX_BUILD_TESTS=ON', "-DCMAKE_BUILD_TYPE=$configuration") + $arguments
    if ($folder -ne 'native') {
        $options += "-DNATIVE_ADAMAX_OUTPUT=$build/library"
    }
    if (-not (Invoke-Quiet '    configuring' { Invoke-Configure $build $options }) -or
        -not (Invoke-Quiet '    building' { cmake --build $build --config $configuration --parallel })) {
        Add-Count 0 1 0
        return
    }
    Remove-Item $results -ErrorAction SilentlyContinue
    $ok = Invoke-Quiet '    running' {
        ctest --test-dir $build -C $configuration --parallel ([Environment]::ProcessorCount) --no-tests=error `
            --output-on-failure --output-junit $results
    }
    $good = $bad = $leftOut = 0
    if (Test-Path $results) {
        foreach ($test in ([xml](Get-Content -Raw $results)).testsuite.testcase) {
            if ($test.status -eq 'run') {
                $good++
            }
            elseif ($test.skipped -and $test.skipped.message -like 'SKIP_*') {
                $leftOut++
                $reason = "$($test.'system-out')".Trim() -replace '^skipped: ', ''
                Write-Note "    skipped: $($test.GetAttribute('name')): $reason"
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

# The C# tests of an assembly, with an environment variable set to 0 or none. filter: which of them.
$script:leftOutWord = 'skipped'
$script:filter = 'Category!=None'
function Invoke-DotnetSuite([string]$name, [string]$assembly, [string]$variable) {
    Write-Note $name
    $folder = Join-Path $artifacts 'results'
    $results = Join-Path $folder 'results.trx'
    Remove-Item $results -ErrorAction SilentlyContinue
    if ($variable) {
        Set-Item "env:$variable" '0'
    }
    $ok = Invoke-Quiet '    running' {
        dotnet test $assembly --results-directory $folder --logger 'trx;LogFileName=results.trx' --filter $script:filter
    }
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
                Write-Note "    $($script:leftOutWord): $($test.testName): $($test.Output.ErrorInfo.Message)"
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

function Invoke-ClangSuite {
    $name = 'C tests compiled by Clang'
    if (-not $windows) {
        Skip-Suite $name 'build.sh runs it here'
    }
    elseif (Test-VisualStudio 'Microsoft.VisualStudio.Component.VC.Llvm.ClangToolset') {
        Invoke-CSuite $name 'clang' 'Release' '-T', 'ClangCL'
    }
    else {
        Skip-Suite $name 'Visual Studio has no ClangCL toolset'
    }
}

# A processor with AVX-512, by Intel's Software Development Emulator: on the path, or in the folder SDE_PATH.
function Invoke-Avx512Suite {
    $name = 'C tests with AVX-512, emulated'
    $program = if ($windows) { 'sde' } else { 'sde64' }
    $emulator = Get-Command $program -ErrorAction SilentlyContinue
    if ($env:SDE_PATH) {
        $emulator = Get-Command (Join-Path $env:SDE_PATH $program) -ErrorAction SilentlyContinue
    }
    if ($emulator) {
        $launcher = $emulator.Source -replace '\\', '/'
        Invoke-CSuite $name 'avx512' 'Release' "-DCMAKE_CROSSCOMPILING_EMULATOR=$launcher;-skx;--"
    }
    elseif (('System.Runtime.Intrinsics.X86.Avx512F' -as [type])::IsSupported) {
        Write-Note "${name}: not needed here, this CPU has it"
    }
    else {
        Skip-Suite $name "neither AVX-512 nor $program, Intel's emulator, is here"
    }
}

# What the C# tests need, built once.
$script:managed = 'not built'
function Test-DotnetReady {
    if ($script:managed -eq 'not built') {
        Invoke-NativeBuild
        $script:managed = 'built'
        if (-not (Build-Managed 'NativeAdamax.sln')) {
            $script:managed = 'failed'
            Add-Count 0 1 0
        }
    }
    return $script:managed -eq 'built'
}

function Invoke-IsasSuite {
    $script:filter = 'Category!=Repository&Category!=Once'
    $assembly = Join-Path $tests 'NativeAdamax.Tests.dll'
    Invoke-DotnetSuite 'C# tests without AVX-512' $assembly 'DOTNET_EnableAVX512'
    Invoke-DotnetSuite 'C# tests without AVX' $assembly 'DOTNET_EnableAVX'
    Invoke-DotnetSuite 'C# tests without hardware intrinsics' $assembly 'DOTNET_EnableHWIntrinsic'
    $script:filter = 'Category!=None'
}

function Invoke-FallbackSuite {
    $copy = Join-Path $artifacts 'without-native'
    Remove-Item $copy -Recurse -Force -ErrorAction SilentlyContinue
    Copy-Item $tests $copy -Recurse
    $libraries = @(Get-ChildItem $copy -Filter '*native_adamax.*')
    if ($libraries) {
        # What needs the library runs in the suite dotnet, and is not missing here.
        $libraries | Remove-Item
        $script:leftOutWord = 'needs the library'
        $script:filter = 'Category!=Repository&Category!=Once'
        Invoke-DotnetSuite 'C# tests without the native library' (Join-Path $copy 'NativeAdamax.Tests.dll')
        $script:leftOutWord = 'skipped'
        $script:filter = 'Category!=None'
    }
    else {
        Write-Note 'C# tests without the native library: not needed here, the C# tests are'
    }
}

function Invoke-Suite([string]$suite) {
    $on = 'build.sh runs it on Linux'
    if ($suite -like 'dotnet*' -and -not (Test-DotnetReady)) {
        return
    }
    switch ($suite) {
        'c' { Invoke-CSuite 'C tests' 'native' 'Release' }
        'c-debug' { Invoke-CSuite 'C tests, debug' 'debug' 'Debug' }
        'c-address' { Skip-Suite 'C tests with the address sanitizer' $on }
        'c-undefined' { Skip-Suite 'C tests with the undefined behaviour sanitizer' $on }
        'c-clang' { Invoke-ClangSuite }
        'c-arm64' { Skip-Suite 'C tests for 64-bit ARM, emulated' $on }
        'c-avx512' { Invoke-Avx512Suite }
        'dotnet' { Invoke-DotnetSuite 'C# tests' (Join-Path $tests 'NativeAdamax.Tests.dll') }
        'dotnet-isas' { Invoke-IsasSuite }
        'dotnet-fallback' { Invoke-FallbackSuite }
        'package' { Invoke-PackageSuite }
        'package-contents' { Invoke-ContentsSuite }
        'package-again' { Skip-Suite 'The package made again, in another folder' $on }
        'package-musl' { Skip-Suite 'C tests of the packed library on musl' $on }
        'package-arm64' { Skip-Suite 'C tests of the packed library for 64-bit ARM, emulated' $on }
        'package-windows' { Skip-Suite 'C tests of the packed library for Windows, on Wine' $on }
        'consumer' { Invoke-ConsumerSuite }
    }
}

# These suites, or all. Ends the script.
function Invoke-Suites([string[]]$asked) {
    if ($asked -contains '--list') {
        $suites | ForEach-Object { Write-Host $_ }
        exit 0
    }
    if (-not $asked) {
        $asked = $suites
    }
    foreach ($suite in $asked) {
        if ($suites -notcontains $suite) {
            Write-Host "build.ps1: no suite $suite; there are: $suites"
            exit 2
        }
    }
    if (@($asked | Where-Object { $_ -ne 'c' -and $_ -notlike 'c-*' })) {
        Assert-Dotnet
    }
    foreach ($suite in $asked) {
        Invoke-Suite $suite
    }
    Write-Note "$script:passed passed, $script:failed failed, $script:skipped skipped"
    exit [int]($script:failed -gt 0 -or $script:passed -eq 0)
}
