namespace NativeAdamax.Engine;

/// <summary>What one call asks of the engine.</summary>
/// <param name="GradientScale">Factor of the gradients of this call.</param>
/// <param name="ChecksFinite">Look whether a gradient is infinite or NaN.</param>
/// <param name="RefusesNonFinite">Change nothing where one is. Only with the look.</param>
/// <param name="Calls">Calls whose mean gradient an update takes, with this one.</param>
/// <param name="IsUpdate">Whether this call updates; otherwise it only adds to the sum.</param>
internal readonly record struct StepRequest(
    double GradientScale, bool ChecksFinite, bool RefusesNonFinite, int Calls, bool IsUpdate);

/// <summary>What a call did.</summary>
/// <param name="IsDone">False: a gradient was refused, and nothing has changed.</param>
/// <param name="IsFinite">False: a gradient was seen to be infinite or NaN.</param>
/// <param name="Norm">Of all gradients after scaling, where it was needed; otherwise null.</param>
/// <param name="Coefficient">Of the global norm, or the smallest of the tensors'; 1 where nothing was clipped.</param>
internal readonly record struct StepOutcome(bool IsDone, bool IsFinite, double? Norm, double Coefficient)
{
    /// <summary>Of the changes, the smallest of the tensors'; 1 where none was held back.</summary>
    public double UpdateCoefficient { get; init; } = 1;
}
