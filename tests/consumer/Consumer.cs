namespace NativeAdamax.Consumer.Tests;

/// <summary>
/// A user's program, in a folder outside the repository, with a feed that has the package and with packages of its own:
/// nothing there knows of this repository but the package.
/// </summary>
public sealed class Consumer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("native-adamax-consumer-");
    private readonly Lazy<Project> _project;
    private readonly Lazy<string> _portable;
    private readonly Lazy<string> _hash;

    public Consumer()
    {
        _project = new Lazy<Project>(() => MakeProject("program"));
        _portable = new Lazy<string>(() => Publish("portable"));
        _hash = new Lazy<string>(() => Report.Of(Command.Run(
            Machine.Dotnet,
            [Path.Combine(Portable, "Consumer.dll")],
            Portable,
            new Dictionary<string, string> { ["NATIVE_ADAMAX_BACKEND"] = "managed" })).Hash);
    }

    /// <summary>The program's weights with managed kernels, which the native ones must equal, as a hash.</summary>
    public string Hash => _hash.Value;

    /// <summary>The folder of the program published for every platform.</summary>
    public string Portable => _portable.Value;

    internal Project Project => _project.Value;

    /// <summary>The program in a folder of its own, not built yet.</summary>
    internal Project MakeProject(string name) => new(Folder(name), Folder("feed"));

    /// <summary>A folder of this name, which need not be there, outside the repository.</summary>
    public string Folder(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Publishes the program to a folder of this name.</summary>
    public string Publish(string name, params string[] arguments)
    {
        string folder = Folder(name);
        Project.Dotnet(["publish", "-o", folder, .. arguments]);
        return folder;
    }

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A program that is still ending holds its file; the system clears its temporary folder.
        }
    }
}

[CollectionDefinition(nameof(Consumer))]
public sealed class OneConsumer : ICollectionFixture<Consumer>;
