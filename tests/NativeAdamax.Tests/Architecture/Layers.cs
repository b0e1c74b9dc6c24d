namespace NativeAdamax.Tests.Architecture;

/// <summary>
/// The arrows of the design: API, Engine, Dialects and Backends, Kernels, Interop, each naming only those below it.
/// </summary>
/// <remarks>
/// The API's namespace also holds the words that the layers share (an option record, an enum, a report). A lower layer
/// may name such a type while neither it nor anything it leads to names that layer or one above: then there is no way
/// back.
/// </remarks>
internal static class Layers
{
    private const int Api = 4;

    private static readonly Dictionary<string, int> Ranks = new()
    {
        ["Interop"] = 0,
        ["Kernels"] = 1,
        ["Backends"] = 2,
        ["Dialects"] = 2,
        ["Engine"] = 3,
    };

    /// <summary>Every reference against the arrows, as text; empty where there is none.</summary>
    public static string[] UpwardReferences(IEnumerable<Type> types, string root)
    {
        TypeReferences references = new(types, t => IsIn(t, root));
        List<string> upward = [];
        foreach (Type type in references.Types.Where(t => IsIn(t, root)))
        {
            int rank = Rank(type, root);
            foreach (Type other in references.Of(type).Where(_ => rank < Api))
            {
                if (Rank(other, root) < Api)
                {
                    if (Rank(other, root) > rank || (Rank(other, root) == rank && other.Namespace != type.Namespace))
                        upward.Add($"{type.FullName} names {other.FullName}");
                }
                else if (WayBack(other, rank, references, root) is { } back)
                {
                    upward.Add($"{type.FullName} names {other.FullName}, which leads to {back.FullName}");
                }
            }
        }

        return [.. upward.Order(StringComparer.Ordinal)];
    }

    private static Type? WayBack(Type from, int rank, TypeReferences references, string root)
    {
        HashSet<Type> seen = [from];
        Queue<Type> open = new(seen);
        while (open.TryDequeue(out Type? type))
        {
            foreach (Type next in references.Of(type).Where(seen.Add))
            {
                if (Rank(next, root) < Api && Rank(next, root) >= rank)
                    return next;
                if (Rank(next, root) == Api)
                    open.Enqueue(next);
            }
        }

        return null;
    }

    private static bool IsIn(Type type, string root) =>
        type.Namespace == root || (type.Namespace?.StartsWith(root + ".", StringComparison.Ordinal) ?? false);

    private static int Rank(Type type, string root) =>
        type.Namespace == root ? Api : Ranks.GetValueOrDefault(type.Namespace![(root.Length + 1)..].Split('.')[0], Api);
}
