namespace NativeAdamax.Bindings;

/// <summary>Something that cannot be turned into bindings, with the text that is in the way.</summary>
internal sealed class BindingsException(string message) : Exception(message);
