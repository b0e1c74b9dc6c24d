using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace NativeAdamax.Tests.Support;

/// <summary>
/// What must hold for any values, tried on a sequence that is always the same: a failure is one that everybody sees.
/// </summary>
internal static class Always
{
    public static void Holds<T>(Gen<T> values, Action<T> body)
    {
        Replay replay = new(new Rnd(20241121, 7919), FSharpOption<int>.None);
        Prop.ForAll(values.ToArbitrary(), body)
            .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(150)
                .WithReplay(FSharpOption<Replay>.Some(replay)));
    }
}
