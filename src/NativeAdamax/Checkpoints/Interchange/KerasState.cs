using System.Globalization;
using NativeAdamax.Styles.Keras;

namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>
/// Any optimizer's state as Keras's list of variables: iteration, learning rate, averages, sums of gradients, moments.
/// In a file they are numbered as numpy.savez numbers its arguments: arr_0, arr_1 and so on.
/// </summary>
public static class KerasState
{
    private const string Prefix = "arr_";

    /// <summary>
    /// A copy of the variables: the iteration an int64, the learning rate and Nadam's product float32, as in Keras.
    /// </summary>
    /// <param name="optimizer">Of any style and dialect.</param>
    /// <exception cref="ArgumentNullException"><paramref name="optimizer"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// The parameters have had different numbers of updates, which the one iteration of Keras cannot say; or one is
    /// longer than an array can be; or a function says how many gradients are accumulated for an update.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public static IReadOnlyList<PlainArray> Of(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        foreach (Parameter parameter in optimizer.Parameters)
        {
            long count = optimizer.State(parameter).UpdateCount;
            if (count != optimizer.StepCount)
            {
                throw new InvalidOperationException(
                    $"{parameter.Name} has had {count} updates, the optimizer {optimizer.StepCount}: "
                    + "Keras has one count.");
            }
        }

        return [.. Variables(optimizer).Select(variable => variable.Kind switch
        {
            VariableKind.Integer => PlainArray.Of([variable.Value.AsInteger()], []),
            VariableKind.Number => PlainArray.Of([(float)variable.Value.AsNumber()], []),
            _ => PlainArray.Of(variable.Value.AsArray()),
        })];
    }

    /// <summary>
    /// Goes on from the variables of Keras's optimizer, in their order. Their shapes are not looked at.
    /// </summary>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// Their number is another, or one has another kind or length. Nothing has been changed then.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A count is below 0, or a rate or product out of its range.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A function says how many gradients are accumulated for an update.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public static void Load(Optimizer optimizer, IReadOnlyList<PlainArray> arrays)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(arrays);
        OptimizerVariable[] variables = [.. Variables(optimizer)];
        if (arrays.Count != variables.Length)
        {
            throw new ArgumentException(
                $"There are {arrays.Count} arrays for {variables.Length} variables: "
                + $"{string.Join(", ", variables.Select(v => v.Name))}.", nameof(arrays));
        }

        VariableValue[] values = [.. variables.Select((variable, i) => Value(variable, arrays[i]))];
        for (int i = 0; i < values.Length; i++)
            variables[i].Check(values[i]);
        if (optimizer.Options is NadamOptions)
            Check.Fraction(values[^1].AsNumber(), variables[^1].Name);
        for (int i = 0; i < values.Length; i++)
            variables[i].Set(values[i]);
    }

    /// <summary>Writes the variables to a .npz file.</summary>
    /// <inheritdoc cref="Of"/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(Optimizer optimizer, string path) =>
        NumPyArchive.Write(path, Of(optimizer).Select((array, i) => KeyValuePair.Create(Name(i), array)));

    /// <summary>
    /// Goes on from a .npz file of <c>numpy.savez(path, *[v.numpy() for v in optimizer.variables])</c>.
    /// </summary>
    /// <inheritdoc cref="Load"/>
    /// <exception cref="CheckpointFormatException">The file is damaged, or holds what is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void Read(Optimizer optimizer, string path)
    {
        IReadOnlyDictionary<string, PlainArray> arrays = NumPyArchive.Read(path);
        Load(optimizer, [.. Enumerable.Range(0, arrays.Count).Select(i => arrays.GetValueOrDefault(Name(i))
            ?? throw new ArgumentException(
                $"The file has {arrays.Count} arrays and none is {Name(i)}.", nameof(path)))]);
    }

    private static string Name(int number) => Prefix + number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<OptimizerVariable> Variables(Optimizer optimizer) =>
        optimizer.Options.AccumulationSchedule is null
            ? StateVariables.Of(optimizer, "optimizer", isTf: false)
            : throw new InvalidOperationException(
                "A function says how many gradients are accumulated for an update: Keras has nothing like it.");

    private static VariableValue Value(OptimizerVariable variable, PlainArray array)
    {
        bool isFloat = array.Type is ElementType.Single or ElementType.Double;
        if (isFloat == (variable.Kind == VariableKind.Integer))
            throw new ArgumentException(
                $"{variable.Name} is of kind {variable.Kind}; the array is of type {array.Type}.");
        if (array.Length != variable.Length)
            throw new ArgumentException($"{variable.Name} has {variable.Length} elements, the array {array.Length}.");
        return variable.Kind switch
        {
            VariableKind.Integer when array.Type == ElementType.Int64 => array.Values<long>()[0],
            VariableKind.Integer => (long)array.Values<int>()[0],
            VariableKind.Number => array.ToNumber(),
            _ => array.ToSingles(),
        };
    }
}
