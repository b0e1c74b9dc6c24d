using System.Reflection;
using System.Reflection.Emit;

namespace NativeAdamax.Tests.Architecture;

/// <summary>
/// Which types of an assembly name which others: bases, interfaces, signatures, local variables and every token of the
/// methods' IL. Nested and compiler-made types count as the type that declares them.
/// </summary>
internal sealed class TypeReferences
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public
        | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> OpCodes = typeof(OpCodes)
        .GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => (int)(ushort)o.Value);

    private readonly Dictionary<Type, HashSet<Type>> _references = [];
    private readonly Func<Type, bool> _included;

    public TypeReferences(IEnumerable<Type> types, Func<Type, bool> included)
    {
        _included = included;
        foreach (Type type in types)
            Scan(type);
    }

    public IReadOnlyCollection<Type> Types => _references.Keys;

    public IReadOnlyCollection<Type> Of(Type type) =>
        _references.TryGetValue(type, out HashSet<Type>? found) ? found : [];

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } declaring)
            type = declaring;
        return type;
    }

    private void Scan(Type type)
    {
        HashSet<Type> found = [];
        Add(found, type.BaseType);
        foreach (Type each in type.GetInterfaces())
            Add(found, each);
        foreach (FieldInfo field in type.GetFields(All))
            Add(found, field.FieldType);
        foreach (MethodBase method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
            Scan(found, method);
        Type outermost = Outermost(type);
        found.Remove(outermost);
        if (!_references.TryAdd(outermost, found))
            _references[outermost].UnionWith(found);
    }

    private void Scan(HashSet<Type> found, MethodBase method)
    {
        foreach (ParameterInfo parameter in method.GetParameters())
            Add(found, parameter.ParameterType);
        if (method is MethodInfo { ReturnType: { } returned })
            Add(found, returned);
        if (method.GetMethodBody() is not { } body)
            return;
        foreach (LocalVariableInfo local in body.LocalVariables)
            Add(found, local.LocalType);
        foreach (ExceptionHandlingClause clause in body.ExceptionHandlingClauses
            .Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause))
            Add(found, clause.CatchType);
        ScanTokens(found, method, body.GetILAsByteArray()!);
    }

    private void ScanTokens(HashSet<Type> found, MethodBase method, byte[] il)
    {
        Type[]? typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < il.Length;)
        {
            int value = il[at++];
            if (value == 0xFE)
                value = 0xFE00 | il[at++];
            OpCode code = OpCodes[value];
            int length = code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
                _ => 4,
            };
            if (code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                or OperandType.InlineType)
            {
                MemberInfo member =
                    method.Module.ResolveMember(BitConverter.ToInt32(il, at), typeArguments, methodArguments)!;
                Add(found, member as Type ?? member.DeclaringType);
                if (member is MethodInfo { IsGenericMethod: true } generic)
                {
                    foreach (Type argument in generic.GetGenericArguments())
                        Add(found, argument);
                }
            }

            at += length;
        }
    }

    private void Add(HashSet<Type> found, Type? type)
    {
        while (type?.GetElementType() is { } element)
            type = element;
        if (type is null || type.IsGenericParameter)
            return;
        foreach (Type argument in type.GetGenericArguments())
            Add(found, argument);
        Type outermost = Outermost(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
        if (_included(outermost))
            found.Add(outermost);
    }
}
