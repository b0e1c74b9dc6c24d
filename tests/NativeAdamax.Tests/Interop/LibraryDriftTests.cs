using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeAdamax.Bindings;
using NativeAdamax.Interop;

namespace NativeAdamax.Tests.Interop;

/// <summary>The committed bindings against the library that was built.</summary>
public sealed unsafe class LibraryDriftTests
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    [LibraryFileFact]
    public void ALibraryThatIsThereIsUsed() => Assert.Null(LibraryProbe.Result.Failure);

    [LibraryFileFact]
    public void TheLibraryHasTheHeadersAbiVersion() =>
        Assert.Equal((long)NativeMethods.NA_ABI_VERSION, NativeMethods.na_abi_version());

    [LibraryFileFact]
    public void EveryExportIsImportedAndEveryImportExported() =>
        AssertSame(BindingsDriftTests.Imports, ExportTable.Read(LibraryFileFactAttribute.LibraryFile));

    [LibraryFileFact]
    public void EverySizeAndOffsetIsTheSameInCAndInCSharp() =>
        AssertSame(ManagedLayout(), NativeLayout());

    [Fact]
    public void AMovedFieldIsNoticed()
    {
        Assert.Equal(["na_x: 16", "na_x.a: 0", "na_x.b: 8"], Layout("na_x", typeof(WithPointer)));
        Assert.Equal(["na_x: 8", "na_x.a: 0", "na_x.b: 4"], Layout("na_x", typeof(WithoutPointer)));
    }

    private static void AssertSame(IEnumerable<string> bindings, IReadOnlyCollection<string> library)
    {
        Assert.NotEmpty(library);
        Assert.Equal(library.Count, library.Distinct().Count());
        Assert.Empty(bindings.Except(library).Select(line => $"only in the bindings: {line}"));
        Assert.Empty(library.Except(bindings).Select(line => $"only in the library: {line}"));
    }

    /// <summary>What the library says: "type: size" and "type.field: offset".</summary>
    private static List<string> NativeLayout()
    {
        NaLayoutEntry* entries;
        ulong count;
        Assert.Equal(NativeMethods.NA_OK, NativeMethods.na_layout(&entries, &count));
        List<string> lines = [];
        for (ulong i = 0; i < count; i++)
        {
            string? type = Marshal.PtrToStringUTF8((nint)entries[i].type);
            string? field = Marshal.PtrToStringUTF8((nint)entries[i].field);
            lines.Add(field is null ? $"{type}: {entries[i].value}" : $"{type}.{field}: {entries[i].value}");
        }
        return lines;
    }

    /// <summary>The same of the C# structs; an opaque struct has no layout.</summary>
    private static IEnumerable<string> ManagedLayout() => BindingsDriftTests.Header.Structs.SelectMany(tag =>
    {
        string name = $"{typeof(NativeMethods).Namespace}.{HeaderText.ManagedName(tag)}";
        Type type = typeof(NativeMethods).Assembly.GetType(name, throwOnError: true)!;
        return type.GetFields(Instance).Length == 0 ? [] : Layout(tag, type);
    });

    private static IEnumerable<string> Layout(string tag, Type type) =>
        type.GetFields(Instance).Select(f => $"{tag}.{f.Name}: {Offset(type, f)}").Prepend($"{tag}: {Size(type)}");

    /// <summary>Where the runtime itself puts a field, not where it would marshal it to.</summary>
    private static nint Offset(Type type, FieldInfo field)
    {
        DynamicMethod method = new("Offset", typeof(nint), null, type, skipVisibility: true);
        ILGenerator code = method.GetILGenerator();
        LocalBuilder value = code.DeclareLocal(type);
        code.Emit(OpCodes.Ldloca, value);
        code.Emit(OpCodes.Ldflda, field);
        code.Emit(OpCodes.Conv_U);
        code.Emit(OpCodes.Ldloca, value);
        code.Emit(OpCodes.Conv_U);
        code.Emit(OpCodes.Sub);
        code.Emit(OpCodes.Ret);
        return (nint)method.Invoke(null, null)!;
    }

    private static int Size(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

#pragma warning disable CS0649 // Only their layout is used.
    private struct WithPointer
    {
        public int a;
        public void* b;
    }

    private struct WithoutPointer
    {
        public int a;
        public int b;
    }
#pragma warning restore CS0649
}
