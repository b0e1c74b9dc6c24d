using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;

namespace NativeAdamax;

/// <summary>
/// The kernels over spans, without an optimizer: one pass over memory, in place, on the calling thread, on the backend
/// of <see cref="Backend.Info"/>. Nothing is allocated.
/// </summary>
/// <remarks>
/// <para>All spans of a call have the length of the first one, 0 included, and none overlaps another. An argument that
/// is refused is refused before anything is changed.</para>
/// <para>The same arguments give the same bits on every backend and instruction set; a NaN may have another
/// payload.</para>
/// </remarks>
public static unsafe partial class FusedOps
{
    /// <summary>
    /// One step of the Adam family: Adam, AdamW, AMSGrad and Nadam differ in <paramref name="scalars"/> and in
    /// whether there is <paramref name="x"/>.
    /// </summary>
    /// <remarks>
    /// <para><see cref="StepScalars"/> has the formulas. With alpha the learning rate, t = 1, 2, ... the step and
    /// C1 = 1 - beta1, C2 = 1 - beta2 throughout:</para>
    /// <list type="bullet">
    /// <item>Adam, Algorithm 1 of Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, with the
    /// corrections as in the paragraph before its section 2.1: Step = alpha * sqrt(1 - beta2^t) / (1 - beta1^t),
    /// Eps = epsilon-hat, or epsilon * sqrt(1 - beta2^t) for the epsilon of the algorithm itself.</item>
    /// <item>AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019): also
    /// Lambda = alpha * decay.</item>
    /// <item>AMSGrad (Reddi, Kale and Kumar, "On the Convergence of Adam and Beyond", ICLR 2018): also
    /// <paramref name="x"/>, the largest second moment so far.</item>
    /// <item>Nadam (Dozat, "Incorporating Nesterov Momentum into Adam", ICLR 2016 workshop): the momentum of the next
    /// step in NumM and the gradient's share in NumG.</item>
    /// </list>
    /// </remarks>
    /// <param name="w">Weights; updated, and replaced by the average or kept from falling below 0 where
    /// <see cref="StepScalars.EmaOverwrite"/> and <see cref="StepScalars.NonNegative"/> say so.</param>
    /// <param name="g">Gradient; read, and zeroed where <see cref="StepScalars.ZeroGrad"/> says so.</param>
    /// <param name="m">First moment, zeros before the first step; updated.</param>
    /// <param name="v">Second moment, zeros before the first step, never negative; updated.</param>
    /// <param name="scalars">The numbers of this step.</param>
    /// <param name="x">AMSGrad's maximum, zeros before the first step, never negative; updated. Empty for none.</param>
    /// <param name="a">Moving average of the weights, updated with the new weights. Empty for none.</param>
    /// <exception cref="ArgumentException">A span's length is not that of <paramref name="w"/>, two spans overlap, or
    /// one does not start at a multiple of four bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A scalar is out of its range.</exception>
    /// <exception cref="BackendUnavailableException">The environment asks for a backend that is not there.</exception>
    public static void Adam(
        Span<float> w,
        Span<float> g,
        Span<float> m,
        Span<float> v,
        in StepScalars scalars,
        Span<float> x = default,
        Span<float> a = default) => Adam(BackendChooser.Default, w, g, m, v, scalars, x, a);

    /// <summary>One step of Adamax.</summary>
    /// <remarks>
    /// Algorithm 2 in section 7.1 of Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, with alpha
    /// the learning rate and t = 1, 2, ... the step: C1 = 1 - beta1, C2 = 1 - beta2, Step = alpha / (1 - beta1^t). The
    /// paper divides by the norm alone; an epsilon stands in <see cref="StepScalars.Eps"/> (added to the norm) or in
    /// <see cref="StepScalars.EpsIn"/> (inside the maximum). <see cref="StepScalars"/> has the formulas.
    /// </remarks>
    /// <param name="w">Weights; updated, and replaced by the average or kept from falling below 0 where
    /// <see cref="StepScalars.EmaOverwrite"/> and <see cref="StepScalars.NonNegative"/> say so.</param>
    /// <param name="g">Gradient; read, and zeroed where <see cref="StepScalars.ZeroGrad"/> says so.</param>
    /// <param name="m">First moment, zeros before the first step; updated.</param>
    /// <param name="u">Infinity norm, zeros before the first step, never negative; updated.</param>
    /// <param name="scalars">The numbers of this step; VCap, NuScale and Root play no part.</param>
    /// <param name="a">Moving average of the weights, updated with the new weights. Empty for none.</param>
    /// <exception cref="ArgumentException">A span's length is not that of <paramref name="w"/>, two spans overlap, or
    /// one does not start at a multiple of four bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A scalar is out of its range.</exception>
    /// <exception cref="BackendUnavailableException">The environment asks for a backend that is not there.</exception>
    public static void Adamax(
        Span<float> w,
        Span<float> g,
        Span<float> m,
        Span<float> u,
        in StepScalars scalars,
        Span<float> a = default) => Adamax(BackendChooser.Default, w, g, m, u, scalars, a);

    /// <summary>A moving average of weights: a = a + ema * (w - a).</summary>
    /// <remarks>Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992, with exponential
    /// weights. This form neither drifts from constant weights nor is biased by two rounded factors.</remarks>
    /// <param name="w">Weights; read.</param>
    /// <param name="a">Average; updated.</param>
    /// <param name="ema">1 - momentum, from 0 to 1; rounded to float32.</param>
    /// <exception cref="ArgumentException">The lengths differ, the spans overlap, or one does not start at a multiple
    /// of four bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ema"/> is not from 0 to 1.</exception>
    /// <exception cref="BackendUnavailableException">The environment asks for a backend that is not there.</exception>
    public static void Ema(ReadOnlySpan<float> w, Span<float> a, double ema) =>
        Ema(BackendChooser.Default, w, a, ema);

    /// <summary>Adds a gradient to a sum of gradients: s = s + scale * g.</summary>
    /// <param name="g">Gradient; read, and zeroed where <paramref name="zeroGrad"/> says so.</param>
    /// <param name="s">Sum; updated.</param>
    /// <param name="scale">Factor of the gradient, finite; rounded to float32.</param>
    /// <param name="zeroGrad">Store 0 over the gradient after it was read.</param>
    /// <exception cref="ArgumentException">The lengths differ, the spans overlap, or one does not start at a multiple
    /// of four bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is not finite as a float.</exception>
    /// <exception cref="BackendUnavailableException">The environment asks for a backend that is not there.</exception>
    public static void Accumulate(Span<float> g, Span<float> s, double scale = 1, bool zeroGrad = false) =>
        Accumulate(BackendChooser.Default, g, s, scale, zeroGrad);

    /// <summary>The sum of the squares of all elements; 0 of none.</summary>
    /// <remarks>
    /// Squares are exact in double. They are added in 32 lanes over blocks of 4096 elements, the lanes and then the
    /// blocks as a fixed tree: the result does not depend on the backend. It is not finite if, and only if, an element
    /// is not.
    /// </remarks>
    /// <exception cref="ArgumentException">The span does not start at a multiple of four bytes.</exception>
    /// <exception cref="BackendUnavailableException">The environment asks for a backend that is not there.</exception>
    public static double SumOfSquares(ReadOnlySpan<float> values) => SumOfSquares(BackendChooser.Default, values);

    /// <summary>The index of the first element that is infinite or NaN; -1 if all are finite.</summary>
    /// <exception cref="ArgumentException">The span does not start at a multiple of four bytes.</exception>
    /// <exception cref="BackendUnavailableException">The environment asks for a backend that is not there.</exception>
    public static long FirstNonFinite(ReadOnlySpan<float> values) => FirstNonFinite(BackendChooser.Default, values);

    internal static void Adam(
        KernelBackend backend,
        Span<float> w,
        Span<float> g,
        Span<float> m,
        Span<float> v,
        in StepScalars scalars,
        Span<float> x,
        Span<float> a)
    {
        SameLength(w.Length, g.Length, nameof(g));
        SameLength(w.Length, m.Length, nameof(m));
        SameLength(w.Length, v.Length, nameof(v));
        SameLengthOrNone(w.Length, x.Length, nameof(x));
        SameLengthOrNone(w.Length, a.Length, nameof(a));
        CheckScalars(scalars);
        fixed (float* pw = w, pg = g, pm = m, pv = v, px = x, pa = a)
        {
            NaTensor tensor = new() { w = pw, g = pg, m = pm, v = pv, x = px, a = pa, count = (ulong)w.Length };
            CheckStreams(&tensor);
            NaScalars row = scalars.ToNative();
            NaJob job = JobOver(backend, &row, &tensor);
            ThrowIfRefused(backend.Adam(&job));
        }
    }

    internal static void Adamax(
        KernelBackend backend,
        Span<float> w,
        Span<float> g,
        Span<float> m,
        Span<float> u,
        in StepScalars scalars,
        Span<float> a)
    {
        SameLength(w.Length, g.Length, nameof(g));
        SameLength(w.Length, m.Length, nameof(m));
        SameLength(w.Length, u.Length, nameof(u));
        SameLengthOrNone(w.Length, a.Length, nameof(a));
        CheckScalars(scalars);
        fixed (float* pw = w, pg = g, pm = m, pu = u, pa = a)
        {
            NaTensor tensor = new() { w = pw, g = pg, m = pm, v = pu, a = pa, count = (ulong)w.Length };
            CheckStreams(&tensor, AdamaxNames);
            NaScalars row = scalars.ToNative();
            NaJob job = JobOver(backend, &row, &tensor);
            ThrowIfRefused(backend.Adamax(&job));
        }
    }

    internal static void Ema(KernelBackend backend, ReadOnlySpan<float> w, Span<float> a, double ema)
    {
        SameLength(w.Length, a.Length, nameof(a));
        CheckRate(ema, nameof(ema), nameof(ema));
        fixed (float* pw = w, pa = a)
        {
            NaTensor tensor = new() { w = pw, a = pa, count = (ulong)w.Length };
            CheckStreams(&tensor);
            NaScalars row = new StepScalars { Ema = ema }.ToNative();
            NaJob job = JobOver(backend, &row, &tensor);
            ThrowIfRefused(backend.Ema(&job));
        }
    }

    internal static void Accumulate(KernelBackend backend, Span<float> g, Span<float> s, double scale, bool zeroGrad)
    {
        SameLength(g.Length, s.Length, nameof(s));
        CheckFinite(scale, nameof(scale), nameof(scale));
        fixed (float* pg = g, ps = s)
        {
            NaTensor tensor = new() { g = pg, s = ps, count = (ulong)g.Length };
            CheckStreams(&tensor);
            NaScalars row = new StepScalars { GradScale = scale, ZeroGrad = zeroGrad }.ToNative();
            NaJob job = JobOver(backend, &row, &tensor);
            ThrowIfRefused(backend.Accumulate(&job));
        }
    }

    internal static double SumOfSquares(KernelBackend backend, ReadOnlySpan<float> values)
    {
        const int blocks = 64;
        double* sums = stackalloc double[blocks];
        PairwiseSum total = default;
        fixed (float* g = values)
        {
            NaTensor tensor = new() { g = g, count = (ulong)values.Length };
            CheckAligned(g, nameof(values));
            NaJob job = JobOver(backend, null, &tensor);
            for (ulong begin = 0; begin < tensor.count; begin = job.end)
            {
                job.begin = begin;
                job.end = ulong.Min(begin + blocks * NativeMethods.NA_SUM_BLOCK, tensor.count);
                ThrowIfRefused(backend.SumSquares(&job, sums, blocks));
                ulong used = (job.end - begin + NativeMethods.NA_SUM_BLOCK - 1) / NativeMethods.NA_SUM_BLOCK;
                total.Add(new ReadOnlySpan<double>(sums, (int)used));
            }
        }

        return total.Total();
    }

    internal static long FirstNonFinite(KernelBackend backend, ReadOnlySpan<float> values)
    {
        fixed (float* g = values)
        {
            NaTensor tensor = new() { g = g, count = (ulong)values.Length };
            CheckAligned(g, nameof(values));
            NaJob job = JobOver(backend, null, &tensor);
            ulong found, index;
            ThrowIfRefused(backend.FirstNonFinite(&job, &found, &index));
            return found == 0 ? (long)index : -1;
        }
    }

    private static NaJob JobOver(KernelBackend backend, NaScalars* row, NaTensor* tensor) => new()
    {
        kernels = backend.Kernels,
        rows = row,
        tensors = tensor,
        row_count = row == null ? 0ul : 1ul,
        tensor_count = 1,
        begin = 0,
        end = tensor->count,
    };
}
