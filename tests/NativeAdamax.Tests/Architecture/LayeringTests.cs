namespace NativeAdamax.Tests.Architecture;

public sealed class LayeringTests
{
    private const string Fixture = "NativeAdamax.Tests.Architecture.Fixture";

    [Fact]
    public void NoLayerNamesALayerAboveIt()
    {
        string[] upward = Layers.UpwardReferences(typeof(Backend).Assembly.GetTypes(), "NativeAdamax");
        Assert.True(upward.Length == 0, string.Join('\n', upward));
    }

    [Fact]
    public void AnUpwardReferenceIsFoundWhereverItHides()
    {
        string[] found = Layers.UpwardReferences(GetType().Assembly.GetTypes(), Fixture);
        Assert.Equal(
            [
                $"{Fixture}.Backends.InAMethodBody names {Fixture}.Engine.Plan",
                $"{Fixture}.Backends.InASibling names {Fixture}.Dialects.Rule",
                $"{Fixture}.Interop.ByAGenericArgument names {Fixture}.Kernels.Loop",
                $"{Fixture}.Kernels.ThroughTheApi names {Fixture}.Surface, which leads to {Fixture}.Engine.Plan",
            ],
            found);
    }
}
