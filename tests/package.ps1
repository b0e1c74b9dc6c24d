# The suites of the package, for suites.ps1: it is made, looked at and used. It is package.sh in PowerShell.

# Makes the package once. Answers its file, or nothing.
$script:package = 'not made'
function Get-Package {
    if ($script:package -eq 'not made') {
        $script:package = $null
        if (Invoke-Quiet 'making the package' { Invoke-Pack }) {
            $script:package = Find-Package (Join-Path $artifacts 'packages')
        }
        else {
            Add-Count 0 1 0
        }
    }
    return $script:package
}

function Find-Package([string]$folder) {
    return Get-ChildItem $folder -Filter 'NativeAdamax.*.nupkg' | Select-Object -First 1 -ExpandProperty FullName
}

# The C# tests of a package.
function Test-Package([string]$name, [string]$project, [string]$package) {
    if (-not $package -or -not (Test-Path $package) -or -not (Build-Managed "$project")) {
        Write-Note $name
        Add-Count 0 1 0
        return
    }
    $assembly = (Get-Item (Join-Path $root $project)).BaseName + '.dll'
    $before = $env:NATIVE_ADAMAX_PACKAGE
    $env:NATIVE_ADAMAX_PACKAGE = $package
    Invoke-DotnetSuite $name (Join-Path (Split-Path (Join-Path $root $project)) "bin/Release/net10.0/$assembly")
    $env:NATIVE_ADAMAX_PACKAGE = $before
}

function Get-Rid {
    $architecture = 'x64'
    if ([System.Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64') {
        $architecture = 'arm64'
    }
    if ($windows) {
        return "win-$architecture"
    }
    if ($IsMacOS) {
        return "osx-$architecture"
    }
    return "linux-$architecture"
}

function Invoke-PackageSuite {
    if (-not (Get-Package)) {
        return
    }
    $name = 'C tests of the packed library, and of the others'' files'
    $library = Get-ChildItem (Join-Path $artifacts "assets/$(Get-Rid)/native") -ErrorAction SilentlyContinue
    if ($library) {
        Invoke-CSuite $name 'package' 'Release' "-DNATIVE_ADAMAX_LIBRARY=$($library.FullName -replace '\\', '/')",
            "-DNATIVE_ADAMAX_ASSETS=$($artifacts -replace '\\', '/')"
    }
    else {
        Skip-Suite $name "the package has no library for $(Get-Rid)"
    }
    foreach ($line in Get-Content (Join-Path $artifacts 'assets/missing.txt')) {
        $rid, $why = $line -split ' ', 2
        Skip-Suite "The packed library for $rid" $why
    }
}

function Invoke-ContentsSuite {
    if (Get-Package) {
        Test-Package 'Tests of the package' 'tests/package/NativeAdamax.Package.Tests.csproj' (Get-Package)
    }
}

# A program outside the repository that has the package and nothing else: the one that NATIVE_ADAMAX_PACKAGE names, a
# file or its folder, or one made here.
function Invoke-ConsumerSuite {
    $package = $env:NATIVE_ADAMAX_PACKAGE
    if (-not $package) {
        $package = Get-Package
        if (-not $package) {
            return
        }
    }
    elseif (Test-Path $package -PathType Container) {
        $package = Find-Package $package
    }
    else {
        $package = (Resolve-Path $package -ErrorAction SilentlyContinue).Path
    }
    Test-Package 'A program that uses the package' 'tests/consumer/NativeAdamax.Consumer.Tests.csproj' $package
}
