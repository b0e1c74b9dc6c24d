using NativeAdamax.Schedules.PyTorch;

namespace NativeAdamax.Tests.Schedules;

public sealed class ScheduleTableTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void Measure()
    {
        foreach (ScheduleTable t in ScheduleTable.All.Values)
        {
            double peak = (t.Exact ?? t.Single)!.Max();
            double worst = 0, worstRel = 0, w32 = 0;
            long at = 0;
            for (int i = 0; i < t.Counts.Length; i++)
            {
                if (t.Schedule is OneCycleLR o && t.Counts[i] >= o.TotalSteps)
                    continue;
                double ours = t.Schedule.At(t.Counts[i]);
                if (t.Exact is { } e)
                {
                    worst = Math.Max(worst, Math.Abs(ours - e[i]) / peak);
                    double rel = e[i] == 0 ? (ours == 0 ? 0 : 1) : Math.Abs(ours - e[i]) / e[i];
                    if (rel > worstRel) { worstRel = rel; at = t.Counts[i]; }
                }
                if (t.Single is { } f)
                    w32 = Math.Max(w32, Math.Abs(ours - f[i]) / peak);
                if (t.Beta1 is { } b)
                    worst = Math.Max(worst, Math.Abs(b[i] - t.Schedule.Beta1At(t.Counts[i])!.Value));
                if (t.Metrics is { } m)
                    ((ReduceLROnPlateau)t.Schedule).Report(m[i]);
            }
            output.WriteLine($"{t.Name,-32} abs/peak {worst:e2} rel {worstRel:e2} at {at} f32 {w32 * (1 << 24):f2} ulp");
        }
    }
}
