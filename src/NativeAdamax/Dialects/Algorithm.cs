namespace NativeAdamax.Dialects;

/// <summary>The recurrences. Adam and AdamW differ in the defaults and the form of their weight decay only.</summary>
internal enum Algorithm
{
    Adam,
    AdamW,
    Adamax,
    Nadam,
}
