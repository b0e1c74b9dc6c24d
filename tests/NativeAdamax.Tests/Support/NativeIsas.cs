namespace NativeAdamax.Tests.Support;

/// <summary>Every instruction set of the native library that runs here.</summary>
public sealed class NativeIsas : TheoryData<Isa>
{
    public NativeIsas()
    {
        foreach (BackendSelection selection in Backend.Available)
        {
            if (selection.Kind == BackendKind.Native)
                Add(selection.Isa);
        }
    }
}
