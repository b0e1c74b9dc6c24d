using System.Diagnostics;
using NativeAdamax;
using NativeAdamax.Demo.Noise;
using NativeAdamax.Demo.Numerics;
int secs = int.Parse(args[0]); ulong seed = ulong.Parse(args[1]);
var sw = Stopwatch.StartNew();
var rec = Recording.Generate(secs, new Xoshiro256(seed, 3));
Console.WriteLine($"gen {sw.Elapsed.TotalSeconds:F2}");
double pn = rec.Noise.Sum(x => x * x) / rec.Length; Console.WriteLine($"noise power {pn}");
foreach (var (kind, grid) in new[] { ("sgd", new[] { 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3,1e-2 }), ("adam", new[] { 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2 ,3e-2}), ("adamax", new[] { 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2,3e-2 }) })
foreach (double lr in grid)
{
    sw.Restart();
    using var p = Parameter.Create(256);
    Action step;
    if (kind == "sgd") step = () => { var w = p.Weights; var g = p.Gradient; for (int i = 0; i < 256; i++) w[i] -= (float)lr * g[i]; };
    else { var o = new SeamOptimizer([p], kind, lr); step = o.Step; }
    var e = AdaptiveFilter.Run(rec, p, step, _ => { }, default);
    Console.Write($"{kind} {lr} gain {Gain.Over(rec, e, 0, rec.Length):F2} dB  {sw.Elapsed.TotalSeconds:F2}s  scenes");
    for (int s = 0; s < secs / 4; s++) Console.Write($" {Gain.Over(rec, e, s * 32000, (s + 1) * 32000):F1}");
    Console.WriteLine();
}
