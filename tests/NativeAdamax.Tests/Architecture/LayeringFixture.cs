#pragma warning disable IDE0130, IDE0161, CA1822, CA1812, CA1823, IDE0051, IDE0052, CA1852
// Types that stand in the layers of a small house of their own, four of them where they should not.
namespace NativeAdamax.Tests.Architecture.Fixture
{
    internal sealed record Word(int Value);

    internal sealed class Surface
    {
        public Engine.Plan Plan { get; } = new();
    }
}

namespace NativeAdamax.Tests.Architecture.Fixture.Engine
{
    internal sealed class Plan
    {
        public Kernels.Loop Loop { get; } = new();

        public Word Word { get; } = new(1);
    }
}

namespace NativeAdamax.Tests.Architecture.Fixture.Dialects
{
    internal sealed class Rule
    {
        public Word Allowed(Word word) => word;
    }
}

namespace NativeAdamax.Tests.Architecture.Fixture.Backends
{
    internal sealed class InAMethodBody
    {
        public int Run() => Enumerable.Range(0, 3).Count(i => new Engine.Plan().GetHashCode() > i);
    }

    internal sealed class InASibling
    {
        public void Run(Dialects.Rule rule) => rule.ToString();
    }
}

namespace NativeAdamax.Tests.Architecture.Fixture.Kernels
{
    internal sealed class Loop
    {
        public Word Allowed(Word word) => word;
    }

    internal sealed class ThroughTheApi
    {
        public object Make() => new Surface();
    }
}

namespace NativeAdamax.Tests.Architecture.Fixture.Interop
{
    internal sealed class ByAGenericArgument
    {
        public List<Kernels.Loop[]> Loops { get; } = [];
    }
}
