using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NativeAdamax.Bindings;

/// <summary>
/// Reads the generator's C#. It knows the few forms that a C header of plain structs, functions and integer macros
/// gives, takes what does not matter in any spelling (white space, order, accessibility, type-name attributes), and
/// refuses all else.
/// </summary>
internal sealed class BindingsReader
{
    public const string Namespace = "NativeAdamax.Interop";
    public const string ClassName = "NativeMethods";
    public const string Library = "native_adamax";

    private readonly List<Constant> _constants = [];
    private readonly List<Struct> _structs = [];
    private readonly List<Function> _functions = [];

    private BindingsReader()
    {
    }

    /// <exception cref="BindingsException">A piece is not understood; the message has its line and text.</exception>
    public static Declarations Read(string generated)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(generated);
        if (tree.GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is { } error)
            throw new BindingsException($"the generator's output is not C#: {error}");
        var reader = new BindingsReader();
        reader.ReadUnit(tree.GetCompilationUnitRoot());
        return new Declarations(reader._constants, reader._structs, reader._functions);
    }

    private void ReadUnit(CompilationUnitSyntax unit)
    {
        // What #if leaves out is not in the tree: it would be dropped without a word.
        foreach (SyntaxTrivia trivia in unit.DescendantTrivia())
        {
            if (trivia.IsDirective || trivia.IsKind(SyntaxKind.DisabledTextTrivia))
                throw Refusal(trivia.GetLocation(), trivia.ToString(), "a preprocessor directive");
        }

        foreach (UsingDirectiveSyntax import in unit.DescendantNodes().OfType<UsingDirectiveSyntax>())
        {
            bool plain = import.Alias is null && import.StaticKeyword.IsKind(SyntaxKind.None);
            Require(plain, import, "an alias or a static import");
        }

        Require(unit.AttributeLists.Count == 0 && unit.Externs.Count == 0, unit, "an attribute or an alias of an assembly");
        foreach (MemberDeclarationSyntax member in unit.Members)
        {
            if (member is not BaseNamespaceDeclarationSyntax space || space.Name.ToString() != Namespace)
                throw Refusal(member, $"not in the namespace {Namespace}");
            foreach (MemberDeclarationSyntax type in space.Members)
                ReadType(type);
        }
    }

    private void ReadType(MemberDeclarationSyntax member)
    {
        if (member is not TypeDeclarationSyntax type)
            throw Refusal(member, "neither a struct nor a class");
        RequireOnlyTypeNames(type.AttributeLists);
        bool plain = type.BaseList is null && type.TypeParameterList is null && type.ParameterList is null;
        Require(plain, type, "a base, a type parameter or a constructor");
        if (type is StructDeclarationSyntax)
            ReadStruct(type);
        else if (type is ClassDeclarationSyntax && type.Identifier.ValueText == ClassName)
            ReadMethods(type);
        else
            throw Refusal(type, $"not the class {ClassName}");
    }

    private void ReadStruct(TypeDeclarationSyntax type)
    {
        RequireModifiers(type, SyntaxKind.UnsafeKeyword, SyntaxKind.PartialKeyword);
        string name = type.Identifier.Text;
        Require(_structs.All(s => s.Name != name), type, "a struct in two pieces, whose order is not known");
        var fields = new List<Variable>();
        foreach (MemberDeclarationSyntax member in type.Members)
        {
            if (member is not FieldDeclarationSyntax field)
                throw Refusal(member, "not a field");
            RequireOnlyTypeNames(field.AttributeLists);
            RequireModifiers(field);
            string fieldType = TypeName(field.Declaration.Type);
            foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables)
            {
                bool plain = variable.Initializer is null && variable.ArgumentList is null;
                Require(plain, field, "a field with a value or a length");
                fields.Add(new Variable(fieldType, variable.Identifier.Text));
            }
        }
        _structs.Add(new Struct(name, fields));
    }

    private void ReadMethods(TypeDeclarationSyntax type)
    {
        RequireModifiers(type, SyntaxKind.StaticKeyword, SyntaxKind.UnsafeKeyword, SyntaxKind.PartialKeyword);
        foreach (MemberDeclarationSyntax member in type.Members)
        {
            if (member is MethodDeclarationSyntax method)
                ReadFunction(method);
            else if (member is FieldDeclarationSyntax field)
                ReadConstant(field);
            else
                throw Refusal(member, "neither a function nor a constant");
        }
    }

    private void ReadFunction(MethodDeclarationSyntax method)
    {
        string name = method.Identifier.Text;
        RequireModifiers(method, SyntaxKind.StaticKeyword, SyntaxKind.ExternKeyword, SyntaxKind.UnsafeKeyword);
        Require(method.Modifiers.Any(SyntaxKind.ExternKeyword), method, "a function with a body");
        Require(method.TypeParameterList is null, method, "a generic function");
        Require(_functions.All(f => f.Name != name), method, "a second function of this name");
        AttributeSyntax[] imports = [.. OtherAttributes(method.AttributeLists)];
        Require(imports.Length == 1, method, "attributes other than one DllImport");
        RequireImport(imports[0], name);
        var parameters = new List<Variable>();
        foreach (ParameterSyntax parameter in method.ParameterList.Parameters)
        {
            RequireOnlyTypeNames(parameter.AttributeLists);
            if (parameter is not { Modifiers: [], Default: null, Type: { } parameterType })
                throw Refusal(parameter, "a parameter that is not plain");
            parameters.Add(new Variable(TypeName(parameterType), parameter.Identifier.Text));
        }
        _functions.Add(new Function(name, TypeName(method.ReturnType, mayBeVoid: true), parameters));
    }

    private static void RequireImport(AttributeSyntax import, string name)
    {
        Require(LastName(import.Name) == "DllImport" && import.ArgumentList is not null, import, "not a DllImport");
        bool library = false, convention = false;
        foreach (AttributeArgumentSyntax argument in import.ArgumentList!.Arguments)
        {
            ExpressionSyntax expression = argument.Expression;
            string value = expression is LiteralExpressionSyntax text ? text.Token.ValueText : expression.ToString();
            switch (argument.NameEquals?.Name.Identifier.ValueText)
            {
                case null when value == Library:
                    library = true;
                    break;
                case "CallingConvention" when value.Split('.')[^1] == "Cdecl":
                    convention = true;
                    break;
                case "ExactSpelling" when value == "true":
                case "EntryPoint" when value == name:
                    break;
                default:
                    throw Refusal(import, $"the argument {argument}");
            }
        }
        Require(library && convention, import, $"not an import from {Library} with the calling convention Cdecl");
    }

    private void ReadConstant(FieldDeclarationSyntax field)
    {
        RequireOnlyTypeNames(field.AttributeLists);
        RequireModifiers(field, SyntaxKind.ConstKeyword);
        Require(field.Modifiers.Any(SyntaxKind.ConstKeyword), field, "a field that is no constant");
        string type = field.Declaration.Type.ToString();
        Require(type is "int" or "uint" or "long" or "ulong", field, "a constant that is no integer");
        foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables)
        {
            string name = variable.Identifier.Text;
            Require(_constants.All(c => c.Name != name), field, "a second constant of this name");
            ExpressionSyntax? value = variable.Initializer?.Value;
            bool negative = value.IsKind(SyntaxKind.UnaryMinusExpression);
            if (negative)
                value = ((PrefixUnaryExpressionSyntax)value!).Operand;
            if (value is not LiteralExpressionSyntax { Token.Value: int or uint or long or ulong } literal)
                throw Refusal(field, "a value that is not an integer literal");
            string digits = Convert.ToString(literal.Token.Value, CultureInfo.InvariantCulture)!;
            _constants.Add(new Constant(name, type, negative ? "-" + digits : digits));
        }
    }

    private static string TypeName(TypeSyntax type, bool mayBeVoid = false)
    {
        string stars = "";
        TypeSyntax element = type;
        for (; element is PointerTypeSyntax pointer; element = pointer.ElementType)
            stars += "*";
        string name = LastName(element);
        name = name switch { "UIntPtr" => "nuint", "IntPtr" => "nint", _ => name };
        bool known = name switch
        {
            "void" => mayBeVoid || stars != "",
            "sbyte" or "byte" or "short" or "ushort" or "int" or "uint" or "long" or "ulong" => true,
            "nint" or "nuint" or "float" or "double" => true,
            _ => name.StartsWith("Na", StringComparison.Ordinal) && element is NameSyntax,
        };
        Require(known, type, "a type outside the ABI's plain ones, or a struct without its --remap");
        return name + stars;
    }

    private static string LastName(TypeSyntax type) => type switch
    {
        PredefinedTypeSyntax predefined => predefined.Keyword.ValueText,
        SimpleNameSyntax simple and not GenericNameSyntax => simple.Identifier.Text,
        QualifiedNameSyntax { Right: IdentifierNameSyntax right } => right.Identifier.Text,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.Text,
        _ => "",
    };

    private static IEnumerable<AttributeSyntax> OtherAttributes(SyntaxList<AttributeListSyntax> lists) =>
        lists.SelectMany(l => l.Attributes).Where(a => LastName(a.Name) != "NativeTypeName");

    private static void RequireOnlyTypeNames(SyntaxList<AttributeListSyntax> lists)
    {
        if (OtherAttributes(lists).FirstOrDefault() is { } attribute)
            throw Refusal(attribute, "an attribute");
    }

    private static void RequireModifiers(MemberDeclarationSyntax member, params ReadOnlySpan<SyntaxKind> known)
    {
        foreach (SyntaxToken modifier in member.Modifiers)
        {
            bool access = modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword;
            Require(access || known.Contains(modifier.Kind()), member, $"the modifier {modifier}");
        }
    }

    private static void Require(bool condition, SyntaxNode node, string what)
    {
        if (!condition)
            throw Refusal(node, what);
    }

    private static BindingsException Refusal(SyntaxNode node, string what) =>
        Refusal(node.GetLocation(), node.ToString(), what);

    private static BindingsException Refusal(Location location, string text, string what)
    {
        int line = location.GetLineSpan().StartLinePosition.Line + 1;
        return new($"line {line} of the generator's output is not understood ({what}):\n{text}");
    }
}
