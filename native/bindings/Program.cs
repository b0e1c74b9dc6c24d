using NativeAdamax.Bindings;

const string Usage = """
    Writes src/NativeAdamax/Interop/NativeMethods.g.cs from native/include/native_adamax.h.
    usage: dotnet run --project native/bindings [-- --check]
      --check   write nothing; end with code 1 if the file is not what would be written
    """;

if (args is not ([] or ["--check"]))
{
    bool asked = args is ["--help" or "-h"];
    (asked ? Console.Out : Console.Error).WriteLine(Usage);
    return asked ? 0 : 2;
}
try
{
    string root = FindRoot();
    string folder = Path.Combine(root, "native", "bindings");
    string header = File.ReadAllText(Path.Combine(root, "native", "include", "native_adamax.h"));
    string heading = File.ReadAllText(Path.Combine(folder, "header.txt"));
    string target = Path.Combine(root, "src", "NativeAdamax", "Interop", "NativeMethods.g.cs");
    string bindings = Rewriter.Rewrite(Generator.Run(folder, "native_adamax.rsp"), header, heading);
    bool same = File.Exists(target) && File.ReadAllText(target).ReplaceLineEndings("\n") == bindings;
    if (args is [] && !same)
        File.WriteAllText(target, bindings);
    string outcome = same ? "is up to date" : args is [] ? "written" : "is out of date";
    Console.WriteLine($"{Path.GetRelativePath(root, target)} {outcome}");
    return same || args is [] ? 0 : 1;
}
catch (BindingsException error)
{
    Console.Error.WriteLine($"bindings: {error.Message}");
    return 1;
}

static string FindRoot()
{
    for (DirectoryInfo? folder = new(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
    {
        if (File.Exists(Path.Combine(folder.FullName, "NativeAdamax.sln")))
            return folder.FullName;
    }

    throw new BindingsException($"no NativeAdamax.sln in or above {Environment.CurrentDirectory}: run this in the project");
}
