using System.Globalization;
using System.Runtime.InteropServices;
using NativeAdamax.Clipping;
using NativeAdamax.Dialects;
using NativeAdamax.Engine;

namespace NativeAdamax.Checkpoints;

/// <summary>What a tensor of a checkpoint is to its parameter.</summary>
internal enum StateKind
{
    Weights,
    FirstMoment,
    SecondMoment,
    MaxSecondMoment,
    Average,
    GradientSum,
    Step,
    MomentumProduct,
    Norms,
    Beside,
}

/// <summary>A tensor of an optimizer's state: its name in a file, and where it is in memory.</summary>
internal sealed record StateTensor(int Parameter, StateKind Kind, string Name, TensorType Type, long[] Shape, Block Memory)
{
    /// <summary>The name of the tensor beside which this one stands; null: beside none.</summary>
    public string? BesideOf { get; init; }

    /// <summary>Whether it is a copy, which the engine has to be given.</summary>
    public bool IsCopy => Kind is StateKind.Step or StateKind.MomentumProduct or StateKind.Norms;
}

/// <summary>
/// All tensors of an optimizer's state. Those of the size of a parameter are where the engine has them; the small ones
/// are copies.
/// </summary>
internal sealed unsafe class StateTensors : IDisposable
{
    private readonly Optimizer _optimizer;
    private readonly Func<Parameter, IReadOnlyList<long>?>? _shapeOf;
    private readonly AlignedMemory _copies;
    private readonly List<StateTensor> _tensors = [];
    private readonly HashSet<string> _taken = [];
    private nint _nextCopy;

    /// <param name="optimizer">Whose state it is.</param>
    /// <param name="weights">Whether weights belong to it.</param>
    /// <param name="shapeOf">Shapes; null: one dimension.</param>
    /// <param name="isThere">Which histories of norms are wanted beside those that there are.</param>
    /// <exception cref="InvalidOperationException">Names are not fit for a file.</exception>
    /// <exception cref="ArgumentException">A shape has not as many elements as its parameter.</exception>
    public StateTensors(
        Optimizer optimizer, bool weights, Func<Parameter, IReadOnlyList<long>?>? shapeOf,
        Predicate<string>? isThere = null)
    {
        _optimizer = optimizer;
        _shapeOf = shapeOf;
        Names = NamesOf(optimizer.Parameters);
        bool hasNorms = Names.Where((name, i) => HasNorms(i, isThere)).Any();
        int perParameter = sizeof(long) + sizeof(double) + (hasNorms ? PercentileHistory.Length * sizeof(double) : 0);
        _copies = AlignedMemory.Allocate((nuint)Names.Length * (nuint)perParameter);
        _nextCopy = (nint)_copies.Pointer;
        try
        {
            for (int i = 0; i < Names.Length; i++)
                Add(i, weights, isThere);
        }
        catch
        {
            _copies.Dispose();
            throw;
        }
    }

    public IReadOnlyList<StateTensor> Tensors => _tensors;

    /// <summary>What the parameters are called in a file, in order.</summary>
    public string[] Names { get; }

    private UpdateEngine Engine => _optimizer.Engine;

    /// <summary>The names of parameters: the user's, or their places, for running numbers are others in another run.</summary>
    /// <exception cref="InvalidOperationException">Two have the same, or one is no text.</exception>
    public static string[] NamesOf(IReadOnlyList<Parameter> parameters)
    {
        string[] names = new string[parameters.Count];
        Dictionary<string, int> places = [];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = parameters[i].IsNamed ? parameters[i].Name : i.ToString(CultureInfo.InvariantCulture);
            if (!places.TryAdd(names[i], i))
            {
                throw new InvalidOperationException(
                    $"Parameters {places[names[i]]} and {i} are both called {CheckpointFormatException.Quote(names[i])} in a "
                    + "checkpoint: give each a name of its own.");
            }
        }

        return names;
    }

    /// <summary>Copies the small ones out of the engine.</summary>
    public void Gather()
    {
        foreach (StateTensor tensor in _tensors)
        {
            switch (tensor.Kind)
            {
                case StateKind.Step:
                    *(long*)tensor.Memory.Address = Engine.CountOf(tensor.Parameter);
                    break;
                case StateKind.MomentumProduct:
                    *(double*)tensor.Memory.Address = Engine.ProductOf(tensor.Parameter);
                    break;
                case StateKind.Norms:
                    Engine.HistoryOf(tensor.Parameter)!.Squares.CopyTo(Norms(tensor));
                    break;
            }
        }
    }

    /// <summary>Looks at the copy of a small one.</summary>
    /// <exception cref="CheckpointFormatException">It has what it cannot have.</exception>
    public static void Check(StateTensor tensor)
    {
        bool isRight = tensor.Kind switch
        {
            StateKind.Step => *(long*)tensor.Memory.Address is >= 0 and <= NativeAdamax.Check.MostSteps,
            StateKind.MomentumProduct => *(double*)tensor.Memory.Address is >= 0 and <= 1,
            StateKind.Norms => !Norms(tensor).ContainsAnyExceptInRange(0, double.MaxValue),
            _ => true,
        };
        if (!isRight)
        {
            throw new CheckpointFormatException(
                $"Tensor {CheckpointFormatException.Quote(tensor.Name)} has a value that it cannot have.");
        }

    }

    /// <summary>Gives the copy of a small one to the engine.</summary>
    /// <param name="tensor">One of them.</param>
    /// <param name="norms">Norms that its history has taken in.</param>
    public void Give(StateTensor tensor, long norms)
    {
        switch (tensor.Kind)
        {
            case StateKind.Step:
                Engine.SetCount(tensor.Parameter, *(long*)tensor.Memory.Address);
                break;
            case StateKind.MomentumProduct:
                Engine.SetProduct(tensor.Parameter, *(double*)tensor.Memory.Address);
                break;
            case StateKind.Norms:
                Engine.MakeHistory(tensor.Parameter).Restore(Norms(tensor), norms);
                break;
        }
    }

    public void Dispose() => _copies.Dispose();

    private static Span<double> Norms(StateTensor tensor) =>
        MemoryMarshal.Cast<byte, double>(tensor.Memory.Span(0, (int)tensor.Memory.Length));

    private void Add(int i, bool weights, Predicate<string>? isThere)
    {
        Parameter parameter = _optimizer.Parameters[i];
        string name = Names[i];
        bool isAdamax = _optimizer.Options.Algorithm == Algorithm.Adamax;
        long[] shape = ShapeOf(parameter);
        if (weights)
            Add(i, StateKind.Weights, name, shape, parameter.Slot.Weights);
        string second = isAdamax ? "exp_inf" : "exp_avg_sq";
        Add(i, StateKind.FirstMoment, $"{name}.exp_avg", shape, Engine.Of(StreamPlace.M, i));
        Add(i, StateKind.SecondMoment, $"{name}.{second}", shape, Engine.Of(StreamPlace.V, i));
        Add(i, StateKind.MaxSecondMoment, $"{name}.max_exp_avg_sq", shape, Engine.Of(StreamPlace.X, i));
        Add(i, StateKind.Average, $"{name}.average", shape, Engine.Of(StreamPlace.A, i));
        Add(i, StateKind.GradientSum, $"{name}.gradient_sum", shape, Engine.Of(StreamPlace.S, i));
        AddCopy(i, StateKind.Step, $"{name}.step", TensorType.I64, []);
        if (Engine.HasProduct(i))
            AddCopy(i, StateKind.MomentumProduct, $"{name}.mu_product", TensorType.F64, []);
        if (HasNorms(i, isThere))
            AddCopy(i, StateKind.Norms, $"{name}.gnorm_vec", TensorType.F64, [PercentileHistory.Length]);
    }

    private bool HasNorms(int i, Predicate<string>? isThere) =>
        Engine.HistoryOf(i) is not null || isThere?.Invoke($"{Names[i]}.gnorm_vec") == true;

    private void Add(int i, StateKind kind, string name, long[] shape, Kept kept)
    {
        ulong count = _optimizer.Parameters[i].Slot.Count;
        if (!kept.IsThere && !(kind == StateKind.Weights && count == 0))
            return;
        StoredFormat format = StoredFormat.Of(kept.Format);
        Block data = new((nint)kept.Data, (long)StreamFormat.DataBytes(kept.Format, count));
        Add(new StateTensor(i, kind, name, format.Type, format.IsHalves ? [data.Length] : shape, data));
        if (format.Beside is not { } beside)
            return;
        long[] besideShape = StreamFormat.IsBlocks(kept.Format) ? [(long)StreamFormat.Blocks(count)] : shape;
        Block bytes = new((nint)kept.Beside, (long)StreamFormat.BesideBytes(kept.Format, count));
        Add(new StateTensor(i, StateKind.Beside, $"{name}.{beside}", format.BesideType, besideShape, bytes) { BesideOf = name });
    }

    private void AddCopy(int i, StateKind kind, string name, TensorType type, long[] shape)
    {
        long bytes = TensorInfo.Bytes(type, shape);
        Add(new StateTensor(i, kind, name, type, shape, new Block(_nextCopy, bytes)));
        _nextCopy += (nint)bytes;
    }

    private void Add(StateTensor tensor)
    {
        if (!_taken.Add(tensor.Name))
        {
            throw new InvalidOperationException(
                $"Two tensors would be called {CheckpointFormatException.Quote(tensor.Name)} in a checkpoint: a parameter is "
                + "named like the state of another.");
        }

        _tensors.Add(tensor);
    }

    private long[] ShapeOf(Parameter parameter)
    {
        if (_shapeOf?.Invoke(parameter) is not { } given)
            return [parameter.Length];
        long[] shape = [.. given];
        UInt128 count = shape.Aggregate(UInt128.One, (product, d) => d >= 0 ? product * (ulong)d : UInt128.MaxValue);
        return count == (UInt128)parameter.Length
            ? shape
            : throw new ArgumentException(
                $"The shape [{string.Join(", ", shape)}] has not the {parameter.Length} elements of {parameter.Name}.");
    }
}
