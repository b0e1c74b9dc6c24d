namespace NativeAdamax;

internal sealed class Parameter : IDisposable
{
    private readonly float[] _w, _g;
    private Parameter(long n, string? name) { _w = new float[n]; _g = new float[n]; Name = name ?? ""; M = new float[n]; U = new float[n]; }
    public static Parameter Create(long length, string? name = null) => new(length, name);
    public string Name { get; }
    public long Length => _w.Length;
    public Span<float> Weights => _w;
    public Span<float> Gradient => _g;
    public float[] M, U;
    public void Dispose() { }
}
internal sealed class SeamOptimizer(IEnumerable<Parameter> ps, string kind, double lr)
{
    private readonly Parameter[] _ps = ps.ToArray(); private long _t;
    public double LearningRate { get => lr; set => lr = value; }
    public void Step()
    {
        _t++;
        double b1 = 1 - Math.Pow(0.9, _t), b2 = 1 - Math.Pow(0.999, _t);
        foreach (var p in _ps)
        {
            var w = p.Weights; var g = p.Gradient;
            for (int i = 0; i < w.Length; i++)
            {
                p.M[i] += 0.1f * (g[i] - p.M[i]);
                if (kind == "adamax")
                {
                    p.U[i] = MathF.Max(p.U[i] - 0.001f * p.U[i], MathF.Abs(g[i]));
                    w[i] -= (float)(lr / b1) * p.M[i] / (p.U[i] + 1e-7f);
                }
                else
                {
                    p.U[i] += 0.001f * (g[i] * g[i] - p.U[i]);
                    w[i] -= (float)(lr / b1 * Math.Sqrt(b2)) * p.M[i] / (MathF.Sqrt(p.U[i]) + 1e-8f);
                }
            }
        }
    }
}
