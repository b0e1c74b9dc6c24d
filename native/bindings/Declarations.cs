namespace NativeAdamax.Bindings;

/// <summary>A constant of the header: an integer of one of the C# types int, uint, long and ulong.</summary>
internal sealed record Constant(string Name, string Type, string Value);

internal sealed record Variable(string Type, string Name);

/// <summary>A struct with its fields in memory order; none for an opaque one.</summary>
internal sealed record Struct(string Name, IReadOnlyList<Variable> Fields);

internal sealed record Function(string Name, string ReturnType, IReadOnlyList<Variable> Parameters);

/// <summary>What a C header declares, in C#, without anything that depends on who read it.</summary>
internal sealed record Declarations(
    IReadOnlyList<Constant> Constants,
    IReadOnlyList<Struct> Structs,
    IReadOnlyList<Function> Functions);
