namespace NativeAdamax;

/// <summary>
/// A step under way that takes parameters as their gradients come: <see cref="Optimizer.StepAsTheyCome"/>. A gradient
/// must stay as it is until the step is complete.
/// </summary>
public readonly struct OpenStep : IDisposable, IEquatable<OpenStep>
{
    private readonly Optimizer _optimizer;
    private readonly long _number;

    internal OpenStep(Optimizer optimizer, long number)
    {
        _optimizer = optimizer;
        _number = number;
    }

    private bool IsOpen => _optimizer?.OpenNumber == _number;

    /// <summary>Updates a parameter, whose gradient is ready. Also from several threads. A frozen one is left alone.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="parameter"/> is null.</exception>
    /// <exception cref="ArgumentException">The parameter is not of this optimizer.</exception>
    /// <exception cref="InvalidOperationException">
    /// It has no gradient or has been updated in this step, or the step is complete.
    /// </exception>
    public void Update(Parameter parameter)
    {
        ThrowIfComplete();
        _optimizer.UpdateInOpenStep(_number, parameter);
    }

    /// <summary>
    /// Waits for all updates and ends the step: parameters that were not updated count as having no gradient. The
    /// report has no norm.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The step is complete, or no parameter was updated (Keras and tf_keras).
    /// </exception>
    public StepReport Complete()
    {
        ThrowIfComplete();
        return _optimizer.CompleteOpenStep();
    }

    /// <summary>
    /// Completes the step if that was not done: what has been updated cannot be taken back. Where no parameter was
    /// updated nothing happens, so that the error that kept one from it is not replaced by another.
    /// </summary>
    public void Dispose()
    {
        if (IsOpen)
            _optimizer.CompleteOpenStep(mayBeEmpty: true);
    }

    /// <inheritdoc/>
    public bool Equals(OpenStep other) => _optimizer == other._optimizer && _number == other._number;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is OpenStep other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_optimizer, _number);

    /// <summary>Whether both are the same step.</summary>
    public static bool operator ==(OpenStep left, OpenStep right) => left.Equals(right);

    /// <summary>Whether they are different steps.</summary>
    public static bool operator !=(OpenStep left, OpenStep right) => !left.Equals(right);

    private void ThrowIfComplete()
    {
        if (!IsOpen)
            throw new InvalidOperationException("The step is complete: begin another one.");
    }
}
